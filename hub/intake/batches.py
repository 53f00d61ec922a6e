"""A kept file as batches of items ready to be staged, without the database."""

from __future__ import annotations

import itertools
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from hub.intake.prepared import PreparedItem, prepare
from hub.intake.schema_validation import validated
from parsers import detect
from parsers.cwr.file_name import name_findings
from parsers.reading import FILE, Item
from parsers.unpacking import compression_of
from schemas.declarations import Header, Rejection
from schemas.findings import Finding

STRETCH, PACKED_STRETCH = 8 << 20, 256 << 10
"""Bytes of a file whose items are staged at once at most: items may be as long as a reader lets them be."""


class Order(NamedTuple):
    """What to read and how: all that the items of a file depend on besides its bytes.

    ``only`` is the one format that is accepted, empty for any; ``schemas`` a folder with DDEX's official
    schemas; ``batch_size`` the number of items of a batch.
    """

    path: Path
    filename: str
    submitter: str
    only: str
    schemas: Path | None
    batch_size: int


class Batch(NamedTuple):
    """Items that are staged in one transaction, and how far into the file the reader has come, in bytes."""

    items: list[PreparedItem]
    place: int


def batches(order: Order, consumed: int) -> Generator[Batch]:
    """The file's items but for the first ``consumed``, in batches.

    The same order gives the same items each time, which is what a killed intake reads on by.
    """
    with order.path.open("rb") as source:
        stretch = PACKED_STRETCH if compression_of(source.read(4)) else STRETCH
        source.seek(0)
        read = _remarking(_accepting(detect.read(source), order.only), order.filename)
        items = validated(read, order.path, order.schemas)
        # Before the first batch, so that it begins where it would have after the one before it.
        for _ in itertools.islice(items, consumed):
            pass
        remaining = prepare(items)
        while found := _next_items(remaining, order.batch_size, source, stretch):
            yield Batch(found, source.tell())


def _accepting(items: Iterable[Item], only: str) -> Iterator[Item]:
    """Pass the items on, or refuse the file when it is of another format than the one wanted."""
    for item in items:
        if isinstance(item, Header) and only and not item.path and item.format != only:
            yield item
            yield Finding("file.wrong_format", field=only, value=item.format)
            yield Rejection(FILE, FILE)
            return
        yield item


def _remarking(items: Iterable[Item], name: str) -> Iterator[Item]:
    """Pass the items on, with remarks on the name of the file where its format has names for files."""
    for item in items:
        yield item
        if isinstance(item, Header) and item.format == "cwr" and name:
            yield from name_findings(name, item)


def _next_items(
    items: Iterator[PreparedItem], most: int, source: BinaryIO, stretch: int
) -> list[PreparedItem]:
    """Up to so many items, and no more than come from a stretch of the file."""
    begins = source.tell()
    batch: list[PreparedItem] = []
    for item in items:
        batch.append(item)
        # An archive is sought in, so that its place may be an earlier one.
        if len(batch) == most or abs(source.tell() - begins) > stretch:
            break
    return batch
