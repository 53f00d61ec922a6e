"""JSON texts with gaps: what is the same in many answers is written once, and filled in with what is not.

A form is made by the code that makes the contract's objects, from objects with marks in them, so there is
one place that says what an answer looks like.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from operator import itemgetter
from secrets import token_hex
from typing import Any

import orjson

# Nobody can know it, so no name in the data can look like a mark.
_SCHEME, _KEY = "gap", token_hex(8)
_MARK = re.compile(rf'"{_SCHEME}:{_KEY}-(\d+)-"'.encode())


class _Gap(str):
    """A mark where a text or any JSON value will stand, or a day."""

    __slots__ = ()

    def isoformat(self) -> str:
        """As a day is written."""
        return str(self)


def gap(number: int) -> Any:
    """What stands for the value of this number."""
    return _Gap(f"{_SCHEME}:{_KEY}-{number}-")


class Form:
    """The JSON text of an object with gaps; ``filled`` takes the values as JSON texts, by their numbers."""

    __slots__ = ("_pick", "_text")

    def __init__(self, shown: Any) -> None:
        text = orjson.dumps(shown)
        places = [int(number) for number in _MARK.findall(text)]
        self._text = _MARK.sub(b"%b", text.replace(b"%", b"%%"))
        self._pick: Callable[[Sequence[bytes]], Any]
        if len(places) == 1:
            [only] = places
            self._pick = lambda values: (values[only],)
        else:
            self._pick = itemgetter(*places) if places else lambda _values: ()

    def filled(self, values: Sequence[bytes]) -> bytes:
        """The text with its gaps filled in."""
        text: bytes = self._text % self._pick(values)
        return text
