"""What sources agree on: the table of share policies, and the policy ``least-agreed/1``.

A whole source speaks to every party, a partial one only to those it names. Each party is certain of the
least that any source speaking to it grants, as long as these least shares fit into 100 together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from schemas.shares import HUNDREDTH, WHOLE
from schemas.table_files import rows

POLICY = "least-agreed/1"
TOLERANCE = 6 * HUNDREDTH
"""A source within 0.06 % of 100 accounts for the whole: the tolerance CWR gives share totals."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One row; ``documents_days`` is how long a later notifier may take to document its claim."""

    name: str
    rule: str
    documents_days: int
    source: str


@cache
def policies() -> Mapping[str, Policy]:
    """Every share policy by its name."""
    return {
        row["policy"]: Policy(row["policy"], row["rule"], int(row["documents_days"] or 0), row["source"])
        for row in rows("hub.answers", "share_policies.csv")
    }


@dataclass(frozen=True, slots=True)
class Source:
    """One source subject's shares of one right in one territory, by party."""

    name: str
    shares: Mapping[str, int]

    @property
    def total(self) -> int:
        """The sum of the shares."""
        return sum(self.shares.values())

    @property
    def whole(self) -> bool:
        """Whether the source accounts for everything."""
        return abs(self.total - WHOLE) <= TOLERANCE


@dataclass(frozen=True, slots=True)
class Agreed:
    """What is undisputed of one party's share, and the span of what is said about it."""

    party: str
    share: int
    low: int
    high: int
    rounded: bool = False


@dataclass(frozen=True, slots=True)
class Provisional:
    """A contested share that a policy lets be paid for the time being."""

    party: str
    share: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """The outcome; ``sum of agreed and provisional shares + contested + unclaimed == WHOLE``.

    ``withheld`` of what is contested was payable before it was documented that it is.
    """

    agreed: tuple[Agreed, ...] = ()
    contested: int = 0
    unclaimed: int = WHOLE
    overclaims: tuple[str, ...] = field(default=())
    provisional: tuple[Provisional, ...] = field(default=())
    withheld: int = 0


def completed(source: Source) -> tuple[Mapping[str, int], str]:
    """A whole source's shares made to add up to exactly 100, and the party that took the rounding rest.

    The rest within the tolerance goes to the largest share (the first by party key among equals).
    """
    rest = WHOLE - source.total
    if not source.whole or not rest or not source.shares:
        return source.shares, ""
    largest = min(source.shares, key=lambda party: (-source.shares[party], party))
    return {**source.shares, largest: source.shares[largest] + rest}, largest


def least_agreed(sources: Sequence[Source]) -> Agreement:
    """Apply the policy to all sources of one right in one territory on one day."""
    whole: list[Mapping[str, int]] = []
    partial: list[Mapping[str, int]] = []
    rounded: set[str] = set()
    for source in sources:
        shares, took = completed(source)
        if took:
            rounded.add(took)
        (whole if source.whole else partial).append(shares)
    parties = sorted({party for shares in (*whole, *partial) for party in shares})
    spans: dict[str, tuple[int, int]] = {}
    for party in parties:
        said = [shares.get(party, 0) for shares in whole]
        said += [shares[party] for shares in partial if party in shares]
        spans[party] = min(said), min(max(said), WHOLE)
    excess = max(0, sum(low for low, _ in spans.values()) - WHOLE)
    agreed = tuple(
        Agreed(party, max(0, low - excess), low, high, party in rounded)
        for party, (low, high) in spans.items()
    )
    undisputed = sum(item.share for item in agreed)
    rest = WHOLE - undisputed
    contested = min(rest, sum(high for _, high in spans.values()) - undisputed)
    overclaims = tuple(source.name for source in sources if source.total > WHOLE + TOLERANCE)
    return Agreement(agreed, contested, rest - contested, overclaims)
