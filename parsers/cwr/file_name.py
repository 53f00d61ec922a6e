"""Whether a CWR file is called what its header says, by ``schemas/cwr/file_names.csv``.

A reader never relies on the name: a renamed file is read all the same, and this only remarks on it. Until
2006 the number of a file had two digits; such names are understood too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from schemas.cwr.tables import table
from schemas.declarations import Header
from schemas.findings import Finding, quote

PACKED = (".gz", ".zip")
CODE_LENGTH = 4
"""A longer sender in a header is an IPI name number, which no file name has."""

_PARTS = {
    "{year:02d}": r"(?P<year>\d{2})",
    "{number:04d}": r"(?P<number>\d{4}|\d{2})",
    "{major}": r"(?P<major>\d)",
    "{minor}": r"(?P<minor>\d)",
    "{revision}": r"(?P<revision>\d)",
}


@dataclass(frozen=True, slots=True)
class FileName:
    """What a name says: version, and the codes of sender and receiver."""

    version: str
    sender: str
    receiver: str


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(_expression(row["pattern"], int(row["party_size"])), re.IGNORECASE)
        for row in table("file_names")
    )


def _expression(pattern: str, party_size: int) -> str:
    expression = re.escape(pattern)
    parts = {
        **_PARTS,
        "{sender}": rf"(?P<sender>[A-Z0-9]{{2,{party_size}}})",
        "{receiver}": rf"(?P<receiver>[A-Z0-9]{{2,{party_size}}})",
    }
    for written, part in parts.items():
        expression = expression.replace(re.escape(written), part)
    return expression


def parse_file_name(name: str) -> FileName | None:
    """What the name of a file says, nothing if it is none of the standard's.

    >>> parse_file_name("CW260007177_052.V21")
    FileName(version='2.1', sender='177', receiver='052')
    >>> parse_file_name("cw0601EMI_044.v20").version, parse_file_name("works.V22")
    ('2.0', None)
    >>> parse_file_name("CW170058058_SA_V3-0-0.ACK1").receiver
    'SA'
    >>> parse_file_name("CW260007DMP_0000_V3-0-0.SUB")
    FileName(version='3.0', sender='DMP', receiver='0000')
    """
    for pattern in _patterns():
        found = pattern.fullmatch(name.strip())
        if found:
            version = f"{found['major']}.{found['minor']}"
            return FileName(version, found["sender"].upper(), found["receiver"].upper())
    return None


def name_findings(name: str, header: Header) -> Iterator[Finding]:
    """Remarks on the name that a file came under; an archive's name tells no version and is left alone."""
    plain = name
    while plain.lower().endswith(PACKED):
        plain = plain[: plain.rindex(".")]
    said = parse_file_name(plain)
    if said is None:
        if plain == name:
            yield Finding("cwr.file_name", record="HDR", value=quote(name))
        return
    if said.version != header.version:
        yield Finding("cwr.file_name_conflict", "file", "HDR", "version", quote(name), header.version)
    sender = header.sender_id
    if 0 < len(sender) <= CODE_LENGTH and _code(sender) != _code(said.sender):
        yield Finding("cwr.file_name_conflict", "file", "HDR", "sender_id", quote(name), quote(sender))
    if header.message_id and header.message_id.upper() != plain.upper():
        stated = quote(header.message_id)
        yield Finding("cwr.file_name_conflict", "file", "HDR", "file_name", quote(name), stated)


def _code(text: str) -> str:
    return text.lstrip("0") if text.isdecimal() else text.upper()
