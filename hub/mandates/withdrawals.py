"""The use cases of withdrawals: draft or file a notice, act on it, and log what the clock did meanwhile.

A society acts as itself only, and that is checked here: whoever calls passes the society it has made sure of.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, insert

from hub import naming, registers
from hub.audit.log import record
from hub.context import Hub
from hub.db.counters import Instant, horizon, take
from hub.db.engine import reading, writing
from hub.db.tables import WITHDRAWAL, WITHDRAWAL_EVENT
from hub.db.times import FOREVER, OPEN
from hub.errors import NotAllowed, UsageError
from hub.mandates import withdrawal_records as records
from hub.mandates.notice_rules import NoticeTerms, load, terms
from hub.mandates.register import MandateEntry, lookup
from hub.mandates.withdrawal_records import Withdrawal
from hub.mandates.withdrawal_states import (
    ACTIONS,
    CLOCK,
    DEADLINE,
    DRAFT,
    FILE,
    FILER,
    NEW,
    OPERATOR,
    Act,
    Passed,
    permitted,
)
from hub.webhooks.outbox import notify_withdrawal
from schemas import rights, territories
from schemas.identifiers import isrc, iswc

AUTHOR = "hub"
"""Who signs what the clock did."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What is drafted or filed; expressions as in the CSV contract (``|`` between), empty for all of it.

    Days are ISO dates; without ``effective`` the first day that the notice rules allow is taken.
    ``evidence`` is a file name or a hash.
    """

    mandate: str
    notice: str
    effective: str = ""
    rights: str = ""
    uses: str = ""
    territories: str = ""
    works: str = ""
    evidence: str = ""
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What is done to a withdrawal; ``notice`` and ``effective`` are for the filing of a draft only."""

    action: str
    reason: str = ""
    evidence: str = ""
    notice: str = ""
    effective: str = ""


def withdraw(
    hub: Hub, notice: Notice, society: str, *, today: dt.date | None = None, language: str = "en"
) -> dict[str, Any]:
    """Draft or file a withdrawal as ``society``; the same one again changes nothing.

    The holder, the declarant and the granting society may. A party's own notice comes in through the
    society that declared its mandate.

    Raises:
        UsageError: a date or a list is not understood, or the effective day lies before the notice.
        NotFound: no such mandate or society.
        NotAllowed: the society has no part in the mandate.
    """
    filer = registers.require(hub, society)
    given, stated = _day(notice.notice, "notice"), _stated(notice.effective)
    scope = _scope(notice)
    day = today or records.today_of(None)
    action = DRAFT if notice.draft else FILE
    permitted(NEW, action, (FILER,))
    with writing(hub.engine) as connection:
        known = _alone(connection)
        mandate = lookup(connection, notice.mandate, known, prefer=filer)
        _permit(mandate, filer)
        act = _opening(_terms(hub, connection, mandate, given, known), action, filer, day, given, stated)
        act = replace(act, evidence=notice.evidence)
        for item in records.of_mandates(connection, [mandate.key], known, filer).get(mandate.key, ()):
            if _same(item, act, scope, day):
                return {**item.as_json(day, language), "status": "unchanged"}
        now = Instant(connection)
        number = take(connection, "withdrawal", 1)
        # A draft's name must not be found by trying: it would tell that there is one.
        parts = (secrets.token_hex(16),) if notice.draft else (mandate.id, filer, str(number))
        name = naming.public_id("x", *parts)
        connection.execute(
            insert(WITHDRAWAL).values(
                id=number, public_id=name, mandate_id=mandate.key, notice=given,
                effective=act.effective, filed_by=filer, evidence=notice.evidence,
                known_from=now.at, known_to=OPEN, **scope,
            )
        )  # fmt: skip
        drawn = Withdrawal(
            number, name, mandate.key, mandate.id, filer, evidence=notice.evidence, acts=(act,), **scope
        )
        _append(connection, drawn, act, now)
        made = records.find(connection, name, now.at, filer)
    return {**made.as_json(day, language), "status": "drafted" if notice.draft else "filed"}


def act(
    hub: Hub, public_id: str, step: Step, actor: str, *, today: dt.date | None = None, language: str = "en"
) -> dict[str, Any]:
    """Take one step of the table as a society, or as the operator (``hub.registers.OPERATOR``).

    A counter-statement or remark that its author repeats word for word changes nothing.

    Raises:
        NotFound: no such withdrawal for this actor; another society's draft does not exist.
        NotAllowed: the society has no part in it.
        IllegalTransition: not from this state by this role.
        UsageError: an unknown action, a missing reason or evidence, or a day that cannot be.
    """
    if step.action not in ACTIONS:
        raise UsageError(f"action {step.action!r} is not one of {', '.join(ACTIONS)}")
    author = actor if actor == registers.OPERATOR else registers.require(hub, actor)
    day = today or records.today_of(None)
    with writing(hub.engine) as connection:
        known = _alone(connection)
        found = records.find(connection, public_id, known, author)
        mandate = lookup(connection, found.mandate, known)
        state = found.on(day).state
        row = permitted(state, step.action, _roles(found, mandate, author))
        done = Act(step.action, row.role, day, author, step.reason.strip(), step.evidence)
        if step.action == FILE:
            done = _filing(hub, connection, mandate, found, step, done, known)
        elif step.notice or step.effective:
            raise UsageError("days of notice and effect are stated when a draft is filed, and stay")
        for name in row.needs:
            if not getattr(done, name):
                raise UsageError(f"{step.action} needs {' and '.join(row.needs)}: it is kept and public")
        status = "unchanged"
        if row.to != state or not _repeats(found, done):
            status = "done"
            now = Instant(connection)
            _log_passed(connection, found, day, now)
            _append(connection, found, done, now)
            found = records.find(connection, public_id, now.at, author)
    return {**found.as_json(day, language), "status": status, "history": found.history(author)}


def computed(hub: Hub, mandate: str, notice: str, *, prefer: str = "") -> dict[str, str]:
    """The days that the rules give a notice of a day, before anything is drafted; empty for none.

    Raises:
        NotFound: no such mandate.
        UsageError: the day is not understood.
    """
    given = _day(notice, "notice")
    with reading(hub.engine) as connection:
        known = horizon(connection)
        rule = _terms(hub, connection, lookup(connection, mandate, known, prefer=prefer), given, known)
    deadline = rule.deadline(given, records.today_of(None))
    return {
        "notice": given.isoformat(), "earliest": rule.earliest(given).isoformat(),
        "deadline": "" if deadline == FOREVER else deadline.isoformat(), "rule": rule.rule,
        "months": str(rule.months),
    }  # fmt: skip


def settle(hub: Hub, *, today: dt.date | None = None) -> list[dict[str, str]]:
    """Log every step that the clock has taken until today and that is not logged yet; returns those steps.

    It changes no state and no answer: both follow from the days alone. Doing it again logs nothing.
    """
    day = today or records.today_of(None)
    logged: list[dict[str, str]] = []
    with writing(hub.engine) as connection:
        known = _alone(connection)
        now = Instant(connection)
        for found in records.unsettled(connection, known):
            logged += [
                {"withdrawal": found.id, "action": item.action, "on": item.day.isoformat(), "left": item.left}
                for item in _log_passed(connection, found, day, now)
            ]
    return logged


def _alone(connection: Connection) -> int:
    """Keep other writers of withdrawals out until the end, and tell what is known; no instant is taken."""
    take(connection, "withdrawal", 0)
    return horizon(connection)


def _permit(mandate: MandateEntry, filer: str) -> None:
    sides = _sides(mandate)
    if filer not in sides:
        raise NotAllowed(
            f"society {filer} has no part in mandate {mandate.id}: its holder, its declarant or the granting "
            f"society ({', '.join(sorted(sides))}) may withdraw it"
        )


def _sides(mandate: MandateEntry) -> set[str]:
    sides = {mandate.declarant, mandate.row.holder}
    if mandate.row.grantor_type == "society":
        sides.add(mandate.row.grantor_id)
    return sides


def _roles(found: Withdrawal, mandate: MandateEntry, author: str) -> frozenset[str]:
    if author == registers.OPERATOR:
        return frozenset((OPERATOR,))
    roles = records.roles_of(found, author, sorted(_sides(mandate)), mandate.row.holder)
    if not roles:
        raise NotAllowed(
            f"society {author} has no part in withdrawal {found.id}: it was filed by {found.filed_by} and "
            f"concerns the mandate of {mandate.row.holder}"
        )
    return roles


def _terms(
    hub: Hub, connection: Connection, mandate: MandateEntry, notice: dt.date, known: int
) -> NoticeTerms:
    holder = registers.entries(connection, known, [mandate.row.holder])
    country = holder[0].country if holder else ""
    return terms(load(hub.settings.data_dir), mandate.row.holder, country, notice)


def _opening(
    rule: NoticeTerms, action: str, author: str, day: dt.date, notice: dt.date, stated: dt.date | None
) -> Act:
    """A draft or a filing with its days."""
    if stated is not None and stated < notice:
        raise UsageError(f"a withdrawal cannot take effect ({stated}) before its notice ({notice})")
    earliest = rule.earliest(notice)
    unstated = FOREVER if action == DRAFT else earliest
    return Act(
        action, FILER, day, author, notice=notice, effective=stated or unstated,
        earliest=earliest, deadline=rule.deadline(notice, day), rule=rule.rule,
    )  # fmt: skip


def _filing(
    hub: Hub,
    connection: Connection,
    mandate: MandateEntry,
    found: Withdrawal,
    step: Step,
    done: Act,
    known: int,
) -> Act:
    """The filing of a draft: its own days, unless others are stated now."""
    draft = found.opening
    notice = _day(step.notice, "notice") if step.notice else draft.notice
    stated = _stated(step.effective) or (draft.effective if draft.effective != FOREVER else None)
    rule = _terms(hub, connection, mandate, notice, known)
    opened = _opening(rule, FILE, done.author, done.day, notice, stated)
    return replace(opened, reason=done.reason, evidence=done.evidence or found.evidence)


def _same(item: Withdrawal, act: Act, scope: Mapping[str, str], day: dt.date) -> bool:
    """Whether a withdrawal that still stands says just this."""
    opening = item.opening
    standing = item.on(day).state != "cancelled"
    return (
        standing
        and opening.action == act.action
        and (opening.notice, opening.effective) == (act.notice, act.effective)
        and item.evidence == act.evidence
        and all(getattr(item, name) == value for name, value in scope.items())
    )


def _repeats(found: Withdrawal, done: Act) -> bool:
    said = [item for item in found.acts if item.role != CLOCK]
    words = (done.action, done.author, done.reason, done.evidence)
    return bool(said) and words == (said[-1].action, said[-1].author, said[-1].reason, said[-1].evidence)


def _log_passed(connection: Connection, found: Withdrawal, day: dt.date, now: Instant) -> list[Passed]:
    """Keep and log the steps of the clock until a day; those that are kept already are left out."""
    kept = {item.action for item in found.acts if item.role == CLOCK}
    fresh = [item for item in found.on(day).passed if item.action not in kept]
    for item in fresh:
        silent = item.action == DEADLINE and item.left == "filed"
        why = "no_reaction" if silent else item.left
        _append(connection, found, Act(item.action, CLOCK, item.day, AUTHOR, reason=why), now)
    return fresh


def _append(connection: Connection, found: Withdrawal, act: Act, now: Instant) -> None:
    """Keep an act for ever and log it; what happens to a draft is logged sealed until it is filed."""
    content: dict[str, Any] = {
        "action": act.action, "role": act.role, "author": act.author, "mandate": found.mandate,
        "on": act.day.isoformat(), "reason": act.reason, "evidence": act.evidence,
    }  # fmt: skip
    if act.action in (DRAFT, FILE):
        content |= {
            "notice": act.notice.isoformat(), "effective": act.effective.isoformat(),
            "earliest": act.earliest.isoformat(), "deadline": act.deadline.isoformat(),
            "notice_rule": act.rule, "rights": found.rights, "uses": found.uses,
            "territories": found.territories, "works": found.works,
        }  # fmt: skip
    if found.drafted_only and act.action != FILE:
        salt = secrets.token_hex(16)
        act = replace(act, salt=salt, seal=_seal(salt, content))
    connection.execute(
        insert(WITHDRAWAL_EVENT).values(
            id=take(connection, "withdrawal_event", 1), withdrawal_id=found.key, action=act.action,
            role=act.role, author=act.author, reason=act.reason, evidence=act.evidence, done_on=act.day,
            notice=act.notice, effective=act.effective, earliest=act.earliest, deadline=act.deadline,
            rule=act.rule, seal=act.seal, salt=act.salt, known_from=now.at, known_to=OPEN,
        )
    )  # fmt: skip
    if act.seal:
        record(connection, now.at, "withdrawal_sealed", "", found.id, {"seal": act.seal})
    else:
        record(connection, now.at, "withdrawal", act.author, found.id, content)
        told = {"withdrawal": found.id, **content}
        notify_withdrawal(connection, found.mandate_key, found.filed_by, told)


def _seal(salt: str, content: Mapping[str, Any]) -> str:
    """SHA-256 over a salt and the canonical JSON of an act: its author can prove it, nobody can guess it."""
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{salt}\n{written}".encode()).hexdigest()


def _stated(text: str) -> dt.date | None:
    return _day(text, "effective") if text else None


def _day(text: str, name: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{name} {text!r} is not an ISO date such as 2026-07-01") from None


def _scope(notice: Notice) -> dict[str, str]:
    return {
        "rights": _expression(notice.rights, "rights", rights.parse_rights),
        "uses": _expression(notice.uses, "uses", rights.parse_uses),
        "territories": _expression(notice.territories, "territories", territories.parse),
        "works": _works(notice.works),
    }


def _expression(text: str, name: str, parse: Any) -> str:
    expression, unknown = parse(text) if text else ((), ())
    if unknown:
        raise UsageError(f"{name}: unknown {', '.join(map(repr, unknown))}")
    return "|".join(expression)


def _works(text: str) -> str:
    found = []
    for item in filter(None, (part.strip() for part in text.split("|"))):
        scheme, _, value = item.partition(":")
        module = {"iswc": iswc, "isrc": isrc}.get(scheme.lower())
        if module is None or not module.is_valid(value):
            raise UsageError(f"works: {item!r} is not iswc:... or isrc:... with a valid number")
        found.append(f"{scheme.lower()}:{module.compact(value)}")
    return "|".join(found)
