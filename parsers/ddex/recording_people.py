"""Who takes part in a recording: artists and contributors with their roles, and the societies they are in."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.ddex import elements as read
from parsers.ddex.gathering import Element, Found, one_line
from parsers.ddex.mandates import society_of
from parsers.ddex.remembered import MOST_NAMED, MOST_STATEMENTS, Message
from parsers.ddex.scope import Place
from schemas.declarations import PartyName, Performer

ROLES = {
    "DisplayConductor": "Conductor",
    "DisplayComposer": "Composer",
    "FeaturedArtist": "FeaturedArtist",
    "FeaturedNonContractedArtist": "FeaturedArtist",
    "NonFeaturedArtist": "NonFeaturedArtist",
}
"""Elements whose name says the role of the party in it."""


class People:
    """The people of one recording, whose statements stand in ``blocks``.

    ``performers`` are contributors that state more than who they are, as they are met.
    """

    def __init__(self, message: Message, place: Place, blocks: Sequence[Found]) -> None:
        self._message = message
        self._place = place
        self._blocks = blocks
        self.performers: list[tuple[Found, list[PartyName], tuple[str, ...]]] = []

    def contributors(self, name: str) -> list[Performer]:
        """Those of a field of the table, each once for each of its roles."""
        found: list[Performer] = []
        for block in self._blocks:
            for item in block.groups.get(name, ()):
                leaves = item.leaves
                # Most contributors are one reference and one role, and the same again on the next recording.
                key = None
                if len(leaves) == 2 and not item.groups:
                    named, stated = leaves.get("party"), leaves.get("role")
                    if named is not None and stated is not None and len(named) == len(stated) == 1:
                        key = (named[0].text, stated[0].text)
                        known = self._message.named.get(key)
                        if known is not None:
                            found.append(known)
                            continue
                parties = self.parties(item)
                roles = item.texts("role") or (ROLES.get(read.local(item.element), ""),)
                new = [Performer(party, role) for party in parties for role in roles]
                found += new
                usual = self.check(item.all("role"))
                once = len(new) == len(leaves.get("party", ())) == 1
                if key and usual and once and len(self._message.named) < MOST_NAMED:
                    self._message.named[key] = new[0]
                if name == "contributor" and item.groups:
                    self.performers.append((item, parties, self._societies(item)))
        return found

    def check(self, stated: Sequence[Element]) -> bool:
        """Whether these have values that this version allows; findings on those that it does not."""
        allowed = True
        for element in stated:
            known = (element.tag, element.text)
            if known in self._message.usual:
                continue
            name, value = read.local(element), one_line(element.text)
            if value and value not in self._message.table.allowed.get(name, (value,)):
                self._place.add("ddex.avs", name, value)
                allowed = False
            elif len(self._message.usual) < MOST_STATEMENTS:
                self._message.usual.add(known)
        return allowed

    def _societies(self, item: Found) -> tuple[str, ...]:
        """Codes of the societies that a performer is said to be a member of, without a stated end."""
        codes = (
            society_of(read.party_of(organization, self._place.position, self._place.remarks))
            for membership in item.parts("membership")
            if not membership.text("end")
            for organization in membership.parts("organization")
        )
        return tuple(dict.fromkeys(filter(None, codes)))

    def members(self) -> list[tuple[PartyName, str, tuple[str, ...]]]:
        """Performers with their roles and the societies that they are members of."""
        members: dict[tuple[PartyName, str, tuple[str, ...]], None] = {}
        for item, parties, societies in self.performers:
            for party in parties:
                members[party, "|".join(item.texts("role")), societies] = None
        return list(members)

    def parties(self, item: Found) -> list[PartyName]:
        """Parties named inline, or referred to in the message's party list."""
        found = []
        if "PartyName" in item.leaves or "PartyId" in item.leaves:
            party = read.party_of(item, self._place.position, self._place.remarks)
            if party.name:
                found.append(party)
        for reference in item.all("party"):
            key = one_line(reference.text)
            known = self._message.parties.get(key)
            if known is not None:
                found.append(known)
            elif key:
                self._place.add("ddex.party_reference", read.local(reference), key)
        return found


def distinct(named: Sequence[Performer]) -> tuple[Performer, ...]:
    """Contributors in order, each once."""
    # Hashing whole parties is dear, and most recordings name nobody twice in one role.
    if len(named) < 2 or len({(item.party.name, item.role) for item in named}) == len(named):
        return tuple(named)
    return tuple(dict.fromkeys(named))


def shown_artist(artists: Sequence[Performer], contributors: Sequence[Performer]) -> str:
    """The artist where no name to show is stated."""
    shown = ", ".join(dict.fromkeys(item.party.name for item in artists))
    return shown or next((item.party.name for item in contributors if item.role == "MainArtist"), "")
