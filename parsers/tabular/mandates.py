"""Mandate registers: one mandate per row. An unknown code rejects the row: it would change the meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from parsers.reading import Item, reject_file
from parsers.tabular.cells import Remarks, listed, party_scheme
from parsers.tabular.rows import Refused, Row, read_rows
from schemas.declarations import Header, MandateDeclaration, PartyName, Rejection
from schemas.findings import Finding, quote
from schemas.identifiers import isrc, iswc
from schemas.rights import parse_rights, parse_uses
from schemas.societies import normalise_code

TABLE = "mandates"
GRANTORS = ("party", "society", "any")
BASES = ("declaration", "agreement", "assertion", "statute")


def read(stream: BinaryIO) -> Iterator[Item]:
    """Mandates, each a statement of its own under its ``mandate_ref``."""
    yield Header("mandates-csv", "1")
    seen: set[str] = set()
    try:
        for item in read_rows(stream, TABLE):
            if isinstance(item, Finding):
                yield item
                if item.severity == "error":
                    yield Rejection("mandate", item.position)
                continue
            ref = item["mandate_ref"]
            if ref in seen:
                yield Finding("file.duplicate_ref", item.position, TABLE, "mandate_ref", quote(ref))
            seen.add(ref)
            yield from _mandate(item)
    except Refused as refused:
        yield from reject_file(refused.finding)


def _mandate(row: Row) -> Iterator[Item]:
    remarks = Remarks(TABLE)
    for column in ("mandate_ref", "grantor_type", "grantor_id", "holder", "rights", "valid_from", "basis"):
        if not row[column]:
            remarks.add("tabular.required", row, column, "")
    basis = _choice(row, "basis", BASES, remarks)
    grantor_type = _choice(row, "grantor_type", GRANTORS, remarks)
    if (grantor_type == "any") != (basis == "statute"):
        remarks.add("tabular.statute_grantor", row, "grantor_type", row["grantor_type"])
    exclusive = row["exclusive"].upper() or "Y"
    if exclusive not in ("Y", "N"):
        remarks.add("tabular.code", row, "exclusive", row["exclusive"])
    valid_from = remarks.day(row, "valid_from") if row["valid_from"] else ""
    valid_to = remarks.day(row, "valid_to") if row["valid_to"] else ""
    if valid_from and valid_to and valid_to < valid_from:
        remarks.add("tabular.period", row, "valid_to", valid_to)
    mandate = MandateDeclaration(
        ref=row["mandate_ref"],
        grantor_type=grantor_type,
        grantor_id=_grantor(row, grantor_type, remarks),
        grantor_name=row["grantor_name"],
        holder=_holder(row, remarks),
        rights=_expression(row, "rights", parse_rights, remarks),
        uses=_expression(row, "uses", parse_uses, remarks),
        territories=remarks.territories(row),
        valid_from=valid_from,
        valid_to=valid_to,
        exclusive=exclusive == "Y",
        basis=basis,
        works=_works(row, remarks),
        evidence=row["evidence"],
        position=row.position,
    )
    yield from remarks.found
    yield Rejection("mandate", row.position, row["mandate_ref"]) if remarks.failed else mandate


def _choice(row: Row, column: str, choices: tuple[str, ...], remarks: Remarks) -> str:
    value = row[column].casefold()
    if value and value not in choices:
        remarks.add("tabular.code", row, column, row[column])
    return value


def _grantor(row: Row, grantor_type: str, remarks: Remarks) -> str:
    if grantor_type == "society":
        return normalise_code(row["grantor_id"])
    if grantor_type == "any":
        if row["grantor_id"] != "*":
            remarks.add("tabular.statute_grantor", row, "grantor_id", row["grantor_id"])
        return "*"
    return identity(remarks.party(row, "grantor_id"))


def _holder(row: Row, remarks: Remarks) -> str:
    """A society's code, or the identifier of a party that licenses directly."""
    text = row["holder"]
    return identity(remarks.party(row, "holder")) if party_scheme(text) else normalise_code(text)


def identity(party: PartyName) -> str:
    """The identifier by which a party grants; empty when it has none."""
    return (
        party.ipi_name
        or party.ipi_base
        or party.isni
        or party.ipn
        or next((v for _, v in party.proprietary), "")
    )


def _expression(
    row: Row, column: str, parse: Callable[[str], tuple[tuple[str, ...], tuple[str, ...]]], remarks: Remarks
) -> tuple[str, ...]:
    expression, unknown = parse(row[column])
    for code in unknown:
        remarks.add("tabular.code", row, column, code)
    return expression


def _works(row: Row, remarks: Remarks) -> tuple[str, ...]:
    found = []
    for part in listed(row["works"]):
        scheme, _, value = part.partition(":")
        module = {"iswc": iswc, "isrc": isrc}.get(scheme.casefold())
        if module is None or not module.is_valid(value):
            remarks.add("tabular.code", row, "works", part)
        else:
            found.append(f"{scheme.casefold()}:{module.compact(value)}")
    return tuple(found)
