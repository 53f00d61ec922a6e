"""The model of works: what is compared, what it weighs, and the table that decides."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from matching.compare import FeatureResult, best_artist, iswc, reference, title, writers
from matching.forms import WorkForms, work_forms
from matching.model import (
    Feature,
    Model,
    Rule,
    at_least,
    below,
    differs,
    same,
    silent,
    unless_at_least,
    with_rows,
)
from matching.records import WorkRecord
from matching.telling import telling_title

SAME_TITLE = at_least("title", 900)
NEAR_TITLE = at_least("title", 800)
UNLIKE_TITLE = below("title", 600)
ALL_WRITERS = at_least("writers", 950)
MOST_WRITERS = at_least("writers", 800)
SOME_WRITER = at_least("writers", 300)
ONE_OF_TWO = at_least("writers", 440)
SAME_PERFORMER = at_least("performers", 900)


def performers(left: WorkForms, right: WorkForms) -> FeatureResult:
    """The most alike pair of the performers that both registrations name; names of one word are left out."""
    mine, other = (tuple(item for item in side.performers if " " in item.key) for side in (left, right))
    shown = ("; ".join(item.name for item in mine), "; ".join(item.name for item in other))
    return best_artist(mine, other, shown, lines=False)


def telling(left: WorkForms, right: WorkForms) -> FeatureResult:
    """Whether the title that both have is one that few works can have (1000) or not (0)."""
    return telling_title(left.titles, right.titles)


FEATURES: tuple[Feature[WorkForms], ...] = (
    Feature("iswc", iswc, 350, "identifier"),
    Feature("reference", reference, 0, "contradiction"),
    Feature("title", title, 350, "content"),
    Feature("writers", writers, 300, "content"),
    Feature("performers", performers, 50, "context"),
    Feature("telling", telling, 0, "context"),
)

# fmt: off
RULES = (
    Rule("same ISWC, unlike titles, no writer in common", "unsure", 500, 600,
         (same("iswc"), UNLIKE_TITLE, differs("writers")), "identifier_clash"),
    Rule("same ISWC, unlike titles, writers unknown", "unsure", 600, 700,
         (same("iswc"), unless_at_least("title", 600), silent("writers"))),
    # Partial registrations of one work name different parties: the title decides.
    Rule("same ISWC and title", "positive", 950, 1000, (same("iswc"), NEAR_TITLE)),
    Rule("same ISWC, a writer in common", "positive", 900, 950, (same("iswc"), SOME_WRITER)),
    Rule("same ISWC, the rest half alike", "unsure", 600, 700, (same("iswc"),)),

    Rule("different ISWCs, same society number", "unsure", 500, 600,
         (differs("iswc"), same("reference")), "identifier_differs"),
    Rule("different ISWCs, all else the same", "unsure", 500, 600,
         (differs("iswc"), SAME_TITLE, ALL_WRITERS), "identifier_differs"),
    Rule("different ISWCs", "negative", 0, 300, (differs("iswc"), at_least("title", 600))),
    # Nothing could join them, so that nothing has to keep them apart.
    Rule("different ISWCs, unlike titles", "none", 0, 300, (differs("iswc"),)),

    Rule("same society number and title", "positive", 930, 1000, (same("reference"), NEAR_TITLE)),
    Rule("same society number, a writer in common", "positive", 880, 950, (same("reference"), SOME_WRITER)),
    Rule("same society number, unlike titles, no writer in common", "unsure", 500, 600,
         (same("reference"), UNLIKE_TITLE, differs("writers")), "identifier_clash"),
    Rule("same society number, the rest half alike", "unsure", 600, 700, (same("reference"),)),
    # One society numbers a work once; that it did so twice by mistake is for a person to say.
    Rule("two numbers of one society, same title and writers", "unsure", 500, 700,
         (differs("reference"), SAME_TITLE, MOST_WRITERS)),
    Rule("two numbers of one society", "none", 0, 399, (differs("reference"),)),

    Rule("same title and writers", "positive", 850, 950, (SAME_TITLE, MOST_WRITERS)),
    Rule("a telling title, half of the writers", "positive", 800, 850, (same("telling"), ONE_OF_TWO)),
    Rule("same title and performer, some writers", "positive", 800, 850,
         (at_least("title", 950), SAME_PERFORMER, SOME_WRITER)),
    Rule("a telling title and the same performer", "positive", 800, 850,
         (same("telling"), SAME_PERFORMER)),
    Rule("same title, some writers", "unsure", 600, 800, (SAME_TITLE, SOME_WRITER)),
    Rule("same title and performer, no writer in common", "unsure", 500, 700,
         (at_least("title", 950), SAME_PERFORMER)),
    Rule("near title, same writers", "unsure", 500, 750, (NEAR_TITLE, at_least("writers", 900))),
)
# fmt: on

WORKS: Model[WorkRecord, WorkForms] = Model("work", work_forms, FEATURES, RULES)


@cache
def with_learned(content: str) -> Model[WorkRecord, WorkForms]:
    """The model with the learned rows of this CSV; the shipped one for no text."""
    return replace(WORKS, rules=with_rows(RULES, content)) if content else WORKS
