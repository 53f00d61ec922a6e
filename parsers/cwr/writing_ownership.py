"""Ownership shares for versions that state them, from what is collected where only that was stated.

Version 3 has collection shares only. What a chain of publishers collects in a territory is what it owns, as
long as shares do not change (CWR functional specifications 2.2 rev. 2, NWR T27), and so it is with writers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from parsers.cwr.claims import RIGHTS
from parsers.cwr.territory_totals import largest
from schemas.declarations import Claim, RightShare

OWNERS = frozenset({"E", "AQ"})


def with_ownership(publishers: Sequence[Claim], writers: Sequence[Claim]) -> tuple[list[Claim], list[Claim]]:
    """The parties, the first owner of each chain with the shares of the chain, each writer with its own."""
    if any(claim.ownership for claim in (*publishers, *writers)):
        return list(publishers), list(writers)
    owned: list[Claim] = []
    seen: set[int] = set()
    for claim in publishers:
        chain = [item for item in publishers if item.chain == claim.chain]
        owns = claim.role in OWNERS and claim.chain not in seen
        if owns:
            seen.add(claim.chain)
        owned.append(replace(claim, ownership=_collected(chain if owns else ())))
    return owned, [replace(claim, ownership=_collected((claim,))) for claim in writers]


def _collected(claims: Iterable[Claim]) -> tuple[RightShare, ...]:
    groups = tuple(
        (group.territories, tuple(_share(group.shares, right) for right in RIGHTS))
        for claim in claims
        for group in claim.collection
    )
    return tuple(RightShare(right, total) for right, (total, _) in zip(RIGHTS, largest(groups), strict=True))


def _share(shares: Sequence[RightShare], right: str) -> int:
    return next((item.share for item in shares if item.right == right), 0)
