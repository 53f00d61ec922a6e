"""Entries of a listing as NDJSON, CSV or Parquet: the same entries as in JSON, one line or row each.

Tables have a column for each field of the entry's model. A nested object becomes columns with dotted names
(``source.submission``), a list of texts is joined with ``|`` as in the CSV contract, and what else is nested
is JSON text. Cells that a spreadsheet would take for a formula begin with an apostrophe in CSV.
"""

from __future__ import annotations

import csv
import io
import itertools
import tempfile
from collections.abc import Callable, Iterable, Iterator
from types import UnionType
from typing import Any, BinaryIO, Union, cast, get_args, get_origin

import orjson
from pydantic import BaseModel

from hub.errors import NotAcceptable
from hub.usage.sheets import harmless

Json = dict[str, Any]
Model = type[BaseModel]
JSON, NDJSON, CSV, PARQUET = "json", "ndjson", "csv", "parquet"
MEDIA = {
    JSON: "application/json",
    NDJSON: "application/x-ndjson",
    CSV: "text/csv",
    PARQUET: "application/vnd.apache.parquet",
}
"""Forms of a listing with their media types; the first one is what is answered unless asked otherwise."""

TOGETHER = 500
"""So many entries are written at once."""

CHUNK = 1 << 16
"""Bytes of a file sent at once."""


def columns(model: Model, prefix: str = "") -> dict[str, type]:
    """The columns of a model's table with the kinds of their cells: ``int``, ``bool`` or ``str``."""
    found: dict[str, type] = {}
    for name, field in model.model_fields.items():
        kind = _certain(field.annotation)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            found |= columns(kind, f"{prefix}{name}.")
        else:
            found[prefix + name] = kind if kind in (int, bool) else str
    return found


def _certain(annotation: Any) -> Any:
    """The type without "or nothing"."""
    if get_origin(annotation) in (Union, UnionType):
        kinds = [kind for kind in get_args(annotation) if kind is not type(None)]
        return kinds[0] if len(kinds) == 1 else object
    return annotation


def cells(entry: Json, names: Iterable[str]) -> list[Any]:
    """The cells of an entry in the order of the columns; what is not there is None."""
    return [_cell(_at(entry, name.split("."))) for name in names]


def _at(entry: Any, steps: list[str]) -> Any:
    for step in steps:
        entry = entry.get(step) if isinstance(entry, dict) else None
    return entry


def _cell(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "|".join(value)
    return orjson.dumps(value).decode() if isinstance(value, list | dict) else value


def written(form: str, model: Model, entries: Iterable[Json]) -> Iterator[bytes]:
    """The bytes of an export, piece by piece.

    Raises:
        NotAcceptable: Parquet, where this installation cannot write it; raised before the first entry.
    """
    return _WRITERS[form](model, entries)


def _ndjson(_model: Model, entries: Iterable[Json]) -> Iterator[bytes]:
    for part in _parts(entries):
        yield b"".join(orjson.dumps(entry) + b"\n" for entry in part)


def _csv(model: Model, entries: Iterable[Json]) -> Iterator[bytes]:
    names = list(columns(model))
    rows: Iterator[list[Any]] = iter([names])
    for part in itertools.chain(
        [rows], ((cells(entry, names) for entry in some) for some in _parts(entries))
    ):
        target = io.StringIO()
        csv.writer(target, lineterminator="\r\n").writerows([_plain(cell) for cell in row] for row in part)
        yield target.getvalue().encode()


def _plain(cell: Any) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return harmless(cell) if isinstance(cell, str) else "" if cell is None else str(cell)


def _parquet(model: Model, entries: Iterable[Json]) -> Iterator[bytes]:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ModuleNotFoundError as fault:
        raise NotAcceptable(
            "this hub cannot write Parquet; ask for CSV, or let its operator install repertoire-hub[parquet]"
        ) from fault
    kinds = {int: pa.int64(), bool: pa.bool_(), str: pa.string()}
    schema = pa.schema([(name, kinds[kind]) for name, kind in columns(model).items()])
    # A Parquet file ends with its table of contents: it is complete on disk before the first byte leaves.
    spool = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115
    try:
        with parquet.ParquetWriter(spool, schema, compression="zstd") as writer:
            for part in _parts(entries):
                rows = [cells(entry, schema.names) for entry in part]
                arrays = [
                    pa.array(list(column), kind)
                    for column, kind in zip(zip(*rows, strict=True), schema.types, strict=True)
                ]
                writer.write_batch(pa.record_batch(arrays, schema=schema))
        spool.seek(0)
    except BaseException:
        spool.close()
        raise
    return _sent(spool)


def _sent(spool: BinaryIO) -> Iterator[bytes]:
    with spool:
        while chunk := spool.read(CHUNK):
            yield chunk


def _parts(entries: Iterable[Json]) -> Iterator[list[Json]]:
    waiting = iter(entries)
    while part := list(itertools.islice(waiting, TOGETHER)):
        yield part


_WRITERS: dict[str, Callable[[Model, Iterable[Json]], Iterator[bytes]]] = {
    NDJSON: _ndjson,
    CSV: _csv,
    PARQUET: _parquet,
}
