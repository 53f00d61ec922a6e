"""An id that was given out leads somewhere for ever, through merges and splits, and as known then."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hubs import WORK_HEADER, fresh_hub, send
from sqlalchemy import select

from hub.catalogue.subjects import find
from hub.context import Hub
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.db.tables import SUBJECT
from hub.links import review

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
