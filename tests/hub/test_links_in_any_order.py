"""Linking step by step gives the judgements and clusters of one run over everything, and ids stay."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
from hubs import WORK_HEADER, fresh_hub, send
from sqlalchemy import select

from hub.bench.works_catalogue import Held, made_up
from hub.context import Hub
from hub.db.engine import reading
from hub.db.tables import CLUSTER_MEMBER, JUDGEMENT, SUBJECT
from hub.db.times import OPEN
from hub.links.linking import link_everything

RECORDING_HEADER = "recording_ref,isrc,title,artist,duration,year,works\n"


def test_a_key_that_becomes_too_full_takes_back_what_it_brought(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("hub.links.linking", "hub.links.embodiment", "matching.pipeline"):
        monkeypatch.setattr(f"{module}.MAX_BLOCK", 2)
    title = "Lanterns over the wide Steppe"
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as hub:
        send(hub, RECORDING_HEADER + f"R1,KZA012500001,{title},Somebody Else,200,2024,\n", "911")
        for number, writer in enumerate(("ALIMOV ERLAN", "HARTLEY JANE", "NORTHFIELD OLEG")):
            send(hub, WORK_HEADER + f"W{number},{title},,{writer},,CA,,100,100,\n", "901")
            kinds = [kind for kind, *_ in linked(hub)[0]]
            assert kinds.count("embodiment") == (1, 2, 0)[number]
        assert link_everything(hub).judgements == 0


def rows(held: Held) -> list[tuple[str, str, str]]:
    """(submitter, kind, CSV rows) of each source work and recording."""
    found = [
        (
            item.source,
            "work",
            "".join(
                f"{item.id},{item.titles[0]},,{party.name},,{party.role},,10,10,\n" for party in item.parties
            ),
        )
        for item in held.work_records
    ]
    return found + [
        (
            {"L1": "911", "L2": "052"}[item.source],
            "recording",
            f"{item.id},,{item.titles[0]},{item.artists[0]},{item.duration},,\n",
        )
        for item, _ in held.recordings
    ]


def sent_in(hub: Hub, parts: list[tuple[str, str, str]]) -> None:
    """One file per submitter and kind."""
    for submitter, kind in dict.fromkeys((submitter, kind) for submitter, kind, _ in parts):
        header = WORK_HEADER if kind == "work" else RECORDING_HEADER
        send(hub, header + "".join(text for *who, text in parts if who == [submitter, kind]), submitter)


def linked(hub: Hub) -> tuple[set[Any], set[frozenset[Any]]]:
    """Judgements by what submitters call the subjects, and the clusters of several."""
    with reading(hub.engine) as connection:
        names = {row.id: (row.submitter, row.ref) for row in connection.execute(select(SUBJECT))}
        judged = {
            (
                row.kind,
                frozenset((names[row.left_id], names[row.right_id])),
                row.verdict,
                row.score,
                row.reason,
            )
            for row in connection.execute(select(JUDGEMENT).where(JUDGEMENT.c.known_to == OPEN))
        }
        clusters: dict[int, set[Any]] = {}
        for row in connection.execute(select(CLUSTER_MEMBER).where(CLUSTER_MEMBER.c.known_to == OPEN)):
            clusters.setdefault(row.cluster_id, set()).add(names[row.subject_id])
            assert row.cluster_id <= row.subject_id
    return judged, {frozenset(members) for members in clusters.values() if len(members) > 1}


@pytest.mark.parametrize("seed", [1, 2])
def test_additions_in_any_order_give_what_one_run_over_everything_gives(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("hub.links.linking", "hub.links.embodiment", "matching.pipeline"):
        # A small limit, so that keys become overfull while works are added.
        monkeypatch.setattr(f"{module}.MAX_BLOCK", 4)
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
