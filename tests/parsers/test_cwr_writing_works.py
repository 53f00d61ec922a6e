"""A registration that is read and written and read again is the same registration; all data invented."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.cwr.fields import field_checks
from parsers.cwr.reader import read
from parsers.cwr.records import write
from parsers.cwr.writing import Record, RecordWriter
from parsers.cwr.writing_details import UNPLACED
from parsers.cwr.writing_transmission import Sender, TransmissionWriter
from parsers.cwr.writing_works import WrittenWork, write_work
from schemas import territories
from schemas.cwr.layouts import Field, layouts
from schemas.cwr.lookups import codes
from schemas.cwr.transactions import places
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
PUBLISHER_ROLES = sorted(codes("publisher_type") - {"PA"})
WRITER_ROLES = sorted(codes("writer_type") - {"PA"})
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


# Transactions built from the record tables. ------------------------------------------------------------

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CYRILLIC = "АБВГҒДЕЖЗИЙКҚЛМНҢОӨПРСТУҰҮФХШЫІЭЮЯ"
NON_ROMAN = frozenset({"NPN", "NWN", "NAT", "NPR", "NET", "NCT", "NVT", "NOW"})
IDENTIFIERS = {
    "iswc": ["T9300000015", "T0345246801"],
    "isrc": ["KZA012500001", "USLS50805403"],
    "ipi_name": ["90000000109", "90000003887"],
    "ipi_base": ["I-000000229-7"],
    "isni": ["0000000121032683"],
}
ARRANGERS = {"AD", "AR", "SA", "SR", "TR"}
EARLIEST = dt.date(1900, 1, 1)


def value_of(field: Field, record: str, chance: Random) -> str:
    """A value that the tables allow: readers keep it, so writers must give it back."""
    size = field.size
    match field.format:
        case "L":
            return chance.choice(sorted(codes(field.lookup)))
        case "I":
            return chance.choice(IDENTIFIERS[field.lookup])
        case "N":
            return str(chance.randint(1, 10**size - 1)).zfill(size)
        case "P":
            return f"{chance.randint(0, 10_000):05d}"
        case "D":
            return (EARLIEST + dt.timedelta(days=chance.randint(0, 70_000))).strftime("%Y%m%d")
        case "T":
            return f"{chance.randint(0, 23):02d}{chance.randint(0, 59):02d}{chance.randint(0, 59):02d}"
        case "F" | "B":
            return chance.choice("YNU" if field.format == "F" else "YN")
    alphabet = CYRILLIC if record in NON_ROMAN and size >= 30 else LETTERS
    return "".join(chance.choices(alphabet, k=chance.randint(1, size)))


def record_of(chance: Random, version: str, kind: str, **fixed: str) -> Record:
    values = dict(fixed)
    for field in layouts(version)[kind].fields[3:]:
        if (
            field.format != "X"
            and not (field.name.startswith("unverified") and kind in UNPLACED)
            and field.name not in fixed
            and (field.required == "M" or chance.random() < 0.5)
        ):
            values[field.name] = value_of(field, kind, chance)
    layout = layouts(version)[kind]
    padded = layout.split(write(layout, {**values, "transaction_sequence": "0", "record_sequence": "0"}))
    faults = field_checks(layout).faults(padded)
    if any(fault.between_fields and fault.rule != "W" for fault in faults):
        # Fields at random need not agree; what does not is another test's.
        return record_of(chance, version, kind, **fixed)
    return Record(kind, values)


def transaction(seed: int, version: str) -> list[Record]:
    """One transaction in the order of the standard, with what its records say of each other agreeing."""
    chance = Random(seed)
    kinds = ["WRK"] if version >= "3" else ["NWR", "REV", "ISW"]
    known = places(version, kinds[0])
    modified = chance.random() < 0.3
    said = {
        "version_type": "MOD" if modified else "ORI",
        "text_music_relationship": chance.choice(["MTX", "MTN", "TXT", ""]),
        "work_type": chance.choice(["", "BL", "JZ"]),
        "distribution_category": chance.choice(["JAZ", "POP", "UNC"]),
    }
    known_fields = layouts(version)[kinds[0]].index
    said = {name: value for name, value in said.items() if name in known_fields}
    found = [record_of(chance, version, chance.choice(kinds), **said)]
    publishers = chance.randint(0, 3)
    writers = chance.randint(1, 3)
    owned = shares_of(chance, publishers, writers)
    controlled = sorted((chance.random() < 0.5 for _ in range(publishers)), reverse=True)
    for place, own in enumerate(controlled, 1):
        role = "E" if own else chance.choice(PUBLISHER_ROLES)
        found += publisher_of(chance, version, place, owned[place - 1], "SPU" if own else "OPU", role)
    controlled = sorted((chance.random() < 0.5 for _ in range(writers)), reverse=True)
    for place, own in enumerate(controlled, 1):
        role = (
            "CA"
            if place == 1
            else chance.choice(sorted({"A", "C", "CA"} | (ARRANGERS if modified else set())))
        )
        if modified and place == writers > 1:
            role = "AR"
        elif modified and writers == 1:
            found[0] = record_of(chance, version, found[0].kind, **{**said, "version_type": "ORI"})
        found += writer_of(
            chance, version, place, owned[publishers + place - 1], "SWR" if own else "OWR", role, publishers
        )
    whole = "composite_type" in found[0].values or version >= "3"
    for kind in list(known)[list(known).index("ALT") :]:
        if kind == "COM" and not whole:
            continue
        for _ in range(chance.randint(0, 1 if kind in ("REC", "EWT", "VER") else 2)):
            if not known[kind].follows or found[-1].kind in known[kind].follows:
                fixed: dict[str, str] = {}
                if kind == "NPR":
                    # A given name alone is nobody's name; version 2.0 has nothing but names.
                    named = {"name": value_of(field_of(version, kind, "name"), kind, chance)}
                    unnamed = version > "2.0" and chance.random() < 0.5
                    fixed = {"name": "", "first_name": ""} if unnamed else named
                found.append(record_of(chance, version, kind, **fixed))
    return found


def field_of(version: str, kind: str, name: str) -> Field:
    layout = layouts(version)[kind]
    return layout.fields[layout.index[name]]


Shares = dict[str, str]


def shares_of(chance: Random, publishers: int, writers: int) -> list[Shares]:
    """What each party owns of each right, none of it zero: half of performing at most for publishers."""
    found: list[Shares] = [{} for _ in range(publishers + writers)]
    for name, most in (("pr_share", 5_000), ("mr_share", 9_000), ("sr_share", 9_000)):
        together = chance.randint(publishers, most) if publishers else 0
        parts = [*parted(chance, publishers, together), *parted(chance, writers, 10_000 - together)]
        for party, share in zip(found, parts, strict=True):
            party[name] = f"{share:05d}"
    return found


def parted(chance: Random, count: int, whole: int) -> list[int]:
    cuts = sorted(chance.sample(range(1, whole), count - 1)) if count else []
    return [end - start for start, end in zip([0, *cuts], [*cuts, whole], strict=True)] if count else []


def publisher_of(
    chance: Random, version: str, place: int, owned: Shares, kind: str, role: str
) -> list[Record]:
    """An original publisher, and a sub-publisher that collects in its place, or one that others control."""
    number = {"ip_number": f"P{place}", "publisher_sequence": f"{place:02d}", "name": f"HOUSE {place}"}
    named = {**number, "publisher_type": role, "ipi_name": "90000000109"}
    states = layouts(version)[kind].index
    found = [record_of(chance, version, kind, **{**named, **(owned if "pr_share" in states else {})})]
    if "NPN" in places(version, "WRK" if version >= "3" else "NWR") and chance.random() < 0.5:
        found.append(record_of(chance, version, "NPN", **number))
    if kind == "SPU" and chance.random() < 0.3:
        sub = {**named, "ip_number": f"S{place}", "name": f"SUB {place}", "publisher_type": "SE"}
        sub |= dict.fromkeys(owned, "00000") if "pr_share" in states else {}
        found.append(record_of(chance, version, "SPU", **sub))
        return found + territories_of(chance, version, "SPT", f"S{place}", owned)
    return found + territories_of(chance, version, "SPT" if kind == "SPU" else "OPT", f"P{place}", owned)


def writer_of(
    chance: Random, version: str, place: int, owned: Shares, kind: str, role: str, publishers: int
) -> list[Record]:
    """A writer; one that is controlled has a publisher, if there are any."""
    known = places(version, "WRK" if version >= "3" else "NWR")
    number = {"ip_number": f"W{place}"}
    named = {"name": f"WRITER {place}", "writer_type": role}
    stated = owned if "pr_share" in layouts(version)[kind].index else {}
    found = [record_of(chance, version, kind, **number, **named, **stated)]
    if "NWN" in known and chance.random() < 0.5:
        found.append(record_of(chance, version, "NWN", **number))
    found += territories_of(chance, version, "SWT" if kind == "SWR" else "OWT", f"W{place}", owned)
    if "MAN" in known and chance.random() < 0.5:
        found.append(record_of(chance, version, "MAN", **number))
    if kind in known["PWR"].follows and publishers:
        for _ in range(chance.randint(1 if kind == "SWR" else 0, 2)):
            found.append(link_of(chance, version, chance.randint(1, publishers), f"W{place}"))
    return found


def territories_of(chance: Random, version: str, kind: str, number: str, owned: Shares) -> list[Record]:
    if kind not in layouts(version) or chance.random() < 0.3:
        return []
    # Version 3 names a party's societies with its territories; what they are is the same in all of them.
    fields = [field for field in layouts(version)[kind].fields if field.lookup == "society"]
    same = {field.name: chance.choice(["", "052", "177"]) for field in fields}
    listed = [("I", "2136"), *(("E", code) for code in chance.sample(["0398", "0840"], chance.randint(0, 2)))]
    if "territory_sequence" in layouts(version)[kind].index:
        places_of = [{"territory_sequence": f"{place:03d}"} for place in range(1, 4)]
    else:
        places_of = [{}] * 3
    nothing = dict.fromkeys(owned, "00000")
    return [
        record_of(
            chance,
            version,
            kind,
            ip_number=number,
            inclusion=sign,
            territory=code,
            **same,
            **place,
            **(owned if sign == "I" else nothing),
        )
        for (sign, code), place in zip(listed, places_of, strict=False)
    ]


def link_of(chance: Random, version: str, place: int, writer: str) -> Record:
    meant = {
        "publisher_ip_number": f"P{place}",
        "publisher_name": f"HOUSE {place}",
        "writer_ip_number": writer,
    }
    meant["publisher_sequence"] = f"{place:02d}"
    known = layouts(version)["PWR"].index
    return record_of(chance, version, "PWR", **{name: meant[name] for name in meant if name in known})


ACCEPTED = {"cwr.chain_without_territory", "file.encoding"}


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
