"""What every parser yields: one frozen object per statement a submission makes.

Positions say where in the submission a statement stands (``line:12`` for flat files, an XPath for XML);
they are kept for provenance but are no part of the content, so a declaration that moved within a file is
unchanged. Shares are in units of ``schemas.shares``; codes are those of ``schemas.rights``; territories
are the expression as sent, a sequence of TIS or ISO codes with ``-`` for an exclusion.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from schemas.records import record


def _position() -> Any:
    return field(default="", compare=False, repr=False)


@record
class Header:
    """What a submission says about itself; the first item a reader yields.

    ``format`` is ``cwr``, ``ern``, ``rdr-n``, ``mwn``, ``bwarm``, ``works-csv``, ``recordings-csv`` or
    ``mandates-csv``. A message of a batch has a header of its own before its items, with its ``path`` in it.
    """

    format: str
    version: str = ""
    sender_id: str = ""
    sender_name: str = ""
    recipient_id: str = ""
    message_id: str = ""
    created: str = ""
    test: bool = False
    path: str = ""


@record
class OtherName:
    """A party's name in another alphabet, with the language that the statement gives for it."""

    name: str
    given: str = ""
    language: str = ""


@record
class PartyName:
    """A party as one statement names it; ``given`` is apart only where the format keeps it apart.

    ``other_names`` are the same name in other alphabets (CWR NPA, NPN, NWN, NOW, NPR).
    """

    name: str
    given: str = ""
    ipi_name: str = ""
    ipi_base: str = ""
    isni: str = ""
    ipn: str = ""
    dpid: str = ""
    proprietary: tuple[tuple[str, str], ...] = ()
    other_names: tuple[OtherName, ...] = ()

    @property
    def full_name(self) -> str:
        """Name and given name as one line, family name first as CWR writes it."""
        return f"{self.name} {self.given}".strip()


PARTY_IDENTIFIERS = ("ipi_name", "ipi_base", "isni", "ipn", "dpid")
"""The attributes by which a party is known; the hub has a column of the same name for each."""


@record
class Title:
    """A title with its kind in CWR's title-type codes (``OT`` original, ``AT`` alternative, ...)."""

    text: str
    kind: str = "OT"
    language: str = ""


@record
class RightShare:
    """A share of one right category, in units of ``schemas.shares``."""

    right: str
    share: int


@record
class CollectionShare:
    """What a party collects within ``territories`` (empty: everywhere), one entry per right.

    Formats that limit a share further say so in ``uses`` (an expression, empty: all) and in the half-open
    period of ISO dates, an empty one being open.
    """

    territories: tuple[str, ...]
    shares: tuple[RightShare, ...]
    position: str = _position()
    uses: tuple[str, ...] = ()
    valid_from: str = ""
    valid_to: str = ""


@record
class Affiliation:
    """The society that the statement names for a party and a right (``*``: every right)."""

    right: str
    society: str


@record
class Claim:
    """One party's shares in one subject as the submitter states them.

    ``ownership`` has no territory; ``collection`` has. ``chain`` numbers the publisher chain within the
    declaration (0: none), so that a writer or sub-publisher can be followed to the original publisher.
    """

    party: PartyName
    role: str
    ownership: tuple[RightShare, ...] = ()
    collection: tuple[CollectionShare, ...] = ()
    affiliations: tuple[Affiliation, ...] = ()
    controlled: bool = False
    chain: int = 0
    agreement: str = ""
    own_ref: str = ""
    position: str = _position()


@record
class Performer:
    """A performer or other contributor of a recording, or one named in a work registration.

    ``language`` and ``dialect`` are those of the performance, where a registration says so.
    """

    party: PartyName
    role: str = ""
    language: str = ""
    dialect: str = ""


@record
class RecordingReference:
    """A recording that a work registration mentions (CWR REC)."""

    isrc: str = ""
    title: str = ""
    version: str = ""
    artist: str = ""
    duration: int = 0
    label: str = ""
    released: str = ""


@record
class RelatedWork:
    """A work that a registration names besides its own.

    ``relation`` says what it is to the registered one: its ``component``, the whole that it is an
    ``excerpt-of``, the original that it is a ``version-of``, or the work that it is ``based-on`` in a way the
    format does not tell. ``titles`` are those in other alphabets; ``ref`` is the submitter's number.
    """

    relation: str
    title: str
    titles: tuple[Title, ...] = ()
    iswc: str = ""
    ref: str = ""
    language: str = ""
    duration: int = 0
    source: str = ""
    writers: tuple[PartyName, ...] = ()


@record
class WorkDeclaration:
    """One submitter's registration of one musical work; ``ref`` is the submitter's own work number.

    ``other_refs`` are (issuer, number) pairs (CWR XRF), ``details`` further coded fields kept as sent.
    """

    ref: str
    title: str
    titles: tuple[Title, ...] = ()
    iswc: str = ""
    language: str = ""
    duration: int = 0
    claims: tuple[Claim, ...] = ()
    performers: tuple[Performer, ...] = ()
    recordings: tuple[RecordingReference, ...] = ()
    related: tuple[RelatedWork, ...] = ()
    other_refs: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    details: tuple[tuple[str, str], ...] = ()
    position: str = _position()

    kind = "work"


@record
class WorkReference:
    """A work that a recording says it embodies; ``weight`` in share units, 0 when none is stated."""

    iswc: str = ""
    ref: str = ""
    title: str = ""
    writers: tuple[PartyName, ...] = ()
    weight: int = 0


@record
class RecordingDeclaration:
    """One submitter's statement of one sound recording; ``duration`` in seconds."""

    ref: str
    title: str
    isrcs: tuple[str, ...] = ()
    version: str = ""
    titles: tuple[Title, ...] = ()
    artist: str = ""
    contributors: tuple[Performer, ...] = ()
    duration: int = 0
    year: int = 0
    label: str = ""
    p_line: str = ""
    releases: tuple[tuple[str, str], ...] = ()
    works: tuple[WorkReference, ...] = ()
    claims: tuple[Claim, ...] = ()
    other_refs: tuple[tuple[str, str], ...] = ()
    details: tuple[tuple[str, str], ...] = ()
    position: str = _position()

    kind = "recording"


@record
class MandateDeclaration:
    """A grantor entrusts ``holder`` with rights x uses x territories x period x repertoire on a basis.

    ``grantor_type`` is ``party``, ``society`` or ``any``; dates are ISO, ``valid_to`` exclusive and empty
    when open; ``works`` are ``iswc:...``/``isrc:...`` or empty for the whole repertoire.
    """

    ref: str
    grantor_type: str
    grantor_id: str
    grantor_name: str
    holder: str
    rights: tuple[str, ...]
    uses: tuple[str, ...]
    territories: tuple[str, ...]
    valid_from: str
    valid_to: str = ""
    exclusive: bool = True
    basis: str = "assertion"
    works: tuple[str, ...] = ()
    evidence: str = ""
    position: str = _position()

    kind = "mandate"


@record
class AgreementParty:
    """A party of an agreement with the shares it keeps (an assignor) or takes (an acquirer)."""

    party: PartyName
    shares: tuple[RightShare, ...] = ()
    affiliations: tuple[Affiliation, ...] = ()
    own_ref: str = ""
    position: str = _position()


@record
class AgreementTerms:
    """Who assigns what to whom within ``territories``; the shares of all parties make up the whole."""

    territories: tuple[str, ...]
    assignors: tuple[AgreementParty, ...] = ()
    acquirers: tuple[AgreementParty, ...] = ()


@record
class AgreementDeclaration:
    """An agreement between writers and publishers, or between publishers, that registrations refer to.

    ``ref`` is the submitter's number, ``society_ref`` the one that the acquirer's society gave it;
    ``agreement_type`` is ``OG``, ``OS``, ``PG`` or ``PS``. Dates are ISO, as stated: ``ends`` and
    ``retention_ends`` are the last days, empty when open. ``prior_royalty`` (``N`` none, ``A`` all, ``D``
    from ``prior_royalty_from``) and ``post_term`` (``N`` none, ``O`` open, ``D`` until ``post_term_until``)
    say which money from before and after that term the acquirer may collect.
    """

    ref: str
    agreement_type: str
    starts: str
    ends: str = ""
    retention_ends: str = ""
    prior_royalty: str = ""
    prior_royalty_from: str = ""
    post_term: str = ""
    post_term_until: str = ""
    signed: str = ""
    works: int = 0
    sales_or_manufacture: str = ""
    society_ref: str = ""
    terms: tuple[AgreementTerms, ...] = ()
    details: tuple[tuple[str, str], ...] = ()
    position: str = _position()

    kind = "agreement"

    @property
    def last_day(self) -> str:
        """The last day of the transfer: a retention period supersedes the end of the agreement."""
        return self.retention_ends or self.ends


@record
class AcknowledgementDeclaration:
    """A receiver's answer to one transaction sent earlier (CWR ACK with its MSG records).

    ``society`` is the code of the society that answers, empty where the file does not say; ``recipient_ref``
    its own number of the work and ``iswc`` the one that it repeats or assigns. ``sent`` is when the answered
    file says that it was made, as far as the answer tells.
    """

    ref: str
    original_ref: str
    title: str
    status: str
    original_type: str
    recipient_ref: str = ""
    processed: str = ""
    messages: tuple[tuple[str, str], ...] = ()
    society: str = ""
    iswc: str = ""
    sent: str = ""
    position: str = _position()

    kind = "acknowledgement"


@record
class RetractionDeclaration:
    """A sender takes back what it declared before; the statements end when this one becomes known.

    ``retracts`` says what ``refs`` are references of: a ``recording`` with the mandates that it states, a
    ``mandate``, or a ``message`` with all that it declared. ``ref`` names the act itself.
    """

    ref: str
    retracts: str
    refs: tuple[str, ...]
    reason: str = ""
    position: str = _position()

    kind = "retraction"


@record
class Rejection:
    """A statement that was read but cannot be kept; findings at the same position say why."""

    kind: str
    position: str
    ref: str = ""


Declaration = (
    WorkDeclaration
    | RecordingDeclaration
    | MandateDeclaration
    | AgreementDeclaration
    | AcknowledgementDeclaration
    | RetractionDeclaration
)
DECLARATION_TYPES: Mapping[str, type[Any]] = {
    cls.kind: cls
    for cls in (
        WorkDeclaration,
        RecordingDeclaration,
        MandateDeclaration,
        AgreementDeclaration,
        AcknowledgementDeclaration,
        RetractionDeclaration,
    )
}
