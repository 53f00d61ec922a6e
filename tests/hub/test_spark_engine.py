"""Spark gives what the local engine gives: the same pairs, scores, evidence and clusters."""

from __future__ import annotations

import os
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hubs import fresh_hub
from linked_hubs import linked, rows, sent_in
from sqlalchemy import select, update
from typer.testing import CliRunner

from hub.bench.works_catalogue import made_up
from hub.cli.app import app
from hub.db.engine import reading, writing
from hub.db.tables import CLUSTER_MEMBER, JUDGEMENT
from hub.db.times import OPEN
from hub.errors import Surroundings, UsageError
from hub.links import linking, spark_run
from matching.engines.judging import judged, packed
from matching.linking import recording_to_work
from matching.model import judge
from matching.works import WORKS


def test_packed_records_are_judged_as_records_are() -> None:
    held = made_up(30, "middle", 1)
    works = held.work_records
    for left, right in pairwise(works):
        assert judged("work", packed(left), packed(right)) == judge(left, right, WORKS)
    for (recording, hints), work in zip(held.recordings, works, strict=False):
        found = judged("embodiment", packed(recording, hints), packed(work))
        assert found == recording_to_work(recording, hints, work)


def test_an_unknown_engine_is_wrong_usage_and_a_missing_one_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    refused = CliRunner().invoke(app, ["match", "--engine", "abacus", "--db", url])
    assert isinstance(refused.exception, UsageError)
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with fresh_hub(url, tmp_path) as hub, pytest.raises(Surroundings, match="repertoire-hub"):
        spark_run.link_everything(hub)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.timeout(1_200)  # two starts of Spark and its stages, on machines that do more beside
def test_spark_stores_what_the_local_engine_stores(tmp_path: Path) -> None:
    for module in ("pyspark", "pyarrow", "pandas"):
        if not os.environ.get("HUB_REQUIRE_SPARK"):
            pytest.importorskip(module, reason="the extra `spark` is not installed")
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as hub:
        sent_in(hub, rows(made_up(60, "middle", 4)))
        linking.link_everything(hub)
        expected = linked(hub)
        again = spark_run.link_everything(hub, "local[2]")
        assert (again.judgements, again.moved) == (0, 0)
        with writing(hub.engine) as connection:
            for table in (JUDGEMENT, CLUSTER_MEMBER):
                connection.execute(update(table).values(known_to=1))
        done = spark_run.link_everything(hub, "local[2]")
        assert done.judgements == len(expected[0])
        assert linked(hub) == expected
        with reading(hub.engine) as connection:
            kinds = set(connection.scalars(select(JUDGEMENT.c.kind).where(JUDGEMENT.c.known_to == OPEN)))
    assert kinds == {"work", "recording", "embodiment"}
