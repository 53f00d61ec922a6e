"""Known time as integers: microseconds since 1970 in UTC, the same on every database.

``OPEN`` stands for "until further notice" and for "not yet published": a row staged by a running intake
has ``known_from == OPEN`` and is therefore invisible to every question.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, FromClause, and_

from hub.db import days

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
OPEN = 253_402_300_799_000_000
BEGINNING, FOREVER = days.BEGINNING, days.FOREVER


def instant(moment: dt.datetime) -> int:
    """Microseconds of an aware moment.

    Raises:
        ValueError: the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return (moment - EPOCH) // dt.timedelta(microseconds=1)


def moment(microseconds: int) -> dt.datetime:
    """The aware UTC moment of an instant."""
    return EPOCH + dt.timedelta(microseconds=microseconds)


def text(microseconds: int) -> str:
    """ISO 8601 with microseconds and ``Z``; parsing it gives the same instant back.

    >>> text(parse("2026-11-23T10:00:00.000001Z"))
    '2026-11-23T10:00:00.000001Z'
    """
    return moment(microseconds).strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z"


def parse(value: str) -> int:
    """Read an ISO 8601 instant; a date alone means its first moment, a missing zone means UTC.

    Raises:
        ValueError: not an ISO instant.
    """
    found = dt.datetime.fromisoformat(value)
    return instant(found if found.tzinfo else found.replace(tzinfo=dt.UTC))


def as_known(table: FromClause, at: int) -> ColumnElement[bool]:
    """The condition that a row of a table (or of its alias) was known at this instant."""
    return and_(table.c.known_from <= at, table.c.known_to > at)
