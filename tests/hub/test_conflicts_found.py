"""Which statements the hub finds that cannot all hold, kind by kind."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hubs import MANDATE_HEADER, MANDATES, SOCIETIES, WORK_HEADER, WORKS, fresh_hub, send
from sqlalchemy import select, update

from hub.conflicts.conflict_records import queue
from hub.conflicts.finding import refresh
from hub.context import Hub
from hub.db.counters import horizon
from hub.db.engine import reading, writing
from hub.db.tables import PARTY, SUBJECT
from hub.links.review import decide
from hub.mandates.withdrawals import Notice, withdraw
from hub.registers import import_societies

ON = dt.date(2026, 6, 15)
ALIMOV, HARTLEY = "90000000109", "90000003887"


def mandate(ref: str, grantor: str, holder: str, **terms: str) -> str:
    row = {
        "mandate_ref": ref, "grantor_type": "party", "grantor_id": grantor, "grantor_name": "",
        "holder": holder, "rights": "PR", "uses": "*", "territories": "2136",
        "valid_from": "2020-01-01", "valid_to": "", "exclusive": "Y", "basis": "declaration",
        "works": "", "evidence": "", **terms,
    }  # fmt: skip
    return MANDATE_HEADER + ",".join(row.values()) + "\n"


def work(ref: str, party: str, ipi: str, share: str, **terms: str) -> str:
    row = {
        "work_ref": ref, "title": "ЖАЗҒЫ КЕШ", "iswc": "T9123456780", "party_name": party, "party_ipi": ipi,
        "role": "CA", "society": "", "pr_share": share, "mr_share": share, "territories": "", **terms,
    }  # fmt: skip
    return ",".join(row.values()) + "\n"


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        send(opened, WORKS)
        send(opened, MANDATES)
        yield opened


def conflicts(hub: Hub, **options: Any) -> list[dict[str, Any]]:
    refresh(hub)
    with reading(hub.engine) as connection:
        found, _ = queue(connection, horizon(connection), ON, **options)
    return [item.detail(ON) for item in found]


def test_a_register_without_contradictions_has_no_conflicts(hub: Hub) -> None:
    assert conflicts(hub) == []


def test_mandates_of_one_grantor_overlap_where_they_meet_only(hub: Hub) -> None:
    send(hub, mandate("M7", ALIMOV, "901", rights="PR|SR", uses="radio|tv", territories="KZ|GB",
                      valid_from="2026-01-01", valid_to="2026-07-01"), "901")  # fmt: skip
    (found,) = conflicts(hub)
    assert (found["kind"], found["state"], found["present"]) == ("mandate_overlap", "open", True)
    assert {side["name"] for side in found["sides"]} == {"M1", "M7"}
    assert (found["rights"], found["uses"], found["territories"]) == ("PR", "radio|tv", "GB|KZ")
    assert (found["valid_from"], found["valid_to"]) == ("2026-01-01", "2026-07-01")
    assert (found["works"], found["countries"], found["territory_months"], found["blocks"]) == (1, 2, 12, 12)
    assert found["societies"] == ["177", "901"]
    assert all(side["sources"][0]["submission"] for side in found["sides"])


@pytest.mark.parametrize(
    "terms",
    [
        {"rights": "SR"},
        {"territories": "-2136"},
        {"basis": "agreement"},
        {"valid_from": "2009-01-01", "valid_to": "2010-01-01"},
        {"works": "iswc:T9123456780"},
        {"holder": "177"},
    ],
)
def test_what_does_not_meet_or_does_not_weigh_the_same_is_no_overlap(hub: Hub, terms: dict[str, str]) -> None:
    send(hub, mandate("M7", ALIMOV, **{"holder": "901", **terms}), "901")
    assert conflicts(hub, kind="mandate_overlap") == []


def test_a_stronger_mandate_and_a_notice_are_cut_out(hub: Hub) -> None:
    weak = mandate("A1", HARTLEY, "901", basis="assertion", rights="MR")
    send(
        hub, weak + mandate("A2", HARTLEY, "911", basis="assertion", rights="MR").removeprefix(MANDATE_HEADER)
    )
    assert [item["territories"] for item in conflicts(hub)] == ["2136"]
    send(
        hub,
        mandate("D1", HARTLEY, "052", rights="MR", territories="2136|-KZ", valid_from="2024-01-01"),
        "052",
    )
    (found,) = conflicts(hub)
    assert found["valid_to"] == ""
    assert found["territories"] == "2136"  # until 2024 everywhere, since then in Kazakhstan only
    withdraw(hub, Notice("A1", "2022-06-01", "2023-01-01"), "177")
    (found,) = conflicts(hub)
    assert (found["valid_from"], found["valid_to"]) == ("2020-01-01", "2023-01-01")
    assert found["history"][-1]["action"] == "find"


def test_a_base_number_and_a_name_number_are_one_grantor(hub: Hub) -> None:
    with writing(hub.engine) as connection:
        # As a CWR file says it, which gives both numbers of a writer.
        connection.execute(update(PARTY).where(PARTY.c.ipi_name == ALIMOV).values(ipi_base="I0000002297"))
    send(hub, mandate("M8", "I-000000229-7", "901"), "901")
    (found,) = conflicts(hub)
    assert {side["name"] for side in found["sides"]} == {"M1", "M8"}
    assert found["works"] == 1


def test_shares_over_a_hundred_and_shares_that_disagree(hub: Hub) -> None:
    send(hub, WORK_HEADER + work("P1", "ӘЛІМОВ ЕРЛАН", ALIMOV, "100"), "901")
    (mechanical, performing) = sorted(conflicts(hub), key=lambda item: item["about"])
    assert (performing["kind"], performing["about"]) == ("share_disagreement", "PR")
    assert (mechanical["kind"], mechanical["about"]) == ("share_disagreement", "MR")
    assert {side["statement"]["total"] for side in performing["sides"]} == {"100.00"}
    send(hub, WORK_HEADER + work("P1", "ӘЛІМОВ ЕРЛАН", ALIMOV, "70")
         + work("P1", "HARTLEY JANE", HARTLEY, "40", territories="KZ"), "901")  # fmt: skip
    found = [item for item in conflicts(hub) if item["kind"] == "overclaim"]
    assert [(item["about"], item["territories"], item["societies"]) for item in found] == [
        ("MR", "KZ", ["901"]), ("PR", "KZ", ["901"])
    ]  # fmt: skip
    assert found[0]["sides"][0]["statement"]["total"] == "110.00"
    assert [item["kind"] for item in conflicts(hub, state="vanished")] == ["share_disagreement"] * 2


def test_partial_sources_overclaim_together(database_url: str, tmp_path: Path) -> None:
    with fresh_hub(database_url, tmp_path) as hub:
        send(hub, WORK_HEADER + work("K1", "ӘЛІМОВ ЕРЛАН", ALIMOV, "60"), "177")
        send(hub, WORK_HEADER + work("P1", "HARTLEY JANE", HARTLEY, "60"), "901")
        found = conflicts(hub)
        assert {(item["kind"], item["about"]) for item in found} == {("overclaim", "MR"), ("overclaim", "PR")}
        assert found[0]["societies"] == ["177", "901"]


def test_codes_on_unlike_subjects_and_several_codes_on_one(hub: Hub) -> None:
    other = work("P1", "SOMEBODY ELSE", "90000001106", "100", title="ҚЫС ТҮНІ ҰЗАҚ")
    send(hub, WORK_HEADER + other, "901")
    found = conflicts(hub, kind="shared_identifier")
    assert [item["about"] for item in found] == ["iswc:T9123456780"]
    assert {side["statement"]["title"] for side in found[0]["sides"]} == {"ЖАЗҒЫ КЕШ", "ҚЫС ТҮНІ ҰЗАҚ"}
    same = WORKS.replace("T9123456780", "T0345246801").replace("K1,", "Q1,")
    send(hub, same, "052")
    with reading(hub.engine) as connection:
        pair = connection.scalars(select(SUBJECT.c.public_id).where(SUBJECT.c.ref.in_(("K1", "Q1")))).all()
    decide(hub, pair[0], pair[1], "same", "the contract says so", "operator")
    (found,) = conflicts(hub, kind="several_identifiers")
    assert {side["side"] for side in found["sides"]} == {"iswc:T9123456780", "iswc:T0345246801"}


def agreement(ref: str, grantor: str, holder: str, **terms: str) -> str:
    return mandate(ref, grantor, holder, **{"grantor_type": "society", "basis": "agreement", **terms})


def test_agreements_that_lead_back_are_a_circle(hub: Hub) -> None:
    send(hub, agreement("R2", "177", "901", territories="KZ|GB"), "177")
    assert conflicts(hub) == []
    send(hub, agreement("R3", "901", "052", territories="KZ"), "901")
    (found,) = conflicts(hub)
    assert (found["kind"], found["territories"], found["societies"]) == (
        "mandate_cycle",
        "KZ",
        ["052", "177", "901"],
    )
    assert [side["name"] for side in found["sides"]] == ["R1", "R2", "R3"]
    send(hub, agreement("R3", "901", "052", territories="GB"), "901")
    assert conflicts(hub) == []


def test_a_mandate_for_works_in_which_others_have_the_shares(hub: Hub) -> None:
    listed = {"works": "iswc:T9123456780|iswc:T0345246801"}
    send(hub, mandate("M9", "90000001106", "901", **listed), "901")
    (found,) = conflicts(hub)
    assert (found["kind"], found["rights"], found["works"]) == ("mandate_without_rights", "PR", 1)
    assert found["societies"] == ["177", "901"]
    own = WORK_HEADER + work(
        "P2", "SOMEBODY ELSE", "90000001106", "100", iswc="T0345246801", title="БАСҚА ӘН"
    )
    send(hub, own, "901")
    (found,) = conflicts(hub, kind="mandate_without_rights")
    assert found["sides"][0]["name"] == "M9" or found["sides"][1]["name"] == "M9"
    send(hub, mandate("M9", "90000001106", "901", works="iswc:T0345246801"), "901")
    assert conflicts(hub, kind="mandate_without_rights") == []


def test_a_society_without_the_accreditation_that_a_territory_demands(hub: Hub) -> None:
    licensed = SOCIETIES.replace(
        "901,Altyn Dala (invented),KZ,cmo,", "901,Altyn Dala (invented),KZ,cmo,KZ:PR:2020-01-01:2025-01-01"
    )
    import_societies(hub, io.BytesIO(licensed.encode()))
    (found,) = conflicts(hub)
    # The British society has handed Kazakhstan on to 177, so only that one needs an accreditation there.
    assert (found["kind"], found["about"], found["societies"]) == ("accreditation", "KZ", ["177"])
    assert (found["rights"], found["valid_from"], found["works"]) == ("PR", "2020-01-01", 2)
    send(hub, mandate("M7", HARTLEY, "901", territories="KZ", basis="statute"), "901")
    lapsed = next(item for item in conflicts(hub) if item["societies"] == ["901"])
    assert (lapsed["valid_from"], lapsed["valid_to"]) == ("2025-01-01", "")
    both = licensed.replace("177,KAZAK,KZ,cmo,", "177,KAZAK,KZ,cmo,KZ:*:2019-01-01:")
    import_societies(hub, io.BytesIO(both.encode()))
    assert [item["societies"] for item in conflicts(hub)] == [["901"]]


def test_registrations_that_name_a_society_after_its_mandate_was_withdrawn(hub: Hub) -> None:
    withdraw(hub, Notice("M1", "2025-06-01", "2026-01-01", uses="radio"), "177")
    assert conflicts(hub) == []
    withdraw(hub, Notice("M1", "2025-06-01", "2026-01-01", rights="PR"), "177")
    (found,) = conflicts(hub)
    assert (found["kind"], found["rights"], found["works"]) == ("withdrawn_but_claimed", "PR", 1)
    assert (found["valid_from"], found["societies"]) == ("2026-01-01", ["177"])
    send(hub, WORKS.replace("ЕРЛАН,90000000109,CA,177", "ЕРЛАН,90000000109,CA,901"))
    assert conflicts(hub) == []
    assert [item["kind"] for item in conflicts(hub, state="vanished")] == ["withdrawn_but_claimed"]


def test_a_draft_shows_nowhere(hub: Hub) -> None:
    licensed = SOCIETIES.replace(
        "901,Altyn Dala (invented),KZ,cmo,", "901,Altyn Dala,KZ,cmo,KZ:PR:2020-01-01:"
    )
    import_societies(hub, io.BytesIO(licensed.encode()))
    send(hub, mandate("M7", HARTLEY, "177", territories="GB", valid_to="2021-01-01"), "052")
    withdraw(hub, Notice("M1", "2025-06-01", "2026-01-01"), "177")
    before = conflicts(hub)
    kinds = {"accreditation", "mandate_overlap", "withdrawn_but_claimed"}
    assert {item["kind"] for item in before} == kinds
    withdraw(hub, Notice("M1", "2025-07-01", "2026-02-01", draft=True), "177")
    withdraw(hub, Notice("M7", "2020-02-01", "2020-06-01", draft=True), "052")
    withdraw(hub, Notice("R1", "2025-07-01", "2026-02-01", draft=True), "052")
    assert conflicts(hub) == before


def test_the_queue_begins_with_what_blocks_most_and_pages(hub: Hub) -> None:
    send(hub, mandate("S1", ALIMOV, "901", territories="KZ"), "901")
    send(hub, mandate("S2", HARTLEY, "901", territories="2136"), "901")
    refs = [{side["name"] for side in item["sides"]} for item in conflicts(hub)]
    assert refs == [{"M2", "S2"}, {"M1", "S1"}]
    with reading(hub.engine) as connection:
        at = horizon(connection)
        first, following = queue(connection, at, ON, limit=1)
        second, after = queue(connection, at, ON, limit=1, skip=following or 0)
        assert queue(connection, at, ON, limit=1, skip=after or 0)[0] == []
        assert [item.id for item in (*first, *second)] == [item["id"] for item in conflicts(hub)]
        assert len(queue(connection, at, ON, society="052")[0]) == 1
        before = [item.id for item in queue(connection, first[0].found_at - 1, ON)[0]]
    assert first[0].id not in before
