"""Entries of the register of societies, one by one: accreditations with their papers, and the history.

Who holds an accreditation is the state's to say; the operator of the hub writes it down. What a change was
based on (certificate, reason, evidence) stands in the log beside it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from hub import registers
from hub.answers.question import day
from hub.audit.log import record
from hub.context import Hub
from hub.db import times
from hub.db.counters import horizon, tick
from hub.db.engine import writing
from hub.db.tables import EVENT, SOCIETY
from hub.db.times import FOREVER
from hub.errors import NotFound, UsageError
from hub.registers import OPERATOR, Licence, SocietyEntry
from schemas import territories
from schemas.rights import ALL, CATEGORIES, canonical_right, rights
from schemas.societies import known_codes

KIND = "accreditation"
"""The log's entries about single accreditations."""


@dataclass(frozen=True, slots=True)
class Accredited:
    """An accreditation as it is written down; ``valid_to`` is exclusive, empty while it is open.

    ``cancelled`` says that it never was: it is taken out, and stays in the history.
    """

    territory: str
    right: str
    valid_from: str
    valid_to: str = ""
    certificate: str = ""
    reason: str = ""
    evidence: str = ""
    cancelled: bool = False


def accredit(hub: Hub, code: str, said: Accredited) -> dict[str, Any]:
    """Add an accreditation, or change the one for the same territory, right and first day.

    Raises:
        NotFound: no such society, or nothing to cancel.
        UsageError: a code or a day is not understood, or a reason is missing.
    """
    wanted = registers.require(hub, code)
    licence = _licence(said)
    if not said.reason.strip():
        raise UsageError("a change of an accreditation needs a reason: it is kept in the log")
    with writing(hub.engine) as connection:
        (entry,) = registers.entries(connection, horizon(connection), [wanted])
        others = tuple(item for item in entry.accreditations if item[:3] != licence[:3])
        if said.cancelled and len(others) == len(entry.accreditations):
            raise NotFound(
                f"society {wanted} has no such accreditation; `hub societies show {wanted}` lists them"
            )
        changed = replace(
            entry, accreditations=others if said.cancelled else tuple(sorted((*others, licence)))
        )
        if changed == entry:
            return {**entry.as_json(), "status": "unchanged"}
        at = tick(connection)
        registers.write(connection, changed, at)
        body = {
            "territory": licence[0], "right": licence[1], "valid_from": said.valid_from,
            "valid_to": said.valid_to, "certificate": said.certificate, "reason": said.reason.strip(),
            "evidence": said.evidence, "cancelled": said.cancelled,
        }  # fmt: skip
        record(connection, at, KIND, OPERATOR, wanted, body)
    return {**changed.as_json(), "status": "done"}


def _licence(said: Accredited) -> Licence:
    territory, right = territories.canonical(said.territory), canonical_right(said.right)
    if territory is None:
        raise UsageError(f"territory {said.territory!r} is not a TIS number or ISO code such as KZ")
    if right is None or (right != ALL and rights()[right].category not in CATEGORIES):
        raise UsageError(f"right {said.right!r} is not one of {', '.join(CATEGORIES)}, a part of one, or *")
    start, end = day(said.valid_from, "from"), day(said.valid_to, "to") if said.valid_to else FOREVER
    if end <= start:
        raise UsageError(f"an accreditation cannot end ({end}) before it begins ({start})")
    return territory, right, start, end


PAPER = (
    "territory", "right", "valid_from", "valid_to", "certificate", "reason", "evidence", "cancelled",
)  # fmt: skip
"""What is told of a change of an accreditation."""


def show(connection: Connection, code: str, at: int) -> dict[str, Any]:
    """One society as known at an instant, every version of its entry, and what changes were based on.

    Raises:
        NotFound: the register had no such society.
    """
    found = registers.entries(connection, at, [code])
    if not found:
        raise NotFound(f"society {code} is not in the register; `hub societies list` shows who is")
    instants = connection.scalars(
        select(SOCIETY.c.known_from)
        .where(SOCIETY.c.code == code, SOCIETY.c.known_from <= at)
        .order_by(SOCIETY.c.id)
    ).all()
    versions = [
        {**item.as_json(), "known_from": times.text(instant)}
        for instant in instants
        for item in registers.entries(connection, instant, [code])
    ]
    logged = connection.execute(
        select(EVENT)
        .where(EVENT.c.kind == KIND, EVENT.c.subject == code, EVENT.c.at <= at)
        .order_by(EVENT.c.id)
    )
    papers = []
    for row in logged:
        said = json.loads(row.body)
        papers.append({"known_from": times.text(row.at), **{name: said[name] for name in PAPER}})
    return {**found[0].as_json(), "versions": versions, "papers": papers}


def add_known(hub: Hub) -> registers.Import:
    """Add the societies of the shipped code table that the register lacks, without accreditations.

    The table holds codes, names and countries only. Who is accredited where is not shipped: it changes, and
    comes from the state's register as data with dates.
    """
    facts = known_codes()
    with writing(hub.engine) as connection:
        there = {item.code for item in registers.entries(connection, horizon(connection))}
        fresh = [item for item in facts if item.code not in there]
        if fresh:
            at = tick(connection)
            for item in fresh:
                registers.write(connection, SocietyEntry(item.code, item.name, item.country, item.kind), at)
            record(connection, at, "societies", OPERATOR, "", {"stored": len(fresh), "shipped": True})
    return registers.Import(len(facts), len(fresh), 0, len(facts) - len(fresh), ())
