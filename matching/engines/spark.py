"""The matcher on Apache Spark: keys are joined by its shuffle, pairs are judged in ``mapInArrow``.

Needs ``pip install repertoire-hub[spark]``, which brings a Java runtime of its own; ``JAVA_HOME`` names
another one, of version 17 or later. Workers need this package and nothing else of the hub.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from matching.blocking import EMBODIED, IDENTIFIER_PREFIXES, MAX_BLOCK, MAX_SHARED
from matching.engines import java
from matching.engines.judging import EMBODIMENT, KEPT, NOTHING_LEARNED, columns, judged

KEYS_AT_ONCE = 200_000
"""Blocking keys per partition of a shuffle."""
RECORDS = "id long, kind string, packed binary"
KEYS = "key string, id long, kind string"
JUDGED = (
    "kind string, left_id long, right_id long, verdict string, score long, evidence string, "
    "conflict string, rule string"
)

_CODES = " or ".join(f"key like '{prefix}%'" for prefix in IDENTIFIER_PREFIXES)
_USEFUL = f"members <= case when {_CODES} then {MAX_SHARED} else {MAX_BLOCK} end"
_PAIRS = f"""
with of_kind as (
    select key, id, kind from keys where key not like '{EMBODIED}%'
), useful as (
    select key, kind from (select key, kind, count(*) as members from of_kind group by key, kind)
    where {_USEFUL}
), met as (
    select of_kind.key, of_kind.id, of_kind.kind from of_kind join useful using (key, kind)
), embodied as (
    select substring(key, {len(EMBODIED) + 1}) as key, id from keys where key like '{EMBODIED}%'
), pairs as (
    select distinct a.kind as kind, a.id as left_id, b.id as right_id
    from met a join met b on a.key = b.key and a.kind = b.kind and a.id < b.id
    union all
    select distinct '{EMBODIMENT}' as kind, e.id as left_id, w.id as right_id
    from embodied e join met w on e.key = w.key and w.kind = 'work'
)
select pairs.kind, left_id, right_id, l.packed as left, r.packed as right
from pairs join records l on l.id = left_id join records r on r.id = right_id
"""  # noqa: S608


def session(master: str = "local[*]") -> Any:
    """A Spark session; a cluster's address as ``master``, or what ``spark-submit`` has set up."""
    from pyspark.sql import SparkSession

    java.provide()
    # The setting `spark.pyspark.python` alone gives workers another interpreter.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("repertoire-hub match").master(master)
    if master.startswith("local"):
        # A machine's own name need not lead to an address.
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    for name, value in (
        ("spark.ui.enabled", "false"),
        ("spark.sql.session.timeZone", "UTC"),
        ("spark.sql.execution.arrow.maxRecordsPerBatch", "5000"),
        # Keys that many records share are split by Spark itself.
        ("spark.sql.adaptive.enabled", "true"),
        ("spark.sql.adaptive.skewJoin.enabled", "true"),
    ):
        builder = builder.config(name, value)
    return builder.getOrCreate()


def judge_everything(
    spark: Any, records: Path, keys: Path, learned: Mapping[str, str] = NOTHING_LEARNED
) -> Iterator[tuple[Any, ...]]:
    """Judge all pairs that meet.

    Args:
        spark: a session.
        records: Parquet files of ``RECORDS``.
        keys: Parquet files of ``KEYS``: blocking keys with their record and its kind.
        learned: by kind the CSV of a table in place of the shipped one.

    Yields:
        Rows of ``JUDGED`` with a kept verdict, by ascending left and right id.
    """
    spark.read.schema(RECORDS).parquet(str(records)).createOrReplaceTempView("records")
    table = spark.read.schema(KEYS).parquet(str(keys))
    table.createOrReplaceTempView("keys")
    # The usual 200 partitions cost a small run minutes and are too few for a large one.
    partitions = max(spark.sparkContext.defaultParallelism, table.count() // KEYS_AT_ONCE)
    spark.conf.set("spark.sql.shuffle.partitions", str(partitions))
    found = spark.sql(_PAIRS).mapInArrow(partial(_judge_batches, learned=dict(learned)), JUDGED)
    for row in found.sort("left_id", "right_id", "kind").toLocalIterator(prefetchPartitions=True):
        yield tuple(row)


def _judge_batches(batches: Iterator[Any], learned: Mapping[str, str]) -> Iterator[Any]:
    """Arrow batches of pairs in, Arrow batches of judgements out; runs on the workers."""
    import pyarrow as pa

    schema = pa.schema([
        (name, pa.int64() if kind == "long" else pa.string())
        for name, kind in (part.split() for part in JUDGED.split(", "))
    ])  # fmt: skip
    for batch in batches:
        rows = []
        for kind, left_id, right_id, left, right in zip(*(c.to_pylist() for c in batch.columns), strict=True):
            found = judged(kind, left, right, learned)
            if found.verdict in KEPT[kind]:
                rows.append((kind, left_id, right_id, *columns(found), found.conflict, found.rule))
        values = list(zip(*rows, strict=True)) or [()] * len(schema)
        arrays = [pa.array(value, type=field.type) for value, field in zip(values, schema, strict=True)]
        yield pa.record_batch(arrays, schema=schema)
