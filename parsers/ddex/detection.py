"""Whether bytes are an XML document: every XML file goes to the DDEX reader, which says what it is."""

from __future__ import annotations

import codecs

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def looks_like(head: bytes) -> bool:
    """True when the first character is ``<``, in UTF-8 or UTF-16, after a byte order mark and blanks."""
    for mark in _MARKS:
        if head.startswith(mark):
            head = head[len(mark) :]
            break
    text = head.replace(b"\0", b"").lstrip()
    return text.startswith(b"<")
