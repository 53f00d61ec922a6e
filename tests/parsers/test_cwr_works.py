"""What a work registration becomes: claims, territories, titles, recordings, references; data invented."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from parsers.cwr.reader import read
from parsers.cwr.records import write
from schemas.cwr.layouts import layout
from schemas.declarations import (
    Affiliation,
    Claim,
    OtherName,
    PartyName,
    Performer,
    RecordingReference,
    Rejection,
    RelatedWork,
    RightShare,
    Title,
    WorkDeclaration,
)
from schemas.findings import Finding
from schemas.shares import HUNDREDTH, WHOLE

Record = tuple[str, dict[str, str]]
WRITER: Record = (
    "SWR",
    {
        "ip_number": "W1",
        "name": "WRITER",
        "writer_type": "CA",
        "pr_share": "10000",
        "mr_share": "0",
        "sr_share": "0",
    },
)
MEDLEY = {"composite_type": "MED", "component_count": "003"}
SHARED: Record = ("SWR", {**WRITER[1], "pr_share": "5000"})
UNKNOWN: Record = ("OWR", {"unknown_indicator": "Y", "writer_type": "A", "pr_share": "5000"})


def _link(chain: str, publisher: str, **more: str) -> Record:
    values = {"publisher_ip_number": publisher, "publisher_name": "PUBLISHER", "writer_ip_number": "W1"}
    return "PWR", {**values, "publisher_sequence": chain, **more}


def _territory(record: str, party: str, place: int, inclusion: str, code: str, pr: int = 0) -> Record:
    values = {"ip_number": party, "inclusion": inclusion, "territory": code, "shares_change": "N"}
    return record, {**values, "pr_share": str(pr), "territory_sequence": str(place)}


def _read(
    *records: Record, kind: str = "NWR", version: str = "2.2", **changes: str
) -> tuple[WorkDeclaration, list[str]]:
    work, codes = _outcome(*records, kind=kind, version=version, **changes)
    assert work is not None
    return work, codes


def _outcome(
    *records: Record, kind: str = "NWR", version: str = "2.2", **changes: str
) -> tuple[WorkDeclaration | None, list[str]]:
    """The work, or nothing if it is rejected, and what was found in it."""
    header = {
        "title": "FIRST SONG",
        "work_number": "S1",
        "distribution_category": "POP",
        "version_type": "ORI",
        "recorded_indicator": "U",
        **changes,
    }
    lines = [write(layout("2.1", "HDR"), {"sender_type": "PB", "sender_id": "000000199"})]
    lines.append(
        write(
            layout("2.2", "GRH"),
            {"transaction_type": kind, "group_id": "1", "version": f"0{version}0"},
        )
    )
    for place, (record, values) in enumerate([(kind, header), *records]):
        lines.append(write(layout(version, record), {"record_sequence": str(place), **values}))
    lines.append(write(layout("2.2", "GRT"), {"group_id": "1"}))
    items = list(read(io.BytesIO("\n".join(lines).encode())))
    work = next((item for item in items if isinstance(item, WorkDeclaration)), None)
    assert sum(isinstance(item, WorkDeclaration | Rejection) for item in items) == 1
    found = [item for item in items if isinstance(item, Finding) and item.record not in ("HDR", "GRT")]
    return work, [finding.code for finding in found if finding.code != "cwr.no_trailer"]


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
    work, codes = _read(
        ("SPU", publisher),
        ("SPU", {**publisher, "ip_number": "P2", "publisher_type": "SE", "pr_share": "0", "mr_share": "0"}),
        ("SWR", writer),
        _link("01", "P1", agreement_number="A2"),
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
    work, codes = _read(
        ("SPU", {**publisher, "publisher_sequence": "1"}),
        ("SPU", {**publisher, "publisher_sequence": "2"}),
        SHARED,
        _link("02", "P1"),
    )
    assert work.claims[2].chain == 2
    assert codes == ["cwr.chain_without_territory"] * 2


def test_a_link_to_nobody_rejects_the_work() -> None:
    work, codes = _outcome(WRITER, _link("01", "P8"))
    assert work is None
    assert codes == ["cwr.publisher_not_found", "cwr.transaction_rejected"]


def test_a_second_link_is_kept() -> None:
    publisher = {"publisher_type": "E", "name": "PUBLISHER", "pr_share": "2500"}
    chains: list[Record] = [
        ("SPU", {**publisher, "ip_number": f"P{chain}", "publisher_sequence": chain}) for chain in "12"
    ]
    work, codes = _read(*chains, SHARED, _link("01", "P1"), _link("02", "P2"))
    assert codes == ["cwr.chain_without_territory"] * 2
    assert work.claims[2].chain == 1
    assert [key for key, value in work.details if value.startswith("P2")] == ["PWR"]


def test_territories_with_equal_shares_are_one_collection_share() -> None:
    work, codes = _read(
        WRITER,
        _territory("SWT", "W1", 1, "I", "0056", 5000),
        _territory("SWT", "W1", 2, "I", "0442", 5000),
        _territory("SWT", "W1", 3, "I", "2136", 2500),
        _territory("SWT", "W1", 4, "E", "0398"),
        _territory("SWT", "W1", 5, "I", "0398", 10000),
    )
    assert codes == []
    found = [(item.territories, item.shares[0].share // HUNDREDTH) for item in work.claims[0].collection]
    assert found == [(("56", "442", "-398"), 5000), (("2136", "-398"), 2500), (("398",), 10000)]
    assert work.claims[0].collection[2].position == "line:9"


def test_an_exclusion_leaves_the_group_that_includes_exactly_it() -> None:
    work, _ = _read(
        WRITER,
        _territory("SWT", "W1", 1, "I", "0398", 10000),
        _territory("SWT", "W1", 2, "I", "2136", 5000),
        _territory("SWT", "W1", 3, "E", "0398"),
    )
    assert [item.territories for item in work.claims[0].collection] == [("398",), ("2136", "-398")]


def test_an_exclusion_of_nothing_is_remarked_on() -> None:
    work, codes = _read(WRITER, _territory("SWT", "W1", 1, "E", "0398"))
    assert codes == ["cwr.exclusion_without_inclusion"]
    assert work.claims[0].collection == ()


def test_a_territory_out_of_number_is_left_out() -> None:
    work, codes = _read(
        WRITER,
        _territory("SWT", "W1", 1, "I", "0056", 5000),
        _territory("SWT", "W1", 3, "I", "0442", 2500),
        _territory("SWT", "W1", 4, "I", "0398", 5000),
    )
    assert codes == ["cwr.territory_number"]
    assert [item.territories for item in work.claims[0].collection] == [("56", "398")]
    assert [key for key, _ in work.details if key == "SWT"] == ["SWT"]


def test_collection_of_others_is_read_in_2_2() -> None:
    publisher = {"publisher_sequence": "1", "ip_number": "P1", "name": "OTHER", "publisher_type": "E"}
    work, codes = _read(
        ("OPU", publisher),
        _territory("OPT", "P1", 1, "I", "2136", 5000),
        ("OWR", {"name": "OTHER WRITER", "pr_share": "10000"}),
        _territory("OWT", "", 1, "I", "0840", 5000),
    )
    assert codes == []
    assert [claim.collection[0].territories for claim in work.claims] == [("2136",), ("840",)]


SHARE = st.integers(0, 10_000)


@given(st.lists(SHARE, min_size=1, max_size=6))
def test_shares_that_do_not_add_up_reject_the_work(shares: list[int]) -> None:
    writers: list[Record] = [("OWR", {"name": "W", "pr_share": str(share)}) for share in shares]
    work, codes = _outcome(*writers)
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
    work, codes = _outcome(*publishers, ("OWR", {"name": "W", "pr_share": "4000"}))
    assert work is None
    assert codes == ["cwr.publisher_share_total", "cwr.writers_share_total"]


def test_a_publisher_above_one_half_of_performing_rejects_the_work() -> None:
    publisher = {"publisher_sequence": "1", "ip_number": "P1", "name": "P", "publisher_type": "E"}
    work, codes = _outcome(
        ("SPU", {**publisher, "pr_share": "6000"}), ("OWR", {"name": "W", "pr_share": "4000"})
    )
    assert work is None
    assert codes == ["cwr.publisher_share_large", "cwr.transaction_rejected"]


def test_a_work_without_writers_is_rejected() -> None:
    assert _outcome() == (None, ["cwr.no_writer"])


def test_a_work_in_conflict_may_come_from_elsewhere_and_is_not_judged() -> None:
    publisher = {"publisher_sequence": "3", "ip_number": "P1", "name": "P", "publisher_type": "AM"}
    work, codes = _read(("SPU", {**publisher, "pr_share": "6000"}), SHARED, kind="EXC")
    assert codes == []
    assert len(work.claims) == 2


def test_titles_performers_recordings_and_references() -> None:
    work, codes = _read(
        WRITER,
        ("ALT", {"title": "SECOND NAME", "title_type": "AT", "language": "KK"}),
        ("ALT", {"title": "THIRD NAME", "title_type": "??"}),
        ("NAT", {"title": "БІРІНШІ ӘН", "title_type": "OT", "language": "KK"}),
        ("PER", {"name": "BAND", "first_name": "THE"}),
        (
            "REC",
            {
                "release_date": "20250301",
                "duration": "000330",
                "isrc": "KZA012500001",
                "album_title": "ALBUM",
                "title": "FIRST SONG",
                "version_title": "LIVE",
                "display_artist": "THE BAND",
                "record_label": "LABEL",
                "isrc_validity": "Y",
            },
        ),
        ("ORN", {"intended_purpose": "LIB", "cd_identifier": "CD7", "library": "SOUNDS"}),
        ("XRF", {"organisation": "177", "identifier": "KZ1", "identifier_type": "W", "validity": "Y"}),
        ("XRF", {"organisation": "288", "identifier": "KZ2", "identifier_type": "W", "validity": "N"}),
    )
    assert sorted(codes) == ["cwr.lookup", "file.encoding"]
    assert work.titles == (
        Title("SECOND NAME", "AT", "KK"),
        Title("THIRD NAME", "AT"),
        Title("БІРІНШІ ӘН", "OT", "KK"),
    )
    assert work.performers == (Performer(PartyName("BAND", "THE")),)
    assert work.recordings == (
        RecordingReference("KZA012500001", "FIRST SONG", "LIVE", "THE BAND", 210, "LABEL", "2025-03-01"),
    )
    assert work.other_refs == (("177", "KZ1"),)
    details = dict(work.details)
    assert details["REC.album_title"] == "ALBUM"
    assert (details["ORN.cd_identifier"], details["ORN.library"]) == ("CD7", "SOUNDS")
    assert details["XRF"].startswith("288KZ2")


def test_header_fields_and_originals_are_kept_as_details() -> None:
    work, codes = _read(
        WRITER,
        ("NWN", {"ip_number": "W1", "name": "ЖАЗУШЫ", "first_name": "АННА", "language": "KK"}),
        ("VER", {"title": "THE ORIGINAL", "writer_1_name": "ANCESTOR"}),
        ("INS", {"number_of_voices": "4", "instrumentation": "SQU"}),
        language="RU",
        duration="000259",
        iswc="T0345246801",
        contact_name="MS CLERK",
        copyright_date="20240229",
        priority="Y",
    )
    assert "cwr.lookup" not in codes
    assert (work.language, work.duration, work.iswc) == ("RU", 179, "T0345246801")
    details = dict(work.details)
    assert "transaction" not in details
    assert details["distribution_category"] == "POP"
    assert details["contact_name"] == "MS CLERK"
    assert details["copyright_date"] == "20240229"
    assert work.claims[0].party.other_names == (OtherName("ЖАЗУШЫ", "АННА", "KK"),)
    assert work.related == (RelatedWork("version-of", "THE ORIGINAL", writers=(PartyName("ANCESTOR"),)),)
    assert details["INS"] == "004SQU"


def test_components_and_wholes_with_their_other_titles_and_names() -> None:
    work, codes = _read(
        WRITER,
        ("EWT", {"title": "THE WHOLE", "iswc": "T0345246801", "source": "OPERA", "language": "KK"}),
        ("NET", {"title": "БҮТІН", "language": "KK"}),
        ("COM", {"title": "FIRST", "writer_1_name": "ANNA", "work_number": "C1", "duration": "000130"}),
        ("NCT", {"title": "БІРІНШІ"}),
        ("NOW", {"name": "АННА", "writer_position": "1", "language": "KK"}),
        ("COM", {"title": "SECOND", "writer_1_name": "ANNA", "writer_2_name": "BEK"}),
        ("NOW", {"name": "БЕК", "writer_position": "2"}),
        ("COM", {"title": "THIRD", "writer_1_name": "ANNA"}),
        ("NOW", {"name": "БЕК", "writer_position": "2"}),
        **MEDLEY,
    )
    assert codes == ["file.encoding"]
    whole, first, second, third = work.related
    assert (whole.relation, whole.iswc, whole.source, whole.language) == (
        "excerpt-of",
        "T0345246801",
        "OPERA",
        "KK",
    )
    assert whole.titles == (Title("БҮТІН", "OT", "KK"),)
    assert (first.relation, first.ref, first.duration) == ("component", "C1", 90)
    assert first.titles == (Title("БІРІНШІ", "OT", ""),)
    assert first.writers == (PartyName("ANNA", other_names=(OtherName("АННА", "", "KK"),)),)
    assert [party.other_names for party in second.writers] == [(), (OtherName("БЕК"),)]
    assert third.writers == (PartyName("ANNA"),)
    assert [key for key, _ in work.details if key == "NOW"] == ["NOW"]


def test_the_title_of_a_component_that_is_left_out_is_not_given_to_another() -> None:
    work, codes = _read(
        WRITER,
        ("COM", {"title": "FIRST", "writer_1_name": "ANNA"}),
        ("COM", {"title": "SECOND"}),
        ("NCT", {"title": "ЕКІНШІ"}),
        **MEDLEY,
    )
    assert "cwr.record_left_out" in codes
    assert "cwr.out_of_place" in codes
    assert [(item.title, item.titles) for item in work.related] == [("FIRST", ())]
    assert [key for key, _ in work.details if key in ("COM", "NCT")] == ["COM", "NCT"]


def test_performers_in_other_alphabets() -> None:
    work, codes = _read(
        WRITER,
        ("PER", {"name": "ANNA", "ipi_name": "90000000109"}),
        ("PER", {"name": "ZHAZ", "first_name": "BEK"}),
        ("NPR", {"name": "АННА", "ipi_name": "90000000109", "language": "RU", "performance_language": "KK"}),
        ("NPR", {"name": "ЖАЗ", "first_name": "БЕК"}),
        ("NPR", {"name": "БӨТЕН"}),
    )
    assert codes == ["file.encoding"]
    anna = PartyName("ANNA", ipi_name="90000000109", other_names=(OtherName("АННА", "", "RU"),))
    assert work.performers == (
        Performer(anna, language="KK"),
        Performer(PartyName("ZHAZ", "BEK", other_names=(OtherName("ЖАЗ", "БЕК"),))),
        Performer(PartyName("", other_names=(OtherName("БӨТЕН"),))),
    )


def test_notifications_say_which_transaction_they_were() -> None:
    work, _ = _read(WRITER, kind="ISW")
    assert work.details[0] == ("transaction", "ISW")
    conflict, codes = _read(WRITER, kind="EXC", distribution_category="", version_type="")
    assert conflict.details[0] == ("transaction", "EXC")
    assert codes == []


def test_the_unmodelled_fields_of_parties_are_kept() -> None:
    writer = {**WRITER[1], "tax_id": "123456789", "first_recording_refusal": "N", "work_for_hire": "Y"}
    work, codes = _read(("SWR", writer))
    assert codes == []
    kept = {key: value for key, value in work.details if key.startswith("SWR")}
    assert kept == {"SWR.tax_id:W1": "123456789", "SWR.work_for_hire:W1": "Y"}


def test_the_position_is_no_content() -> None:
    first, _ = _read(WRITER)
    second, _ = _read(WRITER, version="2.1")
    assert first == second
