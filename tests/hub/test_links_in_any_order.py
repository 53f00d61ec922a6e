"""Linking step by step gives the judgements and clusters of one run over everything, and ids stay."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hubs import WORK_HEADER, fresh_hub, send
from linked_hubs import RECORDING_HEADER, linked, rows, sent_in
from sqlalchemy import delete, select, update

from hub.bench.works_catalogue import made_up
from hub.db.engine import reading, writing
from hub.db.tables import CLUSTER_MEMBER, JUDGEMENT, MATCH_KEY
from hub.db.times import OPEN
from hub.links.linking import link_everything


def test_a_key_that_becomes_too_full_takes_back_what_it_brought(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matching.blocking.MAX_BLOCK", 2)
    title = "Lanterns over the wide Steppe"
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as hub:
        send(hub, RECORDING_HEADER + f"R1,KZA012500001,{title},Somebody Else,200,2024,\n", "911")
        for number, writer in enumerate(("ALIMOV ERLAN", "HARTLEY JANE", "NORTHFIELD OLEG")):
            send(hub, WORK_HEADER + f"W{number},{title},,{writer},,CA,,100,100,\n", "901")
            kinds = [kind for kind, *_ in linked(hub)[0]]
            assert kinds.count("embodiment") == (1, 2, 0)[number]
        assert link_everything(hub).judgements == 0


@pytest.mark.parametrize("seed", [1, 2])
def test_additions_in_any_order_give_what_one_run_over_everything_gives(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A small limit, so that keys become overfull while works are added.
    monkeypatch.setattr("matching.blocking.MAX_BLOCK", 4)
    random = Random(seed)
    parts = rows(made_up(30, "middle", seed))
    with fresh_hub(f"sqlite:///{tmp_path / 'once.db'}", tmp_path / "once") as hub:
        sent_in(hub, parts)
        link_everything(hub)
        expected = linked(hub)
    random.shuffle(parts)
    with fresh_hub(f"sqlite:///{tmp_path / 'steps.db'}", tmp_path / "steps") as hub:
        for start in range(0, len(parts), 9):
            sent_in(hub, parts[start : start + 9])
        by_steps = linked(hub)
        again = link_everything(hub)
        assert (again.judgements, again.moved) == (0, 0)
    assert by_steps == expected
    assert len(expected[1]) > 3


def test_a_run_over_everything_makes_keys_anew(tmp_path: Path) -> None:
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as hub:
        sent_in(hub, rows(made_up(20, "middle", 1)))
        expected = linked(hub)
        with writing(hub.engine) as connection:
            before = set(connection.execute(select(MATCH_KEY)))
            for table in (JUDGEMENT, CLUSTER_MEMBER):
                connection.execute(update(table).where(table.c.known_to == OPEN).values(known_to=1))
            # As if an earlier version had made other keys, and too few.
            connection.execute(delete(MATCH_KEY).where(MATCH_KEY.c.key.startswith("w")))
            connection.execute(update(MATCH_KEY).values(key="old:" + MATCH_KEY.c.key))
        link_everything(hub)
        assert linked(hub) == expected
        with reading(hub.engine) as connection:
            assert set(connection.execute(select(MATCH_KEY))) == before
