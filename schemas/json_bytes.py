"""JSON texts that are kept: in as many bytes as they have.

``orjson.dumps`` writes into a buffer of some kilobytes and gives the rest back where nothing as large fits
any more. A text that is dropped at once costs nothing; of a hundred thousand small ones that are kept, each
takes four kilobytes and twenty times as long as writing it. What is kept is copied for that.
"""

from __future__ import annotations

from json.encoder import encode_basestring
from typing import Any

import orjson


def kept(value: Any, option: int | None = None) -> bytes:
    """As ``orjson.dumps`` writes it.

    Raises:
        TypeError: it cannot be written, as for ``orjson.dumps``.
    """
    return bytes(memoryview(orjson.dumps(value, None, option)))


def text_bytes(text: str) -> bytes:
    """One text, as ``orjson.dumps`` writes it.

    Raises:
        UnicodeEncodeError: half of a surrogate pair stands in it, which no text of a feed has.

    >>> text_bytes('Ән "бір"').decode()
    '"Ән \\\\"бір\\\\""'
    """
    return encode_basestring(text).encode()
