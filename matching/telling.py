"""Titles that tell a work by themselves: long, of several words, and no genre with a number.

``Жазғы түнде жалғыз жүрек`` is hardly ever the title of two works; ``Home``, ``Love song`` or
``Sonata No. 2 in C minor`` are the titles of many. Whether a catalogue really has one work of a telling title
is looked at where a recording's work is chosen (``matching.linking.chosen``), because it changes with the
catalogue and a judgement of two records must not.
"""

from __future__ import annotations

from collections.abc import Sequence

from matching.compare import FeatureResult
from matching.normalize.scripts import fold
from matching.normalize.tables import column
from matching.normalize.titles import TitleForms, titles_alike

WORDS, LETTERS = 2, 10
"""A telling title has at least so many words, and so many letters in all."""
TWO_WORDS = 800
"""What a telling title of two words scores; longer ones score 1000."""
SAME = 930
"""From here on (per mille) two titles are one, a letter misspelt."""

_GENERIC = frozenset(fold(word) for word in column("generic", "word"))


def telling(title: TitleForms) -> int:
    """How well a title tells its work, per mille: 1000, ``TWO_WORDS``, or 0 for one that many works can have.

    >>> from matching.normalize.titles import title_forms
    >>> [telling(title_forms(text)) for text in ("Over the wide steppe", "Purple lanterns", "Waltz in C")]
    [1000, 800, 0]
    """
    words = title.folded.split()
    if len(words) < WORDS or sum(map(len, words)) < LETTERS or title.numbers:
        return 0
    if not _GENERIC.isdisjoint(words):
        return 0
    return TWO_WORDS if len(words) == WORDS else 1000


def telling_title(left: Sequence[TitleForms], right: Sequence[TitleForms]) -> FeatureResult:
    """Whether the title that both sides share is one that few works can have (1000; 800 with two words).

    Several words with enough letters, no number and no word for a genre. Silent without a shared title.
    """
    shared = [
        (min(telling(mine), telling(other)), mine.core, other.core)
        for mine in left
        for other in right
        if titles_alike(mine, other) >= SAME
    ]
    if not shared:
        return FeatureResult(None, "no title in common")
    score, mine_text, other_text = max(shared)
    detail = "a title that few works can have" if score else "a title that many works can have"
    return FeatureResult(score, detail, mine_text, other_text)
