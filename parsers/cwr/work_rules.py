"""What the records of one registration must say together: writers, publisher chains, links, required records.

Each rule is a row of ``schemas/rules/cwr_registrations.csv``; sources are the transaction and record edits
of CWR functional specifications 2.2 rev. 2. ``IN_FORCE`` has the versions of rules that came later than 2.0.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from parsers.cwr.claims import OpenClaim
from parsers.cwr.share_totals import TOLERANCE
from schemas.findings import Finding
from schemas.identifiers import ipi_name
from schemas.roles import contains, of_kind
from schemas.shares import WHOLE, format_percent
from schemas.societies import known_codes

ORIGINAL, ACQUIRER, PARTICIPANT = "E", "AQ", "PA"
CREATORS = frozenset(code for code in of_kind("writer") if contains("CA", code))
ARRANGERS = of_kind("writer") - CREATORS
WORDS = frozenset({"CA", "A", "SA", "TR"})
PRODUCTION = "ORN.production_title"
PUBLIC_DOMAIN_NAMES = frozenset({"DP", "PUBLIC DOMAIN"})
PUBLIC_DOMAIN_IPI = "00039657154"
"""The IPI name number of the public domain."""
SOCIETY_NAMES = frozenset(fact.name.upper() for fact in known_codes())

IN_FORCE: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "cwr.original_with_arranger": (2, 1),
        "cwr.public_domain_share": (2, 1),
        "cwr.film_without_origin": (2, 1),
        "cwr.acquirer_out_of_chain": (2, 1),
        "cwr.acquirer_without_share": (2, 1),
        "cwr.acquired_owner_with_share": (2, 1),
        "cwr.chain_without_share": (2, 1),
        "cwr.music_with_words": (2, 2),
        "cwr.collector_without_ipi": (2, 2),
        "cwr.link_of_other_writer": (2, 2),
        "cwr.link_of_other_chain": (2, 2),
        "cwr.link_of_no_chain": (2, 2),
    }
)
REPLACED: Mapping[str, tuple[int, int]] = MappingProxyType(
    {"cwr.instruments_empty": (2, 2), "cwr.link_to_no_original": (2, 2)}
)
"""The versions that have another rule instead."""

LINKS_BY_SEQUENCE = (2, 2)
"""The version from which a link names its chain and repeats who is linked; before, only the publisher."""


@dataclass(frozen=True, slots=True)
class Link:
    """One PWR record: the writer it follows and what it names."""

    writer: OpenClaim
    number: int
    sequence: str
    publisher: str
    name: str
    writer_ref: str


@dataclass(frozen=True, slots=True)
class Instruments:
    """One INS record: its line, and what it states."""

    number: int
    stated: str
    description: str
    voices: str


@dataclass(frozen=True, slots=True)
class Registration:
    """The records of a transaction as the rules look at them."""

    record: str
    number: int
    ref: str
    version: tuple[int, ...]
    version_type: str
    text_music: str
    work_type: str
    category: str
    publishers: Sequence[OpenClaim]
    writers: Sequence[OpenClaim]
    links: Sequence[Link]
    instruments: Sequence[Instruments]
    kinds: frozenset[str]
    """The record types that the transaction has, and the title of a production if one is named."""
    by_society: bool
    """Whether a society registers its members, so that who it controls need not have a publisher."""

    def finding(self, code: str, number: int = 0, record: str = "", **parts: str) -> Iterator[Finding]:
        """A remark on the line ``number``, by default the header's, if the rule is in force."""
        if IN_FORCE.get(code, (2, 0)) <= self.version < REPLACED.get(code, (9,)):
            yield Finding(code, f"line:{number or self.number}", record or self.record, **parts)


def registration_findings(work: Registration, doubtful: Collection[str] = ()) -> Iterator[Finding]:
    """Remarks of every rule of this module, but of those that look at a field which is ``doubtful``.

    Such a field is wrong by itself in some record, which is said already, so nothing follows from its value.
    """
    for check, fields in _CHECKS:
        if fields.isdisjoint(doubtful):
            yield from check(work)


def _writers(work: Registration) -> Iterator[Finding]:
    roles = {claim.role for claim in work.writers}
    if work.writers and roles.isdisjoint(CREATORS) and any(roles):
        yield from work.finding("cwr.no_creator", value=work.ref)
    if work.version_type == "MOD" and work.writers and roles.isdisjoint(ARRANGERS):
        yield from work.finding("cwr.version_without_arranger")
    if work.version_type == "MOD" and not any(
        claim.role in ARRANGERS and (not claim.ownership or _owns(claim)) for claim in work.writers
    ):
        for claim in work.writers:
            if claim.controlled and claim.role in CREATORS and claim.ownership and not _owns(claim):
                parts = {"field": "pr_share", "value": _name(claim)}
                yield from work.finding("cwr.version_without_paid_arranger", claim.number, "SWR", **parts)
    for claim in work.writers:
        if work.version_type == "ORI" and claim.role in ARRANGERS:
            yield from work.finding("cwr.original_with_arranger", value=claim.party.name)
        if work.text_music == "MUS" and claim.role in WORDS:
            yield from work.finding("cwr.music_with_words", value=claim.party.name)


def _writers_shares(work: Registration) -> Iterator[Finding]:
    total = _performing(work.writers)
    if TOLERANCE < total < WHOLE // 2 - TOLERANCE:
        yield from work.finding("cwr.writers_share_total", field="PR", value=format_percent(total))
    if work.writers and all(_in_public_domain(claim) for claim in work.writers):
        total += _performing(work.publishers)
        if total:
            yield from work.finding("cwr.public_domain_share", field="PR", value=format_percent(total))


def _performing(claims: Sequence[OpenClaim]) -> int:
    return sum([claim.ownership[0].share for claim in claims if claim.ownership])


def _in_public_domain(claim: OpenClaim) -> bool:
    return claim.party.name in PUBLIC_DOMAIN_NAMES or claim.party.ipi_name == PUBLIC_DOMAIN_IPI


def _required_records(work: Registration) -> Iterator[Finding]:
    if work.work_type == "FM" and PRODUCTION not in work.kinds:
        yield from work.finding("cwr.film_without_origin")
    if work.category == "SER" and work.version < (3,) and work.kinds.isdisjoint(("INS", "IND")):
        yield from work.finding("cwr.serious_without_instruments")


def _instruments(work: Registration) -> Iterator[Finding]:
    coded = "IND" in work.kinds
    for item in work.instruments:
        if item.description and (coded or item.stated):
            parts = {"field": "description", "value": item.description}
            yield from work.finding("cwr.instruments_described", item.number, "INS", **parts)
    said = coded or any(item.description or item.stated for item in work.instruments)
    if work.category == "SER" and work.instruments and not said:
        yield from work.finding("cwr.instruments_empty", work.instruments[0].number, "INS")


def _parties(work: Registration) -> Iterator[Finding]:
    for claim in work.publishers:
        if claim.party.name.upper() in SOCIETY_NAMES and not ipi_name.is_valid(claim.party.ipi_name):
            parts = {"field": "name", "value": claim.party.name}
            yield from work.finding("cwr.society_as_publisher", claim.number, claim.record, **parts)
    named: dict[str, OpenClaim] = {}
    for claim in (*work.publishers, *work.writers):
        other = named.setdefault(claim.own_ref, claim) if claim.own_ref else claim
        if _are_two(claim, other):
            parts = {"field": "ip_number", "value": claim.own_ref, "detail": claim.party.full_name}
            yield from work.finding("cwr.party_number_shared", claim.number, claim.record, **parts)


def _are_two(one: OpenClaim, other: OpenClaim) -> bool:
    """Whether two parties are not the same: one may be spelled in two ways, but has one number for a name."""
    ours, theirs = one.party, other.party
    return bool(ours.ipi_name and theirs.ipi_name) and (
        ours.ipi_name != theirs.ipi_name and ours.name != theirs.name
    )


def _chains(work: Registration) -> Iterator[Finding]:
    chains: dict[int, list[OpenClaim]] = {}
    expected = 1
    for claim in work.publishers:
        if claim.chain not in chains and claim.chain != expected:
            yield from work.finding(
                "cwr.chain_number", claim.number, _kind(claim), value=str(claim.chain), detail=str(expected)
            )
        expected = max(expected, claim.chain + 1)
        chains.setdefault(claim.chain, []).append(claim)
    for chain, members in chains.items():
        yield from _chain(work, str(chain), members)


def _chain(work: Registration, chain: str, members: Sequence[OpenClaim]) -> Iterator[Finding]:
    first = members[0]
    if first.controlled and first.role not in (ORIGINAL, PARTICIPANT):
        yield from work.finding(
            "cwr.chain_start", first.number, "SPU", field="publisher_type", value=_name(first), detail=chain
        )
    originals: list[OpenClaim] = []
    for claim in members:
        parts = {"value": _name(claim), "detail": chain}
        if first.controlled and not claim.controlled:
            yield from work.finding("cwr.chain_mixed", claim.number, "OPU", **parts)
        if claim.role == ORIGINAL:
            if originals:
                yield from work.finding("cwr.chain_two_originals", claim.number, _kind(claim), **parts)
            originals.append(claim)
        elif claim.role == ACQUIRER and claim.controlled:
            yield from _acquirer(work, claim, originals, chain)
    if first.controlled:
        yield from _controlled(work, chain, members)


def _acquirer(
    work: Registration, claim: OpenClaim, originals: Sequence[OpenClaim], chain: str
) -> Iterator[Finding]:
    parts = {"value": _name(claim), "detail": chain}
    if not originals:
        yield from work.finding("cwr.acquirer_out_of_chain", claim.number, "SPU", **parts)
    if claim.ownership and not _owns(claim):
        yield from work.finding("cwr.acquirer_without_share", claim.number, "SPU", **parts)
    for original in originals:
        if _owns(original):
            parts["value"] = _name(original)
            yield from work.finding(
                "cwr.acquired_owner_with_share", original.number, _kind(original), **parts
            )


def _controlled(work: Registration, chain: str, members: Sequence[OpenClaim]) -> Iterator[Finding]:
    first = members[0]
    owners = [claim for claim in members if claim.role in (ORIGINAL, ACQUIRER)]
    if owners and owners[0].ownership and not any(_owns(claim) for claim in owners):
        yield from work.finding("cwr.chain_without_share", first.number, "SPU", detail=chain)
    if not any(claim.groups for claim in members):
        yield from work.finding("cwr.chain_without_territory", first.number, "SPU", detail=chain)
    for claim in members:
        if claim.controlled and claim.groups and not claim.party.ipi_name and work.version < (3,):
            yield from work.finding(
                "cwr.collector_without_ipi", claim.number, "SPU", field="ipi_name", value=_name(claim)
            )


def _owns(claim: OpenClaim) -> bool:
    return any(item.share for item in claim.ownership)


def _kind(claim: OpenClaim) -> str:
    return "SPU" if claim.controlled else "OPU"


def _name(claim: OpenClaim) -> str:
    return claim.party.name or claim.own_ref


def _links(work: Registration) -> Iterator[Finding]:
    published = any(
        sum([claim.ownership[place].share for claim in work.writers if claim.ownership]) < WHOLE - TOLERANCE
        for place in range(3)
        if _right_is_stated(work, place)
    )
    for claim in work.writers:
        # Societies register writers without a publisher beside published ones, so one link is enough there.
        linked = bool(work.links) if work.by_society else claim.linked
        if claim.controlled and published and claim.ownership and not linked:
            yield from work.finding("cwr.writer_without_link", claim.number, "SWR", value=_name(claim))
    firsts: dict[int, OpenClaim] = {}
    for claim in work.publishers:
        firsts.setdefault(claim.chain, claim)
    for link in work.links:
        yield from _link(work, link, firsts)
        if work.version < LINKS_BY_SEQUENCE:
            yield from _linked_publisher(work, link)
        elif work.version < (3,):
            yield from _linked_chain(work, link, firsts)


def _right_is_stated(work: Registration, place: int) -> bool:
    return any(claim.ownership[place].share for claim in (*work.publishers, *work.writers) if claim.ownership)


def _link(work: Registration, link: Link, firsts: Mapping[int, OpenClaim]) -> Iterator[Finding]:
    if link.writer_ref and link.writer_ref != link.writer.own_ref:
        yield from work.finding(
            "cwr.link_of_other_writer",
            link.number,
            "PWR",
            field="writer_ip_number",
            value=link.writer_ref,
            detail=link.writer.own_ref,
        )
    if work.version < (3,):
        stated = {"publisher_ip_number": link.publisher} if link.writer.controlled else {}
        if work.version >= LINKS_BY_SEQUENCE:
            if link.writer.controlled:
                stated |= {"writer_ip_number": link.writer_ref, "publisher_name": link.name}
            stated["publisher_sequence"] = link.sequence
        for field, value in stated.items():
            if not value:
                yield from work.finding("cwr.link_incomplete", link.number, "PWR", field=field)
    first = firsts.get(int(link.sequence)) if link.sequence.isdecimal() else None
    if first is not None and link.publisher and first.own_ref and link.publisher != first.own_ref:
        yield from work.finding(
            "cwr.link_of_other_chain",
            link.number,
            "PWR",
            field="publisher_ip_number",
            value=link.publisher,
            detail=link.sequence,
        )


def _linked_publisher(work: Registration, link: Link) -> Iterator[Finding]:
    """Before version 2.2 a link finds its publisher by number alone."""
    meant = [claim for claim in work.publishers if link.publisher and claim.own_ref == link.publisher]
    originals = [claim for claim in meant if claim.role in (ORIGINAL, PARTICIPANT)]
    # A publisher of whom the work knows neither number nor name is said already.
    known = meant or any(claim.party.name == link.name for claim in work.publishers)
    if link.publisher and known and not originals and link.writer.controlled:
        parts = {"field": "publisher_ip_number", "value": link.publisher}
        yield from work.finding("cwr.link_to_no_original", link.number, "PWR", **parts)
    yield from _link_name(work, link, originals or meant)


def _linked_chain(work: Registration, link: Link, firsts: Mapping[int, OpenClaim]) -> Iterator[Finding]:
    if not link.sequence.isdecimal():
        return
    first = firsts.get(int(link.sequence))
    if first is None:
        refs = {claim.own_ref for claim in work.publishers} | {claim.party.name for claim in work.publishers}
        if (link.publisher or link.name) and refs.isdisjoint((link.publisher, link.name)):
            # A publisher that the work does not have is said already.
            return
        parts = {"field": "publisher_sequence", "value": link.sequence}
        yield from work.finding("cwr.link_of_no_chain", link.number, "PWR", **parts)
    else:
        yield from _link_name(work, link, [first])


def _link_name(work: Registration, link: Link, publishers: Sequence[OpenClaim]) -> Iterator[Finding]:
    names = [claim.party.name for claim in publishers if claim.party.name]
    if link.name and names and link.name not in names:
        parts = {"field": "publisher_name", "value": link.name, "detail": names[0]}
        yield from work.finding("cwr.link_name_differs", link.number, "PWR", **parts)


_SHARES = frozenset({"pr_share", "mr_share", "sr_share"})
_CHECKS: tuple[tuple[Callable[[Registration], Iterator[Finding]], frozenset[str]], ...] = (
    (_writers, _SHARES | {"version_type", "text_music_relationship", "writer_type"}),
    (_writers_shares, _SHARES | {"name", "ipi_name"}),
    (_required_records, frozenset({"work_type", "distribution_category"})),
    (_instruments, frozenset({"distribution_category"})),
    (_parties, frozenset({"ip_number", "name"})),
    (_chains, _SHARES | {"publisher_sequence", "publisher_type", "inclusion", "territory"}),
    (_links, _SHARES | {"publisher_sequence", "publisher_type", "ip_number", "name"}),
)
"""The checks of a registration, each with the fields that it looks at."""
