"""The use case: tell the sender of a DDEX delivery what became of it.

As for CWR, what was sent is read again from the kept bytes; each recording is answered with the findings
about it. See ``parsers.ddex.writing_acknowledgement`` for the forms.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any, BinaryIO

from hub import registers
from hub.conflicts.conflict_records import Record
from hub.conflicts.disputes import disputes, looked_at
from hub.context import Hub
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.db.times import BEGINNING, FOREVER
from parsers import detect
from parsers.cwr.writing_transmission import Totals
from parsers.ddex.writing_acknowledgement import (
    ACCEPTED,
    MOST_ERRORS,
    REJECTED,
    WITH_FINDINGS,
    Against,
    Answering,
    Claimed,
    write_delivery,
    write_status,
)
from parsers.reading import FILE
from schemas.declarations import Header, RecordingDeclaration, Rejection
from schemas.findings import Finding

FORMATS = frozenset({"ddex", "ern", "mwn", "rdr-n", "xml"})
"""Formats of headers; ``xml`` is one that was refused before its family was known."""
RECORDINGS = "rdr-n"
STATUSES = {"accepted": ACCEPTED, "unchanged": ACCEPTED, "accepted_with_findings": WITH_FINDINGS}
MEDIA_TYPE = "application/xml"
BATCH = 500


def acknowledge_ddex(
    hub: Hub,
    row: Any,
    findings: list[Finding],
    source: BinaryIO,
    out: BinaryIO,
    name: tuple[str, str],
    now: dt.datetime,
) -> tuple[Totals, str]:
    """Write the answer to the submission ``row`` whose bytes are ``source``: what it holds, and its name.

    ``name`` are code and name of who answers, where the message does not say whom it was sent to.
    """
    header = next((item for item in detect.read(source) if isinstance(item, Header)), Header(row.format))
    source.seek(0)
    code, shown = name
    who = Answering(
        sender=header.recipient_id or code,
        sender_name=shown,
        recipient=header.sender_id or row.submitter,
        message_id=f"ACK-{row.public_id}",
        created=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        answered=header.message_id or row.public_id,
    )
    file_name = f"{who.message_id}.xml"
    kinds = json.loads(row.by_kind or "{}")
    if row.format == RECORDINGS and who.by_recording and kinds.get("recording"):
        number = write_status(out, who, compared(hub, row, claimed(source)))
        return Totals(0, number, number), file_name
    told = [found for found in findings if found.severity != "info"]
    write_delivery(
        out, who, STATUSES.get(row.status, REJECTED), told[:MOST_ERRORS], max(0, len(told) - MOST_ERRORS)
    )
    return Totals(0, 1, 1), file_name


def claimed(source: BinaryIO) -> Iterator[Claimed]:
    """What became of each recording of a delivery; of a message that is refused whole, nothing was kept."""
    found: dict[str, list[Finding]] = defaultdict(list)
    for item in detect.read(source):
        if isinstance(item, Finding):
            found[item.position].append(item)
        elif isinstance(item, RecordingDeclaration):
            told = tuple(found.pop(item.position, ()))
            yield Claimed(item.ref, item.isrcs, item.title, findings=told)
        elif isinstance(item, Rejection) and item.kind == "recording":
            yield Claimed(item.ref, rejected=True, findings=tuple(found.pop(item.position, ())))
        elif isinstance(item, Rejection) and item.kind == FILE:
            return


def compared(hub: Hub, row: Any, claims: Iterator[Claimed]) -> Iterator[Claimed]:
    """The recordings with what others state against the claims in them, as the register of conflicts has it.

    A recording that nobody has looked at since it came is only said to wait for that.
    """
    while batch := list(islice(claims, BATCH)):
        with reading(hub.engine) as connection:
            at = horizon(connection)
            looked = looked_at(connection) >= row.known_at
            refs = [claim.ref for claim in batch if not claim.rejected]
            found = disputes(connection, "recording", row.submitter, refs, at)
            others = {code for records in found.values() for item in records for code in item.societies}
            names = {item.code: item.name for item in registers.entries(connection, at, others)}
        for claim in batch:
            against = tuple(_against(item, row.submitter, names) for item in found.get(claim.ref, ()))
            yield replace(claim, compared=looked, against=against)


def _against(record: Record, own: str, names: Mapping[str, str]) -> Against:
    stated = record.row
    return Against(
        tuple((code, names.get(code, code)) for code in record.societies if code != own),
        tuple(stated.uses.split("|")),
        tuple(stated.territories.split("|")),
        "" if stated.valid_from == BEGINNING else stated.valid_from.isoformat(),
        "" if stated.valid_to == FOREVER else stated.valid_to.isoformat(),
    )
