"""Follow docs/operate.md as a new operator: from an empty machine to two workers, a copy and a restore.

``python tests/bench/follow_guide.py [FOLDER]`` clones this repository, takes the commands out of the section
*From an empty machine to a running hub*, and types them one after the other as they stand. What only a
machine of its own could give stands in for itself in a folder: paths that begin with a slash lie below it,
``apt`` and ``useradd`` do nothing, ``su`` stays who it is, and ``systemctl`` starts the ``ExecStart`` lines
of the unit files with their environment. PostgreSQL is a real server on a port of its own, the hub is
installed from its lock, and files are sent, answered and restored for real. It needs the index that pip
uses; the exit code is 1 at the first command that fails.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import throwaway_postgres
from hubs import MANDATES, WORKS

TOP = Path(__file__).resolve().parents[2]
SECTION = "## From an empty machine to a running hub"
PASSWORD = "a password of the guide"
QUOTED = quote(PASSWORD)
PLACES = (
    "/opt/repertoire-hub", "/etc/repertoire-hub", "/var/lib/repertoire-hub", "/var/backups/repertoire-hub",
    "/etc/systemd/system",
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
    "su": '#!/bin/sh\nwhile [ "$1" != -c ]; do shift; done\nexec /bin/sh -c "$2"\n',
    "install": (
        "#!/usr/bin/env python3\nimport os, sys\nwords, kept = iter(sys.argv[1:]), []\n"
        "for word in words:\n    if word in ('-g', '-o'):\n        next(words)\n"
        "    else:\n        kept.append(word)\n"
        "os.execv('/usr/bin/install', ['install', *kept])\n"
    ),
    "systemctl": SYSTEMCTL,
}


def blocks() -> list[list[str]]:
    """The commands of each block of the section, comments at their ends left out."""
    guide = (TOP / "docs" / "operate.md").read_text(encoding="utf-8")
    section = guide.partition(SECTION)[2].partition("\n## ")[0]
    found = re.findall(r"^```\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    return [[line.split("  #")[0].rstrip() for line in block.splitlines() if line.strip()] for block in found]


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def postgres(top: Path) -> Iterator[int]:
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
        until(
            lambda: (
                subprocess.run(
                    [programs / "psql", "-c", "select 1"], capture_output=True, check=False
                ).returncode
                == 0
            )
        )
        yield port
    finally:
        server.terminate()
        server.wait()


def until(done, seconds: float = 60.0) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise SystemExit("it did not happen in time")
        time.sleep(0.3)


class Operator:
    """Types commands into one shell, which keeps its folder and functions, and stops at the first failure."""

    def __init__(self, top: Path, web: int, database: int) -> None:
        self.top, self._web, self._database = top, web, database
        self._shell = subprocess.Popen(
            ["/bin/bash"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            cwd=top, start_new_session=True,
        )  # fmt: skip

    def here(self, text: str) -> str:
        """A command or file with its places below the folder, and the ports that are free on this machine."""
        for place in PLACES:
            text = re.sub(rf"(?<![\w.]){re.escape(place)}", str(self.top) + place, text)
        text = text.replace("127.0.0.1:8000", f"127.0.0.1:{self._web}").replace(
            "--port 8000", f"--port {self._web}"
        )
        return text.replace("127.0.0.1/hub", f"127.0.0.1:{self._database}/hub")

    def adapt(self, *files: Path) -> None:
        """Write the places, ports and the password of this run into files."""
        for path in files:
            path.write_text(self.here(path.read_text()).replace("CHANGE-ME", QUOTED))

    def types(self, command: str) -> str:
        """What a command prints.

        Raises:
            SystemExit: it failed.
        """
        print("$", command, flush=True)
        assert self._shell.stdin
        assert self._shell.stdout
        self._shell.stdin.write(f"{self.here(command)}\nprintf '\\nguide-rc %s\\n' $?\n")
        self._shell.stdin.flush()
        told = ""
        for line in self._shell.stdout:
            if line.startswith("guide-rc "):
                if line.strip() != "guide-rc 0":
                    raise SystemExit(f"failed: {command}\n{told}")
                return told
            print("   ", line, end="", flush=True)
            told += line
        raise SystemExit(f"the shell ended at: {command}\n{told}")


def follow(top: Path) -> None:
    """Everything, in the folder."""
    for place in PLACES[1:]:
        (top / place.strip("/")).parent.mkdir(parents=True, exist_ok=True)
    (top / "etc/systemd/system").mkdir(parents=True)
    shims = top / "shims"
    shims.mkdir()
    for name, text in SHIMS.items():
        (shims / name).write_text(text)
        (shims / name).chmod(0o755)
    programs = throwaway_postgres.find_programs().folder
    os.environ |= {
        "PATH": f"{shims}:{programs}:{os.environ['PATH']}", "GUIDE_TOP": str(top),
        "HUB_API_KEY": "",
    }  # fmt: skip
    with postgres(top) as database:
        operator = Operator(top, free_port(), database)
        first, second, *_ = blocks()
        try:
            key = _installed(operator, first)
            _tried(operator, top, key)
            _restored(operator, second)
        finally:
            for pid in (top / "pids").read_text().split() if (top / "pids").exists() else ():
                with contextlib.suppress(OSError):
                    os.killpg(int(pid), 15)
    print("The guide was followed to its end.")


def _installed(operator: Operator, commands: list[str]) -> str:
    """The first block; the key that it ends with."""
    told = ""
    for line in commands:
        command = line.replace("REPOSITORY", str(TOP))
        if "--pwprompt" in command:
            # A person types it twice at the terminal; where there is none it is read from the input.
            command = f"printf '%s\\n%s\\n' '{PASSWORD}' '{PASSWORD}' | setsid {command}"
        told = operator.types(command)
        if "hub.env.example" in line:  # "now set the password in it"
            operator.adapt(operator.top / "etc/repertoire-hub/hub.env")
        if "deploy/systemd" in line:
            operator.adapt(*sorted((operator.top / "etc/systemd/system").glob("repertoire-hub-*")))
    return re.findall(r"hub_\w+", told)[-1]


def _tried(operator: Operator, top: Path, key: str) -> None:
    """Send two files to the web server, have workers do them, and ask."""
    (top / "works.csv").write_text(WORKS, encoding="utf-8")
    (top / "mandates.csv").write_text(MANDATES, encoding="utf-8")
    hub = f"HUB_API_KEY={key} $GUIDE_TOP/opt/repertoire-hub/.venv/bin/hub"
    there = "--remote http://127.0.0.1:8000"
    for name in ("works", "mandates"):
        operator.types(f"{hub} ingest $GUIDE_TOP/{name}.csv --as 177 {there} --json")
    question = "iswc:T9123456780 --right PR --use radio --territory KZ --on 2026-03-15"
    told = operator.types(f"{hub} who-to-pay {question} {there}")
    assert "177" in told, told


def _restored(operator: Operator, commands: list[str]) -> None:
    """The second block, and the same answer from the restored database."""
    copied = ""
    for line in commands:
        command = line.replace("FILE", copied).replace("PASSWORD", QUOTED)
        told = operator.types(command)
        if "ls -t" in command:
            copied = told.strip().splitlines()[-1]
            assert copied.endswith(".backup"), told
    question = "iswc:T9123456780 --right PR --use radio --territory KZ --on 2026-03-15"
    restored = f"postgresql://hub:{QUOTED}@127.0.0.1/hub_tried"
    told = operator.types(f"run who-to-pay {question} --db {restored}")
    assert "177" in told, told


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True, dir=(sys.argv[1:] or [None])[0]) as folder:
        # The administrator of PostgreSQL must be able to reach its cluster below.
        Path(folder).chmod(0o755)
        follow(Path(folder))
