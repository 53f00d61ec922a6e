"""Refusals in the language of the reader: the English sentences of ``hub.errors`` in Kazakh and Russian.

A row of ``refusals.csv`` has the sentence as the code writes it, with ``{}`` for its parts, and translations,
in which ``{0}`` is the first part. ``{0:state}`` is a code whose word stands in ``hub/cli/words.csv`` as
``state_...``.
"""

from __future__ import annotations

import csv
import re
import string
from functools import cache
from importlib.resources import files
from io import StringIO
from typing import Any

from hub.cli.words import word

LONGEST = 2000
"""Longer sentences are shown as they are: a part of them is a text of somebody's own."""

HOLE = "{}"


@cache
def table() -> dict[str, dict[str, str]]:
    """Translations by the sentence and the language."""
    text = files("hub").joinpath("refusals.csv").read_text(encoding="utf-8")
    return {row["en"]: row for row in csv.DictReader(StringIO(text))}


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The sentences as patterns, those that say most of their own first."""
    said = sorted(table(), key=lambda text: -len(text.replace(HOLE, "")))
    return tuple(
        (re.compile("(.+?)".join(map(re.escape, text.split(HOLE))), re.DOTALL), text) for text in said
    )


class _Words(string.Formatter):
    """Fills parts in, codes as words."""

    def __init__(self, language: str) -> None:
        self.language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        """A part; with a kind of code after the colon, the words of the codes in it."""
        if not format_spec:
            return told(str(value), self.language)
        codes = re.split(r", | and ", str(value).strip("'"))
        return ", ".join(
            self._named(code, "" if format_spec == "word" else f"{format_spec}_") for code in codes
        )

    def _named(self, code: str, kind: str) -> str:
        found = word(kind + code, self.language)
        return code if found == kind + code else found[:1].lower() + found[1:]


def told(detail: str, language: str) -> str:
    """A refusal's sentence in a language; one that the table does not have stays in English.

    >>> told("there is no job 'j1'", "ru"), told("no such sentence", "kk")
    ("задания 'j1' нет", 'no such sentence')
    """
    if language == "en" or len(detail) > LONGEST:
        return detail
    for pattern, text in _patterns():
        match = pattern.fullmatch(detail)
        if match:
            return _Words(language).format(table()[text][language], *match.groups())
    return detail
