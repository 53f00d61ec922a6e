"""What a pair that waits for a person would move in answers: the share, and for how many recordings.

Two registrations that state the same shares can be joined or kept apart without anybody being paid
otherwise; two that state different ones cannot, and the more recordings embody them the more is paid by the
answer. So the value of a pair is the share that its two sides give to different parties (for the right where
that is most), times the recordings that lead to either side. Where usage reports were answered, it is before
all the money of the lines that asked about either side, or about a recording that leads to it: of each right
as much as the two sides give to different parties.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from hub.db.prepared import KEYS, Prepared
from hub.db.tables import CLAIM, CLUSTER_MEMBER, DECLARATION, JUDGEMENT, PARTY
from hub.db.times import OPEN
from hub.links import usage_money
from hub.links.usage_money import as_texts, money_moved, of_sides, reported
from schemas.rights import CATEGORIES
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
    """``moved`` in share units, the recordings (at least one) that it would be moved for, and the money of
    usage reports that it would be moved of, by currency in units of ``usage_money.MOVED_DECIMALS``.
    """

    moved: int
    recordings: int
    money: Mapping[str, int] = field(default_factory=dict)

    @property
    def order(self) -> int:
        """What pairs that move the same money are ordered by, the greatest first."""
        return self.moved * self.recordings

    def as_json(self) -> dict[str, Any]:
        """For the interfaces: a decimal string in percent, a count, and decimal strings by currency."""
        return {
            "moves": format_percent(self.moved), "recordings": self.recordings, "money": as_texts(self.money),
        }  # fmt: skip


def values(connection: Connection, pairs: Collection[Any], society: str = "") -> dict[int, Value]:
    """The value of each of these rows of ``judgement``, by id, as known now.

    With ``society`` money counts of those reports alone that it handed in.
    """
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
    leading = {number for led in recordings.values() for number in led}
    clusters_of: dict[int, int] = {**dict(_CLUSTERS.rows(connection, leading)), **clusters}
    sums = reported(connection, set(clusters_of.values()), society)
    found: dict[int, Value] = {}
    for pair in pairs:
        if pair.kind == "embodiment":
            by_right, led = _led_elsewhere(pair, works_of, stated), {pair.left_id}
            about = {clusters_of[number] for number in led if number in clusters_of}
        else:
            by_right = moved(stated[pair.left_id], stated[pair.right_id])
            sides_of = _clusters(clusters, pair)
            led = {number for side in sides_of for number in recordings.get(side, ())}
            about = sides_of | {clusters_of[number] for number in led if number in clusters_of}
        money = money_moved(by_right, of_sides(sums, about)) if sums else {}
        found[pair.id] = Value(max(by_right.values(), default=0), len(led) or 1, money)
    return found


def places(worth: Mapping[int, Value]) -> dict[int, int]:
    """The place of each pair by the money that it moves, 0 being the first."""
    return usage_money.places({number: value.money for number, value in worth.items()})


def moved(left: Stated, right: Stated) -> dict[str, int]:
    """The share that two statements give to different parties, by right.

    >>> one, two = {"PR": {"A": 60, "B": 40}}, {"PR": {"A": 50, "B": 50}}
    >>> moved(one, one), moved(one, two), moved({}, {})
    ({'PR': 0}, {'PR': 10}, {})
    """
    found: dict[str, int] = {}
    for right_name in sorted({*left, *right}):
        mine, other = left.get(right_name, {"": WHOLE}), right.get(right_name, {"": WHOLE})
        apart = sum(abs(mine.get(party, 0) - other.get(party, 0)) for party in {*mine, *other})
        found[right_name] = min(apart // 2, WHOLE)
    return found


def _led_elsewhere(
    pair: Any, works_of: Mapping[int, Sequence[int]], stated: Mapping[int, Stated]
) -> dict[str, int]:
    """What a recording's answers would move by if they were this work's: all where it has no work yet."""
    linked = works_of.get(pair.left_id)
    if not linked:
        return {right: WHOLE for right, domain in CATEGORIES.items() if domain == "work"}
    most: dict[str, int] = {}
    for work in linked:
        for right, share in moved(stated[work], stated[pair.right_id]).items():
            most[right] = max(most.get(right, 0), share)
    return most


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
