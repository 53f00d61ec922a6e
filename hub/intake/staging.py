"""One batch of declarations into invisible rows: compared with what is current, stored where it differs."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from hub import naming
from hub.db.bulk import insert_rows
from hub.db.counters import take
from hub.db.tables import DECLARATION, PARTY, SUBJECT
from hub.db.times import OPEN
from hub.intake import rows
from schemas.declaration_content import digest, encode
from schemas.declarations import Declaration, MandateDeclaration, PartyName, RetractionDeclaration

DECLARATION_COLUMNS = (
    "id", "submission_id", "subject_id", "kind", "position", "digest", "payload", "known_from", "known_to",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of a batch."""

    stored: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class _Statement:
    declaration: Declaration
    payload: bytes
    digest: str
    subject_id: int


def stage(connection: Connection, submission_id: int, submitter: str, batch: Sequence[Declaration]) -> Batch:
    """Store what differs from the current statement of the same subject by the same submitter.

    A subject already staged in this submission is stored again even if it now equals the current one:
    the last statement of a submission counts, and publishing picks it.
    """
    if not batch:
        return Batch(0, 0)
    subjects = _subjects(connection, submitter, batch)
    statements = []
    for declaration in batch:
        payload = encode(declaration)
        number = subjects[declaration.kind, declaration.ref]
        statements.append(_Statement(declaration, payload, digest(payload), number))
    current, staged = _existing(connection, submission_id, {item.subject_id for item in statements})
    fresh: list[_Statement] = []
    for item in statements:
        # A retraction said again is an act of its own: what it names may have been declared anew.
        again = item.declaration.kind != RetractionDeclaration.kind
        if again and item.subject_id not in staged and current.get(item.subject_id) == item.digest:
            continue
        staged.add(item.subject_id)
        fresh.append(item)
    _store(connection, submission_id, submitter, fresh)
    return Batch(len(fresh), len(statements) - len(fresh))


def _subjects(
    connection: Connection, submitter: str, batch: Iterable[Declaration]
) -> dict[tuple[str, str], int]:
    wanted = dict.fromkeys((item.kind, item.ref) for item in batch)
    found: dict[tuple[str, str], int] = {}
    for kind in {kind for kind, _ in wanted}:
        refs = [ref for of_kind, ref in wanted if of_kind == kind]
        query = select(SUBJECT.c.ref, SUBJECT.c.id).where(
            SUBJECT.c.kind == kind,
            SUBJECT.c.submitter == submitter,
            SUBJECT.c.ref.in_(refs),
        )
        found |= {(kind, ref): number for ref, number in connection.execute(query)}
    missing = [pair for pair in wanted if pair not in found]
    if missing:
        first = take(connection, "subject", len(missing))
        fresh = [
            (first + offset, naming.subject_id(kind, submitter, ref), kind, submitter, ref)
            for offset, (kind, ref) in enumerate(missing)
        ]
        insert_rows(connection, "subject", ("id", "public_id", "kind", "submitter", "ref"), fresh)
        found |= {(row[2], row[4]): row[0] for row in fresh}
    return found


def _existing(
    connection: Connection, submission_id: int, subjects: set[int]
) -> tuple[dict[int, str], set[int]]:
    """Digests of the current declarations, and the subjects this submission has staged already."""
    table = DECLARATION
    query = select(table.c.subject_id, table.c.digest, table.c.submission_id, table.c.known_from).where(
        table.c.subject_id.in_(subjects),
        table.c.known_to == OPEN,
    )
    current: dict[int, str] = {}
    staged: set[int] = set()
    for subject_id, found, submission, known_from in connection.execute(query):
        if known_from < OPEN:
            current[subject_id] = found
        elif submission == submission_id:
            staged.add(subject_id)
    return current, staged


def _store(connection: Connection, submission_id: int, submitter: str, fresh: Sequence[_Statement]) -> None:
    if not fresh:
        return
    named = [list(rows.mentions(item.declaration)) for item in fresh]
    parties = _parties(
        connection,
        [
            *(claim.party for item in fresh for claim in rows.claims(item.declaration)),
            *(party for found in named for party in found),
        ],
    )
    first = take(connection, "declaration", len(fresh))
    claims: list[rows.Row] = []
    titles: list[rows.Row] = []
    declarations: list[rows.Row] = []
    identifiers: list[rows.Row] = []
    keys: list[rows.Row] = []
    references: list[rows.Row] = []
    mandates: list[rows.Row] = []
    mentions = [
        (declaration_id, parties[rows.party_digest(party)])
        for declaration_id, found in enumerate(named, first)
        for party in found
    ]
    number = itertools.count()
    for declaration_id, item in enumerate(fresh, first):
        statement, subject_id = item.declaration, item.subject_id
        declarations.append(
            (
                declaration_id,
                submission_id,
                subject_id,
                statement.kind,
                statement.position,
                item.digest,
                item.payload,
                OPEN,
                OPEN,
            )
        )
        for claim in rows.claims(statement):
            party_id = parties[rows.party_digest(claim.party)]
            claims.extend(rows.claim_rows(claim, declaration_id, party_id, number.__next__))
        titles.extend(
            (next(number), declaration_id, subject_id, text, kind, folded)
            for text, kind, folded in rows.titles(statement)
        )
        identifiers.extend(
            (declaration_id, subject_id, scheme, value)
            for scheme, value in sorted(rows.identifiers(statement))
        )
        keys.extend((declaration_id, key, subject_id) for key in _unique(statement, subject_id, submitter))
        references.extend(rows.reference_rows(statement, declaration_id, subject_id))
        if isinstance(statement, MandateDeclaration):
            mandates.append(rows.mandate_row(statement, declaration_id, subject_id))
    insert_rows(connection, "declaration", DECLARATION_COLUMNS, declarations)
    insert_rows(connection, "claim", rows.CLAIM_COLUMNS, _numbered(connection, "claim", claims))
    insert_rows(connection, "mention", rows.MENTION_COLUMNS, mentions)
    insert_rows(connection, "title", rows.TITLE_COLUMNS, _numbered(connection, "title", titles))
    insert_rows(connection, "identifier", rows.IDENTIFIER_COLUMNS, identifiers)
    insert_rows(connection, "match_key", rows.KEY_COLUMNS, keys)
    insert_rows(connection, "work_reference", rows.REFERENCE_COLUMNS, references)
    insert_rows(connection, "mandate", rows.MANDATE_COLUMNS, mandates)


def _unique(statement: Declaration, subject_id: int, submitter: str) -> Iterator[str]:
    yield from dict.fromkeys(rows.match_keys(statement, subject_id, submitter))


def _numbered(connection: Connection, table: str, found: list[rows.Row]) -> list[rows.Row]:
    """Replace the provisional first column by keys from the table's counter."""
    if not found:
        return found
    first = take(connection, table, len(found))
    return [(first + offset, *row[1:]) for offset, row in enumerate(found)]


def _parties(connection: Connection, mentions: Iterable[PartyName]) -> dict[str, int]:
    """Keys of the party rows by digest; parties seen for the first time get one."""
    wanted = {rows.party_digest(party): party for party in mentions}
    found: dict[str, int] = {}
    digests = list(wanted)
    for start in range(0, len(digests), 5_000):
        query = select(PARTY.c.digest, PARTY.c.id).where(PARTY.c.digest.in_(digests[start : start + 5_000]))
        found |= dict(connection.execute(query).all())
    missing = [digest for digest in digests if digest not in found]
    if missing:
        first = take(connection, "party", len(missing))
        fresh = [rows.party_row(first + offset, item, wanted[item]) for offset, item in enumerate(missing)]
        insert_rows(connection, "party", rows.PARTY_COLUMNS, fresh)
        found |= {row[1]: row[0] for row in fresh}
    return found


Progress = Callable[[int, int], None]
"""Called with (bytes read, items read) after each batch."""
