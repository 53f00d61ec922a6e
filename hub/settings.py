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
    ``data_dir`` holds submissions byte for byte; ``max_upload`` is in bytes. Of each submission the first
    ``max_findings`` findings are kept, so that a small archive of nothing but faults cannot fill the disk;
    all are counted. ``society`` is the code of the society that the hub answers for: it signs
    acknowledgements and exports, and is empty for a hub of several societies. ``jobs_in_server`` is whether
    a server does jobs itself; without it ``hub worker`` processes do them.
    """

    database_url: str
    data_dir: Path
    max_upload: int = 4096 * MEBIBYTE
    batch_size: int = 2_000
    max_findings: int = 100_000
    log_level: str = "INFO"
    society: str = ""
    jobs_in_server: bool = True

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
        ValueError: a value is not of its kind; the message names the variable.
    """
    values = dict(os.environ if environment is None else environment)
    data_dir = Path(values.get("HUB_DATA_DIR") or user_data_path("repertoire-hub"))
    url = values.get("HUB_DATABASE_URL") or f"sqlite:///{data_dir / 'hub.db'}"
    return Settings(
        database_url=plain_url(url),
        data_dir=data_dir,
        max_upload=_whole(values, "HUB_MAX_UPLOAD_MIB", 4096) * MEBIBYTE,
        batch_size=_whole(values, "HUB_BATCH_SIZE", 2_000),
        max_findings=_whole(values, "HUB_MAX_FINDINGS", 100_000),
        log_level=values.get("HUB_LOG_LEVEL", "INFO"),
        society=values.get("HUB_SOCIETY", ""),
        jobs_in_server=_choice(values, "HUB_JOBS_IN_SERVER", {"yes": True, "no": False}, "yes"),
    )


def _choice(values: dict[str, str], name: str, choices: dict[str, bool], default: str) -> bool:
    text = (values.get(name) or default).casefold()
    if text not in choices:
        raise ValueError(f"{name} must be {' or '.join(choices)}, not {text!r}")
    return choices[text]


def _whole(values: dict[str, str], name: str, default: int) -> int:
    text = values.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and int(text)):
        raise ValueError(f"{name} must be a positive whole number, not {text!r}")
    return int(text)
