"""Every rule about writing CWR has a statement that breaks it and one that does not; all data invented."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from parsers.cwr.writing import RecordWriter
from parsers.cwr.writing_agreements import write_agreement
from parsers.cwr.writing_works import write_work
from schemas.declarations import (
    Affiliation,
    AgreementDeclaration,
    AgreementParty,
    AgreementTerms,
    Claim,
    CollectionShare,
    PartyName,
    RecordingReference,
    RightShare,
    Title,
    WorkDeclaration,
)
from schemas.findings import rules
from schemas.shares import parse_percent


def shares(percent: str) -> tuple[RightShare, ...]:
    return tuple(RightShare(right, parse_percent(percent)) for right in ("PR", "MR", "SR"))


WRITER = Claim(PartyName("SALIMOV", "ERNAR"), "CA", shares("100"))
SONG = WorkDeclaration("K1", "SONG", claims=(WRITER,))
PARTY = AgreementParty(PartyName("ONE"), shares("50"), (Affiliation("*", "177"),), "P1")
AGREED = AgreementDeclaration(
    ref="A1",
    agreement_type="OG",
    starts="2020-01-01",
    prior_royalty="N",
    post_term="N",
    works=1,
    terms=(AgreementTerms(("2136",), (PARTY,), (replace(PARTY, own_ref="P2"),)),),
)


def of_work(work: WorkDeclaration, version: str = "2.2", *, source: str = "") -> set[str]:
    return {item.code for item in write_work(work, RecordWriter(version), source_version=source).findings}


def of_agreement(agreement: AgreementDeclaration) -> set[str]:
    return {item.code for item in write_agreement(agreement, RecordWriter("2.2")).findings}


def singing(name: str) -> WorkDeclaration:
    return replace(SONG, claims=(replace(WRITER, party=PartyName(name)),))


def collecting(*territories: str, **more: str) -> WorkDeclaration:
    share = CollectionShare(territories, shares("100"), **more)  # type: ignore[arg-type]
    return replace(SONG, claims=(replace(WRITER, controlled=True, own_ref="W1", collection=(share,)),))


def recorded(count: int) -> WorkDeclaration:
    recordings = tuple(RecordingReference("", f"TAKE {number}") for number in range(count))
    return replace(SONG, recordings=recordings, details=(("REC.album_title", "ALBUM"),))


CASES: Mapping[str, tuple[Callable[[], set[str]], Callable[[], set[str]]]] = {
    "cwr.write_cut": (lambda: of_work(singing("N" * 46)), lambda: of_work(singing("N" * 45))),
    "cwr.write_too_long": (
        lambda: of_work(replace(SONG, claims=(replace(WRITER, own_ref="W" * 10),))),
        lambda: of_work(replace(SONG, claims=(replace(WRITER, own_ref="W" * 9),))),
    ),
    "cwr.write_folded": (lambda: of_work(singing("САЛИМОВ")), lambda: of_work(singing("SALIMOV"))),
    "cwr.write_no_place": (
        lambda: of_work(collecting("2136", valid_to="2027-01-01")),
        lambda: of_work(collecting("2136")),
    ),
    "cwr.write_unclear": (
        lambda: of_work(recorded(2), source="2.2"),
        lambda: of_work(recorded(1), source="2.2"),
    ),
    "cwr.write_share_rounded": (
        lambda: of_work(replace(SONG, claims=(replace(WRITER, ownership=shares("99.999999")),))),
        lambda: of_work(replace(SONG, claims=(replace(WRITER, ownership=shares("99.99")),))),
    ),
    "cwr.write_record_left_out": (
        lambda: of_work(replace(SONG, titles=(Title("", "AT"),))),
        lambda: of_work(replace(SONG, titles=(Title("OTHER", "AT"),))),
    ),
    "cwr.write_work_left_out": (lambda: of_work(replace(SONG, claims=())), lambda: of_work(SONG)),
    "cwr.write_agreement_left_out": (
        lambda: of_agreement(replace(AGREED, works=0)),
        lambda: of_agreement(AGREED),
    ),
}


def test_no_rule_about_writing_is_without_its_cases() -> None:
    assert CASES.keys() == {code for code in rules() if code.startswith("cwr.write_")}


@pytest.mark.parametrize("code", CASES)
def test_a_rule_is_broken_by_one_statement_and_kept_by_another(code: str) -> None:
    wrong, right = (made() for made in CASES[code])
    assert code in wrong
    assert code not in right
