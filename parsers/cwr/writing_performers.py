"""The performers of a work as records: each in Latin letters first, then their names in other alphabets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from parsers.cwr.writing import Record, RecordWriter
from parsers.cwr.writing_details import Values
from schemas.declarations import OtherName, Performer


def performer_records(performers: Sequence[Performer], writer: RecordWriter) -> list[Record]:
    """The records of all performers; a version without NPR has the language in PER."""
    named = [Record("PER", _values(item, writer)) for item in performers if item.party.name]
    return [*named, *(record for item in performers for record in _others(item, writer))]


def _values(performer: Performer, writer: RecordWriter) -> Values:
    party = performer.party
    values = {"name": party.name, "first_name": party.given, **_numbers(performer)}
    if party.isni:
        values["isni"] = party.isni
    return values if writer.has("NPR") else {**values, **_performed(performer)}


def _numbers(performer: Performer) -> Values:
    return {"ipi_name": performer.party.ipi_name, "ipi_base": performer.party.ipi_base}


def _performed(performer: Performer) -> Values:
    said = {"performance_language": performer.language, "performance_dialect": performer.dialect}
    return {name: value for name, value in said.items() if value}


def _others(performer: Performer, writer: RecordWriter) -> Iterator[Record]:
    party = performer.party
    names = party.other_names
    if not names and not writer.takes("PER", party.full_name) and writer.takes("NPR", party.full_name):
        names = (OtherName(party.name, party.given),)
    performed = _performed(performer) if writer.has("NPR") or not party.name else {}
    if not names and (performed or not party.name):
        names = (OtherName(""),)
    for place, name in enumerate(names):
        yield Record(
            "NPR",
            {
                "name": name.name,
                "first_name": name.given,
                "language": name.language,
                **_numbers(performer),
                **(performed if place == 0 else {}),
            },
        )
