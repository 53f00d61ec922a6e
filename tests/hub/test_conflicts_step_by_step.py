"""Looking at what changed comes to what looking at everything comes to, whatever is done in what order."""

from __future__ import annotations

import io
import random
from pathlib import Path
from typing import Any

import pytest
from hubs import MANDATE_HEADER, SOCIETIES, WORK_HEADER, fresh_hub, row_counts, send
from sqlalchemy import select

from hub.conflicts.finding import found_at, refresh
from hub.conflicts.register import CONTENT, _content
from hub.context import Hub
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.db.tables import CONFLICT, CONFLICT_VERSION, SUBJECT
from hub.db.times import OPEN
from hub.links.review import decide
from hub.mandates.withdrawals import Notice, withdraw
from hub.registers import import_societies

CODES = ("177", "901", "052", "911")
PARTIES = ("90000000109", "90000003887", "90000007581")
ISWCS = ("T9123456780", "T0345246801")
TITLES = ("ЖАЗҒЫ КЕШ", "ҚЫС ТҮНІ ҰЗАҚ", "LANTERNS OVER THE STEPPE")


def a_work(chance: random.Random) -> str:
    ref, title, iswc = f"W{chance.randrange(4)}", chance.choice(TITLES), chance.choice((*ISWCS, ""))
    rows = [
        f"{ref},{title},{iswc},PARTY {party[-3:]},{party},CA,{chance.choice(CODES)},"
        f"{chance.choice((40, 50, 60, 100))},{chance.choice((50, 100))},"
        f"{chance.choice(('', 'KZ', '2136|-KZ'))}\n"
        for party in chance.sample(PARTIES, chance.randint(1, 2))
    ]
    return WORK_HEADER + "".join(rows)


def a_mandate(chance: random.Random) -> str:
    society = chance.random() < 0.4
    grantor = chance.choice(CODES if society else PARTIES)
    return (
        f"{MANDATE_HEADER}M{chance.randrange(8)},{'society' if society else 'party'},{grantor},,"
        f"{chance.choice(CODES)},{chance.choice(('PR', 'PR|MR', '*'))},*,"
        f"{chance.choice(('KZ', 'GB|KZ', '2136'))},"
        f"20{chance.randint(10, 20)}-01-01,{chance.choice(('', '2030-01-01'))},Y,"
        f"{chance.choice(('declaration', 'agreement'))},"
        f"{'' if society else chance.choice(('', '', 'iswc:' + ISWCS[0]))},\n"
    )


def a_licence(chance: random.Random) -> str:
    return SOCIETIES.replace("177,KAZAK,KZ,cmo,", f"177,KAZAK,KZ,cmo,KZ:PR:20{chance.randint(10, 24)}-01-01:")


def step(hub: Hub, chance: random.Random) -> None:
    what, society = chance.randrange(10), chance.choice(CODES)
    with reading(hub.engine) as connection:
        named = {
            kind: connection.scalars(select(SUBJECT.c.public_id).where(SUBJECT.c.kind == kind)).all()
            for kind in ("work", "mandate")
        }
        owners = dict(connection.execute(select(SUBJECT.c.public_id, SUBJECT.c.submitter)).all())
    if what < 4:
        send(hub, a_work(chance), society)
    elif what < 7 or not named["mandate"]:
        send(hub, a_mandate(chance), society)
    elif what == 7:
        name = chance.choice(named["mandate"])
        rights = chance.choice(("", "PR"))
        withdraw(hub, Notice(name, "2024-01-01", "2025-01-01", rights=rights), owners[name])
    elif what == 8 and len(named["work"]) > 1:
        left, right = chance.sample(named["work"], 2)
        decide(hub, left, right, chance.choice(("same", "different")), "because", "operator")
    else:
        import_societies(hub, io.BytesIO(a_licence(chance).encode()))


def kept(hub: Hub) -> dict[str, tuple[Any, ...]]:
    columns = [CONFLICT_VERSION.c[name] for name in CONTENT]
    query = (
        select(CONFLICT.c.public_id, *columns)
        .join(CONFLICT_VERSION, CONFLICT_VERSION.c.conflict_id == CONFLICT.c.id)
        .where(CONFLICT_VERSION.c.known_to == OPEN)
    )
    with reading(hub.engine) as connection:
        return {name: tuple(row) for name, *row in connection.execute(query)}


def found(hub: Hub) -> dict[str, tuple[Any, ...]]:
    with reading(hub.engine) as connection:
        return {item.public_id: _content(item) for item in found_at(connection, horizon(connection))}


@pytest.mark.parametrize("seed", range(4))
def test_step_by_step_is_everything_at_once(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    kinds: set[str] = set()
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as hub:
        refresh(hub)
        for number in range(25):
            step(hub, chance)
            looked = refresh(hub)
            assert not looked.full
            now, stored = found(hub), kept(hub)
            assert stored.keys() == now.keys(), (number, describe(now, stored))
            assert stored == now, number
            with reading(hub.engine) as connection:
                kinds |= set(connection.scalars(select(CONFLICT.c.kind)))
        before = row_counts(hub)
        assert not refresh(hub, full=True).new
        assert row_counts(hub) == before
    assert len(kinds) > 2


def describe(now: dict[str, Any], stored: dict[str, Any]) -> list[tuple[str, Any]]:
    return [("missing", now[name]) for name in now.keys() - stored.keys()] + [
        ("left over", stored[name]) for name in stored.keys() - now.keys()
    ]


def test_nothing_new_writes_nothing(database_url: str, tmp_path: Path) -> None:
    with fresh_hub(database_url, tmp_path) as hub:
        chance = random.Random(7)
        for _ in range(6):
            step(hub, chance)
        refresh(hub)
        with reading(hub.engine) as connection:
            at, rows = horizon(connection), row_counts(hub)
        refresh(hub)
        refresh(hub, full=True)
        with reading(hub.engine) as connection:
            assert (horizon(connection), row_counts(hub)) == (at, rows)
