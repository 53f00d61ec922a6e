"""Every documented operation against generated requests: no failure of the server, no undocumented answer.

A few requests each, as every role; ``tests/bench/bench_contract.py`` sends many, on both databases.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from contract_runs import REGISTER, conformance, odd_methods
from hubs import MANDATES, WORKS, fresh_hub, send

from hub.access.permissions import ROLES, SOCIETY


@pytest.mark.parametrize("role", ROLES)
def test_the_documentation_is_kept(role: str, tmp_path: Path, subtests: pytest.Subtests) -> None:
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    with fresh_hub(url, tmp_path, societies=REGISTER, jobs_in_server=False) as hub:
        send(hub, WORKS)
        send(hub, MANDATES)
        count = 0
        for operation, faults in conformance(hub, role, examples=4 if role == SOCIETY else 1, fixed=True):
            count += 1
            with subtests.test(operation):
                assert faults == []
        assert count > 40


def test_methods_that_there_are_not(database_url: str, tmp_path: Path) -> None:
    with fresh_hub(database_url, tmp_path, societies=REGISTER, jobs_in_server=False) as hub:
        assert odd_methods(hub, SOCIETY) == []
