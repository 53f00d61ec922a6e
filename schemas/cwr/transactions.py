"""Which records begin a transaction, and which details may stand where inside it.

``transactions.csv`` gives the kind of statement a transaction header makes; ``sequence_2x.csv`` and
``sequence_3x.csv`` list the
detail records of a transaction with the records they may follow (empty: any) and the consequence of
standing elsewhere, in the codes of ``schemas.cwr.layouts``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from schemas.cwr.layouts import layouts
from schemas.cwr.tables import rows, split_cell, table

SEQUENCES = ("sequence_2x", "sequence_3x")
CONTROL_RECORDS = frozenset({"HDR", "GRH", "GRT", "TRL"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a detail record may stand: after one of ``follows`` (empty: anywhere)."""

    follows: frozenset[str]
    rule: str


@cache
def transaction_kinds(version: str) -> Mapping[str, str]:
    """Kind of statement (``work``, ``agreement``, ``acknowledgement``) by transaction header.

    >>> transaction_kinds("2.1")["REV"]
    'work'
    """
    return MappingProxyType({row["record"]: row["kind"] for row in rows("transactions", version)})


@cache
def every_transaction() -> Mapping[str, str]:
    """The same over all versions: what a header means that its own version does not have."""
    return MappingProxyType({row["record"]: row["kind"] for row in table("transactions")})


@cache
def is_readable(version: str) -> bool:
    """Whether the tables have the layout of any transaction of ``version``.

    >>> is_readable("2.2"), is_readable("4.0")
    (True, False)
    """
    return not transaction_kinds(version).keys().isdisjoint(layouts(version))


@cache
def places(version: str, transaction: str) -> Mapping[str, Place]:
    """The detail records of one transaction and where they may stand."""
    return MappingProxyType(
        {
            row["record"]: Place(frozenset(split_cell(row["follows"])), row["rule"])
            for name in SEQUENCES
            for row in rows(name, version)
            if transaction in split_cell(row["transaction"])
        }
    )
