"""What a declaration says as plain data, canonical bytes and a fingerprint; positions are no part of it."""

from __future__ import annotations

import dataclasses
import hashlib
from functools import cache
from typing import Any

import orjson

from schemas.declarations import Declaration


@cache
def _content_fields(cls: type[Any]) -> tuple[tuple[str, Any], ...] | None:
    """Names and defaults of the fields that are content (``position`` is not); None for a plain value."""
    if not dataclasses.is_dataclass(cls):
        return None
    return tuple((item.name, item.default) for item in dataclasses.fields(cls) if item.compare)


def content(value: Any) -> Any:
    """Plain lists, dictionaries and scalars holding the content of a declaration, defaults left out."""
    cls: Any = type(value)
    if cls is str or cls is int:
        return value
    if cls is tuple:
        return [content(item) for item in value]
    fields = _content_fields(cls)
    if fields is None:
        return value
    found: dict[str, Any] = {}
    for name, default in fields:
        item = getattr(value, name)
        if item != default:
            found[name] = content(item)
    return found


def encode(declaration: Declaration) -> bytes:
    """The content of a declaration as canonical JSON: equal declarations give equal bytes."""
    return orjson.dumps(content(declaration), option=orjson.OPT_SORT_KEYS)


def digest(encoded: bytes) -> str:
    """Fingerprint of an encoded declaration, 32 hexadecimal digits."""
    return hashlib.blake2b(encoded, digest_size=16).hexdigest()
