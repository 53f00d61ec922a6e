"""A folder that stands for a machine where none can be booted: what only a machine gives has a stand-in.

Paths that begin with a slash lie below the folder, ``apt`` and ``useradd`` do nothing, ``su`` and ``runuser``
stay who they are, and ``systemctl`` starts the ``ExecStart`` lines of the unit files with their environment.
PostgreSQL is a real server on a port of its own.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import throwaway_postgres

PLACES = (
    "/opt/repertoire-hub", "/etc/repertoire-hub", "/var/lib/repertoire-hub", "/var/backups/repertoire-hub",
    "/etc/systemd/system", "/usr/local/sbin",
)  # fmt: skip
SYSTEMCTL = r"""#!/usr/bin/env python3
import glob, os, re, subprocess, sys
words = [word for word in sys.argv[1:] if not word.startswith("-")]
top = os.environ["GUIDE_TOP"]
if words[0] == "daemon-reload":
    sys.exit(0)
for unit in words[1:]:
    name, _, instance = unit.partition("@")
    if unit.endswith(".timer"):
        continue
    path = f"{top}/etc/systemd/system/{name}{'@' if instance else ''}.service"
    text = open(path).read()
    environment = dict(os.environ)
    for line in open(re.search(r"EnvironmentFile=(.*)", text).group(1)):
        if "=" in line and not line.startswith("#"):
            key, _, value = line.strip().partition("=")
            environment[key] = value
    command = re.search(r"ExecStart=(.*)", text).group(1).split()
    if "Type=oneshot" in text:
        sys.exit(subprocess.call(command, env=environment))
    log = open(f"{top}/{unit}.log", "wb")
    started = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    open(f"{top}/pids", "a").write(f"{started.pid}\n")
"""
SHIMS = {
    "apt": "#!/bin/sh\nexit 0\n",
    "useradd": '#!/bin/sh\nmkdir -p "$GUIDE_TOP/var/lib/repertoire-hub"\n',
    "runuser": '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n',
    # The machine's answer decides whether the program that operators type changes its user.
    "id": "#!/bin/sh\necho 1000\n",
    "su": '#!/bin/sh\nwhile [ "$1" != -c ]; do shift; done\nexec /bin/sh -c "$2"\n',
    "install": (
        "#!/usr/bin/env python3\nimport os, sys\nwords, kept = iter(sys.argv[1:]), []\n"
        "for word in words:\n    if word in ('-g', '-o'):\n        next(words)\n"
        "    else:\n        kept.append(word)\n"
        "os.execv('/usr/bin/install', ['install', *kept])\n"
    ),
    "systemctl": SYSTEMCTL,
}
START_SECONDS = 60


class Folder:
    """The folder as a machine; files and commands are changed to what is where in it."""

    def __init__(self, top: Path, database: int) -> None:
        self.top, self._web, self._database = top, free_port(), database

    def here(self, text: str) -> str:
        """A command or file with its places below the folder, and the ports that are free on this machine."""
        for place in PLACES:
            text = re.sub(rf"(?<![\w.]){re.escape(place)}", str(self.top) + place, text)
        text = text.replace("127.0.0.1:8000", f"127.0.0.1:{self._web}")
        text = text.replace("--port 8000", f"--port {self._web}")
        return text.replace("127.0.0.1/hub", f"127.0.0.1:{self._database}/hub")

    def adapt(self) -> None:
        """Write the places and ports into the files that the guide has copied."""
        copied = [*self.top.glob("etc/systemd/system/*"), *self.top.glob("etc/repertoire-hub/*")]
        for path in (*copied, *self.top.glob("usr/local/sbin/*")):
            text = path.read_text()
            if str(self.top) not in text:
                path.write_text(self.here(text))

    def environment(self) -> dict[str, str]:
        """What the shell in the folder has."""
        programs = throwaway_postgres.find_programs().folder
        path = f"{self.top}/shims:{self.top}/usr/local/sbin:{programs}:{os.environ['PATH']}"
        return {**os.environ, "PATH": path, "GUIDE_TOP": str(self.top), "HUB_API_KEY": ""}


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def made(top: Path) -> Iterator[Folder]:
    """The folder, ready; what was started in it ends with it."""
    for place in PLACES[1:]:
        (top / place.strip("/")).parent.mkdir(parents=True, exist_ok=True)
    for place in ("etc/systemd/system", "usr/local/sbin", "shims"):
        (top / place).mkdir(parents=True, exist_ok=True)
    for name, text in SHIMS.items():
        (top / "shims" / name).write_text(text)
        (top / "shims" / name).chmod(0o755)
    with _postgres(top) as port:
        try:
            yield Folder(top, port)
        finally:
            pids = top / "pids"
            for pid in pids.read_text().split() if pids.exists() else ():
                with contextlib.suppress(OSError):
                    os.killpg(int(pid), 15)


@contextlib.contextmanager
def _postgres(top: Path) -> Iterator[int]:
    """A server as a distribution sets it up: the administrator by socket, everybody else by password."""
    programs = throwaway_postgres.find_programs().folder
    port, data = free_port(), top / "cluster"
    account = "postgres" if os.geteuid() == 0 else ""
    data.mkdir()
    as_server = {"user": account} if account else {}
    if account:
        shutil.chown(data, account)
    subprocess.run(
        [
            programs / "initdb", "-D", data, "-U", "postgres", "--auth-local=trust",
            "--auth-host=scram-sha-256",
        ],
        check=True, stdout=subprocess.DEVNULL, **as_server,
    )  # fmt: skip
    server = subprocess.Popen(
        [programs / "postgres", "-D", data, "-k", data, "-p", str(port), "-c", "listen_addresses=127.0.0.1"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **as_server,
    )  # fmt: skip
    try:
        os.environ |= {"PGHOST": str(data), "PGPORT": str(port), "PGUSER": "postgres"}
        end = time.monotonic() + START_SECONDS
        asked = [programs / "psql", "-c", "select 1"]
        while subprocess.run(asked, capture_output=True, check=False).returncode:
            if time.monotonic() > end:
                raise SystemExit("PostgreSQL did not start")
            time.sleep(0.3)
        yield port
    finally:
        server.terminate()
        server.wait()
