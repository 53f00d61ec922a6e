"""Which work a recording embodies: declared identifiers first, then titles with writers or performers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from matching.compare import FeatureResult, best_artist, best_title, party_overlap
from matching.forms import (
    PUBLISHER_ROLES,
    PartyForm,
    RecordingForms,
    WorkForms,
    party_form,
    recording_forms,
    work_forms,
)
from matching.model import (
    Judgement,
    Measured,
    Rule,
    at_least,
    below,
    decide,
    differs,
    first_that_holds,
    same,
    silent,
    unless_at_least,
    with_rows,
)
from matching.normalize.titles import TitleForms, title_forms
from matching.parties import ONE_WORD_NAME
from matching.records import RecordingRecord, WorkHint, WorkRecord
from matching.telling import TWO_WORDS, telling_title

TITLE_CLASH = below("title", 500)
SAME_TITLE = at_least("title", 900)
HALF_DECLARED = 500
"""The society number is the work's and the ISWC beside it is another's."""

ALONE = 750
"""Below this, a positive judgement rests on a telling title and holds only if no other work has it."""

WORD_FOR_WORD = 725
"""From here on a title that alone speaks for a work is written as the recording's, word for word."""

WEIGHTS = {"declared": 400, "title": 300, "writers": 200, "performers": 100, "telling": 0, "wording": 0}

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
    Rule("nearly the title, performed exactly as registered", "positive", 800, 840,
         (SAME_TITLE, same("performers"), silent("writers"))),
    Rule("a telling title, performed as registered", "positive", 800, 840,
         (at_least("telling", TWO_WORDS), at_least("performers", 900))),
    Rule("nearly the title, the writers, performed as registered", "positive", 800, 840,
         (at_least("title", 800), at_least("writers", 900), at_least("performers", 900))),
    Rule("same title, some writers", "unsure", 600, 800, (SAME_TITLE, at_least("writers", 300))),
    # Nobody named a writer or a work: the title has to tell it, and ``chosen`` looks whether it does.
    Rule("a telling title word for word, nothing against it", "positive", WORD_FOR_WORD, ALONE - 1,
         (at_least("telling", TWO_WORDS), same("wording"), silent("writers"))),
    Rule("a telling title, nothing against it", "positive", 700, WORD_FOR_WORD - 1,
         (at_least("telling", TWO_WORDS), silent("writers"))),
    Rule("same title, perhaps performed by a writer", "unsure", 500, 700,
         (SAME_TITLE, at_least("performers", 850))),
)
# fmt: on


@cache
def with_learned(content: str) -> tuple[Rule, ...]:
    """The rules with the learned rows of this CSV; the shipped ones for no text."""
    return with_rows(RULES, content) if content else RULES


def recording_to_work(
    recording: RecordingRecord, hints: Sequence[WorkHint], work: WorkRecord, rules: tuple[Rule, ...] = RULES
) -> Judgement:
    """Judge whether a recording embodies a work.

    Args:
        recording: the source recording.
        hints: what its submitter says about the works it embodies; several for a medley.
        work: the source work.
        rules: the table that decides, the shipped one by default.

    Returns:
        A judgement whose evidence is ``declared``, ``title``, ``writers``, ``performers``,
        ``telling`` and ``wording``.
        A title alone suffices only if it is a telling one, and then only where ``chosen`` finds no other
        work of that title.
    """
    return judge_prepared(recording_forms(recording), hints, work_forms(work), rules)


def judge_prepared(
    left: RecordingForms, hints: Sequence[WorkHint], right: WorkForms, rules: tuple[Rule, ...] = RULES
) -> Judgement:
    """The same of a recording and a work that are prepared for comparison."""
    return decide(_measured(left, hints, right).evidence(WEIGHTS), WEIGHTS, rules)


def embodies(
    left: RecordingForms, hints: Sequence[WorkHint], right: WorkForms, rules: tuple[Rule, ...] = RULES
) -> Judgement | None:
    """The judgement that ``recording_to_work`` makes, or None where its verdict is ``none``."""
    measured = _measured(left, hints, right)
    rule = first_that_holds(rules, measured)
    if rule is None or rule.verdict == "none":
        return None
    return decide(measured.evidence(WEIGHTS), WEIGHTS, rules)


def _measured(left: RecordingForms, hints: Sequence[WorkHint], right: WorkForms) -> Measured:
    """The features of a pair, each measured when it is asked for."""
    work = right.record
    relevant = _relevant(hints, work)
    titles = _titles(left, relevant, medley=len(hints) > 1)
    functions = {
        "declared": lambda *_: _declaration(hints, work),
        "title": lambda *_: best_title(titles, right.titles),
        "writers": lambda *_: _writers(relevant, right),
        "performers": lambda *_: _performers(left, right),
        "telling": lambda *_: telling_title(titles, right.titles),
        "wording": lambda *_: _wording(titles, right.titles),
    }
    return Measured(functions, left, right)


def chosen(positive: Iterable[tuple[int, int]]) -> set[int]:
    """The works that a recording embodies, out of the linked works judged positive.

    Args:
        positive: (linked work, score) of every positive judgement of the recording.

    Returns:
        Those with the highest score; where only their title speaks for them the one of the same wording, and
        none if they are several.

    >>> chosen([(1, 900), (1, 720), (2, 720)]), chosen([(1, 720), (1, 710)]), chosen([(1, 720), (2, 710)])
    ({1}, {1}, set())
    >>> chosen([(1, 740), (2, 710)])
    {1}
    """
    listed = list(positive)
    best = max((score for _, score in listed), default=0)
    if best < ALONE:
        # Of titles of the same words in another order the one that is the same counts.
        works = {work for work, score in listed if score >= WORD_FOR_WORD or best < WORD_FOR_WORD}
        return works if len(works) == 1 else set()
    return {work for work, score in listed if score == best}


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


def _titles(recording: RecordingForms, hints: Sequence[WorkHint], *, medley: bool) -> tuple[TitleForms, ...]:
    """What the hints call the work and, but for a medley, the recording's own titles."""
    named = tuple(title_forms(hint.title) for hint in hints if hint.title)
    return named if medley else (*recording.titles, *named)


def _wording(mine: Sequence[TitleForms], other: Sequence[TitleForms]) -> FeatureResult:
    """Whether a title of one is a title of the other word for word, in that order."""
    written = {title.folded: title.core for title in other}
    for title in mine:
        if title.folded in written:
            return FeatureResult(1000, "word for word", title.core, written[title.folded])
    return FeatureResult(0, "in other words or another order")


def named_writers(hints: Sequence[WorkHint], work: WorkForms) -> tuple[PartyForm, ...]:
    """The writers that a recording names for a work: those of the hints that declare it, or else of all."""
    return _named(_relevant(hints, work.record))


def _relevant(hints: Sequence[WorkHint], work: WorkRecord) -> list[WorkHint]:
    return [hint for hint in hints if _declared(hint, work)] or list(hints)


def _named(hints: Iterable[WorkHint]) -> tuple[PartyForm, ...]:
    named: dict[str, PartyForm] = {}
    for hint in hints:
        for writer in hint.writers:
            if writer.role not in PUBLISHER_ROLES:
                form = party_form(writer)
                if form.key or form.ipi_name or form.ipi_base:
                    named[f"{form.key}|{form.ipi_base or form.ipi_name}"] = form
    return tuple(named[key] for key in sorted(named))


def _writers(hints: Iterable[WorkHint], work: WorkForms) -> FeatureResult:
    """The writers that the hints name against the writers of the work."""
    parties = _named(hints)
    return party_overlap(parties, work.writers, ("; ".join(party.name for party in parties), work.names))


def _performers(recording: RecordingForms, work: WorkForms) -> FeatureResult:
    """Performers who write the work or whom its registration names; a name of one word says little."""
    told = (*work.writers, *work.performers)
    shown = (recording.names, "; ".join(party.name for party in told))
    performers = tuple(party for party in recording.artists if " " in party.key)
    if not performers and recording.artists and told:
        found = best_artist(recording.artists, told, shown, lines=False)
        limited = min(found.score or 0, ONE_WORD_NAME)
        return FeatureResult(limited, found.detail, found.left, found.right)
    # Writers and performers are no list of one line: a family name here and a given name there are nobody.
    return best_artist(performers, told, shown, lines=False)
