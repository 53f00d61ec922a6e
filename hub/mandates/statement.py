"""A mandate stated by itself, not in a file: the same row, reader, checks and submission as a file of one.

What is stated is kept byte for byte as the CSV row of the contract that it is, so it has a source like any
other mandate, and the same statement again changes nothing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from hub.context import Hub
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.errors import NotFound, UsageError
from hub.intake import report
from hub.intake.submissions import ingest
from hub.mandates.register import lookup
from hub.registers import require
from schemas.tables.columns import tables

FORMAT = "mandates-csv"


def state(hub: Hub, terms: Mapping[str, str], society: str, *, language: str = "en") -> dict[str, Any]:
    """Declare one mandate as a society, or correct the one that it declared under this reference.

    ``terms`` are the columns of a mandate file; those left out are empty. The result is the mandate as the
    register shows it, with ``status`` ``created``, ``corrected`` or ``unchanged``.

    Raises:
        NotFound: the society is not in the register.
        UsageError: the mandate has errors; all of them are told, each with its column.
    """
    columns = [column.name for column in tables()["mandates"]]
    unknown = sorted(terms.keys() - set(columns))
    if unknown:
        raise UsageError(f"a mandate has no {', '.join(unknown)}; it has {', '.join(columns)}")
    declarant = require(hub, society)
    known = _found(hub, terms.get("mandate_ref", ""), declarant) is not None
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerow([terms.get(name, "") for name in columns])
    done = ingest(hub, io.BytesIO(text.getvalue().encode()), declarant, filename="mandate.csv", only=FORMAT)
    if not done.stored and not done.unchanged:
        raise UsageError(_faults(hub, done.submission, language))
    made = _found(hub, terms["mandate_ref"], declarant)
    if made is None:
        raise NotFound(f"mandate {terms['mandate_ref']!r} was taken back before it could be shown")
    status = "unchanged" if done.unchanged else "corrected" if known else "created"
    return {**made, "status": status}


def _found(hub: Hub, ref: str, declarant: str) -> dict[str, Any] | None:
    """The declarant's own mandate of this reference, never another's."""
    with reading(hub.engine) as connection:
        try:
            found = lookup(connection, ref, horizon(connection), prefer=declarant)
        except (NotFound, UsageError):
            return None
    return found.as_json() if (found.declarant, found.ref) == (declarant, ref) else None


def _faults(hub: Hub, submission: str, language: str) -> str:
    with reading(hub.engine) as connection:
        row = report.by_public_id(connection, submission)
        listed = [] if row is None else report.findings(connection, row.id)
        told = [
            f"{item.field or 'mandate'} {item.value}: {item.text(language)}".strip()
            for _, item in listed
            if item.severity == "error"
        ]
    return "; ".join(told) or "the mandate was not accepted"
