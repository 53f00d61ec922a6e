"""Records that linking makes of stored contents are those of the whole declarations."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import orjson
from hubs import fresh_hub, send
from random_worlds import make, together
from sqlalchemy import select
from world_loading import load

from hub.db.engine import reading
from hub.db.tables import DECLARATION
from hub.links.payload import recording_from, work_from
from hub.links.prepared import seen
from hub.links.records import recording_record, work_hints, work_record

FEEDS = ("02-kazak.V21", "03-altyn-dala.v22", "04-label-ern43.xml", "05-recordings-producers.csv")


def test_what_is_left_out_changes_no_record(tmp_path: Path) -> None:
    counted = {"work": 0, "recording": 0}
    shorter = 0
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as hub:
        load(hub, together(make(523, number) for number in range(20)))
        for name in FEEDS:
            send(hub, files("hub.demo").joinpath("feeds", name).read_bytes())
        with reading(hub.engine) as connection:
            rows = connection.execute(select(DECLARATION.c.kind, DECLARATION.c.payload)).all()
    for kind, payload in rows:
        if kind not in counted:
            continue
        whole = orjson.loads(payload)
        told = seen(kind, whole)
        counted[kind] += 1
        shorter += len(orjson.dumps(told)) < len(orjson.dumps(whole))
        if kind == "work":
            assert work_record(1, "177", work_from(told)) == work_record(1, "177", work_from(whole))
        else:
            mine, all_of_it = recording_from(told), recording_from(whole)
            assert recording_record(1, "177", mine) == recording_record(1, "177", all_of_it)
            assert work_hints("177", mine) == work_hints("177", all_of_it)
    assert min(counted.values()) > 10
    assert shorter > 10
