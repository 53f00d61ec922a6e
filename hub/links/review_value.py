"""What a pair that waits for a person would move in answers: the share, and for how many recordings.

Two registrations that state the same shares can be joined or kept apart without anybody being paid
otherwise; two that state different ones cannot, and the more recordings embody them the more is paid by the
answer. So the value of a pair is the share that its two sides give to different parties (for the right where
that is most), times the recordings that lead to either side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from hub.db.prepared import KEYS, Prepared
from hub.db.tables import CLAIM, CLUSTER_MEMBER, DECLARATION, JUDGEMENT, PARTY
from hub.db.times import OPEN
from schemas.shares import WHOLE, format_percent

Stated = Mapping[str, Mapping[str, int]]
"""Share units by right and party, as one source subject states them; ``""`` is what nobody is given."""

_CLAIMS = Prepared(
    "shares that subjects state",
    select(
        DECLARATION.c.subject_id,
        CLAIM.c.right,
        CLAIM.c.basis,
        CLAIM.c.territories,
        CLAIM.c.share,
        PARTY.c.ipi_base,
        PARTY.c.ipi_name,
        PARTY.c.folded,
    )
    .join(CLAIM, CLAIM.c.declaration_id == DECLARATION.c.id)
    .join(PARTY, PARTY.c.id == CLAIM.c.party_id)
    .where(
        DECLARATION.c.subject_id.in_(KEYS), DECLARATION.c.known_to == OPEN, DECLARATION.c.known_from < OPEN
    ),
)
_CLUSTERS = Prepared(
    "present clusters of subjects",
    select(CLUSTER_MEMBER.c.subject_id, CLUSTER_MEMBER.c.cluster_id).where(
        CLUSTER_MEMBER.c.subject_id.in_(KEYS), CLUSTER_MEMBER.c.known_to == OPEN
    ),
)
_RECORDINGS = Prepared(
    "recordings of clusters of works",
    select(CLUSTER_MEMBER.c.cluster_id, JUDGEMENT.c.left_id)
    .join(JUDGEMENT, JUDGEMENT.c.right_id == CLUSTER_MEMBER.c.subject_id)
    .where(
        CLUSTER_MEMBER.c.cluster_id.in_(KEYS),
        CLUSTER_MEMBER.c.known_to == OPEN,
        JUDGEMENT.c.kind == "embodiment",
        JUDGEMENT.c.verdict == "positive",
        JUDGEMENT.c.known_to == OPEN,
    ),
)
_EMBODIED = Prepared(
    "works that recordings are linked to",
    select(JUDGEMENT.c.left_id, JUDGEMENT.c.right_id).where(
        JUDGEMENT.c.left_id.in_(KEYS), JUDGEMENT.c.kind == "embodiment",
        JUDGEMENT.c.verdict == "positive", JUDGEMENT.c.known_to == OPEN,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """``moved`` in share units, and the recordings (at least one) that it would be moved for."""

    moved: int
    recordings: int

    @property
    def order(self) -> int:
        """What pairs are ordered by, the greatest first."""
        return self.moved * self.recordings

    def as_json(self) -> dict[str, Any]:
        """For the interfaces: a decimal string in percent, and a count."""
        return {"moves": format_percent(self.moved), "recordings": self.recordings}


def values(connection: Connection, pairs: Collection[Any]) -> dict[int, Value]:
    """The value of each of these rows of ``judgement``, by id."""
    sides = {number for pair in pairs for number in (pair.left_id, pair.right_id)}
    recorded = [pair.left_id for pair in pairs if pair.kind == "embodiment"]
    works_of: dict[int, list[int]] = defaultdict(list)
    for recording, work in _EMBODIED.rows(connection, recorded):
        works_of[recording].append(work)
    stated = _stated(connection, {*sides, *(work for works in works_of.values() for work in works)})
    clusters: dict[int, int] = dict(_CLUSTERS.rows(connection, sides))
    recordings: dict[int, set[int]] = defaultdict(set)
    for cluster, recording in _RECORDINGS.rows(connection, set(clusters.values())):
        recordings[cluster].add(recording)
    found: dict[int, Value] = {}
    for pair in pairs:
        if pair.kind == "embodiment":
            found[pair.id] = Value(_led_elsewhere(pair, works_of, stated), 1)
            continue
        led = {number for side in _clusters(clusters, pair) for number in recordings.get(side, ())}
        found[pair.id] = Value(moved(stated[pair.left_id], stated[pair.right_id]), len(led) or 1)
    return found


def moved(left: Stated, right: Stated) -> int:
    """The share that two statements give to different parties, for the right where that is most.

    >>> one, two = {"PR": {"A": 60, "B": 40}}, {"PR": {"A": 50, "B": 50}}
    >>> moved(one, one), moved(one, two), moved({}, {})
    (0, 10, 0)
    """
    most = 0
    for right_name in {*left, *right}:
        mine, other = left.get(right_name, {"": WHOLE}), right.get(right_name, {"": WHOLE})
        apart = sum(abs(mine.get(party, 0) - other.get(party, 0)) for party in {*mine, *other})
        most = max(most, apart // 2)
    return min(most, WHOLE)


def _led_elsewhere(pair: Any, works_of: Mapping[int, Sequence[int]], stated: Mapping[int, Stated]) -> int:
    """What a recording's answer would move by if it were this work's: all of it where it has no work yet."""
    linked = works_of.get(pair.left_id)
    if not linked:
        return WHOLE
    return max(moved(stated[work], stated[pair.right_id]) for work in linked)


def _clusters(clusters: Mapping[int, int], pair: Any) -> set[int]:
    return {clusters[number] for number in (pair.left_id, pair.right_id) if number in clusters}


def _stated(connection: Connection, subjects: Collection[int]) -> dict[int, Stated]:
    """What each subject states: by right the collection shares, or else those of ownership."""
    sums: dict[int, dict[tuple[str, str], dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for row in _CLAIMS.rows(connection, subjects):
        party = row.ipi_base or row.ipi_name.lstrip("0") or row.folded
        by_party = sums[row.subject_id][row.basis, row.right]
        # A party may be stated for several territories: the greatest share of them counts once.
        by_party[party] = max(by_party.get(party, 0), row.share)
    found: dict[int, Stated] = defaultdict(dict)
    for subject, by_right in sums.items():
        rights = {right for _, right in by_right}
        found[subject] = {
            right: _whole(by_right.get(("C", right)) or by_right.get(("O", right)) or {}) for right in rights
        }
    return found


def _whole(shares: Mapping[str, int]) -> Mapping[str, int]:
    return {**shares, "": max(WHOLE - sum(shares.values()), 0)}
