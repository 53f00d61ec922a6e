"""BWARM deliveries: works with their parties and shares from files that refer to each other, and back."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import replace
from typing import Any

import bwarm_deliveries
import pytest
from bwarm_deliveries import PARTY, RECORDING, SHARE, WORK, delivery, packed
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers import detect
from parsers.ddex import bwarm as reader
from parsers.ddex.bwarm_writing import BwarmWriter, encoded
from schemas.ddex import bwarm
from schemas.declarations import (
    Claim,
    CollectionShare,
    Header,
    OtherName,
    PartyName,
    Performer,
    RecordingDeclaration,
    Rejection,
    RightShare,
    Title,
    WorkDeclaration,
    WorkReference,
)
from schemas.findings import Finding
from schemas.shares import WHOLE

HALF = WHOLE // 2


def taken(data: bytes) -> tuple[list[Any], list[tuple[str, str, str]]]:
    items = list(detect.read(io.BytesIO(data)))
    assert isinstance(items[0], Header)
    assert items[0].format == "bwarm"
    findings = [(item.code, item.position, item.field) for item in items if isinstance(item, Finding)]
    return [item for item in items[1:] if not isinstance(item, Finding)], findings


def test_a_work_and_its_recording_are_put_together() -> None:
    found, findings = taken(delivery())
    assert findings == []
    assert found == [
        WorkDeclaration(
            "W1", "ЖАЗҒЫ КЕШ", iswc="T9123456780", duration=185,
            claims=(
                Claim(
                    PartyName("ӘЛІМОВ", "ЕРЛАН", ipi_name="90000000109"), "CA",
                    ownership=(RightShare("PR", WHOLE), RightShare("MR", WHOLE)),
                ),
            ),
        ),
        RecordingDeclaration(
            "R1", "ЖАЗҒЫ КЕШ", isrcs=("KZA012500001",), works=(WorkReference(ref="W1"),)
        ),
    ]  # fmt: skip
    assert [item.position for item in found] == ["works.tsv/line:1", "recordings.tsv/line:1"]


def test_headers_folders_titles_and_numbers_are_read() -> None:
    files = {
        "feed/works.tsv": "\t".join(bwarm.tables()["works.tsv"])
        + "\n"
        + bwarm_deliveries.rows_of("works.tsv", [WORK]),
        "feed/Parties.tsv": bwarm_deliveries.rows_of("parties.tsv", [{**PARTY, "CisacSocietyId": "177"}]),
        "feed/workalternativetitles.tsv": "T1\tW1\tSummer \\\tEvening\ten\tAlternativeTitle\n",
        "feed/workidentifiers.tsv": "N1\tW1\tA-77\tP1\n",
    }
    (work,), findings = taken(packed(files))
    assert (work.title, work.titles) == ("ЖАЗҒЫ КЕШ", (Title("Summer \tEvening", "AT", "EN"),))
    assert work.other_refs == (("177", "A-77"),)
    assert (work.position, findings) == ("works.tsv/line:2", [])


def test_a_publishers_share_is_taken_out_of_the_writers_it_follows() -> None:
    publisher = {
        **SHARE, "FeedProvidersWorkRightShareId": "S2", "FeedProvidersPartyId": "P2",
        "PartyRole": "OriginalPublisher", "RightSharePercentage": "50",
        "RightShareType": "OriginalPublisherShare",
        "FeedProvidersParentWorkRightShareId": "S1", "RightsType": "PerformingRight",
    }  # fmt: skip
    parties = [PARTY, {"FeedProvidersPartyId": "P2", "FullName": "NORTHFIELD"}]
    (work, _), findings = taken(delivery(parties=parties, workrightshares=[SHARE, publisher]))
    assert findings == []
    assert [(claim.role, claim.ownership) for claim in work.claims] == [
        ("CA", (RightShare("PR", HALF), RightShare("MR", WHOLE))),
        ("E", (RightShare("PR", HALF),)),
    ]


@pytest.mark.parametrize(
    ("files", "expected", "stored"),
    [
        ({"works": [{**WORK, "ISWC": "T9123456781"}]}, ("identifier.iswc", "works.tsv/line:1", "ISWC"), 2),
        ({"works": [{**WORK, "WorkTitle": ""}]}, ("bwarm.required", "works.tsv/line:1", "WorkTitle"), 1),
        ({"workrightshares": [{**SHARE, "FeedProvidersPartyId": "P9"}]},
         ("bwarm.unknown", "workrightshares.tsv/line:1", "FeedProvidersPartyId"), 2),
        ({"workrightshares": [SHARE, {**SHARE, "FeedProvidersWorkId": "W9"}]},
         ("bwarm.unknown", "workrightshares.tsv/line:2", "FeedProvidersWorkId"), 2),
        ({"workrightshares": [{**SHARE, "RightSharePercentage": "much"}]},
         ("bwarm.value", "workrightshares.tsv/line:1", "RightSharePercentage"), 2),
        ({"workrightshares": [{**SHARE, "TerritoryCode": "KZ|Atlantis"}]},
         ("bwarm.value", "workrightshares.tsv/line:1", "TerritoryCode"), 2),
        ({"workrightshares": [SHARE, {**SHARE, "FeedProvidersWorkRightShareId": "S2"}]},
         ("shares.over", "workrightshares.tsv/line:1", "PR MusicalWorkManuscriptShare"), 2),
        ({"recordings": [{**RECORDING, "RecordingTitle": ""}]},
         ("bwarm.required", "recordings.tsv/line:1", "RecordingTitle"), 1),
        ({"unclaimedworkrightshares": [{"FeedProvidersRightShareId": "U1", "UnclaimedPercentage": "100"}]},
         ("bwarm.unclaimed", "file", ""), 2),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_where_it_stands(
    files: dict[str, Any], expected: tuple[str, str, str], stored: int
) -> None:
    found, findings = taken(delivery(**files))
    assert expected in findings
    assert len(found) == 2
    assert sum(not isinstance(item, Rejection) for item in found) == stored


def test_what_cannot_be_read_whole_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = [Rejection("file", "file")]
    found, findings = taken(packed({"musicalworks.tsv": "x", "parties.tsv": "x"}))
    assert (found, findings[0][0]) == (refused, "bwarm.version")
    assert taken(packed({"works.tsv": "", "parties.tsv": "P1\n"}))[1] == [
        ("bwarm.columns", "parties.tsv/line:1", "")
    ]
    assert taken(packed({"works.tsv": "W1\n", "parties.tsv": ""}))[0] == [
        Rejection("work", "works.tsv/line:1")
    ]
    found, findings = taken(packed({"works.tsv": "Ж".encode("cp1251"), "parties.tsv": ""}))
    assert (found, findings[0][0]) == ([Rejection("file", "works.tsv/line:1")], "tabular.encoding")
    monkeypatch.setattr(reader, "MOST_ROWS", 1)
    found, findings = taken(delivery(workrightshares=[SHARE, SHARE]))
    assert (found, findings) == (refused, [("bwarm.too_large", "file", "")])


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs")), min_size=1, max_size=12)
PARTIES = st.builds(PartyName, name=TEXT, given=st.one_of(st.just(""), TEXT), ipi_name=st.just("90000000109"))
COLLECTED = st.builds(
    CollectionShare,
    territories=st.sampled_from([(), ("KZ",), ("KZ", "GB")]),
    shares=st.integers(1, 10).map(
        lambda n: (RightShare("PR", n * WHOLE // 100), RightShare("MR", WHOLE // 100))
    ),
    uses=st.sampled_from([(), ("radio", "on-demand-stream")]),
    valid_from=st.sampled_from(["", "2020-01-01"]),
    valid_to=st.sampled_from(["", "2030-01-01"]),
)
CLAIMS = st.builds(
    Claim,
    party=PARTIES,
    role=st.sampled_from(["CA", "C", "A", "E", "SE", "AM"]),
    ownership=st.integers(0, 10).map(lambda n: (RightShare("PR", n * 1_234_567),) if n else ()),
    collection=st.lists(COLLECTED, min_size=1, max_size=1).map(tuple),
)
WORKS = st.builds(
    WorkDeclaration,
    ref=st.integers(1, 10**6).map(str),
    title=TEXT,
    titles=st.lists(
        st.builds(Title, text=TEXT, kind=st.just("AT"), language=st.sampled_from(["", "KK", "kk-Latn"])),
        max_size=2,
    ).map(tuple),
    iswc=st.sampled_from(["", "T9123456780"]),
    duration=st.integers(0, 5000),
    claims=st.lists(CLAIMS, max_size=4, unique_by=lambda claim: (claim.party, claim.role)).map(tuple),
    other_refs=st.lists(st.tuples(st.just("177"), TEXT), max_size=2, unique=True).map(tuple),
)


ARTIST = PartyName("Ерлан", isni="0000000121032683")
RELEASED = st.builds(
    RecordingDeclaration,
    ref=st.just(""),
    title=TEXT,
    isrcs=st.sampled_from([(), ("KZA012500001",)]),
    version=st.just("") | TEXT,
    titles=st.lists(st.builds(Title, TEXT, TEXT, st.sampled_from(["", "kk"])), max_size=2).map(tuple),
    artist=st.just("Ерлан"),
    contributors=st.sampled_from([(), (Performer(ARTIST, "MainArtist"),)]),
    duration=st.integers(0, 5000),
    label=st.just("") | TEXT,
    p_line=st.just("") | TEXT,
    releases=st.lists(st.tuples(st.sampled_from(["", "4870000000015"]), TEXT), max_size=1).map(tuple),
    other_refs=st.lists(st.tuples(st.just("177"), TEXT), max_size=2, unique=True).map(tuple),
)


@settings(max_examples=30)
@given(
    st.lists(WORKS, max_size=3, unique_by=lambda work: work.ref),
    st.lists(RELEASED, min_size=3, max_size=3),
)
def test_what_is_written_reads_back_equal(
    works: list[WorkDeclaration], released: list[RecordingDeclaration]
) -> None:
    files = {name: io.StringIO() for name in bwarm.tables()}
    writer = BwarmWriter(files, dt.date(2026, 3, 15))
    recordings = [
        replace(drawn, ref=f"R{work.ref}", works=(WorkReference(ref=work.ref),))
        for work, drawn in zip(works, released, strict=False)
    ]
    for work in works:
        writer.work(work)
    for recording in recordings:
        writer.recording(recording)
    found, findings = taken(packed({name: text.getvalue() for name, text in files.items()}))
    assert writer.findings == []
    assert findings == []
    assert found == [*works, *recordings]
    assert writer.counts[bwarm.WORKS] == len(works)


def test_names_in_other_scripts_have_no_place_and_are_told() -> None:
    party = PartyName("ӘЛІМОВ", "ЕРЛАН", other_names=(OtherName("ALIMOV", "ERLAN"),))
    writer = BwarmWriter({name: io.StringIO() for name in bwarm.tables()}, dt.date(2026, 3, 15))
    writer.work(WorkDeclaration("1", "T", claims=(Claim(party, "CA", (RightShare("PR", 1),)),)))
    assert [(item.code, item.field, item.value) for item in writer.findings] == [
        ("bwarm.left_out", "other_names", "ERLAN ALIMOV")
    ]


@given(st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"))), min_size=2, max_size=5))
def test_cells_come_back_whatever_is_in_them(cells: list[str]) -> None:
    table = csv.reader([encoded(cells)], delimiter="\t", quotechar='"', escapechar="\\", doublequote=False)
    assert next(table) == cells
