"""People's judgements: the queue of unsure pairs, and decisions that outrank the matcher."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, case, exists, func, insert, or_, select, text, update

from hub.audit.log import record
from hub.context import Hub
from hub.db.counters import Instant, take
from hub.db.engine import reading, writing
from hub.db.prepared import in_order
from hub.db.tables import DECLARATION, JUDGEMENT, SUBJECT, TITLE
from hub.db.tables.links import PEOPLE, UNSURE
from hub.db.times import OPEN
from hub.errors import NotAllowed, NotFound, UsageError
from hub.links import explaining, pairs, seen_together
from hub.links.clustering import AUTHOR, alone, recluster
from hub.links.linking import link_again
from hub.links.prepared import Shelf
from hub.links.review_value import places, values

VERDICTS = {"same": "positive", "different": "negative", "unsure": "unsure"}


MOST_WEIGHED = 1_000
"""Pairs whose value is looked at for one listing, clashes and high scores first: a bound for its time."""


def queue(hub: Hub, *, limit: int = 50, society: str = "") -> list[dict[str, Any]]:
    """Unsure pairs that nobody has decided, those first that would move most in answers.

    Money that usage reports stated comes first, currency by currency; then shares times recordings; pairs of
    one value come with identifier clashes and high scores first. With ``society`` those of which it declared
    one side, by the money of the reports that it handed in itself: what others earn is not told by an order
    either. All of it as known now.
    """
    query = (
        select(JUDGEMENT)
        .where(text(UNSURE), JUDGEMENT.c.known_to == OPEN, JUDGEMENT.c.author == AUTHOR)
        .order_by((JUDGEMENT.c.conflict == "").asc(), JUDGEMENT.c.score.desc(), JUDGEMENT.c.id)
        .limit(max(limit, MOST_WEIGHED))
    )
    if society:
        sides = [SUBJECT.alias(side) for side in ("left_side", "right_side")]
        own = [
            exists().where(side.c.id == number, side.c.submitter == society)
            for side, number in zip(sides, (JUDGEMENT.c.left_id, JUDGEMENT.c.right_id), strict=True)
        ]
        query = query.where(or_(*own))
    with reading(hub.engine) as connection:
        rows = connection.execute(query).all()
        worth = values(connection, rows, society)
        place = places(worth)
        # Sorting keeps the order of the query among equals.
        rows = sorted(rows, key=lambda row: (place[row.id], -worth[row.id].order))[:limit]
        shelf = Shelf()
        return [
            {
                "kind": row.kind,
                "left": _describe(connection, row.left_id),
                "right": _describe(connection, row.right_id),
                "score": row.score,
                "rule": row.reason,
                "conflict": row.conflict,
                **worth[row.id].as_json(),
                **_explained(connection, row, shelf),
            }
            for row in rows
        ]


def _explained(connection: Connection, row: Any, shelf: Shelf) -> dict[str, Any]:
    evidence = json.loads(row.evidence or "[]")
    return {
        "scale": explaining.scale_of(evidence),
        "evidence": evidence,
        "parties": explaining.parties(connection, row.kind, row.left_id, row.right_id, shelf),
    }


def _describe(connection: Connection, subject: int) -> dict[str, str]:
    row = connection.execute(select(SUBJECT).where(SUBJECT.c.id == subject)).one()
    title = connection.scalar(
        select(TITLE.c.text)
        .join(DECLARATION, DECLARATION.c.id == TITLE.c.declaration_id)
        .where(DECLARATION.c.subject_id == subject)
        .order_by(in_order(TITLE.c.id).desc())
        .limit(1)
    )
    return {"id": row.public_id, "submitter": row.submitter, "ref": row.ref, "title": title or ""}


def decide(
    hub: Hub, left: str, right: str, verdict: str, reason: str, author: str, *, society: str = ""
) -> dict[str, Any]:
    """Record a person's judgement about two source subjects and link accordingly.

    A ``society`` judges pairs of which it declared one side; without one the operator judges.

    Raises:
        UsageError: an unknown verdict, no reason, or subjects that cannot be the same.
        NotFound: no such subject.
        NotAllowed: the society declared neither side.
    """
    if verdict not in VERDICTS:
        raise UsageError(f"verdict {verdict!r} is not one of {', '.join(VERDICTS)}")
    if author == AUTHOR:
        raise UsageError(f"{AUTHOR!r} signs for the matcher; decisions are people's")
    if not reason.strip():
        raise UsageError("a decision needs a reason")
    with writing(hub.engine) as connection:
        alone(connection)
        kind, first, second = pairs.named(connection, left, right)
        if society and society not in (first.submitter, second.submitter):
            raise NotAllowed(
                f"society {society} declared neither of the two; it may judge its own repertoire only"
            )
        now = Instant(connection)
        at = now.at
        # Every judgement of the pair ends here, the matcher's too: it is made again if this one is revoked.
        connection.execute(
            update(JUDGEMENT)
            .where(
                JUDGEMENT.c.kind == kind, JUDGEMENT.c.left_id == first.id, JUDGEMENT.c.right_id == second.id
            )
            .where(JUDGEMENT.c.known_to == OPEN)
            .values(known_to=at)
        )
        connection.execute(
            insert(JUDGEMENT).values(
                id=take(connection, "judgement", 1),
                kind=kind,
                left_id=first.id,
                right_id=second.id,
                verdict=VERDICTS[verdict],
                score=1000,
                evidence="[]",
                conflict="",
                author=author,
                reason=reason,
                known_from=at,
                known_to=OPEN,
            )
        )
        if kind != "embodiment":
            recluster(connection, [first.id, second.id], kind, now)
        decided = {
            "kind": kind,
            "left": first.public_id,
            "right": second.public_id,
            "verdict": VERDICTS[verdict],
            "author": author,
            "reason": reason,
        }
        record(connection, at, "judgement", author, first.public_id, decided)
    return decided


def undo(hub: Hub, left: str, right: str, author: str, *, society: str = "") -> dict[str, Any]:
    """Take back the newest judgement of a pair: what a person said before stands again from now on.

    Where nobody said anything the matcher judges the pair as it is stated now.

    Old answers stay what they were: the judgement that is taken back keeps its time.

    Raises:
        NotFound: no such subject, or no judgement of this author stands.
        NotAllowed: the society declared neither side.
    """
    with writing(hub.engine) as connection:
        alone(connection)
        kind, *pair = pairs.named(connection, left, right)
        if society and society not in {row.submitter for row in pair}:
            raise NotAllowed(f"society {society} declared neither of the two")
        ids = sorted(int(row.id) for row in pair)
        of_pair = (
            JUDGEMENT.c.kind == kind, JUDGEMENT.c.left_id.in_(ids), JUDGEMENT.c.right_id.in_(ids),
        )  # fmt: skip
        mine = select(JUDGEMENT).where(*of_pair, JUDGEMENT.c.known_to == OPEN, JUDGEMENT.c.author == author)
        standing = connection.execute(mine.order_by(JUDGEMENT.c.id.desc()).limit(1)).first()
        if standing is None or author == AUTHOR:
            raise NotFound("no judgement of yours stands about these two; there is nothing to undo")
        ended = select(JUDGEMENT).where(*of_pair, JUDGEMENT.c.known_to == standing.known_from)
        before = connection.execute(ended.order_by(JUDGEMENT.c.id.desc()).limit(1)).first()
        now = Instant(connection)
        at = now.at
        connection.execute(update(JUDGEMENT).where(JUDGEMENT.c.id == standing.id).values(known_to=at))
        if before is not None and (before.author != AUTHOR or _seen_together(connection, before)):
            again = {**before._mapping, "id": take(connection, "judgement", 1)}
            connection.execute(insert(JUDGEMENT).values({**again, "known_from": at, "known_to": OPEN}))
        # The matcher judges anew: what it said before may be about statements that were corrected since.
        link_again(connection, ids, now)
        taken = {"left": left, "right": right, "verdict": standing.verdict, "undone": True}
        record(connection, at, "judgement", author, left, taken)
    return taken


def _seen_together(connection: Connection, judgement: Any) -> bool:
    """Whether it comes from a look at all recordings, and is about both sides as they are stated now."""
    return seen_together.is_from_a_look(judgement) and not seen_together.outdated(connection, [judgement])


def statistics(hub: Hub, society: str) -> dict[str, int]:
    """What a society judged so far, by verdict, and how often those who judged the same pair agree.

    ``pairs`` are those that two or more judged, ``agreed`` those of them on which all said the same.
    """
    current = (text(PEOPLE), JUDGEMENT.c.author == society, JUDGEMENT.c.known_to == OPEN)
    counted = select(JUDGEMENT.c.verdict, func.count()).where(*current).group_by(JUDGEMENT.c.verdict)
    voices = (
        select(
            func.count(func.distinct(JUDGEMENT.c.author)).label("authors"),
            func.count(func.distinct(JUDGEMENT.c.verdict)).label("verdicts"),
        )
        .where(text(PEOPLE))
        .group_by(JUDGEMENT.c.kind, JUDGEMENT.c.left_id, JUDGEMENT.c.right_id)
        .subquery()
    )
    with reading(hub.engine) as connection:
        by_verdict: dict[str, int] = dict(connection.execute(counted).all())
        shared = select(func.count(), func.sum(case((voices.c.verdicts == 1, 1), else_=0)))
        pairs, agreed = connection.execute(shared.where(voices.c.authors > 1)).one()
    named = {name: int(by_verdict.get(kept, 0)) for name, kept in VERDICTS.items()}
    return {**named, "pairs": int(pairs or 0), "agreed": int(agreed or 0)}
