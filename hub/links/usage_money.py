"""What usage reports stated about both sides of a pair, and how much of it would go elsewhere.

Sums of different currencies are never added or compared: no rate of exchange is a fact of the hub.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, select

from hub.db.prepared import KEYS, Prepared
from hub.db.tables import CLUSTER_MEMBER, USAGE_SUM
from hub.db.times import OPEN
from hub.usage.totals import DECIMALS, amount_text
from schemas.rights import category
from schemas.shares import WHOLE

Sums = Mapping[tuple[str, str], int]
"""Units of money by right and currency."""

MOVED_DECIMALS = DECIMALS + len(str(WHOLE)) - 1
"""Money times share units is this fine, so that nothing is rounded."""

_SUMS = Prepared(
    "money of usage reports about clusters",
    select(
        CLUSTER_MEMBER.c.cluster_id, USAGE_SUM.c.society, USAGE_SUM.c.right, USAGE_SUM.c.currency,
        USAGE_SUM.c.units,
    )
    .join(USAGE_SUM, USAGE_SUM.c.subject_id == CLUSTER_MEMBER.c.subject_id)
    .where(
        CLUSTER_MEMBER.c.cluster_id.in_(KEYS), CLUSTER_MEMBER.c.known_to == OPEN,
        USAGE_SUM.c.known_to == OPEN,
    ),
)  # fmt: skip


def reported(connection: Connection, clusters: Collection[int], society: str) -> dict[int, Sums]:
    """The money that lines about each of these clusters came to, of one society's reports or of all."""
    found: dict[int, dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
    for row in _SUMS.rows(connection, clusters):
        if society in ("", row.society):
            found[row.cluster_id][row.right, row.currency] += int(row.units)
    return dict(found)


def money_moved(moved: Mapping[str, int], sums: Collection[Sums]) -> dict[str, int]:
    """Of these sums what the shares (by right) take elsewhere: by currency, in ``MOVED_DECIMALS``.

    Of the rights of one category the one counts that moves most.

    >>> money_moved({"PR": WHOLE // 4, "MR": 0}, [{("PR", "KZT"): 8, ("MR", "KZT"): 100, ("PR", "EUR"): 4}])
    {'EUR': 100000000, 'KZT': 200000000}
    """
    most: dict[str, int] = {}
    for right, share in moved.items():
        asked = category(right) or right
        most[asked] = max(most.get(asked, 0), share)
    found: dict[str, int] = defaultdict(int)
    for of_cluster in sums:
        for (right, currency), units in of_cluster.items():
            found[currency] += units * most.get(right, 0)
    return {currency: units for currency, units in sorted(found.items()) if units}


def as_texts(money: Mapping[str, int]) -> dict[str, str]:
    """Exact decimal texts by currency.

    >>> as_texts({"KZT": 5 * 10**MOVED_DECIMALS // 2})
    {'KZT': '2.50'}
    """
    return {code: amount_text(units, code, MOVED_DECIMALS) for code, units in money.items()}


def places(money: Mapping[int, Mapping[str, int]]) -> dict[int, int]:
    """The place of each pair by the money that it moves: its best in any currency, the greatest being 0.

    So the first of every currency come before the second of any. A correction moves as much as a payment.
    Those that move no money share the place behind all others.

    >>> places({1: {"KZT": 500}, 2: {"KZT": -900}, 3: {"EUR": 1}, 4: {}})
    {1: 1, 2: 0, 3: 0, 4: 2}
    """
    amounts: dict[str, set[int]] = defaultdict(set)
    for sums in money.values():
        for currency, units in sums.items():
            amounts[currency].add(abs(units))
    order = {
        (currency, units): place
        for currency, found in amounts.items()
        for place, units in enumerate(sorted(found, reverse=True))
    }
    last = 1 + max(order.values(), default=-1)
    return {
        pair: min((order[currency, abs(units)] for currency, units in sums.items()), default=last)
        for pair, sums in money.items()
    }


def of_sides(sums: Mapping[int, Sums], clusters: Collection[Any]) -> list[Sums]:
    """The sums of those of the clusters that have any."""
    return [sums[cluster] for cluster in sorted(clusters) if cluster in sums]
