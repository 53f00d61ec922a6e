"""Societies of the parties of an MWN message.

An affiliation without any limit is what a registration names beside a share, and stays with the claims. One
that is limited in territory, period or portion says more than a claim can hold: it is a mandate of the party
for its whole repertoire, asserted by the sender.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from parsers.ddex.gathering import Found, one_line
from parsers.ddex.mandates import ASSERTION, declare, identity, society_of
from parsers.ddex.rights import rights_of
from parsers.ddex.scope import Place, Scope, Terms, scope_of
from parsers.reading import Item
from schemas.declarations import Affiliation, PartyName
from schemas.rights import ALL, canonical_right


@dataclass(frozen=True, slots=True)
class _Limited:
    party: str
    society: str
    rights: Terms
    scope: Scope
    position: str


@dataclass(slots=True)
class Affiliations:
    """Affiliations by party reference; societies are parties that may be listed later in the message."""

    named: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    limited: list[_Limited] = field(default_factory=list)
    unlimited: dict[str, tuple[Affiliation, ...]] = field(default_factory=dict)

    def add(
        self, party: str, stated: Sequence[Found], territories: Mapping[str, Terms], place: Place
    ) -> None:
        """Keep what is stated of one party."""
        for item in stated:
            scope = scope_of(item, place, territories)
            rights, uses = rights_of(item.all("right"), place)
            if scope is None or not rights:
                continue
            if item.all("portion") and item.text("portion") not in ("100", "100.0", "100.00"):
                place.add("ddex.affiliation_portion", "Percentage", item.text("portion"))
                continue
            society = item.text("society")
            if scope.unlimited and not uses:
                kinds = [canonical_right(one_line(mark.text)) for mark in item.all("right")]
                codes = (ALL,) if ALL in kinds else rights
                self.named.setdefault(party, []).extend((code, society) for code in codes)
            else:
                limits = Scope(scope.territories, uses, scope.valid_from, scope.valid_to)
                self.limited.append(_Limited(party, society, rights, limits, place.position))

    def resolve(self, parties: Mapping[str, PartyName]) -> Iterator[str]:
        """Look the societies up once all parties are known; yields references that no party has."""
        for party, pairs in self.named.items():
            found: dict[Affiliation, None] = {}
            for code, reference in pairs:
                society = society_of(parties[reference]) if reference in parties else ""
                if society:
                    found[Affiliation(code, society)] = None
                else:
                    yield reference
            self.unlimited[party] = tuple(found)

    def mandates(self, parties: Mapping[str, PartyName], created: str) -> Iterator[Item]:
        """Limited affiliations as mandates, with findings where one cannot be made."""
        for item in self.limited:
            place = Place(item.position, "SocietyAffiliation", [])
            party = parties[item.party]
            grantor = identity(party)
            holder = society_of(parties[item.society]) if item.society in parties else ""
            if not grantor:
                place.add("ddex.mandate_party", "SocietyAffiliation", party.name)
            elif not holder:
                place.add("ddex.party_reference", "MusicRightsSociety", item.society)
            else:
                scope = item.scope
                reach = "|".join(scope.territories) or "*"
                yield declare(
                    f"affiliation:{grantor}:{holder}:{'|'.join(item.rights)}:{reach}",
                    ("party", grantor, party.full_name),
                    holder,
                    item.rights,
                    scope
                    if scope.valid_from
                    else Scope(scope.territories, scope.uses, created, scope.valid_to),
                    ASSERTION,
                    place,
                )
            yield from place.remarks
