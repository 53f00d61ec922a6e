"""Worlds into a hub through its real use cases: files of societies, works, recordings, mandates; notices."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Sequence

from hubs import MANDATE_HEADER, WORK_HEADER
from random_worlds import SENDERS
from sqlalchemy import select
from world_facts import FOREVER, UNIT, Mandate, Recording, Registration, Rule, Society, World

from hub.context import Hub
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.db.tables import SUBJECT
from hub.intake.submissions import ingest
from hub.jurisdictions import COLUMNS, import_rules
from hub.links import review
from hub.mandates.withdrawals import Notice, withdraw
from hub.registers import import_societies

RECORDING_HEADER = (
    "recording_ref,isrc,title,artist,duration,year,works,party_name,party_id,role,right,share,"
    "territories,society\n"
)
RULE_HEADER = ",".join(COLUMNS) + "\n"
SOCIETY_HEADER = "code,name,country,kind,accreditations\n"
TODAY = dt.date(2026, 1, 1)


def load(hub: Hub, world: World, then: Callable[[], None] = lambda: None) -> dict[int, int]:
    """Tell a hub the world chapter by chapter; gives the known instant of the end of each.

    ``then`` is called whenever something was told.
    """
    instants = {}
    for chapter in (1, 2):
        _societies(hub, [item for item in world.societies if item.known == chapter], chapter)
        then()
        for sender in SENDERS:
            works = [
                item for item in world.registrations if (item.known, item.submitter) == (chapter, sender)
            ]
            _send(hub, WORK_HEADER, (row for item in works for row in _work(item)), sender)
            then()
            recordings = [
                item for item in world.recordings if (item.known, item.submitter) == (chapter, sender)
            ]
            _send(hub, RECORDING_HEADER, (row for item in recordings for row in _recording(item)), sender)
            then()
            mandates = [item for item in world.mandates if (item.known, item.declarant) == (chapter, sender)]
            _send(hub, MANDATE_HEADER, (_mandate(item) for item in mandates), sender)
            then()
        _rules(hub, [item for item in world.rules if item.known == chapter])
        then()
        for notice in world.withdrawals:
            if notice.known == chapter:
                terms = Notice(
                    notice.mandate, notice.effective.isoformat(), notice.effective.isoformat(),
                    rights=notice.rights, uses=notice.uses, territories=notice.territories,
                    works="|".join(notice.works),
                )  # fmt: skip
                withdraw(hub, terms, notice.declarant, today=TODAY)
        then()
        for judgement in world.judgements:
            if judgement.known == chapter:
                left, right = _public(hub, judgement.left), _public(hub, judgement.right)
                review.decide(hub, left, right, judgement.verdict, "a person said so", "operator")
        then()
        with reading(hub.engine) as connection:
            instants[chapter] = horizon(connection)
    return instants


def _public(hub: Hub, subject: tuple[str, str]) -> str:
    query = select(SUBJECT.c.public_id).where(
        SUBJECT.c.submitter == subject[0], SUBJECT.c.ref == subject[1], SUBJECT.c.kind != "mandate"
    )
    with reading(hub.engine) as connection:
        return str(connection.scalars(query).one())


def _lines(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _send(hub: Hub, header: str, rows: Iterable[Sequence[str]], sender: str) -> None:
    body = _lines(rows)
    if body:
        report = ingest(hub, io.BytesIO((header + body).encode()), sender)
        assert report.rejected == 0, report


def _societies(hub: Hub, societies: Iterable[Society], chapter: int) -> None:
    rows = [(item.code, f"Society {item.code}", "", "cmo", _licences(item)) for item in societies]
    if chapter == 1:
        rows += [(sender, f"Sender {sender}", "KZ", "cmo", "") for sender in SENDERS]
    if rows:
        done = import_societies(hub, io.BytesIO((SOCIETY_HEADER + _lines(rows)).encode()))
        assert done.rejected == 0, done


def _rules(hub: Hub, rules: Iterable[Rule]) -> None:
    rows = [
        (
            item.name, item.territories, item.rights, item.society, item.effect, item.valid_from.isoformat(),
            "" if item.valid_to == FOREVER else item.valid_to.isoformat(), "invented",
        )
        for item in rules
    ]  # fmt: skip
    import_rules(hub, io.BytesIO((RULE_HEADER + _lines(rows)).encode()))


def _licences(society: Society) -> str:
    return "|".join(
        f"{territory}:{right}:{start}:{'' if end == FOREVER else end}"
        for territory, right, start, end in society.accreditations
    )


def percent(units: int) -> str:
    """A share as a file writes it."""
    return f"{units // UNIT}.{units % UNIT:06d}".rstrip("0").rstrip(".")


def _work(item: Registration) -> Iterable[Sequence[str]]:
    for row in item.rows:
        told = {right: percent(share) for right, share in row.shares}
        yield (
            item.ref, item.title, item.iswc, row.name, row.ipi, row.role, row.society,
            told.get("PR", ""), told.get("MR", ""), row.territories,
        )  # fmt: skip


def _recording(item: Recording) -> Iterable[Sequence[str]]:
    works = "|".join(
        f"iswc:{code}" + (f"={percent(weight)}" if weight else "") for code, weight in item.works
    )
    head = (item.ref, item.isrc, item.title, "ARTIST " + item.title, "", "", works)
    for row in item.rows:
        ((right, share),) = row.shares
        yield (*head, row.name, row.ipi, row.role, right, percent(share), row.territories, row.society)


def _mandate(item: Mandate) -> Sequence[str]:
    return (
        item.ref, item.grantor_type, item.grantor, "", item.holder, item.rights, item.uses,
        item.territories, item.valid_from.isoformat(),
        "" if item.valid_to == FOREVER else item.valid_to.isoformat(), "Y", item.basis,
        "|".join(item.works), "",
    )  # fmt: skip
