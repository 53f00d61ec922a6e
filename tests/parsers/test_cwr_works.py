"""What a work registration becomes: claims, territories, titles, recordings, references; data invented."""

from __future__ import annotations

from cwr_registrations import SHARED, WRITER, Record, link, outcome_of, read_work, territory
from hypothesis import given
from hypothesis import strategies as st

from schemas.declarations import (
    Affiliation,
    Claim,
    PartyName,
    RightShare,
)
from schemas.shares import HUNDREDTH, WHOLE


def _shares(pr: int, mr: int = 0, sr: int = 0) -> tuple[RightShare, ...]:
    named = zip(("PR", "MR", "SR"), (pr, mr, sr), strict=True)
    return tuple(RightShare(right, share * HUNDREDTH) for right, share in named)


def test_parties_with_their_shares_societies_and_chains() -> None:
    publisher = {
        "publisher_sequence": "1",
        "ip_number": "P1",
        "name": "ORIGINAL PUBLISHER",
        "publisher_type": "E",
        "ipi_name": "199",
        "agreement_number": "A1",
        "pr_society": "177",
        "pr_share": "2500",
        "mr_share": "10000",
        "mr_society": "000",
    }
    writer = {
        "ip_number": "W1",
        "name": "WRITER",
        "first_name": "ANNA",
        "writer_type": "CA",
        "pr_society": "288",
        "pr_share": "5000",
    }
    other = {"unknown_indicator": "Y", "pr_share": "2500", "writer_type": "A"}
    work, codes = read_work(
        ("SPU", publisher),
        ("SPU", {**publisher, "ip_number": "P2", "publisher_type": "SE", "pr_share": "0", "mr_share": "0"}),
        ("SWR", writer),
        link("01", "P1", publisher_name="ORIGINAL PUBLISHER", agreement_number="A2"),
        ("OWR", other),
    )
    assert codes == ["cwr.chain_without_territory"]
    original, sub, own, unknown = work.claims
    assert original == Claim(
        party=PartyName("ORIGINAL PUBLISHER", ipi_name="00000000199"),
        role="E",
        ownership=_shares(2500, 10000),
        affiliations=(Affiliation("PR", "177"),),
        controlled=True,
        chain=1,
        agreement="A1",
        own_ref="P1",
    )
    assert (sub.role, sub.chain, sub.own_ref) == ("SE", 1, "P2")
    assert own == Claim(
        party=PartyName("WRITER", "ANNA"),
        role="CA",
        ownership=_shares(5000),
        affiliations=(Affiliation("PR", "288"),),
        controlled=True,
        chain=1,
        agreement="A2",
        own_ref="W1",
    )
    assert (unknown.party, unknown.controlled, unknown.chain) == (PartyName(""), False, 0)
    assert [claim.position for claim in work.claims] == ["line:4", "line:5", "line:6", "line:8"]


def test_the_publisher_sequence_of_2_2_decides_between_chains_of_one_publisher() -> None:
    publisher = {"ip_number": "P1", "name": "PUBLISHER", "publisher_type": "E", "pr_share": "2500"}
    work, codes = read_work(
        ("SPU", {**publisher, "publisher_sequence": "1"}),
        ("SPU", {**publisher, "publisher_sequence": "2"}),
        SHARED,
        link("02", "P1"),
    )
    assert work.claims[2].chain == 2
    assert codes == ["cwr.chain_without_territory"] * 2


def test_a_link_to_nobody_rejects_the_work() -> None:
    work, codes = outcome_of(WRITER, link("01", "P8"))
    assert work is None
    assert codes == ["cwr.publisher_not_found", "cwr.transaction_rejected"]


def test_a_second_link_is_kept() -> None:
    publisher = {"publisher_type": "E", "name": "PUBLISHER", "pr_share": "2500"}
    chains: list[Record] = [
        ("SPU", {**publisher, "ip_number": f"P{chain}", "publisher_sequence": chain}) for chain in "12"
    ]
    work, codes = read_work(*chains, SHARED, link("01", "P1"), link("02", "P2"))
    assert codes == ["cwr.chain_without_territory"] * 2
    assert work.claims[2].chain == 1
    assert [key for key, value in work.details if value.startswith("P2")] == ["PWR"]


def test_territories_with_equal_shares_are_one_collection_share() -> None:
    work, codes = read_work(
        WRITER,
        territory("SWT", "W1", 1, "I", "0056", 5000),
        territory("SWT", "W1", 2, "I", "0442", 5000),
        territory("SWT", "W1", 3, "I", "2136", 2500),
        territory("SWT", "W1", 4, "E", "0398"),
        territory("SWT", "W1", 5, "I", "0398", 10000),
    )
    assert codes == []
    found = [(item.territories, item.shares[0].share // HUNDREDTH) for item in work.claims[0].collection]
    assert found == [(("56", "442", "-398"), 5000), (("2136", "-398"), 2500), (("398",), 10000)]
    assert work.claims[0].collection[2].position == "line:9"


def test_an_exclusion_leaves_the_group_that_includes_exactly_it() -> None:
    work, _ = read_work(
        WRITER,
        territory("SWT", "W1", 1, "I", "0398", 10000),
        territory("SWT", "W1", 2, "I", "2136", 5000),
        territory("SWT", "W1", 3, "E", "0398"),
    )
    assert [item.territories for item in work.claims[0].collection] == [("398",), ("2136", "-398")]


def test_an_exclusion_of_nothing_is_remarked_on() -> None:
    work, codes = read_work(WRITER, territory("SWT", "W1", 1, "E", "0398"))
    assert codes == ["cwr.exclusion_without_inclusion"]
    assert work.claims[0].collection == ()


def test_a_territory_out_of_number_is_left_out() -> None:
    work, codes = read_work(
        WRITER,
        territory("SWT", "W1", 1, "I", "0056", 5000),
        territory("SWT", "W1", 3, "I", "0442", 2500),
        territory("SWT", "W1", 4, "I", "0398", 5000),
    )
    assert codes == ["cwr.territory_number"]
    assert [item.territories for item in work.claims[0].collection] == [("56", "398")]
    assert [key for key, _ in work.details if key == "SWT"] == ["SWT"]


def test_collection_of_others_is_read_in_2_2() -> None:
    publisher = {"publisher_sequence": "1", "ip_number": "P1", "name": "OTHER", "publisher_type": "E"}
    work, codes = read_work(
        ("OPU", publisher),
        territory("OPT", "P1", 1, "I", "2136", 5000),
        ("OWR", {"name": "OTHER WRITER", "pr_share": "10000"}),
        territory("OWT", "", 1, "I", "0840", 5000),
    )
    assert codes == []
    assert [claim.collection[0].territories for claim in work.claims] == [("2136",), ("840",)]


SHARE = st.integers(0, 10_000)


@given(st.lists(SHARE, min_size=1, max_size=6))
def test_shares_that_do_not_add_up_reject_the_work(shares: list[int]) -> None:
    writers: list[Record] = [("OWR", {"name": "W", "pr_share": str(share)}) for share in shares]
    work, codes = outcome_of(*writers)
    total = sum(shares)
    wrong = total > 6 and abs(total - 10_000) > 6
    assert ("cwr.share_total" in codes) == (work is None) == wrong
    if work is not None:
        assert sum(claim.ownership[0].share for claim in work.claims) == total * WHOLE // 10_000


def test_publishers_above_one_half_of_performing_reject_the_work() -> None:
    publishers: list[Record] = [
        ("OPU", {"publisher_sequence": chain, "name": "P", "publisher_type": "E", "pr_share": "3000"})
        for chain in "12"
    ]
    work, codes = outcome_of(*publishers, ("OWR", {"name": "W", "pr_share": "4000"}))
    assert work is None
    assert codes == ["cwr.publisher_share_total", "cwr.writers_share_total"]


def test_a_publisher_above_one_half_of_performing_rejects_the_work() -> None:
    publisher = {"publisher_sequence": "1", "ip_number": "P1", "name": "P", "publisher_type": "E"}
    work, codes = outcome_of(
        ("SPU", {**publisher, "pr_share": "6000"}), ("OWR", {"name": "W", "pr_share": "4000"})
    )
    assert work is None
    assert codes == ["cwr.publisher_share_large", "cwr.transaction_rejected"]


def test_a_work_without_writers_is_rejected() -> None:
    assert outcome_of() == (None, ["cwr.no_writer"])


def test_a_work_in_conflict_may_come_from_elsewhere_and_is_not_judged() -> None:
    publisher = {"publisher_sequence": "3", "ip_number": "P1", "name": "P", "publisher_type": "AM"}
    work, codes = read_work(("SPU", {**publisher, "pr_share": "6000"}), SHARED, kind="EXC")
    assert codes == []
    assert len(work.claims) == 2
