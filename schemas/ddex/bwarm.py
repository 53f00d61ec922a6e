"""Files and columns of BWARM 1.0 (Bulk Works and Rights Metadata), as The MLC publishes it.

Tab-separated UTF-8 without a header row; a backslash escapes, a quotation mark may enclose a cell. Later
versions of the standard renamed files and columns; their lists are not public.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from schemas.roles import canonical_role, of_kind, spelled
from schemas.table_files import rows

WORKS, TITLES, NUMBERS = "works.tsv", "workalternativetitles.tsv", "workidentifiers.tsv"
PARTIES, SHARES = "parties.tsv", "workrightshares.tsv"
RECORDINGS, LINKS, UNCLAIMED = "recordings.tsv", "worksrecordings.tsv", "unclaimedworkrightshares.tsv"
RECORDING_TITLES, RECORDING_NUMBERS = "recordingalternativetitles.tsv", "recordingidentifiers.tsv"
RELEASES, RELEASE_NUMBERS = "releases.tsv", "releaseidentifiers.tsv"
LATER = ("musicalworks.tsv", "musicalworkrightshares.tsv")
"""Names of files in BWARM 2.0 and 2.1."""


@cache
def tables() -> Mapping[str, tuple[str, ...]]:
    """The columns of each file in their order."""
    found: dict[str, tuple[str, ...]] = {}
    for row in rows("schemas.ddex", "bwarm_columns.csv"):
        found[row["file"]] = (*found.get(row["file"], ()), row["column"])
    return found


def role_code(role: str) -> str:
    """The code of a party's role; an unknown role is kept as it is.

    >>> role_code("OriginalPublisher"), role_code("Lyricist"), role_code("Friend")
    ('E', 'A', 'Friend')
    """
    return canonical_role(role, "bwarm") or role


def role_word(code: str) -> str:
    """The word for a role's code; empty where BWARM has none.

    >>> role_word("E"), role_word("CA"), role_word("PR")
    ('OriginalPublisher', 'ComposerLyricist', '')
    """
    return next(iter(spelled(code, "bwarm")), "")


def is_publisher(role: str) -> bool:
    """Whether a role is that of a publisher and not of a writer.

    >>> is_publisher("SubPublisher"), is_publisher("Composer")
    (True, False)
    """
    return canonical_role(role, "bwarm") in of_kind("publisher")
