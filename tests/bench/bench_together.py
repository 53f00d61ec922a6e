"""Labelled recordings sent in as their sources' lists: linked as they come, and then looked at together.

Every source of the file is a submitter whose list has title, artist, length and year; releases and places on
them have no column in it. Printed are precision, recall and F1 over pairs of clusters, what waits for people,
and the time of each step: as they come, after `hub match together`, and after `hub match together --link`.
Run it as a script: ``bench_together.py FILE.csv.gz --input raw``, in the columns of `hub bench matching`;
without a file, recordings are made up.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "support"))

from hubs import fresh_hub, send
from linked_hubs import RECORDING_HEADER
from sqlalchemy import func, select

from hub.bench.invention import invented_rows
from hub.bench.recording_tables import Labelled, labelled, read_rows
from hub.context import Hub
from hub.db.engine import reading
from hub.db.tables import CLUSTER_MEMBER, JUDGEMENT, SUBJECT
from hub.db.times import OPEN
from hub.links import together
from hub.process import relax_collector
from matching.evaluate import compare_clusters

CODES = ("177", "901", "052", "911", "035", "058", "021", "010", "074", "079")
MADE_UP = 5_000
SOCIETIES = "code,name,country,kind,accreditations\n" + "".join(f"{code},S{code},KZ,cmo,\n" for code in CODES)


def lists(data: Labelled) -> dict[str, str]:
    """The list of each source, by the code of the society that it stands for; untitled rows have no place."""
    rows: dict[str, io.StringIO] = {}
    for item in data.records:
        if not item.titles:
            continue
        out = rows.setdefault(item.source, io.StringIO())
        told = (item.id, "", item.titles[0], " ".join(item.artists), item.duration or "", item.year or "", "")
        csv.writer(out, lineterminator="\n").writerow(told)
    return {
        code: RECORDING_HEADER + rows[source].getvalue()
        for code, source in zip(CODES, sorted(rows), strict=False)
    }


def quality(hub: Hub, data: Labelled) -> str:
    """Precision, recall and F1 of the clusters that stand, and how many pairs wait."""
    with reading(hub.engine) as connection:
        query = (
            select(SUBJECT.c.ref, CLUSTER_MEMBER.c.cluster_id)
            .join(CLUSTER_MEMBER, CLUSTER_MEMBER.c.subject_id == SUBJECT.c.id)
            .where(SUBJECT.c.kind == "recording", CLUSTER_MEMBER.c.known_to == OPEN)
        )
        clusters = {int(ref): cluster for ref, cluster in connection.execute(query)}
        waiting = connection.scalar(
            select(func.count()).where(JUDGEMENT.c.verdict == "unsure", JUDGEMENT.c.known_to == OPEN)
        )
    found = compare_clusters({**{number: -number for number in data.truth}, **clusters}, data.truth)
    figures = (float(figure) for figure in (found.precision, found.recall, found.f1))
    return "".join(f"{figure:10.4f}" for figure in figures) + f"{waiting:10}"


def main() -> None:
    """Measure one file."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("file", type=Path, nargs="?")
    reader.add_argument("--input", choices=("parsed", "raw"), default="raw")
    reader.add_argument("--truth", default="cluster_id")
    asked = reader.parse_args()
    relax_collector()
    rows = read_rows(asked.file, asked.truth) if asked.file else list(invented_rows(MADE_UP, 1))
    data = labelled("recordings", rows, asked.truth, asked.input)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/hub.db"
        with fresh_hub(url, Path(folder), societies=SOCIETIES) as hub:
            print(f"{'step':12}{'precision':>10}{'recall':>10}{'F1':>10}{'waiting':>10}{'seconds':>10}")
            started = time.perf_counter()
            stored = sum(send(hub, text, code).stored for code, text in lists(data).items())
            seconds = time.perf_counter() - started
            print(f"{'as they come':12}{quality(hub, data)}{seconds:10.1f}", flush=True)
            for name, link in (("together", False), ("--link", True)):
                started = time.perf_counter()
                done = together.look(hub, link=link)
                seconds = time.perf_counter() - started
                told = f"{done.asked} asked, {done.linked} linked"
                print(f"{name:12}{quality(hub, data)}{seconds:10.1f}  {told}", flush=True)
            print(f"{stored} recordings stored, packed: {', '.join(done.packed) or 'none'}")


if __name__ == "__main__":
    main()
