"""A society's works and recordings as a BWARM delivery: a zip archive of the files of the standard."""

from __future__ import annotations

import datetime as dt
import io
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import orjson
from sqlalchemy import Connection, select

from hub import registers
from hub.context import Hub
from hub.db import times
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.db.tables import DECLARATION, SUBJECT
from hub.db.times import as_known
from hub.errors import UsageError
from hub.links.payload import recording_from, work_from
from parsers.ddex.bwarm_writing import BwarmWriter
from schemas.ddex import bwarm
from schemas.findings import Finding

PAGE = 500


@dataclass(frozen=True, slots=True)
class ExportedWorks:
    """Rows by file, and what had no place in them."""

    known_at: str
    rows: dict[str, int]
    findings: tuple[Finding, ...]


def export_bwarm(hub: Hub, out: BinaryIO, *, society: str = "", known_at: int | None = None) -> ExportedWorks:
    """Write what a society declared, as known at an instant, by default that which the hub answers for.

    Raises:
        UsageError: no society is named.
        NotFound: no such society.
    """
    if not (society or hub.settings.society):
        raise UsageError("name the society whose works are written, or set HUB_SOCIETY")
    code = registers.require(hub, society or hub.settings.society)
    with reading(hub.engine) as connection, tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        at = horizon(connection) if known_at is None else known_at
        folder = Path(name)
        files = {
            table: stack.enter_context((folder / table).open("w", encoding="utf-8", newline=""))
            for table in bwarm.tables()
        }
        moment = times.moment(at)
        writer = BwarmWriter(files, moment.date())
        for content in _declared(connection, "work", code, at):
            writer.work(work_from(orjson.loads(content)))
        for content in _declared(connection, "recording", code, at):
            writer.recording(recording_from(orjson.loads(content)))
        stack.pop_all().close()
        _pack(folder, out, moment)
    rows = {table: writer.counts[table] for table in bwarm.tables()}
    return ExportedWorks(times.text(at), rows, tuple(writer.findings))


def _declared(connection: Connection, kind: str, code: str, at: int) -> Iterator[bytes]:
    query = (
        select(SUBJECT.c.id, DECLARATION.c.payload)
        .join(DECLARATION, DECLARATION.c.subject_id == SUBJECT.c.id)
        .where(SUBJECT.c.kind == kind, SUBJECT.c.submitter == code, as_known(DECLARATION, at))
        .order_by(SUBJECT.c.id)
        .limit(PAGE)
    )
    last = 0
    while page := connection.execute(query.where(SUBJECT.c.id > last)).all():
        for row in page:
            yield row.payload
        last = page[-1].id


def _pack(folder: Path, out: BinaryIO, moment: dt.datetime) -> None:
    """The files as one archive; the same files give the same bytes."""
    stamp = (max(moment.year, 1980), moment.month, moment.day, 0, 0, 0)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in bwarm.tables():
            member = zipfile.ZipInfo(table, stamp)
            member.compress_type = zipfile.ZIP_DEFLATED
            with (folder / table).open("rb") as source, archive.open(member, "w") as target:
                while chunk := source.read(io.DEFAULT_BUFFER_SIZE):
                    target.write(chunk)
