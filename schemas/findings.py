"""Findings: located remarks on input, and the table of rules they refer to.

Every rule is a row of ``schemas/rules/*.csv``: its code, severity, texts in English, Kazakh and Russian,
and the clause it comes from. Texts may use ``{record}``, ``{field}``, ``{value}`` and ``{detail}``.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO
from typing import Literal

from schemas.records import record

Severity = Literal["error", "warning", "info"]
LANGUAGES = ("en", "kk", "ru")
VALUE_LIMIT = 200
"""Offending values are quoted up to this many characters: a 100 MB line must not become a finding."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the rule table.

    ``effect`` is what is rejected for it: ``file``, ``transaction``, ``record``, ``field`` (which takes its
    default) or ``none``; empty in tables that do not say.
    """

    code: str
    severity: Severity
    texts: Mapping[str, str]
    source: str
    effect: str = ""


@record
class Finding:
    """A remark on one place of a submission. ``position`` is ``line:N``, an XPath or ``file``."""

    code: str
    position: str = "file"
    record: str = ""
    field: str = ""
    value: str = ""
    detail: str = ""

    @property
    def severity(self) -> Severity:
        """Severity by the rule table."""
        return rule(self.code).severity

    def text(self, language: str = "en") -> str:
        """The plain sentence in ``language``, English where a translation is missing."""
        texts = rule(self.code).texts
        pattern = texts.get(language) or texts["en"]
        return pattern.format(
            record=self.record, field=self.field, value=self.value, detail=self.detail, position=self.position
        )


def quote(value: str) -> str:
    """Shorten a value for a finding and replace control characters, so it is safe to print."""
    shown = value[:VALUE_LIMIT] + ("…" if len(value) > VALUE_LIMIT else "")
    return "".join(char if char.isprintable() else "�" for char in shown)


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by its code.

    Raises:
        ValueError: a code stands twice or a severity is unknown; the tables are wrong, not the input.
    """
    found: dict[str, Rule] = {}
    for table in sorted(files("schemas").joinpath("rules").iterdir(), key=lambda item: item.name):
        if not table.name.endswith(".csv"):
            continue
        for row in csv.DictReader(StringIO(table.read_text(encoding="utf-8"), newline="")):
            code, severity = row["code"], row["severity"]
            if code in found:
                raise ValueError(f"rule {code} stands twice")
            if severity not in ("error", "warning", "info"):
                raise ValueError(f"rule {code} has the unknown severity {severity}")
            texts = {language: row[language] for language in LANGUAGES if row[language]}
            found[code] = Rule(code, severity, texts, row["source"], row.get("effect", ""))  # type: ignore[arg-type]
    return found


def rule(code: str) -> Rule:
    """The rule with this code.

    Raises:
        KeyError: no such rule; a parser used a code that its table does not declare.
    """
    return rules()[code]
