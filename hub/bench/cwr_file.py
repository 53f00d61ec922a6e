"""Invented CWR files of any size for measurements, made from the record tables piece by piece."""

from __future__ import annotations

import io
from collections.abc import Iterator

from parsers.cwr.records import write
from schemas.cwr.layouts import layout

VERSION = "2.1"
RECORDS_OF_A_WORK = 10
RECORDS_OF_ALPHABETS = 7
"""So many more has a work that is registered in two alphabets."""
_CHUNK_WORKS = 500


def _record(record: str, sequence: int, number: int, **values: str) -> str:
    prefix = {"transaction_sequence": str(sequence), "record_sequence": str(number)}
    return write(layout(VERSION, record), {**prefix, **values})


def work_records(sequence: int, *, strangers: bool = False, alphabets: bool = False) -> list[str]:
    """One registration: original publisher with territories, two writers, link, title, performer.

    The same publishers, writers and performers make many works; ``strangers`` make one each, and share it
    in a thousand ways. In two ``alphabets`` come names and titles, and the original of a version.
    """
    houses, artists, bands = (1 << 30,) * 3 if strangers else (50, 900, 300)
    more = sequence % 1000 if strangers else 0
    shares = {"pr_share": "02500", "mr_share": f"{5000 + more:05d}", "sr_share": "05000"}
    rest = {**shares, "mr_share": f"{5000 - more:05d}"}
    place = {"inclusion": "I", "territory": "2136", "shares_change": "N", "territory_sequence": "1"}
    not_there = {"inclusion": "E", "territory": "0840", "shares_change": "N", "territory_sequence": "2"}
    publisher, writer = f"P{sequence % houses:05d}", f"W{sequence % artists:05d}"
    house, artist = f"PUBLISHER {sequence % houses}", f"WRITER {sequence % artists}"
    work = {
        "title": f"SONG NUMBER {sequence}",
        "work_number": f"S{sequence:09d}",
        "distribution_category": "POP",
        "version_type": "ORI",
        "recorded_indicator": "Y",
        "duration": "000330",
    }
    owner = {"ip_number": publisher, "name": house, "publisher_type": "E", "publisher_sequence": "1"}
    author = {"ip_number": writer, "name": artist, "first_name": "ANNA", "writer_type": "CA"}
    link = {"publisher_ip_number": publisher, "publisher_name": house, "writer_ip_number": writer}
    other = {"name": "OTHER", "first_name": "OLGA", "writer_type": "A", "pr_share": "05000"}
    records = [
        ("NWR", work),
        ("SPU", {**owner, "pr_society": "177", "mr_society": "177", **shares}),
        ("SPT", {"ip_number": publisher, **shares, **place}),
        ("SPT", {"ip_number": publisher, **not_there}),
        ("SWR", {**author, "pr_society": "177", **rest}),
        ("SWT", {"ip_number": writer, **rest, **place, "pr_share": "05000"}),
        ("PWR", link),
        ("OWR", other),
        ("ALT", {"title": f"TUNE {sequence}", "title_type": "AT"}),
        ("PER", {"name": f"BAND {sequence % bands}"}),
    ]
    if alphabets:
        records[9:9] = [
            ("NAT", {"title": f"ӘН {sequence}", "title_type": "OT", "language": "KK"}),
            ("VER", {"title": f"OLD SONG {sequence}", "writer_1_name": "FOLK"}),
            ("NVT", {"title": f"ЕСКІ ӘН {sequence}", "language": "KK"}),
            ("NOW", {"name": "ХАЛЫҚ", "first_name": "", "language": "KK", "writer_position": "1"}),
        ]
        records.append(("NPR", {"name": f"ТОП {sequence % bands}", "language": "KK"}))
        records.insert(5, ("NWN", {"ip_number": writer, "name": f"АВТОР {sequence % artists}"}))
        named = {"publisher_sequence": "1", "ip_number": publisher, "name": f"БАСПА {sequence % houses}"}
        records.insert(2, ("NPN", named))
    return [_record(kind, sequence, number, **values) for number, (kind, values) in enumerate(records)]


def file_chunks(works: int, *, strangers: bool = False, alphabets: bool = False) -> Iterator[bytes]:
    """A whole file of that many works, in pieces of some hundred kilobytes; see ``work_records``."""
    day = "20260101"
    header = {
        "sender_type": "PB",
        "sender_id": "000000199",
        "sender_name": "BENCH",
        "edi_version": "01.10",
        "creation_date": day,
        "creation_time": "120000",
        "transmission_date": day,
        "character_set": "UTF-8" if alphabets else "",
    }
    group = {"transaction_type": "NWR", "group_id": "1", "version": "02.10"}
    yield _lines([write(layout(VERSION, "HDR"), header), write(layout(VERSION, "GRH"), group)])
    for start in range(0, works, _CHUNK_WORKS):
        block = range(start, min(start + _CHUNK_WORKS, works))
        made = [work_records(sequence, strangers=strangers, alphabets=alphabets) for sequence in block]
        yield _lines([line for lines in made for line in lines])
    inside = works * (RECORDS_OF_A_WORK + RECORDS_OF_ALPHABETS * alphabets) + 2
    totals = {"transaction_count": str(works)}
    yield _lines(
        [
            write(layout(VERSION, "GRT"), {"group_id": "1", "record_count": str(inside), **totals}),
            write(layout(VERSION, "TRL"), {"group_count": "1", "record_count": str(inside + 2), **totals}),
        ]
    )


def _lines(records: list[str]) -> bytes:
    return "\r\n".join([*records, ""]).encode()


class Pieces(io.RawIOBase):
    """A binary stream over pieces that are made while it is read, so that its size costs no memory."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        """Read ``pieces`` one after another."""
        self._pieces = pieces
        self._rest = b""

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill the buffer from the piece at hand."""
        view = memoryview(buffer)  # type: ignore[arg-type]
        if not self._rest:
            self._rest = next(self._pieces, b"")
        taken = self._rest[: len(view)]
        view[: len(taken)] = taken
        self._rest = self._rest[len(taken) :]
        return len(taken)
