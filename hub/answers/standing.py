"""What every answer of one instant stands on: the register of societies, their agreements, the statutes.

It is small, read again and again, and as known at an instant it never changes: so it is read once for each
instant and kept as long as questions ask for that. What is not settled yet is not kept: instants to come, and
those of a transaction that is still writing.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from hub import jurisdictions, registers
from hub.answers.exceptions import Exceptions, exceptions
from hub.answers.granted import Granted
from hub.answers.mandates import Mandate
from hub.catalogue.ahead import ahead
from hub.db.counters import horizon
from hub.jurisdictions import Rule
from hub.registers import SocietyEntry

KEPT = 4
"""Instants kept for each database."""


@dataclass(slots=True)
class Standing:
    """The register as known at an instant; the agreements are filled as they are asked for."""

    societies: dict[str, SocietyEntry]
    licensed: tuple[SocietyEntry, ...]
    """Societies with an accreditation of whatever place and time."""
    exceptions: Exceptions = field(default_factory=Exceptions)
    rules: tuple[Rule, ...] = ()
    """What jurisdictions prescribe about who may collect."""
    agreements: dict[str, Sequence[Mandate]] = field(default_factory=dict)
    """What a society granted, by its code; ``""`` for what statutes presume."""
    granted: dict[frozenset[str], dict[str, Granted]] = field(default_factory=dict)
    """What parties granted for some rights, by their identifiers; the reader bounds it."""
    submissions: dict[int, str] = field(default_factory=dict)
    """Names of submissions that mandates come from."""
    decisions: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    """What was decided for facts of one shape; the one who decides bounds it."""
    forms: object = None
    """Forms of answers that ``hub.dossiers`` has learned; it bounds them."""


_kept: WeakKeyDictionary[Engine, OrderedDict[int, Standing]] = WeakKeyDictionary()


def standing(connection: Connection, at: int) -> Standing:
    """What stands at an instant, from memory where it was read before."""
    read = ahead(connection, at).standing
    if read is not None:
        return read
    if connection.get_execution_options().get("writing"):
        return _read(connection, at)
    kept = _kept.setdefault(connection.engine, OrderedDict())
    found = kept.get(at)
    if found is None:
        found = _read(connection, at)
        if at <= horizon(connection):
            kept[at] = found
            while len(kept) > KEPT:
                kept.popitem(last=False)
    return found


def _read(connection: Connection, at: int) -> Standing:
    entries = registers.entries(connection, at)
    return Standing(
        {entry.code: entry for entry in entries},
        tuple(entry for entry in entries if entry.accreditations),
        exceptions(connection, at),
        tuple(jurisdictions.known(connection, at)),
    )
