"""Rights controllers and performers of a recording as claims; nothing is said that the message does not say.

A rights controller claims the producers' right, a performer the performers'. The territories in which a right
is held stand inside the controller where the version has such a place; what stands above it then says only
where its name is spelled so (DDEX, *Territorial rights controller information*).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from parsers.ddex.elements import also_named
from parsers.ddex.gathering import Found
from parsers.ddex.scope import EVERYTHING, Place, Scope, period_of, scope_of, share_of, territories_of
from schemas.ddex.elements import ElementTable
from schemas.declarations import Affiliation, Claim, CollectionShare, PartyName, RightShare
from schemas.shares import HUNDREDTH, WHOLE, format_percent

PRODUCERS = "PROD"
PERFORMERS = "PERF"
TOLERANCE = 6 * HUNDREDTH
"""Shares rounded to two decimals may add up to this much more than all."""
HOLDERS = frozenset({"RightsController", "RightsHolder", "Unknown", ""})
"""Roles of parties that hold the right; the others administer it or are paid for them."""


@dataclass(slots=True)
class Controller:
    """A rights controller: who, in which roles, with what share and how far; whether it says how far."""

    party: PartyName
    roles: tuple[str, ...]
    share: int | None
    scopes: list[Scope] = field(default_factory=list)
    usable: bool = True
    delegates: bool = False
    holds: bool = True
    ownership: tuple[RightShare, ...] = ()
    collection: tuple[CollectionShare, ...] = ()

    @property
    def role(self) -> str:
        """All roles as one text."""
        return "|".join(self.roles)


def controllers(
    stated: Sequence[tuple[Found, Sequence[PartyName], Found | None]], table: ElementTable, place: Place
) -> list[Controller]:
    """Controllers in the message's order, each once.

    ``stated`` has each controller with its parties and the block it stands in. Where the version keeps the
    territories inside the controller, the same one in several blocks is one statement in several spellings.
    """
    inner = table.has("controller", "delegated")
    found: list[Controller] = []
    seen: dict[tuple[object, ...], Controller] = {}
    for item, parties, block in stated:
        share, usable = _share(item, parties, place)
        scopes, reached = _scopes(item, block, inner=inner, place=place)
        roles = item.texts("role")
        _check_values(table, roles, item.texts("kind"), place)
        for named in parties:
            controller = Controller(
                named, roles, share, scopes, usable and reached, delegates=bool(item.parts("delegated"))
            )
            if inner and len(stated) > 1:
                identifier = named.ipi_name or named.isni or named.ipn or named.dpid or named.proprietary
                key = (identifier or named.name, roles, share, tuple(scopes))
                known = seen.setdefault(key, controller)
                if known is not controller:
                    known.party = also_named(known.party, named)
                    continue
            found.append(controller)
    if found:
        _mark_administrators(found, place)
        _check_sums(found, place)
        for controller in found:
            _measure(controller)
    return found


def _check_values(table: ElementTable, roles: Sequence[str], kinds: Sequence[str], place: Place) -> None:
    for name, values in (("RightsControllerRole", roles), ("RightsControllerType", kinds)):
        for value in values:
            if value not in table.allowed.get(name, (value,)):
                place.add("ddex.avs", name, value)


def _check_sums(found: Sequence[Controller], place: Place) -> None:
    """Shares that are held for the same reach must not be more than all."""
    if len(found) < 2:
        return
    totals: dict[Scope, int] = defaultdict(int)
    for item in found:
        if item.holds and item.usable and item.share is not None:
            for scope in item.scopes:
                totals[scope] += item.share
    for total in totals.values():
        if total > WHOLE + TOLERANCE:
            place.add("shares.over", PRODUCERS, format_percent(total))


def _share(item: Found, parties: Sequence[PartyName], place: Place) -> tuple[int | None, bool]:
    """The share and whether it may be used. DDEX: a controller without any share holds all of it."""
    stated = item.all("share")
    if stated:
        share = share_of(stated[0], place)
        return share, share is not None
    shown = parties[0].name if parties else ""
    if item.flag("unknown"):
        place.add("ddex.share_unknown", "RightsController", shown)
        return None, True
    if parties:
        place.add("ddex.share_assumed", "RightsController", shown)
    return WHOLE, True


def _scopes(item: Found, block: Found | None, *, inner: bool, place: Place) -> tuple[list[Scope], bool]:
    """Where and how the right is held, and whether that could be read."""
    if inner:
        stated = item.parts("delegated")
        read = [scope_of(part, place) for part in stated]
        usable = [scope for scope in read if scope is not None]
        return _merged(usable) or [EVERYTHING], bool(usable) or not stated
    codes = (
        territories_of(block.all("territory"), block.all("excluded_territory"), place)
        if block is not None
        else ()
    )
    period = period_of(item.text("start"), item.text("end"), place)
    if codes is None or period is None:
        return [EVERYTHING], False
    return [Scope(codes, (), *period)], True


def _merged(scopes: list[Scope]) -> list[Scope]:
    """Scopes that differ in their included uses only become one."""
    if len(scopes) < 2:
        return scopes
    merged: dict[tuple[object, ...], Scope] = {}
    for scope in scopes:
        excluding = any(use.startswith("-") for use in scope.uses)
        key = (scope.territories, scope.valid_from, scope.valid_to, scope.uses if excluding else ())
        known = merged.get(key)
        if known is None:
            merged[key] = scope
        elif known.uses:
            uses = tuple(dict.fromkeys((*known.uses, *scope.uses))) if scope.uses else ()
            merged[key] = Scope(scope.territories, uses, scope.valid_from, scope.valid_to)
    return list(merged.values())


def _mark_administrators(found: list[Controller], place: Place) -> None:
    """Who administers a right beside its holders has no share of its own in it."""
    for item in found:
        item.holds = not item.roles or not HOLDERS.isdisjoint(item.roles)
    if any(item.holds for item in found):
        for item in found:
            if not item.holds:
                place.add("ddex.administrator", "RightsControllerRole", item.party.name, item.role)
    else:
        for item in found:
            item.holds = True


def _measure(item: Controller) -> None:
    """What a controller owns or collects: nothing where its share or its reach is not known."""
    if item.share is None or not item.usable or not item.holds:
        return
    shares = (RightShare(PRODUCERS, item.share),)
    if len(item.scopes) == 1 and item.scopes[0].unlimited:
        item.ownership = shares
    else:
        item.collection = tuple(
            CollectionShare(
                scope.territories,
                shares,
                uses=scope.uses,
                valid_from=scope.valid_from,
                valid_to=scope.valid_to,
            )
            for scope in item.scopes
        )


def producer_claims(found: Sequence[Controller], position: str) -> list[Claim]:
    """The claims of rights controllers; one whose share or reach is not known is kept without shares."""
    return [
        Claim(
            party=item.party,
            role=item.role,
            ownership=item.ownership,
            collection=item.collection,
            controlled=True,
            position=position,
        )
        for item in found
    ]


def performer_claims(
    performers: Sequence[tuple[PartyName, str, tuple[str, ...]]], position: str
) -> Iterator[Claim]:
    """Performers for whom the message names a society; shares among performers are not DDEX's to say.

    ``performers`` are (party, role, societies).
    """
    for named, role, societies in performers:
        if societies:
            yield Claim(
                party=named,
                role=role,
                affiliations=tuple(Affiliation(PERFORMERS, code) for code in societies),
                position=position,
            )
