"""Public names: short opaque ids that say nothing, never change and are the same after a reload."""

from __future__ import annotations

import hashlib

PREFIXES = {
    "work": "w", "recording": "r", "mandate": "m", "agreement": "g", "acknowledgement": "a",
    "retraction": "x",
}  # fmt: skip

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
# Base 32 (RFC 4648) by two letters at a time: names are made for every row of a feed, and the standard
# library writes each of them in Python, byte by byte.
_PAIRS = [high + low for high in _LETTERS for low in _LETTERS]
_SHIFTS = range(70, -1, -10)


def public_id(prefix: str, *parts: str) -> str:
    """A name of 17 characters made from what identifies the thing.

    >>> public_id("w", "177", "K1") == public_id("w", "177", "K1")
    True
    """
    digest = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=10).digest()
    number = int.from_bytes(digest, "big")
    return prefix + "".join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS])


def subject_id(kind: str, submitter: str, ref: str) -> str:
    """The public id of a source subject."""
    return public_id(PREFIXES[kind], kind, submitter, ref)
