"""The works that a registration names besides its own, as records."""

from __future__ import annotations

from collections.abc import Iterator

from parsers.cwr.related_works import OTHER_TITLES, RELATIONS
from parsers.cwr.writing import Record, RecordWriter, cwr_time
from parsers.cwr.writing_details import Values
from schemas.declarations import RelatedWork, WorkDeclaration
from schemas.identifiers import iswc

RECORDS = {relation: record for record, relation in RELATIONS.items()}
STAND_INS = {"excerpt-of": "based-on", "version-of": "based-on", "based-on": "version-of"}
"""The nearest relation that the other family of versions has."""


def related_records(works: WorkDeclaration, writer: RecordWriter) -> dict[str, list[Record]]:
    """The records of the related works with their other titles and names, by the record of the relation."""
    found: dict[str, list[Record]] = {}
    for work in works.related:
        kind = RECORDS[work.relation]
        if not writer.has(kind) and work.relation in STAND_INS:
            kind = RECORDS[STAND_INS[work.relation]]
        found.setdefault(kind, []).extend(_records(kind, work, writer))
    return found


def _records(kind: str, work: RelatedWork, writer: RecordWriter) -> Iterator[Record]:
    yield Record(kind, _values(work))
    for title in work.titles:
        yield Record(OTHER_TITLES.get(kind, "NVT"), {"title": title.text, "language": title.language})
    if not work.titles and kind in OTHER_TITLES and not writer.takes(kind, work.title):
        yield Record(OTHER_TITLES[kind], {"title": work.title, "language": work.language})
    for place, party in enumerate(work.writers, start=1):
        for name in party.other_names:
            yield Record(
                "NOW",
                {
                    "name": name.name,
                    "first_name": name.given,
                    "language": name.language,
                    "writer_position": str(place),
                },
            )


def _values(work: RelatedWork) -> Values:
    values = {
        "title": work.title,
        "iswc": iswc.compact(work.iswc) if iswc.is_valid(work.iswc) else work.iswc,
        "work_number": work.ref,
        "language": work.language,
        "duration": cwr_time(work.duration),
        "source": work.source,
    }
    for place, party in enumerate(work.writers, start=1):
        values |= {
            f"writer_{place}_name": party.name,
            f"writer_{place}_first_name": party.given,
            f"writer_{place}_ipi_name": party.ipi_name,
            f"writer_{place}_ipi_base": party.ipi_base,
        }
    return values
