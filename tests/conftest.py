"""Fixtures of the whole suite: fresh databases of both kinds, and the folder of real samples.

Tests build the smallest data they need by themselves; what is shared here is only what is slow to make
(a PostgreSQL server per worker) or lies outside the repository.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import throwaway_postgres

REQUIRED = "HUB_REQUIRE_POSTGRES"


def pytest_report_header() -> str:
    """Say at the top of the run which PostgreSQL server the tests use."""
    return f"PostgreSQL: {throwaway_postgres.describe()}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The administrative URL (``postgresql+psycopg://...``) of a throw-away server.

    Without a server the test is skipped with the reason, or fails if ``HUB_REQUIRE_POSTGRES`` is set.
    """
    running = throwaway_postgres.server()
    try:
        url = running.__enter__()
    except throwaway_postgres.NoServer as fault:
        if os.environ.get(REQUIRED):
            pytest.fail(f"{REQUIRED} is set: {fault}")
        pytest.skip(str(fault))
    try:
        yield url
    finally:
        running.__exit__(None, None, None)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh, empty database of the test's own; the test runs once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'hub.db'}"
        return
    with throwaway_postgres.fresh_database(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """The folder ``shared`` beside the repository, with real samples and cases that are not ours to ship."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("there is no folder `shared` beside the repository: real samples are not checked")
    return folder
