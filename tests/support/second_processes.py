"""Finds the processes that read for another one."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")


def second_processes(parent: int) -> list[int]:
    """Numbers of the processes that read for this one."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            status = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(status[1]) == parent and b"hub.second_process" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
    return found
