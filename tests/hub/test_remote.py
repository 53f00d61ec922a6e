"""``--remote URL``: commands say the same of a hub elsewhere as of its database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hubs import MANDATES, WORK_HEADER, WORKS, fresh_hub, send
from linked_hubs import RECORDING_HEADER
from live_server import serving
from sqlalchemy import select
from typer.testing import CliRunner

from hub.access.keys import create
from hub.cli.app import app
from hub.cli.remote import KEY
from hub.client import Refused
from hub.conflicts.finding import refresh
from hub.context import Hub
from hub.db import times
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.db.tables import SUBJECT
from hub.errors import UsageError

QUESTION = ("iswc:T9123456780", "--right", "PR", "--use", "radio", "--territory", "KZ")
REPORT = (
    "line_ref,subject,right,use,territory,on,amount,currency\n"
    "a,iswc:T9123456780,PR,radio,KZ,2026-03-15,100.00,KZT\n"
    "b,iswc:T0345246801,PR,radio,KZ,2026-03-15,,\n"
)
Run = Callable[..., list[Any]]
CWR = Path(__file__).parents[1] / "golden/cwr/2.1/NWR.cwr"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as opened:
        send(opened, WORKS)
        send(opened, MANDATES)
        head, first = MANDATES.splitlines(keepends=True)[:2]
        send(opened, head + first.replace("M1", "N1").replace(",177,", ",901,"), "901")
        refresh(opened)
        # Notices may go to this machine, so that no test calls anybody.
        yield Hub(replace(opened.settings, webhook_plain=True, webhook_private=True), opened.engine)


@pytest.fixture
def both(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Run, Run]]:
    """Runs a command on the database, and over HTTP; each gives the lines of JSON that it printed."""
    monkeypatch.setenv(KEY, create(hub, "177")["key"])
    monkeypatch.setenv("HUB_DATA_DIR", str(hub.settings.data_dir))
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
        assert same(both, *argv), argv
    name = here("conflicts", "list")[0][0]["id"]
    same(both, "conflicts", "show", name)
    with pytest.raises(Refused) as refused:
        there("who-to-pay", "iswc:T0345246801", *QUESTION[1:], "--on", "2026-03-15")
    assert (refused.value.code, refused.value.exit_code) == ("unknown_subject", 1)


def test_a_usage_report(both: tuple[Run, Run], tmp_path: Path) -> None:
    here, there = both
    report, out, other = (tmp_path / name for name in ("report.csv", "here.csv", "there.csv"))
    report.write_text(REPORT, encoding="utf-8")
    # The hub there keeps the sums of what was handed in, so that more is known afterwards.
    told = here("usage", "resolve", str(report), "-o", str(out))
    assert there("usage", "resolve", str(report), "-o", str(other)) == told
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


def same(both: tuple[Run, Run], *argv: str, code: int = 0) -> Any:
    """What a command prints here, which must be what it prints there."""
    here, there = both
    told = here(*argv, code=code)
    assert json.dumps(there(*argv, code=code)) == json.dumps(told), argv
    return told[0]


def test_mandates_and_withdrawals(both: tuple[Run, Run]) -> None:
    _, there = both
    mandates = same(both, "mandates", "list")
    assert len(mandates) == 5
    assert same(both, "mandates", "list", "--holder", "052")
    assert same(both, "mandates", "list", "--known-at", "2001-01-01") == []
    same(both, "mandates", "show", mandates[0]["id"])
    notice = ("withdraw", "--mandate", "M1", "--notice", "2025-12-20", "--as", "177", "--uses", "radio")
    filed = there(*notice)[0]
    assert filed["status"] == "filed"
    assert same(both, *notice) == {**filed, "status": "unchanged"}
    drafted = there(*notice[:-1], "tv", "--draft", "--language", "ru")[0]
    assert drafted["status"] == "drafted"
    assert same(both, *notice[:-1], "tv", "--draft", "--language", "ru")["findings"] == drafted["findings"]
    name = drafted["id"]
    for words in (("file", name), ("remark", name, "--reason", "by letter", "--evidence", "letter 1")):
        done = there("withdrawals", *words, "--as", "177")[0]
        assert done["status"] == "done"
        assert words[0] in {act["action"] for act in done["history"]}
    assert same(both, "withdrawals", "remark", name, "--reason", "by letter", "--evidence", "letter 1",
                "--as", "177")["status"] == "unchanged"  # fmt: skip
    assert len(same(both, "withdrawals", "list", "--as", "177")) == 2
    assert same(both, "withdrawals", "list", "--as", "177", "--mandate", "M1", "--on", "2030-01-01")
    assert same(both, "withdrawals", "list", "--as", "177", "--state", "drafted") == []
    same(both, "withdrawals", "show", name, "--as", "177", "--language", "kk")
    same(both, "withdrawals", "preview", name, "--as", "177", "--limit", "1")
    with pytest.raises(UsageError, match="speaks for 177"):
        there("withdrawals", "list", "--as", "901")
    with pytest.raises(Refused, match="takes no"):
        there("withdrawals", "contest", name, "--as", "177", "--reason", "no", "--evidence", "x")


def test_conflicts_are_claimed_and_settled(
    both: tuple[Run, Run], hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = both
    name = here("conflicts", "list")[0][0]["id"]
    claim = ("conflicts", "claim", name, "--as", "177", "--reason", "older", "--evidence", "contract")
    assert there(*claim)[0]["state"] == "claimed"
    assert same(both, *claim)["status"] == "unchanged"
    ruling = ("--reason", "ruling", "--evidence", "ruling 12")
    with pytest.raises(Refused) as refused:
        there("conflicts", "settle", name, "--as", "177", "--winner", "M1", *ruling)
    assert refused.value.status in (403, 409)
    monkeypatch.setenv(KEY, create(hub, "", role="operator")["key"])
    settled = there("conflicts", "settle", name, "--winner", "M1", *ruling)[0]
    assert settled["settlement"]["reason"] == "ruling"
    assert there("conflicts", "reopen", name, *ruling[:-1], "ruling 13")[0]["state"] == "reopened"
    same(both, "conflicts", "show", name)


def test_people_are_kept(both: tuple[Run, Run], hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    _, there = both
    with pytest.raises(Refused, match="scope"):
        there("user", "list")
    monkeypatch.setenv(KEY, create(hub, "", role="operator")["key"])
    made = there("user", "add", "Aigul", "--as", "177", "--scopes", "read, usage")[0]
    assert (made["user"], made["scopes"], len(made["password"]) > 12) == ("aigul", ["read", "usage"], True)
    assert [item["user"] for item in same(both, "user", "list", "--society", "177")] == ["aigul"]
    assert there("user", "disable", "Aigul") == [{"user": "aigul", "status": "disabled"}]
    assert same(both, "user", "list")[0]["disabled"]
    assert same(both, "user", "enable", "aigul") == {"user": "aigul", "status": "enabled"}
    assert there("user", "password", "aigul")[0]["password"] != made["password"]
    assert same(both, "user", "sign-out", "aigul") == {"user": "aigul", "sessions": 0}
    with pytest.raises(UsageError, match="made up by the hub"):
        there("user", "password", "aigul", "--password-stdin")


def test_changes_and_payments(
    both: tuple[Run, Run], hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with reading(hub.engine) as connection:
        since = times.text(horizon(connection))
    send(hub, WORKS.replace("50,50", "40,40"))
    send(hub, WORK_HEADER + "N1,NEW,,HARTLEY JANE,90000003887,CA,177,100,100,\n")
    terms = ("--right", "PR", "--use", "radio", "--territory", "KZ", "--on", "2026-03-15", "--since", since)
    for more in ((), ("--limit", "1"), ("--limit", "2")):
        told = same(both, "changes", "--as", "177", *terms, *more)
        assert (len(told["changes"]), told["next"] is None) == (
            2 if more != ("--limit", "1") else 1,
            not more,
        )
    first = same(both, "changes", "--as", "177", *terms, "--limit", "1")
    rest = same(both, "changes", "--as", "177", *terms, "--after", str(first["next"]))
    assert (len(rest["changes"]), rest["next"]) == (1, None)
    file = tmp_path / "payments.csv"
    head = "payment_ref,subject,right,use,territory,on,society,share,paid_at\n"
    paid = "p{0},iswc:T9123456780,PR,radio,KZ,2026-03-15,177,{0}00,2026-11-01\n"
    file.write_text(head + "".join(paid.format(number) for number in range(5)), encoding="utf-8")
    monkeypatch.setattr("hub.cli.changes.TOGETHER", 2)
    here, there = (run("payments", "check", str(file), code=1) for run in both)
    assert json.dumps(here) == json.dumps(there)
    assert [item["line"] for item in there] == [2, 3, 4, 5, 6]


def test_acknowledgements_and_jobs(both: tuple[Run, Run], tmp_path: Path) -> None:
    here, there = both
    sent = there("ingest", str(CWR), "--as", "177", code=1 if faulty(CWR) else 0)[0]["submission"]
    out, other = tmp_path / "here.ack", tmp_path / "there.ack"
    told = there("ack", sent, "-o", str(other))
    again = here("ack", sent, "-o", str(out))
    assert {**told[0], "file_name": ""} == {**again[0], "file_name": ""}
    assert told[0]["counts"]["transactions"] > 0
    assert other.read_bytes().splitlines()[1:] == out.read_bytes().splitlines()[1:]
    jobs = same(both, "jobs", "list", "--society", "177")
    assert [item["kind"] for item in jobs] == ["submission"]
    assert same(both, "jobs", "list", "--society", "177", "--state", "failed") == []
    with pytest.raises(UsageError, match="speaks for 177"):
        there("jobs", "list", "--society", "901")


def faulty(file: Path) -> bool:
    """Whether the file of the golden set has findings of error severity."""
    told = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    return "error" in json.dumps(told)


def test_pairs_are_judged(both: tuple[Run, Run], hub: Hub) -> None:
    here, there = both
    send(hub, WORK_HEADER + "Z1,ЖАЗҒЫ КЕШ,T9123456780,SOMEBODY ELSE,,CA,901,100,100,\n", "901")
    names = [item["id"] for item in here("search", "T9123456780")[0]]
    left, right = (names * 2)[:2] if len(names) > 1 else (names[0], members(hub)[-1])
    assert same(both, "review", "list", "--limit", "5") is not None
    judged = ("review", "decide", left, right, "different", "--reason", "heard both")
    assert there(*judged)[0]["author"] == "177"
    assert here(*judged, "--by", "177") == there(*judged, "--by", "177")
    undone = there("review", "undo", left, right)[0]
    assert (undone["verdict"], undone["undone"]) == ("negative", True)
    with pytest.raises(UsageError, match="speaks for 177"):
        there(*judged, "--by", "901")


def members(hub: Hub) -> list[str]:
    with reading(hub.engine) as connection:
        works = select(SUBJECT.c.public_id).where(SUBJECT.c.kind == "work").order_by(SUBJECT.c.id)
        return list(connection.scalars(works))


def test_the_register_of_societies(both: tuple[Run, Run]) -> None:
    listed = same(both, "societies", "list")
    assert {"177", "901"} <= {item["code"] for item in listed}
    assert same(both, "societies", "list", "--known-at", "2001-01-01") == []
    both[0](
        "societies", "accredit", "177", "--territory", "KZ", "--right", "PR", "--from", "2020-01-01",
        "--reason", "certificate 12", "--evidence", "certificate 12",
    )  # fmt: skip
    shown = same(both, "societies", "show", "177")
    assert [len(shown[part]) for part in ("versions", "papers")] == [2, 1]
    with pytest.raises(Refused) as refused:
        both[1]("societies", "show", "999")
    assert refused.value.status == 404


def test_keys_are_made_replaced_and_ended(
    both: tuple[Run, Run], hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = both
    made = there("keys", "create", "--as", "177", "--scopes", "read, usage", "--label", "website")[0]
    assert set(made) == set(here("keys", "create", "--as", "177")[0])
    assert (made["society"], made["scopes"]) == ("177", ["read", "usage"])
    next_one = there("keys", "rotate", made["prefix"], "--overlap-hours", "1")[0]
    assert next_one["instead_of"] == made["prefix"]
    assert there("keys", "revoke", next_one["prefix"]) == [
        {"prefix": next_one["prefix"], "status": "revoked"}
    ]
    shown = {item["prefix"]: item for item in there("keys", "list")[0]}
    assert shown[next_one["prefix"]]["revoked"]
    assert shown[made["prefix"]]["label"] == "website"
    with pytest.raises(UsageError, match="of its own role"):
        there("keys", "create", "--role", "auditor")
    with pytest.raises(UsageError, match="speaks for 177"):
        there("keys", "create", "--as", "901")
    monkeypatch.setenv(KEY, "hub_00000000_unknown")
    with pytest.raises(Refused):
        there("keys", "list")
    monkeypatch.setenv(KEY, create(hub, "", role="operator")["key"])
    assert [item["code"] for item in same(both, "keys", "denied", "--limit", "5")] == ["not_authenticated"]
    # Whoever runs the hub sees everybody's.
    assert {item["prefix"] for item in there("keys", "list")[0]} > {made["prefix"]}


def test_webhooks_are_kept(both: tuple[Run, Run]) -> None:
    here, there = both
    address = "http://127.0.0.1:9/hub"
    made = there("webhook", "add", address, "--as", "177", "--events", "job.ended", "--label", "x")[0]
    assert made["secret"].startswith("whsec_")
    name = made["webhook"]
    assert [item["url"] for item in same(both, "webhook", "list")] == [address]
    tried = there("webhook", "test", name)[0]["delivery"]
    assert [item["delivery"] for item in same(both, "webhook", "log", name)] == [tried]
    assert there("webhook", "resend", name, tried)[0]["delivery"] == tried
    assert there("webhook", "rotate", name)[0]["secret"] != made["secret"]
    assert same(both, "webhook", "enable", name)["webhook"] == name
    assert there("webhook", "remove", name) == [{"webhook": name, "status": "removed"}]
    assert here("webhook", "list") == [[]]
    with pytest.raises(UsageError, match="speaks for 177"):
        there("webhook", "add", address, "--as", "901")


def test_a_file_of_questions(both: tuple[Run, Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = both
    file = tmp_path / "questions.csv"
    row = "iswc:T9123456780,PR,radio,KZ,2026-03-15,1000.00,KZT\n"
    file.write_text(
        "subject,right,use,territory,on,amount,currency\n"
        + row * 3 + "iswc:T0345246801,PR,radio,KZ,2026-03-15,,\niswc:T9123456780,PR,dancing,KZ,soon,,\n",
        encoding="utf-8",
    )  # fmt: skip
    monkeypatch.setattr("hub.cli.question_file.TOGETHER", 2)
    [at] = {item["question"]["known_at"] for item in here("who-to-pay", *QUESTION, "--on", "2026-03-15")}
    argv = ("who-to-pay-batch", str(file), "--known-at", at)
    told = here(*argv, code=1)
    assert json.dumps(there(*argv, code=1)) == json.dumps(told)
    assert told[0] == told[2] == here(
        "who-to-pay", *QUESTION, "--on", "2026-03-15", "--amount", "1000.00", "--currency", "KZT",
        "--known-at", at,
    )[0]  # fmt: skip
    assert [item.get("error") for item in told] == [None, None, None, "unknown_subject", "usage"]
    assert there(*argv[:2], code=1)[0]["lines"] == told[0]["lines"]
    out = tmp_path / "answers.ndjson"
    counts = {"questions": 5, "unanswered": 2}
    assert same(both, *argv, "-o", str(out), code=1) == {"known_at": at, "counts": counts}
    assert [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()] == told
    file.write_text("subject,right\nx,PR\n", encoding="utf-8")
    with pytest.raises(UsageError, match="lacks the columns"):
        here(*argv)


def test_it_takes_a_key_and_no_database(both: tuple[Run, Run], monkeypatch: pytest.MonkeyPatch) -> None:
    _, there = both
    with pytest.raises(UsageError, match="give one of them"):
        there("search", "x", "--db", "sqlite://")
    monkeypatch.delenv(KEY)
    with pytest.raises(UsageError, match=KEY):
        there("search", "x")


def test_all_recordings_are_looked_at_together(
    hub: Hub, both: tuple[Run, Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, there = both
    rows = {"901": "R1,,Golden Serenade,Jane Hartley,200,2019,\n", "911": "Q1,,Silver Tide,Mara Ben,180,,\n"}
    for submitter, row in rows.items():
        send(hub, RECORDING_HEADER + row, submitter)
    with pytest.raises(Refused) as refused:
        there("match", "together")
    assert refused.value.code == "not_allowed"
    monkeypatch.setenv(KEY, create(hub, "", role="operator")["key"])
    found = same(both, "match", "together")
    assert found["recordings"] == len(rows)
    assert there("match", "together", "--back", "--reason", "tried out")[0]["withdrawn"] == 0
    with pytest.raises(UsageError, match="neither link nor distinct"):
        there("match", "together", "--back", "--link", "--reason", "no more")
