"""Which work a recording embodies: declared identifiers first, then titles with writers or performers."""

from __future__ import annotations

from collections.abc import Sequence

from matching.compare import ONE_WORD_NAME, FeatureResult, best_artist, best_title, party_overlap
from matching.forms import (
    PUBLISHER_ROLES,
    PartyForm,
    RecordingForms,
    WorkForms,
    party_form,
    recording_forms,
    work_forms,
)
from matching.model import Judgement, Rule, at_least, below, decide, differs, same, silent, unless_at_least
from matching.normalize.titles import title_forms
from matching.records import RecordingRecord, WorkHint, WorkRecord

TITLE_CLASH = below("title", 500)
SAME_TITLE = at_least("title", 900)
HALF_DECLARED = 500
"""The society number is the work's and the ISWC beside it is another's."""

WEIGHTS = {"declared": 400, "title": 300, "writers": 200, "performers": 100}

# fmt: off
RULES = (
    Rule("declared work, but another title and no writer in common", "unsure", 500, 600,
         (same("declared"), TITLE_CLASH, unless_at_least("writers", 300)), "identifier_clash"),
    Rule("declared work", "positive", 950, 1000, (same("declared"),)),
    Rule("declared by number, another ISWC", "unsure", 500, 600,
         (at_least("declared", HALF_DECLARED),), "identifier_clash"),
    Rule("another work is declared, all else the same", "unsure", 500, 600,
         (differs("declared"), SAME_TITLE, at_least("writers", 950)), "identifier_differs"),
    Rule("another work is declared", "negative", 0, 300, (differs("declared"),)),
    Rule("same title and writers", "positive", 850, 950, (SAME_TITLE, at_least("writers", 800))),
    Rule("same title, performed by a writer", "positive", 800, 880,
         (at_least("title", 950), at_least("performers", 900), silent("writers"))),
    Rule("same title, some writers, performed as registered", "positive", 800, 880,
         (at_least("title", 950), at_least("writers", 300), at_least("performers", 900))),
    Rule("same title, some writers", "unsure", 600, 800, (SAME_TITLE, at_least("writers", 300))),
    Rule("same title, perhaps performed by a writer", "unsure", 500, 700,
         (SAME_TITLE, at_least("performers", 850))),
)
# fmt: on


def recording_to_work(recording: RecordingRecord, hints: Sequence[WorkHint], work: WorkRecord) -> Judgement:
    """Judge whether a recording embodies a work.

    Args:
        recording: the source recording.
        hints: what its submitter says about the works it embodies; several for a medley.
        work: the source work.

    Returns:
        A judgement whose evidence is ``declared``, ``title``, ``writers`` and ``performers``. A title
        alone never suffices.
    """
    left, right = recording_forms(recording), work_forms(work)
    declaring = [hint for hint in hints if _declared(hint, work)]
    relevant = declaring or list(hints)
    evidence = (
        ("declared", _declaration(hints, work)),
        ("title", _title(left, relevant, right, medley=len(hints) > 1)),
        ("writers", _writers(relevant, right)),
        ("performers", _performers(left, right)),
    )
    return decide(evidence, WEIGHTS, RULES)


def _declared(hint: WorkHint, work: WorkRecord) -> bool:
    """Whether a hint names this work by a code."""
    return hint.iswc in work.iswcs or hint.ref in work.refs


def _contradicted(hint: WorkHint, work: WorkRecord) -> bool:
    """Whether a hint names a code of a kind that the work has, with another value."""
    societies = {ref.partition(":")[0] for ref in work.refs}
    other_ref = bool(hint.ref) and hint.ref.partition(":")[0] in societies and hint.ref not in work.refs
    return other_ref or bool(hint.iswc and work.iswcs and hint.iswc not in work.iswcs)


def _declaration(hints: Sequence[WorkHint], work: WorkRecord) -> FeatureResult:
    """Whether the recording's submitter names this work by ISWC or society number."""
    shown = (
        " ".join(code for hint in hints for code in (hint.iswc, hint.ref) if code),
        " ".join((*work.iswcs, *work.refs)),
    )
    for hint in hints:
        if hint.iswc and hint.iswc in work.iswcs:
            return FeatureResult(1000, f"declared by ISWC {hint.iswc}", *shown)
    for hint in hints:
        if hint.ref and hint.ref in work.refs:
            if hint.iswc and work.iswcs:
                return FeatureResult(HALF_DECLARED, f"declared by {hint.ref}, but with another ISWC", *shown)
            return FeatureResult(1000, f"declared by number {hint.ref}", *shown)
    if hints and all(_contradicted(hint, work) for hint in hints):
        return FeatureResult(0, "other works are declared", *shown)
    return FeatureResult(None, "no comparable work is declared", *shown)


def _title(
    recording: RecordingForms, hints: Sequence[WorkHint], work: WorkForms, *, medley: bool
) -> FeatureResult:
    """The work's titles against what the hint calls it and, but for a medley, the recording's own titles."""
    named = tuple(title_forms(hint.title) for hint in hints if hint.title)
    return best_title(named if medley else (*recording.titles, *named), work.titles)


def _writers(hints: Sequence[WorkHint], work: WorkForms) -> FeatureResult:
    """The writers that the hints name against the writers of the work."""
    named: dict[str, PartyForm] = {}
    for hint in hints:
        for writer in hint.writers:
            if writer.role not in PUBLISHER_ROLES:
                form = party_form(writer)
                if form.key or form.ipi_name or form.ipi_base:
                    named[f"{form.key}|{form.ipi_base or form.ipi_name}"] = form
    parties = tuple(named[key] for key in sorted(named))
    return party_overlap(parties, work.writers, ("; ".join(party.name for party in parties), work.names))


def _performers(recording: RecordingForms, work: WorkForms) -> FeatureResult:
    """Performers who write the work or whom its registration names; a name of one word says little."""
    told = (*work.writers, *work.performers)
    shown = (recording.names, "; ".join(party.name for party in told))
    performers = tuple(party for party in recording.artists if " " in party.key)
    if not performers and recording.artists and told:
        found = best_artist(recording.artists, told, shown)
        limited = min(found.score or 0, ONE_WORD_NAME)
        return FeatureResult(limited, found.detail, found.left, found.right)
    return best_artist(performers, told, shown)
