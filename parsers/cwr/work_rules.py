"""What the records of one registration must say together: writers, parties, shares, required records.

Each rule is a row of ``schemas/rules/cwr_registrations.csv``; sources are the transaction and record edits
of CWR functional specifications 2.2 rev. 2. ``chain_rules`` has those of publisher chains and links.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from parsers.cwr.chain_rules import link_findings, publisher_findings
from parsers.cwr.claims import OpenClaim
from parsers.cwr.compared_records import Registration, name_of, owns
from parsers.cwr.share_totals import TOLERANCE
from schemas.findings import Finding
from schemas.identifiers import ipi_name
from schemas.roles import contains, of_kind
from schemas.shares import WHOLE, format_percent
from schemas.societies import known_codes

CREATORS = frozenset(code for code in of_kind("writer") if contains("CA", code))
ARRANGERS = of_kind("writer") - CREATORS
WORDS = frozenset({"CA", "A", "SA", "TR"})
PRODUCTION = "ORN.production_title"
PUBLIC_DOMAIN_NAMES = frozenset({"DP", "PUBLIC DOMAIN"})
PUBLIC_DOMAIN_IPI = "00039657154"
"""The IPI name number of the public domain."""
SOCIETY_NAMES = frozenset(fact.name.upper() for fact in known_codes())


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
        claim.role in ARRANGERS and (not claim.ownership or owns(claim)) for claim in work.writers
    ):
        for claim in work.writers:
            if claim.controlled and claim.role in CREATORS and claim.ownership and not owns(claim):
                parts = {"field": "pr_share", "value": name_of(claim)}
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


_SHARES = frozenset({"pr_share", "mr_share", "sr_share"})
_CHECKS: tuple[tuple[Callable[[Registration], Iterator[Finding]], frozenset[str]], ...] = (
    (_writers, _SHARES | {"version_type", "text_music_relationship", "writer_type"}),
    (_writers_shares, _SHARES | {"name", "ipi_name"}),
    (_required_records, frozenset({"work_type", "distribution_category"})),
    (_instruments, frozenset({"distribution_category"})),
    (_parties, frozenset({"ip_number", "name"})),
    (publisher_findings, _SHARES | {"publisher_sequence", "publisher_type", "inclusion", "territory"}),
    (link_findings, _SHARES | {"publisher_sequence", "publisher_type", "ip_number", "name"}),
)
"""The checks of a registration, each with the fields that it looks at."""
