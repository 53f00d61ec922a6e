"""Agreements: their terms, territories, dates and parties; all data invented."""

from __future__ import annotations

import io
from random import Random

import pytest
from cwr_cases import SAME, sample
from cwr_files import Record, Transaction, file_of, items_of, rejected_in, remarks_in
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.cwr.writing import RecordWriter
from parsers.cwr.writing_agreements import write_agreement
from parsers.cwr.writing_transmission import Sender, TransmissionWriter
from schemas.cwr.layouts import layouts
from schemas.declarations import AgreementDeclaration, OtherName, Rejection
from schemas.shares import parse_percent

AGR: Record = (
    "AGR",
    {
        "agreement_number": "A7",
        "agreement_type": "PS",
        "start_date": "20200101",
        "end_date": "20241231",
        "retention_end_date": "20250630",
        "prior_royalty_status": "D",
        "prior_royalty_start_date": "20190101",
        "post_term_status": "D",
        "post_term_end_date": "20260630",
        "signature_date": "20191115",
        "number_of_works": "00002",
        "sales_manufacture_clause": "S",
        "society_agreement_number": "SOC-7",
        "advance_given": "Y",
    },
)
EUROPE: Record = ("TER", {"inclusion": "I", "territory": "2120"})
BUT_GERMANY: Record = ("TER", {"inclusion": "E", "territory": "0276"})


def party(role: str, number: str, name: str, share: str, **more: str) -> Record:
    values = {"agreement_role": role, "ip_number": number, "name": name, "pr_society": "177"}
    return ("IPA", {**values, "pr_share": share, "mr_society": "177", "mr_share": share, **more})


ASSIGNOR = party("AS", "P1", "FIRST PUBLISHING", "02500", ipi_name="90000000109")
ACQUIRER = party("AC", "P2", "SECOND PUBLISHING", "07500")
NAME: Record = (
    "NPA",
    {"ip_number": "P2", "name": "ЕКІНШІ БАСПА", "first_name": "", "language": "KK"},
)


def agreements_in(data: bytes) -> list[AgreementDeclaration]:
    return [item for item in items_of(data) if isinstance(item, AgreementDeclaration)]


@pytest.mark.parametrize("version", ["2.1", "2.2"])
def test_an_agreement_in_full(version: str) -> None:
    data = file_of(version, ("AGR", [(AGR, EUROPE, BUT_GERMANY, ASSIGNOR, ACQUIRER, NAME)]))
    items = items_of(data)
    assert remarks_in(items) == [("file.encoding", "file", "")]
    (found,) = agreements_in(data)
    assert (found.ref, found.agreement_type, found.society_ref) == ("A7", "PS", "SOC-7")
    assert (found.starts, found.ends, found.retention_ends) == ("2020-01-01", "2024-12-31", "2025-06-30")
    assert found.last_day == "2025-06-30"
    assert (found.prior_royalty, found.prior_royalty_from) == ("D", "2019-01-01")
    assert (found.post_term, found.post_term_until) == ("D", "2026-06-30")
    assert (found.signed, found.works, found.sales_or_manufacture) == ("2019-11-15", 2, "S")
    assert found.details == (("advance_given", "Y"),)
    (terms,) = found.terms
    assert terms.territories == ("2120", "-276")
    (assignor,), (acquirer,) = terms.assignors, terms.acquirers
    assert (assignor.own_ref, assignor.party.name) == ("P1", "FIRST PUBLISHING")
    assert assignor.party.ipi_name == "90000000109"
    assert {item.right: item.share for item in acquirer.shares} == {
        "PR": parse_percent("75"),
        "MR": parse_percent("75"),
        "SR": 0,
    }
    assert acquirer.party.other_names == (OtherName("ЕКІНШІ БАСПА", "", "KK"),)
    assert {item.society for item in acquirer.affiliations} == {"177"}


def test_each_list_of_territories_has_its_own_parties() -> None:
    world: Record = ("TER", {"inclusion": "I", "territory": "2136"})
    data = file_of("2.2", ("AGR", [(AGR, EUROPE, ASSIGNOR, ACQUIRER, world, ASSIGNOR, NAME_OF_THIRD)]))
    (found,) = agreements_in(data)
    assert [terms.territories for terms in found.terms] == [("2120",), ("2136",)]
    assert [terms.acquirers[0].party.name for terms in found.terms] == ["SECOND PUBLISHING", "THIRD"]


NAME_OF_THIRD = party("AC", "P3", "THIRD", "07500")


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ((AGR, ASSIGNOR, ACQUIRER), ("cwr.out_of_place.transaction", "line:4", "")),
        ((AGR, BUT_GERMANY, ASSIGNOR, ACQUIRER), ("cwr.agreement_without_territory", "line:3", "")),
        (
            (AGR, EUROPE, ASSIGNOR, ACQUIRER, BUT_GERMANY, ASSIGNOR, ACQUIRER),
            ("cwr.agreement_without_territory", "line:3", ""),
        ),
        ((AGR, EUROPE, ACQUIRER), ("cwr.agreement_without_party", "line:3", "")),
        ((AGR, EUROPE, ASSIGNOR), ("cwr.agreement_without_party", "line:3", "")),
        ((AGR, EUROPE), ("cwr.agreement_without_party", "line:3", "")),
        ((AGR,), ("cwr.agreement_without_territory", "line:3", "")),
        ((AGR, EUROPE, party("XX", "P1", "FIRST", "10000")), ("cwr.lookup.transaction", "line:5", "")),
        ((("AGR", {**AGR[1], "start_date": "20201340"}),), ("cwr.date.transaction", "line:3", "start_date")),
    ],
)
def test_what_rejects_an_agreement(records: tuple[Record, ...], expected: tuple[str, str, str]) -> None:
    good = (("AGR", {**AGR[1], "agreement_number": "A8"}), EUROPE, ASSIGNOR, ACQUIRER)
    data = file_of("2.2", ("AGR", [records, good]))
    items = items_of(data)
    code, position, field = expected
    assert any(
        (item[0], item[1]) == (code, position) and item[2].startswith(field) for item in remarks_in(items)
    )
    assert rejected_in(items) == [Rejection("agreement", "line:3", "A7")]
    assert [item.ref for item in agreements_in(data)] == ["A8"]


@pytest.mark.parametrize(("records", "code"), [((AGR, EUROPE, NAME, ASSIGNOR, ACQUIRER), "cwr.out_of_place")])
def test_what_is_only_remarked_on(records: tuple[Record, ...], code: str) -> None:
    data = file_of("2.2", ("AGR", [records]))
    assert code in {item[0] for item in remarks_in(items_of(data))}
    (found,) = agreements_in(data)
    assert [name for name, _ in found.details] == ["advance_given", "NPA"]


@pytest.mark.parametrize("version", ["2.1", "2.2"])
def test_an_agreement_survives_writing(version: str) -> None:
    several = (AGR, EUROPE, BUT_GERMANY, ASSIGNOR, ACQUIRER, NAME, EUROPE, ASSIGNOR, NAME_OF_THIRD)
    data = file_of(version, ("AGR", [several]))
    (found,) = agreements_in(data)
    writer = RecordWriter(version)
    written = write_agreement(found, writer)
    assert written.findings == ()
    out = io.BytesIO()
    transmission = TransmissionWriter(out, writer, Sender("SO", "177", "KAZAK", "2026-01-31T10:20:30"))
    transmission.transaction("AGR", written.lines)
    transmission.close()
    assert agreements_in(out.getvalue()) == [found]
    assert remarks_in(items_of(out.getvalue())) == []


# Agreements built from the record tables. --------------------------------------------------------------


def parts(chance: Random, count: int, whole: int = 10_000) -> list[int]:
    """So many shares, none of them zero, of a whole."""
    cuts = sorted(chance.sample(range(1, whole), count - 1))
    return [end - start for start, end in zip([0, *cuts], [*cuts, whole], strict=True)]


def any_agreement(version: str, chance: Random) -> Transaction:
    """An agreement with every field of the tables filled or left blank at random."""

    def any_record(kind: str, **fixed: str) -> Record:
        fields = layouts(version)[kind].fields[3:]
        kept = {
            field.name: sample(field, kind)
            for field in fields
            if field.required == "M" or chance.random() < 0.5
        }
        return kind, {**kept, **fixed}

    dated = {"prior_royalty_start_date": SAME["prior_royalty_start_date"], "sales_manufacture_clause": "S"}
    found = [
        any_record("AGR", prior_royalty_status="D", post_term_status="O", post_term_end_date="", **dated)
    ]
    for _ in range(chance.randint(1, 2)):
        found.append(any_record("TER", inclusion="I", territory=chance.choice(["2136", "2120"])))
        for code in chance.sample(["0398", "0276", "0643"], chance.randint(0, 2)):
            found.append(any_record("TER", inclusion=chance.choice("IE"), territory=code))
        parties = (("AS", "P1"), ("AC", "P2"), ("AC", "P3"))[: chance.randint(2, 3)]
        rights = chance.choice([("pr",), ("mr", "sr"), ("pr", "mr", "sr")])
        for (role, number), share in zip(parties, parts(chance, len(parties)), strict=True):
            said = {
                f"{right}_share": f"{share if right in rights else 0:05d}" for right in ("pr", "mr", "sr")
            }
            said |= {f"{right}_society": "177" for right in rights}
            found.append(any_record("IPA", agreement_role=role, ip_number=number, **said))
            if chance.random() < 0.5:
                found.append(any_record("NPA", ip_number=number, name="ӘДІЛЕТ", first_name="ҮМІТ"))
    return tuple(found)


@pytest.mark.parametrize("version", ["2.0", "2.1", "2.2"])
@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 1 << 40))
def test_any_agreement_of_the_tables_survives_reading_and_writing(version: str, seed: int) -> None:
    records = any_agreement(version, Random(seed))
    if version == "2.0":
        # Without a character set in the header there are no other alphabets to be written.
        records = tuple((kind, values) for kind, values in records if kind != "NPA")
    (found,) = agreements_in(file_of(version, ("AGR", [records])))
    writer = RecordWriter(version)
    written = write_agreement(found, writer)
    assert written.findings == ()
    out = io.BytesIO()
    transmission = TransmissionWriter(out, writer, Sender("SO", "177", "KAZAK", "2026-01-31T10:20:30"))
    transmission.transaction("AGR", written.lines)
    transmission.close()
    assert agreements_in(out.getvalue()) == [found]
