"""Performers and artists are found though they have no share, in any script; so are hubs filled before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from hubs import WORK_HEADER, fresh_hub, send
from sqlalchemy import select

from hub.catalogue.search import search
from hub.context import Hub
from hub.db import schema
from hub.db.engine import reading, writing
from hub.db.tables import MENTION
from hub.intake.rows import mentions
from schemas.declarations import (
    Claim,
    OtherName,
    PartyName,
    Performer,
    RecordingDeclaration,
    RecordingReference,
    WorkDeclaration,
)

RECORDINGS = (
    "recording_ref,isrc,title,artist,duration,year,works,party_name,party_id,role,right,share\n"
    "R1,KZZ9X2600001,Көктем,Роза Бақтығали,3:10,2024,,,,,,\n"
    "R2,KZZ9X2600002,Boats at Night,The Paper Kites of Almaty,3:10,2024,,,,,,\n"
)
WORKS = WORK_HEADER.strip() + ",performers\nK1,Жел,,ОСПАН НҰРЛАН,,CA,177,100,100,,Дос-Мұқасан|Batyrkhan\n"


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        send(opened, RECORDINGS)
        send(opened, WORKS)
        yield opened


def found(hub: Hub, asked: str) -> list[str]:
    return [hit.subject.title for hit in search(hub, asked)]


ASKED = {
    "Роза Бақтығали": "Көктем", "roza baktygali": "Көктем", "paper kites almati": "Boats at Night",
    "дос мукасан": "Жел", "Батырхан": "Жел", "ospan nurlan": "Жел",
}  # fmt: skip


def test_performers_are_found_in_any_script(hub: Hub) -> None:
    assert {asked: found(hub, asked)[:1] for asked in ASKED} == {
        asked: [title] for asked, title in ASKED.items()
    }
    shown = {hit.subject.title: hit.parties for text in ("роза", "оспан") for hit in search(hub, text)}
    assert shown["Көктем"] == ("Роза Бақтығали",)
    assert shown["Жел"] == ("ОСПАН НҰРЛАН", "Дос-Мұқасан", "Batyrkhan")


def test_a_corrected_artist_is_found_no_more(hub: Hub) -> None:
    send(hub, RECORDINGS.replace("Роза Бақтығали", "Мөлдір Әуелбек"))
    assert "Көктем" not in found(hub, "Роза Бақтығали")
    assert found(hub, "moldir auelbek") == ["Көктем"]


def test_a_hub_filled_before_gets_the_same_rows(hub: Hub) -> None:
    def rows() -> list[tuple[int, int]]:
        with reading(hub.engine) as connection:
            return sorted(tuple(row) for row in connection.execute(select(MENTION)))

    before = rows()
    assert len(before) == 4
    config = schema._config()
    with writing(hub.engine) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0017")
        command.upgrade(config, "head")
    assert rows() == before
    assert schema.check(hub.engine) == []
    assert found(hub, "roza baktygali")[0] == "Көктем"


def test_mentions_are_whom_no_claim_names() -> None:
    kazakh = OtherName("Байсейітова", "Күләш")
    singer = PartyName("BAISEITOVA", "KULASH", ipi_name="00000000199", other_names=(kazakh,))
    work = WorkDeclaration(
        "W", "T", claims=(Claim(PartyName("OSPAN", "NURLAN", other_names=(OtherName("欧斯潘"),)), "CA"),),
        performers=(Performer(singer), Performer(PartyName("OSPAN", "NURLAN"))),
        recordings=(RecordingReference(artist="KULASH BAISEITOVA"), RecordingReference(artist="A Choir")),
    )  # fmt: skip
    named = [(party.full_name, party.ipi_name) for party in mentions(work)]
    assert ("BAISEITOVA KULASH", "00000000199") in named
    # Her name in Kazakh letters has the same folded form, so one row finds both.
    assert {name for name, _ in named} == {"BAISEITOVA KULASH", "A Choir", "欧斯潘"}
    # Whoever claims is found by the claim, and the artist of the recording is the performer.
    assert not {"OSPAN NURLAN", "KULASH BAISEITOVA"} & {name for name, _ in named}
    recording = RecordingDeclaration("R", "T", artist="Duo", contributors=(Performer(singer),))
    assert [party.full_name for party in mentions(recording)][:2] == ["BAISEITOVA KULASH", "Duo"]
