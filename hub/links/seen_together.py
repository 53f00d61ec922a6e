"""Judgements that come from a look at all recordings together: how they are told, and how long they stand.

They are the matcher's, but no run over pairs that share a key would make them, and none may end them, unless
it judges the pair itself. They are about what was declared when they were made.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from hub.db.prepared import KEYS, Prepared
from hub.db.tables import DECLARATION, JUDGEMENT
from hub.db.times import OPEN
from hub.links.clustering import AUTHOR

KIND = "recording"
ONE = "among all recordings, the content is that of one recording"
MAYBE_ONE = "among all recordings, the content may be that of one recording"
RULES = frozenset((ONE, MAYBE_ONE))

_DECLARED = Prepared(
    "since when subjects are declared as they are",
    select(DECLARATION.c.subject_id, func.max(DECLARATION.c.known_from).label("since"))
    .where(
        DECLARATION.c.subject_id.in_(KEYS), DECLARATION.c.known_to == OPEN, DECLARATION.c.known_from < OPEN
    )
    .group_by(DECLARATION.c.subject_id),
)


def is_from_a_look(judgement: Any) -> bool:
    """Whether a look made this judgement; a person may write a reason in the same words."""
    return judgement.author == AUTHOR and judgement.reason in RULES


def standing(connection: Connection, left: int, right: int) -> Any:
    """The judgement about two recordings that stands and was found together, or None."""
    table = JUDGEMENT
    query = select(table).where(
        table.c.kind == KIND, table.c.left_id == left, table.c.right_id == right, table.c.known_to == OPEN
    )
    return next((row for row in connection.execute(query) if is_from_a_look(row)), None)


def outdated(connection: Connection, judgements: Sequence[Any]) -> list[Any]:
    """Those of the judgements of which a side was corrected since, or is declared no more."""
    since = declared_since(connection, {side for row in judgements for side in (row.left_id, row.right_id)})
    return [row for row in judgements if max(since[row.left_id], since[row.right_id]) > row.known_from]


def declared_since(connection: Connection, subjects: Collection[int]) -> Mapping[int, int]:
    """For each subject the instant since which it is declared as it is; ``OPEN`` if it is no more."""
    found = {row.subject_id: row.since for row in _DECLARED.rows(connection, sorted(subjects))}
    return {number: found.get(number, OPEN) for number in subjects}
