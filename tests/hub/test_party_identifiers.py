"""Parties by their numbers: what different messages call by one number, or one person by several, meets."""

from __future__ import annotations

from pathlib import Path

import pytest
from cwr_registrations import one_writer
from ddex_label import ERN, LABEL, RDRN, REGISTER, SOCIETY
from hubs import MANDATE_HEADER, answer, fresh_hub, row_counts, send

from hub.answers.batch import Desk
from hub.answers.changes import changes
from hub.answers.question import ask
from hub.catalogue.parties import party
from hub.db import times
from hub.db.engine import reading
from hub.intake.rows import party_digest
from schemas.declarations import PartyName


def test_a_mandate_and_a_claim_of_one_ddex_party_meet(database_url: str, tmp_path: Path) -> None:
    with fresh_hub(database_url, tmp_path, societies=REGISTER) as hub:
        assert send(hub, ERN, "911").stored == 1
        before = answer(hub, "isrc:KZA012500001", right="PROD")
        assert [line["status"] for line in before["lines"]] == ["unrepresented"]
        assert send(hub, RDRN, "901").by_kind == {"recording": 1, "mandate": 1}
        found = answer(hub, "isrc:KZA012500001", right="PROD")
        # The names differ; the identifier is one, so there is one line and its mandate is found.
        assert [(line["status"], line["share"]) for line in found["lines"]] == [("payable", "100.00")]
        assert found["lines"][0]["payee"]["society"] == SOCIETY
        known = party(hub, LABEL)
        assert {name for name, _ in known.names} == {"Dala Records LLP", "Dala"}
        assert [item.row.holder for item in known.mandates] == [SOCIETY]


def test_mentions_without_the_identifier_are_the_same_as_ever(database_url: str, tmp_path: Path) -> None:
    plain, named = PartyName("Dala"), PartyName("Dala", dpid=LABEL)
    assert party_digest(plain) == "dfd7aecb34cd778f3fcdb35f05785408"
    assert party_digest(plain) != party_digest(named)
    with fresh_hub(database_url, tmp_path, societies=REGISTER) as hub:
        send(hub, ERN, "911")
        send(hub, ERN.replace("E1", "E2").replace("Song", "Song 2"), "911")
        assert row_counts(hub)["party"] == 1


BASE, NAME, PSEUDONYM = "I0000002297", "90000000109", "90000003887"
FORMS = [
    f"M1,party,{BASE},HARTLEY JANE,901,PR,*,2136,2005-01-01,,Y,declaration,,",
    f"M1,party,{PSEUDONYM},J. H.,901,PR,*,2136,2005-01-01,,Y,declaration,,",
]


@pytest.mark.parametrize("mandate", FORMS)
def test_a_mandate_under_any_number_of_a_person_is_the_persons(
    mandate: str, database_url: str, tmp_path: Path
) -> None:
    with fresh_hub(database_url, tmp_path) as hub:
        assert send(hub, one_writer("K1", NAME)).rejected == 0
        assert send(hub, MANDATE_HEADER + mandate + "\n", "901").rejected == 0
        before = answer(hub, "society-code:177:K1")
        assert [line["status"] for line in before["lines"]] == ["unrepresented"]
        # Other registrations tell that both names are one person.
        assert send(hub, one_writer("K2", NAME, BASE)).rejected == 0
        assert send(hub, one_writer("K3", PSEUDONYM, BASE)).rejected == 0
        found = answer(hub, "society-code:177:K1")
        assert [(line["status"], line["payee"]["society"]) for line in found["lines"]] == [("payable", "901")]
        asked = {"right": "PR", "use": "radio", "territory": "KZ", "on": "2026-03-15"}
        with reading(hub.engine) as connection:
            desk = Desk(connection)
            question = ask("society-code:177:K1", **asked)
            desk.read_ahead([question])
            assert desk.answer(question).as_json() == found
        known_at = before["question"]["known_at"]
        assert answer(hub, "society-code:177:K1", known_at=known_at) == before
        changed = changes(hub, question, "177", times.parse(known_at))
        assert {item.after.subject["title"] for item in changed} == {"SONG K1", "SONG K2", "SONG K3"}
