"""The walk along mandates: precedence per hop, withdrawals, agreements, overlaps, cycles, statute."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from hub.answers.mandates import Mandate, Matter, Notice
from hub.answers.walk import Outcome, walk

DAY = dt.date(2026, 3, 15)
MATTER = Matter("PR", "radio", "KZ", DAY, frozenset({"iswc:T9123456780"}))
PARTY = frozenset({"90000000109"})


@dataclass
class Book:
    """A register held in memory: the same protocol as the database's."""

    mandates: list[Mandate] = field(default_factory=list)

    def of_party(self, keys: frozenset[str], _right: str) -> Sequence[Mandate]:
        return [item for item in self.mandates if item.grantor_type == "party" and item.grantor in keys]

    def of_society(self, code: str) -> Sequence[Mandate]:
        return [item for item in self.mandates if item.grantor_type == "society" and item.grantor == code]

    def by_statute(self) -> Sequence[Mandate]:
        return [item for item in self.mandates if item.grantor_type == "any"]


def membership(holder: str, basis: str = "declaration", **terms: object) -> Mandate:
    return Mandate(f"m-{holder}-{basis}", "party", "90000000109", "WRITER", holder, basis, **terms)  # type: ignore[arg-type]


def agreement(grantor: str, holder: str, **terms: object) -> Mandate:
    return Mandate(f"r-{grantor}-{holder}", "society", grantor, grantor, holder, "agreement", **terms)  # type: ignore[arg-type]


def statute(holder: str) -> Mandate:
    return Mandate(f"s-{holder}", "any", "*", "", holder, "statute")


def assertion(holder: str) -> Mandate:
    return Mandate(f"registration-{holder}", "party", "90000000109", "WRITER", holder, "assertion")


def go(*mandates: Mandate, asserted: Sequence[Mandate] = (), matter: Matter = MATTER) -> Outcome:
    return walk(Book(list(mandates)), PARTY, asserted, matter)


def payees(outcome: Outcome) -> set[str]:
    return {ending.holder for ending in outcome.endings}


def test_a_member_is_paid_through_its_society() -> None:
    outcome = go(membership("177"))
    assert (outcome.status, payees(outcome), len(outcome.chain)) == ("payable", {"177"}, 1)


def test_a_representation_agreement_adds_a_hop() -> None:
    outcome = go(membership("052"), agreement("052", "177"))
    assert (outcome.status, payees(outcome), len(outcome.chain)) == ("payable", {"177"}, 2)


def test_two_declarations_are_a_dispute_with_both_chains() -> None:
    outcome = go(membership("177"), membership("901"))
    assert (outcome.status, payees(outcome)) == ("disputed", {"177", "901"})
    assert outcome.reasons == ("mandate_overlap",)


def test_an_overlap_at_a_later_hop_is_a_dispute_too() -> None:
    outcome = go(membership("052"), agreement("052", "177"), agreement("052", "901"))
    assert (outcome.status, payees(outcome)) == ("disputed", {"177", "901"})
    assert [step.holder for step in outcome.chain] == ["052"]


def test_a_weaker_basis_is_passed_over_and_shown() -> None:
    outcome = go(membership("177"), membership("901", "assertion"))
    assert payees(outcome) == {"177"}
    assert [(item.mandate.holder, item.reason) for item in outcome.rejected] == [("901", "weaker_basis")]


def test_bases_are_not_compared_across_the_chain() -> None:
    outcome = go(membership("052"), agreement("052", "177"), membership("901", "assertion"))
    assert (outcome.status, payees(outcome)) == ("payable", {"177"})


def test_a_named_work_beats_the_whole_repertoire() -> None:
    outcome = go(membership("177"), membership("901", works=("iswc:T9123456780",)))
    assert payees(outcome) == {"901"}
    assert [item.reason for item in outcome.rejected] == ["less_specific"]


def test_a_mandate_for_other_works_does_not_count() -> None:
    outcome = go(membership("901", works=("iswc:T0345246801",)))
    assert (outcome.status, outcome.reasons) == ("unrepresented", ("mandate_does_not_cover",))


@pytest.mark.parametrize(
    ("notice", "status"),
    [
        (Notice(DAY), "unrepresented"),
        (Notice(DAY + dt.timedelta(days=1)), "payable"),
        (Notice(DAY, rights=("MR",)), "payable"),
        (Notice(DAY, rights=("PR",)), "unrepresented"),
        (Notice(DAY, uses=("download",)), "payable"),
        (Notice(DAY, uses=("broadcast",)), "unrepresented"),
        (Notice(DAY, territories=("GB",)), "payable"),
        (Notice(DAY, territories=("2136", "-GB")), "unrepresented"),
        (Notice(DAY, works=("iswc:T0345246801",)), "payable"),
        (Notice(DAY, works=("iswc:T9123456780",)), "unrepresented"),
    ],
)
def test_a_withdrawal_takes_what_it_names_from_its_day_on(notice: Notice, status: str) -> None:
    assert go(membership("177", notices=(notice,))).status == status


def test_a_withdrawn_mandate_says_so() -> None:
    assert go(membership("177", notices=(Notice(DAY),))).reasons == ("mandate_withdrawn",)


def test_a_registrations_word_counts_only_without_any_registered_mandate() -> None:
    assert payees(go(asserted=[assertion("177")])) == {"177"}
    withdrawn = membership("177", notices=(Notice(DAY),))
    assert go(withdrawn, asserted=[assertion("177")]).status == "unrepresented"
    expired = membership("052", valid_to=dt.date(2020, 1, 1))
    assert go(expired, asserted=[assertion("177")]).reasons == ("mandate_expired",)


def test_a_mandate_for_another_right_does_not_silence_a_registration() -> None:
    assert payees(go(membership("044", rights=("MR",)), asserted=[assertion("177")])) == {"177"}


def test_a_statute_reaches_only_parties_without_a_mandate() -> None:
    assert payees(go(statute("901"))) == {"901"}
    assert payees(go(statute("901"), membership("177"))) == {"177"}
    withdrawn = membership("177", notices=(Notice(DAY),))
    assert go(statute("901"), withdrawn).status == "unrepresented"


def test_a_statute_is_no_later_hop() -> None:
    assert payees(go(membership("052"), statute("901"))) == {"052"}


def test_a_circle_of_agreements_stops() -> None:
    outcome = go(membership("052"), agreement("052", "177"), agreement("177", "052"))
    assert (outcome.status, outcome.reasons) == ("disputed", ("mandate_cycle",))
    assert payees(outcome) == {"052", "177"}


def test_several_mandates_to_one_holder_are_no_dispute() -> None:
    older = membership("177", valid_from=dt.date(2001, 1, 1))
    newer = Mandate(
        "m-new", "party", "90000000109", "WRITER", "177", "declaration", valid_from=dt.date(2020, 1, 1)
    )
    outcome = go(older, newer)
    assert outcome.status == "payable"
    assert outcome.chain[0].name == "m-new"


def test_a_party_without_anything_is_unrepresented() -> None:
    assert go().reasons == ("no_mandate",)


def test_the_first_day_counts_and_the_last_does_not() -> None:
    assert go(membership("177", valid_from=DAY)).status == "payable"
    assert go(membership("177", valid_to=DAY)).status == "unrepresented"
    assert go(membership("177", valid_from=DAY + dt.timedelta(days=1))).reasons == ("mandate_not_yet_valid",)
