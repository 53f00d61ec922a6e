"""Withdrawals as they are read: terms and acts as known at an instant, as somebody may see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, select

from hub.answers.question import instant
from hub.db import times
from hub.db.tables import SUBJECT, WITHDRAWAL, WITHDRAWAL_EVENT
from hub.db.times import FOREVER, as_known
from hub.errors import NotFound
from hub.mandates.withdrawal_states import (
    CANCEL,
    CLOCK,
    DRAFT,
    EFFECT,
    FILE,
    FILER,
    HOLDER,
    Act,
    Course,
    course,
)
from schemas.findings import Finding

PAGE = 500
"""How many mandates or withdrawals one statement reads."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The terms of a withdrawal with everything done about it, in order; lists as stored, ``|`` between."""

    key: int
    id: str
    mandate_key: int
    mandate: str
    filed_by: str
    rights: str
    uses: str
    territories: str
    works: str
    evidence: str
    acts: tuple[Act, ...]

    @property
    def opening(self) -> Act:
        """The act whose days count: the filing, or the draft until there is one."""
        filed = [act for act in self.acts if act.action == FILE]
        return filed[-1] if filed else self.acts[0]

    @property
    def effective(self) -> dt.date:
        """The effective day; of a draft that states none, the earliest one."""
        return self.opening.earliest if self.opening.effective == FOREVER else self.opening.effective

    @property
    def drafted_only(self) -> bool:
        """Whether it was never filed: such a withdrawal exists for the filer's society alone."""
        return self.opening.action == DRAFT

    def on(self, day: dt.date) -> Course:
        """Where it stands on a day."""
        return course(self.acts, day)

    def seen_by(self, viewer: str) -> Withdrawal | None:
        """What a society may see of it: drafts, and the drafting of what was filed, are the filer's alone.

        ``viewer`` is empty for the public.
        """
        if viewer == self.filed_by:
            return self
        if self.drafted_only:
            return None
        public = tuple(act for act in self.acts if act.action != DRAFT)
        return Withdrawal(
            self.key, self.id, self.mandate_key, self.mandate, self.filed_by,
            self.rights, self.uses, self.territories, self.works, self.evidence, public,
        )  # fmt: skip

    def findings(self) -> list[Finding]:
        """Remarks on its days: too early by the notice rules, or in force before the hub learned of it."""
        opening, found = self.opening, []
        if self.effective < opening.earliest:
            detail = f"{opening.earliest} ({opening.rule})"
            found.append(
                Finding("withdrawal.early", field="effective", value=str(self.effective), detail=detail)
            )
        if opening.action == FILE and self.effective < opening.day:
            days = {"value": str(self.effective), "detail": str(opening.day)}
            found.append(Finding("withdrawal.backdated", field="effective", **days))
        return found

    def as_json(self, day: dt.date, language: str = "en") -> dict[str, Any]:
        """For listings, as it stands on a day; empty lists mean the whole mandate."""
        opening = self.opening
        return {
            "id": self.id,
            "mandate": self.mandate,
            "state": self.on(day).state,
            "on": day.isoformat(),
            "notice": opening.notice.isoformat(),
            "effective": self.effective.isoformat(),
            "earliest": opening.earliest.isoformat(),
            "deadline": "" if opening.deadline == FOREVER else opening.deadline.isoformat(),
            "notice_rule": opening.rule,
            "rights": self.rights,
            "uses": self.uses,
            "territories": self.territories,
            "works": self.works,
            "filed_by": self.filed_by,
            "evidence": self.evidence,
            "known_from": times.text(opening.known_from),
            "findings": [
                {"code": item.code, "severity": item.severity, "text": item.text(language)}
                for item in self.findings()
            ],
        }

    def history(self, viewer: str) -> list[dict[str, Any]]:
        """Everything done about it, in order; seals with their salts for the filer's society only."""
        listed = []
        for act in self.acts:
            entry = {
                "action": act.action,
                "role": act.role,
                "author": act.author,
                "on": act.day.isoformat(),
                "reason": act.reason,
                "evidence": act.evidence,
                "known_from": times.text(act.known_from),
            }
            if act.seal and viewer == self.filed_by:
                entry |= {"seal": act.seal, "salt": act.salt}
            listed.append(entry)
        return listed


def today_of(known_at: int | None) -> dt.date:
    """The day on which states are told unless another is asked for: that of the known time, or today."""
    if known_at is None:
        return dt.datetime.now(dt.UTC).date()
    return times.moment(known_at).date()


def asked(known_at: str | None, on: dt.date | None) -> tuple[int | None, dt.date]:
    """The instant asked about, None for now, and the day on which states are told.

    Raises:
        UsageError: ``known_at`` is no ISO instant.
    """
    at = instant(known_at) if known_at else None
    return at, on or today_of(at)


def effective_notices(mandates: Any, at: Any) -> Select[Any]:
    """What answers go by: scopes of notices that were filed and not cancelled as known at an instant.

    Rows have ``mandate_id``, the lists of the scope and ``takes_effect``, in the order of their drafting.
    """
    filing, cancelling = WITHDRAWAL_EVENT.alias("filing"), WITHDRAWAL_EVENT.alias("cancelling")

    def done(event: Any, action: str) -> ColumnElement[bool]:
        return and_(
            event.c.withdrawal_id == WITHDRAWAL.c.id, event.c.action == action,
            event.c.known_from <= at, event.c.known_to > at,
        )  # fmt: skip

    return (
        select(
            WITHDRAWAL.c.id, WITHDRAWAL.c.mandate_id, WITHDRAWAL.c.rights, WITHDRAWAL.c.uses,
            WITHDRAWAL.c.territories, WITHDRAWAL.c.works, filing.c.effective.label("takes_effect"),
        )
        .join(filing, done(filing, FILE))
        .where(
            WITHDRAWAL.c.mandate_id.in_(mandates),
            ~exists().where(done(cancelling, CANCEL)).correlate(WITHDRAWAL),
        )
        .order_by(WITHDRAWAL.c.id)
    )  # fmt: skip


def _query(at: int) -> Select[Any]:
    return (
        select(WITHDRAWAL, SUBJECT.c.public_id.label("mandate"))
        .join(SUBJECT, SUBJECT.c.id == WITHDRAWAL.c.mandate_id)
        .where(as_known(WITHDRAWAL, at))
        .order_by(WITHDRAWAL.c.id)
    )


def _read(connection: Connection, query: Select[Any], at: int) -> list[Withdrawal]:
    rows = connection.execute(query).all()
    acts: dict[int, list[Act]] = {}
    told = (
        select(WITHDRAWAL_EVENT)
        .where(WITHDRAWAL_EVENT.c.withdrawal_id.in_([row.id for row in rows]), as_known(WITHDRAWAL_EVENT, at))
        .order_by(WITHDRAWAL_EVENT.c.id)
    )
    for row in connection.execute(told):
        act = Act(
            row.action, row.role, row.done_on, row.author, row.reason, row.evidence, row.notice,
            row.effective, row.earliest, row.deadline, row.rule, row.seal, row.salt, row.known_from,
        )  # fmt: skip
        acts.setdefault(row.withdrawal_id, []).append(act)
    return [
        Withdrawal(
            row.id, row.public_id, row.mandate_id, row.mandate, row.filed_by, row.rights, row.uses,
            row.territories, row.works, row.evidence, tuple(acts[row.id]),
        )
        for row in rows
        if row.id in acts
    ]  # fmt: skip


def of_mandates(
    connection: Connection, mandates: Sequence[int], at: int, viewer: str = ""
) -> dict[int, list[Withdrawal]]:
    """What somebody may see of the withdrawals of these mandates, by the mandate's key."""
    found: dict[int, list[Withdrawal]] = {}
    for start in range(0, len(mandates), PAGE):
        query = _query(at).where(WITHDRAWAL.c.mandate_id.in_(mandates[start : start + PAGE]))
        for item in _read(connection, query, at):
            seen = item.seen_by(viewer)
            if seen is not None:
                found.setdefault(seen.mandate_key, []).append(seen)
    return found


def find(connection: Connection, public_id: str, at: int, viewer: str = "") -> Withdrawal:
    """One withdrawal as somebody may see it.

    Raises:
        NotFound: there is none, or it is another society's draft.
    """
    for item in _read(connection, _query(at).where(WITHDRAWAL.c.public_id == public_id), at):
        seen = item.seen_by(viewer)
        if seen is not None:
            return seen
    raise NotFound(f"no withdrawal is known as {public_id!r}; `hub withdrawals list` shows their ids")


def unsettled(connection: Connection, at: int) -> list[Withdrawal]:
    """Filed withdrawals that the clock may still have something to say about which is not logged."""

    def done(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
        event = WITHDRAWAL_EVENT
        return exists().where(event.c.withdrawal_id == WITHDRAWAL.c.id, *conditions).correlate(WITHDRAWAL)

    action, role = WITHDRAWAL_EVENT.c.action, WITHDRAWAL_EVENT.c.role
    query = _query(at).where(
        done(action == FILE), ~done(action == CANCEL), ~done(action == EFFECT, role == CLOCK)
    )
    return _read(connection, query, at)


def listing(
    connection: Connection,
    at: int,
    day: dt.date,
    *,
    viewer: str = "",
    state: str = "",
    mandates: Sequence[int] | None = None,
    filed_by: str = "",
    after: int = 0,
    limit: int | None = None,
) -> list[Withdrawal]:
    """What somebody may see, in the order of drafting: ``limit`` of them after the key ``after``.

    States are derived, so that filter reads on in pages until there are enough.
    """
    found: list[Withdrawal] = []
    while limit is None or len(found) < limit:
        query = _query(at).where(WITHDRAWAL.c.id > after).limit(PAGE)
        if mandates is not None:
            query = query.where(WITHDRAWAL.c.mandate_id.in_(mandates))
        if filed_by:
            query = query.where(WITHDRAWAL.c.filed_by == filed_by)
        read = _read(connection, query, at)
        for item in read:
            seen = item.seen_by(viewer)
            if seen is not None and state in ("", seen.on(day).state):
                found.append(seen)
        if not read:
            break
        after = read[-1].key
    return found if limit is None else found[:limit]


def roles_of(found: Withdrawal, society: str, sides: Sequence[str], holder: str) -> frozenset[str]:
    """What a society is in a withdrawal: the filer's side, the holder's, both or nothing.

    ``sides`` are all societies with a part in the mandate. Where the holder itself filed, the others among
    them answer in its place too.
    """
    roles = {FILER} if society == found.filed_by else set()
    if society == holder or (found.filed_by == holder and society in sides and society != holder):
        roles.add(HOLDER)
    return frozenset(roles)
