"""Answers to the questions of a report: the latest in memory, all of them in a scratch file on disk.

Each distinct question is answered once, however many lines ask it and however far apart. With a path the
scratch file outlives a run that was cut off, and the next run of the same report goes on from it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from sys import intern
from typing import Any, NamedTuple

import orjson

from hub.usage.lines import Key
from schemas.json_bytes import kept

REMEMBERED = 100_000
"""About so many answers are kept in memory; a service's charts ask the same again and again."""

LAYOUT = 3
"""Of the scratch file; one of another layout is begun anew."""

PART = 500
"""Keys looked up in one statement."""

ANSWERED, UNKNOWN, UNREADABLE = "answered", "unknown", "unreadable"


class Part(NamedTuple):
    """One line of an answer: its share in units, status and payee.

    ``text`` are the cells of the question and of the line as CSV text, the same for every line of the report
    that asks it.
    """

    share: int
    status: str
    society: str
    payee: str
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """What became of a question: its kind, the subject that was known, and the lines of the answer."""

    kind: str
    subject: str
    parts: tuple[Part, ...]
    reason: str = ""
    title: str = ""
    about: tuple[str, str] = ("", "")
    """The public id of the linked subject that was answered about, empty where it has none, and the right."""

    shares: tuple[int, ...] = field(init=False)
    texts: tuple[str, ...] = field(init=False)
    """Those of the parts."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "shares", tuple([part.share for part in self.parts]))
        object.__setattr__(self, "texts", tuple([part.text for part in self.parts]))

    def encode(self) -> bytes:
        """As bytes for the scratch file."""
        parts = [*map(tuple, self.parts)]
        return kept([self.kind, self.subject, parts, self.reason, self.title, self.about])

    @classmethod
    def decode(cls, data: bytes) -> Answered:
        """Back from bytes."""
        kind, subject, parts, reason, title, (about, right) = orjson.loads(data)
        return cls(
            intern(kind), subject,
            tuple(
                Part(share, intern(status), intern(society), intern(payee), text)
                for share, status, society, payee, text in parts
            ),
            reason, title, (about, intern(right)),
        )  # fmt: skip


class Remembered:
    """Answers by their question's key.

    ``run`` says what the scratch file belongs to; one that belongs to something else is begun anew.
    """

    def __init__(self, path: Path | None = None, run: str = "") -> None:
        # What was asked for lately; when that is much, it takes the place of what was before it.
        self._recent: dict[Key, Answered] = {}
        self._before: dict[Key, Answered] = {}
        self._path = path
        run = f"{run}|{LAYOUT}"
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
        self._only_on_disk = self._scratch.execute("SELECT 1 FROM answer").fetchone() is not None

    @property
    def known_at(self) -> int | None:
        """The instant of the answers, None before it was set."""
        row: tuple[int | None] = self._scratch.execute("SELECT known_at FROM run").fetchone()
        return row[0]

    @known_at.setter
    def known_at(self, at: int) -> None:
        self._scratch.execute("UPDATE run SET known_at = ?", (at,))

    def find(self, keys: Iterable[Key]) -> dict[Key, Answered]:
        """Those of the answers that are known, each key once."""
        found: dict[Key, Answered] = {}
        missing: list[Key] = []
        recent, before = self._recent, self._before
        for key in keys:
            answered = recent.get(key)
            if answered is None:
                answered = before.get(key)
                if answered is None:
                    missing.append(key)
                    continue
                recent[key] = answered
            found[key] = answered
        if self._only_on_disk:
            for start in range(0, len(missing), PART):
                self._read(missing[start : start + PART], found)
        self._note(found)
        return found

    def _read(self, keys: Iterable[Key], found: dict[Key, Answered]) -> None:
        by_bytes = {kept(tuple(key)): key for key in keys}
        marks = ",".join("?" * len(by_bytes))
        query = f"SELECT key, value FROM answer WHERE key IN ({marks})"  # noqa: S608
        for key, value in self._scratch.execute(query, list(by_bytes)):
            found[by_bytes[key]] = Answered.decode(value)

    def keep(self, answers: Mapping[Key, Answered]) -> None:
        """Remember these, on disk before the next are asked for."""
        self._scratch.execute("BEGIN")
        self._scratch.executemany(
            "INSERT OR REPLACE INTO answer VALUES (?, ?)",
            [(kept(tuple(key)), value.encode()) for key, value in answers.items()],
        )
        self._scratch.execute("COMMIT")
        self._note(answers)

    def _note(self, answers: Mapping[Key, Answered]) -> None:
        self._recent.update(answers)
        if len(self._recent) > REMEMBERED // 2:
            self._only_on_disk = self._only_on_disk or bool(self._before)
            self._recent, self._before = {}, self._recent

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
