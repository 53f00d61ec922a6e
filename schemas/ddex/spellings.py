"""DDEX's words for roles and titles of works in the codes that declarations use.

>>> work_role("ComposerLyricist"), title_kind("OriginalTitle"), title_kind("GroupingTitle")
('CA', 'OT', 'AT')
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from io import StringIO


@cache
def _codes(name: str) -> Mapping[str, str]:
    text = files("schemas.ddex").joinpath(name).read_text(encoding="utf-8")
    return {row["ddex"]: row["cwr"] for row in csv.DictReader(StringIO(text))}


@cache
def _written(name: str) -> Mapping[str, str]:
    """For each code the word that is written for it; several are read."""
    text = files("schemas.ddex").joinpath(name).read_text(encoding="utf-8")
    return {row["cwr"]: row["ddex"] for row in csv.DictReader(StringIO(text)) if row["written"]}


def work_role(role: str) -> str:
    """The CWR code of a writer's role; a role that CWR does not have is kept as it is."""
    return _codes("work_roles.csv").get(role, role)


def title_kind(kind: str) -> str:
    """The CWR title type; a title of another kind is an alternative one."""
    return _codes("title_types.csv").get(kind, "AT")


def ddex_work_role(code: str) -> str:
    """DDEX's word for a writer's role in CWR's codes; empty for a role that is no writer's.

    >>> ddex_work_role("CA"), ddex_work_role("E")
    ('ComposerLyricist', '')
    """
    return _written("work_roles.csv").get(code, "")


def ddex_title_kind(code: str) -> str:
    """DDEX's word for a CWR title type; of others DDEX only says that they are alternative."""
    return _written("title_types.csv").get(code, "AlternativeTitle")
