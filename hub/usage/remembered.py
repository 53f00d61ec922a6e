"""Answers to the questions of a report: the latest in memory, all of them in a scratch file on disk.

Each distinct question is answered once, however many lines ask it and however far apart. With a path the
scratch file outlives a run that was cut off, and the next run of the same report goes on from it.
"""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

REMEMBERED = 20_000
"""So many answers are kept in memory; a service's charts ask the same again and again."""

PART = 500
"""Keys looked up in one statement."""

ANSWERED, UNKNOWN, UNREADABLE = "answered", "unknown", "unreadable"


@dataclass(frozen=True, slots=True)
class Part:
    """One line of an answer: its share in units, status and payee, and its cells as CSV text."""

    share: int
    status: str
    society: str
    payee: str
    text: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of a question: its kind, the subject that was known, and the lines of the answer."""

    kind: str
    subject: str
    parts: tuple[Part, ...]
    reason: str = ""
    title: str = ""

    def encode(self) -> bytes:
        """As bytes for the scratch file."""
        parts = [(item.share, item.status, item.society, item.payee, item.text) for item in self.parts]
        return orjson.dumps([self.kind, self.subject, parts, self.reason, self.title])

    @classmethod
    def decode(cls, data: bytes) -> Answered:
        """Back from bytes."""
        kind, subject, parts, reason, title = orjson.loads(data)
        return cls(kind, subject, tuple(Part(*item) for item in parts), reason, title)


class Remembered:
    """Answers by their question's key.

    ``run`` says what the scratch file belongs to; one that belongs to something else is begun anew.
    """

    def __init__(self, path: Path | None = None, run: str = "") -> None:
        self._recent: OrderedDict[bytes, Answered] = OrderedDict()
        self._path = path
        if path is not None and path.exists() and not _belongs(path, run):
            path.unlink()
        # An empty name is a file of SQLite's own that vanishes with the connection.
        self._scratch = sqlite3.connect(str(path or ""), isolation_level=None)
        for pragma in ("journal_mode=MEMORY", "synchronous=OFF", "cache_size=-8000"):
            self._scratch.execute(f"PRAGMA {pragma}")
        self._scratch.execute("CREATE TABLE IF NOT EXISTS run (name TEXT, known_at INTEGER)")
        self._scratch.execute(
            "CREATE TABLE IF NOT EXISTS answer (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID"
        )
        if not self._scratch.execute("SELECT 1 FROM run").fetchone():
            self._scratch.execute("INSERT INTO run VALUES (?, NULL)", (run,))

    @property
    def known_at(self) -> int | None:
        """The instant of the answers, None before it was set."""
        row: tuple[int | None] = self._scratch.execute("SELECT known_at FROM run").fetchone()
        return row[0]

    @known_at.setter
    def known_at(self, at: int) -> None:
        self._scratch.execute("UPDATE run SET known_at = ?", (at,))

    def find(self, keys: Iterable[bytes]) -> dict[bytes, Answered]:
        """Those of the answers that are known."""
        found: dict[bytes, Answered] = {}
        missing: list[bytes] = []
        for key in keys:
            recent = self._recent.get(key)
            if recent is None:
                missing.append(key)
            else:
                self._recent.move_to_end(key)
                found[key] = recent
        for start in range(0, len(missing), PART):
            part = missing[start : start + PART]
            marks = ",".join("?" * len(part))
            query = f"SELECT key, value FROM answer WHERE key IN ({marks})"  # noqa: S608
            for key, value in self._scratch.execute(query, part):
                found[key] = Answered.decode(value)
                self._note(key, found[key])
        return found

    def keep(self, answers: dict[bytes, Answered]) -> None:
        """Remember these, on disk before the next are asked for."""
        self._scratch.execute("BEGIN")
        self._scratch.executemany(
            "INSERT OR REPLACE INTO answer VALUES (?, ?)",
            [(key, value.encode()) for key, value in answers.items()],
        )
        self._scratch.execute("COMMIT")
        for key, value in answers.items():
            self._note(key, value)

    def _note(self, key: bytes, value: Answered) -> None:
        self._recent[key] = value
        if len(self._recent) > REMEMBERED:
            self._recent.popitem(last=False)

    def close(self, *, done: bool) -> None:
        """Let go of the scratch file; it is removed when the run is done."""
        self._scratch.close()
        if done and self._path is not None:
            self._path.unlink(missing_ok=True)


def _belongs(path: Path, run: str) -> bool:
    """Whether a scratch file is whole and was begun for this run."""
    try:
        scratch = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            healthy: tuple[Any] = scratch.execute("PRAGMA quick_check").fetchone()
            names = scratch.execute("SELECT name FROM run").fetchall()
        finally:
            scratch.close()
    except sqlite3.Error:
        return False
    return healthy[0] == "ok" and names == [(run,)]
