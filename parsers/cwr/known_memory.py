"""What is remembered while one file is read: bounded by size, and given up where nothing comes again."""

from __future__ import annotations

from collections.abc import Hashable
from itertools import count
from typing import TypeVar

WORTHWHILE = 1.25
"""What comes again whole is remembered where there is one new of it in so many registrations, or fewer."""

NUMBERED = 1 << 14
"""So many shapes."""

Thing = TypeVar("Thing", bound=Hashable)
What = TypeVar("What")


class Looks:
    """How many registrations were looked at."""

    def __init__(self) -> None:
        """Begin with none."""
        self.count = 0


class Memory(dict[Thing, What]):
    """What was learned of things, up to a limit: then it is forgotten, as later parts of a file differ.

    Where hardly anything came again until then, nothing more is remembered: that would cost time and space.
    """

    def __init__(self, limit: int, looks: Looks | None = None) -> None:
        """Begin empty; ``limit`` is the largest sum of sizes, ``looks`` tells whether it is worthwhile."""
        super().__init__()
        self._limit = limit
        self._size = 0
        self._looks = looks
        self._looked = 0
        self._useless = False

    def put(self, thing: Thing, what: What, size: int = 1) -> What:
        """Remember ``what``, and give it back."""
        if self._useless:
            return what
        self._size += size
        if self._size > self._limit:
            if self._looks is not None:
                self._useless = self._looks.count - self._looked < len(self) * WORTHWHILE
                self._looked = self._looks.count
            self.clear()
            self._size = size
        self[thing] = what
        return what


class Numbers:
    """A number, from 1, for each thing; what was forgotten meanwhile gets another one."""

    def __init__(self) -> None:
        """Begin without any."""
        self._known: Memory[Hashable, int] = Memory(NUMBERED)
        self._next = count(1)

    def of(self, thing: Hashable) -> int:
        """The number of ``thing``."""
        return self._known.get(thing) or self._known.put(thing, next(self._next))
