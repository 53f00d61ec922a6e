"""A conflict as the register shows it now: its kind, its sides, and how much it concerns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hub.conflicts.areas import Area, text_of_cells, text_of_countries
from hub.naming import public_id

OVERLAP = "mandate_overlap"
OVERCLAIM = "overclaim"
DISAGREEMENT = "share_disagreement"
SHARED_IDENTIFIER = "shared_identifier"
SEVERAL_IDENTIFIERS = "several_identifiers"
CYCLE = "mandate_cycle"
WITHOUT_RIGHTS = "mandate_without_rights"
ACCREDITATION = "accreditation"
WITHDRAWN = "withdrawn_but_claimed"
KINDS = (
    OVERLAP, OVERCLAIM, DISAGREEMENT, SHARED_IDENTIFIER, SEVERAL_IDENTIFIERS, CYCLE, WITHOUT_RIGHTS,
    ACCREDITATION, WITHDRAWN,
)  # fmt: skip
MOST_SOURCES = 20
"""How many sources of a side are shown; ``sources_total`` counts all."""

Segment = tuple[dt.date, dt.date, Area]
"""A stretch of time, half-open, with what is in question during it."""


@dataclass(frozen=True, slots=True)
class Extent:
    """Right, use, territory and period in question, as lists with ``|`` between."""

    rights: str
    uses: str
    territories: str
    valid_from: dt.date
    valid_to: dt.date
    countries: int


def extent(segments: Sequence[Segment]) -> Extent:
    """The hull of what is in question; at least one segment."""
    cells = land = 0
    for _, _, area in segments:
        for of_cells, of_land in area:
            cells |= of_cells
            land |= of_land
    rights, uses = text_of_cells(cells)
    return Extent(
        rights, uses, text_of_countries(land), min(item[0] for item in segments),
        max(item[1] for item in segments), land.bit_count(),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Side:
    """One side: ``name`` is its public id, ``societies`` may speak for it, the first one foremost.

    ``key`` is the subject behind it (a mandate, a source work), 0 where there is none of its own.
    ``statement`` is what it says, for people and programs to read.
    """

    name: str
    societies: tuple[str, ...]
    statement: Mapping[str, Any]
    sources: tuple[tuple[str, str, str], ...] = ()
    """(submission, position, submitter) of what it says."""
    key: int = 0

    def as_json(self) -> dict[str, Any]:
        """As it is kept and shown."""
        return {
            "side": self.name,
            "societies": list(self.societies),
            "statement": dict(self.statement),
            "sources": [
                {"submission": submission, "position": position, "submitter": submitter}
                for submission, position, submitter in self.sources[:MOST_SOURCES]
            ],
            "sources_total": len(self.sources),
            "key": self.key,
        }


@dataclass(frozen=True, slots=True)
class Found:
    """A conflict; ``about`` is what is at issue where the sides alone do not say it (a right, a code).

    ``works`` counts linked works or recordings, for mandates of societies and accreditations the mandates
    behind. ``scopes`` are what it hangs on.
    """

    kind: str
    about: str
    sides: tuple[Side, ...]
    extent: Extent
    works: int
    scopes: frozenset[str]

    @property
    def public_id(self) -> str:
        """Stable as long as kind, issue and sides are the same."""
        return public_id("c", self.kind, self.about, *sorted(side.name for side in self.sides))

    @property
    def societies(self) -> str:
        """Everybody with a side, ``|`` before, between and after."""
        return "|" + "|".join(sorted({code for side in self.sides for code in side.societies})) + "|"
