"""CWR files built from the record tables, for tests; all data invented."""

from __future__ import annotations

import io

from parsers.cwr.reader import read
from parsers.cwr.records import write
from parsers.reading import Item
from schemas.cwr.layouts import layouts
from schemas.cwr.written_values import written_values
from schemas.declarations import Rejection
from schemas.findings import Finding

Record = tuple[str, dict[str, str]]
Transaction = tuple[Record, ...]


def file_of(version: str, *groups: tuple[str, list[Transaction]], **header: str) -> bytes:
    """A file with numbered transactions and right totals; ``header`` overrides fields of HDR."""
    known = layouts(version)
    body: list[str] = []
    count = 0
    for number, (kind, transactions) in enumerate(groups, start=1):
        lines = [
            write(
                known[record],
                {"transaction_sequence": str(sequence), "record_sequence": str(place), **values},
            )
            for sequence, records in enumerate(transactions)
            for place, (record, values) in enumerate(records)
        ]
        group = {"transaction_type": kind, "group_id": str(number)}
        body += [write(known["GRH"], {**group, **written_values(version, "GRH")}), *lines]
        totals = {"transaction_count": str(len(transactions)), "record_count": str(len(lines) + 2)}
        body.append(write(known["GRT"], {"group_id": str(number), **totals}))
        count += len(transactions)
    values = {
        "sender_type": "PB",
        "sender_id": "000000199",
        "sender_name": "INVENTED MUSIC",
        "creation_date": "20260102",
        "creation_time": "030405",
        "transmission_date": "20260102",
        **written_values(version, "HDR"),
        **header,
    }
    hdr = write(known["HDR"], {name: value for name, value in values.items() if name in known["HDR"].index})
    totals = {"group_count": str(len(groups)), "transaction_count": str(count)}
    trl = write(known["TRL"], {**totals, "record_count": str(len(body) + 2)})
    return "\r\n".join([hdr, *body, trl, ""]).encode()


def items_of(data: bytes) -> list[Item]:
    """Everything the reader yields."""
    return list(read(io.BytesIO(data)))


def remarks_in(items: list[Item]) -> list[tuple[str, str, str]]:
    """Code, position and field of every finding."""
    return [(item.code, item.position, item.field) for item in items if isinstance(item, Finding)]


def rejected_in(items: list[Item]) -> list[Rejection]:
    """Every rejection."""
    return [item for item in items if isinstance(item, Rejection)]
