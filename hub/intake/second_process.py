"""A second process that reads a large file and makes its rows while the first one writes them.

The first process asks for one batch at a time, and for the next as soon as it has one: so the second works
ahead by one batch and never by more. It ends when its pipes do, whatever became of the first process.
Nothing depends on it: if it dies, the first process reads on by itself from what it has staged.
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
from typing import IO

from hub.intake.batches import Batch, Order, batches
from hub.intake.garbage import collecting_seldom
from hub.intake.prepared import Prepared, PreparedItem, details_of
from schemas.declarations import PartyName

NEXT = b"+"
"""What asks for a batch."""

LENGTH = 8
"""Bytes of the length, in network order, that goes before each pickled batch; the length 0 ends the file."""


class Lost(Exception):
    """The second process ended before the file did."""


class SecondProcess:
    """The batches of a file but for the first ``consumed`` items from a second process.

    Leaving the context ends it.
    """

    def __init__(self, order: Order, consumed: int) -> None:
        self._order, self._consumed = order, consumed

    def __enter__(self) -> SecondProcess:
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

    def batches(self) -> Iterator[Batch]:
        """The batches in the order of the file.

        Raises:
            Lost: the process ended before the file did.
        """
        source, target = self._process.stdout, self._process.stdin
        assert source is not None
        assert target is not None
        try:
            pickle.dump((self._order, self._consumed), target)
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
    """Answer with batch after batch as they are asked for, until the end of the file or of the asking."""
    order, consumed = pickle.load(source)  # noqa: S301 - from this very program
    read = batches(order, consumed)
    while source.read(len(NEXT)):
        batch = next(read, None)
        if batch is None:
            target.write(bytes(LENGTH))
            target.flush()
            return
        parties: dict[str, PartyName] = {}
        items = [_packed(item, order.submitter, parties) for item in batch.items]
        data = pickle.dumps(Batch(items, batch.place), protocol=pickle.HIGHEST_PROTOCOL)
        del batch, items
        target.write(len(data).to_bytes(LENGTH))
        target.write(data)
        target.flush()


def _packed(item: PreparedItem, submitter: str, parties: dict[str, PartyName]) -> PreparedItem:
    """The item with its details in place of the declaration, which takes four times as long to send.

    ``parties`` are those met in the batch: the same one is sent once.
    """
    if not isinstance(item, Prepared):
        return item
    found = details_of(item, submitter)
    met = {digest: parties.setdefault(digest, party) for digest, party in found.parties.items()}
    named = {digest: parties.setdefault(digest, party) for digest, party in found.mentions.items()}
    return item._replace(declaration=None, details=found._replace(parties=met, mentions=named))


def main() -> None:
    """Serve the process at the other ends of standard input and output."""
    # Ctrl-C is for the first process, which ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    target = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # What prints goes where people look, not among the batches.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    # The first process may be gone.
    with suppress(BrokenPipeError), collecting_seldom():
        serve(sys.stdin.buffer, target)
    # A pipe that is broken must not be flushed again.
    os._exit(0)


if __name__ == "__main__":
    main()
