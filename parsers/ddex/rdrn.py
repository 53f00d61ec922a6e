"""RDR-N: recordings with the claims of producers and performers, and the mandates given to societies.

Up to 1.4 ``DelegatedUsageRights`` say what is delegated; from 1.5 on a message says of itself whether its
rights statements are mandates (``RightsStatementProfile``), and collection mandates have a message of their
own. A status update answers earlier claims and becomes acknowledgements. A revocation names what it ends by
identifier only and becomes a retraction: what its sender declared under it ends, and stays in the history.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from parsers.ddex import elements as read
from parsers.ddex.envelope import HEADER, Envelope
from parsers.ddex.gathering import Element, Found, gather, one_line
from parsers.ddex.mandates import collection_mandate
from parsers.ddex.recording import declare
from parsers.ddex.remembered import Message
from parsers.ddex.scope import Place, scope_of
from parsers.reading import FILE, Item
from parsers.xml_stream import Subtree
from schemas.declarations import AcknowledgementDeclaration, PartyName, Rejection, RetractionDeclaration
from schemas.findings import Finding, quote
from schemas.identifiers import isrc

RECORDING = ("ResourceList", "SoundRecording")
RESOURCE = ("ResourceList", "*")
REVOKED = ("SoundRecordingId",)
CLAIM = ("RightsClaim",)
ASSERTIONS = (("CollectionMandate",), ("CollectionMandateAssertion",))
ASKED = (("RequestedSoundRecording",), ("SalesReport",), ("RevenueDeclaration",))
WANTED = (HEADER, RESOURCE, REVOKED, CLAIM, *ASSERTIONS, *ASKED)
FAMILY = "rdr-n:"
"""Before the references of recordings, which a sender of ERN and RDR-N keeps apart."""
MANDATES = "MandatedUsageRights"
ORIGINAL = "DeclarationOfSoundRecordingRightsClaimMessage"


def body(envelope: Envelope) -> Iterator[Item]:
    """The items of an RDR-N message after its header."""
    profile = envelope.attributes.get("RightsStatementProfile", "")
    explicit = profile == MANDATES
    message = Message(
        envelope.table,
        envelope.who,
        envelope.header.message_id,
        family=FAMILY,
        mandates=explicit or not envelope.table.has("message", "profile"),
        explicit=explicit,
        unread=envelope.unread,
    )
    if profile not in ("", MANDATES, "RightsStatement"):
        yield Finding("ddex.avs", FILE, field="RightsStatementProfile", value=quote(profile))
    counts: Counter[str] = Counter()
    for subtree in envelope.subtrees:
        if subtree.path == RECORDING:
            yield from declare(subtree.element, subtree.position, message)
        elif subtree.path[:1] == RECORDING[:1]:
            counts[subtree.path[1]] += 1
        elif subtree.path == CLAIM:
            yield from _answered(subtree, envelope)
        elif subtree.path in ASSERTIONS and envelope.content == "mandates":
            yield from _asserted(subtree, envelope)
        elif subtree.path in ASSERTIONS or subtree.path == REVOKED:
            yield from _revoked(subtree, envelope)
    for kind, count in sorted(counts.items()):
        yield Finding("ddex.resource_not_catalogued", "/ResourceList", value=kind, detail=str(count))
    if envelope.content in ("request", "money"):
        yield Finding("ddex.nothing_to_store", FILE, value=envelope.root)


def _identifiers(element: Element) -> list[str]:
    """Every identifier below an element, ISRCs first as they stand first."""
    named = ("ISRC", "CatalogNumber", "ProprietaryId", "MandateId")
    return [one_line(item.text) for item in element.iter() if read.local(item) in named and item.text]


def _revoked(subtree: Subtree, envelope: Envelope) -> Iterator[Item]:
    """What is taken back, by the references under which declarations of this family are kept."""
    recording = subtree.path == REVOKED
    named = ("ISRC", "ProprietaryId") if recording else ("MandateId",)
    refs = []
    for item in subtree.element.iter():
        value = one_line(item.text) if read.local(item) in named else ""
        if value and read.local(item) == "ISRC":
            refs.append(FAMILY + isrc.compact(value))
        elif value:
            refs.append(
                (FAMILY if recording else "") + ":".join(filter(None, (item.get("Namespace"), value)))
            )
    if not refs:
        yield Finding("ddex.retraction_unnamed", subtree.position, subtree.path[-1])
        yield Rejection("retraction", subtree.position)
        return
    yield RetractionDeclaration(
        ref=f"{FAMILY}{envelope.header.message_id}:{refs[0]}",
        retracts="recording" if recording else "mandate",
        refs=tuple(dict.fromkeys(refs)),
        position=subtree.position,
    )


def _asserted(subtree: Subtree, envelope: Envelope) -> Iterator[Item]:
    """The mandates of one assigner, each with the findings about it."""
    found = gather(subtree.element, envelope.table.plans.get("assertion", {}), envelope.unread)
    mandates = found.parts("mandate")
    if not mandates:
        yield Finding("ddex.mandate_scope", subtree.position, subtree.path[-1], "AssignedCollectionMandate")
        yield Rejection("mandate", subtree.position)
    for number, item in enumerate(mandates, 1):
        place = Place(f"{subtree.position}/{read.local(item.element)}[{number}]", "CollectionMandate", [])
        assigner = _party(found, "assigner", place)
        made = list(
            collection_mandate(
                assigner,
                _party(item, "assignee", place),
                item.text("kind"),
                scope_of(item, place),
                [(mark.get("Namespace", ""), one_line(mark.text)) for mark in item.all("id") if mark.text],
                item.text("status"),
                envelope.who,
                place,
            )
        )
        yield from place.remarks
        yield from made


def _party(found: Found, field: str, place: Place) -> PartyName:
    parts = found.parts(field)
    return read.party_of(parts[0], place.position, place.remarks) if parts else PartyName("")


def _answered(subtree: Subtree, envelope: Envelope) -> Iterator[Item]:
    """A receiver's answer to one claim, its conflicts as messages."""
    found = gather(subtree.element, envelope.table.plans.get("claim", {}), envelope.unread)
    codes = [code for item in found.all("id") for code in _identifiers(item)]
    status = found.text("status") or found.text("registration")
    if not codes or not status:
        yield Finding("ddex.status_incomplete", subtree.position, "RightsClaim", value=quote(" ".join(codes)))
        yield Rejection("acknowledgement", subtree.position, codes[0] if codes else "")
        return
    titles = [read.title_of(item)[0].text for item in found.all("title")]
    yield AcknowledgementDeclaration(
        ref=f"{envelope.header.message_id}:{codes[0]}",
        original_ref=codes[0],
        title=titles[0] if titles else "",
        status=status,
        original_type=ORIGINAL,
        recipient_ref=found.text("message"),
        processed=envelope.created,
        messages=tuple(_messages(found)),
        position=subtree.position,
    )


def _messages(found: Found) -> Iterator[tuple[str, str]]:
    if found.text("status") and found.text("registration"):
        # The status of the claim is the acknowledgement's.
        yield "RegistrationStatus", found.text("registration")
    for error in found.all("error"):
        kind = read.first_text(error, ("ErrorType",))
        yield kind or "Error", read.first_text(error, ("ErrorDescription", "RecommendedAction"))
    for conflict in found.all("conflict"):
        parties = [read.party_in(item, "", []).name for item in read.children(conflict, "ConflictingParty")]
        where = [read.text(item) for item in read.children(conflict, "TerritoryCode")]
        uses = [read.text(item) for item in read.children(conflict, "UseType")]
        when = [
            f"{read.first_text(item, ('StartDate',))}/{read.first_text(item, ('EndDate',))}"
            for item in read.children(conflict, "Period")
        ]
        yield "RightsConflict", "; ".join(", ".join(part) for part in (parties, uses, where, when) if part)
