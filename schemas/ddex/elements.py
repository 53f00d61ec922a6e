"""The element tables of DDEX messages: what is read, what is left out on purpose, per version group.

A row is a field and a path of local names. ``part`` is the element the path starts from: the subject
itself (``recording``, ``work`` ...), or a composite in it (``details``, ``controller`` ...). Version
differences are rows, never code. ``plan`` turns a part's rows into a tree that is followed while an element
is walked once.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from schemas.table_files import rows

IGNORED = "ignored"
PARTY_PARTS = ("PartyName", "PartyId")
"""Elements that name a party wherever one stands inline; a party's part has them as fields of that name."""

TABLES = ("ern_elements.csv", "rdrn_elements.csv", "mwn_elements.csv")

COMPOSITES = {
    "affiliation": "affiliation",
    "agent": "controller",
    "artist": "contributor",
    "assertion": "assertion",
    "assignee": "organization",
    "assigner": "organization",
    "contributor": "contributor",
    "controller": "controller",
    "delegated": "delegated",
    "details": "details",
    "indirect_contributor": "contributor",
    "link": "link",
    "mandate": "mandate",
    "membership": "membership",
    "organization": "organization",
    "period": "period",
    "terms": "terms",
    "writer": "writer",
}
"""Fields whose element is described by a part of its own and walked with what it stands in.

Rights controllers and deals have a part too, but are left whole: a message says the same again and again, so
they are compared as bytes first.
"""


@dataclass(slots=True)
class Step:
    """What becomes of a child element: it is a field, a composite with a plan of its own, or leads deeper.

    ``path`` is where it stands below the subject, for findings; ``leaf`` is a field that is no composite.
    """

    path: str
    field: str = ""
    leaf: bool = False
    below: Plan = dataclasses.field(default_factory=dict)


Plan = dict[str, Step]
"""By local name, what becomes of the children of an element; a name that is missing is not known."""


@dataclass(frozen=True, slots=True)
class ElementTable:
    """The rows of one version group as plans by part, and the allowed values that the hub checks."""

    plans: Mapping[str, Plan]
    paths: Mapping[str, Mapping[str, tuple[str, ...]]]
    allowed: Mapping[str, frozenset[str]]

    def has(self, part: str, field: str) -> bool:
        """Whether this version has the field at all."""
        return field in self.paths.get(part, {})


@cache
def table(group: str) -> ElementTable:
    """The table of a version group, such as ``38`` or ``rdr-n 14``; empty for a group without rows."""
    paths: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for name in TABLES:
        for row in rows("schemas.ddex", name):
            if group in row["table"].split("|"):
                part, _, named = row["field"].rpartition(".")
                fields = paths[part or "recording"]
                fields[named] = (*fields.get(named, ()), row["path"])
    allowed = {
        row["field"]: frozenset(row["values"].split("|"))
        for row in rows("schemas.ddex", "allowed_values.csv")
        if group in row["table"].split("|")
    }
    return ElementTable({part: _plan(paths, part) for part in paths}, paths, allowed)


def _plan(paths: Mapping[str, Mapping[str, tuple[str, ...]]], part: str, place: str = "") -> Plan:
    plan: Plan = {}
    for named, listed in paths.get(part, {}).items():
        for path in listed:
            if path == ".":
                plan.update({name: Step(f"{place}{name}", name, leaf=True) for name in PARTY_PARTS})
                continue
            node, here = plan, place
            names = path.split("/")
            for name in names[:-1]:
                node = node.setdefault(name, Step(f"{here}{name}")).below
                here = f"{here}{name}/"
            step = node.setdefault(names[-1], Step(f"{here}{names[-1]}"))
            step.field = named
            if named in COMPOSITES:
                step.below = _plan(paths, COMPOSITES[named], f"{step.path}/")
            else:
                step.leaf = named != IGNORED
    return plan
