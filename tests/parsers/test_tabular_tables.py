"""What the rows of works, recordings, mandates and societies files say, cell by cell."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.detect import read
from parsers.tabular.societies import read_societies
from schemas.declarations import (
    Affiliation,
    Claim,
    CollectionShare,
    Header,
    MandateDeclaration,
    PartyName,
    RecordingDeclaration,
    Rejection,
    RightShare,
    Title,
    WorkDeclaration,
    WorkReference,
)
from schemas.findings import Finding
from schemas.shares import WHOLE, format_percent
from schemas.societies_register import Accreditation, SocietyRow
from schemas.tables.columns import tables

WORKS = "work_ref,title,iswc,party_name,party_ipi,role,society,pr_share,mr_share,sr_share,territories"
RECORDINGS = (
    "recording_ref,isrc,title,artist,duration,year,works,party_name,party_id,role,right,share,"
    "territories,society"
)
MANDATES = (
    "mandate_ref,grantor_type,grantor_id,grantor_name,holder,rights,uses,territories,valid_from,valid_to,"
    "exclusive,basis,works,evidence"
)


def items(header: str, *rows: str) -> list[Any]:
    text = "\n".join((header, *rows)) + "\n"
    return [item for item in read(io.BytesIO(text.encode())) if not isinstance(item, Header)]


def codes(found: list[Any]) -> list[tuple[str, str]]:
    return [(item.code, item.field) for item in found if isinstance(item, Finding)]


def test_a_work_is_its_rows() -> None:
    *remarks, work = items(
        WORKS + ",alternative_titles,performers,isrcs,language,duration,shelf",
        "A,Жазғы кеш,T-912.345.678-0,W ONE,90000000109,ca,177,50,25,,2136,Summer|Leto,Dos|Ulan,"
        "KZA012500001,kk,3:07,9",
        "A,Жазғы кеш,,W ONE,90000000109,CA,177,40,,,KZ|-398,Summer,,,,,",
        "A,,,P ONE,I-000000229-7,E,052,50.00,75,100,,,,,,,",
    )
    assert codes(remarks) == [("tabular.unknown_column", "shelf")]
    assert isinstance(work, WorkDeclaration)
    assert (work.ref, work.title, work.iswc, work.language, work.duration) == (
        "A",
        "Жазғы кеш",
        "T9123456780",
        "KK",
        187,
    )
    assert work.titles == (Title("Summer", "AT"), Title("Leto", "AT"))
    assert [item.party.name for item in work.performers] == ["Dos", "Ulan"]
    assert [item.isrc for item in work.recordings] == ["KZA012500001"]
    assert work.details == (("shelf", "9"),)
    assert work.claims == (
        Claim(
            PartyName("W ONE", ipi_name="90000000109"),
            "CA",
            collection=(
                CollectionShare(("2136",), (RightShare("PR", WHOLE // 2), RightShare("MR", WHOLE // 4))),
                CollectionShare(("KZ", "-KZ"), (RightShare("PR", 40_000_000),)),
            ),
            affiliations=(Affiliation("*", "177"),),
        ),
        Claim(
            PartyName("P ONE", ipi_base="I0000002297"),
            "E",
            collection=(
                CollectionShare(
                    (),
                    (RightShare("PR", WHOLE // 2), RightShare("MR", 75_000_000), RightShare("SR", WHOLE)),
                ),
            ),
            affiliations=(Affiliation("*", "052"),),
        ),
    )
    assert [item.position for item in work.claims] == ["line:2", "line:4"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("A,,,W,,CA,,50,,,", [("tabular.required", "title")]),
        (",T,,W,,CA,,50,,,", [("tabular.required", "work_ref")]),
        ("A,T,,,,CA,,50,,,", [("tabular.required", "party_name")]),
        ("A,T,,,,,177,,,,", [("tabular.required", "party_name")]),
        ("A,T,,W,,CA,,1e1,,,", [("tabular.number", "pr_share")]),
        ("A,T,,W,,CA,,101,,,", [("tabular.number", "pr_share")]),
        ("A,T,,W,,CA,,-1,,,", [("tabular.number", "pr_share")]),
        ("A,T,,W,,CA,,٥,,,", [("tabular.number", "pr_share")]),
        ("A,T,,W,,CA,,0.1234567,,,", [("tabular.number", "pr_share")]),
        ("A,T,,W,,CA,,50,,,XX", [("tabular.code", "territories")]),
        ("A,T,,W,,CA,,50,,,|", [("tabular.code", "territories")]),
    ],
)
def test_a_cell_that_cannot_be_read_rejects_the_work(row: str, expected: list[tuple[str, str]]) -> None:
    *found, rejection = items(WORKS, row)
    assert codes(found) == expected
    assert isinstance(rejection, Rejection)
    assert rejection.kind == "work"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("A,T,T0000000000X,W,,CA,,50,,,", [("identifier.iswc", "iswc")]),
        ("A,T,,W,90000000100,CA,,50,,,", [("identifier.ipi_name", "party_ipi")]),
        ('A,T,,W,,CA,,"33,33",,,', [("tabular.decimal_comma", "pr_share")]),
        ("A,T,,W,,ZZ,,50,,,", [("tabular.role", "role")]),
    ],
)
def test_a_remark_keeps_the_work(row: str, expected: list[tuple[str, str]]) -> None:
    *found, work = items(WORKS, row)
    assert codes(found) == expected
    assert isinstance(work, WorkDeclaration)


@pytest.mark.parametrize(
    ("word", "role"), [("se", "SE"), ("MC", "C"), ("LY", "A"), ("em", "E"), ("Lyricist", "A")]
)
def test_a_role_is_read_in_the_words_of_ipi_and_ddex_too(word: str, role: str) -> None:
    (work,) = items(WORKS, f"A,T,,W,,{word},,50,,,")
    assert isinstance(work, WorkDeclaration)
    assert work.claims[0].role == role


def test_rows_that_contradict_each_other_are_told_and_the_first_counts() -> None:
    *found, work = items(WORKS, "A,One,,W,,CA,,50,,,", "A,Two,,X,,CA,,50,,,")
    assert codes(found) == [("tabular.conflicting_rows", "title")]
    assert (work.title, found[0].position, found[0].value) == ("One", "line:3", "Two")


@given(st.lists(st.integers(0, WHOLE), min_size=1, max_size=6))
def test_shares_over_the_whole_are_told_and_others_are_not(units: list[int]) -> None:
    rows = [f"A,T,,W{place},,CA,,{format_percent(unit)},,,KZ" for place, unit in enumerate(units)]
    *found, work = items(WORKS, *rows)
    assert isinstance(work, WorkDeclaration)
    assert [
        share.share for claim in work.claims for item in claim.collection for share in item.shares
    ] == units
    over = sum(units) > WHOLE + 60_000
    assert codes(found) == ([("shares.over", "PR")] if over else [])


def test_shares_are_totalled_per_territory() -> None:
    rows = ["A,T,,W,,CA,,100,,,KZ", "A,T,,X,,CA,,100,,,*|-KZ"]
    assert codes(items(WORKS, *rows)) == []
    assert codes(items(WORKS, *rows, "A,T,,Y,,CA,,1,,,2136")) == [("shares.over", "PR")]


def test_a_recording_is_its_rows() -> None:
    recording, second = items(
        RECORDINGS + ",version,label",
        "R1,KZ-A01-25-00001,Жазғы кеш,Ерлан,187,2025,iswc:T9123456780=60|W-2=40,Dala,"
        "isni:0000 0001 2103 2683,Producer,PROD,100,KZ,901,Remix,Dala",
        "R1,,,,,,,Ерлан,,MainArtist,PERF,50,,,,",
        "R2,,Solo,,,,W-9,,,,,,,,,",
    )
    assert isinstance(recording, RecordingDeclaration)
    assert (recording.isrcs, recording.year, recording.duration) == (("KZA012500001",), 2025, 187)
    assert (recording.version, recording.label) == ("Remix", "Dala")
    assert recording.works == (
        WorkReference(iswc="T9123456780", weight=60_000_000),
        WorkReference(ref="W-2", weight=40_000_000),
    )
    assert [(claim.party.name, claim.party.isni, claim.role) for claim in recording.claims] == [
        ("Dala", "0000000121032683", "Producer"),
        ("Ерлан", "", "MainArtist"),
    ]
    assert [claim.affiliations for claim in recording.claims] == [(Affiliation("PROD", "901"),), ()]
    assert (second.ref, second.claims, second.works) == ("R2", (), (WorkReference(ref="W-9"),))


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("R1,,,,,,,,,,,,,", [("tabular.required", "title")]),
        ("R1,,T,,,25,,,,,,,,", [("tabular.number", "year")]),
        ("R1,,T,,,,,P,,x,,100,,", [("tabular.required", "right")]),
        ("R1,,T,,,,,P,,x,PROD,,,", [("tabular.required", "share")]),
        ("R1,,T,,,,,P,,x,PR,100,,", [("tabular.code", "right")]),
        ("R1,,T,,,,,,,x,PROD,100,,", [("tabular.required", "party_name")]),
        ("R1,,T,,,,W-1=60|W-2=60,,,,,,,", [("tabular.weights", "works")]),
        ("R1,,T,,,,W-1=x,,,,,,,", [("tabular.number", "works")]),
        ("R1,,T,,,,=50,,,,,,,", [("tabular.code", "works")]),
    ],
)
def test_a_cell_that_cannot_be_read_rejects_the_recording(row: str, expected: list[tuple[str, str]]) -> None:
    *found, rejection = items(RECORDINGS, row)
    assert codes(found) == expected
    assert isinstance(rejection, Rejection)
    assert rejection.kind == "recording"


def test_a_duration_that_is_none_is_kept_as_a_remark() -> None:
    remark, recording = items(RECORDINGS, "R1,,T,,five,,,,,,,,,")
    assert (remark.code, remark.severity) == ("tabular.duration", "warning")
    assert (recording.duration, recording.details) == (0, (("duration", "five"),))


def test_a_mandate_is_a_row() -> None:
    mandate, open_ended = items(
        MANDATES,
        "M1,party,90000000109,W,177,PR|MR,*|-on-demand-stream,2136|-398,2024-01-01,2027-01-01,N,Declaration,"
        "iswc:T-912.345.678-0|isrc:KZA012500001,letter.pdf",
        "M2,Society,52,,177,*,,,2024-01-01,,,agreement,,",
    )
    assert mandate == MandateDeclaration(
        "M1", "party", "90000000109", "W", "177", ("PR", "MR"), ("*", "-on-demand-stream"), ("2136", "-KZ"),
        "2024-01-01", "2027-01-01", False, "declaration", ("iswc:T9123456780", "isrc:KZA012500001"),
        "letter.pdf",
    )  # fmt: skip
    assert (open_ended.grantor_id, open_ended.exclusive, open_ended.valid_to) == ("052", True, "")
    assert (open_ended.uses, open_ended.territories, open_ended.works) == ((), (), ())


MANDATE = (
    "M",
    "party",
    "90000000109",
    "W",
    "177",
    "PR",
    "",
    "KZ",
    "2024-01-01",
    "",
    "Y",
    "agreement",
    "",
    "",
)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("mandate_ref", "", "tabular.required"),
        ("grantor_type", "person", "tabular.choice"),
        ("grantor_type", "any", "tabular.statute_grantor"),
        ("grantor_id", "", "tabular.required"),
        ("holder", "", "tabular.required"),
        ("rights", "", "tabular.required"),
        ("rights", "PR|XX", "tabular.code"),
        ("uses", "telepathy", "tabular.code"),
        ("territories", "KZ|Atlantis", "tabular.code"),
        ("valid_from", "01.02.2024", "tabular.date"),
        ("valid_from", "2024-02-30", "tabular.date"),
        ("valid_to", "2024-01-01", "tabular.period"),
        ("exclusive", "maybe", "tabular.choice"),
        ("basis", "rumour", "tabular.choice"),
        ("works", "T9123456780", "tabular.code"),
        ("works", "iswc:T9123456781", "tabular.code"),
        ("works", "|", "tabular.code"),
    ],
)
def test_a_code_that_is_not_known_rejects_the_mandate(column: str, value: str, code: str) -> None:
    cells = dict(zip(MANDATES.split(","), MANDATE, strict=True)) | {column: value}
    *found, rejection = items(MANDATES, ",".join(cells.values()))
    assert codes(found) == [(code, column)]
    assert isinstance(rejection, Rejection)
    assert rejection.kind == "mandate"


def test_every_column_that_must_be_filled_is_asked_for() -> None:
    for table in ("works", "recordings", "mandates"):
        names = [column.name for column in tables()[table]]
        *found, rejection = items(",".join(names), "," * (len(names) - 1) + "\0")
        assert codes(found) == [("tabular.nul", names[-1])]
        assert isinstance(rejection, Rejection)
        required = [column.name for column in tables()[table] if column.required]
        for missing in required:
            kept = [name for name in names if name != missing]
            (finding, refusal) = items(",".join(kept), ",".join("x" for _ in kept))[-2:]
            # A header without the column is either no such table at all, or one that misses it.
            assert finding.code in ("tabular.missing_column", "file.unknown_format"), missing
            assert refusal == Rejection("file", finding.position)


def societies(*rows: str) -> list[SocietyRow | Finding]:
    text = "\n".join(("code,name,country,kind,accreditations", *rows)) + "\n"
    return list(read_societies(io.BytesIO(text.encode())))


def test_a_society_is_a_row() -> None:
    found = societies("52,PRS,GB,,", "901,Алтын Дала,KZ,cmo,KZ:PR:2024-01-01:2026-01-01|KZ:*:2026-01-01:")
    assert found == [
        SocietyRow("052", "PRS", "GB", "cmo", (), "line:2"),
        SocietyRow(
            "901",
            "Алтын Дала",
            "KZ",
            "cmo",
            (
                Accreditation("KZ", "PR", "2024-01-01", "2026-01-01"),
                Accreditation("KZ", "*", "2026-01-01", ""),
            ),
            "line:3",
        ),
    ]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (",X,KZ,,", "tabular.required"),
        ("901,,KZ,,", "tabular.required"),
        ("901,X,Atlantis,,", "tabular.code"),
        ("901,X,KZ,,KZ:PR", "tabular.code"),
        ("901,X,KZ,,KZ:XX:2024-01-01:", "tabular.code"),
        ("901,X,KZ,,KZ:PR:soon:", "tabular.date"),
        ("901,X,KZ,,KZ:PR:2024-01-01:2024-01-01", "tabular.period"),
    ],
)
def test_a_society_with_an_error_is_left_out_and_told(row: str, code: str) -> None:
    found = societies(row, "902,Y,KZ,,")
    assert [item.code for item in found] == [code, "902"]
