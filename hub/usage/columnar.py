"""A result of rows as Parquet: the same cells, for tools that read columns."""

from __future__ import annotations

import secrets
from pathlib import Path

from hub.errors import NotAcceptable

NUMBER = "line"


def as_parquet(rows: Path) -> Path:
    """A Parquet file beside a CSV result, made once; all cells are texts but ``line``, a whole number.

    Shares and amounts stay decimal texts: a column of floats would not add up.

    Raises:
        NotAcceptable: this installation cannot write Parquet.
    """
    target = rows.with_suffix(".parquet")
    if target.exists():
        return target
    try:
        import pyarrow as pa
        from pyarrow import csv, parquet
    except ModuleNotFoundError as fault:
        raise NotAcceptable(
            "this hub cannot write Parquet; ask for CSV, or let its operator install repertoire-hub[parquet]"
        ) from fault
    partial = target.with_suffix(f".{secrets.token_hex(4)}.part")
    with rows.open(encoding="utf-8") as stream:
        columns = stream.readline().strip().split(",")
    kinds = {name: pa.int64() if name == NUMBER else pa.string() for name in columns}
    options = csv.ConvertOptions(column_types=kinds, strings_can_be_null=False)
    try:
        with (
            csv.open_csv(
                rows, convert_options=options, parse_options=csv.ParseOptions(newlines_in_values=True)
            ) as reader,
            parquet.ParquetWriter(partial, reader.schema, compression="zstd") as writer,
        ):
            for batch in reader:
                writer.write_batch(batch)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return target
