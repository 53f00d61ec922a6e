"""A second process that reads a large file while the first one does something with what was read.

The first process asks for one batch at a time, and for the next as soon as it has one: so the second works
ahead by one batch and never by more. It ends when its pipes do, whatever became of the first process.
Nothing depends on it: if it dies, the first process reads on by itself from where it is.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from types import TracebackType
from typing import IO, Generic, Protocol, TypeVar

from hub.garbage import collecting_seldom

NEXT = b"+"
"""What asks for a result."""

LENGTH = 8
"""Bytes of the length, in network order, that goes before each pickled result; the length 0 ends the work."""


Made_co = TypeVar("Made_co", covariant=True)


class Work(Protocol[Made_co]):
    """What is to be done: it is pickled, and so is each of its results."""

    def results(self) -> Iterator[Made_co]:
        """The results, one after the other."""


class Lost(Exception):
    """The second process ended before its work did."""


class SecondProcess(Generic[Made_co]):
    """The results of some work from a second process; leaving the context ends it."""

    def __init__(self, work: Work[Made_co]) -> None:
        self._work = work

    def __enter__(self) -> SecondProcess[Made_co]:
        """Start it.

        Raises:
            Lost: no process can be started.
        """
        # Not a copy of this process: this one may have threads, and more in memory than the other needs.
        command = [sys.executable, "-P", "-m", __name__]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - this very program
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        except OSError as fault:
            raise Lost from fault
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            # What was not sent to a process that is gone any more is not missed.
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()

    @property
    def pid(self) -> int:
        """The number that the operating system gave it."""
        return self._process.pid

    def results(self) -> Iterator[Made_co]:
        """The results in their order.

        Raises:
            Lost: the process ended before the work did.
        """
        source, target = self._process.stdout, self._process.stdin
        assert source is not None
        assert target is not None
        try:
            pickle.dump(self._work, target)
            _ask(target)
            while length := int.from_bytes(_exactly(source, LENGTH)):
                data = _exactly(source, length)
                _ask(target)
                yield pickle.loads(data)  # noqa: S301 - from this very program
                del data
        except (OSError, EOFError) as fault:
            raise Lost from fault


def _ask(target: IO[bytes]) -> None:
    target.write(NEXT)
    target.flush()


def _exactly(source: IO[bytes], length: int) -> bytes:
    data = source.read(length)
    if len(data) < length:
        raise EOFError
    return data


def serve(source: IO[bytes], target: IO[bytes]) -> None:
    """Answer with result after result as they are asked for, until the end of the work or of the asking."""
    work: Work[object] = pickle.load(source)  # noqa: S301 - from this very program
    read = work.results()
    while source.read(len(NEXT)):
        result = next(read, None)
        if result is None:
            target.write(bytes(LENGTH))
            target.flush()
            return
        data = pickle.dumps(result, protocol=pickle.HIGHEST_PROTOCOL)
        del result
        target.write(len(data).to_bytes(LENGTH))
        target.write(data)
        target.flush()


def main() -> None:
    """Serve the process at the other ends of standard input and output."""
    # Ctrl-C is for the first process, which ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    target = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # What prints goes where people look, not among the results.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    # The first process may be gone.
    with suppress(BrokenPipeError), collecting_seldom():
        serve(sys.stdin.buffer, target)
    # A pipe that is broken must not be flushed again.
    os._exit(0)


if __name__ == "__main__":
    main()
