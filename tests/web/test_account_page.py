"""Keys, jobs and people: what a member and the operator see and end on one page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hubs import fresh_hub
from signed_in import Browser, found, other
from starlette.testclient import TestClient

from hub.access.users import add
from hub.api.app import create_app
from hub.conflicts.looking import JOB_KIND as CONFLICTS
from hub.context import Hub
from hub.db.engine import writing
from hub.dossiers.preparing import JOB_KIND as DOSSIERS
from hub.jobs.queue import enqueue
from hub.links.learning import JOB_KIND as LEARNING
from hub.registers import OPERATOR


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as opened:
        yield opened


@pytest.fixture
def kazak(hub: Hub) -> Iterator[Browser]:
    with TestClient(create_app(hub), raise_server_exceptions=False) as client:
        yield Browser(hub, client, "177")


def test_keys_and_jobs_are_kept_on_a_page(hub: Hub, kazak: Browser) -> None:
    made = kazak.form("/account/keys", label="the office", days="30")
    assert re.search(r"hub_[0-9a-f]{8}_", made)
    prefix = found(r"(hub_[0-9a-f]{8})_", made)
    assert not re.search(r"hub_[0-9a-f]{8}_", kazak.page("/account"))
    other(hub, "901").form(f"/account/keys/{prefix}/revoke", 404)
    kazak.form(f"/account/keys/{prefix}/revoke")
    kazak.form(f"/account/keys/{prefix}/revoke", 404)
    kazak.form("/account/jobs/jx/cancel", 404)


def test_people_are_seen_and_their_access_ended_by_the_operator(hub: Hub, kazak: Browser) -> None:
    add(hub, "dana", "177", password="steppe lantern river")
    add(hub, "ivan", "901", password="steppe lantern river")
    page = kazak.page("/account?lang=en")
    assert "dana" in page
    assert "ivan" not in page
    assert "/account/people/" not in page
    kazak.form("/account/people/dana/disable", 403)
    dana = TestClient(create_app(hub))
    said = {"name": "dana", "password": "steppe lantern river", "back": "/find"}
    assert dana.post("/login", data=said, follow_redirects=False).status_code == 303
    operator = other(hub, "", role="operator")
    assert "ivan" in operator.page("/account")
    operator.form("/account/people/dana/sign-out")
    assert dana.get("/find", follow_redirects=False).status_code == 303
    operator.form("/account/people/dana/disable")
    assert dana.post("/login", data=said).status_code == 401
    operator.form("/account/people/dana/enable")
    assert dana.post("/login", data=said, follow_redirects=False).status_code == 303
    operator.form("/account/people/dana/promote", 404)
    operator.form("/account/people/nobody/disable", 404)


def test_the_operators_own_jobs_are_named_and_lead_nowhere(hub: Hub) -> None:
    with writing(hub.engine) as connection:
        for kind in (CONFLICTS, DOSSIERS, LEARNING):
            enqueue(connection, kind, OPERATOR, kind)
    operator = other(hub, "", role="operator")
    for language, words in (
        ("en", ("search for conflicts", "preparing of answers", "learned table")),
        ("kk", ("қайшылықтарды іздеу", "жауаптарды дайындау", "үйренілген кесте")),
        ("ru", ("поиск конфликтов", "подготовка ответов", "выученная таблица")),
    ):
        page = operator.page(f"/account?lang={language}")
        assert all(word in page for word in words)
        assert "/submissions/" not in page
