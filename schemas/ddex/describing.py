"""What the tables of DDEX say, as tables for people: versions, messages, and where each field stands."""

from __future__ import annotations

from collections.abc import Sequence

from schemas import table_files
from schemas.ddex.elements import IGNORED
from schemas.ddex.versions import BASE

FAMILIES = {"ern": "ERN", "rdr-n": "RDR-N", "mwn": "MWN"}
OUTCOMES = {
    "recordings": "recordings with their claims, and mandates where the message states them",
    "purge": "nothing changes; the purge is told",
    "status": "acknowledgements of earlier claims",
    "revocation": "a retraction: what it names ends and stays in the history",
    "request": "nothing; that it asks is told",
    "mandates": "mandates",
    "money": "nothing; that it reports is told",
    "works": "works with their claims, linked recordings, and mandates of agents and limited affiliations",
}
"""What becomes of a message, by the content that the table of messages gives it."""


def page() -> str:
    """The generated part of ``docs/ddex.md``."""
    parts = ["### Versions\n", _versions(), "### Messages\n", _messages()]
    for family, name in FAMILIES.items():
        parts += [f"### Fields of {name}\n", _fields(family)]
    return "\n".join(parts)


def _versions() -> str:
    rows = [
        (FAMILIES[row["family"]], row["version"], f"`{BASE}{row['path']}/{row['number']}`", row["table"])
        for row in table_files.rows("schemas.ddex", "versions.csv")
        if row["family"] in FAMILIES
    ]
    return _table(("family", "version", "namespace", "table"), rows)


def _messages() -> str:
    rows = [
        (FAMILIES[row["family"]], f"`{row['message']}`", OUTCOMES[row["content"]])
        for row in table_files.rows("schemas.ddex", "messages.csv")
    ]
    return _table(("family", "message", "what becomes of it"), rows)


def _fields(family: str) -> str:
    rows = []
    for row in table_files.rows("schemas.ddex", f"{family.replace('-', '')}_elements.csv"):
        part, _, field = row["field"].rpartition(".")
        known = "left out on purpose" if field == IGNORED else field.replace("_", " ")
        path = "" if row["path"] == "." else f"`{row['path']}`"
        rows.append((part or "recording", known, path, row["table"].replace("|", " "), row["note"]))
    return _table(("part", "field", "element", "tables", "why"), rows)


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
