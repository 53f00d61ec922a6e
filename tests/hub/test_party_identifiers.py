"""A party that only its DDEX party identifier names: claims and mandates of different messages meet in it."""

from __future__ import annotations

from pathlib import Path

from ddex_label import ERN, LABEL, RDRN, REGISTER, SOCIETY
from hubs import answer, fresh_hub, row_counts, send

from hub.catalogue.parties import party
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
