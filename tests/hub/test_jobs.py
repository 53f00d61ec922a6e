"""Jobs: queued once, held by one worker, taken over from a lost one, stopped and begun again."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hubs import MANDATES, WORK_HEADER, WORKS, fresh_hub, send
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from hub.access.keys import create
from hub.api.app import create_app
from hub.context import Hub
from hub.db.engine import reading, writing
from hub.db.tables import JOB
from hub.errors import IllegalTransition, NotFound, Surroundings
from hub.intake.submissions import receive
from hub.jobs import queue
from hub.jobs.handlers import HANDLERS, begin_day, pick_up, result_of
from hub.jobs.queue import Job
from hub.jobs.worker import Tell, Worker
from hub.mandates.withdrawals import Notice, settle, withdraw
from hub.usage.reports import hand_in
from hub.usage.resolving import resolve_usage

REPORT = (
    "line_ref,subject,right,use,territory,on,amount,currency\n"
    "a,iswc:T9123456780,PR,radio,KZ,2026-03-15,100.00,KZT\n"
    "b,iswc:T0345246801,PR,radio,KZ,2026-03-15,,\n"
)


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        send(opened, WORKS)
        send(opened, MANDATES)
        yield opened


def test_each_day_deadlines_that_passed_are_logged_once(hub: Hub) -> None:
    filed = withdraw(hub, Notice("R1", "2026-01-05", "2026-07-01"), "052", today=dt.date(2026, 1, 5))["id"]
    later = dt.date(2026, 8, 1)
    looked: list[list[dict[str, str]]] = []
    worker = Worker(hub, {}, daily=lambda of: looked.append(settle(of, today=later)))
    worker.begin_day(later)
    worker.begin_day(later)
    assert [[(step["withdrawal"], step["action"]) for step in found] for found in looked] == [
        [(filed, "deadline"), (filed, "effect")]
    ]
    worker.begin_day(later + dt.timedelta(days=1))
    assert looked[1:] == [[]]


def test_a_day_that_fails_to_begin_is_begun_again(hub: Hub) -> None:
    tried = []

    def daily(_: Hub) -> None:
        tried.append(1)
        if len(tried) == 1:
            raise Surroundings("the database is away")

    worker = Worker(hub, {}, daily=daily)
    with pytest.raises(Surroundings):
        worker.begin_day(dt.date(2026, 1, 1))
    worker.begin_day(dt.date(2026, 1, 1))
    worker.begin_day(dt.date(2026, 1, 1))
    assert len(tried) == 2


def test_a_server_logs_what_the_clock_did(hub: Hub) -> None:
    withdraw(hub, Notice("R1", "2020-01-05", "2020-07-01"), "052", today=dt.date(2020, 1, 5))
    begin_day(hub)
    assert settle(hub) == []


def queued(hub: Hub, subject: str = "x", kind: str = "test", society: str = "177") -> str:
    with writing(hub.engine) as connection:
        return queue.enqueue(connection, kind, society, subject)


def look(hub: Hub, job: str, society: str = "177") -> Job:
    with reading(hub.engine) as connection:
        return queue.find(connection, job, society)


def expire(hub: Hub) -> None:
    with writing(hub.engine) as connection:
        connection.execute(update(JOB).values(lease_until=0))


def test_one_job_about_one_thing_at_a_time(hub: Hub) -> None:
    first = queued(hub)
    assert queued(hub) == first
    assert queued(hub, "y") != first
    assert queued(hub, society="901") != first
    held = queue.claim(hub, "w1")
    assert held is not None
    assert (held.id, held.attempts, held.state) == (first, 1, "running")
    assert queue.finish(hub, held, queue.DONE, result={"n": 1})
    assert look(hub, first).result == {"n": 1}
    assert queued(hub) != first


def test_a_lost_worker_loses_its_job_to_the_next(hub: Hub) -> None:
    name = queued(hub)
    lost = queue.claim(hub, "lost")
    assert lost is not None
    assert queue.claim(hub, "other") is None
    expire(hub)
    other = queue.claim(hub, "other")
    assert other is not None
    assert (other.id, other.attempts) == (name, 2)
    assert queue.renew(hub, lost) == ""
    assert not queue.finish(hub, lost, queue.DONE)
    assert queue.renew(hub, other, {"done": 1}) == "running"
    assert queue.finish(hub, other, queue.DONE)
    assert look(hub, name).state == "done"


def test_a_job_that_kills_its_workers_fails_in_the_end(hub: Hub) -> None:
    name = queued(hub)
    for _ in range(queue.MOST_ATTEMPTS):
        assert queue.claim(hub, "doomed") is not None
        expire(hub)
    assert queue.claim(hub, "wiser") is None
    found = look(hub, name)
    assert (found.state, "lost 5 times" in found.error) == ("failed", True)
    assert queue.retry(hub, name, "177").state == "queued"


def test_a_job_is_its_societys_own(hub: Hub) -> None:
    name = queued(hub)
    for act in (queue.cancel, queue.retry):
        with pytest.raises(NotFound):
            act(hub, name, "901")
    with pytest.raises(IllegalTransition):
        queue.retry(hub, name, "177")
    assert queue.cancel(hub, name, "177").state == "cancelled"
    with pytest.raises(IllegalTransition):
        queue.cancel(hub, name, "177")
    assert queue.retry(hub, name, "177").state == "queued"


def test_a_running_job_is_cancelled_at_its_next_step(hub: Hub) -> None:
    name = queued(hub)
    steps: list[int] = []

    def handler(hub: Hub, job: Job, tell: Tell) -> Mapping[str, Any]:
        for step in range(1000):
            steps.append(step)
            if step == 2:
                queue.cancel(hub, name, "177")
            time.sleep(0.2)
            tell({"step": step})
        return {}

    assert Worker(hub, {"test": handler}).work_once()
    assert look(hub, name).state == "cancelled"
    assert len(steps) < 20


def test_a_stopping_worker_gives_its_job_back(hub: Hub) -> None:
    name = queued(hub)

    def handler(hub: Hub, job: Job, tell: Tell) -> Mapping[str, Any]:
        worker.ask_to_stop()
        tell({})
        return {"never": True}

    worker = Worker(hub, {"test": handler})
    assert worker.work_once()
    found = look(hub, name)
    assert (found.state, found.attempts, found.result) == ("queued", 0, {})


@pytest.mark.parametrize(
    ("fault", "told"),
    [(NotFound("the bytes are gone"), "the bytes are gone"), (RuntimeError("secret"), "a fault of the hub")],
)
def test_a_fault_fails_the_job_and_not_the_worker(hub: Hub, fault: Exception, told: str) -> None:
    name = queued(hub)

    def handler(hub: Hub, job: Job, tell: Tell) -> Mapping[str, Any]:
        raise fault

    worker = Worker(hub, {"test": handler})
    assert worker.work_once()
    found = look(hub, name)
    assert found.state == "failed"
    assert told in found.error
    assert "secret" not in found.error
    assert not worker.work_once()


@pytest.mark.parametrize(
    ("hindrance", "told"),
    [
        (Surroundings("another run is at it"), "another run is at it"),
        # As PostgreSQL ends one of two transactions that wait for each other.
        (
            OperationalError("SELECT", {}, Exception("deadlock")),
            "the database failed; the operator has been told",
        ),
    ],
)
def test_what_the_surroundings_hinder_is_put_off_and_tried_again(
    hub: Hub, hindrance: Exception, told: str
) -> None:
    name = queued(hub)
    tried: list[int] = []

    def handler(hub: Hub, job: Job, tell: Tell) -> Mapping[str, Any]:
        tried.append(job.attempts)
        if len(tried) < 3:
            raise hindrance
        return {"n": 1}

    worker = Worker(hub, {"test": handler})
    while look(hub, name).active:
        if not worker.work_once():
            assert look(hub, name).error.startswith(told)
            expire(hub)
    assert tried == [1, 2, 3]
    found = look(hub, name)
    assert (found.state, found.result, found.error) == ("done", {"n": 1}, "")


def test_what_the_surroundings_hinder_for_ever_fails(hub: Hub) -> None:
    name = queued(hub)

    def handler(hub: Hub, job: Job, tell: Tell) -> Mapping[str, Any]:
        raise Surroundings("the disk is full")

    worker = Worker(hub, {"test": handler})
    for _ in range(queue.MOST_ATTEMPTS):
        assert worker.work_once()
        expire(hub)
    assert not worker.work_once()
    found = look(hub, name)
    assert (found.state, found.error, found.attempts) == ("failed", "the disk is full", queue.MOST_ATTEMPTS)


def test_a_job_that_the_program_does_not_know_fails(hub: Hub) -> None:
    name = queued(hub, kind="from-the-future")
    assert Worker(hub, HANDLERS).work_once()
    assert "from-the-future" in look(hub, name).error


def test_a_usage_report_as_a_job_says_what_the_command_says(hub: Hub) -> None:
    name = hand_in(hub, io.BytesIO(REPORT.encode()), "901")
    # What arrives meanwhile does not change it: the instant was fixed when it was handed in.
    send(hub, WORKS.replace("50,50", "40,50"), "177")
    assert Worker(hub, HANDLERS).work_once()
    found = look(hub, name, "901")
    assert (found.state, found.result["read"], found.result["unknown"]) == ("done", 2, 1)
    expected = io.StringIO(newline="")
    resolve_usage(hub, io.BytesIO(REPORT.encode()), expected, known_at=found.payload["known_at"])
    assert result_of(hub, name).read_bytes().decode() == expected.getvalue()


def test_submissions_left_without_a_job_are_picked_up(hub: Hub) -> None:
    left = receive(hub, io.BytesIO((WORK_HEADER + "N1,NEW,,W,,CA,177,100,,\n").encode()), "177")
    pick_up(hub)
    pick_up(hub)
    assert Worker(hub, HANDLERS).work_once()
    assert not Worker(hub, HANDLERS).work_once()
    with reading(hub.engine) as connection:
        job = queue.latest(connection, "submission", left.public_id, "177")
    assert job is not None
    assert (job.state, job.result["status"]) == ("done", "accepted")


@pytest.fixture
def client(hub: Hub) -> Iterator[TestClient]:
    with TestClient(create_app(hub), raise_server_exceptions=False) as opened:
        yield opened


def key(hub: Hub, society: str = "177") -> dict[str, str]:
    return {"Authorization": f"Bearer {create(hub, society)['key']}"}


def events(text: str) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for block in filter(None, text.replace("\r\n", "\n").split("\n\n")):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        found.append((fields["event"], json.loads(fields["data"])))
    return found


def test_a_usage_report_over_http(hub: Hub, client: TestClient) -> None:
    mine, theirs = key(hub, "901"), key(hub, "177")
    sent = client.post("/v1/usage-reports", content=REPORT, headers=mine)
    assert (sent.status_code, sent.json()["state"]) == (202, "queued")
    where = sent.headers["Location"]
    name = sent.json()["job"]
    told = events(client.get(f"{where}/events", headers=mine).text)
    assert told[-1][1]["state"] == "done"
    assert {kind for kind, _ in told} == {"progress"}
    result = client.get(f"/v1/usage-reports/{name}/result", headers=mine)
    assert result.headers["content-type"].startswith("text/csv")
    assert result.text.splitlines()[1].startswith("2,a,iswc:T9123456780,PR,radio,KZ,2026-03-15")
    for url in (where, f"{where}/events", f"/v1/usage-reports/{name}/result"):
        assert client.get(url, headers=theirs).status_code == 404
    assert client.post(f"{where}/cancel", headers=theirs).status_code == 404
    assert client.post(f"{where}/cancel", headers=mine).status_code == 409
    listed = client.get("/v1/jobs", params={"state": "done"}, headers=mine).json()
    assert [item["job"] for item in listed] == [name]


def test_a_repeated_key_is_the_same_call(hub: Hub, client: TestClient) -> None:
    headers = {**key(hub), "Idempotency-Key": "k-1"}
    feed = WORK_HEADER + "N1,NEW,,W,,CA,177,100,,\n"
    first = client.post("/v1/submissions", content=feed, headers=headers).json()
    told = events(client.get(f"/v1/submissions/{first['submission']}/events", headers=headers).text)
    assert told[-1][0] == "end"
    assert told[-1][1]["status"] == "accepted"
    again = client.post("/v1/submissions", content=feed, headers=headers)
    assert (again.status_code, again.json()["job"]) == (202, first["job"])
    assert (again.json()["submission"], again.json()["status"]) == (first["submission"], "accepted")
    other = client.post("/v1/submissions", content=feed.replace("NEW", "OTHER"), headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "repeated_key")
    elsewhere = {**key(hub, "901"), "Idempotency-Key": "k-1"}
    assert client.post("/v1/submissions", content=feed, headers=elsewhere).status_code == 202
    without = client.post("/v1/submissions", content=feed, headers=key(hub))
    assert without.json()["status"] == "unchanged"
    report = {**headers, "Idempotency-Key": "k-2"}
    jobs = [client.post("/v1/usage-reports", content=REPORT, headers=report).json()["job"] for _ in range(2)]
    assert jobs[0] == jobs[1]


def test_a_killed_worker_process_is_replaced_and_the_result_is_the_same(tmp_path: Path) -> None:
    rows = "".join(f"W{n},TITLE {n},,WRITER {n % 7},90000000109,CA,177,100,100,\n" for n in range(3_000))
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    with fresh_hub(url, tmp_path) as hub:
        name = receive(hub, io.BytesIO((WORK_HEADER + rows).encode()), "177", queued=True).job
        places = {"HUB_DATABASE_URL": url, "HUB_DATA_DIR": str(tmp_path / "data")}
        environment = {**os.environ, **places, "HUB_BATCH_SIZE": "50"}
        argv = [sys.executable, "-c", "from hub.cli.app import main; main()", "worker"]
        with subprocess.Popen(argv, env=environment, stderr=subprocess.DEVNULL) as child:
            while look(hub, name).progress.get("records", 0) < 100:
                time.sleep(0.05)
            os.kill(child.pid, signal.SIGKILL)
        assert look(hub, name).state == "running"
        expire(hub)
        subprocess.run([*argv, "--until-idle"], env=environment, check=True, stderr=subprocess.DEVNULL)
        found = look(hub, name)
        assert (found.state, found.attempts) == ("done", 2)
        assert found.result["counts"] == {"read": 3000, "stored": 3000, "rejected": 0, "unchanged": 0}
