"""The model of works: what is compared, what it weighs, and the table that decides."""

from __future__ import annotations

from matching.compare import iswc, reference, title, writers
from matching.forms import WorkForms, work_forms
from matching.model import Feature, Model, Rule, at_least, below, differs, same, silent, unless_at_least
from matching.records import WorkRecord

SAME_TITLE = 900
NEAR_TITLE = 800
UNLIKE_TITLE = 600
STRONG_WRITERS = 800
SOME_WRITER = 300

WORKS: Model[WorkRecord, WorkForms] = Model(
    kind="work",
    prepare=work_forms,
    features=(
        Feature("iswc", iswc, 350, "identifier"),
        Feature("reference", reference, 0, "contradiction"),
        Feature("title", title, 350, "content"),
        Feature("writers", writers, 300, "content"),
    ),
    # fmt: off
    rules=(
        Rule(
            "same ISWC, unlike titles, no writer in common",
            "unsure",
            500,
            600,
            (same("iswc"), below("title", UNLIKE_TITLE), differs("writers")),
            "identifier_clash",
        ),
        Rule(
            "same ISWC, unlike titles, writers unknown",
            "unsure",
            600,
            700,
            (same("iswc"), unless_at_least("title", UNLIKE_TITLE), silent("writers")),
        ),
        # Partial registrations of one work name different parties: the title decides.
        Rule("same ISWC and title", "positive", 950, 1000, (same("iswc"), at_least("title", NEAR_TITLE))),
        Rule(
            "same ISWC, a writer in common",
            "positive",
            900,
            950,
            (same("iswc"), at_least("writers", SOME_WRITER)),
        ),
        Rule("same ISWC, titles half alike", "unsure", 600, 700, (same("iswc"),)),
        Rule(
            "different ISWCs, all else the same",
            "unsure",
            500,
            600,
            (differs("iswc"), at_least("title", SAME_TITLE), at_least("writers", 950)),
            "identifier_differs",
        ),
        Rule("different ISWCs", "negative", 0, 300, (differs("iswc"),)),
        Rule(
            "same society number and title",
            "positive",
            930,
            1000,
            (same("reference"), at_least("title", NEAR_TITLE)),
        ),
        Rule(
            "same society number, a writer in common",
            "positive",
            880,
            950,
            (same("reference"), at_least("writers", SOME_WRITER)),
        ),
        Rule(
            "same society number, unlike titles, no writer in common",
            "unsure",
            500,
            600,
            (same("reference"), below("title", UNLIKE_TITLE), differs("writers")),
            "identifier_clash",
        ),
        Rule("same society number, titles half alike", "unsure", 600, 700, (same("reference"),)),
        Rule(
            "two numbers of one society, same title and writers",
            "unsure",
            500,
            700,
            (differs("reference"), at_least("title", SAME_TITLE), at_least("writers", STRONG_WRITERS)),
        ),
        Rule("two numbers of one society", "none", 0, 399, (differs("reference"),)),
        Rule(
            "same title and writers",
            "positive",
            850,
            950,
            (at_least("title", SAME_TITLE), at_least("writers", STRONG_WRITERS)),
        ),
        Rule(
            "same title, some writers",
            "unsure",
            600,
            800,
            (at_least("title", SAME_TITLE), at_least("writers", SOME_WRITER)),
        ),
        Rule(
            "near title, same writers",
            "unsure",
            500,
            750,
            (at_least("title", NEAR_TITLE), at_least("writers", SAME_TITLE)),
        ),
    ),
    # fmt: on
)
