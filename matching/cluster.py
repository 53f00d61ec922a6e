"""Clusters that respect negatives: best links first, and no union that would join a forbidden pair.

The result depends on the sets of links only, not on their order, and every connected component of the
positive links can be clustered by itself with the same result.
"""

from __future__ import annotations

from collections.abc import Iterable


def cluster(
    members: Iterable[int],
    positive: Iterable[tuple[int, int, int]],
    negative: Iterable[tuple[int, int]] = (),
) -> dict[int, int]:
    """Every member with the smallest member of its cluster.

    Args:
        members: the ids to cluster; links that name others are ignored.
        positive: links (a, b, score), joined from the highest score down, ties by ids.
        negative: pairs that never stand in one cluster; they outweigh a positive link of the same pair.

    Example:
        >>> cluster([1, 2, 3], [(1, 2, 900), (2, 3, 800)], [(1, 3)])
        {1: 1, 2: 1, 3: 3}
    """
    parent = {member: member for member in sorted(members)}
    apart: dict[int, set[int]] = {}
    for left, right in negative:
        if left in parent and right in parent and left != right:
            apart.setdefault(left, set()).add(right)
            apart.setdefault(right, set()).add(left)
    links: dict[tuple[int, int], int] = {}
    for left, right, score in positive:
        if left in parent and right in parent and left != right:
            pair = (min(left, right), max(left, right))
            links[pair] = max(score, links.get(pair, score))
    for left, right in sorted(links, key=lambda pair: (-links[pair], pair)):
        first, second = sorted((_root(parent, left), _root(parent, right)))
        if first != second and second not in apart.get(first, ()):
            parent[second] = first
            _inherit(apart, first, second)
    return {member: _root(parent, member) for member in parent}


def _root(parent: dict[int, int], member: int) -> int:
    """The smallest member of the cluster so far; the path is shortened on the way."""
    root = member
    while parent[root] != root:
        root = parent[root]
    while parent[member] != root:
        parent[member], member = root, parent[member]
    return root


def _inherit(apart: dict[int, set[int]], kept: int, joined: int) -> None:
    """What may not meet ``joined`` may not meet ``kept`` from now on; ``apart`` speaks of roots only."""
    for other in apart.pop(joined, ()):
        apart[other].discard(joined)
        apart[other].add(kept)
        apart.setdefault(kept, set()).add(other)
