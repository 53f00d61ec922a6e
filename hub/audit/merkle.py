"""Merkle trees over the log, by the rules of RFC 9162 section 2.1 (SHA-256, history trees).

A root stands for every entry up to a size. An inclusion path proves that one entry is under a root, a
consistency path that an older root is a beginning of a newer one: neither needs the other entries.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

EMPTY = hashlib.sha256().digest()


def leaf(content: bytes) -> bytes:
    """The hash of one entry."""
    return hashlib.sha256(b"\0" + content).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return hashlib.sha256(b"\1" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes; that of no leaf is the hash of nothing.

    >>> root([]) == EMPTY, root([leaf(b"a")]) == leaf(b"a")
    (True, True)
    """
    if not leaves:
        return EMPTY
    level = list(leaves)
    while len(level) > 1:
        level = [
            node(level[place], level[place + 1]) if place + 1 < len(level) else level[place]
            for place in range(0, len(level), 2)
        ]
    return level[0]


def inclusion(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes beside the way from the leaf ``index`` (from 0) up to the root."""
    path: list[bytes] = []
    level, place = list(leaves), index
    while len(level) > 1:
        if place ^ 1 < len(level):
            path.append(level[place ^ 1])
        level = [
            node(level[at], level[at + 1]) if at + 1 < len(level) else level[at]
            for at in range(0, len(level), 2)
        ]
        place //= 2
    return path


def rises_to(found: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a leaf, its place and its path lead to; None when they do not fit a tree of ``size``."""
    if not 0 <= index < size:
        return None
    last = size - 1
    for beside in path:
        if not last:
            return None
        if index & 1 or index == last:
            found = node(beside, found)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            found = node(found, beside)
        index, last = index >> 1, last >> 1
    return found if not last else None


def consistency(leaves: Sequence[bytes], size: int) -> list[bytes]:
    """The hashes which show that the first ``size`` leaves (one at least) begin the tree over all."""
    return list(_subproof(leaves, size, whole=True))


def _subproof(leaves: Sequence[bytes], size: int, *, whole: bool) -> Iterator[bytes]:
    count = len(leaves)
    if size == count:
        if not whole:
            yield root(leaves)
        return
    split = 1 << ((count - 1).bit_length() - 1)
    if size <= split:
        yield from _subproof(leaves[:split], size, whole=whole)
        yield root(leaves[split:])
    else:
        yield from _subproof(leaves[split:], size - split, whole=False)
        yield root(leaves[:split])


def begins(old: bytes, size: int, new: bytes, new_size: int, path: Sequence[bytes]) -> bool:
    """Whether a path shows that the tree ``new`` of ``new_size`` goes on from ``old`` of ``size``."""
    if not 0 < size <= new_size:
        return False
    if size == new_size:
        return old == new and not path
    hashes = list(path)
    if size & (size - 1) == 0:
        hashes.insert(0, old)
    if not hashes:
        return False
    first, second = size - 1, new_size - 1
    while first & 1:
        first, second = first >> 1, second >> 1
    before = after = hashes[0]
    for beside in hashes[1:]:
        if not second:
            return False
        if first & 1 or first == second:
            before, after = node(beside, before), node(beside, after)
            while not first & 1 and first:
                first, second = first >> 1, second >> 1
        else:
            after = node(after, beside)
        first, second = first >> 1, second >> 1
    return not second and before == old and after == new
