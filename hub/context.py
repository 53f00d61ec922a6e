"""What every use case needs: the settings and the database, opened once per process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from hub.db import schema
from hub.db.engine import connect
from hub.settings import Settings, load


@dataclass(frozen=True, slots=True)
class Hub:
    """An open hub; use cases take it as their first argument."""

    settings: Settings
    engine: Engine

    @property
    def store(self) -> Path:
        """The folder that keeps submissions byte for byte."""
        return self.settings.data_dir / "submissions"


def open_hub(settings: Settings | None = None, *, prepared: bool = True) -> Hub:
    """Open the hub of these settings; with ``prepared`` a new database gets its tables.

    Raises:
        Surroundings: the database cannot be used as it is.
    """
    chosen = settings or load()
    hub = Hub(chosen, connect(chosen.database_url))
    if prepared:
        schema.ready(hub.engine)
    return hub
