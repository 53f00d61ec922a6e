"""Taking files in: counts, repetition, correction, refusal - on both databases."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hubs import MANDATES, WORK_HEADER, WORKS, answer, fresh_hub, row_counts, send

from hub.context import Hub
from hub.db.engine import reading
from hub.errors import NotFound, TooLarge
from hub.intake import report
from hub.intake.batches import STRETCH
from hub.intake.store import keep


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path, batch_size=2) as opened:
        yield opened


def work(ref: str, title: str, share: str = "100", iswc: str = "") -> str:
    return f"{ref},{title},{iswc},WRITER,90000000109,CA,177,{share},100,\n"


def test_a_report_reconciles_and_repeats(hub: Hub) -> None:
    feed = WORK_HEADER + work("1", "ONE") + work("2", "TWO", "x") + work("3", "THREE")
    first = send(hub, feed)
    assert (first.status, first.read, first.stored, first.rejected) == ("accepted_with_findings", 3, 2, 1)
    assert first.read == first.stored + first.rejected + first.unchanged
    before = row_counts(hub)
    again = send(hub, feed)
    assert (again.status, again.read, again.unchanged, again.rejected) == ("unchanged", 3, 2, 1)
    assert again.submission == first.submission
    assert row_counts(hub) == before


def test_a_new_file_stores_only_what_differs(hub: Hub) -> None:
    send(hub, WORK_HEADER + work("1", "ONE") + work("2", "TWO"))
    second = send(hub, WORK_HEADER + work("1", "ONE") + work("2", "TWO MORE") + work("3", "THREE"))
    assert (second.read, second.stored, second.unchanged) == (3, 2, 1)


def test_an_old_file_after_a_newer_one_is_a_new_statement(hub: Hub) -> None:
    old, new = WORK_HEADER + work("1", "OLD"), WORK_HEADER + work("1", "NEW")
    send(hub, old)
    send(hub, new)
    back = send(hub, old)
    assert (back.status, back.stored) == ("accepted", 1)
    assert answer(hub, "society-code:177:1")["subject"]["title"] == "OLD"


def test_an_old_file_that_changes_nothing_leaves_no_trace(hub: Hub) -> None:
    one, two = WORK_HEADER + work("1", "ONE"), WORK_HEADER + work("2", "TWO")
    send(hub, one)
    send(hub, two)
    before = row_counts(hub)
    assert send(hub, one).status == "unchanged"
    assert row_counts(hub) == before


def test_the_last_statement_of_a_file_counts(hub: Hub) -> None:
    feed = WORK_HEADER + work("1", "FIRST") + work("2", "OTHER") + work("1", "LAST")
    found = send(hub, feed)
    assert (found.read, found.stored) == (3, 3)
    assert answer(hub, "society-code:177:1")["subject"]["title"] == "LAST"


def test_a_refused_file_stores_nothing(hub: Hub) -> None:
    before = row_counts(hub)
    found = send(hub, "party_name,work_ref\nWRITER,1\n")
    assert (found.status, found.stored, found.errors) == ("rejected", 0, 1)
    after = row_counts(hub)
    assert after["declaration"] == before["declaration"]
    assert send(hub, "party_name,work_ref\nWRITER,1\n").status == "unchanged"
    assert row_counts(hub) == after


def test_a_file_that_breaks_off_in_its_encoding_is_refused_whole(hub: Hub) -> None:
    feed = (
        WORK_HEADER + work("1", "ONE") * 1
    ).encode() + b"2,\xd2\xf0\xe8,,WRITER,90000000109,CA,177,100,100,\n"
    found = send(hub, feed)
    assert found.status == "rejected"
    assert found.read == found.rejected
    assert row_counts(hub)["declaration"] == row_counts(hub)["claim"] == 0


def test_findings_are_located_and_paged(hub: Hub) -> None:
    found = send(hub, WORK_HEADER + "".join(work(str(n), "T", "x") for n in range(5)))
    with reading(hub.engine) as connection:
        row = report.by_public_id(connection, found.submission)
        assert row is not None
        page = report.findings(connection, row.id, limit=2)
        rest = report.findings(connection, row.id, after=page[-1][0])
    assert [item.position for _, item in page + rest] == [f"line:{n}" for n in range(2, 7)]
    assert "number" in page[0][1].text("en")


def test_only_the_wanted_format_is_accepted(hub: Hub) -> None:
    assert send(hub, WORKS, only="mandates-csv").status == "rejected"
    assert send(hub, MANDATES, only="mandates-csv").status == "accepted"


def test_an_unknown_society_is_refused(hub: Hub) -> None:
    with pytest.raises(NotFound, match="societies import"):
        send(hub, WORKS, "555")


def test_a_file_over_the_limit_is_not_kept(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        keep(tmp_path / "store", io.BytesIO(b"x" * 5000), 4096)
    assert list((tmp_path / "store").iterdir()) == []


def test_two_societies_may_use_the_same_reference(hub: Hub) -> None:
    send(hub, WORK_HEADER + work("1", "MINE"), "177")
    send(hub, WORK_HEADER + work("1", "YOURS"), "901")
    assert answer(hub, "society-code:177:1")["subject"]["title"] == "MINE"
    assert answer(hub, "society-code:901:1")["subject"]["title"] == "YOURS"


def test_findings_over_the_limit_are_counted_and_not_kept(database_url: str, tmp_path: Path) -> None:
    feed = WORK_HEADER + "".join(work(str(n), "T", "x") for n in range(9)) + work("9", "GOOD")
    with fresh_hub(database_url, tmp_path, batch_size=2, max_findings=4) as opened:
        found = send(opened, feed)
        assert (found.read, found.stored, found.rejected, found.errors) == (10, 1, 9, 9)
        with reading(opened.engine) as connection:
            row = report.by_public_id(connection, found.submission)
            assert row is not None
            kept = [item for _, item in report.findings(connection, row.id)]
    assert [item.position for item in kept[:4]] == [f"line:{n}" for n in range(2, 6)]
    assert [item.code for item in kept[4:]] == ["file.more_findings"]
    assert "4" in kept[4].text("kk")


def test_a_batch_takes_no_more_than_a_stretch_of_the_file(database_url: str, tmp_path: Path) -> None:
    # Long items: by number alone, this file would be one batch.
    count = 300
    feed = WORK_HEADER + "".join(work(str(number), "x" * 90_000) for number in range(count))
    places = [0]
    with fresh_hub(database_url, tmp_path) as opened:
        assert opened.settings.batch_size > count
        done = send(opened, feed, progress=lambda place, _: places.append(place))
    assert (done.read, done.stored, done.errors) == (count, count, 0)
    assert len(places) - 1 > len(feed) // STRETCH
    assert max(after - before for before, after in pairwise(places)) < STRETCH + (1 << 20)
