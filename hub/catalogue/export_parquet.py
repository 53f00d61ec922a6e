"""The catalogue as a folder of Parquet files, one per table, as known at an instant.

For those who count and join at a size where files beat questions. The same instant gives the same bytes.
pyarrow is an extra, because nothing else here needs it.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, select

from hub.catalogue.parquet_tables import TABLES, Kind
from hub.context import Hub
from hub.db import times
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.db.tables import SUBJECT, WITHDRAWAL
from hub.db.times import as_known
from hub.errors import Surroundings, UsageError
from hub.mandates.withdrawal_records import PAGE, effective_notices
from schemas.shares import UNITS_PER_PERCENT

BATCH = 50_000
"""Rows that are held at once, and the rows of a row group."""
WITHDRAWAL_COLUMNS: tuple[tuple[str, Kind], ...] = (
    ("withdrawal", "text"), ("mandate", "text"), ("rights", "text"), ("uses", "text"),
    ("territories", "text"), ("works", "text"), ("effective", "date"),
)  # fmt: skip
"""Notices that answers go by: filed and not cancelled. Empty lists mean the whole mandate."""
_SIX_PLACES = Decimal(1).scaleb(-6)


@dataclass(frozen=True, slots=True)
class ExportedTables:
    """Rows by table."""

    known_at: str
    rows: dict[str, int]


def export_parquet(hub: Hub, folder: Path, *, known_at: int | None = None) -> ExportedTables:
    """Write every table into a new folder; it appears whole or not at all.

    Raises:
        UsageError: there is something of this name already.
        Surroundings: pyarrow is not installed, or the folder cannot be written.
    """
    pyarrow = _pyarrow()
    if folder.exists():
        raise UsageError(f"{folder} is there already; name a folder that is not")
    unfinished = folder.with_name(f"{folder.name}.part")
    try:
        unfinished.mkdir(parents=True)
    except OSError as fault:
        raise Surroundings(f"{unfinished} cannot be made: {fault}") from fault
    try:
        with reading(hub.engine) as connection:
            at = horizon(connection) if known_at is None else known_at
            rows = {
                name: _write(pyarrow, unfinished / f"{name}.parquet", columns, batches, at)
                for name, columns, batches in _contents(connection, at)
            }
        unfinished.rename(folder)
    except OSError as fault:
        raise Surroundings(f"{folder} cannot be written: {fault}") from fault
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return ExportedTables(times.text(at), rows)


def _pyarrow() -> ModuleType:
    try:
        pyarrow = import_module("pyarrow")
        import_module("pyarrow.parquet")
    except ModuleNotFoundError as fault:
        raise Surroundings("Parquet files need pyarrow; install repertoire-hub[parquet]") from fault
    return pyarrow


Batches = Iterable[Sequence[Sequence[Any]]]


def _contents(connection: Connection, at: int) -> Iterator[tuple[str, tuple[tuple[str, Kind], ...], Batches]]:
    streamed = {"stream_results": True, "yield_per": BATCH}
    for table in TABLES:
        found = connection.execute(table.statement(at), execution_options=streamed)
        yield table.name, table.columns, found.partitions()
    yield "withdrawals", WITHDRAWAL_COLUMNS, _withdrawals(connection, at)


def _withdrawals(connection: Connection, at: int) -> Iterator[list[tuple[Any, ...]]]:
    named = (
        select(WITHDRAWAL.c.id, WITHDRAWAL.c.public_id, WITHDRAWAL.c.mandate_id, SUBJECT.c.public_id)
        .join(SUBJECT, SUBJECT.c.id == WITHDRAWAL.c.mandate_id)
        .where(as_known(WITHDRAWAL, at))
        .order_by(WITHDRAWAL.c.id)
        .limit(PAGE)
    )
    last = 0
    while page := connection.execute(named.where(WITHDRAWAL.c.id > last)).all():
        names = {key: (notice, mandate) for key, notice, _, mandate in page}
        notices = connection.execute(effective_notices({row[2] for row in page}, at))
        yield [
            (*names[row.id], row.rights, row.uses, row.territories, row.works, row.takes_effect)
            for row in notices
            if row.id in names
        ]
        last = page[-1][0]


def _write(
    pyarrow: ModuleType, path: Path, columns: Sequence[tuple[str, Kind]], batches: Batches, at: int
) -> int:
    kinds = {
        "text": pyarrow.string(),
        "date": pyarrow.date32(),
        "instant": pyarrow.timestamp("us", tz="UTC"),
        "iso_date": pyarrow.date32(),
        "percent": pyarrow.decimal128(9, 6),
        "weight": pyarrow.decimal128(9, 6),
        "flag": pyarrow.bool_(),
        "number": pyarrow.int64(),
    }
    schema = pyarrow.schema(
        [(name, kinds[kind]) for name, kind in columns], metadata={"known_at": times.text(at)}
    )
    count = 0
    with pyarrow.parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in batches:
            count += len(batch)
            arrays = [
                pyarrow.array(_cells(cells, kind), kinds[kind])
                for (_, kind), cells in zip(columns, zip(*batch, strict=True), strict=False)
            ]
            if arrays:
                writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))
    return count


def _cells(cells: Sequence[Any], kind: Kind) -> Sequence[Any]:
    if kind == "percent":
        return [_percent(units) for units in cells]
    if kind == "weight":
        return [_percent(units) if units else None for units in cells]
    if kind == "date":
        return [None if day == times.FOREVER else day for day in cells]
    if kind == "iso_date":
        return [dt.date.fromisoformat(day) if day else None for day in cells]
    return cells


def _percent(units: int) -> Decimal:
    return (Decimal(units) / UNITS_PER_PERCENT).quantize(_SIX_PLACES)
