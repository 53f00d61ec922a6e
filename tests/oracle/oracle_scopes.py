"""The oracle's reading of expressions: sequences of rights, uses and territories, and what is current."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from schemas import territories as facts

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"


def table(name: str) -> dict[str, dict[str, str]]:
    """A table of facts by its codes."""
    lines = (SCHEMAS / name).read_text(encoding="utf-8").splitlines()
    return {row["code"]: row for row in csv.DictReader(lines)}


RIGHTS = table("rights.csv")
USES = table("uses.csv")


# Sequences of codes: every term in its order, the last one that matches decides.


def terms(expression: str) -> list[str]:
    return [term for term in expression.split("|") if term]


def countries(expression: str, on: dt.date) -> set[str]:
    world = set(facts.members("2136", on))
    found = world if not terms(expression) or terms(expression)[0].startswith("-") else set()
    for term in terms(expression):
        code = facts.canonical(term.lstrip("-"))
        named = world if term.lstrip("-") == "*" else set(facts.members(str(code), on))
        found = found - named if term.startswith("-") else found | named
    return found


def in_territory(expression: str, country: str, on: dt.date) -> bool:
    return country in countries(expression, on)


def containing(use: str) -> set[str]:
    found = {use}
    while USES[use]["parent"]:
        use = USES[use]["parent"]
        found.add(use)
    return found


def for_use(expression: str, use: str) -> bool:
    covered = not terms(expression) or terms(expression)[0].startswith("-")
    for term in terms(expression):
        if term.lstrip("-") == "*" or term.lstrip("-") in containing(use):
            covered = not term.startswith("-")
    return covered


def for_right(expression: str, right: str, use: str) -> bool:
    """A finer code is its category for some uses only."""
    covered = not terms(expression) or terms(expression)[0].startswith("-")
    for term in terms(expression):
        code = term.lstrip("-")
        if code != "*":
            limits = set(terms(RIGHTS[code]["uses"]))
            if RIGHTS[code]["category"] != right or (limits and not limits & containing(use)):
                continue
        covered = not term.startswith("-")
    return covered


def current(statements: Sequence, known: int) -> list:
    """The latest statement of each submitter under each reference."""
    latest: dict = {}
    for item in statements:
        if item.known <= known:
            key = (item.submitter if hasattr(item, "submitter") else item.declarant, item.ref)
            latest.pop(key, None)
            latest[key] = item
    return list(latest.values())
