"""Which of many likely pairs have to be asked about: as few as join what belongs together.

A look at a whole catalogue finds every pair of a cluster, most of which are joined already or follow from
another one. Nobody should be asked about these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

Pair = tuple[int, int]


class Groups:
    """Clusters that are joined, and those that have to stay apart; named by their smallest member."""

    def __init__(self, clusters: Mapping[int, int]) -> None:
        """Start with a cluster for each id; an id that is not there is one by itself."""
        self._clusters = clusters
        self._joined: dict[int, int] = {}
        self._apart: dict[int, set[int]] = {}

    def name(self, number: int) -> int:
        """The name of the group that an id is in."""
        name = self._clusters.get(number, number)
        while (other := self._joined.get(name, name)) != name:
            # Half of the way is shortened each time.
            self._joined[name] = self._joined.get(other, other)
            name = other
        return name

    def may_join(self, left: int, right: int) -> bool:
        """Whether the two are in groups that are neither one nor have to stay apart."""
        mine, other = self.name(left), self.name(right)
        return mine != other and other not in self._apart.get(mine, ())

    def keep_apart(self, left: int, right: int) -> None:
        """Never join the groups that these two are in; nothing is done where they are one."""
        mine, other = self.name(left), self.name(right)
        if mine != other:
            self._apart.setdefault(mine, set()).add(other)
            self._apart.setdefault(other, set()).add(mine)

    def join(self, left: int, right: int) -> None:
        """Make one group of two where they may be joined."""
        if not self.may_join(left, right):
            return
        kept, gone = sorted((self.name(left), self.name(right)))
        self._joined[gone] = kept
        for other in self._apart.pop(gone, set()):
            self._apart[other].discard(gone)
            self._apart[other].add(kept)
            self._apart.setdefault(kept, set()).add(other)


def missing_links(
    groups: Groups, likely: Iterable[Pair], contradicted: Callable[[Pair], bool]
) -> tuple[list[Pair], int]:
    """Those of the likely pairs that join groups which nothing joins yet; they are joined then.

    Args:
        groups: what is joined and what has to stay apart.
        likely: the pairs, the likeliest first.
        contradicted: whether what a pair states cannot be of one; asked only about pairs that would join
            groups, and then the two stay apart.

    Returns:
        The pairs that are missing, the likeliest first, and how many were contradicted.

    >>> groups = Groups({1: 1, 2: 1, 3: 3})
    >>> missing_links(groups, [(1, 3), (2, 3), (3, 4), (1, 4)], lambda pair: pair == (3, 4))
    ([(1, 3)], 1)
    """
    found: list[Pair] = []
    refused = 0
    for pair in likely:
        if not groups.may_join(*pair):
            continue
        if contradicted(pair):
            groups.keep_apart(*pair)
            refused += 1
            continue
        groups.join(*pair)
        found.append(pair)
    return found, refused
