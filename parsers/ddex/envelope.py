"""What every DDEX message begins with: its version, its header, who sends it to whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from parsers.ddex import elements as read
from parsers.ddex.gathering import Element
from parsers.ddex.mandates import Correspondents
from parsers.ddex.scope import day
from parsers.reading import FILE
from parsers.xml_stream import Document, Name, Subtree
from schemas.ddex.elements import ElementTable, table
from schemas.ddex.versions import Identity, content_of
from schemas.declarations import Header, PartyName
from schemas.findings import Finding, quote

HEADER = ("MessageHeader",)
AVS_VERSIONS = frozenset(str(number) for number in range(1, 10))
"""Versions of the allowed value sets that DDEX has published; the schema takes any text."""


@dataclass(slots=True)
class Envelope:
    """An opened message: what it says of itself, and its subtrees from there on.

    ``content`` is that of the table of messages, ``attributes`` those of the root; ``unread`` counts paths
    that no table knows.
    """

    root: str
    content: str
    table: ElementTable
    header: Header
    who: Correspondents
    subtrees: Iterator[Subtree]
    attributes: dict[str, str]
    remarks: list[Finding] = field(default_factory=list)
    unread: dict[str, int] = field(default_factory=dict)

    @property
    def created(self) -> str:
        """The day on which the message was made, as an ISO date; empty where it does not say."""
        try:
            return day(self.header.created)[0].isoformat()
        except ValueError:
            return ""


def open_envelope(document: Document, root: Name, identity: Identity) -> Envelope:
    """Read a message up to and with its header; one without a header is read all the same.

    Raises:
        Refused: the document ends, or is faulty, before its first chosen element.
    """
    remarks: list[Finding] = []
    if identity.nearest:
        remarks.append(Finding("ddex.version_nearest", FILE, value=identity.version, detail=identity.nearest))
    if identity.spelling:
        remarks.append(
            Finding("ddex.namespace_spelling", FILE, value=quote(root.namespace), detail=identity.spelling)
        )
    subtrees = document.subtrees(root)
    first = next(subtrees, None)
    element = first.element if first is not None and first.path == HEADER else None
    place = first.position if first is not None else FILE
    if element is None:
        remarks.append(Finding("ddex.no_header", FILE, field="MessageHeader"))
    who = Correspondents(
        _party(element, "MessageSender", place, remarks),
        tuple(_parties(element, "MessageRecipient", place, remarks)),
    )
    rest = subtrees if first is None or element is not None else chain((first,), subtrees)
    attributes = dict(document.attributes)
    avs = attributes.get("AvsVersionId")
    if avs is not None and avs.strip() not in AVS_VERSIONS:
        remarks.append(Finding("ddex.avs_version", FILE, field="AvsVersionId", value=quote(avs)))
    return Envelope(
        root=root.local,
        content=content_of(identity.family, root.local),
        table=table(identity.table),
        header=_header(element, identity, who),
        who=who,
        subtrees=iter(rest),
        attributes=attributes,
        remarks=remarks,
    )


def _parties(
    element: Element | None, name: str, position: str, remarks: list[Finding]
) -> Iterator[PartyName]:
    if element is not None:
        for item in read.children(element, name):
            yield read.party_in(item, position, remarks)


def _party(element: Element | None, name: str, position: str, remarks: list[Finding]) -> PartyName:
    return next(_parties(element, name, position, remarks), PartyName(""))


def _header(element: Element | None, identity: Identity, who: Correspondents) -> Header:
    recipient = who.recipients[0] if who.recipients else PartyName("")
    return Header(
        format=identity.family,
        version=identity.version,
        sender_id=_identifier(who.sender),
        sender_name=who.sender.name if who.sender.name != _identifier(who.sender) else "",
        recipient_id=_identifier(recipient),
        message_id=read.first_text(element, ("MessageId",)),
        created=read.first_text(element, ("MessageCreatedDateTime",)),
        test=read.first_text(element, ("MessageControlType",)) == "TestMessage",
    )


def _identifier(party: PartyName) -> str:
    return party.dpid or party.isni or next((value for _, value in party.proprietary), "")
