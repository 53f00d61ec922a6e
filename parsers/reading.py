"""The contract between readers and whoever consumes them.

A reader takes a binary stream and yields items in file order: first one ``Header``, then declarations,
rejections and findings. It never raises on input: what cannot be read becomes an error ``Finding``
followed by a ``Rejection`` at the same position. A ``Rejection`` of kind ``file`` ends the stream and
withdraws everything yielded before it: the submission is rejected whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from schemas.declarations import Declaration, Header, Rejection
from schemas.findings import Finding

Item = Header | Declaration | Rejection | Finding
Reader = Callable[[BinaryIO], Iterator[Item]]

FILE = "file"
"""Kind of a rejection that withdraws the whole submission, and the position of findings about all of it."""


def reject_file(finding: Finding) -> Iterator[Item]:
    """The closing items of a reader that refuses the whole submission because of ``finding``."""
    yield finding
    yield Rejection(FILE, finding.position)
