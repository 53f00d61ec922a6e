"""What one field of a record demands of others, from ``conditions.csv``.

A row says: when the field ``when`` holds one of ``values`` (``*``: anything, ``-Y``: anything but Y; without
``when``: always), the record must satisfy ``demand`` for ``field`` or it breaks the rule ``code``, whose row
gives severity, effect and texts. ``of`` names what the demand compares with:

- ``given``: the field says something; ``blank``: neither it nor the fields ``of`` do; ``any``: one of them;
  ``valid``: it says something that may stand; ``with``: it says nothing unless one of the fields ``of`` does;
- ``in``: its value is one of ``of``; ``at_least``, ``at_most``: it is a number not below or above ``of``;
- ``before``, ``not_before``, ``after``: it is a date that stands so to the first field ``of`` that is given;
- ``checked``: it and the fields ``of`` are hexadecimal digits, and the last one their check character.

Blanks and zeros say nothing. Source: CWR functional specifications 2.2 rev. 2 (CWR19-1070R1), field and
record edits; the numbers of the edits stand in ``validations.csv``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from schemas.cwr.tables import rows, split_cell

ANYTHING = "*"
OF_PRESENCE = frozenset({"given", "blank", "any", "valid", "with"})
"""Demands that look only at whether fields say something."""
OF_VALUES = frozenset({"in", "at_least", "at_most"})
"""Demands whose ``of`` holds values; the others' holds fields."""
VALID = "valid"
"""The demand that a value which is wrong by itself does not satisfy."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One row of the table."""

    code: str
    when: str
    values: tuple[str, ...]
    field: str
    demand: str
    of: tuple[str, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that the row looks at."""
        others = () if self.demand in OF_VALUES else self.of
        return tuple(name for name in (self.when, self.field, *others) if name)

    @property
    def compared(self) -> tuple[str, ...]:
        """The fields of which the row looks at the value, and not only whether they say something."""
        when = () if self.values in ((), (ANYTHING,)) else (self.when,)
        return when if self.demand in OF_PRESENCE else (*when, *self.fields)


@cache
def conditions(version: str) -> Mapping[str, tuple[Condition, ...]]:
    """The conditions of every record type in ``version``.

    >>> [item.demand for item in conditions("2.1")["ALT"]]
    ['given']
    """
    found: dict[str, tuple[Condition, ...]] = {}
    for row in rows("conditions", version):
        item = Condition(
            row["code"],
            row["when"],
            split_cell(row["values"]),
            row["field"],
            row["demand"],
            split_cell(row["of"]),
        )
        for record in split_cell(row["record"]):
            found[record] = (*found.get(record, ()), item)
    return MappingProxyType(found)
