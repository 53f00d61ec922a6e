"""The demonstration played in a fresh hub: its answers are those worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hub.context import open_hub
from hub.demo.story import answers, load_feeds
from hub.settings import Settings

Told = list[tuple[dict[str, Any], dict[str, str]]]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Told, list[str]]:
    """Each answer with its expected totals, and what a second loading of the same feeds says."""
    folder = tmp_path_factory.mktemp("demo")
    hub = open_hub(Settings(f"sqlite:///{Path(folder) / 'hub.db'}", folder))
    try:
        load_feeds(hub, lambda _: None)
        told = [(asked.answer, asked.expected) for asked in answers(hub)]
        again: list[str] = []
        load_feeds(hub, again.append)
        assert [asked.answer["totals"] for asked in answers(hub)] == [answer["totals"] for answer, _ in told]
    finally:
        hub.engine.dispose()
    return told, again


def lines(answer: dict[str, Any], status: str) -> dict[str, dict[str, Any]]:
    return {line["party"]["name"]: line for line in answer["lines"] if line["status"] == status}


def test_the_totals_are_those_worked_out_by_hand(played: tuple[Told, list[str]]) -> None:
    told, _ = played
    assert [answer["totals"] for answer, _ in told] == [expected for _, expected in told]
    for answer, _ in told:
        assert sum(Decimal(line["share"]) for line in answer["lines"]) == 100


def test_the_withdrawal_turns_a_dispute_into_a_payee(played: tuple[Told, list[str]]) -> None:
    (before, _), (after, _), *_ = played[0]
    writer = "HOLLOWAY-PIKE EDMUND"
    candidates = lines(before, "disputed")[writer]["candidates"]
    assert {item["society"] for item in candidates} == {"177", "901"}
    settled = lines(after, "payable")[writer]
    assert settled["payee"]["society"] == "177"
    assert [(hop["holder"], hop["basis"]) for hop in settled["chain"]] == [
        ("052", "declaration"),
        ("177", "agreement"),
    ]
    assert sum(Decimal(line["amount"]) for line in after["lines"]) == Decimal("100000.00")


def test_the_matcher_links_the_recording_that_names_no_work(played: tuple[Told, list[str]]) -> None:
    answer = played[0][2][0]
    assert all("linked_by_matcher" in line["reasons"] for line in answer["lines"])


def test_a_presumption_does_not_revive_what_was_withdrawn(played: tuple[Told, list[str]]) -> None:
    answer = played[0][6][0]
    assert lines(answer, "payable")["Мерей Оспақова"]["chain"][0]["basis"] == "statute"
    assert lines(answer, "unrepresented")["Тимур Заречный"]["reasons"] == ["mandate_withdrawn"]


def test_loading_the_feeds_again_changes_nothing(played: tuple[Told, list[str]]) -> None:
    _, again = played
    assert all("unchanged" in sentence for sentence in again)
    assert all(" 0 stored" in sentence for sentence in again if " read, " in sentence)
