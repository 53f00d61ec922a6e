"""Statements of the hot path, put together once and sent straight to the driver.

Putting a statement together costs SQLAlchemy ten times what SQLite takes to answer it, and PostgreSQL plans
one that it was not told to prepare anew each time. A ``Prepared`` is written like any other query, with
``KEYS`` in place of a list and ``AT`` in place of an instant; lists of any length are one parameter
(``json_each`` on SQLite, an array on PostgreSQL), so the text and its plan stay the same.
"""

from __future__ import annotations

import datetime as dt
from collections import namedtuple
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any, ClassVar

import orjson
from sqlalchemy import BigInteger, ColumnElement, Connection, Date, Select, bindparam
from sqlalchemy.dialects import postgresql, sqlite

KEYS: Any = bindparam("keys", expanding=True)
AT: Any = bindparam("at", type_=BigInteger())
MOST = 5_000
"""Keys in one statement: bounds what a reply takes in memory."""


def in_order(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """To sort by a number that is a key, without an index being read from end to end for its order.

    A small table is cheapest read so; the plan would stay the same when it has grown.
    """
    return column + 0


_LIST = "(__[POSTCOMPILE_keys])"
_day = lru_cache(maxsize=65_536)(dt.date.fromisoformat)


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement for one kind of database: text, the values that never change, and how a row is made."""

    text: str
    constants: dict[str, Any]
    make: Callable[[Any], Any]


class Prepared:
    """A query that is asked again and again; rows are named tuples of its columns."""

    known: ClassVar[list[Prepared]] = []
    """Every prepared statement of the program: their plans are tested."""

    def __init__(self, name: str, query: Select[Any]) -> None:
        self.name = name
        self._query = query
        self._compiled: dict[str, _Compiled] = {}
        self.known.append(self)

    def rows(self, connection: Connection, keys: Collection[Any] = (), **values: Any) -> Iterator[Any]:
        """The rows for these keys, in the order of the query; of more than ``MOST`` keys within each ``MOST``
        of them in order.
        """
        return map(self._made(connection).make, self.cells(connection, keys, **values))

    def cells(
        self, connection: Connection, keys: Collection[Any] = (), **values: Any
    ) -> Iterator[tuple[Any, ...]]:
        """The same as plain tuples, as the driver gives them: on SQLite a day is its ISO text."""
        dialect = connection.dialect.name
        compiled = self._made(connection)
        driver: Any = connection.connection.driver_connection
        if len(keys) <= MOST:
            # The database puts them in order for itself.
            parts = [list(keys)] if keys else []
        else:
            ordered = sorted(set(keys))
            parts = [ordered[start : start + MOST] for start in range(0, len(ordered), MOST)]
        # Most have one part: its rows come without a step of ours between them.
        found = (_part(driver, dialect, compiled, part, values) for part in parts)
        return next(found) if len(parts) == 1 else chain.from_iterable(found)

    def text(self, dialect: str) -> tuple[str, dict[str, Any]]:
        """The statement with its constants, for looking at its plan."""
        compiled = self._compiled.get(dialect) or self._compile(dialect)
        return compiled.text, compiled.constants

    def _made(self, connection: Connection) -> _Compiled:
        dialect = connection.dialect.name
        return self._compiled.get(dialect) or self._compile(dialect)

    def _compile(self, dialect: str) -> _Compiled:
        if dialect == "sqlite":
            made = self._query.compile(dialect=sqlite.dialect(paramstyle="named"))
            text = str(made).replace(_LIST, "(SELECT value FROM json_each(:keys))")
        else:
            made = self._query.compile(dialect=postgresql.dialect(paramstyle="pyformat"))  # type: ignore[no-untyped-call]
            text = str(made).replace(f"IN {_LIST}", "= ANY (%(keys)s)")
        constants = {name: value for name, value in made.params.items() if name not in ("keys", "at")}
        columns = list(self._query.selected_columns)
        row = namedtuple("Row", [column.key or "" for column in columns], rename=True)  # type: ignore[misc]
        days = [place for place, column in enumerate(columns) if isinstance(column.type, Date)]
        make: Callable[[Any], Any] = row._make
        if days and dialect == "sqlite":

            def make(cells: Any, _row: Any = row, _days: list[int] = days) -> Any:
                whole = list(cells)
                for place in _days:
                    whole[place] = _day(whole[place])
                return _row._make(whole)

        compiled = _Compiled(text, constants, make)
        self._compiled[dialect] = compiled
        return compiled


def _part(
    driver: Any, dialect: str, compiled: _Compiled, part: list[Any], values: dict[str, Any]
) -> Iterator[Any]:
    if dialect == "sqlite":
        given = {**compiled.constants, **values, "keys": orjson.dumps(part).decode()}
        return iter(driver.execute(compiled.text, given))
    given = {**compiled.constants, **values, "keys": part}
    return iter(driver.execute(compiled.text, given, prepare=True))
