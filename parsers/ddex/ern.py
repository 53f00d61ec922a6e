"""ERN messages: header, parties, works and sound recordings in one pass.

``NewReleaseMessage`` and ``CatalogListMessage`` are read; a ``PurgeReleaseMessage`` has nothing to store.
Recordings are yielded as they come, so what stands after them in the message (releases, deals) is counted
and not joined to them: holding every recording until the releases are known would not be streaming.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from parsers.ddex import elements as element_of
from parsers.ddex.elements import Element
from parsers.ddex.recording import Message, declare, work_of
from parsers.reading import FILE, Item, reject_file
from parsers.xml_stream import Document, Name, Refused
from schemas.ddex.elements import table
from schemas.ddex.versions import Identity, identify
from schemas.declarations import Header
from schemas.findings import Finding, quote

HEADER = ("MessageHeader",)
PARTY = ("PartyList", "Party")
WORK = ("WorkList", "MusicalWork")
RECORDING = ("ResourceList", "SoundRecording")
RESOURCE = ("ResourceList", "*")
DEAL = ("DealList", "ReleaseDeal")
PURGED = ("PurgedRelease",)
WANTED = (HEADER, PARTY, WORK, RESOURCE, DEAL, PURGED)
MESSAGES = ("NewReleaseMessage", "CatalogListMessage", "PurgeReleaseMessage")


@dataclass(slots=True)
class _Counts:
    """What is counted and not stored."""

    resources: Counter[str] = field(default_factory=Counter)
    deals: int = 0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The items of one message; a message that is refused withdraws what it yielded before."""
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
    yield from _body(document, root, identity)


def _refusal(root: Name, identity: Identity | None) -> Finding | None:
    if identity is None:
        return Finding("ddex.namespace", FILE, field=quote(root.local), value=quote(root.namespace))
    if identity.family != "ern":
        return Finding("ddex.family_not_read", FILE, field=quote(root.local), value=identity.family.upper())
    if root.local not in MESSAGES:
        return Finding("ddex.message_not_read", FILE, value=quote(root.local))
    return None


def _body(document: Document, root: Name, identity: Identity) -> Iterator[Item]:
    message = Message(table(identity.table))
    counts = _Counts()
    waiting: list[Finding] = []
    if identity.nearest:
        waiting.append(Finding("ddex.version_nearest", FILE, value=identity.version, detail=identity.nearest))
    if identity.spelling:
        waiting.append(
            Finding("ddex.namespace_spelling", FILE, value=quote(root.namespace), detail=identity.spelling)
        )
    begun = False
    for subtree in document.subtrees(root):
        if not begun:
            # Normally the header is the first thing in a message; one without is read all the same.
            begun = True
            found = _header(subtree.element if subtree.path == HEADER else None, identity)
            message.message_id = found.message_id
            yield found
            yield from waiting
        if subtree.path == RECORDING:
            yield from declare(subtree.element, subtree.position, message)
        elif subtree.path[:1] == RECORDING[:1]:
            counts.resources[subtree.path[1]] += 1
        elif subtree.path == PARTY:
            yield from _party(subtree.element, subtree.position, message)
        elif subtree.path == WORK:
            key, work = work_of(subtree.element)
            message.works[key] = work
        elif subtree.path == DEAL:
            counts.deals += sum(1 for _ in element_of.children(subtree.element, "Deal"))
        elif subtree.path == PURGED:
            release = element_of.first_text(
                subtree.element, ("ReleaseId/GRid", "ReleaseId/ICPN", "ReleaseId/ISRC")
            )
            yield Finding("ddex.purge_recorded", subtree.position, "PurgedRelease", value=quote(release))
    if not begun:
        yield _header(None, identity)
        yield from waiting
    if document.qualified:
        yield Finding("ddex.qualified_children", FILE)
    for kind, count in sorted(counts.resources.items()):
        yield Finding("ddex.resource_not_catalogued", "/ResourceList", value=kind, detail=str(count))
    if counts.deals:
        yield Finding("ddex.deals_not_mandates", "/DealList", detail=str(counts.deals))
    for path, count in sorted(message.unread.items()):
        yield Finding(
            "ddex.elements_not_read", "/ResourceList/SoundRecording", field=quote(path), detail=str(count)
        )


def _header(element: Element | None, identity: Identity) -> Header:
    if element is None:
        return Header("ern", identity.version)
    sender = next(element_of.children(element, "MessageSender"), None)
    recipient = next(element_of.children(element, "MessageRecipient"), None)
    return Header(
        format="ern",
        version=identity.version,
        sender_id=element_of.first_text(sender, ("PartyId", "PartyId/DPID")) if sender is not None else "",
        sender_name=element_of.first_text(sender, ("PartyName/FullName",)) if sender is not None else "",
        recipient_id=element_of.first_text(recipient, ("PartyId", "PartyId/DPID"))
        if recipient is not None
        else "",
        message_id=element_of.first_text(element, ("MessageId",)),
        created=element_of.first_text(element, ("MessageCreatedDateTime",)),
        test=element_of.first_text(element, ("MessageControlType",)) == "TestMessage",
    )


def _party(element: Element, position: str, message: Message) -> Iterator[Finding]:
    found: list[Finding] = []
    message.parties[element_of.first_text(element, ("PartyReference",))] = element_of.party_of(
        element, position, found
    )
    yield from found
