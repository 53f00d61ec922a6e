"""Made-up works and recordings as the files of their submitters, and what a hub has linked of them."""

from __future__ import annotations

from typing import Any

from hubs import WORK_HEADER, send
from sqlalchemy import select

from hub.bench.works_catalogue import Held
from hub.context import Hub
from hub.db.engine import reading
from hub.db.tables import CLUSTER_MEMBER, JUDGEMENT, SUBJECT
from hub.db.times import OPEN

RECORDING_HEADER = "recording_ref,isrc,title,artist,duration,year,works\n"


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
