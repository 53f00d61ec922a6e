"""Answers filled in from dossiers are those of the rules, byte by byte, whatever changes between passes."""

from __future__ import annotations

from pathlib import Path

import pytest
from dossier_comparison import told_of_worlds
from hubs import fresh_hub

SEED = 11
BATCH = 40


@pytest.mark.parametrize("start", range(0, 3 * BATCH, BATCH))
def test_answers_from_dossiers_are_those_of_the_rules(start: int, tmp_path: Path) -> None:
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as hub:
        found = told_of_worlds(hub, SEED + start, range(start, start + BATCH))
        assert found.faults == []
        assert found.filled > found.answers // 20
