"""A matching run over everything on Apache Spark: records and keys out as Parquet, judgements back in.

Judgements come back by ascending left subject and are stored chunk by chunk as the local engine does, each
chunk one transaction; a killed run is repeated and changes only what was not stored yet.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, select

from hub.context import Hub
from hub.db.counters import Instant
from hub.db.engine import reading, writing
from hub.db.tables import DECLARATION, MATCH_KEY, SUBJECT
from hub.db.times import OPEN
from hub.errors import Surroundings
from hub.links.clustering import alone, recluster
from hub.links.keys import renew
from hub.links.learned_tables import contents
from hub.links.linking import Linked, Stored, link_pending, replace_from_left
from hub.links.pages import PAGE
from hub.links.payload import recording_from, work_from
from hub.links.records import recording_record, work_hints, work_record
from matching.engines.judging import packed

BATCH = 50_000
"""Rows per group of the exchanged Parquet files."""


def link_everything(hub: Hub, master: str = "local[*]") -> Linked:
    """Judge every current subject anew on Spark and store what changed.

    Raises:
        Surroundings: Spark or Java is not installed.
    """
    try:
        from matching.engines.spark import judge_everything, session

        spark = session(master)
    except Exception as fault:
        raise Surroundings(
            f"Spark cannot be started ({fault}); pip install repertoire-hub[spark], which brings Java too, "
            "or name a Java 17 or later in JAVA_HOME"
        ) from fault
    renew(hub)
    total = link_pending(hub)
    try:
        with tempfile.TemporaryDirectory(dir=_folder(hub)) as folder:
            records, keys = Path(folder, "records.parquet"), Path(folder, "keys.parquet")
            with reading(hub.engine) as connection:
                kinds = _write(connection, records, keys)
                learned = contents(connection)
            total.add(_store(hub, kinds, judge_everything(spark, records, keys, learned)))
    finally:
        spark.stop()
    return total


def _folder(hub: Hub) -> Path:
    hub.settings.data_dir.mkdir(parents=True, exist_ok=True)
    return hub.settings.data_dir


def _write(connection: Connection, records: Path, keys: Path) -> dict[int, str]:
    """Write records and keys of all current works and recordings; returns their kinds."""
    import pyarrow as pa

    current = (DECLARATION.c.known_to == OPEN, DECLARATION.c.known_from < OPEN)
    of_kind = DECLARATION.c.kind.in_(("work", "recording"))
    kinds: dict[int, str] = {}
    query = (
        select(DECLARATION.c.subject_id, DECLARATION.c.kind, DECLARATION.c.payload, SUBJECT.c.submitter)
        .join(SUBJECT, SUBJECT.c.id == DECLARATION.c.subject_id)
        .where(*current, of_kind)
    )

    def rows() -> Iterator[tuple[int, str, bytes]]:
        for number, kind, payload, submitter in connection.execute(query):
            kinds[number] = kind
            content = orjson.loads(payload)
            if kind == "work":
                yield number, kind, packed(work_record(number, submitter, work_from(content)))
            else:
                recording = recording_from(content)
                hints = work_hints(submitter, recording)
                yield number, kind, packed(recording_record(number, submitter, recording), hints)

    _parquet(records, [("id", pa.int64()), ("kind", pa.string()), ("packed", pa.binary())], rows())
    named = (
        select(MATCH_KEY.c.key, MATCH_KEY.c.subject_id, DECLARATION.c.kind)
        .join(DECLARATION, DECLARATION.c.id == MATCH_KEY.c.declaration_id)
        .where(*current, of_kind)
    )
    _parquet(
        keys,
        [("key", pa.string()), ("id", pa.int64()), ("kind", pa.string())],
        connection.execute(named),
    )
    return kinds


def _parquet(path: Path, fields: list[tuple[str, Any]], rows: Any) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema(fields)
    with pq.ParquetWriter(path, schema) as writer:
        batch: list[Any] = []
        for row in rows:
            batch.append(tuple(row))
            if len(batch) == BATCH:
                writer.write_batch(_batch(batch, schema))
                batch = []
        if batch:
            writer.write_batch(_batch(batch, schema))


def _batch(rows: Sequence[Any], schema: Any) -> Any:
    import pyarrow as pa

    arrays = [
        pa.array(values, type=field.type)
        for values, field in zip(zip(*rows, strict=True), schema, strict=True)
    ]
    return pa.record_batch(arrays, schema=schema)


def _store(hub: Hub, kinds: dict[int, str], judged: Iterator[tuple[Any, ...]]) -> Linked:
    """Store judgements that come by ascending left subject, chunk by chunk of all subjects."""
    total = Linked()
    by_left = groupby(judged, key=lambda row: row[1])
    coming = next(by_left, None)
    listed = sorted(kinds)
    for start in range(0, len(listed), PAGE):
        subjects = listed[start : start + PAGE]
        found: dict[tuple[str, int, int], Stored] = {}
        while coming is not None and coming[0] <= subjects[-1]:
            for kind, left, right, verdict, score, evidence, conflict, rule in coming[1]:
                found[kind, left, right] = (verdict, score, evidence, conflict, rule)
            coming = next(by_left, None)
        with writing(hub.engine) as connection:
            alone(connection)
            now = Instant(connection)
            changed = replace_from_left(connection, subjects, found, now)
            moved = sum(
                recluster(connection, [number for number in subjects if kinds[number] == kind], kind, now)
                for kind in ("work", "recording")
            )
        total.add(Linked(len(subjects), changed, moved))
    return total
