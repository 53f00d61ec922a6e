"""Mandates that a message states: usage rights delegated for a recording, and collection mandates.

A holder is taken from the message or there is no mandate: its CISAC code where it has one, else its DDEX
party identifier. Bases: ``declaration`` where the sender is the grantor itself, else ``assertion``, which
every other basis outranks. No DDEX message says that a mandate is exclusive, so none is declared to be.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from parsers.ddex.claims import PERFORMERS, PRODUCERS, Controller
from parsers.ddex.scope import Place, Scope
from parsers.reading import Item
from schemas.declarations import MandateDeclaration, PartyName, Rejection
from schemas.findings import quote
from schemas.identifiers import isrc
from schemas.societies import normalise_code

ASSERTION = "assertion"
DECLARATION = "declaration"
EVER = "0001-01-01"
"""Where a period has no beginning: DDEX then means that there is none."""
SOCIETY = "CisacSocietyId"
GRANTED: dict[str, tuple[str, tuple[str, ...]]] = {
    "Performer": ("party", (PERFORMERS,)),
    "RightsOrganization": ("society", (PRODUCERS, PERFORMERS)),
}
"""By type of a collection mandate, who grants it and which rights it is about (AVS 9)."""


@dataclass(frozen=True, slots=True)
class Correspondents:
    """The sender and the recipients of a message."""

    sender: PartyName
    recipients: tuple[PartyName, ...] = ()

    @property
    def addressee(self) -> str:
        """The society to which the message is addressed; empty when it is not exactly one."""
        return society_of(self.recipients[0]) if len(self.recipients) == 1 else ""


def society_of(party: PartyName) -> str:
    """The code by which a society is known: CISAC's, else its DDEX or another identifier, else none."""
    code = dict(party.proprietary).get(SOCIETY, "")
    return normalise_code(code) if code else identity(party)


def identity(party: PartyName) -> str:
    """The identifier by which a party grants or holds, the most general first; empty when it has none."""
    for number in (party.ipi_name, party.ipi_base, party.isni, party.ipn, party.dpid):
        if number:
            return number
    return next((":".join(filter(None, pair)) for pair in party.proprietary if pair[0] != SOCIETY), "")


def same(one: PartyName, other: PartyName) -> bool:
    """Whether two mentions in one message are the same party: by identifier, or by name without any."""
    mine, yours = identity(one), identity(other)
    return mine == yours if mine and yours else one.name.casefold() == other.name.casefold()


def delegations(
    controllers: Sequence[Controller],
    codes: Sequence[str],
    ref: str,
    who: Correspondents,
    *,
    explicit: bool,
    place: Place,
) -> Iterator[MandateDeclaration]:
    """What rights controllers delegate for one recording: to the society that the message is addressed to.

    ``explicit`` is true where the message says of itself that it gives mandates (RDR-N 1.5); up to 1.4 a
    statement of delegated rights is no more than an assertion.
    """
    delegating = [item for item in controllers if item.delegates and item.usable]
    if not delegating:
        return
    if not who.addressee:
        place.add("ddex.mandate_holder", "MessageRecipient", str(len(who.recipients)))
        return
    for item in delegating:
        basis = DECLARATION if explicit and same(who.sender, item.party) else ASSERTION
        yield from _granted(item.party, PRODUCERS, item.scopes, codes, ref, who.addressee, basis, place)


def performer_delegations(
    party: PartyName,
    scopes: Sequence[Scope],
    societies: Sequence[str],
    codes: Sequence[str],
    ref: str,
    place: Place,
) -> Iterator[MandateDeclaration]:
    """What a performer delegates for one recording: to the one society it is said to be a member of."""
    if len(societies) != 1:
        place.add("ddex.mandate_holder", "Membership", str(len(societies)))
        return
    yield from _granted(party, PERFORMERS, scopes, codes, ref, societies[0], ASSERTION, place)


def _granted(
    party: PartyName,
    right: str,
    scopes: Sequence[Scope],
    codes: Sequence[str],
    ref: str,
    holder: str,
    basis: str,
    place: Place,
) -> Iterator[MandateDeclaration]:
    grantor = identity(party)
    subjects = tuple(f"isrc:{code}" for code in codes if isrc.is_valid(code))
    if not grantor or not subjects:
        # By name alone a mandate could be anybody's, and without a subject it would be for everything.
        place.add("ddex.mandate_party" if not grantor else "ddex.mandate_subject", "PartyId", party.name)
        return
    for scope in scopes:
        yield declare(
            f"{ref}:{grantor}:{right}",
            ("party", grantor, party.full_name),
            holder,
            (right,),
            scope,
            basis,
            place,
            works=subjects,
        )


def numbered(mandates: Iterable[MandateDeclaration]) -> Iterator[MandateDeclaration]:
    """Each mandate once, those of one grantor and right told apart by their order."""
    counts: Counter[str] = Counter()
    for mandate in dict.fromkeys(mandates):
        counts[mandate.ref] += 1
        yield dataclasses.replace(mandate, ref=f"{mandate.ref}:{counts[mandate.ref]}")


def declare(
    ref: str,
    grantor: tuple[str, str, str],
    holder: str,
    rights: tuple[str, ...],
    scope: Scope,
    basis: str,
    place: Place,
    *,
    works: tuple[str, ...] = (),
    evidence: str = "",
) -> MandateDeclaration:
    """A mandate; ``grantor`` is its type, identifier and name."""
    return MandateDeclaration(
        ref=ref,
        grantor_type=grantor[0],
        grantor_id=grantor[1],
        grantor_name=grantor[2],
        holder=holder,
        rights=rights,
        uses=scope.uses or ("*",),
        territories=scope.territories or ("*",),
        valid_from=scope.valid_from or EVER,
        valid_to=scope.valid_to,
        exclusive=False,
        basis=basis,
        works=works,
        evidence=evidence,
        position=place.position,
    )


def collection_mandate(
    assigner: PartyName,
    assignee: PartyName,
    kind: str,
    scope: Scope | None,
    ids: Sequence[tuple[str, str]],
    status: str,
    who: Correspondents,
    place: Place,
) -> Iterator[Item]:
    """A mandate of RDR-N 1.5 that a performer or a rights organisation has given to a society."""
    ref = ":".join(filter(None, ids[0])) if ids else ""
    granted = GRANTED.get(kind)
    holder = society_of(assignee)
    if granted is None:
        place.add("ddex.mandate_type", "CollectionMandateType", kind)
    grantor_type, rights = granted or ("", ())
    grantor = society_of(assigner) if grantor_type == "society" else identity(assigner)
    if not grantor:
        place.add("ddex.collection_mandate_party", "CollectionMandateAssigner", assigner.name)
    if not holder:
        place.add("ddex.collection_mandate_party", "CollectionMandateAssignee", assignee.name)
    if scope is None:
        place.add("ddex.mandate_scope", "CollectionMandate", ref)
    if status in ("Rejected", "Revoked"):
        place.add("ddex.mandate_status", "CollectionMandateStatus", status, quote(ref))
    if granted is None or not grantor or not holder or scope is None or status in ("Rejected", "Revoked"):
        yield Rejection("mandate", place.position, ref)
        return
    yield declare(
        ref or f"{grantor}:{holder}:{kind}:{'|'.join(scope.territories) or '*'}",
        (grantor_type, grantor, assigner.full_name),
        holder,
        rights,
        scope,
        DECLARATION if same(who.sender, assigner) else ASSERTION,
        place,
        evidence=f"CollectionMandateStatus {status}" if status else "",
    )
