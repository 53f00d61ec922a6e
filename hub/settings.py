"""Settings from ``HUB_*`` environment variables; the hub starts with none of them set."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from platformdirs import user_data_path

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the hub keeps things and how much it takes in.

    ``database_url`` is a SQLAlchemy URL (``sqlite:///FILE`` or ``postgresql+psycopg://...``);
    ``data_dir`` holds submissions byte for byte; ``max_upload`` is in bytes.
    """

    database_url: str
    data_dir: Path
    max_upload: int = 4096 * MEBIBYTE
    batch_size: int = 2_000
    log_level: str = "INFO"

    def with_database(self, url: str | None) -> Settings:
        """The same settings with another database, for ``--db URL``."""
        return replace(self, database_url=plain_url(url)) if url else self


def plain_url(url: str) -> str:
    """A SQLAlchemy URL that names the driver we ship for PostgreSQL."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def load(environment: dict[str, str] | None = None) -> Settings:
    """Read the settings from the environment.

    Raises:
        ValueError: a number is not a number; the message names the variable.
    """
    values = dict(os.environ if environment is None else environment)
    data_dir = Path(values.get("HUB_DATA_DIR") or user_data_path("repertoire-hub"))
    url = values.get("HUB_DATABASE_URL") or f"sqlite:///{data_dir / 'hub.db'}"
    limit = values.get("HUB_MAX_UPLOAD_MIB", "4096")
    if not limit.isdecimal():
        raise ValueError(f"HUB_MAX_UPLOAD_MIB must be a whole number of mebibytes, not {limit!r}")
    batch = values.get("HUB_BATCH_SIZE", "2000")
    if not batch.isdecimal() or not int(batch):
        raise ValueError(f"HUB_BATCH_SIZE must be a positive whole number, not {batch!r}")
    return Settings(
        database_url=plain_url(url),
        data_dir=data_dir,
        max_upload=int(limit) * MEBIBYTE,
        batch_size=int(batch),
        log_level=values.get("HUB_LOG_LEVEL", "INFO"),
    )
