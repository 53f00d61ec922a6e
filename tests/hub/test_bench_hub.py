"""The benchmarks of a generated hub run on a small one and measure what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.access.keys import listing
from hub.bench.answering import measure as measure_answers
from hub.bench.national_hub import fill
from hub.bench.pages import measure as measure_pages
from hub.bench.searching import measure as measure_search
from hub.context import open_hub
from hub.errors import UsageError
from hub.settings import Settings


def test_a_generated_hub_is_asked_and_searched(tmp_path: Path) -> None:
    hub = open_hub(Settings(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path / "data"))
    try:
        with pytest.raises(UsageError, match="bench generate"):
            measure_answers(hub, 100, 1)
        with pytest.raises(UsageError, match="no titles"):
            measure_search(hub, 10, 1, 1, lambda _text: None)
        with pytest.raises(UsageError, match="no works"):
            measure_pages(hub, 3, 1)
        rows = fill(hub, 200, 1, lambda _text: None)
        assert rows["mandate"] == 240 + 39
        with pytest.raises(UsageError, match="not empty"):
            fill(hub, 200, 1, lambda _text: None)
        told = {item.name: item for item in measure_answers(hub, 100, 1).measures}
        assert told["batches"].value > 0
        assert int(told["database alone"].note.split()[0]) > 2_000
        told = {item.name: item for item in measure_search(hub, 30, 10, 1, lambda _text: None).measures}
        assert told["what was meant comes back"].value >= 0.98
        assert told["of the ten best of a scan"].value >= 0.98
        scripts = ("arabic", "kk", "latin", "ru")
        assert {f"comes back, {name}" for name in scripts} <= told.keys()
        told = {item.name: item for item in measure_pages(hub, 3, 1).measures}
        assert {
            "work: page / raw query",
            "recording: page p50",
            "find: page p50",
            "lists: page p50",
        } <= told.keys()
        assert told["largest page"].met
        assert not [key for key in listing(hub) if not key["revoked"]]
    finally:
        hub.engine.dispose()
