"""A line of the societies register as a file states it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Accreditation:
    """A state's licence: ``right`` may be ``*``; ISO dates, ``valid_to`` exclusive and empty when open."""

    territory: str
    right: str
    valid_from: str
    valid_to: str


@dataclass(frozen=True, slots=True)
class SocietyRow:
    """A society with its accreditations."""

    code: str
    name: str
    country: str
    kind: str
    accreditations: tuple[Accreditation, ...]
    position: str
