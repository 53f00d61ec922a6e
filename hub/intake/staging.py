"""One batch of declarations into invisible rows: compared with what is current, stored where it differs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from hub import naming
from hub.db.bulk import insert_rows
from hub.db.counters import take
from hub.db.prepared import KEYS
from hub.db.prepared import Prepared as PreparedQuery
from hub.db.tables import DECLARATION, PARTY, SUBJECT
from hub.db.times import OPEN
from hub.intake import rows
from hub.intake.prepared import Prepared, details_of
from schemas.declarations import PartyName, RetractionDeclaration

DECLARATION_COLUMNS = (
    "id", "submission_id", "subject_id", "kind", "position", "digest", "payload", "known_from", "known_to",
)  # fmt: skip

_KNOWN_SUBJECTS = PreparedQuery(
    "subjects of a submitter",
    select(SUBJECT.c.ref, SUBJECT.c.id).where(
        SUBJECT.c.kind == bindparam("kind", type_=SUBJECT.c.kind.type),
        SUBJECT.c.submitter == bindparam("submitter", type_=SUBJECT.c.submitter.type),
        SUBJECT.c.ref.in_(KEYS),
    ),
)
_OPEN_DECLARATIONS = PreparedQuery(
    "declarations of subjects, staged ones too",
    select(
        DECLARATION.c.subject_id, DECLARATION.c.digest, DECLARATION.c.submission_id, DECLARATION.c.known_from
    ).where(DECLARATION.c.subject_id.in_(KEYS), DECLARATION.c.known_to == OPEN),
)
_KNOWN_PARTIES = PreparedQuery(
    "parties by what makes them the same", select(PARTY.c.digest, PARTY.c.id).where(PARTY.c.digest.in_(KEYS))
)


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of a batch."""

    stored: int
    unchanged: int


class _Statement(NamedTuple):
    item: Prepared
    subject_id: int


def stage(connection: Connection, submission_id: int, submitter: str, batch: Sequence[Prepared]) -> Batch:
    """Store what differs from the current statement of the same subject by the same submitter.

    A subject already staged in this submission is stored again even if it now equals the current one:
    the last statement of a submission counts, and publishing picks it.
    """
    if not batch:
        return Batch(0, 0)
    subjects = _subjects(connection, submitter, batch)
    statements = [_Statement(item, subjects[item.kind, item.ref]) for item in batch]
    current, staged = _existing(connection, submission_id, {item.subject_id for item in statements})
    fresh: list[_Statement] = []
    for item in statements:
        # A retraction said again is an act of its own: what it names may have been declared anew.
        again = item.item.kind != RetractionDeclaration.kind
        if again and item.subject_id not in staged and current.get(item.subject_id) == item.item.digest:
            continue
        staged.add(item.subject_id)
        fresh.append(item)
    _store(connection, submission_id, submitter, fresh)
    return Batch(len(fresh), len(statements) - len(fresh))


def _subjects(
    connection: Connection, submitter: str, batch: Iterable[Prepared]
) -> dict[tuple[str, str], int]:
    wanted = dict.fromkeys((item.kind, item.ref) for item in batch)
    found: dict[tuple[str, str], int] = {}
    for kind in {kind for kind, _ in wanted}:
        refs = [ref for of_kind, ref in wanted if of_kind == kind]
        known = _KNOWN_SUBJECTS.rows(connection, refs, kind=kind, submitter=submitter)
        found |= {(kind, ref): number for ref, number in known}
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
    current: dict[int, str] = {}
    staged: set[int] = set()
    for subject_id, found, submission, known_from in _OPEN_DECLARATIONS.rows(connection, subjects):
        if known_from < OPEN:
            current[subject_id] = found
        elif submission == submission_id:
            staged.add(subject_id)
    return current, staged


def _store(connection: Connection, submission_id: int, submitter: str, fresh: Sequence[_Statement]) -> None:
    if not fresh:
        return
    found = [details_of(statement.item, submitter) for statement in fresh]
    claiming = {digest: party for item in found for digest, party in item.parties.items()}
    mentioned = {digest: party for item in found for digest, party in item.mentions.items()}
    parties = _parties(connection, claiming | mentioned)
    numbers = _numbers(connection, "declaration", len(fresh))
    told = list(zip(numbers, (statement.subject_id for statement in fresh), found, strict=True))
    declarations = [
        (number, submission_id, subject, item.kind, item.position, item.digest, item.payload, OPEN, OPEN)
        for (number, subject, _), (item, _) in zip(told, fresh, strict=True)
    ]
    insert_rows(connection, "declaration", DECLARATION_COLUMNS, declarations)
    # One table at a time, so that rows of one only are held.
    key = _numbers(connection, "claim", sum(len(item.claims) for item in found))
    claims = [
        (next(key), number, parties[party], *row) for number, _, item in told for party, row in item.claims
    ]
    insert_rows(connection, "claim", rows.CLAIM_COLUMNS, claims)
    del claims
    mentions = [(number, parties[party]) for number, _, item in told for party in item.mentions]
    insert_rows(connection, "mention", rows.MENTION_COLUMNS, mentions)
    key = _numbers(connection, "title", sum(len(item.titles) for item in found))
    titles = [(next(key), number, subject, *row) for number, subject, item in told for row in item.titles]
    insert_rows(connection, "title", rows.TITLE_COLUMNS, titles)
    del titles
    identifiers = [(number, subject, *row) for number, subject, item in told for row in item.identifiers]
    insert_rows(connection, "identifier", rows.IDENTIFIER_COLUMNS, identifiers)
    keys = [(number, text, subject) for number, subject, item in told for text in item.keys]
    insert_rows(connection, "match_key", rows.KEY_COLUMNS, keys)
    references = [
        (number, ordinal, subject, *row)
        for number, subject, item in told
        for ordinal, *row in item.references
    ]
    insert_rows(connection, "work_reference", rows.REFERENCE_COLUMNS, references)
    mandates = [
        (number, subject, *item.mandate) for number, subject, item in told if item.mandate is not None
    ]
    insert_rows(connection, "mandate", rows.MANDATE_COLUMNS, mandates)


def _numbers(connection: Connection, table: str, count: int) -> Iterator[int]:
    """So many keys from the table's counter."""
    first = take(connection, table, count) if count else 0
    return iter(range(first, first + count))


def _parties(connection: Connection, wanted: Mapping[str, PartyName]) -> dict[str, int]:
    """Keys of the party rows by digest; parties seen for the first time get one."""
    found = dict(_KNOWN_PARTIES.rows(connection, wanted))
    missing = [digest for digest in wanted if digest not in found]
    if missing:
        first = take(connection, "party", len(missing))
        fresh = [rows.party_row(first + offset, item, wanted[item]) for offset, item in enumerate(missing)]
        insert_rows(connection, "party", rows.PARTY_COLUMNS, fresh)
        found |= {row[1]: row[0] for row in fresh}
    return found


Progress = Callable[[int, int], None]
"""Called with (bytes read, items read) after each batch."""
