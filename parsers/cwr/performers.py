"""Performers of a work: named in Latin letters (PER), and in another alphabet or by the language (NPR).

The standard does not say whose an NPR is. It is a performer's of the same IPI number, or whose name it is
when it is folded to Latin letters; else it names a performer of its own.
"""

from __future__ import annotations

from parsers.cwr.claims import with_other_names
from schemas.cwr.characters import fold
from schemas.declarations import OtherName, PartyName, Performer

COMPARED = 100
"""So many performers are compared with an NPR, and so many names are kept of one: a file of nothing but
performers must not take longer than its length."""


def add_other_name(
    performers: list[Performer], party: PartyName, name: OtherName, language: str, dialect: str
) -> None:
    """Take an NPR with these fields into the performers; ``party`` has its numbers and no name."""
    names = (name,) if name.name or name.given else ()
    for place, known in enumerate(performers[:COMPARED]):
        full = len(known.party.other_names) >= COMPARED
        if not full and _is_of(known, party, name) and _agree(known, language, dialect):
            renamed = with_other_names(known.party, (*known.party.other_names, *names))
            performers[place] = Performer(
                renamed, known.role, known.language or language, known.dialect or dialect
            )
            return
    performers.append(Performer(with_other_names(party, names), "", language, dialect))


def _is_of(performer: Performer, party: PartyName, name: OtherName) -> bool:
    known = performer.party
    if not known.name:
        return False
    if party.ipi_name or party.ipi_base:
        return (known.ipi_name, known.ipi_base) == (party.ipi_name, party.ipi_base)
    return bool(name.name) and _folded(known.name, known.given) == _folded(name.name, name.given)


def _folded(name: str, given: str) -> str:
    return fold(f"{name} {given}".strip()).upper()


def _agree(performer: Performer, language: str, dialect: str) -> bool:
    """Whether a performance in this language can be the one that is known; what is not said is no matter."""
    told = ((performer.language, language), (performer.dialect, dialect))
    return all(not known or not said or known == said for known, said in told)
