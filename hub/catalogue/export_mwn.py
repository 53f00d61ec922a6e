"""The use case: write the works that a society registered as an MWN message for another party."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from hub import registers
from hub.catalogue.export_cwr import registered, wanted_works
from hub.conflicts.disputes import disputes
from hub.context import Hub
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.errors import UsageError
from parsers.ddex.writing_mwn import Correspondence, NotificationWriter
from schemas.findings import Finding
from schemas.identifiers import dpid

BATCH = 500


@dataclass(frozen=True, slots=True)
class Notified:
    """A written message: its number, how many works it has, and why others were left out."""

    message_id: str
    works: int
    findings: tuple[Finding, ...]


def export_mwn(
    hub: Hub,
    out: BinaryIO,
    *,
    sender: str,
    recipient: str,
    society: str = "",
    works: Sequence[str] = (),
    moment: dt.datetime | None = None,
) -> Notified:
    """Write registrations to the stream ``out``.

    Args:
        hub: the hub.
        out: where to write.
        sender: the DDEX party identifier of who sends the message.
        recipient: that of who gets it.
        society: whose registrations; by default those of the society the hub answers for.
        works: the society's own work numbers, or subjects such as ``iswc:...``; all works when empty.
        moment: the instant of the message, now by default.

    Raises:
        UsageError: an identifier is none, or no society is named.
        NotFound: no such society.
        UnknownSubject: a work that is asked for is not registered by the society.
    """
    for name, code in (("sender", sender), ("recipient", recipient)):
        if not dpid.is_valid(code):
            raise UsageError(f"the {name} {code!r} is no DDEX party identifier; DDEX gives them out for free")
    if not (society or hub.settings.society):
        raise UsageError("name the society whose registrations are written, or set HUB_SOCIETY")
    code = registers.require(hub, society or hub.settings.society)
    now = (moment or dt.datetime.now(dt.UTC)).astimezone(dt.UTC)
    message_id = f"{code}-{now.strftime('%Y%m%dT%H%M%S%f')}"
    findings: list[Finding] = []
    with reading(hub.engine) as connection:
        at = horizon(connection)
        name = registers.entries(connection, at, [code])[0].name
        created = now.strftime("%Y-%m-%dT%H:%M:%SZ")
        who = Correspondence(dpid.compact(sender), name, dpid.compact(recipient), message_id, created)
        with NotificationWriter(out, who) as writer:
            found = registered(connection, code, wanted_works(connection, code, works, at), at)
            while batch := [work for work, _ in islice(found, BATCH)]:
                disputed = disputes(connection, "work", code, [work.ref for work in batch], at)
                for work in batch:
                    left_out = writer.add(work, {item.about for item in disputed.get(work.ref, ())})
                    if left_out is not None:
                        findings.append(left_out)
    return Notified(message_id, writer.works, tuple(findings))
