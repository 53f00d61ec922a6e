"""Right shares of a musical work as claims of its parties, by the four kinds of share that MWN knows.

A manuscript share is what a writer owns; an original publisher's share is taken out of the manuscript shares
that it follows in title; a collection share is what a party collects within territories, uses and a period;
a licensing share is a power to license and no share in what is collected.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from parsers.ddex.claims import TOLERANCE
from parsers.ddex.scope import Place, Scope
from schemas.declarations import Affiliation, Claim, CollectionShare, PartyName, RightShare
from schemas.shares import WHOLE, format_percent

MANUSCRIPT = "MusicalWorkManuscriptShare"
PUBLISHER = "OriginalPublisherShare"
COLLECTION = "MusicalWorkCollectionShare"
LICENSING = "LicensingShare"


@dataclass(slots=True)
class Share:
    """One right share: of which kind, whose, how much of which rights, and how far.

    ``units`` is None where the percentage is unknown or must not be used.
    """

    reference: str
    kinds: tuple[str, ...]
    party: str
    rights: tuple[str, ...]
    units: int | None
    scope: Scope
    position: str
    agent: str = ""
    follows: tuple[str, ...] = ()
    agreement: str = ""
    own_ref: str = ""
    disputed: bool = False
    controlled: bool = True


@dataclass(slots=True)
class _Sums:
    """What one party is said to own and to collect."""

    owned: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    collected: dict[tuple[Scope, str], list[RightShare]] = field(default_factory=lambda: defaultdict(list))
    shares: list[Share] = field(default_factory=list)


def claims_of(
    shares: Sequence[Share],
    parties: Mapping[str, PartyName],
    roles: Mapping[str, str],
    affiliations: Mapping[str, tuple[Affiliation, ...]],
    place: Place,
) -> tuple[Claim, ...]:
    """The claims in one work, a party's shares of one role together, in the order of the message.

    ``roles`` has the writers' roles by party reference.
    """
    passed_on = _passed_on(shares, place)
    sums: dict[tuple[str, str], _Sums] = defaultdict(_Sums)
    publishers = {item.party for item in shares if PUBLISHER in item.kinds}
    for item in shares:
        found = sums[item.party, roles.get(item.party) or ("E" if item.party in publishers else "AM")]
        found.shares.append(item)
        if item.units is None:
            continue
        if MANUSCRIPT in item.kinds or PUBLISHER in item.kinds:
            for right in item.rights:
                found.owned[right] += item.units - passed_on.get((item.reference, right), 0)
        if COLLECTION in item.kinds:
            entries = [RightShare(right, item.units) for right in item.rights]
            found.collected[item.scope, item.position] += entries
    _check_sums(shares, place)
    return tuple(
        _claim(parties[party], role, found, affiliations.get(party, ()))
        for (party, role), found in sums.items()
    )


def _passed_on(shares: Sequence[Share], place: Place) -> dict[tuple[str, str], int]:
    """How much of each share, by right, later shares have taken over from it."""
    known = {item.reference: item for item in shares}
    passed: dict[tuple[str, str], int] = defaultdict(int)
    for item in shares:
        if PUBLISHER not in item.kinds or item.units is None:
            continue
        bases = [known[key] for key in item.follows if key in known and MANUSCRIPT in known[key].kinds]
        if not bases:
            place.add("ddex.publisher_share_unlinked", PUBLISHER, item.reference)
            item.units = None
            continue
        for right in item.rights:
            rest = item.units
            for base in bases:
                free = (base.units or 0) - passed[base.reference, right] if right in base.rights else 0
                taken = min(rest, max(free, 0))
                passed[base.reference, right] += taken
                rest -= taken
            if rest:
                place.add("ddex.publisher_share_over", PUBLISHER, item.reference, right)
    return passed


def _check_sums(shares: Sequence[Share], place: Place) -> None:
    """Manuscript shares, and collection shares of one reach, must not be more than all."""
    totals: dict[tuple[str, str, Scope], int] = defaultdict(int)
    for item in shares:
        for kind in (MANUSCRIPT, COLLECTION):
            if kind in item.kinds and item.units is not None:
                reach = item.scope if kind == COLLECTION else Scope()
                for right in item.rights:
                    totals[kind, right, reach] += item.units
    for (kind, right, _), total in totals.items():
        if total > WHOLE + TOLERANCE:
            place.add("shares.over", f"{right} {kind}", format_percent(total))


def _claim(party: PartyName, role: str, found: _Sums, affiliations: tuple[Affiliation, ...]) -> Claim:
    first = found.shares[0]
    return Claim(
        party=party,
        role=role,
        ownership=tuple(RightShare(right, units) for right, units in found.owned.items() if units),
        collection=tuple(_collections(found)),
        affiliations=affiliations,
        controlled=any(item.controlled for item in found.shares),
        agreement=next((item.agreement for item in found.shares if item.agreement), ""),
        own_ref=next((item.own_ref for item in found.shares if item.own_ref), ""),
        position=first.position,
    )


def _collections(found: _Sums) -> Iterator[CollectionShare]:
    """Collection shares, those of one reach together unless they state a right twice."""
    merged: dict[Scope, tuple[str, list[RightShare]]] = {}
    for (scope, position), entries in found.collected.items():
        known = merged.get(scope)
        if known is None:
            merged[scope] = (position, list(entries))
        elif {item.right for item in known[1]}.isdisjoint(item.right for item in entries):
            known[1].extend(entries)
        else:
            yield _collection(scope, position, entries)
    for scope, (position, entries) in merged.items():
        yield _collection(scope, position, entries)


def _collection(scope: Scope, position: str, entries: Sequence[RightShare]) -> CollectionShare:
    return CollectionShare(
        scope.territories, tuple(entries), position, scope.uses, scope.valid_from, scope.valid_to
    )
