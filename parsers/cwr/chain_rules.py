"""What publisher chains and the links of writers to them must say together.

Each rule is a row of ``schemas/rules/cwr_registrations.csv``; sources are the edits of SPU and PWR records of
CWR functional specifications 2.2 rev. 2, and of 2.1 rev. 8 for what was replaced.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from parsers.cwr.claims import OpenClaim
from parsers.cwr.compared_records import Link, Registration, name_of, owns
from parsers.cwr.share_totals import TOLERANCE
from schemas.findings import Finding
from schemas.shares import WHOLE

ORIGINAL, ACQUIRER, PARTICIPANT = "E", "AQ", "PA"
LINKS_BY_SEQUENCE = (2, 2)
"""The version from which a link names its chain and repeats who is linked; before, only the publisher."""


def publisher_findings(work: Registration) -> Iterator[Finding]:
    """Remarks on the publisher chains."""
    chains: dict[int, list[OpenClaim]] = {}
    expected = 1
    for claim in work.publishers:
        if claim.chain not in chains and claim.chain != expected:
            yield from work.finding(
                "cwr.chain_number", claim.number, claim.record, value=str(claim.chain), detail=str(expected)
            )
        expected = max(expected, claim.chain + 1)
        chains.setdefault(claim.chain, []).append(claim)
    for chain, members in chains.items():
        yield from _chain(work, str(chain), members)


def _chain(work: Registration, chain: str, members: Sequence[OpenClaim]) -> Iterator[Finding]:
    first = members[0]
    if first.controlled and first.role not in (ORIGINAL, PARTICIPANT):
        yield from work.finding(
            "cwr.chain_start", first.number, "SPU", field="publisher_type", value=name_of(first), detail=chain
        )
    originals: list[OpenClaim] = []
    for claim in members:
        parts = {"value": name_of(claim), "detail": chain}
        if first.controlled and not claim.controlled:
            yield from work.finding("cwr.chain_mixed", claim.number, "OPU", **parts)
        if claim.role == ORIGINAL:
            if originals:
                yield from work.finding("cwr.chain_two_originals", claim.number, claim.record, **parts)
            originals.append(claim)
        elif claim.role == ACQUIRER and claim.controlled:
            yield from _acquirer(work, claim, originals, chain)
    if first.controlled:
        yield from _controlled(work, chain, members)


def _acquirer(
    work: Registration, claim: OpenClaim, originals: Sequence[OpenClaim], chain: str
) -> Iterator[Finding]:
    parts = {"value": name_of(claim), "detail": chain}
    if not originals:
        yield from work.finding("cwr.acquirer_out_of_chain", claim.number, "SPU", **parts)
    if claim.ownership and not owns(claim):
        yield from work.finding("cwr.acquirer_without_share", claim.number, "SPU", **parts)
    for original in originals:
        if owns(original):
            parts["value"] = name_of(original)
            yield from work.finding(
                "cwr.acquired_owner_with_share", original.number, original.record, **parts
            )


def _controlled(work: Registration, chain: str, members: Sequence[OpenClaim]) -> Iterator[Finding]:
    first = members[0]
    owners = [claim for claim in members if claim.role in (ORIGINAL, ACQUIRER)]
    if owners and owners[0].ownership and not any(owns(claim) for claim in owners):
        yield from work.finding("cwr.chain_without_share", first.number, "SPU", detail=chain)
    if not any(claim.groups for claim in members):
        yield from work.finding("cwr.chain_without_territory", first.number, "SPU", detail=chain)
    for claim in members:
        if claim.controlled and claim.groups and not claim.party.ipi_name and work.version < (3,):
            yield from work.finding(
                "cwr.collector_without_ipi", claim.number, "SPU", field="ipi_name", value=name_of(claim)
            )


def link_findings(work: Registration) -> Iterator[Finding]:
    """Remarks on the links of writers to publishers."""
    published = any(
        sum([claim.ownership[place].share for claim in work.writers if claim.ownership]) < WHOLE - TOLERANCE
        for place in range(3)
        if _right_is_stated(work, place)
    )
    for claim in work.writers:
        # Societies register writers without a publisher beside published ones, so one link is enough there.
        linked = bool(work.links) if work.by_society else claim.linked
        if claim.controlled and published and claim.ownership and not linked:
            yield from work.finding("cwr.writer_without_link", claim.number, "SWR", value=name_of(claim))
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
    yield from _linkname_of(work, link, originals or meant)


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
        yield from _linkname_of(work, link, [first])


def _linkname_of(work: Registration, link: Link, publishers: Sequence[OpenClaim]) -> Iterator[Finding]:
    names = [claim.party.name for claim in publishers if claim.party.name]
    if link.name and names and link.name not in names:
        parts = {"field": "publisher_name", "value": link.name, "detail": names[0]}
        yield from work.finding("cwr.link_name_differs", link.number, "PWR", **parts)
