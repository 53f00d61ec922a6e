"""Reason codes of an answer's lines, each with a sentence in English, Kazakh and Russian."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from schemas.table_files import rows

LANGUAGES = ("en", "kk", "ru")


@cache
def table() -> Mapping[str, Mapping[str, str]]:
    """Sentences by reason code and language."""
    return {
        row["code"]: {language: row[language] for language in LANGUAGES}
        for row in rows("schemas", "reasons.csv")
    }


def sentence(code: str, language: str = "en") -> str:
    """The sentence of a reason.

    >>> sentence("no_claims")
    'No source states shares of this right.'
    """
    return table()[code][language]
