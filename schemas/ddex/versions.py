"""Which DDEX family and version a namespace stands for.

>>> identify("http://ddex.net/xml/ern/43")
Identity(family='ern', version='4.3', table='43', nearest='', spelling='')
>>> identify("http://ddex.net/xml/ern/44").nearest
'4.3.2'
>>> identify("http://example.org/ern/43") is None
True
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from schemas.table_files import rows

BASE = "http://ddex.net/xml/"
_NAMESPACE = re.compile(
    r"(?P<base>https?://(?:www\.)?ddex\.net/xml/)(?P<path>[a-z-]+)/(?P<number>\w+)/?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Identity:
    """A family and version; ``nearest`` is the version whose table reads an unknown one.

    ``spelling`` is the right namespace where the document's is written otherwise.
    """

    family: str
    version: str
    table: str
    nearest: str = ""
    spelling: str = ""


@cache
def _versions() -> Mapping[tuple[str, str], Mapping[str, str]]:
    return {(row["path"], row["number"]): row for row in rows("schemas.ddex", "versions.csv")}


@cache
def _messages() -> Mapping[tuple[str, str], str]:
    return {(row["family"], row["message"]): row["content"] for row in rows("schemas.ddex", "messages.csv")}


def content_of(family: str, message: str) -> str:
    """What a message of a family holds: ``recordings``, ``works``, ``mandates`` ...; empty when unknown.

    >>> content_of("ern", "PurgeReleaseMessage"), content_of("ern", "UpdateReleaseMessage")
    ('purge', '')
    """
    return _messages().get((family, message), "")


def messages_of(family: str) -> tuple[str, ...]:
    """The messages of a family that the hub knows."""
    return tuple(message for of_family, message in _messages() if of_family == family)


@cache
def identify(namespace: str) -> Identity | None:
    """What a root's namespace stands for; None when it is no DDEX namespace.

    An unknown version of a known family is read by the table of the nearest lower one.
    """
    match = _NAMESPACE.fullmatch(namespace.strip())
    if match is None:
        return None
    path, number = match["path"].lower(), match["number"].lower()
    right = f"{BASE}{path}/{number}"
    spelling = "" if namespace == right else right
    row = _versions().get((path, number))
    if row is not None:
        return Identity(row["family"], row["version"], row["table"], spelling=spelling)
    known = [item for (of_path, _), item in _versions().items() if of_path == path]
    if not known:
        return Identity(path, number, "", spelling=spelling)
    # Numbers compare as version strings: 43 before 432 before 44.
    lower = [item for item in known if item["number"] < number] or known[:1]
    nearest = max(lower, key=lambda item: item["number"])
    shown = ".".join(number) if number.isdecimal() else number
    return Identity(nearest["family"], shown, nearest["table"], nearest["version"], spelling)
