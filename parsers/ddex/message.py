"""DDEX messages of every family the hub reads: told apart by the root's namespace and local name alone.

An unknown version of a known family is read by the table of the nearest lower one, with a finding that says
so. A message that is refused withdraws what it yielded before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from parsers.ddex import ern, mwn, rdrn
from parsers.ddex.envelope import Envelope, open_envelope
from parsers.reading import FILE, Item, reject_file
from parsers.xml_stream import Document, Name, Refused
from schemas.ddex.versions import Identity, content_of, identify, messages_of
from schemas.declarations import Header
from schemas.findings import Finding, quote

Body = Callable[[Envelope], Iterator[Item]]
FAMILIES: dict[str, Body] = {"ern": ern.body, "mwn": mwn.body, "rdr-n": rdrn.body}
WANTED = frozenset({*ern.WANTED, *mwn.WANTED, *rdrn.WANTED})


def read(stream: BinaryIO) -> Iterator[Item]:
    """The items of one message of any family."""
    document = Document(stream, WANTED)
    begun = False
    try:
        for item in _message(document):
            begun = True
            yield item
    except Refused as refused:
        if not begun:
            yield Header("xml")
        yield from reject_file(refused.finding)


def _message(document: Document) -> Iterator[Item]:
    root = document.root()
    identity = identify(root.namespace)
    refusal = _refusal(root, identity)
    if identity is None or refusal is not None:
        yield Header(identity.family if identity else "xml", identity.version if identity else "")
        yield from reject_file(refusal or Finding("ddex.namespace", FILE))
        return
    envelope = open_envelope(document, root, identity)
    yield envelope.header
    yield from envelope.remarks
    yield from FAMILIES[identity.family](envelope)
    if document.qualified:
        yield Finding("ddex.qualified_children", FILE)
    for path, count in sorted(envelope.unread.items()):
        yield Finding("ddex.elements_not_read", f"/{root.local}", field=quote(path), detail=str(count))


def _refusal(root: Name, identity: Identity | None) -> Finding | None:
    if identity is None:
        return Finding("ddex.namespace", FILE, field=quote(root.local), value=quote(root.namespace))
    if identity.family not in FAMILIES:
        return Finding("ddex.family_not_read", FILE, field=quote(root.local), value=identity.family.upper())
    if not content_of(identity.family, root.local):
        known = ", ".join(messages_of(identity.family))
        return Finding(
            "ddex.message_not_read",
            FILE,
            field=identity.family.upper(),
            value=quote(root.local),
            detail=known,
        )
    return None
