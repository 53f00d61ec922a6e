"""The shape of what a benchmark reports where it compares with bounds and goals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Measure:
    """One measured line: a value with its unit; with a ``goal``, whether the value reaches it.

    ``goal`` is reached from below (``>= goal``) unless ``at_most`` says that less is better.
    """

    name: str
    value: float
    unit: str
    goal: float | None = None
    at_most: bool = False
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; none where there is no goal."""
        if self.goal is None:
            return None
        return self.value <= self.goal if self.at_most else self.value >= self.goal


@dataclass(frozen=True, slots=True)
class Report:
    """What a benchmark found, and remarks such as what was not installed."""

    title: str
    measures: tuple[Measure, ...]
    remarks: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The report for machines."""
        return {
            "title": self.title,
            "measures": [
                {
                    "name": item.name,
                    "value": round(item.value, 4),
                    "unit": item.unit,
                    "goal": item.goal,
                    "met": item.met,
                    "note": item.note,
                }
                for item in self.measures
            ],
            "remarks": list(self.remarks),
        }
