"""Good files of CWR, of which tests change, add or leave out records; all data invented."""

from __future__ import annotations

from collections.abc import Mapping

from cwr_files import Record, Transaction, file_of

Changes = Mapping[str, str]

WORK: Transaction = (
    ("NWR", {"title": "SONG", "work_number": "S1", "distribution_category": "POP", "version_type": "ORI",
             "recorded_indicator": "Y"}),
    ("SPU", {"publisher_sequence": "1", "ip_number": "P1", "name": "HOUSE", "publisher_type": "E",
             "ipi_name": "90000000109", "pr_share": "5000", "mr_share": "5000"}),
    ("SPT", {"ip_number": "P1", "pr_share": "5000", "mr_share": "5000", "inclusion": "I", "territory": "2136",
             "territory_sequence": "1"}),
    ("SWR", {"ip_number": "W1", "name": "WRITER", "writer_type": "CA", "pr_share": "5000",
             "mr_share": "5000"}),
    ("SWT", {"ip_number": "W1", "pr_share": "5000", "mr_share": "5000", "inclusion": "I", "territory": "2136",
             "territory_sequence": "1"}),
    ("PWR", {"publisher_ip_number": "P1", "publisher_name": "HOUSE", "writer_ip_number": "W1",
             "publisher_sequence": "1"}),
)  # fmt: skip
AGREEMENT: Transaction = (
    ("AGR", {"agreement_number": "A1", "agreement_type": "OG", "start_date": "20200101",
             "end_date": "20251231", "prior_royalty_status": "N", "post_term_status": "N",
             "number_of_works": "1"}),
    ("TER", {"inclusion": "I", "territory": "2136"}),
    ("IPA", {"agreement_role": "AS", "ip_number": "P1", "name": "ONE", "pr_society": "177",
             "pr_share": "5000"}),
    ("IPA", {"agreement_role": "AC", "ip_number": "P2", "name": "TWO", "pr_society": "177",
             "pr_share": "5000"}),
)  # fmt: skip
ANSWER: Transaction = (
    ("ACK", {"creation_date": "20260101", "creation_time": "010203", "original_group": "1",
             "original_sequence": "0", "original_type": "NWR", "title": "SONG", "submitter_number": "S1",
             "recipient_number": "R1", "processing_date": "20260102", "status": "AS"}),
)  # fmt: skip


def good(records: Transaction = WORK, version: str = "2.2", **header: str) -> bytes:
    """A file of one transaction."""
    kind = records[0][0]
    return file_of(version, (kind, [records]), **header)


def changed(records: Transaction, **changes: Changes) -> Transaction:
    """The transaction with other values: the key is the record type, with its place among several (IPA2)."""
    found: list[Record] = []
    seen: dict[str, int] = {}
    for kind, values in records:
        seen[kind] = seen.get(kind, 0) + 1
        name = kind if seen[kind] == 1 else f"{kind}{seen[kind]}"
        found.append((kind, {**values, **changes.get(name, {})}))
    return tuple(found)


def placed(records: Transaction, after: str, *more: Record) -> Transaction:
    """The transaction with further records behind the last one of a type."""
    place = max(number for number, (kind, _) in enumerate(records) if kind == after) + 1
    return (*records[:place], *more, *records[place:])


def without(records: Transaction, *kinds: str) -> Transaction:
    """The transaction without the records of some types."""
    return tuple(record for record in records if record[0] not in kinds)
