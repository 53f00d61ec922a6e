"""Under which number the standard lists the edit that a finding is about, from ``validations.csv``.

An acknowledgement names an edit by record type, level and number (CWR functional specifications 2.2 rev. 2,
MSG), such as NWR F003. A row with a rule ``code`` holds for that rule, one with a ``field`` for every fault
of that field; an empty ``record`` holds for all. Remarks that are the hub's own have no number there: 000.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from schemas.cwr.tables import rows, split_cell

OWN = "000"


@dataclass(frozen=True, slots=True)
class Validation:
    """An edit of the standard: its level (``E`` file, ``G``, ``T``, ``R``, ``F``) and number there."""

    level: str
    number: str


@cache
def _validations(version: str) -> Mapping[tuple[str, str, str], Validation]:
    found: dict[tuple[str, str, str], Validation] = {}
    for row in rows("validations", version):
        for record in split_cell(row["record"]) or ("",):
            found[row["code"], record, row["field"]] = Validation(row["level"], row["number"])
    return MappingProxyType(found)


def validation(version: str, code: str, record: str, field: str) -> Validation:
    """The edit that the rule ``code`` checks on a field of a record.

    >>> validation("2.1", "cwr.missing.transaction", "NWR", "work_number")
    Validation(level='F', number='003')
    >>> validation("2.1", "cwr.share_total", "NWR", "PR")
    Validation(level='T', number='011')
    >>> validation("2.1", "cwr.unknown_record", "XYZ", "").number
    '000'
    """
    known = _validations(version)
    for key in ((code, record, field), (code, record, ""), (code, "", ""), ("", record, field)):
        if key in known:
            return known[key]
    return Validation("F" if field else "R", OWN)


@cache
def _last_edits(version: str) -> Mapping[tuple[str, str], int]:
    return MappingProxyType(
        {
            (record, row["level"]): int(row["last"])
            for row in rows("edits", version)
            for record in split_cell(row["record"]) or ("",)
        }
    )


def edit_exists(version: str, record: str, level: str, number: str) -> bool:
    """Whether the standard lists an edit under this number (``edits.csv`` has the last one of each list).

    Edits of transactions and files may be about any record. Of versions without a public list all exist.

    >>> edit_exists("2.2", "NWR", "F", "005"), edit_exists("2.2", "SPU", "T", "016")
    (True, True)
    >>> edit_exists("2.1", "SPT", "F", "099"), edit_exists("3.0", "SPT", "F", "099")
    (False, True)
    """
    known = _last_edits(version)
    if not known:
        return True
    if level in ("T", "E"):
        last = max(last for (_, of), last in known.items() if of == level)
    else:
        last = known.get((record, level), 0)
    return number.isascii() and number.isdigit() and 0 < int(number) <= last
