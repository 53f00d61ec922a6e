"""Numbered lines of UTF-8 text from a binary stream in bounded memory.

Other encodings are refused, never guessed: a wrong guess turns Cyrillic names into other names silently.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from schemas.findings import Finding

CHUNK = 1 << 16
LINE_LIMIT = 1 << 20
"""Longest line that is handed out whole; of a longer one only the beginning comes."""

_UTF16 = (b"\xff\xfe", b"\xfe\xff")

Line = tuple[int, str]
"""Number (from 1) and text, with a line feed at its end unless the stream ends without."""


class Batch(NamedTuple):
    """Lines in a row, without line feeds; not ``whole`` is one that was cut, or that ends without one."""

    first: int
    texts: list[str]
    whole: bool = True


class Refused(Exception):
    """The file cannot be read as a table; carries the finding that says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


class Lines:
    """The lines of a stream; CRLF, LF and CR end one. A byte order mark is no part of the text."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._source = self._numbered()

    def __iter__(self) -> Iterator[Line]:
        return self

    def __next__(self) -> Line:
        return next(self._source)

    def _numbered(self) -> Iterator[Line]:
        for batch in self.batches():
            for number, text in enumerate(batch.texts, batch.first):
                yield number, text + "\n" if batch.whole else text

    def batches(self) -> Iterator[Batch]:
        """Every line, many at a time, decoded chunk by chunk; a line grows to the limit at most.

        Raises:
            Refused: the bytes are not UTF-8.
        """
        decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder("utf-8-sig")(), translate=True)
        number, rest, cut, final = 1, "", False, False
        while not final:
            chunk = self._stream.read(CHUNK)
            final = not chunk
            try:
                text = rest + decoder.decode(chunk, final)
            except UnicodeDecodeError as fault:
                raise Refused(_encoding(fault, number)) from None
            *whole, rest = text.split("\n")
            skipped = 1 if cut and whole else 0
            if len(whole) > skipped:
                yield Batch(number + skipped, whole[skipped:] if skipped else whole)
            cut = cut and not whole
            number += len(whole)
            if len(rest) > LINE_LIMIT:
                if not cut:
                    yield Batch(number, [rest], whole=False)
                # What follows on this line is skipped.
                cut, rest = True, ""
        if rest and not cut:
            yield Batch(number, [rest], whole=False)


def _encoding(fault: UnicodeDecodeError, number: int) -> Finding:
    raw: bytes = fault.object
    if number == 1 and raw.startswith(_UTF16):
        return Finding("tabular.encoding", "line:1", detail="UTF-16")
    before = raw[: fault.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return Finding(
        "tabular.encoding", f"line:{number + before.count(10)}", detail=f"0x{raw[fault.start]:02X}"
    )
