"""The element table of ERN sound recordings: what is read, what is left out on purpose, per version group.

A row is a field of the declaration and a path of local names. ``part`` is the element the path starts from:
the sound recording itself, or a composite in it (``details``, ``contributor``, ``controller`` ...). Paths are
tried in the table's order; version differences are rows.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO

IGNORED = "ignored"
RECORDING = "recording"
PARTY_PARTS = ("PartyName", "PartyId")
"""Elements that name a party wherever one stands inline; their content is read whole."""

Known = dict[str, "Known | None"]
"""A tree of local names; None: everything below is accounted for."""


@dataclass(frozen=True, slots=True)
class ElementTable:
    """The rows of one version group: paths by part and field, and the tree of accounted elements."""

    paths: Mapping[str, Mapping[str, tuple[str, ...]]]
    known: Mapping[str, Known | None]

    def fields(self, part: str, field: str) -> tuple[str, ...]:
        """The paths of a field; empty when this version has none."""
        return self.paths.get(part, {}).get(field, ())


COMPOSITES = {
    "artist": "contributor",
    "contributor": "contributor",
    "indirect_contributor": "contributor",
    "rights_controller": "controller",
    "delegated": "delegated",
    "details": "details",
}
"""Fields whose element is described by a part of its own."""

LEAVES = {"title", "additional_title", "p_line"}
"""Fields read together with what stands below them."""


@cache
def table(group: str) -> ElementTable:
    """The table of a version group: ``38``, ``41`` or ``43``."""
    text = files("schemas.ddex").joinpath("ern_elements.csv").read_text(encoding="utf-8")
    paths: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for row in csv.DictReader(StringIO(text)):
        if row["table"] == group:
            part, _, field = row["field"].rpartition(".")
            fields = paths[part or RECORDING]
            fields[field] = (*fields.get(field, ()), row["path"])
    return ElementTable(paths, _tree(paths, RECORDING))


def _tree(paths: Mapping[str, Mapping[str, tuple[str, ...]]], part: str) -> Known:
    tree: Known = {}
    for field, listed in paths.get(part, {}).items():
        for path in listed:
            if path == ".":
                tree.update(dict.fromkeys(PARTY_PARTS))
                continue
            *above, last = path.split("/")
            node = tree
            for step in above:
                below = node.setdefault(step, {})
                node = below if below is not None else {}
            node[last] = _tree(paths, COMPOSITES[field]) if field in COMPOSITES else None
    return tree
