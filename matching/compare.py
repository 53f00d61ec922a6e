"""Features: what two records have in common, each with its reason.

A feature function takes two prepared records and gives a score in whole per mille (1000 the same, 0
different) or no score when one side is silent: silence is no evidence. The docstring of a feature is its
public explanation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from matching.forms import PartyForm, RecordingForms, WorkForms
from matching.normalize.likeness import ALIKE, letters_alike, names_alike
from matching.normalize.titles import TitleForms, titles_alike
from matching.parties import party_alike

SAME_VERSION_TEXT = 700
"""From here on two descriptions of a version ("club mix", "Club Mix 2011") are one version."""
DURATION_STEPS = ((1, 1000), (3, 900), (5, 700), (10, 400))
YEAR_STEPS = ((0, 1000), (1, 700), (3, 400))


@dataclass(frozen=True, slots=True)
class FeatureResult:
    """What one feature found: score per mille or None for no evidence, and the values it looked at."""

    score: int | None
    detail: str = ""
    left: str = ""
    right: str = ""


@cache
def _silent(detail: str) -> FeatureResult:
    """No evidence; one shared object, since most features of most pairs have none."""
    return FeatureResult(None, detail)


def iswc(left: WorkForms, right: WorkForms) -> FeatureResult:
    """The same ISWC (1000) or different ones (0)."""
    return _identifier(left.record.iswcs, right.record.iswcs, "ISWC", (left.codes, right.codes))


def isrc(left: RecordingForms, right: RecordingForms) -> FeatureResult:
    """The same ISRC (1000) or different ones (0)."""
    return _identifier(left.record.isrcs, right.record.isrcs, "ISRC", (left.codes, right.codes))


def _identifier(
    left: Sequence[str], right: Sequence[str], name: str, shown: tuple[str, str]
) -> FeatureResult:
    if not left or not right:
        return _silent(f"no {name} on one side")
    common = set(left).intersection(right)
    if common:
        return FeatureResult(1000, f"same {name} {min(common)}", *shown)
    return FeatureResult(0, f"different {name}", *shown)


def reference(left: WorkForms | RecordingForms, right: WorkForms | RecordingForms) -> FeatureResult:
    """The same number of the same society (1000), or two numbers of one society (0)."""
    societies = left.societies & right.societies
    if not societies:
        return _silent("no society in common")
    mine, other = left.record.refs, right.record.refs
    shown = (" ".join(mine), " ".join(other))
    common = set(mine).intersection(other)
    if common:
        return FeatureResult(1000, f"same number {min(common)}", *shown)
    return FeatureResult(0, f"two numbers of {min(societies)}", *shown)


def title(left: WorkForms | RecordingForms, right: WorkForms | RecordingForms) -> FeatureResult:
    """The most alike pair of titles, alternative titles included, version and featuring left out.

    Titles with different numbers in them are never more than 700, however alike the words.
    """
    return best_title(left.titles, right.titles)


def best_title(left: Sequence[TitleForms], right: Sequence[TitleForms]) -> FeatureResult:
    """The most alike pair out of two lists of titles."""
    if not left or not right:
        return _silent("no title on one side")
    pairs = [(titles_alike(mine, other), mine.core, other.core) for mine in left for other in right]
    score, mine_text, other_text = max(pairs, key=lambda pair: (pair[0], sorted(pair[1:]), pair[1]))
    detail = "same title" if score == 1000 else f"titles alike {score}"
    return FeatureResult(score, detail, mine_text, other_text)


def writers(left: WorkForms, right: WorkForms) -> FeatureResult:
    """How many writers of the shorter list the other list has too, by IPI number or by name.

    Equal IPI base or name numbers count fully, otherwise the likeness of the names; publishers and
    placeholders such as "traditional" do not count.
    """
    return party_overlap(left.writers, right.writers, (left.names, right.names))


def party_overlap(
    left: Sequence[PartyForm], right: Sequence[PartyForm], shown: tuple[str, str]
) -> FeatureResult:
    """The share of the shorter list of parties that has a partner in the longer one."""
    if not left or not right:
        return _silent("no writer on one side")
    found = partners(left, right)
    fewest = min(len(left), len(right))
    by_number = sum(pair.reason == "IPI" for pair in found)
    detail = f"{len(found)} of {fewest}: {by_number} by IPI, {len(found) - by_number} by name"
    total = sum(pair.score for pair in found)
    return FeatureResult(total // fewest, detail if found else "no writer in common", *shown)


@dataclass(frozen=True, slots=True)
class Partners:
    """Two mentions that are taken for one party, with the score per mille and what it rests on."""

    left: PartyForm
    right: PartyForm
    score: int
    reason: str


def partners(left: Sequence[PartyForm], right: Sequence[PartyForm]) -> list[Partners]:
    """The parties of two lists that are alike, each at most once, the most alike first."""
    alike = [
        (score, index, place, reason)
        for index, mine in enumerate(left)
        for place, other in enumerate(right)
        for score, reason in (party_alike(mine, other),)
        if score
    ]
    alike.sort(key=lambda pair: (-pair[0], sorted((left[pair[1]].order, right[pair[2]].order))))
    taken_left: set[int] = set()
    taken_right: set[int] = set()
    found: list[Partners] = []
    for score, index, place, reason in alike:
        if index not in taken_left and place not in taken_right:
            taken_left.add(index)
            taken_right.add(place)
            found.append(Partners(left[index], right[place], score, reason))
    return found


def version(left: RecordingForms, right: RecordingForms) -> FeatureResult:
    """Whether the version words (live, remix, instrumental, ...) agree: a contradiction when they do not.

    Silence on both sides is no evidence; two remixes of different names differ.
    """
    shown = (left.version_text, right.version_text)
    if not left.version and not right.version:
        return _silent("no version words")
    if left.version != right.version:
        return FeatureResult(0, "different versions", *shown)
    alike = letters_alike(*(" ".join(sorted(text.split())) for text in shown))
    if alike < SAME_VERSION_TEXT and len(min(shown, key=len).split()) > 1:
        return FeatureResult(0, f"versions of different names, alike {alike}", *shown)
    return FeatureResult(1000, "same version", *shown)


def artist(left: RecordingForms, right: RecordingForms) -> FeatureResult:
    """The most alike pair of artists, or the two lists of artists read as one line each."""
    return best_artist(left.artists, right.artists, (left.names, right.names))


def best_artist(
    left: Sequence[PartyForm], right: Sequence[PartyForm], shown: tuple[str, str], *, lines: bool = True
) -> FeatureResult:
    """The most alike pair out of two lists of performers; with ``lines`` also the lists read as one name."""
    if not left or not right:
        return _silent("no artist on one side")
    score = max(_performers_alike(mine, other) for mine in left for other in right)
    if lines and score < 1000 and len(left) + len(right) > 2:
        whole = [" ".join(sorted(" ".join(party.key for party in side).split())) for side in (left, right)]
        score = max(score, names_alike(whole[0], whole[1]))
    return FeatureResult(score, "same artist" if score == 1000 else f"artists alike {score}", *shown)


def _performers_alike(left: PartyForm, right: PartyForm) -> int:
    score = names_alike(left.key, right.key)
    return score if score >= ALIKE else max(score, letters_alike(left.glued, right.glued))


def _steps(left: int, right: int, steps: Sequence[tuple[int, int]], unit: str) -> FeatureResult:
    if not left or not right:
        return _silent("unknown on one side")
    apart = abs(left - right)
    score = next((score for limit, score in steps if apart <= limit), 0)
    return FeatureResult(score, f"{apart} {unit} apart", str(left), str(right))


def duration(left: RecordingForms, right: RecordingForms) -> FeatureResult:
    """How close the durations are: 1000 within a second, 900 within three, 0 beyond ten."""
    return _steps(left.record.duration, right.record.duration, DURATION_STEPS, "s")


def year(left: RecordingForms, right: RecordingForms) -> FeatureResult:
    """How close the years are; re-releases carry later years, so this weighs little."""
    return _steps(left.record.year, right.record.year, YEAR_STEPS, "years")


def label(left: RecordingForms, right: RecordingForms) -> FeatureResult:
    """How alike the labels are."""
    return _texts(left.label, right.label, left.record.label, right.record.label, "label")


def release(left: RecordingForms, right: RecordingForms) -> FeatureResult:
    """How alike the releases are that the recordings are known from."""
    return _texts(left.release, right.release, left.record.release, right.record.release, "release")


def _texts(left: str, right: str, shown_left: str, shown_right: str, name: str) -> FeatureResult:
    if not left or not right:
        return _silent(f"no {name} on one side")
    score = letters_alike(left, right)
    if score < ALIKE:
        score = max(score, names_alike(" ".join(sorted(left.split())), " ".join(sorted(right.split()))))
    return FeatureResult(score, f"{name}s alike {score}", shown_left, shown_right)
