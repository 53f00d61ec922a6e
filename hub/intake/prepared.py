"""Declarations made ready for the database: content, fingerprint, and the rows of detail tables but for keys.

Nothing here asks the database, so a process of its own can do it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from hub.intake import rows
from parsers.reading import Item
from schemas.declaration_content import digest, encode
from schemas.declarations import (
    Declaration,
    Header,
    MandateDeclaration,
    PartyName,
    Rejection,
)
from schemas.findings import Finding


class Details(NamedTuple):
    """Rows of detail tables without the keys that stand first in them.

    ``claims`` have the fingerprint of their party before the columns after it; ``parties`` gives each by it,
    ``mentions`` those that are named without claiming anything.
    """

    parties: dict[str, PartyName]
    mentions: dict[str, PartyName]
    claims: list[tuple[str, rows.Row]]
    titles: list[tuple[str, str, str]]
    identifiers: list[tuple[str, str]]
    keys: list[str]
    references: list[rows.Row]
    mandate: rows.Row | None


class Prepared(NamedTuple):
    """A declaration with what is stored of it.

    ``details`` are made when they are needed, of the declaration: most files of a society that has sent one
    before say what is known. From a second process they come in place of the declaration.
    """

    kind: str
    ref: str
    position: str
    payload: bytes
    digest: str
    declaration: Declaration | None
    details: Details | None = None


PreparedItem = Header | Prepared | Rejection | Finding
"""What readers give, with declarations prepared."""


def prepare(items: Iterable[Item]) -> Iterator[PreparedItem]:
    """The items with declarations prepared but for their details."""
    for item in items:
        if isinstance(item, Header | Finding | Rejection):
            yield item
        else:
            payload = encode(item)
            yield Prepared(item.kind, item.ref, item.position, payload, digest(payload), item)


def details_of(item: Prepared, submitter: str) -> Details:
    """The details of a prepared declaration, made now unless they were before."""
    if item.declaration is not None:
        return details(item.declaration, submitter)
    if item.details is None:
        raise ValueError(f"the statement at {item.position} has neither declaration nor details")
    return item.details


def details(declaration: Declaration, submitter: str) -> Details:
    """The details of a declaration by this submitter."""
    parties: dict[str, PartyName] = {}
    claims: list[tuple[str, rows.Row]] = []
    for claim in rows.claims(declaration):
        party = rows.party_digest(claim.party)
        parties[party] = claim.party
        claims.extend((party, row[rows.CLAIM_KEYS :]) for row in rows.claim_rows(claim, 0, 0, _no_key))
    return Details(
        parties,
        {rows.party_digest(party): party for party in rows.mentions(declaration)},
        claims,
        list(rows.titles(declaration)),
        sorted(rows.identifiers(declaration)),
        list(dict.fromkeys(rows.match_keys(declaration, 0, submitter))),
        [(row[1], *row[3:]) for row in rows.reference_rows(declaration, 0, 0)],
        rows.mandate_row(declaration, 0, 0)[2:] if isinstance(declaration, MandateDeclaration) else None,
    )


def _no_key() -> int:
    return 0
