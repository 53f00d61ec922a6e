"""Mandate registers: one mandate per row. An unknown code rejects the row: it would change the meaning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from parsers.reading import Item, reject_file
from parsers.tabular.cells import IDENTIFIERS, Remarks
from parsers.tabular.grouping import SeenReferences
from parsers.tabular.lines import Refused
from parsers.tabular.parties import PREFIXES, identity, shape_of
from parsers.tabular.rows import Row, read_rows
from schemas.declarations import Header, MandateDeclaration, Rejection
from schemas.findings import Finding, quote
from schemas.rights import parse_rights, parse_uses
from schemas.societies import known, normalise_code

TABLE = "mandates"
SUBJECTS = ("iswc", "isrc")
"""Schemes by which the column ``works`` may name what a mandate is limited to."""


def read(stream: BinaryIO) -> Iterator[Item]:
    """Mandates, each a statement of its own under its ``mandate_ref``."""
    yield Header(f"{TABLE}-csv", "1")
    seen = SeenReferences()
    try:
        for item in read_rows(stream, TABLE):
            if isinstance(item, Finding):
                yield item
                continue
            yield from item.findings
            if item.broken:
                yield Rejection("mandate", item.position, item.ref)
                continue
            if item.ref and seen.add(item.ref):
                yield Finding("file.duplicate_ref", item.position, TABLE, "mandate_ref", quote(item.ref))
            yield from _mandate(item)
    except Refused as refused:
        yield from reject_file(refused.finding)


def _mandate(row: Row) -> Iterator[Item]:
    remarks = Remarks(TABLE)
    remarks.required(row)
    grantor_type = remarks.choice(row, "grantor_type")
    basis = remarks.choice(row, "basis")
    if grantor_type == "any" and (basis != "statute" or row["grantor_id"] != "*"):
        remarks.add("tabular.statute_grantor", row, "grantor_type", row["grantor_type"])
    valid_from = remarks.day(row, "valid_from")
    valid_to = remarks.day(row, "valid_to")
    if valid_from and valid_to and valid_to <= valid_from:
        remarks.add("tabular.period", row, "valid_to", valid_to)
    mandate = MandateDeclaration(
        ref=row.ref,
        grantor_type=grantor_type,
        grantor_id=_grantor(row, grantor_type, remarks),
        grantor_name=row["grantor_name"],
        holder=_holder(row, remarks),
        rights=remarks.expression(row, "rights", parse_rights),
        uses=remarks.expression(row, "uses", parse_uses),
        territories=remarks.territories(row),
        valid_from=valid_from,
        valid_to=valid_to,
        exclusive=remarks.choice(row, "exclusive") != "N",
        basis=basis,
        works=_works(row, remarks),
        evidence=row["evidence"],
        position=row.position,
    )
    yield from remarks.found
    yield Rejection("mandate", row.position, row.ref) if remarks.failed else mandate


def _grantor(row: Row, grantor_type: str, remarks: Remarks) -> str:
    if grantor_type == "any":
        return "*"
    if grantor_type == "society":
        return normalise_code(row["grantor_id"])
    found = identity(remarks.party(row, "grantor_name", "grantor_id", short="ipi_name"))
    if row["grantor_id"] and (not found or found == "*"):
        remarks.add("tabular.code", row, "grantor_id", row["grantor_id"])
    return found


def _holder(row: Row, remarks: Remarks) -> str:
    """A society's code, or the identifier of a party that licenses directly.

    Nine digits may be either, because CWR fills codes up with zeros; a known society's code goes first.
    """
    text = row["holder"]
    prefix, colon, _ = text.partition(":")
    is_party = (colon and prefix.strip().casefold() in PREFIXES) or shape_of(text) not in ("", "ipn")
    if not is_party or (text.startswith("0") and known(text)):
        return normalise_code(text)
    return identity(remarks.party(row, "holder", "holder", short="ipi_name"))


def _works(row: Row, remarks: Remarks) -> tuple[str, ...]:
    """The subjects a mandate is limited to; one that is not valid would let it cover something else."""
    found = []
    for part in remarks.listed(row, "works"):
        scheme, _, text = (item.strip() for item in part.partition(":"))
        module = IDENTIFIERS.get(scheme.casefold()) if scheme.casefold() in SUBJECTS else None
        if module is None or not module.is_valid(text):
            remarks.add("tabular.code", row, "works", part)
        else:
            found.append(f"{scheme.casefold()}:{module.compact(text)}")
    if row["works"] and not row["works"].strip("| "):
        remarks.add("tabular.code", row, "works", row["works"])
    return tuple(found)
