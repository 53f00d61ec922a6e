"""Bring the schema up to date, check that it is, and copy a database away while it is in use."""

from __future__ import annotations

import sqlite3
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, inspect, make_url, text

from hub.db import first_load, search_index, superseded
from hub.db.engine import reading, writing
from hub.db.tables import metadata
from hub.errors import Surroundings, UsageError

if TYPE_CHECKING:
    from alembic.config import Config


MIGRATIONS = Path(__file__).parent / "migrations"


def _config() -> Config:
    # Alembic is imported where it is needed: a question should not wait for the migration machinery.
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def head() -> str:
    """The newest revision this program knows: revisions are numbered, and so are their files."""
    numbers = [path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py")]
    if not numbers:
        raise Surroundings("the migrations are missing from this installation")
    return max(numbers)


def current(engine: Engine) -> str | None:
    """The revision of the database; None when it is empty."""
    with reading(engine) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return str(found) if found is not None else None


def upgrade(engine: Engine) -> tuple[str | None, str]:
    """Apply the missing revisions; returns the revision before and after."""
    from alembic import command

    before = current(engine)
    config = _config()
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if first_load.marked(connection) is None:
            search_index.extend(connection)
        if before in (None, head()):
            # Processes of the version before are gone when this is run again; a new database has none.
            superseded.drop(connection)
        left = first_load.marked(connection) is not None
    if left:
        first_load.complete(engine)
    return before, head()


def ready(engine: Engine) -> None:
    """Make a new database usable at once, and refuse one that is behind or ahead of this program.

    Raises:
        Surroundings: the database needs ``hub db upgrade`` or was made by a newer program.
    """
    found = current(engine)
    if found == head():
        return
    if found is None:
        with reading(engine) as connection:
            tables = set(inspect(connection).get_table_names())
        if tables - {"alembic_version"}:
            raise Surroundings("this database holds tables that are not the hub's; choose another with --db")
        upgrade(engine)
        return
    raise Surroundings(
        f"the database is at revision {found}, this program needs {head()}: run `hub db upgrade`"
    )


def check(engine: Engine) -> list[str]:
    """What differs between the tables of the database and those of this program; empty when nothing."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with reading(engine) as connection:
        options = {"compare_type": True, "include_name": _is_declared}
        context = MigrationContext.configure(connection, opts=options)
        found = [str(difference) for difference in compare_metadata(context, metadata)]
    revision = current(engine)
    if revision != head():
        found.insert(0, f"revision is {revision}, should be {head()}")
    return found


def _is_declared(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether a thing of the database has to be declared as a table or index."""
    return not superseded.is_superseded(name, kind)


def backup(engine: Engine, target: Path) -> int:
    """Write a consistent copy of the database to ``target`` while others use it; returns its bytes.

    SQLite is copied page by page through its backup interface, PostgreSQL by ``pg_dump`` (custom format).

    Raises:
        UsageError: the target exists already.
        Surroundings: the copy failed; what was written of it is removed.
    """
    if target.exists():
        raise UsageError(f"{target} exists already; name a new file")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        if engine.dialect.name == "sqlite":
            database = make_url(str(engine.url)).database
            source, copy = sqlite3.connect(f"file:{database}?mode=ro", uri=True), sqlite3.connect(target)
            try:
                source.backup(copy, pages=4096)
            finally:
                copy.close()
                source.close()
        else:
            url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
            subprocess.run(  # noqa: S603
                ["pg_dump", "--format=custom", f"--file={target}", url],  # noqa: S607
                check=True,
                capture_output=True,
                text=True,
            )
    except (sqlite3.Error, OSError, subprocess.CalledProcessError) as fault:
        target.unlink(missing_ok=True)
        reason = fault.stderr.strip() if isinstance(fault, subprocess.CalledProcessError) else fault
        raise Surroundings(f"the backup failed: {reason}") from fault
    return target.stat().st_size


def restore(engine: Engine, source: Path) -> str:
    """Fill an empty database from a backup of the same kind; returns its revision.

    Raises:
        UsageError: the database is not empty, or the file is no backup for this kind of database.
        Surroundings: the restoring failed.
    """
    with reading(engine) as connection:
        if inspect(connection).get_table_names():
            raise UsageError("this database is not empty; restore into a new one (--db URL)")
    engine.dispose()
    with source.open("rb") as opened:
        beginning = opened.read(16)
    kind = "sqlite" if beginning.startswith(b"SQLite format 3") else "postgresql"
    if kind != engine.dialect.name or (kind == "postgresql" and not beginning.startswith(b"PGDMP")):
        raise UsageError(f"{source} is no backup for {engine.dialect.name} made by `hub db backup`")
    try:
        if kind == "sqlite":
            database = make_url(str(engine.url)).database or ""
            copy, target = sqlite3.connect(f"file:{source}?mode=ro", uri=True), sqlite3.connect(database)
            try:
                copy.backup(target, pages=4096)
            finally:
                target.close()
                copy.close()
        else:
            url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
            subprocess.run(  # noqa: S603
                ["pg_restore", "--exit-on-error", "--no-owner", f"--dbname={url}", str(source)],  # noqa: S607
                check=True,
                capture_output=True,
                text=True,
            )
    except (sqlite3.Error, OSError, subprocess.CalledProcessError) as fault:
        reason = fault.stderr.strip() if isinstance(fault, subprocess.CalledProcessError) else fault
        raise Surroundings(f"the restoring failed: {reason}") from fault
    found = current(engine)
    if found is None:
        raise UsageError(f"{source} is a database, but not one of the hub's")
    return found
