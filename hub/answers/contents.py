"""What a declaration's content says of shares, in patterns: equal ones differ in nothing but names and codes.

The claims of a declaration stand in its content, which an answer reads for the title anyway, so that the
table of claims need not be asked for most. What rows a pattern makes is for ``claim_rows`` to say, once.
"""

from __future__ import annotations

import re
from collections import namedtuple
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from hub.answers.administration import names_agreement
from hub.intake.rows import CLAIM_COLUMNS, claim_rows, society_named
from hub.links.payload import restore
from schemas.declarations import PARTY_IDENTIFIERS, Claim
from schemas.json_bytes import kept

KEPT = 10_000
"""Patterns kept; a national catalogue has some hundreds."""

_PLAIN = re.compile(r"T[0-9]{10}")
_NAMELESS = ("",) * len(PARTY_IDENTIFIERS)
_Row = namedtuple("_Row", CLAIM_COLUMNS)  # type: ignore[misc]


class WorkNamed(NamedTuple):
    """A work that a recording names, as in the table of references."""

    declaration_id: int
    iswc: str
    ref: str
    weight: int


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """Rows of claims without their parties and societies; an object of its own for each."""

    claimed: bytes
    """The claims that make the pattern, as JSON."""
    rows: tuple[Any, ...]
    claims: tuple[int, ...]
    """The place of each row's claim."""
    speaking: tuple[int, ...]
    """The claims that have rows."""


_patterns: dict[bytes, Pattern] = {}


@dataclass(slots=True)
class Said:
    """What one declaration says: its pattern, and party and affiliations of each claim as stored."""

    pattern: Pattern
    parties: Sequence[Mapping[str, str]]
    affiliations: Sequence[Sequence[Mapping[str, str]]]
    numbers: Sequence[tuple[str, ...]]
    """The numbers of the party of each claim that has rows, in the order of ``PARTY_IDENTIFIERS``."""

    def party(self, row: int) -> Mapping[str, str]:
        """The party of a row."""
        return self.parties[self.pattern.claims[row]]

    def society(self, row: int) -> str:
        """The society that a row names for its party, empty for none."""
        named = self.affiliations[self.pattern.claims[row]]
        if not named:
            return ""
        right = self.pattern.rows[row].right
        return society_named({item["right"]: item["society"] for item in named}, right)


def said(payload: bytes, content: dict[str, Any]) -> Said | None:
    """What a stored declaration says; None where its claims must be looked at one by one.

    ``content`` is the payload as read; its claims are taken out of it.
    """
    claims = content.pop("claims", ())
    parties = [claim.pop("party") for claim in claims]
    affiliations = [claim.pop("affiliations", ()) for claim in claims]
    for claim in claims:
        # The submitter's number of the party, no part of a row.
        claim.pop("own_ref", None)
    if claims and names_agreement(payload):
        return None
    key = kept(claims)
    pattern = _patterns.get(key)
    if pattern is None:
        if len(_patterns) >= KEPT:
            _patterns.clear()
        pattern = _patterns[key] = _pattern(key, claims)
    numbers = [_numbers(parties[place]) for place in pattern.speaking]
    # Who has no number is told from others by name, which takes the table.
    return None if _NAMELESS in numbers else Said(pattern, parties, affiliations, numbers)


def _numbers(party: Mapping[str, str]) -> tuple[str, ...]:
    return tuple([party.get(name, "") for name in PARTY_IDENTIFIERS])


def plain_codes(
    kind: str, content: Mapping[str, Any], subject: int, named: Mapping[tuple[str, str], Collection[int]]
) -> list[tuple[str, str]] | None:
    """The identifiers that a subject's only declaration gives it; None where one was not asked for before.

    ``named`` are subjects by (scheme, identifier): what is found there need not be checked again.
    """
    if kind == "work" and "other_refs" not in content and "recordings" not in content:
        found = [("iswc", content["iswc"])] if "iswc" in content else []
    elif kind == "recording":
        found = [("isrc", code) for code in content.get("isrcs", ())]
    else:
        return None
    return found if all(subject in named.get(code, ()) for code in found) else None


def plain_references(declaration: int, content: Mapping[str, Any]) -> list[WorkNamed] | None:
    """The works that a recording's content names, as its rows; None where a code is not written plainly."""
    found = []
    for item in content.get("works", ()):
        code = item.get("iswc", "")
        if code and not _PLAIN.fullmatch(code):
            return None
        found.append(WorkNamed(declaration, code, item.get("ref", ""), item.get("weight", 0)))
    return found


def _pattern(claimed: bytes, claims: Sequence[Mapping[str, Any]]) -> Pattern:
    rows: list[Any] = []
    places: list[int] = []
    for place, claim in enumerate(claims):
        nameless = restore(Claim, {**claim, "party": {"name": ""}})
        for row in claim_rows(nameless, 0, 0, lambda: 0):
            rows.append(_Row._make(row))
            places.append(place)
    return Pattern(claimed, tuple(rows), tuple(places), tuple(dict.fromkeys(places)))
