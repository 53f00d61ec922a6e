"""Telling from the first bytes whether a stream is a CWR file."""

from __future__ import annotations

import re

from parsers.cwr.lines import UTF8_BOM, UTF16_BOMS

_HEADER = re.compile(r"[\s\x00\x1a]*HDR(?:PB|SO|AA|WR|\d\d)[^<>{};,]{0,8}")


def looks_like(head: bytes) -> bool:
    """Whether ``head`` begins like a CWR transmission header; blank lines and byte order marks are skipped.

    UTF-16 counts as well, although no CWR file may use it: the reader then says what is wrong.

    >>> looks_like(b"HDRPB000000199THE SENDER")
    True
    >>> looks_like(b"work_ref,title,iswc")
    False
    """
    if head.startswith(UTF16_BOMS):
        even = len(head) - len(head) % 2
        text = head[:even].decode("utf-16", errors="replace")
    else:
        text = head.removeprefix(UTF8_BOM).decode("latin-1")
    return _HEADER.match(text) is not None
