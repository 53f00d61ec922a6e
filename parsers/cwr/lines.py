"""Numbered lines of a CWR stream in bounded memory, whatever the bytes are.

CRLF, LF and CR end a line. CWR 2.x is ASCII or ISO-8859-1 by the standard and UTF-8 where the header says
so, version 3 is UTF-8; in practice UTF-8 comes undeclared too, so each line with other bytes is read as
UTF-8 if it is valid UTF-8 and as ISO-8859-1 if not, and the file gets one remark about it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from schemas.findings import Finding, quote

CHUNK = 1 << 18
LINE_LIMIT = 1 << 14
"""Longest line that is read whole; the longest CWR record has 663 characters."""

REMARKS_CARRIED = 100
"""So many remarks on blank lines wait for the next line; a gigabyte of NUL lines must not become a heap."""

UTF8_BOM = b"\xef\xbb\xbf"
UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
SUB = b"\x1a"
"""End-of-file mark that old systems leave at the end."""

_CONTROLS = bytes(code for code in range(32) if code not in b"\r\n") + b"\x7f"
_TO_SPACES = bytes.maketrans(_CONTROLS, b" " * len(_CONTROLS))
_CHARSET = slice(80, 110)
"""Roughly where the header names its character set, in every version."""

_VERSION_3 = slice(102, 104)
"""Where a header of version 3, which is UTF-8 throughout, begins its version."""

Line = tuple[int, str, tuple[Finding, ...]]
"""Number (from 1), text without its end, and remarks on the line as such."""

Run = tuple[int, list[str], tuple[Finding, ...]]
"""Lines that follow each other, of which none is blank: the first one's number, and remarks on that line."""


class LineReader:
    """Cuts a binary stream into lines; ``head`` is known before the first line is asked for."""

    def __init__(self, stream: BinaryIO) -> None:
        """Read the first chunk."""
        self._stream = stream
        self._seen_encodings: set[str] = set()
        self._declared = "ASCII"
        self._first = stream.read(CHUNK) or b""
        while len(self._first) < len(UTF8_BOM) and (more := stream.read(CHUNK)):
            self._first += more
        self.head = self._first[: len(UTF8_BOM)]

    def __iter__(self) -> Iterator[Line]:
        """Every line that holds more than blanks, in order; remarks on blank ones come with the next.

        Remarks on blank lines at the end come with a last empty line.
        """
        for number, texts, remarks in self.runs():
            yield number, texts[0], remarks
            for place in range(1, len(texts)):
                yield number + place, texts[place], ()

    def runs(self) -> Iterator[Run]:
        """The same lines, as many at a time as there are without remarks and blank lines between them."""
        carried: tuple[Finding, ...] = ()
        run: list[str] = []
        number = 1
        for texts, raws in self._blocks():
            if texts:
                yield number, texts, carried
                carried = ()
                number += len(texts)
            for raw in raws:
                text, remarks = self._clean(raw, number)
                blank = not text or text.isspace()
                if run and (blank or remarks):
                    yield number - len(run), run, carried
                    run, carried = [], ()
                if blank:
                    carried += remarks[: REMARKS_CARRIED - len(carried)]
                else:
                    if text.startswith("HDR"):
                        self._declare(text)
                    carried += remarks
                    run.append(text)
                number += 1
            if run:
                yield number - len(run), run, carried
                run, carried = [], ()
        if carried:
            yield number - 1, [""], carried

    def _declare(self, header: str) -> None:
        if "UTF-8" in header[_CHARSET].upper() or header[_VERSION_3] == "3.":
            self._declared = "UTF-8"

    def _blocks(self) -> Iterator[tuple[list[str], list[bytes]]]:
        """Lines as texts where all are plain, else as bytes, the over-long ones cut."""
        data = self._first.removeprefix(UTF8_BOM)
        self._first = b""
        rest = b""
        inside_long = after_return = False
        while data:
            if after_return and data[:1] == b"\n":
                data = data[1:]
            after_return = data[-1:] == b"\r"
            buffer = rest + data
            complete = buffer[-1:] in (b"\r", b"\n")
            texts = [] if inside_long else _plain_lines(buffer)
            if texts:
                rest = b"" if complete else texts.pop().encode("ascii")
                yield texts, []
            else:
                found = buffer.splitlines()
                rest = b"" if complete or not found else found.pop()
                if inside_long and found:
                    del found[0]
                    inside_long = False
                yield [], found
            if inside_long:
                rest = b""
            elif len(rest) > LINE_LIMIT:
                yield [], [rest[: LINE_LIMIT + 1]]
                rest, inside_long = b"", True
            data = self._stream.read(CHUNK) or b""
        if rest:
            yield [], [rest]

    def _clean(self, raw: bytes, number: int) -> tuple[str, tuple[Finding, ...]]:
        if len(raw) <= LINE_LIMIT and not _unusual(raw):
            return raw.decode("ascii"), ()
        position = f"line:{number}"
        remarks: list[Finding] = []
        raw = raw.rstrip(SUB)
        too_long = len(raw) > LINE_LIMIT
        raw = raw[:LINE_LIMIT]
        plain = raw.translate(_TO_SPACES)
        text = self._decode(plain, remarks, cut=too_long)
        if plain != raw:
            remarks.append(
                Finding("cwr.control_character", position, text[:3], value=quote(raw.decode("latin-1")))
            )
        if too_long:
            remarks.append(
                Finding("cwr.line_too_long", position, text[:3], value=quote(text), detail=str(LINE_LIMIT))
            )
        return text, tuple(remarks)

    def _decode(self, raw: bytes, remarks: list[Finding], *, cut: bool) -> str:
        if raw.isascii():
            return raw.decode("ascii")
        try:
            text, encoding = raw.decode("utf-8"), "UTF-8"
        except UnicodeDecodeError as error:
            if cut and error.reason == "unexpected end of data":
                text, encoding = raw[: error.start].decode("utf-8"), "UTF-8"
            else:
                text, encoding = raw.decode("latin-1"), "ISO-8859-1"
        if encoding != self._declared and encoding not in self._seen_encodings:
            self._seen_encodings.add(encoding)
            remarks.append(Finding("file.encoding", value=encoding, detail=self._declared))
        return text


def _plain_lines(data: bytes) -> list[str]:
    """The lines of ``data`` if none needs a look, else none.

    None has bytes beyond ASCII or control characters, is blank or over-long, or a header, which may say
    something of those that follow.
    """
    if _unusual(data) or b"HDR" in data:
        return []
    texts = data.decode("ascii").splitlines()
    plain = all(texts) and max(map(len, texts), default=0) <= LINE_LIMIT and not any(map(str.isspace, texts))
    return texts if plain else []


def _unusual(data: bytes) -> bool:
    return not data.isascii() or len(data.translate(None, _CONTROLS)) != len(data)
