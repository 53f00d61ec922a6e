"""The records of one registration as rules compare them, and the versions in which rules are in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from parsers.cwr.claims import OpenClaim
from schemas.findings import Finding

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


def owns(claim: OpenClaim) -> bool:
    """Whether a party owns a share of any right."""
    return any(item.share for item in claim.ownership)


def name_of(claim: OpenClaim) -> str:
    """What a party is called in a finding."""
    return claim.party.name or claim.own_ref
