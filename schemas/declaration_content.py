"""What a declaration says as plain data, canonical bytes and a fingerprint; positions are no part of it."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable
from functools import cache
from typing import Any, cast

import orjson

from schemas.declarations import Declaration
from schemas.json_bytes import kept

_PLAIN = frozenset({str, int, bool})


@cache
def _reader(cls: type[Any]) -> Callable[[Any], dict[str, Any]] | None:
    """A function that gives the content of an object of this class; None for a plain value.

    It names every field that is content (``position`` is not) once, by plain attributes: a work has a
    hundred of them, most at their defaults, and what is asked about each costs as much as reading it.
    """
    if not dataclasses.is_dataclass(cls):
        return None
    fields = [item for item in dataclasses.fields(cls) if item.compare]
    source = "\n".join(
        [
            "def read(value):",
            "    found = {}",
            *[
                f"    if (item := value.{item.name}) != defaults[{place}]:\n"
                f"        found[{item.name!r}] = item if type(item) in plain else content(item)"
                for place, item in enumerate(fields)
            ],
            "    return found",
        ]
    )
    namespace: dict[str, Any] = {
        "defaults": tuple(item.default for item in fields),
        "plain": _PLAIN,
        "content": content,
    }
    # The source holds nothing but names of fields, as what dataclasses generate does.
    exec(source, namespace)  # noqa: S102
    return cast(Callable[[Any], dict[str, Any]], namespace["read"])


def content(value: Any) -> Any:
    """Plain lists, dictionaries and scalars holding the content of a declaration, defaults left out."""
    cls: Any = type(value)
    if cls in _PLAIN:
        return value
    if cls is tuple:
        return [item if type(item) in _PLAIN else content(item) for item in value]
    read = _reader(cls)
    return value if read is None else read(value)


def encode(declaration: Declaration) -> bytes:
    """The content of a declaration as canonical JSON: equal declarations give equal bytes."""
    return kept(content(declaration), orjson.OPT_SORT_KEYS)


def digest(encoded: bytes) -> str:
    """Fingerprint of an encoded declaration, 32 hexadecimal digits."""
    return hashlib.blake2b(encoded, digest_size=16).hexdigest()
