"""A machine of its own for the guide: a Debian root file system, booted with its own systemd.

It is a container of systemd-nspawn: processes, files, users, units and PostgreSQL are the machine's own,
the kernel and the network are those of the host. Root is needed, with debootstrap and systemd-container
installed, and the ports 8000 and 5432 free.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

SUITE, MIRROR = "bookworm", "http://deb.debian.org/debian"
BOOT_SECONDS, STOP_SECONDS = 120, 120
AUTHORITIES = Path("/usr/local/share/ca-certificates")
PIP = Path("/etc/pip.conf")


def make(top: Path) -> None:
    """An empty Debian machine: what it needs to boot, and nothing else.

    What lets this site reach package indexes comes along: certificate authorities of its own.
    """
    subprocess.run(
        ["debootstrap", "--variant=minbase", "--include=systemd-sysv,dbus", SUITE, top, MIRROR],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    sources = (top / "etc/apt/sources.list").read_text()
    security = f"deb {MIRROR}-security {SUITE}-security main\n"
    (top / "etc/apt/sources.list").write_text(sources + security)
    for name in AUTHORITIES.glob("*.crt") if AUTHORITIES.is_dir() else ():
        (top / AUTHORITIES.relative_to("/")).mkdir(parents=True, exist_ok=True)
        shutil.copy(name, top / name.relative_to("/"))
        (top / PIP.relative_to("/")).write_text("[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n")


@contextlib.contextmanager
def booted(top: Path) -> Iterator[list[str]]:
    """The machine while it runs: the command before a command that is to run in it.

    Raises:
        SystemExit: it does not come up.
    """
    shutil.copy(Path("/etc/resolv.conf").resolve(), top / "etc/resolv.conf")
    log = (top.parent / f"{top.name}.log").open("ab")
    machine = subprocess.Popen(
        ["systemd-nspawn", "--quiet", "--directory", top, "--boot", "--register=no", "--keep-unit",
         "--resolv-conf=off", "--timezone=off", "--console=pipe"],
        stdin=subprocess.DEVNULL, stdout=log, stderr=log,
    )  # fmt: skip
    try:
        inside = ["nsenter", "--all", "--target", str(_init(machine)), "env", "-i", *_environment()]
        state = _state(inside)
        print(f"The machine is up: {state}", flush=True)
        yield inside
    finally:
        machine.terminate()
        try:
            machine.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            # It ends with its first process.
            for process in _children(machine):
                os.kill(process, signal.SIGKILL)
            machine.wait()
        log.close()


def _environment() -> list[str]:
    """What a login of root has."""
    path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    return [f"PATH={path}", "HOME=/root", "USER=root", "TERM=dumb", "LANG=C.UTF-8"]


def _init(nspawn: subprocess.Popen[bytes]) -> int:
    """The number that the first process of the machine has here."""
    end = time.monotonic() + BOOT_SECONDS
    while time.monotonic() < end and nspawn.poll() is None:
        for child in _children(nspawn):
            if Path(f"/proc/{child}/comm").read_text().strip() == "systemd":
                return child
        time.sleep(0.2)
    raise SystemExit("the machine did not boot: is this root, and systemd-container installed?")


def _children(process: subprocess.Popen[bytes]) -> list[int]:
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(number) for number in listed.read_text().split()] if listed.exists() else []


def _state(inside: list[str]) -> str:
    """What the machine says of itself once everything was started."""
    end = time.monotonic() + BOOT_SECONDS
    state = ""
    while time.monotonic() < end:
        asked = subprocess.run(
            [*inside, "systemctl", "is-system-running"], capture_output=True, text=True, check=False
        )
        state = asked.stdout.strip()
        if state in ("running", "degraded"):
            return state
        time.sleep(0.5)
    raise SystemExit(f"the machine did not come up; it says {state or 'nothing'}")
