"""DDEX's words for roles and titles of works in the codes that declarations use.

>>> work_role("ComposerLyricist"), title_kind("OriginalTitle"), title_kind("GroupingTitle")
('CA', 'OT', 'AT')
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from schemas.roles import canonical_role, of_kind, spelled
from schemas.table_files import rows


@cache
def _kinds() -> Mapping[str, str]:
    return {row["ddex"]: row["cwr"] for row in rows("schemas.ddex", "title_types.csv")}


@cache
def _written() -> Mapping[str, str]:
    """For each title type the word that is written for it; several are read."""
    return {row["cwr"]: row["ddex"] for row in rows("schemas.ddex", "title_types.csv") if row["written"]}


def work_role(role: str) -> str:
    """The CWR code of a writer's role; a role that CWR does not have is kept as it is."""
    return canonical_role(role, "ddex") or role


def title_kind(kind: str) -> str:
    """The CWR title type; a title of another kind is an alternative one."""
    return _kinds().get(kind, "AT")


def ddex_work_role(code: str) -> str:
    """DDEX's word for a writer's role in CWR's codes; empty for a role that is no writer's.

    >>> ddex_work_role("CA"), ddex_work_role("E")
    ('ComposerLyricist', '')
    """
    return next(iter(spelled(code, "ddex")), "") if code in of_kind("writer") else ""


def ddex_title_kind(code: str) -> str:
    """DDEX's word for a CWR title type; of others DDEX only says that they are alternative."""
    return _written().get(code, "AlternativeTitle")
