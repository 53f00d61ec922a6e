"""The use case: write the works that a society registered as a CWR file of any version the tables have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

import orjson
from sqlalchemy import Connection, select

from hub import __version__, registers
from hub.catalogue.subjects import find
from hub.context import Hub
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.db.tables import DECLARATION, SUBJECT, SUBMISSION
from hub.db.times import as_known
from hub.errors import NotFound, UnknownSubject, UsageError
from hub.links.payload import restore, work_from
from parsers.cwr.writing import RecordWriter
from parsers.cwr.writing_agreements import AGR, write_agreement
from parsers.cwr.writing_file_name import file_name as name_of_file
from parsers.cwr.writing_transmission import Sender, Totals, TransmissionWriter
from parsers.cwr.writing_works import is_notice, registration, write_work
from schemas.cwr.characters import CODECS, UTF_8
from schemas.cwr.layouts import layouts
from schemas.cwr.transactions import is_readable, transaction_kinds
from schemas.declarations import AgreementDeclaration, WorkDeclaration
from schemas.findings import Finding
from schemas.identifiers import iswc

VERSIONS = ("2.0", "2.1", "2.2", "3.0", "3.1")
SCHEMES = ("iswc:", "work:", "society-code:")
PAGE = 500
SOFTWARE = "REPERTOIRE HUB"


@dataclass(frozen=True, slots=True)
class Exported:
    """A written file: its counts, the name that the standard gives it, and what could not be written.

    ``left_out`` counts works; ``findings`` say why, and what was changed in those that were written. If all
    were left out there is no file: its totals are zero.
    """

    totals: Totals
    file_name: str
    left_out: int
    findings: tuple[Finding, ...]


def export_cwr(
    hub: Hub,
    out: BinaryIO,
    *,
    version: str,
    society: str = "",
    works: Sequence[str] = (),
    transaction: str = "",
    encoding: str = UTF_8,
    number: int = 1,
    moment: dt.datetime | None = None,
) -> Exported:
    """Write registrations to the seekable stream ``out``, and nothing if none can be written.

    CWR has no file without a transaction: a group must hold one, and a file a group.

    Args:
        hub: the hub.
        out: where to write.
        version: the version of CWR.
        society: whose registrations, and who sends the file; by default the society the hub answers for.
        works: the society's own work numbers, or subjects such as ``iswc:...``; all works when empty.
        transaction: the transaction header, such as ``REV``; by default a new registration.
        encoding: ``UTF-8``, ``ISO-8859-1`` or ``ASCII``; a 2.x file in UTF-8 says so only if it must.
        number: the number of the file among the society's files of the year, for its name.
        moment: the instant of the file, now by default.

    Raises:
        UsageError: the version, transaction or encoding is none that can be written, or no society is named.
        NotFound: no such society, or it has nothing to write.
        UnknownSubject: a work that is asked for is not registered by the society.
    """
    if version not in VERSIONS or not is_readable(version):
        written = ", ".join(known for known in VERSIONS if is_readable(known))
        raise UsageError(f"CWR {version} cannot be written; the versions are {written}")
    if encoding not in CODECS:
        raise UsageError(f"CWR is not written in {encoding}; known are {', '.join(CODECS)}")
    kind = transaction or registration(version)
    if transaction_kinds(version).get(kind) != "work" or kind not in layouts(version):
        raise UsageError(f"CWR {version} registers no works by {kind}")
    if not (society or hub.settings.society):
        raise UsageError("name the society whose registrations are written, or set HUB_SOCIETY")
    code = registers.require(hub, society or hub.settings.society)
    writer = RecordWriter(version, encoding)
    now = moment or dt.datetime.now(dt.UTC)
    file_name = name_of_file(version, year=now.year, number=number, sender=code, transaction=kind)
    findings: list[Finding] = []
    left_out = transactions = 0
    begin = out.tell()
    with reading(hub.engine) as connection:
        at = horizon(connection)
        wanted = wanted_works(connection, code, works, at)
        transmission = TransmissionWriter(out, writer, _sender(connection, code, at, now, file_name))
        if writer.has(AGR):
            for agreement in _agreed(connection, code, wanted, at):
                agreed = write_agreement(agreement, writer)
                findings += agreed.findings
                if agreed.lines:
                    transmission.transaction(AGR, agreed.lines)
                    transactions += 1
        for work, source in registered(connection, code, wanted, at):
            done = write_work(
                work if source else _claimed(work, code),
                writer,
                kind=kind,
                source_version=source,
                by_society=True,
            )
            findings += done.findings
            if done.lines:
                transmission.transaction(done.kind, done.lines)
                transactions += 1
            else:
                left_out += 1
    if not transactions:
        out.seek(begin)
        out.truncate()
        if not left_out:
            raise NotFound(f"society {code} has no registration to write, and CWR has no file without one")
        return Exported(Totals(0, 0, 0), file_name, left_out, tuple(findings))
    return Exported(transmission.close(), file_name, left_out, tuple(findings))


def _sender(connection: Connection, code: str, at: int, now: dt.datetime, file_name: str) -> Sender:
    name = registers.entries(connection, at, [code])[0].name
    created = now.strftime("%Y-%m-%dT%H:%M:%S")
    return Sender("SO", code, name, created, code, SOFTWARE, __version__, file_name)


def wanted_works(connection: Connection, code: str, works: Sequence[str], at: int) -> set[int] | None:
    """Keys of the society's source works that are asked for, None for all."""
    if not works:
        return None
    own = select(SUBJECT.c.id).where(SUBJECT.c.kind == "work", SUBJECT.c.submitter == code)
    found: set[int] = set()
    for name in works:
        if name.lower().startswith(SCHEMES):
            scheme, _, value = name.partition(":")
            members = find(connection, scheme.lower(), _compact(scheme.lower(), value), at).members
            keys = set(connection.scalars(own.where(SUBJECT.c.id.in_(members))))
        else:
            keys = set(connection.scalars(own.where(SUBJECT.c.ref == name)))
        if not keys:
            raise UnknownSubject(f"society {code} has registered no work {name}")
        found |= keys
    return found


def _compact(scheme: str, value: str) -> str:
    if scheme == "iswc" and iswc.is_valid(value):
        return iswc.compact(value)
    return value.lower() if scheme == "work" else value


def registered(
    connection: Connection, code: str, wanted: set[int] | None, at: int
) -> Iterator[tuple[WorkDeclaration, str]]:
    """The society's current registrations by their number, with the CWR version they came in.

    What only is a notice about a work is written if it is asked for by its own number.
    """
    query = (
        select(SUBJECT.c.id, SUBJECT.c.ref, DECLARATION.c.payload, SUBMISSION.c.format, SUBMISSION.c.version)
        .join(DECLARATION, DECLARATION.c.subject_id == SUBJECT.c.id)
        .join(SUBMISSION, SUBMISSION.c.id == DECLARATION.c.submission_id)
        .where(SUBJECT.c.kind == "work", SUBJECT.c.submitter == code, as_known(DECLARATION, at))
        .order_by(SUBJECT.c.id)
        .limit(PAGE)
    )
    last = 0
    while page := connection.execute(query.where(SUBJECT.c.id > last)).all():
        for row in page:
            if (wanted is None and not is_notice(row.ref)) or row.id in (wanted or ()):
                yield work_from(orjson.loads(row.payload)), _source_version(row)
        last = page[-1].id


def _agreed(
    connection: Connection, code: str, wanted: set[int] | None, at: int
) -> Iterator[AgreementDeclaration]:
    """The society's current agreements that the works to be written refer to, by their number."""
    query = (
        select(DECLARATION.c.payload)
        .join(SUBJECT, SUBJECT.c.id == DECLARATION.c.subject_id)
        .where(SUBJECT.c.kind == "agreement", SUBJECT.c.submitter == code, as_known(DECLARATION, at))
        .order_by(SUBJECT.c.ref)
    )
    known: list[AgreementDeclaration] = [
        restore(AgreementDeclaration, orjson.loads(payload)) for payload in connection.scalars(query)
    ]
    if known:
        works = registered(connection, code, wanted, at)
        refs = {claim.agreement for work, _ in works for claim in work.claims}
        yield from (agreement for agreement in known if agreement.ref in refs)


def _source_version(row: Any) -> str:
    """The CWR version whose tables read the declaration, empty for another format."""
    return str(row.version) if row.format == "cwr" else ""


def _claimed(work: WorkDeclaration, code: str) -> WorkDeclaration:
    """A work from a format that does not say whom the society controls: its members."""
    return replace(
        work,
        claims=tuple(
            replace(claim, controlled=any(item.society == code for item in claim.affiliations))
            for claim in work.claims
        ),
    )
