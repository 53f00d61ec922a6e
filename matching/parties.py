"""Whether two mentions are one party, person or organisation: features, and the table that decides by them.

``party_rules.csv`` is read from top to bottom; the first row whose levels all hold decides (``*`` is any
level). The score is the likeness of the names in per mille, kept between ``least`` and ``most``; ``by`` names
the feature that moves it there. The docstring of a feature is its public explanation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from matching.forms import PartyForm
from matching.normalize.likeness import ALIKE, names_alike
from schemas.table_files import rows

ANY, SILENT, SAME, OTHER = "*", "silent", "same", "other"


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table."""

    ipi_base: str
    ipi_name: str
    name: str
    words: str
    least: int
    most: int
    by: str
    reason: str
    meaning: str


@dataclass(frozen=True, slots=True)
class PartyVerdict:
    """A score per mille with what each feature adds to it: the contributions add up to the score."""

    score: int
    reason: str
    meaning: str
    contributions: Mapping[str, int]


RULES = tuple(
    Rule(**{**row, "least": int(row["least"]), "most": int(row["most"])})  # type: ignore[arg-type]
    for row in rows("matching", "party_rules.csv")
)
ONE_WORD_NAME = next(rule.most for rule in RULES if rule.words == "one")
"""The most that a name of a single word says about a writer."""


def ipi_base(left: PartyForm, right: PartyForm) -> str:
    """Whether both have one IPI base number: it stands for the party itself. Silent if one has none."""
    if not left.ipi_base or not right.ipi_base:
        return SILENT
    return SAME if left.ipi_base == right.ipi_base else OTHER


def ipi_name(left: PartyForm, right: PartyForm) -> str:
    """Whether both have one IPI name number: a party has one for each of its names and pseudonyms."""
    if not left.ipi_name or not right.ipi_name:
        return SILENT
    return SAME if left.ipi_name == right.ipi_name else OTHER


def name(left: PartyForm, right: PartyForm) -> int | None:
    """How alike the names are per mille, in every script, order and spelling; None if one has no name."""
    return names_alike(left.key, right.key) if left.key and right.key else None


def words(left: PartyForm, right: PartyForm) -> str:
    """Whether both names have several words, or one is of a single one, as of a group or a stage name."""
    return "several" if " " in left.key and " " in right.key else "one"


def party_alike(left: PartyForm, right: PartyForm) -> tuple[int, str]:
    """The score of two mentions per mille, and ``IPI`` or ``name`` as its reason."""
    base, number = ipi_base(left, right), ipi_name(left, right)
    rule = _by_numbers(base, number)
    if rule is not None:
        return rule.least, rule.reason
    alike = name(left, right)
    if alike is None or alike < ALIKE:
        rule = _by_all(base, number, _named(alike), ANY)
    else:
        rule = _by_all(base, number, "alike", words(left, right))
    return _kept(alike or 0, rule), rule.reason


def judge_parties(left: PartyForm, right: PartyForm) -> PartyVerdict:
    """The same with the row that decided, and what the features contributed.

    >>> abai = PartyForm("Abai", "abai", "abai")
    >>> judge_parties(abai, abai).contributions
    {'name': 1000, 'words': -300}
    """
    alike = name(left, right)
    rule = _by_all(ipi_base(left, right), ipi_name(left, right), _named(alike), words(left, right))
    score = _kept(alike or 0, rule)
    contributions = {"name": alike or 0}
    contributions[rule.by] = contributions.get(rule.by, 0) + score - (alike or 0)
    return PartyVerdict(score, rule.reason, rule.meaning, contributions)


def _named(alike: int | None) -> str:
    if alike is None:
        return SILENT
    return "alike" if alike >= ALIKE else "unlike"


def _kept(alike: int, rule: Rule) -> int:
    return min(max(alike, rule.least), rule.most)


@cache
def _by_numbers(base: str, number: str) -> Rule | None:
    """The row that decides before any name is looked at, None where names count."""
    rule = next(row for row in RULES if row.ipi_base in (ANY, base) and row.ipi_name in (ANY, number))
    return rule if rule.name == rule.words == ANY else None


@cache
def _by_all(base: str, number: str, named: str, counted: str) -> Rule:
    levels = (base, number, named, counted)
    return next(
        row
        for row in RULES
        if all(
            wanted in (ANY, level)
            for wanted, level in zip((row.ipi_base, row.ipi_name, row.name, row.words), levels, strict=True)
        )
    )
