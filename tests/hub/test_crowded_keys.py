"""A run over many subjects counts a crowded key once and passes it over from then on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hubs import WORK_HEADER, fresh_hub, send
from linked_hubs import RECORDING_HEADER, linked
from sqlalchemy import event, select

from hub.db.engine import reading
from hub.db.tables import EVENT
from hub.links.linking import link_everything
from matching.normalize.scripts import fold

TITLE = "Lanterns over the Steppe"


def test_a_crowded_key_is_counted_once_and_never_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matching.blocking.MAX_BLOCK", 3)
    monkeypatch.setattr("hub.links.pages.PAGE", 4)
    sent: list[str] = []
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as hub:
        works = "".join(
            f"W{number},{TITLE},,Writer{number} Unlike{number},,CA,,100,100,\n" for number in range(20)
        )
        send(hub, WORK_HEADER + works, "901")
        hub.engine.dispose()
        event.listen(hub.engine, "connect", lambda raw, _record: raw.set_trace_callback(sent.append))
        done = link_everything(hub)
    key = f"wt:{fold(TITLE)}"
    asked = [text for text in sent if key in text]
    assert done.subjects == 20
    assert len(asked) == 1
    assert "count(*)" in asked[0]


def test_a_common_key_brings_no_pairs_and_a_telling_one_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matching.blocking.MAX_BLOCK", 3)
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as hub:
        crowd = "".join(
            f"W{number},Love,,Writer{number} Unlike{number},,CA,,100,100,\n" for number in range(9)
        )
        send(hub, WORK_HEADER + crowd, "901")
        send(hub, WORK_HEADER + f"X1,{TITLE},,Jane Hartley,,CA,,100,100,\n", "901")
        send(hub, WORK_HEADER + f"Y1,{TITLE},,Jane Hartley,,CA,,100,100,\n", "177")
        judged, clusters = linked(hub)
    assert [sorted(ref for _, ref in pair) for _, pair, *_ in judged] == [["X1", "Y1"]]
    assert len(clusters) == 1


def test_a_placeholder_that_everybody_has_for_a_code_brings_no_pairs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matching.blocking.MAX_SHARED", 3)
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as hub:
        told = (
            "Lanterns,Jane Hartley,100",
            "Quiet Harbour,Oleg Northfield,150",
            "Midnight Violin,Erlan Alimov,210",
            "Wolf Rising,Claire Penrose,260",
            "Apricot Jam,Dinara Tau,310",
        )
        songs = [f"R{number},KZA012500001,{said},," for number, said in enumerate(told)]
        send(hub, RECORDING_HEADER + "\n".join(songs[:2]) + "\n", "911")
        assert len(linked(hub)[0]) == 1
        # What the first two met by the code alone is taken back when the code turns out to mean nothing.
        send(hub, RECORDING_HEADER + "\n".join(songs[2:]) + "\n", "052")
        assert linked(hub)[0] == set()
        # It is told, by the run and in the log, and not dropped in silence.
        found = [{"identifier": "isrc:KZA012500001", "subjects": 5}]
        assert link_everything(hub).as_json()["placeholders"] == found
        with reading(hub.engine) as connection:
            bodies = connection.scalars(select(EVENT.c.body).where(EVENT.c.kind == "linking")).all()
        assert [json.loads(body).get("placeholders", []) for body in bodies] == [[], found]
