"""Uploads and questions at once under ``kill -9``: three kills here, fifty in
``tests/bench/bench_kills.py``."""

from __future__ import annotations

from pathlib import Path

from kill_rounds import rounds

FILES = 20


def test_nothing_is_lost_when_servers_and_workers_are_killed(database_url: str, tmp_path: Path) -> None:
    seen, final = rounds(database_url, tmp_path, files=FILES, kills=3, seed=7)
    assert seen.wrong == []
    assert len(seen.jobs) == 2 * FILES
    assert seen.answers >= FILES
    assert seen.dossiers > 0
    assert len(final) == FILES
