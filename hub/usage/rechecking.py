"""The use case: a report that was answered before, answered again: what of it would be paid otherwise now.

The result has one row for each society, line and right whose payable share is another one now: the society
was paid too much then (``no_longer_payable``, ``less_payable``) or too little (``newly_payable``,
``more_payable``). Lines whose payees are the same have no row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from hub.answers.batch import Desk
from hub.answers.question import known_policy
from hub.context import Hub
from hub.db import times
from hub.db.engine import reading
from hub.errors import UsageError
from hub.garbage import collecting_between
from hub.usage.answering import Answers, encoded
from hub.usage.lines import WORK_RIGHTS, weighted
from hub.usage.lots import cut
from hub.usage.money import Money
from hub.usage.remembered import ANSWERED, Answered, Remembered
from schemas.shares import format_percent

COLUMNS = (
    "line", "line_ref", "subject", "right", "use", "territory", "on", "society", "payable_then",
    "payable_now", "amount_then", "amount_now", "currency", "change",
)  # fmt: skip
PAYABLE = "payable"
NO_LONGER, LESS, MORE, NEWLY = "no_longer_payable", "less_payable", "more_payable", "newly_payable"


@dataclass(slots=True)
class Rechecked:
    """What a second look came to; instants are ISO texts, ``changes`` counts rows by their kind."""

    then: str
    now: str
    read: int = 0
    lines_changed: int = 0
    changes: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, Any]:
        """For the interface."""
        return {
            "known_then": self.then, "known_now": self.now, "read": self.read,
            "lines_changed": self.lines_changed,
            "changes": {kind: self.changes[kind] for kind in (NO_LONGER, LESS, MORE, NEWLY)},
        }  # fmt: skip


def recheck_usage(
    hub: Hub,
    report: BinaryIO,
    result: TextIO,
    *,
    then: int,
    now: int | None = None,
    rights: Sequence[str] = WORK_RIGHTS,
    policy: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    path: Path | None = None,
) -> Rechecked:
    """Write what differs between the answers as known ``then`` and as known ``now`` (all, by default).

    ``path`` names the file of the report, if it is one: a large one may be read by a second process.

    Raises:
        UsageError: an unknown right or policy, an instant that is not before now, or no report.
    """
    weighted(rights)
    shares = known_policy(policy or hub.settings.share_policy)
    before, after = Remembered(), Remembered()
    try:
        with reading(hub.engine) as connection, collecting_between() as collect, ExitStack() as stack:
            past = Answers(Desk(connection, then, remembered=0), before, shares)
            present = Answers(Desk(connection, now, remembered=0), after, shares)
            if past.known_at > present.known_at:
                raise UsageError("the instant of the first answers must not lie after that of the second")
            done = Rechecked(times.text(past.known_at), times.text(present.known_at))
            lots = cut(report, rights, path=path, least=hub.settings.second_process)
            result.write(",".join(COLUMNS) + "\r\n")
            for lot in stack.enter_context(closing(lots.all())):
                # One after the other: what is read ahead on a connection is that of one instant.
                old = list(past.of(lot))
                for (asked, money, was), (_, again, is_now) in zip(old, present.of(lot), strict=True):
                    done.read += 1
                    rows = _differences(money or again, was, is_now)
                    done.lines_changed += bool(rows)
                    subject = is_now.subject or was.subject
                    head = (asked.ref, subject, *asked.key[1:])
                    for row in rows:
                        done.changes[row[-1]] += 1
                        result.write(encoded((str(asked.line), *head, *row)) + "\r\n")
                    if progress is not None and done.read % 1_000 == 0:
                        progress(lots.place, done.read)
                old.clear()
                lot.clear()
                collect()
    finally:
        before.close(done=True)
        after.close(done=True)
    return done


def _differences(money: Money | None, was: Answered, is_now: Answered) -> list[tuple[str, ...]]:
    """The cells from ``society`` on, for each society whose payable share of a line differs."""
    old, new = _payable(money, was), _payable(money, is_now)
    rows: list[tuple[str, ...]] = []
    for society in sorted(old.keys() | new.keys()):
        (share_then, units_then), (share_now, units_now) = (
            found.get(society, (0, 0)) for found in (old, new)
        )
        if share_then == share_now:
            continue
        if share_now > share_then:
            change = MORE if share_then else NEWLY
        else:
            change = LESS if share_now else NO_LONGER
        amounts = ("", "", "")
        if money is not None:
            amounts = (money.text(units_then), money.text(units_now), money.currency)
        rows.append((society, format_percent(share_then), format_percent(share_now), *amounts, change))
    return rows


def _payable(money: Money | None, answered: Answered) -> dict[str, tuple[int, int]]:
    """Share and money in units by society, of what is payable."""
    if answered.kind != ANSWERED:
        return {}
    parts = answered.parts
    amounts = [0] * len(parts) if money is None else money.parts([part.share for part in parts])
    found: dict[str, tuple[int, int]] = {}
    for part, amount in zip(parts, amounts, strict=True):
        if part.status == PAYABLE:
            share, sum_of = found.get(part.society, (0, 0))
            found[part.society] = (share + part.share, sum_of + amount)
    return found
