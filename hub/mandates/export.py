"""The mandate register as a CSV file of the contract, as known at an instant.

A mandate that was withdrawn as a whole ends on the day of its withdrawal; one that was withdrawn before it
began is left out. A withdrawal of a part has no place in the columns of the contract: such mandates stand
as they were declared, with their withdrawals in a further column and counted.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from sqlalchemy import Connection

from hub.context import Hub
from hub.db import times
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.mandates.register import MandateEntry, listing
from hub.mandates.withdrawal_records import effective_notices
from hub.usage.sheets import harmless
from schemas.tables.columns import tables

PAGE = 1_000
FURTHER = ("declarant", "known_from", "withdrawals")
FREE_TEXT = ("grantor_name", "evidence")


@dataclass(slots=True)
class ExportedMandates:
    """Counts: ``read = written + withdrawn``; ``ended`` and ``limited`` are among the written."""

    known_at: str
    read: int = 0
    written: int = 0
    withdrawn: int = 0
    ended: int = 0
    limited: int = 0

    def as_json(self) -> dict[str, Any]:
        """For the interface."""
        return {
            "known_at": self.known_at, "read": self.read, "written": self.written,
            "withdrawn": self.withdrawn, "ended_by_withdrawal": self.ended,
            "limited_by_withdrawal": self.limited,
        }  # fmt: skip


def export_mandates(
    hub: Hub, out: BinaryIO, *, declarant: str = "", holder: str = "", known_at: int | None = None
) -> ExportedMandates:
    """Write the register, or what one society declared or one holder holds, in the order it came in."""
    columns = tuple(column.name for column in tables()["mandates"])
    with reading(hub.engine) as connection:
        at = horizon(connection) if known_at is None else known_at
        done = ExportedMandates(times.text(at))
        text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
        try:
            writer = csv.writer(text, lineterminator="\r\n")
            writer.writerow((*columns, *FURTHER))
            after = 0
            while page := listing(
                connection, at, declarant=declarant, holder=holder, after=after, limit=PAGE
            ):
                notices = _notices(connection, page, at)
                for entry in page:
                    row = _row(entry, notices[entry.key], done)
                    if row is not None:
                        writer.writerow([row[name] for name in (*columns, *FURTHER)])
                after = page[-1].key
        finally:
            text.detach()
    return done


def _notices(connection: Connection, page: Sequence[MandateEntry], at: int) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(effective_notices([entry.key for entry in page], at)):
        found[row.mandate_id].append(row)
    return found


def _row(entry: MandateEntry, notices: Sequence[Any], done: ExportedMandates) -> dict[str, str] | None:
    """The cells of a mandate; None for one that never came to be in force."""
    done.read += 1
    cells = {name: str(value) for name, value in entry.as_json().items()}
    whole = [item.takes_effect for item in notices if not _limited(item)]
    end: dt.date = min([entry.row.valid_to, *whole])
    if end <= entry.row.valid_from:
        done.withdrawn += 1
        return None
    if end != entry.row.valid_to:
        cells["valid_to"] = end.isoformat()
        done.ended += 1
    parts = [item for item in notices if _limited(item) and item.takes_effect < end]
    done.limited += bool(parts)
    done.written += 1
    cells["withdrawals"] = "|".join(
        f"{item.takes_effect}:{item.rights.replace('|', ',')}:{item.uses.replace('|', ',')}:"
        f"{item.territories.replace('|', ',')}:{item.works.replace('|', ',')}"
        for item in parts
    )
    for name in FREE_TEXT:
        cells[name] = harmless(cells[name])
    return cells


def _limited(notice: Any) -> bool:
    return bool(notice.rights or notice.uses or notice.territories or notice.works)
