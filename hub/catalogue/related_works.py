"""The works that registrations name besides their own (parts of a medley, originals), in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, select

from hub.catalogue.subjects import Declared, cluster_of, identified, load
from hub.db.tables import DECLARATION, SUBJECT
from hub.db.times import as_known
from schemas.identifiers import iswc

MARK = b'"related":'
"""No registration without these bytes names another work."""


@dataclass(frozen=True, slots=True)
class Related:
    """A work named by a registration; ``work`` is its id, empty where the catalogue does not have it."""

    relation: str
    title: str
    iswc: str
    work: str
    source: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """For the interface."""
        return {
            "relation": self.relation,
            "title": self.title,
            "iswc": self.iswc,
            "work": self.work,
            "source": dict(self.source),
        }


def related_works(connection: Connection, listed: Sequence[Declared], at: int) -> list[Related]:
    """What these declarations name, in their order, each found by ISWC or by the submitter's own number."""
    found = []
    for item in listed:
        if MARK in item.payload:
            for named in orjson.loads(item.payload).get("related", ()):
                members = _members(connection, item.submitter, named, at)
                clusters = set(cluster_of(connection, members, at).values())
                work = load(connection, clusters.pop(), at).public_id if len(clusters) == 1 else ""
                source = item.as_source()
                code = named.get("iswc", "")
                found.append(Related(named["relation"], named["title"], code, work, source))
    return found


def _members(connection: Connection, submitter: str, named: Mapping[str, Any], at: int) -> set[int]:
    code = named.get("iswc", "")
    known = identified(connection, "iswc", [iswc.compact(code)], at) if iswc.is_valid(code) else set()
    if known or not named.get("ref"):
        return known
    query = (
        select(SUBJECT.c.id)
        .join(DECLARATION, DECLARATION.c.subject_id == SUBJECT.c.id)
        .where(SUBJECT.c.kind == "work", SUBJECT.c.submitter == submitter, SUBJECT.c.ref == named["ref"])
        .where(as_known(DECLARATION, at))
    )
    return set(connection.scalars(query))
