"""Usage reports and batches: every line once, exact sums, the same answers as one by one."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import dsr_reports
import pytest
from hubs import MANDATES, WORK_HEADER, WORKS, answer, fresh_hub, send
from starlette.testclient import TestClient

from hub.access.keys import create
from hub.answers import batch, book
from hub.answers.batch import Desk
from hub.answers.question import ask
from hub.api.app import create_app
from hub.context import Hub
from hub.db import times
from hub.db.engine import reading
from hub.errors import UnknownSubject, UsageError
from hub.usage.resolving import RESULT, resolve_usage
from hub.usage.totals import Resolved

HEADER = "line_ref,subject,right,use,territory,on,amount,currency\n"
KNOWN = "iswc:T9123456780,PR,radio,KZ,2026-03-15"


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        send(opened, WORKS)
        send(opened, MANDATES)
        yield opened


def resolved(hub: Hub, text: str, known_at: int | None = None) -> tuple[list[dict[str, str]], Resolved]:
    result = io.StringIO()
    done = resolve_usage(hub, io.BytesIO(text.encode()), result, known_at=known_at)
    return list(csv.DictReader(io.StringIO(result.getvalue()))), done


def test_every_line_is_answered_once_and_sums_are_exact(hub: Hub) -> None:
    report = HEADER + "".join(f"L{n},{KNOWN},{n}.0{n % 10},KZT\n" for n in range(50))
    report += "X1,iswc:T9000000011,PR,radio,KZ,2026-03-15,7.00,KZT\nX2,nonsense,PR,radio,KZ,2026-03-15,,\n"
    rows, done = resolved(hub, report)
    assert (done.read, done.answered, done.unknown, done.unreadable) == (52, 50, 1, 1)
    assert (done.questions, done.rows) == (2, len(rows))
    for number in range(50):
        of_line = [row for row in rows if row["line_ref"] == f"L{number}"]
        assert sum(Decimal(row["share"]) for row in of_line) == 100
        assert sum(Decimal(row["amount"]) for row in of_line) == Decimal(f"{number}.0{number % 10}")
        assert {row["society"] for row in of_line} == {"177"}
    assert [(row["status"], row["reasons"]) for row in rows if row["line_ref"] == "X1"] == [
        ("unclaimed", "unknown_subject")
    ]
    assert [row["status"] for row in rows if row["line_ref"] == "X2"] == ["unreadable"]
    assert tuple(rows[0]) == RESULT
    assert done.as_json()["lines_by_status"] == {"payable": "5000.00", "unclaimed": "100.00"}


def test_a_report_as_known_earlier_is_the_same_report(hub: Hub) -> None:
    report = f"{HEADER}L1,{KNOWN},10.00,KZT\n"
    first, done = resolved(hub, report)
    send(hub, WORKS.replace("K1", "B1").replace(",50,50,", ",40,50,"), "901")
    assert resolved(hub, report)[0] != first
    assert resolved(hub, report, times.parse(done.known_at))[0] == first


def test_a_name_that_looks_like_a_formula_is_made_harmless(hub: Hub) -> None:
    send(hub, f"{WORK_HEADER}F1,=cmd|'/c calc'!A1,,@SUM(A1),,CA,177,100,100,\n")
    rows, _ = resolved(hub, f"{HEADER}L1,society-code:177:F1,PR,radio,KZ,2026-03-15,,\n")
    assert rows[0]["title"].startswith("'=")
    assert rows[0]["party"].startswith("'@")


def test_a_report_without_its_columns_is_refused(hub: Hub) -> None:
    with pytest.raises(UsageError, match="lacks the columns subject"):
        resolved(hub, "a,b\n1,2\n")
    with pytest.raises(UsageError, match="not UTF-8"):
        resolve_usage(hub, io.BytesIO(b"\xff\xfe\n"), io.StringIO())


def test_a_desk_answers_as_one_question_does_and_forgets_safely(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "REMEMBERED", 1)
    monkeypatch.setattr(book, "GRANTORS", 2)
    with reading(hub.engine) as connection:
        desk = Desk(connection)
        for use in ("radio", "tv", "radio", "tv", "radio"):
            asked = ask(
                "iswc:T9123456780", right="PR", use=use, territory="KZ", on="2026-03-15",
                amount="0.07", currency="KZT",
            )  # fmt: skip
            one = answer(hub, use=use, amount="0.07", currency="KZT")
            assert desk.answer(asked).as_json() == one
        assert desk.resolved == 5
        for _ in range(2):
            with pytest.raises(UnknownSubject):
                desk.answer(ask("work:nothing", right="PR", use="tv", territory="KZ", on="2026-03-15"))
        assert desk.resolved == 6


def test_a_batch_over_http_keeps_order_and_reports_faults_in_place(hub: Hub) -> None:
    terms = {"right": "PR", "use": "radio", "territory": "KZ", "on": "2026-03-15"}
    questions = [
        {"subject": "iswc:T9123456780", **terms},
        {"subject": "iswc:T9000000011", **terms},
        {"subject": "nonsense", **terms},
        {"subject": "iswc:T9123456780", **terms, "amount": "10.00", "currency": "KZT"},
    ]
    headers = {"Authorization": f"Bearer {create(hub, '177')['key']}"}
    with TestClient(create_app(hub)) as client:
        found = client.post("/v1/who-to-pay/batch", json={"questions": questions}, headers=headers)
        assert found.status_code == 200
        answers = found.json()["answers"]
        assert answers[0] == answer(hub)
        assert [item.get("error") for item in answers] == [None, "unknown_subject", "usage", None]
        assert [line["amount"] for line in answers[3]["lines"]] == ["5.00", "2.50", "2.50"]
        again = client.post(
            "/v1/who-to-pay/batch",
            json={"questions": questions, "known_at": found.json()["known_at"]},
            headers=headers,
        )
        assert again.content == found.content
        many = client.post(
            "/v1/who-to-pay/batch", json={"questions": [questions[0]] * 10_001}, headers=headers
        )
        assert many.status_code == 422
        assert client.post("/v1/who-to-pay/batch", json={"questions": questions}).status_code == 401


def test_a_sales_report_is_answered_for_each_right(hub: Hub, tmp_path: Path) -> None:
    feed = dsr_reports.report(
        [
            *dsr_reports.block(1, isrc="KZA012500099", iswc="T9123456780", streams="70"),
            *dsr_reports.block(2, isrc="KZA012500098"),
            *dsr_reports.block(3, title="=cmd()"),
        ],
        blocks=3,
    )
    for data in (feed, gzip.compress(feed)):
        result = io.StringIO()
        done = resolve_usage(hub, io.BytesIO(data), result)
        rows = list(csv.DictReader(io.StringIO(result.getvalue())))
        assert (done.read, done.answered, done.unknown, done.unreadable) == (6, 2, 4, 0)
        first = [row for row in rows if (row["line_ref"], row["right"]) == ("R1", "PR")]
        # The recording is not known here, so its work is asked for.
        assert {row["subject"] for row in first} == {"iswc:T9123456780"}
        assert sum(Decimal(row["share"]) for row in first) == 100
        assert {(row["territory"], row["on"], row["usages"]) for row in first} == {("KZ", "2026-03-01", "70")}
        terms = {"use": "on-demand-stream", "on": "2026-03-01"}
        assert [row["share"] for row in first] == [line["share"] for line in answer(hub, **terms)["lines"]]
    told = done.as_json()
    assert (told["format"], told["findings"]) == ("dsr", {"error": 0, "warning": 0})
    with pytest.raises(UsageError, match="'XX'"):
        resolve_usage(hub, io.BytesIO(feed), io.StringIO(), rights=["XX"])


def test_a_sales_report_is_no_repertoire(hub: Hub) -> None:
    found = send(hub, dsr_reports.report(dsr_reports.block(1), blocks=1))
    assert (found.status, found.as_json()["findings"]["error"]) == ("rejected", 1)
