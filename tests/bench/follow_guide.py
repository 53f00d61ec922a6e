"""Follow docs/operate.md as a new operator: from an empty machine to two workers, a copy and a restore.

``python tests/bench/follow_guide.py [--machine] [FOLDER]`` has this repository cloned, takes the commands out
of the guide, and types them one after the other as they stand.

- With ``--machine`` (Debian or Ubuntu, as root, with debootstrap and systemd-container) everything is real
  but the kernel and the network: an empty Debian 12, its packages from its mirror, users, PostgreSQL, the
  units under systemd. The clone comes over the network from ``git daemon``. nginx is put in front, the hub is
  upgraded, and the machine booted again. FOLDER then keeps the machine: what debootstrap made is used again
  by the next run.
- Without it a folder stands for the machine; ``guide_folder`` says what in it is a stand-in.

It needs the index that pip uses; the exit code is 1 at the first command that fails.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import guide_folder
import guide_machine
from guide_commands import TOP, Terminal, blocks
from hubs import MANDATES, WORKS

INSTALLING, UPGRADING, GUARDING = "From an empty machine to a running hub", "Upgrading", "Firewall"
PASSWORD = "a password/of the guide: 100%"
QUOTED = quote(PASSWORD, safe="")
ANSWERS = {
    r"Do you want to continue\? \[Y/n\] ": "y",
    r"Enter password for new role: ": PASSWORD,
    r"Enter it again: ": PASSWORD,
}
QUESTION = "iswc:T9123456780 --right PR --use radio --territory KZ --on 2026-03-15"
THERE = "--remote http://127.0.0.1:8000"
RESTORED = f"--db postgresql://hub:{QUOTED}@127.0.0.1/hub_tried"
SHELL = ["bash", "--noprofile", "--norc", "--noediting"]
EDIT = f"sed -i 's/CHANGE-ME/{QUOTED}/' /etc/repertoire-hub/hub.env"
UNITS = "repertoire-hub-web repertoire-hub-worker@1 repertoire-hub-worker@2 repertoire-hub-backup.timer"


class Operator:
    """Types commands of the guide; where a folder stands for the machine, as they are in it."""

    def __init__(self, terminal: Terminal, folder: guide_folder.Folder | None) -> None:
        self._terminal, self._folder = terminal, folder

    def types(self, command: str) -> str:
        """What a command prints.

        Raises:
            SystemExit: it failed.
        """
        told = self._terminal.types(self._folder.here(command) if self._folder else command)
        if self._folder:
            self._folder.adapt()
        return told

    def installs(self, repository: str) -> str:
        """Types the first block; the key that it ends with."""
        told = ""
        for line in blocks(INSTALLING)[0]:
            told = self.types(line.replace("REPOSITORY", repository))
            if "hub.env.example" in line:  # "now set the password in it"
                self.types(EDIT)
        return re.findall(r"hub_[\w-]+", told)[-1]

    def tries(self, key: str) -> str:
        """Sends two files to the web server, has workers do them, and asks; the answer."""
        self.types(f"export HUB_API_KEY={key}")
        for name, text in (("works", WORKS), ("mandates", MANDATES)):
            self.types(f"printf %s {shlex.quote(text)} > /var/lib/repertoire-hub/{name}.csv")
            self.types(f"hub ingest /var/lib/repertoire-hub/{name}.csv --as 177 {THERE} --json")
        return self.asks(THERE)

    def asks(self, where: str) -> str:
        """The answer of a hub, without when it was known."""
        answer = json.loads(self.types(f"hub who-to-pay {QUESTION} {where} --json").splitlines()[-1])
        assert any(line["status"] == "payable" for line in answer["lines"]), answer
        del answer["question"]["known_at"]
        return json.dumps(answer)

    def restores(self) -> None:
        """Types the second block."""
        copied = ""
        for line in blocks(INSTALLING)[1]:
            told = self.types(line.replace("FILE", copied).replace("PASSWORD", QUOTED))
            if "ls -t" in line:
                copied = told.strip().splitlines()[-1]
                assert copied.endswith(".backup"), told

    def passes_on(self) -> None:
        """Types the block about TLS; the pages are there, and what is for the monitoring alone is not."""
        for line in blocks(GUARDING)[0]:
            self.types(line)
        asked = "curl -sk -o /dev/null -w '%{http_code}\\n' https://127.0.0.1"
        assert [self.types(f"{asked}/{path}") for path in ("login", "readyz")] == ["200", "404"]

    def upgrades(self) -> None:
        """Types the block about a new version."""
        for line in blocks(UPGRADING)[0]:
            self.types(line)


def follow_in_folder(top: Path) -> None:
    """The guide in a folder that stands for a machine."""
    with (
        guide_folder.made(top) as folder,
        Terminal(SHELL, ANSWERS, cwd=top, env=folder.environment()) as terminal,
    ):
        operator = Operator(terminal, folder)
        answer = operator.tries(operator.installs(str(TOP)))
        operator.restores()
        assert operator.asks(RESTORED) == answer


def follow_on_machine(top: Path) -> None:
    """The guide on a machine that boots, is upgraded, and boots again."""
    empty, machine = top / "empty", top / "machine"
    if not empty.is_dir():
        guide_machine.make(top / "unfinished")
        (top / "unfinished").rename(empty)
    shutil.rmtree(machine, ignore_errors=True)
    subprocess.run(["cp", "-a", "--reflink=auto", empty, machine], check=True)
    with served(top) as repository:
        with guide_machine.booted(machine) as inside, Terminal([*inside, *SHELL], ANSWERS) as terminal:
            operator = Operator(terminal, None)
            key = operator.installs(repository)
            answer = operator.tries(key)
            operator.types(f"systemctl is-active {UNITS}")
            operator.restores()
            assert operator.asks(RESTORED) == answer
            operator.passes_on()
            operator.upgrades()
            assert operator.asks(THERE) == answer
        with guide_machine.booted(machine) as inside, Terminal([*inside, *SHELL], ANSWERS) as terminal:
            operator = Operator(terminal, None)
            operator.types(f"export HUB_API_KEY={key}")
            operator.types(blocks(UPGRADING)[0][-1])
            operator.types(f"systemctl is-active {UNITS}")
            assert operator.asks(THERE) == answer


@contextlib.contextmanager
def served(top: Path) -> Iterator[str]:
    """The address of this repository, as others would clone it."""
    shutil.rmtree(top / "repertoire-hub.git", ignore_errors=True)
    subprocess.run(["git", "clone", "--quiet", "--bare", TOP, top / "repertoire-hub.git"], check=True)
    port = guide_folder.free_port()
    daemon = subprocess.Popen(
        ["git", "daemon", "--export-all", f"--base-path={top}", "--listen=127.0.0.1", f"--port={port}"],
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        yield f"git://127.0.0.1:{port}/repertoire-hub.git"
    finally:
        daemon.terminate()
        daemon.wait()


if __name__ == "__main__":
    # Whoever ends this ends the machine too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    options = argparse.ArgumentParser(description="Follow docs/operate.md as a new operator.")
    options.add_argument("--machine", action="store_true", help="boot a Debian of its own; needs root")
    options.add_argument("folder", nargs="?", type=Path, help="where (default: a folder that is removed)")
    given = options.parse_args()
    with contextlib.ExitStack() as stack:
        if given.machine and given.folder:
            place = given.folder.resolve()
            place.mkdir(parents=True, exist_ok=True)
        else:
            made = tempfile.TemporaryDirectory(ignore_cleanup_errors=True, dir=given.folder)
            place = Path(stack.enter_context(made))
        # The administrator of PostgreSQL must be able to reach its cluster below.
        place.chmod(0o755)
        (follow_on_machine if given.machine else follow_in_folder)(place)
    print("The guide was followed to its end.")
