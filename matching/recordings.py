"""The model of recordings: what is compared, what it weighs, and the table that decides.

Identifiers, versions and cases for a person come first, as rules; what they leave open is weighed by the
mixture of ``recording_mixture.csv``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from matching.compare import (
    FeatureResult,
    artist,
    duration,
    isrc,
    label,
    reference,
    release,
    title,
    version,
    year,
)
from matching.content import weights_of
from matching.forms import RecordingForms, recording_forms
from matching.mixture import read_mixture
from matching.model import (
    CONTENT,
    Feature,
    Model,
    Rule,
    at_least,
    below,
    differs,
    same,
    silent,
    unless_below,
)
from matching.recording_columns import place_on_release
from matching.records import RecordingRecord

SURE = 950
"""From this probability on, per mille, nobody has to look at a pair."""
SAME_TITLE = at_least("title", 900)
NEAR_TITLE = at_least("title", 800)
MISSPELT_TITLE = at_least("title", 720)
"""More than titles that differ in a number reach."""
UNLIKE_TITLE = below("title", 600)
SAME_ARTIST = at_least("artist", 850)
NEAR_ARTIST = at_least("artist", 700)
UNLIKE_ARTIST = below("artist", 600)
NO_OTHER_ARTIST = unless_below("artist", 600)
SAME_RELEASE = at_least("release", 850)
CLOSE = at_least("duration", 900)
"""Durations up to three seconds apart."""

FEATURES: tuple[Feature[RecordingForms], ...] = (
    Feature("isrc", isrc, 300, "identifier"),
    Feature("reference", reference, 0, "contradiction"),
    Feature("title", title, 300, "content"),
    Feature("version", version, 0, "contradiction"),
    Feature("artist", artist, 250, "content"),
    Feature("duration", duration, 200, "content"),
    Feature("release", release, 120, "context"),
    Feature("year", year, 40, "context"),
    Feature("label", label, 40, "context"),
)

# fmt: off
RULES = (
    Rule("same ISRC, different versions", "unsure", 500, 700,
         (same("isrc"), differs("version")), "identifier_clash"),
    Rule("same ISRC, unlike title and artist", "unsure", 500, 600,
         (same("isrc"), UNLIKE_TITLE, UNLIKE_ARTIST), "identifier_clash"),
    Rule("same ISRC and title", "positive", 950, 1000, (same("isrc"), NEAR_TITLE, NO_OTHER_ARTIST)),
    Rule("same ISRC, title and duration", "positive", 920, 970, (same("isrc"), NEAR_TITLE, CLOSE)),
    Rule("same ISRC and artist, nearly the title", "positive", 900, 950,
         (same("isrc"), at_least("title", 600), NEAR_ARTIST)),
    Rule("same ISRC, the rest half alike", "unsure", 600, 750, (same("isrc"),)),

    # A version that only one of them has makes two recordings, whatever else agrees.
    Rule("different versions of one title", "negative", 0, 300, (differs("version"), at_least("title", 700))),
    Rule("different versions", "none", 0, 300, (differs("version"),)),

    # Re-releases get new ISRCs against the standard: a person decides.
    Rule("different ISRCs, all else the same", "unsure", 500, 650,
         (differs("isrc"), SAME_TITLE, SAME_ARTIST, CLOSE), "identifier_differs"),
    Rule("different ISRCs", "negative", 0, 300, (differs("isrc"), at_least("title", 700))),
    Rule("different ISRCs, unlike titles", "none", 0, 300, (differs("isrc"),)),

    Rule("same society number and title", "positive", 930, 1000,
         (same("reference"), NEAR_TITLE, NO_OTHER_ARTIST)),
    Rule("same society number, the rest half alike", "unsure", 500, 700, (same("reference"),)),
    Rule("two numbers of one society, all else the same", "unsure", 500, 650,
         (differs("reference"), SAME_TITLE, SAME_ARTIST, CLOSE)),
    Rule("two numbers of one society", "none", 0, 399, (differs("reference"),)),

    # A release has siblings of one artist, year and sometimes length; covers share no more than a title.
    Rule("unlike titles", "none", 0, 399, (below("title", 720),)),
    Rule("a title and nothing else", "none", 0, 399,
         (silent("artist"), silent("duration"), silent("release"))),

    # What the content alone would call the same, but a person should see first.
    Rule("same title, release and duration, another artist", "unsure", 500, 750,
         (NEAR_TITLE, SAME_RELEASE, CLOSE, below("artist", 450))),
    Rule("same title and artist, other durations", "unsure", 600, 750,
         (SAME_TITLE, SAME_ARTIST, below("duration", 900))),
    Rule("same title and artist, nothing else known", "unsure", 500, 700,
         (SAME_TITLE, SAME_ARTIST, silent("duration"), silent("release"))),

    Rule("the content is that of one recording", "positive", SURE, 1000,
         (at_least(CONTENT, SURE), MISSPELT_TITLE), weighed=True),
    Rule("the content may be that of one recording", "unsure", 500, 1000,
         (at_least(CONTENT, 500),), weighed=True),
)
# fmt: on


def measures(
    left: RecordingForms, right: RecordingForms, evidence: Mapping[str, FeatureResult]
) -> dict[str, float]:
    """What the mixture wants to know of a pair: likeness in per cent, distances, 0 or 1 for same or not."""
    found = {
        name: score / 10
        for name in ("title", "artist", "release")
        if (score := evidence[name].score) is not None
    }
    if (same_version := evidence["version"].score) is not None:
        found["version"] = float(same_version == 0)
    mine, other = left.record, right.record
    for name, one, two in (("duration", mine.duration, other.duration), ("year", mine.year, other.year)):
        if one and two:
            found[name] = abs(one - two)
    places = place_on_release(mine.number), place_on_release(other.number)
    if all(places):
        found["number"] = float(places[0] != places[1])
    return found


RECORDINGS: Model[RecordingRecord, RecordingForms] = Model(
    "recording", recording_forms, FEATURES, RULES, measures
)


@cache
def with_table(content: str) -> Model[RecordingRecord, RecordingForms]:
    """The model with the mixture of this CSV in place of the shipped one; the shipped one for no text."""
    return replace(RECORDINGS, table=weights_of(read_mixture(content))) if content else RECORDINGS
