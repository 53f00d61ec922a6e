"""Payments that were made, against the answers: as known when they were made, and as known now.

A file of payments is CSV with a header: ``payment_ref,subject,right,use,territory,on,society,share,paid_at``.
``share`` is what the society was paid of the whole, in percent; ``paid_at`` is an ISO instant or day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from sqlalchemy import Connection

from hub.answers.book import RegisterBook
from hub.answers.question import Question, ask, instant, known_policy
from hub.answers.resolve import resolve
from hub.context import Hub
from hub.db import times
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.errors import HubError, UnknownSubject
from hub.usage.sheets import rows
from schemas.findings import quote
from schemas.shares import format_percent, parse_percent
from schemas.societies import normalise_code

COLUMNS = ("payment_ref", "subject", "right", "use", "territory", "on", "society", "share", "paid_at")
BOOKS = 16
"""So many registers of different instants are remembered at once."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One payment. Shares are percentages as strings, empty where the row could not be read.

    ``verdict`` is ``right`` (then and now), ``right_then_wrong_now``, ``wrong_then_right_now``, ``wrong``
    (then and now), or ``unreadable`` with the fault in ``detail``.
    """

    line: int
    ref: str
    society: str
    paid: str
    then: str
    now: str
    verdict: str
    detail: str = ""

    def as_json(self) -> dict[str, Any]:
        """For the interface."""
        return {
            "line": self.line, "payment_ref": self.ref, "society": self.society, "paid": self.paid,
            "payable_then": self.then, "payable_now": self.now, "verdict": self.verdict,
            "detail": self.detail,
        }  # fmt: skip


def check_payments(hub: Hub, stream: BinaryIO, policy: str | None = None) -> Iterator[Checked]:
    """Each row of the file once, in its order; all of them against the same ``now``.

    Raises:
        UsageError: the file has not the columns of a file of payments, or is no UTF-8 text.
    """
    yield from check_rows(hub, rows(stream, COLUMNS), policy)


def check_rows(
    hub: Hub,
    payments: Iterable[tuple[int, Mapping[str, str]]],
    policy: str | None = None,
    now: int | None = None,
) -> Iterator[Checked]:
    """Payments by their number, each with the cells of a file's row, against the same ``now``.

    ``policy`` is how disagreeing sources count, the hub's own by default; ``now`` is the instant of known
    time that is meant by it, by default all that is known.

    Raises:
        UsageError: there is no such policy.
    """
    shares = known_policy(policy or hub.settings.share_policy)
    with reading(hub.engine) as connection:
        desk = _Desk(connection, horizon(connection) if now is None else now, shares)
        for line, row in payments:
            yield desk.check(line, row)


class _Desk:
    """Answers at many instants on one connection."""

    def __init__(self, connection: Connection, now: int, policy: str) -> None:
        self._connection = connection
        self._now = now
        self._policy = policy
        self._books: dict[int, RegisterBook] = {}

    def check(self, line: int, row: Mapping[str, str]) -> Checked:
        society = normalise_code(row["society"])
        try:
            question = ask(
                row["subject"], right=row["right"], use=row["use"], territory=row["territory"], on=row["on"],
                policy=self._policy,
            )  # fmt: skip
            paid = parse_percent(row["share"])
            at = instant(row["paid_at"], "paid_at")
            # Agreements may tell apart when something is used and when it is paid.
            question = replace(question, paid_on=max(question.on, times.moment(at).date()))
            then, now = self._payable(question, society, at), self._payable(question, society, self._now)
        except (HubError, ValueError) as fault:
            detail = fault.detail if isinstance(fault, HubError) else f"share: {fault}"
            return Checked(line, quote(row["payment_ref"]), quote(society), "", "", "", "unreadable", detail)
        verdict = {
            (True, True): "right",
            (True, False): "right_then_wrong_now",
            (False, True): "wrong_then_right_now",
            (False, False): "wrong",
        }[paid == then, paid == now]
        return Checked(
            line, quote(row["payment_ref"]), society, format_percent(paid), format_percent(then),
            format_percent(now), verdict,
        )  # fmt: skip

    def _payable(self, question: Question, society: str, at: int) -> int:
        """What of the whole was payable to the society; nothing of a subject not known then."""
        if at not in self._books and len(self._books) >= BOOKS:
            del self._books[next(iter(self._books))]
        book = self._books.setdefault(at, RegisterBook(self._connection, at))
        try:
            answer = resolve(self._connection, replace(question, known_at=at), book)
        except UnknownSubject:
            if at == self._now:
                raise
            return 0
        return sum(
            line.share
            for line in answer.lines
            if line.status == "payable" and line.payee is not None and line.payee.code == society
        )
