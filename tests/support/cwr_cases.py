"""A small CWR file for each record type of each version, built from the record tables; all data invented.

The first transaction of a file holds the record with every field filled as the tables allow, the second one
the same record with its first mandatory field blank, or else its first checked field wrong.
"""

from __future__ import annotations

from cwr_files import Record, Transaction, file_of

from parsers.cwr.records import write
from schemas.cwr.layouts import Field, layouts
from schemas.cwr.lookups import codes
from schemas.cwr.transactions import CONTROL_RECORDS, places, transaction_kinds

VERSIONS = ("2.0", "2.1", "2.2", "3.0", "3.1")
PREFIX = 3
"""Record type and the two sequence numbers begin every record of a transaction."""

BEFORE = {
    "NPN": "SPU", "SPT": "SPU", "OPT": "OPU", "NWN": "SWR", "SWT": "SWR", "OWT": "OWR", "MAN": "SWR",
    "PWR": "SWR", "NET": "EWT", "NVT": "VER", "NCT": "COM", "NOW": "EWT", "IND": "INS", "NPA": "IPA",
}  # fmt: skip
"""What stands before a record that must follow another."""

AFTER = {"SPU": "SPT", "NPN": "SPT", "SWR": "PWR", "NWN": "PWR", "SWT": "PWR", "MAN": "PWR"}
"""What completes a record that begins a chain or names a controlled writer."""

SAMPLES = {
    "iswc": "T9300000015",
    "isrc": "KZA012500001",
    "ipi_name": "90000000109",
    "ipi_base": "I-000000229-7",
    "isni": "0000000121032683",
    "upc": "4006381333931",
}
CHOSEN = {
    "publisher_type": "E", "writer_type": "CA", "inclusion": "I", "territory": "0398", "society": "177",
    "language": "KK", "transaction_status": "AS", "original_type": "NWR", "original_type_3x": "WRK",
    "prior_royalty_status": "D", "post_term_collection_status": "D", "sales_manufacture_clause": "S",
    "distribution_category": "POP", "version_type": "ORI", "agreement_type": "OS", "instrument": "PNO",
    "special_agreement": "L",
}  # fmt: skip
"""Codes that read like a registration; of other lists the first one is taken."""

SAME = {
    "ip_number": "P1", "publisher_sequence": "01", "publisher_ip_number": "P1", "writer_ip_number": "W1",
    "publisher_name": "SPU NAME",
    "work_number": "K1", "submitter_number": "K1", "recipient_number": "R1", "agreement_number": "A1",
    "validation_number": "005", "original_record_type": "NWR",
    "creation_date": "20260101", "processing_date": "20260102", "start_date": "20200101",
    "end_date": "20291231", "prior_royalty_start_date": "20190101", "retention_end_date": "20301231",
    "post_term_end_date": "20311231", "unknown_indicator": " ", "component_count": "002",
}  # fmt: skip
USUAL = {
    "AGR": ("end_date", "prior_royalty_start_date", "post_term_end_date", "sales_manufacture_clause"),
    "IPA": ("pr_society", "mr_society", "sr_society"),
    "SPU": ("ipi_name",),
    "ACK": ("title",),
    "PWR": ("publisher_sequence", "publisher_ip_number", "publisher_name", "writer_ip_number"),
}
"""What a record has to say besides, given what its mandatory fields say."""
COMPOSITE = frozenset({"COM", "NCT"})
"""Records of works that are composed of others."""

SHARES = ("pr_share", "mr_share", "sr_share")
"""Half of each right for the publisher and half for the writer of a case."""

SPOILED = {
    "HDR": ("transmission_date", "99999999"),
    "GRH": ("transaction_type", "???"),
    "GRT": ("record_count", "99999999"),
    "TRL": ("record_count", "99999999"),
}
"""What is wrong in the case of a control record."""

WRITERS = frozenset({"SWR", "OWR", "SWT", "OWT", "NWN", "MAN", "WRI"})


def sample(field: Field, record: str) -> str:
    """A value that the tables allow in a field."""
    if field.name == "ip_number" and record in WRITERS:
        return "W1"
    if field.name == "name" and record == "OPU":
        return SAME["publisher_name"]
    if field.name in SAME:
        return SAME[field.name]
    match field.format:
        case "L":
            known = codes(field.lookup)
            chosen = CHOSEN.get(field.lookup, "")
            return chosen if chosen in known else min(known)
        case "I":
            return SAMPLES[field.lookup]
        case "N":
            return "1".zfill(field.size)
        case "P":
            return "05000"
        case "D":
            return "20251231"
        case "T":
            return "000330"
        case "F" | "B":
            return "Y"
    return f"{record} {field.name}".upper().replace("_", " ")[: field.size].strip()


def full(version: str, kind: str) -> Record:
    """A record with every field filled."""
    fields = layouts(version)[kind].fields[PREFIX:]
    return kind, {field.name: sample(field, kind) for field in fields if field.format != "X"}


def least(version: str, kind: str) -> Record:
    """A record with its mandatory fields and the party's own number."""
    fields = layouts(version)[kind].fields[PREFIX:]
    return kind, {
        field.name: sample(field, kind)
        for field in fields
        if field.required == "M"
        or field.name in ("ip_number", "work_number", "name", *SHARES)
        or field.name in USUAL.get(kind, ())
    }


def spoiled(version: str, kind: str) -> Record:
    """The full record with one fault."""
    _, values = full(version, kind)
    fields = [field for field in layouts(version)[kind].fields[PREFIX:] if field.format != "X"]
    needed = [field for field in fields if field.required == "M"]
    checked = [field for field in fields if field.format not in "AX"]
    if needed:
        return kind, {**values, needed[0].name: " " * needed[0].size}
    wrong = {checked[0].name: "?" * checked[0].size} if checked else {"publisher_ip_number": "P9"}
    return kind, {**values, **wrong}


def header_of(version: str, record: str) -> str:
    """The transaction in which a record stands."""
    kinds = transaction_kinds(version)
    if record in kinds:
        return record
    wanted = ("AGR", "NWR", "WRK", "ISR", "ACK")
    return next(kind for kind in wanted if kind in kinds and record in places(version, kind))


def transaction(version: str, record: Record, ref: str) -> Transaction:
    """The least transaction that holds ``record`` in its place."""
    kind = record[0]
    head = header_of(version, kind)
    if head == kind:
        first, rest = record, []
    else:
        first, rest = least(version, head), [record]
    number = "agreement_number" if head == "AGR" else "work_number"
    if number in first[1] and (head != kind or first[1][number].strip()):
        first = (first[0], {**first[1], number: ref})
    before = BEFORE.get(kind, "")
    if head == "AGR":
        return (first, *_agreement(version, kind, rest))
    if head == "ACK":
        return (first, *rest)
    if head in ("ISR", "ISA"):
        return (first, *(rest or [least(version, "WRI")]))
    if kind in COMPOSITE and "composite_type" in layouts(version)[head].index:
        first = (first[0], {**first[1], "composite_type": "MED", "component_count": "002"})
    publishers = [] if {kind, before} & {"SPU", "OPU"} else _both(version, "SPU", "SPT")
    writers = [] if {kind, before} & {"SWR", "OWR"} else _both(version, "SWR", "PWR")
    middle = [*([least(version, before)] if before else []), *rest]
    if kind in AFTER:
        middle.append(least(version, AFTER[kind]))
    if kind in ("SPU", "OPU") or before in ("SPU", "OPU"):
        return (first, *middle, *publishers, *writers)
    return (first, *publishers, *writers, *middle)


def _both(version: str, *kinds: str) -> list[Record]:
    return [least(version, kind) for kind in kinds]


def _agreement(version: str, kind: str, rest: list[Record]) -> Transaction:
    territory, party = least(version, "TER"), least(version, "IPA")
    assignor = ("IPA", {**party[1], "agreement_role": "AS", "pr_share": "05000"})
    acquirer = ("IPA", {**party[1], "agreement_role": "AC", "ip_number": "P2", "pr_share": "05000"})
    if kind == "TER":
        return (*rest, assignor, acquirer)
    if kind == "IPA":
        return (territory, assignor, *rest)
    if kind == "NPA":
        return (territory, assignor, *rest, acquirer)
    return (territory, assignor, acquirer)


def case(version: str, kind: str) -> bytes:
    """The file for one record type."""
    if kind in CONTROL_RECORDS:
        return _control(version, kind)
    group = header_of(version, kind)
    good = transaction(version, full(version, kind), "GOOD1")
    bad = transaction(version, spoiled(version, kind), "BAD2")
    return file_of(version, (group, [good, bad]), **_sender(version))


def _sender(version: str) -> dict[str, str]:
    return {"sender_type": "SO", "sender_id": "177" if version >= "3" else "000000177"}


def _control(version: str, kind: str) -> bytes:
    """A good transaction in a file whose control record has one field wrong."""
    head = "WRK" if version >= "3" else "NWR"
    data = file_of(
        version, (head, [transaction(version, least(version, "SWR"), "GOOD1")]), **_sender(version)
    )
    lines = data.decode().splitlines()
    place = next(place for place, line in enumerate(lines) if line.startswith(kind))
    layout = layouts(version)[kind]
    values = list(layout.split(lines[place].ljust(layout.size)))
    name, wrong = SPOILED[kind]
    values[layout.index[name]] = wrong
    lines[place] = write(layout, values).rstrip()
    return ("\r\n".join(lines) + "\r\n").encode()


def records(version: str) -> list[str]:
    """Every record type of a version."""
    return sorted(layouts(version))
