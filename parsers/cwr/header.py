"""What the transmission header and the first group header say: version, sender, date."""

from __future__ import annotations

import re

from parsers.cwr.fields import field_checks, instant
from parsers.cwr.records import values_by_name
from schemas.cwr.layouts import Layout, layouts
from schemas.cwr.lookups import codes
from schemas.declarations import Header
from schemas.findings import Finding, quote
from schemas.identifiers import ipi_name

DEFAULT_VERSION = "2.1"
VERSION_FIELD = slice(101, 106)
"""Where headers name their version, from 2.2 on."""
IPI_SENDERS = frozenset({"AA", "WR"})
"""Senders that state an IPI name number; publishers have codes that CISAC gives out, which change monthly."""
_GROUP_VERSION = re.compile(r"0?([0-9])\.([0-9])[0-9]?")
_HEADER_VERSION_2X = re.compile(r"(2\.[2-9])")
_HEADER_VERSION_3X = re.compile(r"(3\.[0-9])")


def group_version(text: str) -> str:
    """The version a group header names, empty if it names none.

    >>> group_version("02.20"), group_version("03.10"), group_version("0X.20")
    ('2.2', '3.1', '')
    """
    found = _GROUP_VERSION.fullmatch(text.strip())
    return f"{found[1]}.{found[2]}" if found else ""


def header_version(line: str) -> str:
    """The version a transmission header names; 2.1 headers name none.

    Version 2.2 put it into column 102, version 3 one column further on.
    """
    found = _HEADER_VERSION_2X.match(line, 101) or _HEADER_VERSION_3X.match(line, 102)
    return found[1] if found else ""


def file_version(header: str, group: str) -> str:
    """The version of a file by its header line and the line after it; never by its name."""
    named = header_version(header)
    if named:
        return named
    return (group_version(group[11:16]) if group.startswith("GRH") else "") or DEFAULT_VERSION


def read_header(line: str, version: str, number: int) -> tuple[Header, list[Finding]]:
    """The header item and the remarks on the header record."""
    layout = layouts(header_version(line) or DEFAULT_VERSION).get("HDR") or layouts(DEFAULT_VERSION)["HDR"]
    values = values_by_name(layout, line)
    findings = header_faults(layout, line, number)
    stated = line[VERSION_FIELD].strip()
    if stated and not header_version(line):
        findings.append(
            Finding("cwr.header_version", f"line:{number}", "HDR", "version", quote(stated), version)
        )
    sender_id, sender_type = values["sender_id"], values["sender_type"]
    if sender_type.isdecimal() and sender_id.isdecimal():
        sender_id = sender_type + sender_id
        findings = [finding for finding in findings if finding.field != "sender_type"]
        findings.append(
            Finding("cwr.sender_id_overflow", f"line:{number}", "HDR", "sender_id", value=sender_id)
        )
    else:
        findings += _sender_faults(sender_type, sender_id, number)
        if sender_type == "SO" and sender_id.isdecimal():
            sender_id = f"{int(sender_id):03d}"
    header = Header(
        format="cwr",
        version=version,
        sender_id=sender_id,
        sender_name=values["sender_name"],
        message_id=values.get("file_name", ""),
        created=instant(values["creation_date"], values["creation_time"]),
    )
    return header, findings


def _sender_faults(sender_type: str, sender_id: str, number: int) -> list[Finding]:
    """Remarks on a sender's number as far as it says by itself whose it is (HDR F4, F7, F13)."""
    code = sender_id.lstrip("0").zfill(3)
    if sender_type == "SO" and sender_id and code not in codes("society"):
        return [Finding("cwr.lookup", f"line:{number}", "HDR", "sender_id", quote(code), "society")]
    if sender_type in IPI_SENDERS and sender_id.isdecimal() and not ipi_name.is_valid(sender_id):
        parts = (f"line:{number}", "HDR", "sender_id", quote(sender_id), "the check digit is wrong")
        return [Finding("identifier.ipi_name", *parts)]
    return []


def header_faults(layout: Layout, line: str, number: int) -> list[Finding]:
    """Remarks on the fields of a control record."""
    faults = field_checks(layout).faults(layout.split(line))
    return [fault.finding(layout.record, number) for fault in faults]
