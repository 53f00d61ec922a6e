"""Usage lines of either kind of report as questions: CSV with columns of our own, and DDEX DSR."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import BinaryIO, NamedTuple

from hub.errors import UsageError
from hub.usage.money import Money, money
from hub.usage.sheets import table
from parsers import detect
from parsers.ddex import dsr
from parsers.tabular.lines import Refused
from parsers.unpacking import Limits, Unpackable, compression_of, open_gzip, open_zip
from schemas.findings import Finding
from schemas.rights import canonical_use, category, is_question_right
from schemas.shares import ShareError, parse_percent

REQUIRED = ("subject", "right", "use", "territory", "on")
WORK_RIGHTS = ("PR", "MR")
"""What a DSR is answered for unless others are asked for: few say which rights they report on."""

CSV, DSR = "csv", "dsr"
HELD = 50_000
"""Of so many uses of recordings the questions are held: most lines ask what others ask."""
Remark = Callable[[Finding], None]


class Key(NamedTuple):
    """What is asked. Of ``subjects`` the first that is known is meant; ``on`` is the first day of use."""

    subjects: tuple[str, ...]
    right: str
    use: str
    territory: str
    on: str


class Asked(NamedTuple):
    """One usage line for one right; ``usages`` and ``ref`` are passed on to the result as they stand.

    ``fault`` says what is wrong with a stated amount; then there is no ``money``.
    """

    line: int
    ref: str
    key: Key
    money: Money | None = None
    usages: str = ""
    fault: str = ""


@dataclass(slots=True)
class UsageReport:
    """A report that is being read: its kind, its findings by severity, and what a DSR tells of itself."""

    kind: str = CSV
    told: dsr.Report = field(default_factory=dsr.Report)
    findings: Counter[str] = field(default_factory=Counter)


def read(
    stream: BinaryIO,
    report: UsageReport,
    *,
    rights: Sequence[str] = WORK_RIGHTS,
    remark: Remark | None = None,
) -> Iterator[Asked]:
    """The lines of a report, told by content and unpacked on the way; findings go to ``remark``.

    Raises:
        UsageError: no report that the hub reads, or one that cannot be read as a whole.
    """
    try:
        head, opened = detect.peek(stream)
        compression = compression_of(head)
        if compression == "zip":
            if not stream.seekable():
                raise UsageError("a zip archive cannot be read from this stream; unpack it and send the file")
            head, opened = detect.peek(open_zip(stream, Limits()))
        elif compression == "gzip":
            head, opened = detect.peek(open_gzip(opened, Limits()))
        if dsr.looks_like(head):
            report.kind = DSR
            yield from _dsr(opened, report, rights, remark)
        else:
            yield from _csv(opened)
    except (Refused, Unpackable) as fault:
        raise UsageError(f"{fault.finding.position}: {fault.finding.text()}") from fault


def _csv(stream: BinaryIO) -> Iterator[Asked]:
    found = table(stream, REQUIRED)
    names = ("line_ref", *REQUIRED, "amount", "currency", "usages")
    places = [found.places.get(name, found.NOWHERE) for name in names]
    for number, cells in found.rows:
        ref, subject, right, use, territory, on, amount, currency, usages = [cells[place] for place in places]
        key = Key((subject,), right, use, territory, on)
        # What a line of our own columns states is paid as it stands.
        paid, fault = _paid(amount, currency, exact=True)
        yield Asked(number, ref, key, paid, usages, fault)


def _dsr(
    stream: BinaryIO, report: UsageReport, rights: Sequence[str], remark: Remark | None
) -> Iterator[Asked]:
    wanted = weighted(rights)
    split_told = False
    narrowed = lru_cache(maxsize=1024)(partial(_narrowed, wanted))
    held: dict[tuple[object, ...], tuple[Key, ...]] = {}
    for item in dsr.read(stream, report.told):
        if isinstance(item, Finding):
            _tell(item, report, remark)
            continue
        line, ref, isrc, iswc, _, _, use_type, territory, first, _, usages, amount, currency, named = item
        said = isrc, iswc, use_type, territory, first, named
        keys = held.get(said)
        if keys is None:
            if len(held) >= HELD:
                held.clear()
            keys = held[said] = _keys(item, narrowed(named))
        if len(keys) == 1 or not amount:
            # It may be finer than the minor unit.
            paid, fault = _paid(amount, currency, exact=False) if amount else (None, "")
            for key in keys:
                yield Asked(line, ref, key, paid, usages, fault)
            continue
        amounts = _amounts(item, narrowed(named))
        if amounts is None and not split_told:
            split_told = True
            _tell(Finding("dsr.amount", f"line:{line}", value=amount), report, remark)
        for key in keys:
            paid, fault = _paid(amounts[key.right] if amounts else "", currency, exact=False)
            yield Asked(line, ref, key, paid, usages, fault)


def _paid(amount: str, currency: str, *, exact: bool) -> tuple[Money | None, str]:
    """What is stated, or else what is wrong with it."""
    try:
        return money(amount, currency, exact=exact), ""
    except UsageError as fault:
        return None, fault.detail


def _keys(item: dsr.UsageLine, rights: Iterable[str]) -> tuple[Key, ...]:
    """The questions that a line asks."""
    # A recording's works' rights are asked for by the recording, which knows all its works.
    subjects: tuple[str, ...] = (f"isrc:{item.isrc}",) if item.isrc else ()
    if item.iswc:
        subjects = (*subjects, f"iswc:{item.iswc}")
    use = canonical_use(item.use_type) or item.use_type
    return tuple([Key(subjects, right, use, item.territory, item.first) for right in rights])


def _tell(finding: Finding, report: UsageReport, remark: Remark | None) -> None:
    report.findings[finding.severity] += 1
    if remark is not None:
        remark(finding)


def weighted(rights: Sequence[str]) -> dict[str, int]:
    """Rights with the parts of a line's revenue that go to them, 0 where none are stated.

    Raises:
        UsageError: an unknown right, none at all, or parts for some of them only.

    >>> weighted(["PR=25", "MR=75"])
    {'PR': 25000000, 'MR': 75000000}
    """
    found: dict[str, int] = {}
    for text in rights:
        right, stated, part = (piece.strip() for piece in text.partition("="))
        if not is_question_right(right):
            raise UsageError(f"rights: {text!r}; a report is answered for PR, MR, SR, PROD or PERF")
        try:
            found[right] = parse_percent(part) if stated else 0
        except ShareError as fault:
            raise UsageError(f"rights: {text!r}: {fault}") from fault
    if not found or (any(found.values()) and not all(found.values())):
        raise UsageError("rights: name at least one, and a part for all of them or none, as in PR=25|MR=75")
    return found


def _narrowed(wanted: Mapping[str, int], stated: Sequence[str]) -> Mapping[str, int]:
    """The rights asked for, without those that the report does not name where it names some of them."""
    named = {category(text) for text in stated}
    own = {right: part for right, part in wanted.items() if right in named}
    return own or wanted


def _amounts(item: dsr.UsageLine, rights: Mapping[str, int]) -> dict[str, str] | None:
    """The revenue of a line by right; None where nothing says how it is split."""
    if not all(rights.values()):
        return None
    try:
        whole = money(item.amount, item.currency, exact=False)
    except UsageError:
        # What is wrong with it is said where the line is answered.
        return dict.fromkeys(rights, item.amount)
    return dict(zip(rights, whole.split(list(rights.values())), strict=True)) if whole else None
