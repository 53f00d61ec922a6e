"""The model of recordings: what is compared, what it weighs, and the table that decides."""

from __future__ import annotations

from matching.compare import artist, duration, isrc, label, reference, release, title, version, year
from matching.forms import RecordingForms, recording_forms
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
    unless_below,
)
from matching.records import RecordingRecord

SAME_TITLE = 900
NEAR_TITLE = 800
UNLIKE_TITLE = 600
SAME_ARTIST = 850
NEAR_ARTIST = 700
UNLIKE_ARTIST = 600
CLOSE = 900
"""Durations up to three seconds apart."""
SAME_RELEASE = 850

RECORDINGS: Model[RecordingRecord, RecordingForms] = Model(
    kind="recording",
    prepare=recording_forms,
    features=(
        Feature("isrc", isrc, 300, "identifier"),
        Feature("reference", reference, 0, "contradiction"),
        Feature("title", title, 300, "content"),
        Feature("version", version, 0, "contradiction"),
        Feature("artist", artist, 250, "content"),
        Feature("duration", duration, 200, "content"),
        Feature("release", release, 120, "context"),
        Feature("year", year, 40, "context"),
        Feature("label", label, 40, "context"),
    ),
    # fmt: off
    rules=(
        Rule(
            "same ISRC, different versions",
            "unsure",
            500,
            700,
            (same("isrc"), differs("version")),
            "identifier_clash",
        ),
        Rule(
            "same ISRC, unlike title and artist",
            "unsure",
            500,
            600,
            (same("isrc"), below("title", UNLIKE_TITLE), below("artist", UNLIKE_ARTIST)),
            "identifier_clash",
        ),
        Rule(
            "same ISRC and title",
            "positive",
            950,
            1000,
            (same("isrc"), at_least("title", NEAR_TITLE), unless_below("artist", UNLIKE_ARTIST)),
        ),
        Rule(
            "same ISRC, title and duration",
            "positive",
            920,
            970,
            (same("isrc"), at_least("title", NEAR_TITLE), at_least("duration", CLOSE)),
        ),
        Rule(
            "same ISRC, artist and nearly the title",
            "positive",
            900,
            950,
            (same("isrc"), at_least("title", UNLIKE_TITLE), at_least("artist", NEAR_ARTIST)),
        ),
        Rule("same ISRC, the rest half alike", "unsure", 600, 750, (same("isrc"),)),
        Rule(
            "different versions of one title",
            "negative",
            0,
            300,
            (differs("version"), at_least("title", 700)),
        ),
        Rule("different versions", "none", 0, 300, (differs("version"),)),
        Rule(
            "different ISRCs, all else the same",
            "unsure",
            500,
            650,
            (
                differs("isrc"),
                at_least("title", SAME_TITLE),
                at_least("artist", SAME_ARTIST),
                at_least("duration", CLOSE),
            ),
            "identifier_differs",
        ),
        Rule("different ISRCs", "negative", 0, 300, (differs("isrc"), at_least("title", 700))),
        Rule("different ISRCs, unlike titles", "none", 0, 300, (differs("isrc"),)),
        Rule(
            "same society number and title",
            "positive",
            930,
            1000,
            (same("reference"), at_least("title", NEAR_TITLE), unless_below("artist", UNLIKE_ARTIST)),
        ),
        Rule("same society number, the rest half alike", "unsure", 500, 700, (same("reference"),)),
        Rule(
            "two numbers of one society, all else the same",
            "unsure",
            500,
            650,
            (
                differs("reference"),
                at_least("title", SAME_TITLE),
                at_least("artist", SAME_ARTIST),
                at_least("duration", CLOSE),
            ),
        ),
        Rule("two numbers of one society", "none", 0, 399, (differs("reference"),)),
        Rule(
            "same title, artist and duration",
            "positive",
            850,
            950,
            (at_least("title", NEAR_TITLE), at_least("artist", NEAR_ARTIST), at_least("duration", CLOSE)),
        ),
        Rule(
            "same title and artist, durations near",
            "unsure",
            600,
            750,
            (at_least("title", SAME_TITLE), at_least("artist", SAME_ARTIST), below("duration", CLOSE)),
        ),
        Rule(
            "same title, artist and release",
            "positive",
            800,
            900,
            (
                at_least("title", SAME_TITLE),
                at_least("artist", SAME_ARTIST),
                silent("duration"),
                at_least("release", SAME_RELEASE),
            ),
        ),
        Rule(
            "same title and artist, nothing else known",
            "unsure",
            500,
            700,
            (at_least("title", SAME_TITLE), at_least("artist", SAME_ARTIST), silent("duration")),
        ),
        Rule(
            "same title, release and duration",
            "unsure",
            500,
            750,
            (
                at_least("title", NEAR_TITLE),
                unless_at_least("artist", NEAR_ARTIST),
                at_least("duration", CLOSE),
                at_least("release", SAME_RELEASE),
            ),
        ),
    ),
    # fmt: on
)
