"""The names that the standard gives CWR files, from ``schemas/cwr/file_names.csv``.

Versions 2 and 3 have a family of names each (CWR functional specifications 2.2 rev. 2, 3.1, and what version
3 files are called in practice). Readers never rely on a name (``parsers.cwr.file_name``).
"""

from __future__ import annotations

from schemas.cwr.tables import Row, rows
from schemas.cwr.written_values import written_values

EVERYBODY = "0"
"""The receiver of a file that is sent to several societies."""

NUMBERS = 10_000


def file_name(
    version: str,
    *,
    year: int,
    number: int,
    sender: str,
    receiver: str = EVERYBODY,
    transaction: str = "",
) -> str:
    """The name of a file.

    Args:
        version: the version of the file.
        year: the year it is made in.
        number: its number among the sender's files of that year; names have four digits of it.
        sender: code of the sender, short letters or the number of a society.
        receiver: code of the receiver.
        transaction: the transaction header of its groups; version 3 tells kinds of files apart.

    >>> file_name("2.1", year=2026, number=7, sender="177", receiver="52")
    'CW260007177_052.V21'
    >>> file_name("3.0", year=2026, number=7, sender="DMP", transaction="WRK")
    'CW260007DMP_0000_V3-0-0.SUB'
    >>> file_name("3.1", year=2026, number=7, sender="177", receiver="DMP", transaction="ACK")
    'CW2600070177_DMP_V3-1-0.ACK'
    """
    named: dict[str, Row] = {}
    for item in rows("file_names", version):
        # The first name of a kind is the one in use; the others are the manual's.
        named.setdefault(item["transaction"], item)
    row = named.get(transaction) or named[""]
    major, minor = version.split(".")
    return row["pattern"].format(
        year=year % 100,
        number=number % NUMBERS,
        sender=_party(sender, int(row["party_size"])),
        receiver=_party(receiver, int(row["party_size"])),
        major=major,
        minor=minor,
        revision=int(written_values(version, "HDR").get("revision", "0")),
    )


def _party(code: str, size: int) -> str:
    return code.zfill(size) if code.isdecimal() else code
