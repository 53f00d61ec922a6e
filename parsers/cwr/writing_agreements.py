"""An agreement declaration as the records of an AGR transaction, so that reading them gives it again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from parsers.cwr.agreement import ASSIGNOR, OF_WRITERS
from parsers.cwr.claims import RIGHTS
from parsers.cwr.record_readings import TEXT_START
from parsers.cwr.records import values_by_name
from parsers.cwr.writing import Record, RecordWriter, cwr_date, cwr_share
from parsers.cwr.writing_details import Values
from parsers.cwr.writing_territories import tis_code
from schemas.cwr.layouts import layouts
from schemas.declarations import AgreementDeclaration, AgreementParty, AgreementTerms
from schemas.findings import Finding, quote

AGR = "AGR"
RECORDS = frozenset({"TER", "IPA", "NPA"})


@dataclass(frozen=True, slots=True)
class WrittenAgreement:
    """An agreement as the lines of one transaction, without lines if it cannot be written."""

    lines: tuple[str, ...]
    findings: tuple[Finding, ...]


def write_agreement(agreement: AgreementDeclaration, writer: RecordWriter) -> WrittenAgreement:
    """The transaction for one agreement; a version without agreements writes nothing and says so."""
    position = f"agreement:{agreement.ref}"
    lines: list[str] = []
    findings: list[Finding] = []
    for record in _records(agreement, writer, findings, position):
        written = writer.write(record, position)
        findings += written.findings
        if written.rule == "TR" or (not written.line and record.kind == AGR):
            lost = Finding(
                "cwr.write_agreement_left_out",
                position,
                AGR,
                value=quote(agreement.ref),
                detail=writer.version,
            )
            return WrittenAgreement((), (*findings, lost))
        if written.line and not written.rule:
            lines.append(written.line)
    return WrittenAgreement(tuple(lines), tuple(findings))


def _records(
    agreement: AgreementDeclaration, writer: RecordWriter, findings: list[Finding], position: str
) -> Iterator[Record]:
    yield Record(AGR, _header(agreement, writer))
    for terms in agreement.terms:
        yield from _terms(terms, writer, agreement.agreement_type)
    known = layouts(writer.version)
    for name, value in agreement.details:
        if name in RECORDS and name in known:
            values = values_by_name(known[name], " " * TEXT_START + value)
            yield Record(name, values, value, writer.version)
        elif AGR not in known or name not in known[AGR].index:
            lost = Finding("cwr.write_no_place", position, AGR, name, quote(value), writer.version)
            findings.append(lost)


def _header(agreement: AgreementDeclaration, writer: RecordWriter) -> Values:
    known = writer.layout(AGR).index if writer.has(AGR) else {}
    return {
        **{name: value for name, value in agreement.details if name in known},
        "agreement_number": agreement.ref,
        "agreement_type": agreement.agreement_type,
        "start_date": cwr_date(agreement.starts),
        "end_date": cwr_date(agreement.ends),
        "retention_end_date": cwr_date(agreement.retention_ends),
        "prior_royalty_status": agreement.prior_royalty,
        "prior_royalty_start_date": cwr_date(agreement.prior_royalty_from),
        "post_term_status": agreement.post_term,
        "post_term_end_date": cwr_date(agreement.post_term_until),
        "signature_date": cwr_date(agreement.signed),
        "number_of_works": str(agreement.works),
        "sales_manufacture_clause": agreement.sales_or_manufacture,
        "society_agreement_number": agreement.society_ref,
    }


def _terms(terms: AgreementTerms, writer: RecordWriter, kind: str) -> Iterator[Record]:
    for code in terms.territories:
        excluded = code.startswith("-")
        bare = tis_code(code.removeprefix("-"))
        yield Record("TER", {"inclusion": "E" if excluded else "I", "territory": bare})
    for role, parties in (("AS", terms.assignors), ("AC", terms.acquirers)):
        for party in parties:
            yield Record("IPA", _party(role, party, split=role == ASSIGNOR and kind in OF_WRITERS))
            for name in party.party.other_names:
                values = {"name": name.name, "first_name": name.given, "language": name.language}
                yield Record("NPA", {"ip_number": party.own_ref, **values})
            if not party.party.other_names and not writer.takes("IPA", party.party.full_name):
                values = {"name": party.party.name, "first_name": party.party.given}
                yield Record("NPA", {"ip_number": party.own_ref, **values})


def _party(role: str, party: AgreementParty, *, split: bool) -> Values:
    """The values of a party; only writers who assign rights have a ``split`` name."""
    named = party.party
    if named.given and not split:
        named = replace(named, name=f"{named.name}, {named.given}", given="")
    values = {
        "agreement_role": role,
        "ip_number": party.own_ref,
        "name": named.name,
        "first_name": named.given,
        "ipi_name": named.ipi_name,
        "ipi_base": named.ipi_base,
    }
    for share in party.shares:
        if share.right in RIGHTS:
            values[f"{share.right.lower()}_share"] = cwr_share(share.share)
    for item in party.affiliations:
        for right in RIGHTS if item.right == "*" else (item.right,):
            if right in RIGHTS:
                values[f"{right.lower()}_society"] = item.society
    return values
