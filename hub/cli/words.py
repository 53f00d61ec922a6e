"""Words that commands print for people, in English, Kazakh and Russian; codes in ``--json`` never change."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from schemas.reasons import LANGUAGES
from schemas.table_files import rows


@cache
def table() -> Mapping[str, Mapping[str, str]]:
    """Words by key and language."""
    return {
        row["key"]: {language: row[language] for language in LANGUAGES}
        for row in rows("hub.cli", "words.csv")
    }


def word(key: str, language: str, **parts: object) -> str:
    """The word or pattern of ``key`` with its parts filled in; a key without a row is itself.

    >>> word("payable", "ru"), word("totals", "en", totals="payable 100.00", known_at="2026-01-01")
    ('к выплате', 'Totals: payable 100.00; as known at 2026-01-01')
    """
    found = table().get(key)
    return found[language].format(**parts) if found else key
