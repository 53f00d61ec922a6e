"""The databases the suite stands on: fresh, empty, apart from each other, and gone afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import throwaway_postgres
from sqlalchemy import create_engine, inspect, text

STARTED_AND_ABANDONED = """
import sys, time, throwaway_postgres
with throwaway_postgres.server() as url:
    print(url, flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("round_", [1, 2])
def test_every_test_gets_an_empty_database(database_url: str, round_: int) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        assert inspect(connection).get_table_names() == []
        connection.execute(text("CREATE TABLE seen (title TEXT)"))
        connection.execute(text("INSERT INTO seen VALUES ('Қара жорға')"))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT title FROM seen")).scalar_one() == "Қара жорға"
    engine.dispose()


@pytest.mark.postgres
def test_a_database_is_dropped_although_somebody_is_connected(postgres_server: str) -> None:
    with throwaway_postgres.fresh_database(postgres_server) as url:
        name = url.split("hub_test_")[1].split("?")[0]
        forgotten = throwaway_postgres.connect(url)
    with throwaway_postgres.connect(postgres_server) as connection:
        left = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"%{name}"])
        assert left.fetchall() == []
    forgotten.close()


@pytest.mark.postgres
@pytest.mark.skipif(bool(os.environ.get(throwaway_postgres.URL_VARIABLE)), reason="the server is not ours")
@pytest.mark.usefixtures("postgres_server")
def test_the_server_does_not_outlive_a_killed_session() -> None:
    session = subprocess.Popen(
        [sys.executable, "-c", STARTED_AND_ABANDONED],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(throwaway_postgres.__file__).parent)},
    )
    assert session.stdout
    folder = Path(session.stdout.readline().strip().split("host=")[1])
    assert list(folder.glob(".s.PGSQL.*"))
    session.kill()
    session.wait()
    session.stdout.close()
    deadline = time.monotonic() + 20
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not folder.exists()
