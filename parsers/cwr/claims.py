"""Claims of a work registration, gathered from publisher, writer, territory and link records.

The values that repeat all over a file (names, shares, societies, territories) are built once and shared.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from schemas.declarations import Affiliation, Claim, CollectionShare, OtherName, PartyName, RightShare
from schemas.frozen import maker
from schemas.shares import HUNDREDTH

RIGHTS = ("PR", "MR", "SR")
NO_SOCIETY = "000"
NOT_CONTROLLED = "not_controlled"
CONTROLLED = frozenset({"SPU", "SWR"})
"""Records of parties that the submitter controls."""
IPI_LENGTH = 11

Shares = tuple[RightShare, ...]
_party = maker(PartyName)


@lru_cache(maxsize=1 << 13)
def party_name(name: str, given: str, ipi_name: str, ipi_base: str) -> PartyName:
    """A party by its untrimmed fields; a zero or non-numeric IPI name number is none."""
    number = ipi_name.strip()
    known = number.isdecimal() and number.strip("0")
    return PartyName(
        name=name.strip(),
        given=given.strip(),
        ipi_name=number.zfill(IPI_LENGTH) if known else "",
        ipi_base=base_number(ipi_base),
    )


def with_other_names(party: PartyName, names: tuple[OtherName, ...]) -> PartyName:
    """A party that has only what CWR says of one, with these names in other alphabets."""
    return _party(party.name, party.given, party.ipi_name, party.ipi_base, party.isni, "", "", (), names)


def base_number(text: str) -> str:
    """An IPI base number without padding, empty if it is blank or all zeros."""
    number = text.strip()
    return number if number.strip("0") else ""


@lru_cache(maxsize=1 << 13)
def right_shares(pr: str, mr: str, sr: str) -> Shares:
    """The shares of three share fields, hundredths of a percent, blank for nothing.

    All three rights are always stated: a registration that names a party and no share says it has none.
    """
    return tuple(
        RightShare(right, int(text.strip() or "0") * HUNDREDTH)
        for right, text in zip(RIGHTS, (pr, mr, sr), strict=True)
    )


@lru_cache(maxsize=1 << 12)
def affiliations(pr: str, mr: str, sr: str) -> tuple[Affiliation, ...]:
    """The societies of three society fields, blanks and 000 left out."""
    found = ((right, text.strip().zfill(3)) for right, text in zip(RIGHTS, (pr, mr, sr), strict=True))
    return tuple(Affiliation(right, code) for right, code in found if code != NO_SOCIETY)


@lru_cache(maxsize=1 << 12)
def territory_code(text: str) -> str:
    """A TIS code without its leading zeros."""
    return text.strip().lstrip("0")


def not_controlled(own_ref: str, inclusion: str, territory: str, shares: Shares) -> tuple[str, str]:
    """The detail that a controlled publisher does not control its collection in a territory (an OPT).

    >>> not_controlled("P1", "I", "2136", right_shares("05000", "10000", "00000"))
    ('OPT.not_controlled:P1', 'I 2136 5000 10000 0')
    """
    stated = " ".join([str(item.share // HUNDREDTH) for item in shares])
    return f"OPT.{NOT_CONTROLLED}:{own_ref}", f"{inclusion} {territory} {stated}"


class CollectionGroup:
    """Consecutive territory records of one party with the same shares."""

    __slots__ = ("position", "shares", "territories")

    def __init__(self, shares: Shares, territory: str, number: int) -> None:
        """Begin with the first included territory, stated in line ``number``."""
        self.shares = shares
        self.territories = [territory]
        self.position = f"line:{number}"

    def declare(self) -> CollectionShare:
        """The collection share."""
        return CollectionShare(tuple(self.territories), self.shares, self.position)


class OpenClaim:
    """One party of a work while its territory and link records come in."""

    __slots__ = (
        "affiliations",
        "agreement",
        "chain",
        "controlled",
        "groups",
        "last_place",
        "linked",
        "number",
        "own_ref",
        "ownership",
        "party",
        "record",
        "role",
        "shared",
        "unkept_link",
    )

    def __init__(self, number: int, own_ref: str, role: str, record: str) -> None:
        """Begin with what the party's own record in line ``number`` says, which is of the type ``record``."""
        self.number = number
        self.own_ref = own_ref
        self.role = role
        self.record = record
        self.controlled = record in CONTROLLED
        self.chain = 0
        self.agreement = ""
        self.linked = False
        self.unkept_link: tuple[tuple[str, str], ...] = ()
        self.last_place = 0
        self.shared = False
        self.groups: list[CollectionGroup] = []

    def include(self, territory: str, shares: Shares, number: int) -> None:
        """Collect ``shares`` in one more territory."""
        # An exclusion narrows what came before it, so what follows one is a list of its own.
        last = self.groups[-1] if self.groups else None
        if last is not None and last.shares == shares and not last.territories[-1].startswith("-"):
            last.territories.append(territory)
        else:
            self.groups.append(CollectionGroup(shares, territory, number))

    def exclude(self, territory: str) -> bool:
        """Take ``territory`` out of what was included before; false if there is nothing to narrow.

        A group that includes exactly this territory keeps it: parties state a wide territory, except one,
        and that one with other shares, in any order.
        """
        excluded = f"-{territory}"
        for group in self.groups:
            if territory not in group.territories:
                group.territories.append(excluded)
        return bool(self.groups)

    def declare(self) -> Claim:
        """The claim."""
        return Claim(
            party=self.party,
            role=self.role,
            ownership=self.ownership,
            collection=tuple([group.declare() for group in self.groups]),
            affiliations=self.affiliations,
            controlled=self.controlled,
            chain=self.chain,
            agreement=self.agreement,
            own_ref=self.own_ref,
            position=f"line:{self.number}",
        )

    party: PartyName
    ownership: Shares
    affiliations: tuple[Affiliation, ...]


class PublisherChains:
    """The publisher chains of one work, to find the chain of a writer's publisher."""

    __slots__ = ("_by_name", "_by_ref", "_sequences")

    def __init__(self, publishers: Iterable[OpenClaim]) -> None:
        """Index the publishers; the first record of a party counts, as its chain's origin comes first."""
        self._by_ref: dict[str, int] = {}
        self._by_name: dict[str, int] = {}
        self._sequences: set[int] = set()
        for claim in publishers:
            self._sequences.add(claim.chain)
            if claim.own_ref:
                self._by_ref.setdefault(claim.own_ref, claim.chain)
            if claim.party.name:
                self._by_name.setdefault(claim.party.name, claim.chain)

    def find(self, sequence: str, ref: str, name: str) -> int:
        """The chain a link record points to by sequence number, publisher number or name; 0 if none."""
        if sequence.isdecimal() and int(sequence) in self._sequences:
            return int(sequence)
        return self._by_ref.get(ref, 0) or self._by_name.get(name, 0)
