"""An id that was given out leads somewhere for ever, through merges and splits, and as known then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from ddex_label import ERN, RDRN, REGISTER
from ddex_rdrn_messages import message
from hubs import WORK_HEADER, fresh_hub, send
from signed_in import Browser
from sqlalchemy import select
from starlette.testclient import TestClient

from hub.access.keys import create
from hub.api.app import create_app
from hub.catalogue.detail import detail
from hub.catalogue.subjects import find
from hub.context import Hub
from hub.db import times
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.db.tables import SUBJECT
from hub.errors import UnknownSubject
from hub.links import review
from hub.links.linking import link_everything

REVOKE = message(
    "RevokeSoundRecordingRightsClaimMessage",
    "<SoundRecordingId><ISRC>KZ-A01-25-00001</ISRC></SoundRecordingId>",
)
TITLES = ("Lanterns", "Quiet Harbour", "Midnight Violin", "Wolf Rising", "Apricot Jam")


def leads_to(hub: Hub, ids: list[str], at: int = 0) -> dict[str, str]:
    """What each id answers with, now or as known at an instant."""
    with reading(hub.engine) as connection:
        return {name: find(connection, "work", name, at or horizon(connection)).public_id for name in ids}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_id_leads_to_an_eldest_one_whatever_is_merged_and_split(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as hub:
        rows = "".join(f"W{n},{title},,Writer{n} Unlike{n},,CA,,100,100,\n" for n, title in enumerate(TITLES))
        send(hub, WORK_HEADER + rows, "901")
        with reading(hub.engine) as connection:
            ids = list(connection.scalars(select(SUBJECT.c.public_id).order_by(SUBJECT.c.id)))
        assert len(ids) == len(TITLES)
        seen: list[tuple[int, dict[str, str]]] = []
        for _ in range(16):
            left, right = random.sample(ids, 2)
            review.decide(hub, left, right, random.choice(("same", "different")), "heard", "operator")
            now = leads_to(hub, ids)
            # The eldest of those that lead to one name gives it, and so leads to itself.
            assert all(
                name == min((other for other in ids if now[other] == name), key=ids.index)
                for name in now.values()
            )
            with reading(hub.engine) as connection:
                seen.append((horizon(connection), now))
        assert len({tuple(now.values()) for _, now in seen}) > 1
        assert all(leads_to(hub, ids, at) == now for at, now in seen)


PAIR = WORK_HEADER + "W0,Lanterns,,Aigul Unlike,,CA,,100,100,\nW1,Quiet Harbour,,Bolat Other,,CA,,100,100,\n"


@contextmanager
def merged(url: str, folder: Path) -> Iterator[tuple[Hub, TestClient, str, str, list[str]]]:
    """Two works that were merged, split, and merged again, with the instants before and after each."""
    with fresh_hub(url, folder) as hub:
        send(hub, PAIR, "901")
        with reading(hub.engine) as connection:
            first, second = connection.scalars(select(SUBJECT.c.public_id).order_by(SUBJECT.c.id))
        instants = [known(hub)]
        for verdict in ("same", "different", "same"):
            review.decide(hub, second, first, verdict, "heard", "operator")
            instants.append(known(hub))
        with TestClient(create_app(hub), follow_redirects=False) as client:
            client.headers["Authorization"] = f"Bearer {create(hub, '901')['key']}"
            yield hub, client, first, second, instants


def known(hub: Hub) -> str:
    with reading(hub.engine) as connection:
        return times.text(horizon(connection))


def test_an_id_that_was_merged_away_redirects_and_a_split_says_what_became_of_it(
    database_url: str, tmp_path: Path
) -> None:
    with merged(database_url, tmp_path) as (_, client, first, second, instants):
        before, together, apart, _ = instants
        away = client.get(f"/v1/works/{second}")
        assert (away.status_code, away.headers["Location"]) == (308, f"/v1/works/{first}")
        assert away.headers["Cache-Control"] == "no-store"
        # As known at an instant the same call says the same for ever.
        then = client.get(f"/v1/works/{second}", params={"known_at": together})
        address = then.headers["Location"]
        assert then.status_code == 308
        assert client.get(address).json()["id"] == first
        assert client.get(address).json()["known_at"] == together
        for instant in (before, apart):
            own = client.get(f"/v1/works/{second}", params={"known_at": instant})
            assert (own.status_code, own.json()["id"]) == (200, second)
        assert own.json()["history"] == [
            {"at": together, "event": "joined", "id": first, "now": first},
            {"at": apart, "event": "left", "id": first, "now": first},
        ]
        history = client.get(f"/v1/works/{first}").json()["history"]
        assert [(move["event"], move["id"], move["now"]) for move in history] == [
            ("joined", second, first), ("left", second, first), ("joined", second, first),
        ]  # fmt: skip
        split = client.get(f"/v1/works/{first}", params={"known_at": apart}).json()["history"]
        assert [(move["event"], move["id"], move["now"]) for move in split] == [
            ("joined", second, second), ("left", second, second),
        ]  # fmt: skip
        assert client.get(f"/v1/works/{first}", params={"known_at": before}).json()["history"] == []


def test_the_page_of_a_merged_id_is_that_of_what_it_was_merged_into(tmp_path: Path) -> None:
    with merged(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as (hub, client, first, second, instants):
        visitor = Browser(hub, client, "901")
        away = client.get(f"/works/{second}?right=MR&lang=ru")
        assert (away.status_code, away.headers["Location"]) == (308, f"/works/{first}?right=MR&lang=ru")
        assert f"{second} was merged in." in visitor.page(f"/works/{first}")
        split = visitor.page(f"/works/{first}?known_at={instants[2]}")
        assert f"{second} was split off." in split
        assert f'<a href="/works/{second}">' in split


def test_an_id_of_which_all_was_taken_back_leads_to_what_was_linked_with_it(
    database_url: str, tmp_path: Path
) -> None:
    with fresh_hub(database_url, tmp_path, societies=REGISTER) as hub:
        send(hub, RDRN, "901")
        with reading(hub.engine) as connection:
            [eldest] = connection.scalars(select(SUBJECT.c.public_id).where(SUBJECT.c.kind == "recording"))
        send(hub, ERN, "911")
        assert detail(hub, "recording", eldest).subject.public_id == eldest
        before = known(hub)
        send(hub, REVOKE, "901")
        for _ in range(2):
            found = detail(hub, "recording", eldest)
            assert found.subject.public_id != eldest
            assert [move.id for move in found.history][:1] == [eldest]
            # Judged anew as a whole, what was taken back stands alone; its id leads where it did.
            link_everything(hub)
        assert detail(hub, "recording", eldest, before).subject.public_id == eldest


def test_an_id_of_which_nothing_is_left_is_unknown(database_url: str, tmp_path: Path) -> None:
    with fresh_hub(database_url, tmp_path, societies=REGISTER) as hub:
        send(hub, RDRN, "901")
        with reading(hub.engine) as connection:
            [only] = connection.scalars(select(SUBJECT.c.public_id).where(SUBJECT.c.kind == "recording"))
        send(hub, REVOKE, "901")
        for name in (only, "rnothing"):
            with pytest.raises(UnknownSubject):
                detail(hub, "recording", name)
