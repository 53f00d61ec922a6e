"""The use case: a usage report in, the same lines with their payees out, in constant memory.

The result has one row for each line of each answer: the shares of one usage line (of one right, for a DSR)
add up to exactly 100, and its amounts to its amount. A line that cannot be read, or whose subject is not
known, has one row of its own with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import BinaryIO, Protocol, TextIO

from hub.answers.batch import Desk
from hub.answers.question import known_policy
from hub.context import Hub
from hub.db import times
from hub.db.engine import reading
from hub.garbage import collecting_between
from hub.usage.answering import Answers, cell_text
from hub.usage.lines import WORK_RIGHTS, Asked, Remark, weighted
from hub.usage.lots import cut
from hub.usage.money import Money
from hub.usage.remembered import Answered, Remembered
from hub.usage.subject_sums import SubjectSums
from hub.usage.totals import Resolved

RESULT = (
    "line", "line_ref", "subject", "right", "use", "territory", "on", "title", "party", "ipi", "role",
    "share", "status", "society", "payee", "candidates", "reasons", "amount", "currency", "usages",
)  # fmt: skip
COUNTED = 50_000
"""Answers of so many are held to be counted together: most lines ask what others ask."""

Told = Callable[[int, int], None]
"""Called now and then with (bytes read, lines answered)."""


class Form(Protocol):
    """How answered lines are written; every method gives text to write."""

    def begin(self, done: Resolved) -> str:
        """What stands before the lines."""

    def line(self, asked: Asked, money: Money | None, amounts: Sequence[int], answered: Answered) -> str:
        """One line for one right; the amounts of the answer's parts are in units of the money, if any."""

    def end(self) -> str:
        """What stands after them."""


class Rows:
    """The result as CSV: one row for each line of each answer."""

    def begin(self, done: Resolved) -> str:  # noqa: ARG002 - the same for every report
        """The names of the columns."""
        return ",".join(RESULT) + "\r\n"

    def line(self, asked: Asked, money: Money | None, amounts: Sequence[int], answered: Answered) -> str:
        """The rows of one line."""
        number, ref, _, _, usages, _ = asked
        head = f"{number},{cell_text(ref)},"
        if money is None:
            tail = f",,,{cell_text(usages)}\r\n"
            return "".join([f"{head}{text}{tail}" for text in answered.texts])
        tail = f",{money.currency},{cell_text(usages)}\r\n"
        paid = zip(answered.texts, money.texts(amounts), strict=True)
        return "".join([f"{head}{text},{amount}{tail}" for text, amount in paid])

    def end(self) -> str:
        """Nothing."""
        return ""


def resolve_usage(
    hub: Hub,
    report: BinaryIO,
    result: TextIO,
    *,
    known_at: int | None = None,
    rights: Sequence[str] = WORK_RIGHTS,
    progress: Told | None = None,
    remark: Remark | None = None,
    remembered: Remembered | None = None,
    form: Form | None = None,
    policy: str | None = None,
    by_subject: SubjectSums | None = None,
    path: Path | None = None,
) -> Resolved:
    """Answer every line of the report into ``result``, all as known at one instant.

    ``rights`` are those that a DSR is answered for; a CSV line names its own. ``remembered`` holds answers
    of a run of the same report that was cut off; its instant is taken over. ``form`` is what is written, CSV
    by default. ``policy`` is how disagreeing sources count, the hub's own by default. ``by_subject`` is given
    the money of the lines by what they asked about. ``path`` names the file of the report, if it is one: a
    large one may be read by a second process.

    Raises:
        UsageError: an unknown right or policy, or a report that cannot be read as a whole.
    """
    weighted(rights)
    shares = known_policy(policy or hub.settings.share_policy)
    memory = remembered or Remembered()
    try:
        with reading(hub.engine) as connection, collecting_between() as collect, ExitStack() as stack:
            at = memory.known_at if known_at is None else known_at
            answers = Answers(Desk(connection, at, remembered=0), memory, shares)
            memory.known_at = answers.known_at
            lots = cut(report, rights, remark=remark, path=path, least=hub.settings.second_process)
            done = Resolved(times.text(answers.known_at), shares, lots.report, by_subject=by_subject)
            written = form or Rows()
            told = None if progress is None else lambda: progress(lots.place, done.read)
            given = stack.enter_context(closing(lots.all()))
            # What the report says of itself is known when its first lines have been read.
            lot = next(given, None)
            result.write(written.begin(done))
            while lot is not None:
                texts: list[str] = []
                for asked, money, answered in answers.of(lot, told):
                    amounts = () if money is None else money.parts(answered.shares)
                    done.count(answered, money, amounts)
                    texts.append(written.line(asked, money, amounts, answered))
                done.settle(COUNTED)
                result.write("".join(texts))
                if told is not None:
                    told()
                texts.clear()
                lot.clear()
                collect()
                lot = next(given, None)
            done.settle()
            result.write(written.end())
            done.questions = answers.resolved
    finally:
        if remembered is None:
            memory.close(done=True)
    return done
