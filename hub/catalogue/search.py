"""Search: one text that may be an identifier, a title or a name, in any script, with mistakes.

Titles and names are compared in their folded form, so Cyrillic, Latin, Arabic and mixed spellings meet. The
spelling index gives candidates, the same on every database; ``hub.catalogue.likeness`` ranks them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Select, Table, select

from hub.answers.question import asked_instant
from hub.catalogue.spelling_index import near
from hub.catalogue.subjects import Linked, called, cluster_of, identified, loaded
from hub.context import Hub
from hub.db.engine import reading
from hub.db.prepared import AT, KEYS, Prepared, in_order
from hub.db.tables import CLAIM, DECLARATION, MENTION, PARTY, SUBJECT, SUBMISSION, TITLE
from hub.db.times import as_known
from hub.errors import UsageError
from matching.normalize.names import name_key
from matching.normalize.scripts import fold
from schemas.identifiers import ipi_name, isrc, iswc

POOL = 500
"""So many subjects of one party are ranked at most."""
FEW_PARTIES = 50
"""So many parties of a name are looked at."""
CODE = re.compile(r"(?=.*\d)[^\s]{2,60}")
"""What may be the number of a society's own: one word with a digit in it."""
SURE = 88
"""Likeness of a title that is probably the sought one."""
ALSO = 80
"""Likeness of a person's name that is worth looking at beside a title that is probably the sought one."""
LEAST = 60
"""Likeness below which nothing is shown."""

TITLED = Prepared(
    "subjects of titles",
    select(TITLE.c.subject_id, TITLE.c.id)
    .join(DECLARATION, DECLARATION.c.id == TITLE.c.declaration_id)
    .where(TITLE.c.id.in_(KEYS), as_known(DECLARATION, AT)),
)
CLAIMANTS = Prepared(
    "claimants of subjects",
    select(DECLARATION.c.subject_id, PARTY.c.folded, PARTY.c.name, PARTY.c.given)
    .join(CLAIM, CLAIM.c.party_id == PARTY.c.id)
    .join(DECLARATION, DECLARATION.c.id == CLAIM.c.declaration_id)
    .where(DECLARATION.c.subject_id.in_(KEYS), as_known(DECLARATION, AT))
    .order_by(in_order(CLAIM.c.id)),
)
MENTIONED = Prepared(
    "performers of subjects",
    select(DECLARATION.c.subject_id, PARTY.c.folded, PARTY.c.name, PARTY.c.given)
    .join(MENTION, MENTION.c.party_id == PARTY.c.id)
    .join(DECLARATION, DECLARATION.c.id == MENTION.c.declaration_id)
    .where(DECLARATION.c.subject_id.in_(KEYS), as_known(DECLARATION, AT))
    .order_by(in_order(MENTION.c.declaration_id), in_order(MENTION.c.party_id)),
)
NAMING: tuple[Table, ...] = (CLAIM, MENTION)
"""By which a declaration names parties."""


def _of_party(naming: Table) -> Select[Any]:
    """The subjects of parties by claims, or by mentions."""
    return (
        select(DECLARATION.c.subject_id, PARTY.c.id.label("party_id"))
        .join(naming, naming.c.declaration_id == DECLARATION.c.id)
        .join(PARTY, PARTY.c.id == naming.c.party_id)
        .distinct()
    )


OF_PARTIES = tuple(
    Prepared(
        f"subjects of parties by {table.name}",
        _of_party(table).where(PARTY.c.id.in_(KEYS), as_known(DECLARATION, AT)).limit(POOL),
    )
    for table in NAMING
)


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
        raise UsageError("say what to search for: a title, a person, an ISWC, ISRC, IPI or society code")
    with reading(hub.engine) as connection:
        at = asked_instant(connection, known_at)
        scored = _by_identifier(connection, text, at) or {
            **_by_words(connection, text, at),
            **dict.fromkeys(_by_code(connection, text.strip(), at), 100),
        }
        ranked = _ranked(connection, scored, at, limit)
        best = list(islice((hit for hit in ranked if not kind or hit[0].kind == kind), limit))
        named = parties(connection, [subject for subject, _ in best], at)
    return [Hit(subject, names, score) for (subject, score), names in zip(best, named, strict=True)]


def _ranked(
    connection: Connection, scored: dict[int, int], at: int, many: int
) -> Iterator[tuple[Linked, int]]:
    """Linked subjects with their scores, best first, read as far as somebody looks, so ``many`` at a time.

    Hundreds are like a common title, and most of them are never shown.
    """
    order = sorted(scored, key=lambda subject: (-scored[subject], subject))
    seen: set[int] = set()
    while order:
        # All of one score together: among them the number of the cluster decides.
        least = scored[order[:many][-1]]
        part = [subject for subject in order if scored[subject] >= least]
        order = order[len(part) :]
        best: dict[int, int] = {}
        for subject, cluster in cluster_of(connection, part, at).items():
            if cluster not in seen:
                best[cluster] = max(best.get(cluster, 0), scored[subject])
        seen.update(best)
        ranked = sorted(best, key=lambda cluster: (-best[cluster], cluster))
        for start in range(0, len(ranked), many):
            some = ranked[start : start + many]
            linked = loaded(connection, some, at)
            yield from ((linked[cluster], best[cluster]) for cluster in some)


def _by_identifier(connection: Connection, text: str, at: int) -> dict[int, int]:
    for scheme, module in (("iswc", iswc), ("isrc", isrc)):
        if module.is_valid(text):
            return dict.fromkeys(identified(connection, scheme, [module.compact(text)], at), 100)
    if ipi_name.is_valid(text):
        number = PARTY.c.ipi_name == ipi_name.compact(text)
        queries = [_of_party(table).where(as_known(DECLARATION, at), number).limit(POOL) for table in NAMING]
        return dict.fromkeys((row.subject_id for query in queries for row in connection.execute(query)), 100)
    return {}


def _by_code(connection: Connection, text: str, at: int) -> set[int]:
    """Subjects by the number that a society gave them, as 177:12345 or as 12345 of any society."""
    if not CODE.fullmatch(text):
        return set()
    found = called(connection, "society-code", text, at) if ":" in text else set()
    query = (
        select(SUBJECT.c.id)
        .join(DECLARATION, DECLARATION.c.subject_id == SUBJECT.c.id)
        .where(SUBJECT.c.kind.in_(("work", "recording")), SUBJECT.c.ref == text)
        .where(SUBJECT.c.submitter.in_(select(SUBMISSION.c.submitter).distinct()))
        .where(as_known(DECLARATION, at))
        .limit(POOL)
    )
    return found or set(connection.scalars(query))


def _by_words(connection: Connection, text: str, at: int) -> dict[int, int]:
    folded, name = fold(text), name_key(text)
    scored: dict[int, int] = {}
    titles = near(connection, "title", folded, LEAST)
    for subject, title in TITLED.cells(connection, titles, at=at):
        scored[subject] = max(scored.get(subject, 0), titles[title])
    # Where a title is surely meant, people whose names are a little like it are not.
    least = ALSO if max(scored.values(), default=0) >= SURE else LEAST
    parties_like = near(connection, "party", name, least)
    best = sorted(parties_like, key=lambda key: (-parties_like[key], key))[:FEW_PARTIES]
    for query in OF_PARTIES:
        for subject, party in query.cells(connection, best, at=at):
            scored[subject] = max(scored.get(subject, 0), parties_like[party])
    return {subject: score for subject, score in scored.items() if score >= LEAST}


def parties(connection: Connection, subjects: Sequence[Linked], at: int) -> list[tuple[str, ...]]:
    """Of each subject the parties that claim in it, then its performers, each folded name once."""
    place = {member: number for number, subject in enumerate(subjects) for member in subject.members}
    found: list[dict[str, str]] = [{} for _ in subjects]
    for query in (CLAIMANTS, MENTIONED):
        for subject, folded, name, given in query.cells(connection, place, at=at):
            found[place[subject]].setdefault(folded, f"{name} {given}".strip())
    return [tuple(names.values()) for names in found]
