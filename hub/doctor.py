"""Checks of what the hub stands on, each with what to do when it fails."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

import hub
import matching
import parsers
import schemas
from hub.audit.log import verify
from hub.context import Hub
from hub.db import schema, search_index
from hub.db.engine import reading
from hub.dossiers import preparing
from hub.errors import HubError

ENOUGH_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at."""

    name: str
    ok: bool
    detail: str


def examine(opened: Hub) -> list[Check]:
    """Run every check; a failing one does not stop the next."""
    return [_python(), _packages(), *_store(opened), *_database(opened)]


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    return Check("python", sys.version_info >= (3, 11), f"{version}; 3.11 or newer is needed")


def _packages() -> Check:
    """Other distributions use the names ``hub``, ``matching`` and ``schemas``: are these ours?"""
    homes = {
        Path(module.__file__ or "").resolve().parent.parent for module in (hub, matching, parsers, schemas)
    }
    if len(homes) == 1:
        return Check("packages", True, str(homes.pop()))
    listed = ", ".join(sorted(map(str, homes)))
    return Check("packages", False, f"packages of the same name mix: {listed}; use an environment of its own")


def _store(opened: Hub) -> Iterator[Check]:
    folder = opened.settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK)
    except OSError:
        writable = False
    yield Check(
        "data folder", writable, f"{folder}" if writable else f"{folder} cannot be written; set HUB_DATA_DIR"
    )
    if writable:
        free = shutil.disk_usage(folder).free
        yield Check("disk", free > ENOUGH_BYTES, f"{free >> 20} MiB free")


def _database(opened: Hub) -> Iterator[Check]:
    try:
        revision = schema.current(opened.engine)
    except (HubError, SQLAlchemyError) as fault:
        yield Check("database", False, str(fault))
        return
    shown = opened.engine.url.render_as_string(hide_password=True)
    yield Check("database", True, shown)
    wanted = schema.head()
    advice = "" if revision == wanted else f"; run `hub db upgrade` for {wanted}"
    yield Check("migrations", revision == wanted, f"revision {revision}{advice}")
    if revision == wanted:
        with reading(opened.engine) as connection:
            found = verify(connection)
            missing = search_index.unwritten(connection)
            waiting = preparing.waiting(connection)
        detail = (
            f"{found.entries} entries"
            if not found.broken_at
            else f"broken at {found.broken_at}: {found.reason}"
        )
        yield Check("log", not found.broken_at, detail)
        advice = f"{missing} blocks are missing, so the first search is slow; run `hub db upgrade`"
        yield Check("search index", not missing, advice if missing else "complete")
        if waiting is None:
            yield Check("dossiers", True, "none; `hub prepare` makes answers to batches faster")
        else:
            yield Check("dossiers", True, f"made; {waiting} statements and links came since the last pass")
