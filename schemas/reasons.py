"""Reason codes of an answer's lines, each with a sentence in English, Kazakh and Russian."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from io import StringIO

LANGUAGES = ("en", "kk", "ru")


@cache
def table() -> Mapping[str, Mapping[str, str]]:
    """Sentences by reason code and language."""
    text = files("schemas").joinpath("reasons.csv").read_text(encoding="utf-8")
    return {
        row["code"]: {language: row[language] for language in LANGUAGES}
        for row in csv.DictReader(StringIO(text))
    }


def sentence(code: str, language: str = "en") -> str:
    """The sentence of a reason.

    >>> sentence("no_claims")
    'No source states shares of this right.'
    """
    return table()[code][language]
