"""Adjacent rows of one reference as one group, and references that come again later."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from parsers.tabular.rows import Row
from schemas.findings import Finding, quote

Group = list[Row]


def groups(rows: Iterable[Row | Finding], key: str, table: str) -> Iterator[Group | Finding]:
    """Rows of one reference that follow each other; findings keep their place between groups.

    Of the references only a short fingerprint is remembered, so that a long file stays small in memory. A
    reference that comes again after others is told: the later group replaces the earlier one.
    """
    seen: set[bytes] = set()
    group: Group = []
    held: list[Finding] = []
    for item in rows:
        if isinstance(item, Finding):
            held.append(item)
            continue
        if group and item[key] != group[0][key]:
            yield group
            yield from held
            group, held = [], []
        if not group:
            mark = hashlib.blake2b(item[key].encode(), digest_size=8).digest()
            if mark in seen:
                yield Finding("file.duplicate_ref", item.position, table, key, quote(item[key]))
            seen.add(mark)
        group.append(item)
    if group:
        yield group
    yield from held
