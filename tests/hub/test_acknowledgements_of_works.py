"""Acknowledgements that came in are found with the works that they answer; all data invented."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cwr_files import Record, Transaction, file_of
from hubs import answer, fresh_hub, send
from signed_in import Browser, found
from starlette.testclient import TestClient

from hub.api.app import create_app
from hub.catalogue.detail import detail
from hub.context import Hub
from hub.errors import UnknownSubject

WORK: Record = (
    "NWR",
    {
        "title": "EVENING STEPPE",
        "work_number": "K1",
        "distribution_category": "POP",
        "version_type": "ORI",
        "recorded_indicator": "U",
    },
)
WRITER: Record = (
    "OWR",
    {"name": "WRITER", "pr_share": "10000", "mr_share": "10000", "sr_share": "10000", "writer_type": "CA"},
)


def registered(hub: Hub, society: str = "177", **changes: str) -> None:
    report = send(hub, file_of("2.1", ("NWR", [((WORK[0], {**WORK[1], **changes}), WRITER)])), society)
    assert report.stored == 1


def answered(*, status: str = "AS", echo: bool = True, **changes: str) -> bytes:
    values = {
        "creation_date": "20260101",
        "creation_time": "120000",
        "original_group": "1",
        "original_type": "NWR",
        "title": "EVENING STEPPE",
        "submitter_number": "K1",
        "recipient_number": "BMI77",
        "processing_date": "20260201",
        "status": status,
    }
    message: Record = (
        "MSG",
        {
            "message_type": "F",
            "original_record_type": "NWR",
            "message_level": "F",
            "validation_number": "005",
            "text": "DATE REPLACED",
        },
    )
    repeated = ((WORK[0], {**WORK[1], "iswc": "T9300000015"}),) if echo else ()
    transaction: Transaction = (("ACK", {**values, **changes}), message, *repeated)
    return file_of("2.1", ("ACK", [transaction]), sender_type="SO", sender_id="000000052")


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        yield opened


def answers_of(hub: Hub, subject: str = "society-code:177:K1") -> list[dict[str, Any]]:
    found = answer(hub, subject)["subject"]
    told = detail(hub, "work", found["id"]).as_json()["acknowledgements"]
    assert isinstance(told, list)
    return told


def test_a_work_shows_what_was_answered_to_its_registration(hub: Hub) -> None:
    registered(hub)
    assert answers_of(hub) == []
    send(hub, answered(status="AC"), "052")
    (found,) = answers_of(hub)
    assert (found["society"], found["status"], found["society_work"]) == ("052", "AC", "BMI77")
    assert (found["answers"], found["transaction"], found["processed"]) == ("K1", "NWR", "2026-02-01")
    assert found["messages"] == [{"code": "F:NWRF005:00000000", "text": "DATE REPLACED"}]
    assert found["source"]["position"] == "line:3"


def test_the_answering_societys_number_and_iswc_name_the_work(hub: Hub) -> None:
    registered(hub)
    with pytest.raises(UnknownSubject):
        answer(hub, "society-code:052:BMI77")
    send(hub, answered(), "052")
    work = answer(hub, "society-code:177:K1")["subject"]["id"]
    assert answer(hub, "society-code:052:BMI77")["subject"]["id"] == work
    assert answer(hub, "iswc:T9300000015")["subject"]["id"] == work


def test_it_does_not_matter_which_came_first(hub: Hub) -> None:
    send(hub, answered(), "052")
    registered(hub)
    assert [item["society_work"] for item in answers_of(hub, "society-code:052:BMI77")] == ["BMI77"]


def test_a_later_answer_replaces_an_earlier_one(hub: Hub) -> None:
    registered(hub)
    send(hub, answered(status="RA", recipient_number=""), "052")
    earlier = answer(hub, "society-code:177:K1")["question"]["known_at"]
    send(hub, answered(status="AS"), "052")
    (found,) = answers_of(hub)
    assert found["status"] == "AS"
    work = answer(hub, "society-code:177:K1")["subject"]["id"]
    (before,) = detail(hub, "work", work, earlier).as_json()["acknowledgements"]
    assert before["status"] == "RA"


def test_a_number_alone_does_not_make_an_answer_another_societys(hub: Hub) -> None:
    registered(hub, title="SOMETHING ELSE")
    send(hub, answered(), "052")
    assert answers_of(hub) == []
    send(hub, answered(echo=False, title="SOMETHING ELSE"), "177")
    assert [item["status"] for item in answers_of(hub)] == ["AS"]


def test_the_page_tells_the_answer_in_words_and_opens_its_line_for_who_sent_it(hub: Hub) -> None:
    registered(hub)
    send(hub, answered(), "177")
    kazak = Browser(hub, TestClient(create_app(hub)), "177")
    work = found(r'href="/(works/[a-z0-9]+)"', kazak.page("/find?q=177:K1"))
    page = kazak.page(f"/{work}?lang=ru")
    assert "регистрация принята как прислана" in page
    further = page[page.index('id="further"') :]
    line = kazak.page(found(r'href="(/sources/[^"]+)"', further).replace("&amp;", "&"))
    assert "ACK0000000" in line
    other = Browser(hub, TestClient(create_app(hub)), "052")
    theirs = other.page(f"/{work}?lang=en")
    assert "registration accepted as sent" in theirs
    assert "/sources/" not in theirs[theirs.index('id="further"') :]
