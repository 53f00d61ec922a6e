"""A backup restored into an empty database is the same hub; the settings are shown without secrets."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
import throwaway_postgres
from hubs import MANDATES, WORKS, answer, fresh_hub, row_counts, send

from hub.context import open_hub
from hub.db import schema
from hub.db.engine import connect
from hub.errors import UsageError
from hub.settings import Settings, described, load


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs of the throw-away server, whose version fits it, before any others."""
    try:
        folder = throwaway_postgres.find_programs().folder
    except throwaway_postgres.NoServer:
        return
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def test_what_was_backed_up_is_restored(
    database_url: str, tmp_path: Path, programs: None, request: pytest.FixtureRequest
) -> None:
    if database_url.startswith("postgresql") and not shutil.which("pg_dump"):
        pytest.skip("pg_dump is not on this machine")
    copy = tmp_path / "hub.backup"
    with fresh_hub(database_url, tmp_path) as hub:
        send(hub, WORKS)
        send(hub, MANDATES)
        expected, counts = answer(hub), row_counts(hub)
        assert schema.backup(hub.engine, copy) == copy.stat().st_size > 0
        with pytest.raises(UsageError, match="exists already"):
            schema.backup(hub.engine, copy)
        with pytest.raises(UsageError, match="not empty"):
            schema.restore(hub.engine, copy)
        send(hub, WORKS.replace("K1", "K9"))
    if database_url.startswith("sqlite"):
        check(f"sqlite:///{tmp_path / 'other.db'}", tmp_path, copy, expected, counts)
        return
    with throwaway_postgres.fresh_database(request.getfixturevalue("postgres_server")) as url:
        check(url, tmp_path, copy, expected, counts)


def check(url: str, folder: Path, copy: Path, expected: object, counts: dict[str, int]) -> None:
    engine = connect(url)
    assert schema.restore(engine, copy) == schema.head()
    engine.dispose()
    restored = open_hub(Settings(url, folder / "data"))
    try:
        assert answer(restored) == expected
        assert row_counts(restored) == counts
        send(restored, WORKS.replace("K1", "K8"))
    finally:
        restored.engine.dispose()


@pytest.mark.parametrize("content", [b"", b"PGDMP nonsense", b"not a backup", b"SQLite format 3\0 nonsense"])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    copy = tmp_path / "copy"
    copy.write_bytes(content)
    engine = connect(f"sqlite:///{tmp_path / 'new.db'}")
    try:
        with pytest.raises((UsageError, schema.Surroundings)):
            schema.restore(engine, copy)
    finally:
        engine.dispose()


def test_settings_are_shown_with_their_origin_and_without_passwords() -> None:
    environment = {
        "HUB_DATABASE_URL": "postgresql://hub:secret@db/hub",
        "HUB_CORS_ORIGINS": "https://a, https://b",
    }
    settings = load(environment)
    found = {name: (value, origin) for name, value, origin in described(settings, environment)}
    assert found["HUB_DATABASE_URL"] == ("postgresql+psycopg://hub:***@db/hub", "environment")
    assert found["HUB_MAX_UPLOAD_MIB"] == ("4096", "default")
    assert found["HUB_CORS_ORIGINS"] == ("https://a,https://b", "environment")
    assert settings.cors_origins == ("https://a", "https://b")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HUB_JOBS_IN_SERVER", "perhaps"),
        ("HUB_LOG_FORMAT", "xml"),
        ("HUB_BATCH_SIZE", "0"),
        ("HUB_CALLS_PER_MINUTE", "-1"),
    ],
)
def test_a_malformed_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=name):
        load({name: value})
