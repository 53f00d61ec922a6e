"""What a file has said before, in bounded memory: the latest in a dictionary, the rest in a file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Generic, TypeVar

IN_MEMORY = 50_000
"""So many entries are held in memory, about 10 MB; then all go to the file."""

Value = TypeVar("Value", int, bytes)


class Spilled(Generic[Value]):
    """A mapping of texts to whole numbers or bytes, in the order in which its keys came first.

    The file is SQLite's own for a database without a name: it has no name in the file system, lies in the
    folder for temporary files, and is gone when the mapping is. Nothing is written while all fits in memory.
    """

    def __init__(self, in_memory: int | None = None) -> None:
        """Hold at most ``in_memory`` entries, ``IN_MEMORY`` unless said."""
        self._most = in_memory or IN_MEMORY
        self._latest: dict[str, Value] = {}
        self._file: sqlite3.Connection | None = None

    def __bool__(self) -> bool:
        """Whether anything was ever put in."""
        return bool(self._latest) or self._file is not None

    def get(self, key: str) -> Value | None:
        """What stands for the key."""
        found = self._latest.get(key)
        if found is None and self._file is not None:
            row = self._file.execute("SELECT value FROM entry WHERE key = ?", (key,)).fetchone()
            return row[0] if row else None
        return found

    def put(self, key: str, value: Value) -> None:
        """Let this value stand for the key."""
        if len(self._latest) >= self._most and key not in self._latest:
            self._spill()
        self._latest[key] = value

    def values(self) -> Iterator[Value]:
        """All values, by when their keys came first."""
        if self._file is None:
            yield from self._latest.values()
            return
        self._spill()
        for (value,) in self._file.execute("SELECT value FROM entry ORDER BY number"):
            yield value

    def _spill(self) -> None:
        if self._file is None:
            self._file = sqlite3.connect("", isolation_level=None, check_same_thread=False)
            self._file.execute("PRAGMA journal_mode = OFF")
            self._file.execute("CREATE TABLE entry (number INTEGER PRIMARY KEY, key UNIQUE, value)")
        self._file.execute("BEGIN")
        self._file.executemany(
            "INSERT INTO entry (key, value) VALUES (?, ?)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            self._latest.items(),
        )
        self._file.execute("COMMIT")
        self._latest.clear()
