"""A report answered again: which lines would be paid to another society now, by command and over HTTP."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hubs import MANDATES, WORKS, fresh_hub, send
from pyarrow import parquet
from starlette.testclient import TestClient
from typer.testing import CliRunner

from hub.access.keys import create
from hub.api.app import create_app
from hub.cli.app import app
from hub.context import Hub
from hub.db import times
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.errors import UsageError
from hub.jobs.handlers import HANDLERS
from hub.jobs.worker import Worker
from hub.mandates.withdrawals import Notice, withdraw
from hub.usage.rechecking import recheck_usage

HEAD = "line_ref,subject,right,use,territory,on,amount,currency\n"
REPORT = (
    HEAD
    + "a,iswc:T9123456780,PR,radio,KZ,2026-08-15,100.00,KZT\n"
    + "b,iswc:T9123456780,PR,radio,KZ,2026-03-15,100.00,KZT\n"
    + "c,iswc:T9123456780,PR,radio,KZ,2026-08-15,,\n"
    + "d,iswc:T0345246801,PR,radio,KZ,2026-08-15,1.00,KZT\n"
    + "e,nonsense,PR,radio,KZ,2026-08-15,1.00,KZT\n"
)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as opened:
        send(opened, WORKS)
        send(opened, MANDATES)
        yield opened


def known(hub: Hub) -> int:
    with reading(hub.engine) as connection:
        return horizon(connection)


def moved(hub: Hub) -> None:
    """The author's half goes from society 177 to 901 from July on."""
    told = Notice(mandate="M1", notice="2026-01-15", effective="2026-07-01", evidence="x.pdf")
    withdraw(hub, told, "177")
    head, first = MANDATES.splitlines(keepends=True)[:2]
    fresh = first.replace("M1", "N1").replace(",177,", ",901,").replace("2010-01-01", "2026-07-01")
    send(hub, head + fresh, "901")


def recheck(hub: Hub, then: int, now: int | None = None) -> tuple[dict[str, Any], list[dict[str, str]]]:
    out = io.StringIO()
    done = recheck_usage(hub, io.BytesIO(REPORT.encode()), out, then=then, now=now)
    return done.as_json(), list(csv.DictReader(io.StringIO(out.getvalue())))


def test_a_line_that_moved_has_a_row_for_each_society(hub: Hub) -> None:
    then = known(hub)
    summary, rows = recheck(hub, then)
    assert (summary["read"], summary["lines_changed"], rows) == (5, 0, [])
    moved(hub)
    summary, rows = recheck(hub, then)
    told = [
        (row["line_ref"], row["society"], row["payable_then"], row["payable_now"], row["amount_then"],
         row["amount_now"], row["currency"], row["change"])
        for row in rows
    ]  # fmt: skip
    assert told == [
        ("a", "177", "100.00", "50.00", "100.00", "50.00", "KZT", "less_payable"),
        ("a", "901", "0.00", "50.00", "0.00", "50.00", "KZT", "newly_payable"),
        ("c", "177", "100.00", "50.00", "", "", "", "less_payable"),
        ("c", "901", "0.00", "50.00", "", "", "", "newly_payable"),
    ]
    assert summary["lines_changed"] == 2
    assert summary["changes"] == {
        "no_longer_payable": 0, "less_payable": 2, "more_payable": 0, "newly_payable": 2
    }  # fmt: skip
    # As known before the move nothing is different, and the first answers cannot be the later ones.
    assert recheck(hub, then, then)[1] == []
    with pytest.raises(UsageError):
        recheck(hub, known(hub), then)


def test_the_command_writes_the_same(hub: Hub, tmp_path: Path) -> None:
    then = known(hub)
    moved(hub)
    report, out = tmp_path / "report.csv", tmp_path / "changes.csv"
    report.write_text(REPORT, encoding="utf-8")
    argv = ["usage", "changes", str(report), "--since", times.text(then), "-o", str(out), "--json"]
    done = CliRunner().invoke(app, [*argv, "--db", hub.settings.database_url])
    assert done.exit_code == 0, done.output
    summary, rows = recheck(hub, then)
    assert json.loads(done.stdout) == summary
    assert list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8")))) == rows


def test_over_http_with_its_formats(hub: Hub) -> None:
    worker = Worker(hub, HANDLERS)
    mine, theirs = (
        {"Authorization": f"Bearer {create(hub, code, role='society')['key']}"} for code in ("177", "901")
    )
    quiet = Hub(hub.settings, hub.engine)
    client = TestClient(create_app(quiet), raise_server_exceptions=False)

    def done(answer: Any) -> str:
        assert answer.status_code == 202, answer.text
        while worker.work_once():
            pass
        return str(answer.json()["job"])

    first = done(client.post("/v1/usage-reports", content=REPORT, headers=mine))
    rows = client.get(f"/v1/usage-reports/{first}/result", headers=mine).text
    packed = client.get(f"/v1/usage-reports/{first}/result", params={"format": "parquet"}, headers=mine)
    assert packed.headers["content-type"] == "application/vnd.apache.parquet"
    table = parquet.read_table(io.BytesIO(packed.content)).to_pylist()
    plain = list(csv.DictReader(io.StringIO(rows)))
    assert [{**row, "line": str(row["line"])} for row in table] == plain
    moved(hub)
    assert client.post(f"/v1/usage-reports/{first}/changes", headers=theirs).status_code == 404
    again = done(client.post(f"/v1/usage-reports/{first}/changes", headers=mine))
    changed = client.get(f"/v1/usage-reports/{again}/result", headers=mine).text
    assert [row["change"] for row in csv.DictReader(io.StringIO(changed))] == [
        "less_payable", "newly_payable", "less_payable", "newly_payable"
    ]  # fmt: skip
    assert client.post(f"/v1/usage-reports/{again}/changes", headers=mine).status_code == 404
    claims = done(client.post("/v1/usage-reports?format=claims&claimant=177", content=REPORT, headers=mine))
    sent = client.get(f"/v1/usage-reports/{claims}/result", headers=mine)
    assert sent.headers["content-type"].startswith("text/tab-separated-values")
    assert sent.text.startswith("CLHE")
    packed = client.get(f"/v1/usage-reports/{claims}/result?format=parquet", headers=mine)
    assert packed.status_code == 400
    refused = client.post("/v1/usage-reports?claimant=177", content=REPORT, headers=mine)
    assert (refused.status_code, refused.json()["code"]) == (400, "usage")
