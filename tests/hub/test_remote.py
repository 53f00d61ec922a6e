"""``--remote URL``: commands say the same of a hub elsewhere as of its database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hubs import MANDATES, WORK_HEADER, WORKS, fresh_hub, send
from live_server import serving
from typer.testing import CliRunner

from hub.access.keys import create
from hub.cli.app import app
from hub.cli.remote import KEY
from hub.client import Refused
from hub.conflicts.finding import refresh
from hub.context import Hub
from hub.errors import UsageError

QUESTION = ("iswc:T9123456780", "--right", "PR", "--use", "radio", "--territory", "KZ")
REPORT = (
    "line_ref,subject,right,use,territory,on,amount,currency\n"
    "a,iswc:T9123456780,PR,radio,KZ,2026-03-15,100.00,KZT\n"
    "b,iswc:T0345246801,PR,radio,KZ,2026-03-15,,\n"
)
Run = Callable[..., list[Any]]


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as opened:
        send(opened, WORKS)
        send(opened, MANDATES)
        head, first = MANDATES.splitlines(keepends=True)[:2]
        send(opened, head + first.replace("M1", "N1").replace(",177,", ",901,"), "901")
        refresh(opened)
        yield opened


@pytest.fixture
def both(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Run, Run]]:
    """Runs a command on the database, and over HTTP; each gives the lines of JSON that it printed."""
    monkeypatch.setenv(KEY, create(hub, "177")["key"])
    with serving(hub) as url:

        def runner(*place: str) -> Run:
            def run(*argv: str, code: int = 0) -> list[Any]:
                done = CliRunner().invoke(app, [*argv, *place, "--json"])
                if done.exception is not None and not isinstance(done.exception, SystemExit):
                    raise done.exception
                assert done.exit_code == code, done.output
                return [json.loads(line) for line in done.stdout.splitlines()]

            return run

        yield runner("--db", hub.settings.database_url), runner("--remote", url)


def test_questions_searches_and_conflicts(both: tuple[Run, Run]) -> None:
    here, there = both
    for argv in (
        ("who-to-pay", *QUESTION, "--on", "2026-03-15", "--amount", "1000", "--currency", "KZT"),
        ("who-to-pay", *QUESTION, "--from", "2026-01-01", "--to", "2027-01-01"),
        ("search", "ЖАЗҒЫ КЕШ"),
        ("conflicts", "list"),
        ("conflicts", "list", "--society", "901", "--limit", "1"),
    ):
        told = here(*argv)
        assert told, argv
        assert told[0], argv
        assert there(*argv) == told, argv
    name = here("conflicts", "list")[0][0]["id"]
    assert there("conflicts", "show", name) == here("conflicts", "show", name)
    with pytest.raises(Refused) as refused:
        there("who-to-pay", "iswc:T0345246801", *QUESTION[1:], "--on", "2026-03-15")
    assert (refused.value.code, refused.value.exit_code) == ("unknown_subject", 1)


def test_a_usage_report(both: tuple[Run, Run], tmp_path: Path) -> None:
    here, there = both
    report, out, other = (tmp_path / name for name in ("report.csv", "here.csv", "there.csv"))
    report.write_text(REPORT, encoding="utf-8")
    assert there("usage", "resolve", str(report), "-o", str(other)) == here(
        "usage", "resolve", str(report), "-o", str(out)
    )
    assert other.read_bytes() == out.read_bytes()


def test_files_are_sent_and_their_findings_come_back(both: tuple[Run, Run], tmp_path: Path) -> None:
    here, there = both
    file, findings = tmp_path / "works.csv", tmp_path / "findings.ndjson"
    file.write_text(WORK_HEADER + "N1,NEW,,W,,CA,177,100,100,\nN2,BAD,,W,,CA,177,x,100,\n", encoding="utf-8")
    argv = ("ingest", str(file), "--as", "177", "--findings", str(findings))
    [told] = there(*argv, code=1)
    assert told["counts"] == {"read": 2, "stored": 1, "rejected": 1, "unchanged": 0}
    listed = [json.loads(line) for line in findings.read_text(encoding="utf-8").splitlines()]
    assert {item["submission"] for item in listed} == {told["submission"]}
    assert there(*argv, code=1) == here(*argv, code=1)
    here_listed = [json.loads(line) for line in findings.read_text(encoding="utf-8").splitlines()]
    assert here_listed == listed
    with pytest.raises(UsageError, match="speaks for 177"):
        there("ingest", str(file), "--as", "901")


def test_it_takes_a_key_and_no_database(both: tuple[Run, Run], monkeypatch: pytest.MonkeyPatch) -> None:
    _, there = both
    with pytest.raises(UsageError, match="give one of them"):
        there("search", "x", "--db", "sqlite://")
    monkeypatch.delenv(KEY)
    with pytest.raises(UsageError, match=KEY):
        there("search", "x")
