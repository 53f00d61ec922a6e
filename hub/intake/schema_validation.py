"""Validation of DDEX messages as they are taken in, beside what their readers find.

Where an operator names a folder with DDEX's official schemas that has one for the message, it is validated
against that, else against our own of what the hub reads. Neither rejects what can be read.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from parsers.ddex.batch import messages_of, moved
from parsers.ddex.official import MAX_SIZE, OfficialSchemas
from parsers.ddex.profile import MAX_SIZE as OWN_MAX_SIZE
from parsers.ddex.profile import ProfileSchemas
from parsers.reading import FILE, Item
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
            # One byte more tells a message that is too large, without reading all of it.
            most = (MAX_SIZE if folder is not None else OWN_MAX_SIZE) + 1
            for name, content in messages_of(stream, most):
                for finding in _faults(content, folder):
                    # Of a message in a batch that is not well-formed its reader has said so.
                    if finding.code != "xml.malformed":
                        yield moved(finding, name)


def _faults(content: bytes, folder: Path | None) -> Iterator[Finding]:
    try:
        root = Document(io.BytesIO(content), ()).root()
    except Refused:
        return
    official = _schemas(folder) if folder is not None else None
    if official is not None:
        yield from official.validate(content)
        if root.namespace in official.namespaces:
            return
    if _own().covers(root.namespace, root.local):
        yield from _own().validate(content)


@lru_cache(maxsize=4)
def _schemas(folder: Path) -> OfficialSchemas:
    """The schemas of a folder, compiled once in a process."""
    return OfficialSchemas(folder)


@lru_cache(maxsize=1)
def _own() -> ProfileSchemas:
    """Our own schemas, compiled once in a process."""
    return ProfileSchemas()
