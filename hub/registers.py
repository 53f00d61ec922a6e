"""The register of societies and their accreditations: imported as data, kept in both times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from sqlalchemy import Connection, insert, select, update

from hub.audit.log import record
from hub.context import Hub
from hub.db.counters import horizon, take, tick
from hub.db.engine import reading, writing
from hub.db.tables import ACCREDITATION, SOCIETY
from hub.db.times import FOREVER, OPEN, as_known
from hub.errors import NotFound
from parsers.detect import as_read
from parsers.tabular.societies import read_societies
from parsers.unpacking import Unpackable
from schemas.findings import Finding
from schemas.societies import known, normalise_code
from schemas.societies_register import SocietyRow

OPERATOR = "operator"
"""Who the log names as the author of what is done from the command line for the hub itself."""

Licence = tuple[str, str, dt.date, dt.date]


@dataclass(frozen=True, slots=True)
class SocietyEntry:
    """A society as the register shows it; accreditations are (territory, right, from, to)."""

    code: str
    name: str
    country: str
    kind: str
    accreditations: tuple[Licence, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """For listings: codes, names and ISO dates; an open end is an empty string."""
        return {
            "code": self.code,
            "name": self.name,
            "country": self.country,
            "kind": self.kind,
            "accreditations": [
                {
                    "territory": territory,
                    "right": right,
                    "valid_from": start.isoformat(),
                    "valid_to": "" if end == FOREVER else end.isoformat(),
                }
                for territory, right, start, end in self.accreditations
            ],
        }


@dataclass(frozen=True, slots=True)
class Import:
    """What a register import did; ``read == stored + rejected + unchanged``."""

    read: int
    stored: int
    rejected: int
    unchanged: int
    findings: tuple[Finding, ...]


def import_societies(hub: Hub, stream: BinaryIO) -> Import:
    """Read a societies file; an entry that differs replaces the current one from now on.

    It may be packed, or a workbook; the stream must be seekable. A society that the file does not name stays
    as it is.
    """
    rows: list[SocietyRow] = []
    findings: list[Finding] = []
    for item in _read(stream):
        if isinstance(item, Finding):
            findings.append(item)
        else:
            rows.append(item)
    rejected = len({item.position for item in findings if item.severity == "error"})
    stored = 0
    with writing(hub.engine) as connection:
        at = 0
        current = {entry.code: entry for entry in entries(connection, horizon(connection))}
        for row in rows:
            entry = _entry(row)
            if current.get(entry.code) == entry:
                continue
            at = at or tick(connection)
            write(connection, entry, at)
            current[entry.code] = entry
            stored += 1
        if at:
            record(connection, at, "societies", OPERATOR, "", {"stored": stored})
    return Import(len(rows) + rejected, stored, rejected, len(rows) - stored, tuple(findings))


def _read(stream: BinaryIO) -> Iterator[SocietyRow | Finding]:
    try:
        yield from read_societies(as_read(stream))
    except Unpackable as fault:
        yield fault.finding


def _entry(row: SocietyRow) -> SocietyEntry:
    licences = sorted(
        (
            item.territory,
            item.right,
            dt.date.fromisoformat(item.valid_from),
            dt.date.fromisoformat(item.valid_to) if item.valid_to else FOREVER,
        )
        for item in row.accreditations
    )
    return SocietyEntry(normalise_code(row.code), row.name, row.country, row.kind, tuple(licences))


def write(connection: Connection, entry: SocietyEntry, at: int) -> None:
    """Let a society's entry be this one from an instant on."""
    connection.execute(
        update(SOCIETY).where(SOCIETY.c.code == entry.code, SOCIETY.c.known_to == OPEN).values(known_to=at)
    )
    connection.execute(
        update(ACCREDITATION)
        .where(ACCREDITATION.c.society == entry.code, ACCREDITATION.c.known_to == OPEN)
        .values(known_to=at)
    )
    connection.execute(
        insert(SOCIETY).values(
            id=take(connection, "society", 1),
            code=entry.code,
            name=entry.name,
            country=entry.country,
            kind=entry.kind,
            known_from=at,
            known_to=OPEN,
        )
    )
    for territory, right, start, end in entry.accreditations:
        connection.execute(
            insert(ACCREDITATION).values(
                id=take(connection, "accreditation", 1),
                society=entry.code,
                territory=territory,
                right=right,
                valid_from=start,
                valid_to=end,
                known_from=at,
                known_to=OPEN,
            )
        )


def entries(connection: Connection, at: int, codes: Iterable[str] | None = None) -> list[SocietyEntry]:
    """The register as known at an instant, by code."""
    societies = select(SOCIETY).where(as_known(SOCIETY, at)).order_by(SOCIETY.c.code)
    licences = select(ACCREDITATION).where(as_known(ACCREDITATION, at))
    if codes is not None:
        wanted = list(codes)
        societies = societies.where(SOCIETY.c.code.in_(wanted))
        licences = licences.where(ACCREDITATION.c.society.in_(wanted))
    held: dict[str, list[Licence]] = {}
    for row in connection.execute(licences):
        held.setdefault(row.society, []).append((row.territory, row.right, row.valid_from, row.valid_to))
    return [
        SocietyEntry(row.code, row.name, row.country, row.kind, tuple(sorted(held.get(row.code, []))))
        for row in connection.execute(societies)
    ]


def homes(connection: Connection, at: int, codes: Iterable[str]) -> list[str]:
    """The countries of societies, each once, in the order of their codes here; unknown ones have none."""
    wanted = list(codes)
    found = {entry.code: entry.country for entry in entries(connection, at, wanted)}
    return list(dict.fromkeys(found[code] for code in wanted if found.get(code)))


def require(hub: Hub, code: str) -> str:
    """The normalised code of a registered society.

    Raises:
        NotFound: the register has no such society; the message says how to add it.
    """
    wanted = normalise_code(code)
    with reading(hub.engine) as connection:
        if entries(connection, horizon(connection), [wanted]):
            return wanted
    raise NotFound(
        f"society {wanted} is not in the register; add it with `hub societies import FILE.csv` "
        "(columns code,name,country,kind,accreditations)"
    )


def ensure(hub: Hub, code: str, kind: str = "cmo") -> SocietyEntry | None:
    """Add a society that the register lacks, from the code table or by its bare code.

    Returns the entry that was added, None when the society was there; ``kind`` is for a code without facts.
    For the operator's command line, where the first file often comes before the register.
    """
    wanted = normalise_code(code)
    with writing(hub.engine) as connection:
        if entries(connection, horizon(connection), [wanted]):
            return None
        fact = known(wanted)
        entry = SocietyEntry(wanted, *((fact.name, fact.country, fact.kind) if fact else (wanted, "", kind)))
        at = tick(connection)
        write(connection, entry, at)
        record(connection, at, "societies", OPERATOR, wanted, {"stored": 1, "provisional": True})
    return entry
