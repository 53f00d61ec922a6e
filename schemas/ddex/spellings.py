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


def work_role(role: str) -> str:
    """The CWR code of a writer's role; a role that CWR does not have is kept as it is."""
    return _codes("work_roles.csv").get(role, role)


def title_kind(kind: str) -> str:
    """The CWR title type; a title of another kind is an alternative one."""
    return _codes("title_types.csv").get(kind, "AT")
