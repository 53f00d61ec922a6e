"""One right share of an MWN message: whose, of which rights, how much, and how far.

What would say more than the sender did if it were left out makes a share unusable: it is kept without its
percentage, and no agent gets a mandate by it. That is so of territories that nobody knows, of shares at some
services only, and of shares in the words or the music alone, as nothing says how much of a work either is.
"""

from __future__ import annotations

from collections.abc import Mapping

from parsers.ddex.gathering import Found, one_line
from parsers.ddex.rights import rights_of
from parsers.ddex.scope import Place, Scope, Terms, scope_of, share_of
from parsers.ddex.work_shares import COLLECTION, MANUSCRIPT, PUBLISHER, Share
from schemas.ddex.elements import ElementTable
from schemas.declarations import PartyName

WHOLE_WORK = "LyricsAndMelody"
"""The part of a work that is all of it."""


def share_in(
    found: Found,
    parties: Mapping[str, PartyName],
    territories: Mapping[str, Terms],
    table: ElementTable,
    place: Place,
) -> Share | None:
    """The share that an element states; None, with a finding, where it is nobody's.

    ``parties`` and ``territories`` are those that the message has defined, by their references in it.
    """
    reference, kinds = found.text("reference"), found.texts("kind")
    for kind in kinds:
        if kind not in table.allowed.get("RightShareType", (kind,)):
            place.add("ddex.avs", "RightShareType", kind)
    party = _controller(found, parties, place)
    rights, uses = rights_of(found.all("right"), place)
    scope = scope_of(found, place, territories)
    if party is None:
        return None
    usable = scope is not None and not _limited(found, place)
    units = _units(found, place) if usable and rights else None
    scope = _narrowed(scope or Scope(), uses)
    if found.all("narrowed"):
        place.add("ddex.share_narrowed", "CommercialModelType", reference)
    limited = scope.territories or scope.uses or scope.valid_to
    if limited and not {MANUSCRIPT, PUBLISHER}.isdisjoint(kinds):
        place.add("ddex.ownership_limited", "RightShareType", reference)
        units = None if COLLECTION not in kinds else units
    agents = _referred(found, "agent", parties, place) if usable else []
    identifiers = [one_line(item.text) for item in found.all("id") if item.text]
    return Share(
        reference=reference,
        kinds=kinds,
        party=party,
        rights=rights,
        units=units,
        scope=scope,
        position=place.position,
        agent=agents[0] if agents else "",
        follows=found.texts("follows"),
        agreement=found.text("agreement"),
        own_ref=identifiers[0] if identifiers else "",
        disputed=found.flag("disputed"),
    )


def _limited(found: Found, place: Place) -> bool:
    """Whether a share is one at some services, or of a part of the work: elsewhere it is none."""
    services, part = found.all("service"), found.text("work_part")
    if services:
        place.add("ddex.share_of_service", "DSP", found.text("reference"))
    if part not in ("", WHOLE_WORK):
        place.add("ddex.share_of_part", "WorkPart", found.text("reference"), part)
    return bool(services) or part not in ("", WHOLE_WORK)


def _narrowed(scope: Scope, uses: Terms) -> Scope:
    """A scope within what a right includes; the last term that matches a use decides."""
    if not uses:
        return scope
    if uses[0].startswith("-"):
        both = (*scope.uses, *uses)
    elif not scope.uses or scope.uses[0].startswith("-"):
        both = (*uses, *scope.uses)
    else:
        both = scope.uses
    return Scope(scope.territories, both, scope.valid_from, scope.valid_to)


def _controller(found: Found, parties: Mapping[str, PartyName], place: Place) -> str | None:
    """The reference of the party whose share it is; None, with a finding, where there is none."""
    if found.flag("controller_unknown"):
        place.add("ddex.controller_unknown", "RightsControllerUnknown", found.text("reference"))
        return None
    known = _referred(found, "controller", parties, place)
    return known[0] if known else None


def _referred(found: Found, name: str, parties: Mapping[str, PartyName], place: Place) -> list[str]:
    keys = []
    for item in found.parts(name):
        key = item.text("party")
        if key in parties:
            keys.append(key)
        else:
            place.add("ddex.party_reference", "RightsControllerPartyReference", key)
    return keys


def _units(found: Found, place: Place) -> int | None:
    if found.flag("not_claimed"):
        # There is no claim and never was: the party collects nothing there.
        return 0
    stated = found.all("share")
    if stated:
        return share_of(stated[0], place)
    place.add("ddex.share_unknown", "RightShareUnknown", found.text("reference"))
    return None
