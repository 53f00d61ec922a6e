"""Public names: short opaque ids that say nothing, never change and are the same after a reload."""

from __future__ import annotations

import base64
import hashlib

PREFIXES = {
    "work": "w", "recording": "r", "mandate": "m", "agreement": "g", "acknowledgement": "a",
    "retraction": "x",
}  # fmt: skip


def public_id(prefix: str, *parts: str) -> str:
    """A name of 17 characters made from what identifies the thing.

    >>> public_id("w", "177", "K1") == public_id("w", "177", "K1")
    True
    """
    digest = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=10).digest()
    return prefix + base64.b32encode(digest).decode().lower()


def subject_id(kind: str, submitter: str, ref: str) -> str:
    """The public id of a source subject."""
    return public_id(PREFIXES[kind], kind, submitter, ref)
