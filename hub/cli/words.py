"""Words that commands print for people, in English, Kazakh and Russian; codes in ``--json`` never change."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from io import StringIO

from schemas.reasons import LANGUAGES


@cache
def table() -> Mapping[str, Mapping[str, str]]:
    """Words by key and language."""
    text = files("hub.cli").joinpath("words.csv").read_text(encoding="utf-8")
    return {
        row["key"]: {language: row[language] for language in LANGUAGES}
        for row in csv.DictReader(StringIO(text))
    }


def word(key: str, language: str, **parts: object) -> str:
    """The word or pattern of ``key`` with its parts filled in; a key without a row is itself.

    >>> word("payable", "ru"), word("totals", "en", totals="payable 100.00", known_at="2026-01-01")
    ('к выплате', 'Totals: payable 100.00; as known at 2026-01-01')
    """
    found = table().get(key)
    return found[language].format(**parts) if found else key
