"""The resolver agrees with the oracle on random worlds that went through the hub's own use cases."""

from __future__ import annotations

from pathlib import Path

import pytest
from hubs import fresh_hub
from world_comparison import differences

SEED = 5
BATCH = 75


@pytest.mark.parametrize("start", range(0, 4 * BATCH, BATCH))
def test_hub_and_oracle_say_the_same(start: int, tmp_path: Path) -> None:
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as hub:
        assert (
            list(differences(hub, SEED, range(start, start + BATCH), ahead=bool(start % (2 * BATCH)))) == []
        )
