"""Agreements in answers: who collects for a publisher, for how long, and what the chain shows."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from cwr_files import Record, Transaction, file_of, items_of
from hubs import answer, fresh_hub, send

from hub.answers.changes import changes
from hub.answers.period import over_period
from hub.answers.question import ask
from hub.catalogue.export_cwr import export_cwr
from hub.context import Hub
from hub.db import times
from hub.errors import UsageError
from hub.usage.payments import COLUMNS, check_payments
from schemas.declarations import AgreementDeclaration

WORK: Record = (
    "NWR",
    {
        "title": "ЖАЗҒЫ КЕШ".encode("ascii", "replace").decode(),
        "work_number": "K1",
        "iswc": "T9123456780",
        "distribution_category": "POP",
        "version_type": "ORI",
        "recorded_indicator": "U",
    },
)
IPI = {"ipi_name": "90000007581"}
SHARES = {"pr_share": "05000", "mr_share": "10000", "sr_share": "10000"}
COLLECTED = {**SHARES, "territory_sequence": "1"}
ORIGINAL: Record = (
    "SPU",
    {
        "publisher_sequence": "01",
        "ip_number": "P1",
        "name": "NORTHFIELD",
        "publisher_type": "E",
        "ipi_name": "90000007581",
        "pr_society": "052",
        **SHARES,
    },
)
SUB: Record = (
    "SPU",
    {
        "publisher_sequence": "01",
        "ip_number": "P2",
        "name": "DALA",
        "publisher_type": "SE",
        "ipi_name": "90000011200",
        "pr_society": "901",
        "agreement_number": "A7",
    },
)
WRITER: tuple[Record, ...] = (
    (
        "SWR",
        {"ip_number": "W1", "name": "HARTLEY", "writer_type": "CA", "pr_society": "052", "pr_share": "05000"},
    ),
    (
        "SWT",
        {
            "ip_number": "W1",
            "pr_share": "05000",
            "inclusion": "I",
            "territory": "2136",
            **{"territory_sequence": "1"},
        },
    ),
    (
        "PWR",
        {
            "publisher_ip_number": "P1",
            "publisher_name": "NORTHFIELD",
            "writer_ip_number": "W1",
            "publisher_sequence": "01",
        },
    ),
)


def territory(party: str, inclusion: str, code: str) -> Record:
    shares = COLLECTED if inclusion == "I" else {"territory_sequence": "2"}
    return ("SPT", {"ip_number": party, "inclusion": inclusion, "territory": code, **shares})


STATED: Transaction = (
    WORK,
    ORIGINAL,
    territory("P1", "I", "2136"),
    territory("P1", "E", "398"),
    SUB,
    territory("P2", "I", "398"),
    *WRITER,
)
UNSTATED: Transaction = (WORK, ORIGINAL, SUB, *WRITER)


def party(role: str, number: str, name: str, society: str, share: str, **more: str) -> Record:
    values = {"agreement_role": role, "ip_number": number, "name": name, "pr_society": society}
    return ("IPA", {**values, "pr_share": share, **more})


def agreement(taken: str = "10000", kept: str = "00000", **more: str) -> Transaction:
    terms = {
        "agreement_number": "A7",
        "agreement_type": "PS",
        "start_date": "20200101",
        "end_date": "20251231",
        "prior_royalty_status": "N",
        "post_term_status": "N",
        "number_of_works": "00001",
        "sales_manufacture_clause": "S",
    }
    return (
        ("AGR", {**terms, **more}),
        ("TER", {"inclusion": "I", "territory": "398"}),
        party("AS", "P1", "NORTHFIELD", "052", kept, **IPI),
        party("AC", "P2", "DALA", "901", taken),
    )


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        yield opened


def sent(hub: Hub, work: Transaction, *agreements: Transaction) -> None:
    groups = [("AGR", list(agreements))] if agreements else []
    report = send(hub, file_of("2.2", *groups, ("NWR", [work])))
    assert (report.rejected, report.errors) == (0, 0)


def lines(hub: Hub, on: str, **terms: str) -> dict[str, dict[str, Any]]:
    return {line["party"]["name"]: line for line in answer(hub, on=on, **terms)["lines"] if line["party"]}


def shares(hub: Hub, on: str, **terms: str) -> dict[str, Decimal]:
    return {name: Decimal(line["share"]) for name, line in lines(hub, on, **terms).items()}


def test_the_chain_of_a_sub_publisher_begins_with_its_agreement(hub: Hub) -> None:
    sent(hub, STATED, agreement())
    found = lines(hub, "2025-12-31")
    assert shares(hub, "2025-12-31") == {"HARTLEY": 50, "DALA": 50}
    first, second = found["DALA"]["chain"]
    assert (first["grantor"], first["holder"], first["basis"]) == ("90000007581", "90000011200", "agreement")
    assert (first["valid_from"], first["source"]["position"]) == ("2020-01-01", "line:3")
    assert (second["grantor"], second["holder"]) == ("90000011200", "901")
    assert found["DALA"]["payee"]["society"] == "901"
    assert len(found["HARTLEY"]["chain"]) == 1


def test_after_its_term_the_share_is_the_assignors_again(hub: Hub) -> None:
    sent(hub, STATED, agreement())
    assert shares(hub, "2026-01-01") == {"HARTLEY": 50, "NORTHFIELD": 50}
    line = lines(hub, "2026-01-01")["NORTHFIELD"]
    assert line["reasons"] == ["agreement_not_in_term"]
    assert line["payee"]["society"] == "052"
    assert shares(hub, "2019-12-31") == {"HARTLEY": 50, "NORTHFIELD": 50}
    assert shares(hub, "2026-01-01", territory="GB") == {"HARTLEY": 50, "NORTHFIELD": 50}


PRIOR = {"prior_royalty_status": "D", "prior_royalty_start_date": "20190601"}
LATER = {"post_term_status": "D", "post_term_end_date": "20260630"}


@pytest.mark.parametrize(
    ("terms", "on", "paid_on", "collector", "reasons"),
    [
        # Used and paid within the term; then paid after it, with nothing said, for good, and until a day.
        ({}, "2025-12-31", "2025-12-31", "DALA", []),
        ({}, "2025-12-31", "2026-01-01", "NORTHFIELD", ["paid_after_term"]),
        ({"post_term_status": "O"}, "2025-12-31", "2031-01-01", "DALA", ["collected_after_term"]),
        (LATER, "2025-12-31", "2026-06-30", "DALA", ["collected_after_term"]),
        (LATER, "2025-12-31", "2026-07-01", "NORTHFIELD", ["paid_after_term"]),
        # Used after the term it is never the sub-publisher's, whenever it is paid.
        ({"post_term_status": "O"}, "2026-01-01", "2026-02-01", "NORTHFIELD", ["agreement_not_in_term"]),
        # Used before the term: with nothing said, all, and from a day on.
        ({}, "2019-12-31", "2020-03-01", "NORTHFIELD", ["agreement_not_in_term"]),
        ({"prior_royalty_status": "A"}, "1999-12-31", "2020-03-01", "DALA", ["prior_royalties"]),
        ({"prior_royalty_status": "A"}, "2019-12-31", "2019-12-31", "NORTHFIELD", ["agreement_not_in_term"]),
        (PRIOR, "2019-06-01", "2020-03-01", "DALA", ["prior_royalties"]),
        (PRIOR, "2019-05-31", "2020-03-01", "NORTHFIELD", ["agreement_not_in_term"]),
        # Both: used before the term and paid after it.
        (PRIOR, "2019-06-01", "2026-01-01", "NORTHFIELD", ["agreement_not_in_term"]),
        ({**PRIOR, **LATER}, "2019-06-01", "2026-01-01", "DALA", ["prior_royalties"]),
        # A retention period is a part of the term.
        ({"retention_end_date": "20260630"}, "2025-12-31", "2026-06-30", "DALA", []),
    ],
)
def test_what_is_used_and_paid_on_different_days_goes_by_the_agreement(
    hub: Hub, terms: dict[str, str], on: str, paid_on: str, collector: str, reasons: list[str]
) -> None:
    sent(hub, STATED, agreement(**terms))
    found = lines(hub, on, paid_on=paid_on)
    assert found.keys() == {"HARTLEY", collector}
    assert found[collector]["reasons"] == reasons
    assert answer(hub, on=on, paid_on=paid_on)["question"]["paid_on"] == paid_on
    # Without a day of payment the day of use is meant, as ever.
    assert "paid_on" not in answer(hub, on=on)["question"]
    assert shares(hub, on) == shares(hub, on, paid_on=on)


def test_a_payment_after_the_term_is_checked_as_such(hub: Hub) -> None:
    sent(hub, STATED, agreement())
    known = answer(hub)["question"]["known_at"]
    (day,) = {known[:10]}
    row = f"P1,iswc:T9123456780,PR,radio,KZ,2025-12-31,901,50,{known}"
    found = list(check_payments(hub, io.BytesIO(f"{','.join(COLUMNS)}\n{row}\n".encode())))
    # What was used on the last day of the term and is paid today, years after it, is the assignor's.
    assert day > "2026-01-01"
    assert [(item.then, item.verdict) for item in found] == [("0.00", "wrong")]
    with pytest.raises(UsageError, match=r"the payment \(2026-01-01\) lies before the use \(2026-01-02\)"):
        answer(hub, on="2026-01-02", paid_on="2026-01-01")


def test_a_retention_period_supersedes_the_end(hub: Hub) -> None:
    sent(hub, STATED, agreement(retention_end_date="20260630"))
    assert shares(hub, "2026-06-30")["DALA"] == 50
    assert shares(hub, "2026-07-01")["NORTHFIELD"] == 50
    question = ask("iswc:T9123456780", right="PR", use="radio", territory="KZ", on="2026-01-01")
    segments = over_period(hub, question, dt.date(2027, 1, 1))
    assert [item.end for item in segments] == [dt.date(2026, 7, 1), dt.date(2027, 1, 1)]


def test_without_stated_territories_the_agreement_tells_who_collects(hub: Hub) -> None:
    sent(hub, UNSTATED, agreement(taken="08000", kept="02000"))
    assert shares(hub, "2025-03-01") == {"HARTLEY": 50, "NORTHFIELD": 10, "DALA": 40}
    assert shares(hub, "2025-03-01", territory="GB") == {"HARTLEY": 50, "NORTHFIELD": 50}
    assert shares(hub, "2026-03-01") == {"HARTLEY": 50, "NORTHFIELD": 50}
    assert lines(hub, "2025-03-01")["DALA"]["payee"]["society"] == "901"


def test_an_agreement_learned_later_changes_answers_from_then_on(hub: Hub) -> None:
    sent(hub, STATED)
    before = answer(hub, on="2026-03-15")
    assert shares(hub, "2026-03-15")["DALA"] == 50
    send(hub, file_of("2.2", ("AGR", [agreement()])))
    assert shares(hub, "2026-03-15")["NORTHFIELD"] == 50
    assert answer(hub, on="2026-03-15", known_at=before["question"]["known_at"]) == before
    terms = ask("iswc:T9123456780", right="PR", use="radio", territory="KZ", on="2026-03-15")
    (found,) = changes(hub, terms, "177", times.parse(before["question"]["known_at"]))
    assert found.as_json()["before"]["payable_to"] == {"052": "50.00", "901": "50.00"}
    assert found.as_json()["after"]["payable_to"] == {"052": "100.00"}


def test_the_number_that_a_society_gave_the_agreement_names_it_too(hub: Hub) -> None:
    given = {"society_agreement_number": "SAAN-7"}
    named: Record = ("SPU", {**SUB[1], "agreement_number": "", **given})
    work = (*STATED[:4], named, *STATED[5:])
    sent(hub, work, agreement(**given), agreement(agreement_number="A9", end_date=""))
    assert shares(hub, "2025-12-31")["DALA"] == 50
    assert len(lines(hub, "2025-12-31")["DALA"]["chain"]) == 2
    assert shares(hub, "2026-01-01")["NORTHFIELD"] == 50


def test_another_submitters_agreement_of_the_same_number_is_another(hub: Hub) -> None:
    sent(hub, STATED)
    send(hub, file_of("2.2", ("AGR", [agreement()])), "901")
    assert shares(hub, "2026-03-15")["DALA"] == 50


def test_the_same_agreement_again_changes_nothing(hub: Hub) -> None:
    first = send(hub, file_of("2.2", ("AGR", [agreement()])))
    again = send(hub, file_of("2.2", ("AGR", [agreement()]), creation_time="040506"))
    assert (first.stored, first.by_kind) == (1, {"agreement": 1})
    assert (again.stored, again.unchanged) == (0, 1)


def test_an_export_carries_the_agreements_that_its_works_name(hub: Hub) -> None:
    other = agreement(agreement_number="A9")
    sent(hub, STATED, agreement(), other)
    out = io.BytesIO()
    exported = export_cwr(hub, out, version="2.1", society="177")
    assert exported.totals.groups == 2
    items = items_of(out.getvalue())
    assert [item.ref for item in items if isinstance(item, AgreementDeclaration)] == ["A7"]
    report = send(hub, out.getvalue())
    assert (report.unchanged, report.errors) == (2, 0)
