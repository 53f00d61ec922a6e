"""The commands of docs/operate.md, and somebody who types them at a terminal."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parents[2]
GUIDE = TOP / "docs" / "operate.md"
FENCE = re.compile(r"^```\n(.*?)^```", re.MULTILINE | re.DOTALL)
END = re.compile(r"guide-rc (\d+)\r?\n")
LONGEST = 1_800.0
"""Seconds that a command may take before it counts as hanging."""


def section(heading: str) -> str:
    """The text of a section of the guide, up to the next one.

    Raises:
        ValueError: there is none of this heading.
    """
    _, found, rest = GUIDE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")
    if not found:
        raise ValueError(f"{GUIDE} has no section {heading!r}")
    return rest.partition("\n## ")[0]


def blocks(heading: str) -> list[list[str]]:
    """The commands of each block of a section, comments at their ends left out."""
    return [
        [line.split("  #")[0].rstrip() for line in block.splitlines() if line.strip()]
        for block in FENCE.findall(section(heading))
    ]


class Terminal:
    """One shell at a terminal of its own: it keeps its folder, and asks as it would ask a person."""

    def __init__(self, command: Sequence[str], answers: Mapping[str, str], **options: Any) -> None:
        """``answers`` are what to type where the shell waits behind text that a pattern finds."""
        self._answers = {re.compile(pattern + r"\Z"): text for pattern, text in answers.items()}
        self._own, theirs = pty.openpty()
        # A controlling terminal is what programs read passwords from.
        self._shell = subprocess.Popen(
            ["setsid", "--ctty", *command], stdin=theirs, stdout=theirs, stderr=theirs, **options
        )
        os.close(theirs)
        self.types("stty -echo; PS1= PS2=", shown=False)

    def types(self, command: str, *, shown: bool = True, fails: bool = False) -> str:
        """What a command prints.

        Raises:
            SystemExit: it failed (or, with ``fails``, did not), or it hangs.
        """
        if shown:
            print("$", command, flush=True)
        # In one line: what the command itself asks for is not answered by the next one.
        os.write(self._own, f"{command}; printf '\\nguide-rc %s\\n' $?\n".encode())
        told, begun, answered = "", time.monotonic(), 0
        while not (end := END.search(told)):
            if time.monotonic() - begun > LONGEST:
                raise SystemExit(f"hangs: {command}\n{told}")
            try:
                told += os.read(self._own, 65_536).decode(errors="replace")
            except OSError:
                raise SystemExit(f"the shell ended at: {command}\n{told}") from None
            for pattern, text in self._answers.items():
                if pattern.search(told, answered):
                    answered = len(told)
                    os.write(self._own, f"{text}\n".encode())
        # What overwrites a line, as progress does, leaves its last state.
        lines = [line.rstrip("\r").rpartition("\r")[2] for line in told[: end.start()].split("\n")]
        told = "\n".join(lines).strip("\n")
        if shown and told:
            print(*(f"    {line}" for line in told.splitlines()), sep="\n", flush=True)
        if (end.group(1) == "0") is fails:
            raise SystemExit(f"{'did not fail' if fails else 'failed'}: {command}\n{told}")
        return told

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_fault: object) -> None:
        # A shell at a terminal goes when its terminal does; asked to end it would stay.
        os.close(self._own)
        self._shell.send_signal(signal.SIGHUP)
        self._shell.wait()
