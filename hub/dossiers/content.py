"""The content of a dossier: fields between separators, ready to be filled into the JSON of an answer.

The first part is about the subject, each of the others about a party of the work or recording whose shares
are asked for. A part begins with a digest of all that decisions look at, so that equal digests mean equal
decisions; the other fields are JSON texts, in which a control character never stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from hub.answers.book import RegisterBook
from hub.answers.granted import Granted
from hub.answers.recurring import Known
from hub.naming import public_id
from schemas.json_bytes import kept, text_bytes
from schemas.rights import category

PART, FIELD = b"\x1e", b"\x1f"

SUBJECT, LABEL, DECLARED = 1, 2, 3
"""Fields of the first part: the subject asked for, the work that lines name, and the first declaration."""
SUBMISSION, POSITION, SUBMITTER, REGISTRATION = range(4)
"""Fields of each declaration; the last is the name of a society's assertion that it makes."""
OF_DECLARATION = 4

NAME, IPI, GRANTOR, MANDATES = 1, 2, 3, 4
"""Fields of a party's part: as shown, the identifier that it granted under, and its first mandate."""
OF_MANDATE = 3
"""Name, submission and position of each mandate."""

BY_ROW = b"-"
"""Before the digest of a party for which its rows name several societies, or several declarations one."""

MOST_MANDATES = 16
"""A party that granted more has no dossier: each of its works would repeat them all."""


def content(found: Known, book: RegisterBook) -> bytes | None:
    """The content for what a name stands for; None where answers look at more than it can tell."""
    card = found.card
    declared = [(item.submission, item.position) for item in card.declared]
    if len(set(declared)) != len(declared):
        return None
    names: list[str] = []
    parts: list[bytes] = []
    rows: list[list[tuple[str, int]]] = [[] for _ in card.parties.keys]
    first: list[dict[str | None, int]] = [{} for _ in rows]
    for number, (row, place) in enumerate(card.rows()):
        rows[place].append(card.named(number))
        first[place].setdefault(category(row.right), number)
    for place, identifiers in enumerate(card.parties.identifiers):
        granted = [item for item in book.granted(identifiers, "") if item.rows]
        # A line names its party as the first row for its right does.
        shown = {card.name(number) for number in first[place].values()}
        if len(shown) != 1 or len(granted) > 1:
            return None
        [name] = shown
        names.append(name)
        ipi = card.parties.ipis[place]
        part = _party(name, ipi, granted[0] if granted else None, rows[place])
        if part is None:
            return None
        parts.append(part)
    ranks = {name: rank for rank, name in enumerate(sorted(set(names)))}
    order = tuple([ranks[name] for name in names])
    about = (found.subject.kind, found.labelled, found.also, len(declared), order)
    label = card.label if found.labelled else b""
    subject = kept(found.subject.as_json()) if found.labelled else card.label
    head = [_digest("subject", card.told(), about), subject, label]
    for item in card.declared:
        head += (
            text_bytes(item.submission), text_bytes(item.position), text_bytes(item.submitter),
            text_bytes("registration:" + public_id("d", item.submission, item.position)),
        )  # fmt: skip
    return PART.join((FIELD.join(head), *parts))


def _party(name: str, ipi: str, granted: Granted | None, rows: Sequence[tuple[str, int]]) -> bytes | None:
    # Where all rows name one society it does not matter which of them speak.
    named = tuple(rows[:1] if len(set(rows)) == 1 else rows)
    if granted is None:
        fields = [_of_party((), (), named, bool(ipi)), text_bytes(name), text_bytes(ipi), b""]
        return FIELD.join(fields)
    if granted.particular or len(granted.rows) > MOST_MANDATES:
        return None
    said = tuple([(row[5], row[6], row[7]) for row in granted.rows])
    digest = _of_party(said, granted.order, named, bool(ipi))
    fields = [digest, text_bytes(name), text_bytes(ipi), text_bytes(granted.grantor)]
    for row in granted.rows:
        fields += (text_bytes(row[1]), text_bytes(row[2]), text_bytes(row[3]))
    return FIELD.join(fields)


@lru_cache(maxsize=65_536)
def _of_party(
    said: Sequence[tuple[Any, ...]], order: Sequence[int], named: tuple[Any, ...], numbered: bool
) -> bytes:
    """The digest of what decisions look at: terms and days of its mandates, and societies named for it."""
    terms = [
        (item.basis, item.rights, item.uses, item.territories, item.works, item.holder, str(start), str(end))
        for item, start, end in said
    ]
    digest = _digest("party", terms, order, named, numbered)
    return digest if len(named) == 1 else BY_ROW + digest


@lru_cache(maxsize=65_536)
def _digest_of(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=16).hexdigest().encode()


def _digest(*told: Any) -> bytes:
    return _digest_of(repr(told))
