"""Roles in works: one table with what contains what, and the spellings of CWR, IPI, DDEX and BWARM.

The codes are CWR's writer designations and publisher types; roles that only IPI has begin with ``IPI-``.
The formats use the same letters for different roles (``PR`` is a press agency to IPI, ``AS`` an assignor to
CWR's agreements), so a spelling is only ever read as one format's.

Facts: CWR lookup tables; IPI role codes as a secondary source lists them; DDEX's allowed values of
contributors to works; BWARM's words for roles.

>>> canonical_role("MC", "ipi"), canonical_role("Librettist", "ddex"), canonical_role("MC", "cwr")
('C', 'A', None)
>>> contains("CA", "C"), contains("C", "CA")
(True, False)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from schemas.table_files import rows

FORMATS = ("cwr", "ipi", "ddex", "bwarm")
KINDS = ("writer", "publisher", "participant", "other")


@dataclass(frozen=True, slots=True)
class Role:
    """A role: its kind, and the role it is a part of (empty: none), as composing is of writing a song."""

    code: str
    kind: str
    part_of: str
    name: str


@cache
def roles() -> Mapping[str, Role]:
    """Every role by its code."""
    return {
        row["code"]: Role(row["code"], row["kind"], row["part_of"], row["name"])
        for row in rows("schemas", "roles.csv")
    }


@cache
def of_kind(kind: str) -> frozenset[str]:
    """The codes of one kind.

    >>> sorted(of_kind("publisher"))
    ['AM', 'AQ', 'E', 'ES', 'SE']
    """
    return frozenset(code for code, role in roles().items() if role.kind == kind)


def contains(role: str, other: str) -> bool:
    """Whether who acts in ``role`` acts in ``other`` too: the same, or a part of it."""
    while other:
        if other == role:
            return True
        found = roles().get(other)
        other = found.part_of if found else ""
    return False


@cache
def _spellings(form: str) -> Mapping[str, str]:
    return {
        spelling: row["code"]
        for row in rows("schemas", "roles.csv")
        for spelling in filter(None, row[form].split("|"))
    }


def canonical_role(text: str, form: str) -> str | None:
    """The code of a role in one format's spelling; None when the format has no such role."""
    return _spellings(form).get(text.strip())


def spelled(code: str, form: str) -> tuple[str, ...]:
    """How a format writes a role; none where it has no word for it.

    IPI has no code for a composer-lyricist: who is both has both codes.

    >>> spelled("A", "ddex"), spelled("CA", "ipi"), spelled("AR", "ipi")
    (('Author',), ('MC', 'LY'), ())
    """
    own = _words(form).get(code, "")
    if own:
        return (own,)
    return tuple(
        word for part in roles().values() if part.part_of == code for word in spelled(part.code, form)
    )


@cache
def _words(form: str) -> Mapping[str, str]:
    return {row["code"]: row[form].split("|")[0] for row in rows("schemas", "roles.csv")}
