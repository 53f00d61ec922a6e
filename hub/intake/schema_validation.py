"""Validation of DDEX messages as they are taken in, beside what their readers find.

Where an operator names a folder with DDEX's official schemas that has one for the message, it is validated
against that, else against our own of what the hub reads. Neither rejects what can be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from parsers.ddex.batch import messages_of, moved
from parsers.ddex.official import OfficialSchemas
from parsers.ddex.profile import ProfileSchemas
from parsers.ddex.schema_checking import Opener
from parsers.reading import FILE, Item
from parsers.unpacking import Unpackable
from parsers.xml_stream import Document, Refused
from schemas.declarations import Header, Rejection
from schemas.findings import Finding

VALIDATED = frozenset({"ddex", "ern", "mwn", "rdr-n"})


def validated(items: Iterable[Item], message: Path, folder: Path | None) -> Iterator[Item]:
    """Pass the items on, then what a schema has against each message in the file ``message``.

    ``folder`` has official schemas. A file that the reader refuses and one of another format give nothing.
    """
    wanted = False
    for item in items:
        if isinstance(item, Header):
            wanted = item.format in VALIDATED
        elif isinstance(item, Rejection) and item.kind == FILE:
            wanted = False
        yield item
    if wanted:
        with message.open("rb") as stream:
            for name, opened in messages_of(stream):
                # Of a message in a batch that cannot be unpacked or parsed its reader has said so.
                with suppress(Unpackable):
                    for finding in _faults(opened, folder):
                        if finding.code != "xml.malformed":
                            yield moved(finding, name)


def _faults(opened: Opener, folder: Path | None) -> Iterator[Finding]:
    try:
        root = Document(opened(), ()).root()
    except Refused:
        return
    official = _schemas(folder) if folder is not None else None
    if official is not None:
        yield from official.validate_stream(opened)
        if root.namespace in official.namespaces:
            return
    if _own().covers(root.namespace, root.local):
        yield from _own().validate_stream(opened)


@lru_cache(maxsize=4)
def _schemas(folder: Path) -> OfficialSchemas:
    """The schemas of a folder, compiled once in a process."""
    return OfficialSchemas(folder)


@lru_cache(maxsize=1)
def _own() -> ProfileSchemas:
    """Our own schemas, compiled once in a process."""
    return ProfileSchemas()
