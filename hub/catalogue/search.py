"""Search: one text that may be an identifier, a title or a name, in any script.

Titles and names are compared in their folded form, so Cyrillic, Latin and mixed spellings meet. Exact,
prefix and word hits come from the database; they are ranked by similarity. A title with a typo in every
one of its words is not found: the tables have no trigram index yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import Connection, Select, or_, select

from hub.catalogue.subjects import Linked, cluster_of, identified, load
from hub.context import Hub
from hub.db import times
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.db.tables import CLAIM, DECLARATION, PARTY, TITLE
from hub.db.times import as_known
from hub.errors import UsageError
from matching.normalize.names import name_key
from matching.normalize.scripts import fold
from schemas.identifiers import ipi_name, isrc, iswc

POOL = 500
"""So many candidates are ranked at most."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A found work or recording; ``score`` from 0 to 100, 100 for an identifier."""

    subject: Linked
    parties: tuple[str, ...]
    score: int

    def as_json(self) -> dict[str, Any]:
        """For listings."""
        found = self.subject.as_json()
        code = found.get("iswc") or found.get("isrc")
        return {
            "kind": self.subject.kind, "id": self.subject.public_id, "title": self.subject.title,
            "code": code, "parties": list(self.parties), "score": self.score,
        }  # fmt: skip


def search(hub: Hub, text: str, *, limit: int = 20, kind: str = "", known_at: str | None = None) -> list[Hit]:
    """Works and recordings for a text, best first.

    Raises:
        UsageError: the text is empty or ``known_at`` is no instant.
    """
    if not text.strip():
        raise UsageError("say what to search for: a title, a person, an ISWC, ISRC or IPI")
    with reading(hub.engine) as connection:
        try:
            at = horizon(connection) if known_at is None else times.parse(known_at)
        except ValueError:
            raise UsageError(f"known-at {known_at!r} is not an ISO instant") from None
        scored = _by_identifier(connection, text, at) or _by_words(connection, text, at)
        best: dict[int, int] = {}
        for subject, cluster in cluster_of(connection, scored, at).items():
            best[cluster] = max(best.get(cluster, 0), scored[subject])
        hits: list[Hit] = []
        for cluster, score in sorted(best.items(), key=lambda item: (-item[1], item[0])):
            found = load(connection, cluster, at)
            if not kind or found.kind == kind:
                hits.append(Hit(found, parties(connection, found, at), score))
            if len(hits) == limit:
                break
    return hits


def _by_identifier(connection: Connection, text: str, at: int) -> dict[int, int]:
    for scheme, module in (("iswc", iswc), ("isrc", isrc)):
        if module.is_valid(text):
            return dict.fromkeys(identified(connection, scheme, [module.compact(text)], at), 100)
    if ipi_name.is_valid(text):
        query = _of_party(at).where(PARTY.c.ipi_name == ipi_name.compact(text)).limit(POOL)
        return dict.fromkeys((row.subject_id for row in connection.execute(query)), 100)
    return {}


def _by_words(connection: Connection, text: str, at: int) -> dict[int, int]:
    folded, name = fold(text), name_key(text)
    scored: dict[int, int] = {}
    titles = (
        select(TITLE.c.subject_id, TITLE.c.folded)
        .join(DECLARATION, DECLARATION.c.id == TITLE.c.declaration_id)
        .where(as_known(DECLARATION, at), _like(TITLE.c.folded, folded))
        .order_by(TITLE.c.subject_id)
        .limit(POOL)
    )
    for subject, found in connection.execute(titles):
        scored[subject] = max(scored.get(subject, 0), round(fuzz.WRatio(folded, found)))
    for subject, found in connection.execute(_of_party(at).where(_like(PARTY.c.folded, name)).limit(POOL)):
        scored[subject] = max(scored.get(subject, 0), round(fuzz.token_set_ratio(name, found)))
    return {subject: score for subject, score in scored.items() if score >= 60}


def _like(column: Any, folded: str) -> Any:
    words = [word for word in folded.split() if len(word) > 2] or [folded]
    patterns = {folded, *words}
    return or_(*(column.contains(pattern, autoescape=True) for pattern in sorted(patterns)))


def _of_party(at: int) -> Select[Any]:
    return (
        select(DECLARATION.c.subject_id, PARTY.c.folded)
        .join(CLAIM, CLAIM.c.declaration_id == DECLARATION.c.id)
        .join(PARTY, PARTY.c.id == CLAIM.c.party_id)
        .where(as_known(DECLARATION, at))
        .distinct()
    )


def parties(connection: Connection, subject: Linked, at: int) -> tuple[str, ...]:
    """Names of the parties that claim in a subject, each folded name once."""
    query = (
        select(PARTY.c.name, PARTY.c.given, PARTY.c.folded)
        .join(CLAIM, CLAIM.c.party_id == PARTY.c.id)
        .join(DECLARATION, DECLARATION.c.id == CLAIM.c.declaration_id)
        .where(DECLARATION.c.subject_id.in_(subject.members), as_known(DECLARATION, at))
        .order_by(CLAIM.c.id)
    )
    return _once((row.folded, f"{row.name} {row.given}".strip()) for row in connection.execute(query))


def _once(named: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for folded, name in named:
        found.setdefault(folded, name)
    return tuple(found.values())
