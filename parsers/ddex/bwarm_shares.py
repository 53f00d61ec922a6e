"""Right shares of a BWARM delivery as claims, by the kinds of share that MWN knows too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from parsers.ddex.rights import EVERY
from parsers.ddex.scope import Place, Scope, period_of
from parsers.ddex.work_shares import MANUSCRIPT, PUBLISHER, Share, claims_of
from schemas import territories
from schemas.ddex import bwarm
from schemas.declarations import Claim, PartyName
from schemas.findings import Finding, quote
from schemas.rights import ALL, canonical_right, canonical_use
from schemas.shares import ShareError, parse_percent

TOP = "\x1f"
"""Between a party and its role: one party may be writer and publisher of a work."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of right shares with its place."""

    position: str
    cells: Mapping[str, str]


def claims(
    entries: Iterable[Entry], parties: Mapping[str, PartyName], found: list[Finding]
) -> tuple[Claim, ...]:
    """The claims in one work; rows that are not understood are left out with a finding."""
    shares = [share for entry in entries if (share := _share(entry, found)) is not None]
    places: list[Finding] = []
    place = Place(shares[0].position if shares else "", bwarm.SHARES, places)
    stated = claims_of(
        shares,
        {share.party: parties[share.party.partition(TOP)[0]] for share in shares},
        {share.party: share.party.partition(TOP)[2] for share in shares},
        {},
        place,
    )
    found += places
    return stated


def _share(entry: Entry, found: list[Finding]) -> Share | None:
    cells = entry.cells

    def wrong(column: str) -> None:
        found.append(Finding("bwarm.value", entry.position, bwarm.SHARES, column, quote(cells[column])))

    kinds = _listed(cells["RightShareType"])
    rights: dict[str, None] = {}
    for text in _listed(cells["RightsType"]) or ["All"]:
        code = canonical_right(text)
        if code is None:
            wrong("RightsType")
            return None
        rights.update(dict.fromkeys(EVERY if code == ALL else (code,)))
    units = None
    if cells["RightSharePercentage"]:
        try:
            units = parse_percent(cells["RightSharePercentage"])
        except ShareError:
            wrong("RightSharePercentage")
            return None
    scope = _scope(cells, entry.position, found)
    if scope is None:
        return None
    follows = cells["FeedProvidersParentWorkRightShareId"]
    if PUBLISHER in kinds and not follows:
        # A publisher's share that is taken out of no writer's share is a share of the whole.
        kinds = [MANUSCRIPT if kind == PUBLISHER else kind for kind in kinds]
    role = "|".join(bwarm.role_code(text) for text in _listed(cells["PartyRole"]))
    return Share(
        reference=cells["FeedProvidersWorkRightShareId"],
        kinds=tuple(kinds),
        party=f"{cells['FeedProvidersPartyId']}{TOP}{role}",
        rights=tuple(rights),
        units=units,
        scope=scope,
        position=entry.position,
        follows=(follows,) if follows else (),
        controlled=False,
    )


def _scope(cells: Mapping[str, str], position: str, found: list[Finding]) -> Scope | None:
    """Territories, uses and period; None where one is unknown: without it the share would reach too far."""
    codes = [(text, territories.canonical(text)) for text in _listed(cells["TerritoryCode"])]
    uses = [(text, canonical_use(text)) for text in _listed(cells["UseType"])]
    for column, pairs in (("TerritoryCode", codes), ("UseType", uses)):
        if any(code is None for _, code in pairs):
            found.append(Finding("bwarm.value", position, bwarm.SHARES, column, quote(cells[column])))
            return None
    place = Place(position, bwarm.SHARES, found)
    period = period_of(cells["ValidityStartDate"], cells["ValidityEndDate"], place)
    if period is None:
        return None
    named = tuple(dict.fromkeys(code for _, code in codes if code))
    used = tuple(dict.fromkeys(code for _, code in uses if code))
    return Scope(() if territories.WORLD in named else named, () if ALL in used else used, *period)


def _listed(cell: str) -> list[str]:
    return [part for item in cell.split("|") if (part := item.strip())]
