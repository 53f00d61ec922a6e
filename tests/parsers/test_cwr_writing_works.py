"""A registration that is read and written and read again is the same registration; all data invented."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
from cwr_good_files import WORK, good, placed
from cwr_rule_cases import NOTHING
from cwr_transactions import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.cwr.reader import read
from parsers.cwr.writing import RecordWriter
from parsers.cwr.writing_transmission import Sender, TransmissionWriter
from parsers.cwr.writing_works import WrittenWork, write_work
from schemas import territories
from schemas.declarations import (
    Affiliation,
    Claim,
    CollectionShare,
    OtherName,
    PartyName,
    Performer,
    RecordingReference,
    Rejection,
    RightShare,
    Title,
    WorkDeclaration,
)
from schemas.findings import Finding
from schemas.shares import parse_percent

FEEDS = Path(__file__).resolve().parents[2] / "hub" / "demo" / "feeds"
VERSIONS = ("2.0", "2.1", "2.2", "3.0", "3.1")
SENDER = Sender("SO", "177", "KAZAK", "2026-01-31T10:20:30")


def file_of(writer: RecordWriter, written: list[WrittenWork]) -> bytes:
    out = io.BytesIO()
    transmission = TransmissionWriter(out, writer, SENDER)
    for item in written:
        if item.lines:
            transmission.transaction(item.kind, item.lines)
    transmission.close("NWR")
    return out.getvalue()


def works_in(data: bytes) -> list[WorkDeclaration]:
    return [item for item in read(io.BytesIO(data)) if isinstance(item, WorkDeclaration)]


def faults_in(data: bytes) -> list[Finding | Rejection]:
    return [item for item in read(io.BytesIO(data)) if isinstance(item, Finding | Rejection)]


def rewritten(data: bytes, version: str, source: str) -> tuple[list[WorkDeclaration], list[Finding], bytes]:
    """The works of a file, written again: as read back, with the remarks of the writer, and the bytes."""
    writer = RecordWriter(version)
    written = [write_work(work, writer, source_version=source, by_society=True) for work in works_in(data)]
    again = file_of(writer, written)
    return works_in(again), [item for work in written for item in work.findings], again


@pytest.mark.parametrize(
    ("feed", "version"), [("02-kazak.V21", "2.1"), ("02-kazak.V21", "2.2"), ("03-altyn-dala.v22", "2.2")]
)
def test_the_demo_feeds_are_the_same_after_writing(feed: str, version: str) -> None:
    data = FEEDS.joinpath(feed).read_bytes()
    again, findings, _ = rewritten(data, version, "2.1" if feed.endswith("21") else "2.2")
    assert len(again) > 4
    assert again == works_in(data)
    assert {item.code for item in findings} <= {"cwr.lookup"}


@pytest.mark.parametrize(
    ("name", "version"),
    [("nwrexample2.V21", "2.1"), ("demo_cwr_cleaned.v22", "2.2"), ("CW220002DMP_0000_V3-0-0.SUB", "3.0")],
)
def test_real_files_are_the_same_after_writing(shared_folder: Path, name: str, version: str) -> None:
    data = (shared_folder / "samples" / "cwr" / name).read_bytes()
    again, findings, written = rewritten(data, version, version)
    assert again
    assert again == works_in(data)
    assert {item.code for item in findings if item.code.startswith("cwr.write")} == set()
    assert {item.severity for item in faults_in(written) if isinstance(item, Finding)} <= {"warning"}


def test_an_older_version_says_what_it_has_no_place_for() -> None:
    data = FEEDS.joinpath("03-altyn-dala.v22").read_bytes()
    again, findings, _ = rewritten(data, "2.1", "2.2")
    lost = {(item.record, item.field) for item in findings if item.code == "cwr.write_no_place"}
    assert lost == {("XRF", "XRF"), ("REC", "title"), ("REC", "display_artist")}
    assert [work.claims for work in again] == [work.claims for work in works_in(data)]


def shared_work() -> bytes:
    """A work whose publisher does not control what it collects in one country."""
    spt, opt = WORK[2], ("OPT", {**WORK[2][1], "territory": "0398", "territory_sequence": "3"})
    but = ("SPT", {**spt[1], "inclusion": "E", "territory": "0398", "territory_sequence": "2", **NOTHING})
    return good(placed(WORK, "SPT", but, opt))


def test_collection_that_a_publisher_does_not_control_stays_so() -> None:
    data = shared_work()
    again, findings, written = rewritten(data, "2.2", "2.2")
    assert again == works_in(data)
    assert ("OPT.not_controlled:P1", "I 398 5000 5000 0") in again[0].details
    assert findings == []
    kinds = [line[:3] for line in written.splitlines()]
    assert [kind for kind in kinds if kind.endswith(b"PT")] == [b"SPT", b"SPT", b"OPT"]


def test_an_older_version_says_that_it_cannot_tell_who_controls_collection() -> None:
    again, findings, written = rewritten(shared_work(), "2.1", "2.2")
    assert [(item.code, item.record, item.field, item.value) for item in findings] == [
        ("cwr.write_no_place", "OPT", "not_controlled", "I 398 5000 5000 0")
    ]
    assert b"OPT" not in written
    assert [work.claims for work in again] == [work.claims for work in works_in(shared_work())]


# Transactions built from the record tables. ------------------------------------------------------------

ACCEPTED = {
    "cwr.chain_without_territory",
    "cwr.instruments_described",
    "cwr.production_identifier",
    "cwr.title_repeated",
    "file.encoding",
}


@pytest.mark.parametrize("version", VERSIONS)
@settings(deadline=None, max_examples=100)
@given(seed=st.integers(0, 1 << 40))
def test_any_transaction_of_the_tables_survives_reading_and_writing(version: str, seed: int) -> None:
    writer = RecordWriter(version)
    records = transaction(seed, version)
    lines = [writer.write(record) for record in records]
    assert {line.rule for line in lines} == {""}
    original = file_of(writer, [WrittenWork(records[0].kind, tuple(line.line for line in lines), ())])
    again, findings, _ = rewritten(original, version, version)
    assert len(again) == 1
    assert again == works_in(original)
    assert [item for item in findings if item.code.startswith("cwr.write")] == []
    # Nobody need collect, but what is stated must be what the standard accepts.
    assert {item.code for item in faults_in(original) if isinstance(item, Finding)} <= ACCEPTED


# Works that never were CWR. ---------------------------------------------------------------------------


def shares(percent: str) -> tuple[RightShare, ...]:
    return tuple(RightShare(right, parse_percent(percent)) for right in ("PR", "MR", "SR"))


CSV_WORK = WorkDeclaration(
    ref="K1",
    title="Жазғы кеш",
    titles=(Title("Summer evening", "TT"), Title("Un soir d'été", "AT", "FR")),
    iswc="T-930.000.001-5",
    language="KK",
    duration=210,
    claims=(
        Claim(
            PartyName("Сәлімов", "Ернар", ipi_name="90000000109"),
            "CA",
            collection=(CollectionShare((), shares("33.333333")), CollectionShare(("US",), shares("0"))),
            affiliations=(Affiliation("*", "177"),),
            controlled=True,
        ),
        Claim(PartyName("NORTHFIELD MUSIC"), "E", collection=(CollectionShare(("KZ",), shares("50")),)),
    ),
    performers=(Performer(PartyName("Ақсары Дуэт")),),
    recordings=(RecordingReference(isrc="KZ-A01-25-00001", label="KOKBEL"),),
    links=(("component", "K2"),),
)


def test_a_work_from_another_format_becomes_a_registration() -> None:
    writer = RecordWriter("2.2")
    written = write_work(CSV_WORK, writer)
    data = file_of(writer, [written])
    assert faults_in(data) == []
    (work,) = works_in(data)
    assert (work.ref, work.title, work.iswc, work.duration) == ("K1", "ZHAZGHY KESH", "T9300000015", 210)
    assert work.titles == (
        Title("SUMMER EVENING", "TT"),
        Title("UN SOIR D'ÉTÉ", "AT", "FR"),
        Title("ЖАЗҒЫ КЕШ", "OT", "KK"),
    )
    publisher, composer = work.claims
    assert (publisher.role, publisher.chain, publisher.controlled) == ("E", 1, False)
    assert (composer.party.name, composer.party.given, len(composer.own_ref)) == ("SALIMOV", "ERNAR", 9)
    assert [item.territories for item in composer.collection] == [("2136",)]
    assert composer.affiliations == tuple(Affiliation(right, "177") for right in ("PR", "MR", "SR"))
    details = dict(work.details)
    assert details["distribution_category"] == "UNC"
    assert details["recorded_indicator"] == "Y"
    assert composer.party.other_names == (OtherName("СӘЛІМОВ", "ЕРНАР"),)
    found = {item.code for item in written.findings}
    # The register says that nothing is collected in one country, which CWR has no words for.
    assert found == {
        "cwr.write_folded",
        "cwr.write_share_rounded",
        "cwr.write_no_place",
    }
    assert {item.position for item in written.findings} == {"work:K1"}


def test_in_ascii_other_alphabets_are_folded_and_said() -> None:
    writer = RecordWriter("2.2", "ASCII")
    written = write_work(CSV_WORK, writer)
    data = file_of(writer, [written])
    assert data.isascii()
    assert works_in(data)[0].title == "ZHAZGHY KESH"
    assert "Жазғы кеш" in {item.value for item in written.findings if item.code == "cwr.write_folded"}


def test_2_1_has_no_collection_shares_of_parties_that_are_not_controlled() -> None:
    written = write_work(CSV_WORK, RecordWriter("2.1"))
    lost = [item.value for item in written.findings if (item.record, item.field) == ("OPT", "collection")]
    assert lost == ["NORTHFIELD MUSIC: KZ"]


def test_shares_limited_to_uses_or_a_period_have_no_place() -> None:
    collection = (
        CollectionShare(("KZ",), shares("50")),
        CollectionShare(("2136",), shares("50"), uses=("download",)),
        CollectionShare(("US",), shares("50"), valid_to="2027-01-01"),
    )
    claim = Claim(PartyName("W"), "CA", collection=collection, controlled=True, own_ref="W1")
    writer = RecordWriter("2.2")
    written = write_work(WorkDeclaration("T1", "A", claims=(claim,)), writer)
    (work,) = works_in(file_of(writer, [written]))
    assert [item.territories for item in work.claims[0].collection] == [("398",)]
    lost = [item.value for item in written.findings if item.code == "cwr.write_no_place"]
    assert lost == ["W: 2136 download", "W: US 2027-01-01"]


@pytest.mark.parametrize(
    "work",
    [
        WorkDeclaration(ref="X" * 15, title="A SONG"),
        WorkDeclaration(ref="X1", title=""),
        WorkDeclaration(ref="X1", title="A", claims=(Claim(PartyName("W"), "??", controlled=True),)),
    ],
)
def test_a_work_that_would_be_rejected_is_not_written(work: WorkDeclaration) -> None:
    written = write_work(work, RecordWriter("2.2"))
    assert written.lines == ()
    assert written.findings[-1].code == "cwr.write_work_left_out"
    assert written.findings[-1].severity == "error"


def test_details_that_fit_no_record_for_certain_are_not_guessed() -> None:
    recordings = (RecordingReference(isrc="KZA012500001"), RecordingReference(isrc="USLS50805403"))
    work = WorkDeclaration(
        "R1",
        "A",
        claims=(Claim(PartyName("W"), "CA"),),
        recordings=recordings,
        details=(("REC.album_title", "ALBUM"), ("x", "y")),
    )
    written = write_work(work, RecordWriter("2.2"), source_version="2.2")
    found = [(item.code, item.field, item.value) for item in written.findings]
    assert found == [("cwr.write_unclear", "album_title", "ALBUM"), ("cwr.write_no_place", "x", "y")]
    assert "ALBUM" not in "".join(written.lines)


CODES = st.sampled_from(["2136", "2120", "2130", "398", "643", "840", "124"])
GROUPS = st.lists(st.tuples(CODES, st.lists(CODES, max_size=3), st.integers(1, 3)), min_size=1, max_size=4)
DAY = dt.date(2026, 1, 1)


def inside(part: str, whole: str) -> bool:
    return territories.evaluate((part,), DAY) < territories.evaluate((whole,), DAY)


def by_country(groups: tuple[CollectionShare, ...]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for group in groups:
        for country in territories.evaluate(group.territories, DAY):
            found.setdefault(country, set()).add(group.shares[0].share)
    return found


@settings(deadline=None)
@given(GROUPS)
def test_territories_cover_the_same_countries_after_reading(groups: list[tuple[str, list[str], int]]) -> None:
    collection = tuple(
        CollectionShare(
            (code, *(f"-{item}" for item in dict.fromkeys(less) if inside(item, code))), shares(f"{part}")
        )
        for code, less, part in groups
    )
    claim = Claim(PartyName("W"), "CA", shares("0"), collection, controlled=True, own_ref="W1")
    writer = RecordWriter("2.2")
    (work,) = works_in(file_of(writer, [write_work(WorkDeclaration("T1", "A", claims=(claim,)), writer)]))
    assert by_country(work.claims[0].collection) == by_country(collection)
