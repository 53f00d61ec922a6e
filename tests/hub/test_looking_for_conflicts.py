"""No request waits for a look at the whole register: a worker looks, and page and interface say so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hubs import MANDATE_HEADER, MANDATES, WORKS, fresh_hub, send
from signed_in import Browser
from sqlalchemy import func, select
from starlette.testclient import TestClient

from hub.access.keys import create
from hub.api.app import create_app
from hub.conflicts import looking
from hub.conflicts.changed import MARK
from hub.conflicts.finding import FINDERS, refresh
from hub.context import Hub
from hub.db.counters import marks
from hub.db.engine import reading
from hub.db.tables import JOB
from hub.jobs import queue
from hub.jobs.handlers import HANDLERS
from hub.jobs.worker import Worker

OVERLAPPING = MANDATE_HEADER + "M9,party,90000000109,,901,PR,*,KZ,2010-01-01,,Y,declaration,,\n"


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        for text, society in ((WORKS, "177"), (MANDATES, "177"), (OVERLAPPING, "901")):
            send(opened, text, society)
        yield opened


@pytest.fixture
def client(hub: Hub) -> TestClient:
    # Without its lifespan the application has no worker of its own.
    return TestClient(create_app(hub), raise_server_exceptions=False)


def asked(hub: Hub, client: TestClient) -> Any:
    key = create(hub, "177", scopes=("read",))["key"]
    return client.get("/v1/conflicts", headers={"Authorization": f"Bearer {key}"})


def jobs(hub: Hub) -> int:
    with reading(hub.engine) as connection:
        return connection.scalar(select(func.count()).where(JOB.c.kind == looking.JOB_KIND)) or 0


def test_after_little_a_request_looks_by_itself(hub: Hub, client: TestClient) -> None:
    page = Browser(hub, client, "177").page("/conflicts?lang=en")
    assert "so far" not in page
    assert "mandate overlap" in page
    assert asked(hub, client).status_code == 200
    assert jobs(hub) == 0


def test_after_much_a_worker_looks_and_everybody_is_told(
    hub: Hub, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "AT_ONCE", 0)
    browser = Browser(hub, client, "177")
    for language, words in (("en", "worker is free"), ("kk", "Орындаушы босаған"), ("ru", "исполнитель")):
        assert words in browser.page(f"/conflicts?lang={language}")
    refused = asked(hub, client)
    assert refused.status_code == 503
    assert refused.json()["code"] == "surroundings"
    assert f"step 0 of {len(FINDERS)}" in refused.json()["detail"]
    with reading(hub.engine) as connection:
        assert marks(connection, MARK) == {}
    assert jobs(hub) == 1
    assert Worker(hub, HANDLERS).work_once()
    page = browser.page("/conflicts?lang=en")
    assert "so far" not in page
    assert "mandate overlap" in page
    assert [item["kind"] for item in asked(hub, client).json()] == ["mandate_overlap"]
    assert jobs(hub) == 1


def test_the_page_says_how_far_the_look_is(
    hub: Hub, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "AT_ONCE", 0)
    looking.look(hub)
    job = queue.claim(hub, "a worker")
    assert job is not None
    told: list[Any] = []
    done = looking.do_look(hub, job, told.append)
    assert done["found"] == 1
    assert [each["step"] for each in told] == sorted(each["step"] for each in told)
    assert {each["step"] for each in told} == set(range(1, len(FINDERS) + 1))
    assert max(each["found"] for each in told) <= 1
    send(hub, OVERLAPPING.replace("2010", "2011"), "901")
    queue.renew(hub, job, told[2])
    page = Browser(hub, client, "177").page("/conflicts?lang=en")
    assert f"step {told[2]['step']} of {len(FINDERS)}" in page
    assert "mandate overlap" in page


def test_a_look_that_failed_is_not_begun_again_by_every_visitor(
    hub: Hub, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "AT_ONCE", 0)
    job = looking.look(hub)
    held = queue.claim(hub, "a worker")
    assert job is not None
    assert held is not None
    queue.finish(hub, held, queue.FAILED, error="the disk is full")
    assert job.id in Browser(hub, client, "177").page("/conflicts?lang=ru")
    assert job.id in asked(hub, client).json()["detail"]
    assert jobs(hub) == 1
    queue.retry(hub, job.id, "operator")
    assert Worker(hub, HANDLERS).work_once()
    assert asked(hub, client).status_code == 200


def test_what_is_unseen_is_what_came_since(hub: Hub) -> None:
    def unseen() -> int:
        with reading(hub.engine) as connection:
            return looking.unseen(connection)

    assert unseen() > 0
    refresh(hub)
    assert unseen() == 0
    send(hub, OVERLAPPING.replace("2010", "2011"), "901")
    assert unseen() == 1
