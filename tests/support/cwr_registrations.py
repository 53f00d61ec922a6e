"""Registrations built record by record for tests, and what becomes of them; all data invented."""

from __future__ import annotations

import io

from cwr_files import file_of

from parsers.cwr.reader import read
from parsers.cwr.records import write
from schemas.cwr.layouts import layout
from schemas.declarations import Rejection, WorkDeclaration
from schemas.findings import Finding

Record = tuple[str, dict[str, str]]
WRITER: Record = (
    "SWR",
    {
        "ip_number": "W1",
        "name": "WRITER",
        "writer_type": "CA",
        "pr_share": "10000",
        "mr_share": "0",
        "sr_share": "0",
    },
)
MEDLEY = {"composite_type": "MED", "component_count": "003"}
SHARED: Record = ("SWR", {**WRITER[1], "pr_share": "5000"})
UNKNOWN: Record = ("OWR", {"unknown_indicator": "Y", "writer_type": "A", "pr_share": "5000"})


def link(chain: str, publisher: str, **more: str) -> Record:
    values = {"publisher_ip_number": publisher, "publisher_name": "PUBLISHER", "writer_ip_number": "W1"}
    return "PWR", {**values, "publisher_sequence": chain, **more}


def territory(record: str, party: str, place: int, inclusion: str, code: str, pr: int = 0) -> Record:
    values = {"ip_number": party, "inclusion": inclusion, "territory": code, "shares_change": "N"}
    return record, {**values, "pr_share": str(pr), "territory_sequence": str(place)}


def read_work(
    *records: Record, kind: str = "NWR", version: str = "2.2", **changes: str
) -> tuple[WorkDeclaration, list[str]]:
    work, codes = outcome_of(*records, kind=kind, version=version, **changes)
    assert work is not None
    return work, codes


def outcome_of(
    *records: Record, kind: str = "NWR", version: str = "2.2", **changes: str
) -> tuple[WorkDeclaration | None, list[str]]:
    """The work, or nothing if it is rejected, and what was found in it."""
    header = {
        "title": "FIRST SONG",
        "work_number": "S1",
        "distribution_category": "POP",
        "version_type": "ORI",
        "recorded_indicator": "U",
        **changes,
    }
    lines = [write(layout("2.1", "HDR"), {"sender_type": "PB", "sender_id": "000000199"})]
    lines.append(
        write(
            layout("2.2", "GRH"),
            {"transaction_type": kind, "group_id": "1", "version": f"0{version}0"},
        )
    )
    for place, (record, values) in enumerate([(kind, header), *records]):
        lines.append(write(layout(version, record), {"record_sequence": str(place), **values}))
    lines.append(write(layout("2.2", "GRT"), {"group_id": "1"}))
    items = list(read(io.BytesIO("\n".join(lines).encode())))
    work = next((item for item in items if isinstance(item, WorkDeclaration)), None)
    assert sum(isinstance(item, WorkDeclaration | Rejection) for item in items) == 1
    found = [item for item in items if isinstance(item, Finding) and item.record not in ("HDR", "GRT")]
    return work, [finding.code for finding in found if finding.code != "cwr.no_trailer"]


def one_writer(number: str, ipi_name: str, ipi_base: str = "") -> bytes:
    """A registration of one writer under a name number, and under the base number where it is given."""
    writer = {"ip_number": "W1", "name": "HARTLEY", "writer_type": "CA", "pr_share": "10000"}
    work = {
        "title": f"SONG {number}", "work_number": number, "distribution_category": "POP",
        "version_type": "ORI", "recorded_indicator": "U",
    }  # fmt: skip
    collected = {"ip_number": "W1", "pr_share": "10000", "inclusion": "I", "territory": "2136"}
    return file_of(
        "2.2",
        (
            "NWR",
            [
                (
                    ("NWR", work),
                    ("SWR", {**writer, "ipi_name": ipi_name, "ipi_base": ipi_base}),
                    ("SWT", {**collected, "territory_sequence": "1"}),
                )
            ],
        ),
    )
