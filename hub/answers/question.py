"""A question: subject, right, use, territory, day - and as known when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection

from hub.answers import agreement
from hub.db import times
from hub.db.counters import horizon
from hub.errors import UsageError
from schemas import currencies, rights, territories
from schemas.identifiers import errors as identifier_errors
from schemas.identifiers import isrc, iswc

SUBJECT_FORMS = "iswc:T0345246801, isrc:KZA012500001, work:ID, recording:ID or society-code:177:12345"


@dataclass(frozen=True, slots=True)
class Question:
    """A checked question; ``known_at`` is an instant, None for everything known now.

    ``amount`` is in minor units of ``currency``, None when no money is asked about.
    """

    scheme: str
    value: str
    right: str
    use: str
    territory: str
    on: dt.date
    known_at: int | None = None
    amount: int | None = None
    currency: str = ""
    policy: str = agreement.POLICY
    """The share policy that the answer follows."""
    paid_on: dt.date | None = None
    """When it is paid, where that is not the day of use: agreements may tell the two apart."""

    @property
    def subject(self) -> str:
        """The subject as it was asked for."""
        return f"{self.scheme}:{self.value}"

    def as_json(self, known_at: int) -> dict[str, Any]:
        """The contract's ``question`` object."""
        return {
            "subject": self.subject,
            "right": self.right,
            "use": self.use,
            "territory": self.territory,
            "on": self.on.isoformat(),
            "known_at": times.text(known_at),
            **({"paid_on": self.paid_on.isoformat()} if self.paid_on else {}),
        }


def ask(
    subject: str,
    *,
    right: str,
    use: str,
    territory: str,
    on: str | dt.date,
    known_at: str | int | None = None,
    amount: str | None = None,
    currency: str | None = None,
    policy: str | None = None,
    paid_on: str | dt.date | None = None,
) -> Question:
    """Check the words of a question.

    ``policy`` is the caller's or else the hub's own (``Settings.share_policy``); without either it is
    ``least-agreed/1``. ``known_at`` is an ISO instant, or one in microseconds as the hub keeps it.

    Raises:
        UsageError: a part is missing or not understood; the message says what is accepted.
    """
    scheme, value = named(subject)
    terms = _terms(right, use, territory, on, policy or agreement.POLICY, paid_on)
    money, code = _money(amount, currency)
    at = instant(known_at, "known-at") if isinstance(known_at, str) else known_at
    return Question(scheme, value, *terms[:4], at, money, code, *terms[4:])


@lru_cache(maxsize=4_096)
def _terms(
    right: str, use: str, territory: str, on: str | dt.date, policy: str, paid_on: str | dt.date | None
) -> tuple[str, str, str, dt.date, str, dt.date | None]:
    """What is asked about a subject, checked: of many questions it is the same."""
    asked_right = rights.canonical_right(right)
    if asked_right is None or not rights.is_question_right(asked_right):
        raise UsageError(f"right {right!r} is not one of {', '.join(sorted(rights.CATEGORIES))}")
    asked_use = rights.canonical_use(use)
    if asked_use is None or asked_use == "*":
        raise UsageError(
            f"use {use!r} is not known; examples: on-demand-stream, download, radio, public-performance"
        )
    asked_day = on if isinstance(on, dt.date) else day(on, "on")
    place = country(territory, asked_day)
    shares = known_policy(policy)
    paid = day(paid_on, "paid-on") if isinstance(paid_on, str) else paid_on
    if paid is not None and paid < asked_day:
        raise UsageError(f"the payment ({paid}) lies before the use ({asked_day})")
    return asked_right, asked_use, place, asked_day, shares, paid


def known_policy(name: str) -> str:
    """The name of a share policy.

    Raises:
        UsageError: there is none of the name; those there are are told.
    """
    if name not in agreement.policies():
        raise UsageError(f"policy {name!r} is not one of {', '.join(agreement.policies())}")
    return name


def day(text: str, name: str) -> dt.date:
    """A day as questions write it; ``name`` is the option it came in.

    Raises:
        UsageError: it is no ISO date.
    """
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{name}: {text!r} is not an ISO date such as 2026-03-15") from None


def named(text: str) -> tuple[str, str]:
    """Scheme and value of a subject as questions write it.

    Raises:
        UsageError: it is none of the forms.
    """
    scheme, colon, value = text.strip().partition(":")
    scheme = scheme.lower()
    if not colon or not value:
        raise UsageError(f"subject {text!r} is not understood; write {SUBJECT_FORMS}")
    try:
        match scheme:
            case "iswc":
                return scheme, iswc.validate(value)
            case "isrc":
                return scheme, isrc.validate(value)
            case "work" | "recording":
                return scheme, value.lower()
            case "society-code" if ":" in value:
                return scheme, value
    except identifier_errors.ValidationError as fault:
        raise UsageError(f"{value!r} is not a valid {scheme.upper()}: {fault}") from fault
    raise UsageError(f"subject {text!r} is not understood; write {SUBJECT_FORMS}")


def country(text: str, on: dt.date) -> str:
    """The canonical code of the one country that a territory is on a day.

    Raises:
        UsageError: it is none, or several.
    """
    code = territories.canonical(text)
    if code is None:
        raise UsageError(f"territory {text!r} is not known; write an ISO code such as KZ or a TIS number")
    found = territories.evaluate((code,), on)
    if len(found) != 1:
        what = territories.table()[code]
        if found or not what.is_country:
            raise UsageError(f"territory {text!r} ({what.name}) is a group; ask for one country at a time")
        if on < what.exists_from:
            raise UsageError(
                f"territory {text!r} ({what.name}) begins on {what.exists_from}; "
                f"on {on} ask for the country there was then"
            )
        raise UsageError(
            f"territory {text!r} ({what.name}) ended before {what.exists_to}; "
            f"on {on} ask for the country there was then"
        )
    return next(iter(found))


def instant(text: str, name: str = "known_at") -> int:
    """An instant of known time as questions write it; ``name`` is the option or parameter it came in.

    Raises:
        UsageError: it is no ISO instant.
    """
    try:
        return times.parse(text)
    except (ValueError, OverflowError):
        raise UsageError(f"{name}: {text!r} is not an ISO instant such as 2026-03-15T10:00:00Z") from None


def asked_instant(connection: Connection, known_at: str | None) -> int:
    """The known time that is asked about: everything known now, where none is named.

    Raises:
        UsageError: it is no ISO instant.
    """
    return horizon(connection) if known_at is None else instant(known_at)


def _money(amount: str | None, currency: str | None) -> tuple[int | None, str]:
    if amount is None:
        return None, ""
    if not currency or currencies.exponent(currency) is None:
        raise UsageError("an amount needs a currency by its ISO 4217 code, such as --currency KZT")
    try:
        minor = currencies.parse_amount(amount, currency)
    except ValueError as fault:
        raise UsageError(f"amount {amount!r} is not understood: {fault}") from fault
    return minor, currency.upper()
