"""What the readers of works, recordings and mandates share: refused files, rejected rows, share totals."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from parsers.reading import Item, reject_file
from parsers.tabular.cells import Remarks
from parsers.tabular.grouping import GROUP_ROWS, GROUP_SIZE, Group, groups
from parsers.tabular.lines import Refused
from parsers.tabular.rows import Row, read_rows
from schemas import territories
from schemas.declarations import Claim, Declaration, Header, Rejection
from schemas.findings import Finding, quote
from schemas.shares import HUNDREDTH, WHOLE, format_percent
from schemas.tables.columns import key

TOLERANCE = 6 * HUNDREDTH
"""Rounded shares may add up to this much more than the whole, as in CWR."""

LATEST = dt.date(9999, 1, 1)
"""Totals are checked in the territories as they are now, that is in the last period the table knows."""


def read_groups(
    stream: BinaryIO,
    table: str,
    kind: str,
    statement: Callable[[Group, Remarks], Declaration],
) -> Iterator[Item]:
    """A header, then the statement of each group of rows of one reference, or its rejection."""
    yield Header(f"{table}-csv", "1")
    try:
        for item in groups(read_rows(stream, table), table):
            if isinstance(item, Finding):
                yield item
            else:
                yield from _one(item, table, kind, statement)
    except Refused as refused:
        yield from reject_file(refused.finding)


def _one(
    group: Group, table: str, kind: str, statement: Callable[[Group, Remarks], Declaration]
) -> Iterator[Item]:
    for row in group.rows:
        yield from row.findings
    if group.over:
        limit = f"{GROUP_ROWS} / {GROUP_SIZE}"
        yield Finding("tabular.too_many_rows", group.position, table, key(table), quote(group.ref), limit)
    if group.broken:
        yield Rejection(kind, group.position, group.ref)
        return
    remarks = Remarks(table)
    found = statement(group, remarks)
    yield from remarks.found
    yield Rejection(kind, group.position, group.ref) if remarks.failed else found


def check_totals(claims: Iterable[Claim], row: Row, remarks: Remarks) -> None:
    """Remark on each right whose collection shares add up to more than the whole in some country."""
    stated: dict[str, dict[tuple[str, ...], int]] = defaultdict(lambda: defaultdict(int))
    for claim in claims:
        for statement in claim.collection:
            for item in statement.shares:
                stated[item.right][statement.territories] += item.share
    for right, shares in stated.items():
        # Most works stay within the whole even if all territories were one.
        if sum(shares.values()) <= WHOLE + TOLERANCE:
            continue
        totals: dict[str, int] = defaultdict(int)
        for expression, share in shares.items():
            for country in territories.evaluate(expression, LATEST):
                totals[country] += share
        country, most = min(totals.items(), key=lambda item: (-item[1], item[0]), default=("", 0))
        if most > WHOLE + TOLERANCE:
            remarks.add("shares.over", row, right, format_percent(most), country)
