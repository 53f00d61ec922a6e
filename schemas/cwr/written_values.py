"""What is written where nobody said anything and the standard wants a value, from ``written_values.csv``.

A work that did not come as CWR has no distribution category and no version type; it is registered as
unclassified (UNC) and original (ORI). Versions and constants of the control records stand here too.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from schemas.cwr.tables import rows, split_cell


@cache
def written_values(version: str, record: str) -> Mapping[str, str]:
    """The values of ``record`` by field that stand in for blank ones.

    >>> dict(written_values("2.2", "GRH"))
    {'version': '02.20'}
    """
    return MappingProxyType(
        {
            row["field"]: row["value"]
            for row in rows("written_values", version)
            if record in split_cell(row["record"])
        }
    )
