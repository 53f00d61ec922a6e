"""Reports at scale: reading ahead changes nothing, questions are asked once, sums are exact, runs go on."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import dsr_reports
import orjson
import pytest
from dsr_reports import record
from hubs import MANDATES, WORK_HEADER, WORKS, fresh_hub, send
from hypothesis import given
from hypothesis import strategies as st

from hub.answers.batch import Desk
from hub.answers.book import RegisterBook
from hub.answers.question import Question, ask
from hub.answers.read_ahead import read_ahead
from hub.answers.recurring import Recurring
from hub.answers.resolve import resolve
from hub.context import Hub
from hub.db.engine import reading
from hub.errors import HubError, UsageError
from hub.usage import lots, remembered
from hub.usage.lines import weighted
from hub.usage.money import money
from hub.usage.remembered import Remembered
from hub.usage.resolving import resolve_usage
from hub.usage.totals import Resolved

RECORDINGS = (
    "recording_ref,isrc,title,artist,duration,year,works,party_name,party_id,role,right,share,territories,society\n"
    "R1,KZA012500001,ЖАЗҒЫ КЕШ,Ән тобы,200,2025,iswc:T9123456780=60|K2=40,Label,,Producer,PROD,100,,911\n"
    "R2,KZA012500002,Other song,Ән тобы,200,2025,K2,Label,,Producer,PROD,100,,911\n"
    "R3,KZA012500003,Nobody knows,Ән тобы,200,2025,,,,,,,,\n"
)
SECOND = (
    f"{WORK_HEADER}K2,Екінші ән,,ӘЛІМОВ ЕРЛАН,90000000109,CA,177,100,100,\n"
    "B9,ЖАЗҒЫ КЕШ,T9123456780,SOMEONE,,CA,901,10,10,\n"
)
MENTIONED, TWICE, DECLARED = "KZA012500011", "KZA012500012", "KZA012500013"
"""ISRCs that one work mentions, that two mention, and one of a recording that names no work itself."""
MENTIONS = (
    f"{WORK_HEADER.strip()},isrcs\n"
    f"K5,Бесінші ән,,ӘЛІМОВ ЕРЛАН,90000000109,CA,177,60,60,,{MENTIONED}|{TWICE}\n"
    f"K6,Алтыншы ән,,ӘЛІМОВ ЕРЛАН,90000000109,CA,177,100,100,,{TWICE}\n"
    f"K7,Жетінші ән,,,,,,,,,{DECLARED}\n"
)
DECLARED_ALONE = (
    RECORDINGS.partition("\n")[0]
    + f"\nR7,{DECLARED},Жетінші ән,Ән тобы,200,2025,,Label,,Producer,PROD,100,,911\n"
)
SUBJECTS = (
    "iswc:T9123456780", "isrc:KZA012500001", "isrc:KZA012500002", "isrc:KZA012500003",
    "isrc:KZA012500099", "society-code:177:K1", "society-code:177:K2", "society-code:177:nothing",
    "society-code:901:K1",
    "work:none", f"isrc:{MENTIONED}", f"isrc:{TWICE}", f"isrc:{DECLARED}",
)  # fmt: skip


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        for feed in (WORKS, SECOND, RECORDINGS, MENTIONS, DECLARED_ALONE, MANDATES):
            send(opened, feed)
        yield opened


def told(desk: Desk, question: Question) -> object:
    try:
        return desk.answer(question).as_json()
    except HubError as fault:
        return fault.code, fault.detail


def test_answers_are_the_same_with_and_without_reading_ahead(hub: Hub) -> None:
    questions = [
        ask(subject, right=right, use=use, territory=territory, on="2026-03-15")
        for subject in SUBJECTS
        for right, use, territory in (
            ("PR", "radio", "KZ"), ("MR", "download", "KZ"), ("PR", "radio", "GB"), ("PROD", "radio", "KZ"),
        )
    ]  # fmt: skip
    with reading(hub.engine) as connection:
        desk = Desk(connection)
        at = desk.known_at
        one_by_one = [told(desk, question) for question in questions]
    with reading(hub.engine) as connection:
        desk = Desk(connection, at)
        desk.read_ahead(questions)
        assert [told(desk, question) for question in questions] == one_by_one
        assert [orjson.loads(item) if isinstance(item, bytes) else (item.code, item.detail)
                for item in desk.encoded_all(questions)] == one_by_one  # fmt: skip
        # What was read ahead for other questions is no reason to miss anything.
        desk = Desk(connection, at)
        desk.read_ahead(questions[:1])
        assert [told(desk, question) for question in questions] == one_by_one
        assert sum(isinstance(item, dict) for item in one_by_one) >= 20
        before = Desk(connection, 1)
        assert told(before, questions[0]) == (
            "unknown_subject",
            "no work or recording is known as iswc:T9123456780",
        )


@pytest.mark.parametrize("isrc", [MENTIONED, DECLARED])
def test_a_recording_that_one_work_mentions_is_answered_by_shape(hub: Hub, isrc: str) -> None:
    question = ask(f"isrc:{isrc}", right="PR", use="radio", territory="KZ", on="2026-03-15")
    with reading(hub.engine) as connection:
        at = Desk(connection).known_at
        book = RegisterBook(connection, at)
        by_shape = Recurring(connection, book, read_ahead(connection, book, [question], at)).answer(question)
    with reading(hub.engine) as connection:
        alone = resolve(connection, replace(question, known_at=at))
    assert by_shape is not None
    assert by_shape.as_json() == alone.as_json()
    assert {line.reasons[-1] for line in alone.lines} == {"linked_by_registration"}


def resolved(hub: Hub, data: bytes, **options: object) -> tuple[list[dict[str, str]], Resolved]:
    result = io.StringIO()
    done = resolve_usage(hub, io.BytesIO(data), result, **options)  # type: ignore[arg-type]
    return list(csv.DictReader(io.StringIO(result.getvalue(), newline=""))), done


def test_each_question_is_asked_once_however_far_its_lines_stand_apart(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lots, "LOT", 3)
    monkeypatch.setattr(remembered, "REMEMBERED", 1)
    uses = ("radio", "tv", "download", "ugc", "public-performance")
    text = "line_ref,subject,right,use,territory,on,amount,currency\n" + "".join(
        f"L{n},iswc:T9123456780,PR,{uses[n % 5]},KZ,2026-03-15,{n}.01,KZT\n" for n in range(40)
    )
    rows, done = resolved(hub, text.encode())
    assert (done.read, done.answered, done.questions, done.rows) == (40, 40, 5, len(rows))
    for number in range(40):
        own = [row for row in rows if row["line_ref"] == f"L{number}"]
        assert sum(Decimal(row["share"]) for row in own) == 100
        assert sum(Decimal(row["amount"]) for row in own) == Decimal(f"{number}.01")
    amounts = done.as_json()["amounts"]
    assert isinstance(amounts, dict)
    assert Decimal(amounts["KZT"]["total"]) == sum(Decimal(f"{n}.01") for n in range(40))
    for part in ("by_status", "by_society"):
        assert sum(map(Decimal, amounts["KZT"][part].values())) == Decimal(amounts["KZT"]["total"])


def test_a_run_that_was_cut_off_goes_on_with_what_it_had_answered(hub: Hub, tmp_path: Path) -> None:
    text = "subject,right,use,territory,on\n" + "".join(
        f"{subject},PR,radio,KZ,2026-03-15\n" for subject in SUBJECTS
    )
    scratch = tmp_path / "out.answers"
    whole, done = resolved(hub, text.encode(), remembered=(first := Remembered(scratch, "run")))
    first.close(done=False)
    send(hub, MANDATES.replace("2010-01-01", "2019-01-01"))
    again = Remembered(scratch, "run")
    rows, redone = resolved(hub, text.encode(), remembered=again)
    assert rows == whole
    assert (redone.known_at, redone.questions) == (done.known_at, 0)
    again.close(done=True)
    assert not scratch.exists()
    scratch.write_bytes(b"no database")
    other = Remembered(scratch, "another run")
    assert other.known_at is None
    other.close(done=True)


def test_revenue_is_split_over_rights_as_told_and_to_the_last_fraction(hub: Hub) -> None:
    name = {"BlockId": "B1"}
    records = [
        record("AS01", **name, ResourceReference="A1", DspResourceId="R1", ISRC="KZA012500001", Title="T"),
        record("SU03.01", **name, SummaryRecordId="S1", SalesTransactionId="1", DspReleaseId="R1", Usages="3",
               NetRevenue="1.00001"),
    ]  # fmt: skip
    data = dsr_reports.report(records, blocks=1)
    rows, done = resolved(hub, data, rights=["PR=25", "MR=75"])
    by_right = {
        right: sum(Decimal(row["amount"]) for row in rows if row["right"] == right) for right in ("PR", "MR")
    }
    assert sum(by_right.values()) == Decimal("1.00001")
    assert by_right["PR"] == Decimal("0.25000")
    assert done.report.findings["warning"] == 0
    rows, done = resolved(hub, data)
    assert {row["amount"] for row in rows} == {""}
    assert done.report.findings["warning"] == 1
    allocated = record("LI01.01", **name, RightsController="X", RightsType="PerformingRight")
    rows, done = resolved(hub, dsr_reports.report([*records, allocated], blocks=1))
    assert {row["right"] for row in rows} == {"PR"}
    assert sum(Decimal(row["amount"]) for row in rows) == Decimal("1.00001")


@pytest.mark.parametrize("rights", [[], ["PR=25", "MR"], ["XX"], ["PR=x"]])
def test_rights_that_make_no_sense_are_refused(rights: list[str]) -> None:
    with pytest.raises(UsageError):
        weighted(rights)


@given(st.integers(-(10**15), 10**15), st.lists(st.integers(0, 10**8), min_size=1).filter(sum))
def test_parts_of_an_amount_add_up(units: int, weights: list[int]) -> None:
    amount = money(
        f"{'-' if units < 0 else ''}{abs(units) // 10**6}.{abs(units) % 10**6:06d}", "KZT", exact=False
    )
    assert amount is not None
    assert sum(map(Decimal, amount.split(weights))) * 10**6 == units


def test_subjects_stand_in_the_result_as_the_report_states_them(hub: Hub) -> None:
    text = "subject,right,use,territory,on\nISWC:T-912.345.678-0,PER,radio,398,2026-03-15\n"
    rows, done = resolved(hub, text.encode())
    assert done.answered == 1
    assert {(row["subject"], row["right"], row["territory"]) for row in rows} == {
        ("ISWC:T-912.345.678-0", "PER", "398")
    }
