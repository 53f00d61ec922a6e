"""DDEX messages are also validated against official schemas where an operator has them (``HUB_DDEX_XSD``).

The findings follow those of the reader. They reject nothing by themselves: what the hub can read of a message
it reads, and its sender learns where the standard is not kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from parsers.ddex.batch import messages_of, moved
from parsers.ddex.official import MAX_SIZE, OfficialSchemas
from parsers.reading import FILE, Item
from schemas.declarations import Header, Rejection

VALIDATED = frozenset({"ddex", "ern", "mwn", "rdr-n"})


def validated(items: Iterable[Item], message: Path, folder: Path | None) -> Iterator[Item]:
    """Pass the items on, then what the schemas in ``folder`` have against the file ``message``.

    A file that the reader refuses, one of another format and a hub without schemas give nothing more.
    """
    wanted = False
    for item in items:
        if isinstance(item, Header):
            wanted = folder is not None and item.format in VALIDATED
        elif isinstance(item, Rejection) and item.kind == FILE:
            wanted = False
        yield item
    if wanted and folder is not None:
        with message.open("rb") as stream:
            for name, content in messages_of(stream, MAX_SIZE + 1):
                # One byte more tells a message that is too large, without reading all of it.
                for finding in _schemas(folder).validate(content):
                    yield moved(finding, name)


@lru_cache(maxsize=4)
def _schemas(folder: Path) -> OfficialSchemas:
    """The schemas of a folder, compiled once in a process."""
    return OfficialSchemas(folder)
