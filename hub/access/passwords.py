"""Passwords of people: what is taken as one, and how it is kept (argon2id, never the password itself)."""

from __future__ import annotations

import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

LEAST, MOST = 12, 200
"""Characters of a password."""

LEAST_DIFFERENT = 5
"""Different characters in a password: fewer are a pattern."""

PASSES, KIBIBYTES, LANES = 3, 64 * 1024, 4
"""The second recommended setting of RFC 9106, section 4: argon2id, 3 passes over 64 MiB in 4 lanes."""

AT_ONCE = 4
"""Passwords that one process computes at once, so that guessing cannot take all of its memory."""

_HASHER = PasswordHasher(
    time_cost=PASSES, memory_cost=KIBIBYTES, parallelism=LANES, hash_len=32, salt_len=16, type=Type.ID
)
_TURNS = threading.BoundedSemaphore(AT_ONCE)

SHORT, LONG, PLAIN, NAMED = "short", "long", "plain", "named"
FAULTS = {
    SHORT: f"a password has at least {LEAST} characters",
    LONG: f"a password has at most {MOST} characters",
    PLAIN: f"a password has at least {LEAST_DIFFERENT} different characters",
    NAMED: "a password must not contain the user's name",
}
"""Why a password is not taken, by code."""


def fault(password: str, name: str) -> str:
    """The code of what is wrong with a password for a user, empty if nothing is.

    >>> fault("short", "ann"), fault("aaaaaaaaaaaaaaaa", "ann"), fault("I am Ann Winters!", "ann")
    ('short', 'plain', 'named')
    >>> fault("seven pale lanterns", "ann")
    ''
    """
    plain = _plain(password)
    if len(plain) < LEAST:
        return SHORT
    if len(plain) > MOST:
        return LONG
    if len(set(plain)) < LEAST_DIFFERENT:
        return PLAIN
    return NAMED if name.partition("@")[0].casefold() in plain.casefold() else ""


def kept(password: str) -> str:
    """What is stored of a password: its argon2id hash with salt and parameters, in the PHC string format."""
    with _TURNS:
        return _HASHER.hash(_plain(password))


def matches(stored: str, password: str) -> bool:
    """Whether this is the password; without a stored one it takes as long and is False."""
    with _TURNS:
        try:
            return _HASHER.verify(stored or _nobody(), _plain(password)) and bool(stored)
        except (VerificationError, InvalidHashError):
            return False


def outdated(stored: str) -> bool:
    """Whether a stored password was computed with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


@cache
def _nobody() -> str:
    """Compared with for names that nobody has, so that time does not tell which names there are."""
    return _HASHER.hash("nobody has this password")


def _plain(password: str) -> str:
    # The same letters typed on another keyboard may come as other code points (RFC 8265).
    return unicodedata.normalize("NFC", password)
