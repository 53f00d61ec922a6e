"""Code lists of CWR 2.x, from ``lookups.csv``.

Sources: CISAC CWR 2.x lookup tables (CWR08-3615R1), society codes (SG26-0077) and the Territory
Information System. Societies and territories that have ceased to exist stay in the lists, because old
registrations still name them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from schemas.cwr.tables import table


@cache
def lookups() -> Mapping[str, frozenset[str]]:
    """Every code list by its name in the record tables."""
    found: dict[str, set[str]] = {}
    for row in table("lookups"):
        found.setdefault(row["lookup"], set()).add(row["code"])
    return MappingProxyType({name: frozenset(codes) for name, codes in found.items()})


def codes(name: str) -> frozenset[str]:
    """The codes of one list.

    >>> sorted(codes("version_type"))
    ['MOD', 'ORI']
    """
    return lookups()[name]
