"""Every row, condition, weight and feature of the models' tables is found out by a pair when it is changed.

``tests/golden/matching/judged_pairs.jsonl`` has a pair a line with what the tables say of it. Each table is
then broken in every way there is (a row left out, a condition left out, a verdict or a band changed, a weight
lost, a feature silent), and some pair has to be judged otherwise. ``HUB_WRITE_GOLDEN=1`` chooses the pairs
anew out of all that the lists below can make; read the difference before you commit it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest

from matching import linking
from matching.compare import FeatureResult
from matching.content import weigh
from matching.forms import recording_forms, work_forms
from matching.model import CONTENT, Judgement, Measured, Rule, decide
from matching.recordings import FEATURES as RECORDING_FEATURES
from matching.recordings import RULES as RECORDING_RULES
from matching.recordings import measures
from matching.records import PartyMention, RecordingRecord, WorkHint, WorkRecord
from matching.works import FEATURES as WORK_FEATURES
from matching.works import RULES as WORK_RULES

GOLDEN = Path(__file__).parents[1] / "golden" / "matching" / "judged_pairs.jsonl"
KINDS = ("work", "recording", "embodiment")
Evidence = tuple[tuple[str, FeatureResult], ...]


@dataclass(frozen=True)
class Table:
    """A model's rows and weights, and which feature measures nothing (none of them, unless it is broken)."""

    rules: tuple[Rule, ...]
    weights: Mapping[str, int]
    silent: str = ""


TABLES = {
    "work": Table(WORK_RULES, {item.name: item.weight for item in WORK_FEATURES}),
    "recording": Table(
        RECORDING_RULES, {**{item.name: item.weight for item in RECORDING_FEATURES}, CONTENT: 0}
    ),
    "embodiment": Table(linking.RULES, linking.WEIGHTS),
}


@dataclass(frozen=True)
class Pair:
    """Two records, the second a work for an embodiment, with what the recording says of works."""

    kind: str
    left: Any
    right: Any
    hints: tuple[WorkHint, ...] = ()

    def judged(self, table: Table) -> Judgement:
        """What a table says of the pair."""
        return decide(_evidence(self, table.silent), table.weights, table.rules)


@cache
def _evidence(pair: Pair, silent: str) -> Evidence:
    """What is measured of a pair, one feature being silent; that of recordings with their content."""
    evidence = tuple(
        (name, FeatureResult(None) if name == silent else result) for name, result in _measured(pair)
    )
    if pair.kind != "recording":
        return evidence
    told = weigh(measures(recording_forms(pair.left), recording_forms(pair.right), dict(evidence)))
    return (*evidence, (CONTENT, FeatureResult(told.score)))


@cache
def _measured(pair: Pair) -> Evidence:
    if pair.kind == "embodiment":
        judged = linking.recording_to_work(pair.left, pair.hints, pair.right)
        return judged.evidence
    features = WORK_FEATURES if pair.kind == "work" else RECORDING_FEATURES
    prepare: Callable[[Any], Any] = work_forms if pair.kind == "work" else recording_forms
    functions: dict[str, Any] = {item.name: item.function for item in features}
    return Measured(functions, prepare(pair.left), prepare(pair.right)).evidence(list(functions))


def said(judgement: Judgement) -> dict[str, Any]:
    """What others see of a judgement."""
    return {
        "verdict": judgement.verdict, "score": judgement.score, "conflict": judgement.conflict,
        "rule": judgement.rule,
    }  # fmt: skip


def broken(table: Table) -> Iterator[tuple[str, Table]]:
    """The table with one thing broken, and what that is."""
    for place, rule in enumerate(table.rules):
        before, after = table.rules[:place], table.rules[place + 1 :]

        def exchanged(row: Rule, before: Any = before, after: Any = after) -> Table:
            return replace(table, rules=(*before, row, *after))

        yield f"{rule.name}: left out", replace(table, rules=(*before, *after))
        other = "unsure" if rule.verdict == "positive" else "positive"
        yield f"{rule.name}: another verdict", exchanged(replace(rule, verdict=other))  # type: ignore[arg-type]
        if not rule.weighed:
            lower = replace(rule, low=rule.low // 2, high=(rule.low + rule.high) // 2)
            yield f"{rule.name}: another band", exchanged(lower)
        for at, condition in enumerate(rule.when):
            when = (*rule.when[:at], *rule.when[at + 1 :])
            yield f"{rule.name}: without {condition.feature} {at}", exchanged(replace(rule, when=when))
    for name, weight in table.weights.items():
        if name != CONTENT:
            yield f"{name}: silent", replace(table, silent=name)
        if weight:
            yield f"{name}: without weight", replace(table, weights={**table.weights, name: 0})


def found_out(pair: Pair) -> set[str]:
    """What may be broken in the table of its kind without this pair being judged as it was."""
    table = TABLES[pair.kind]
    whole = said(pair.judged(table))
    found = set()
    for name, other in broken(table):
        if said(pair.judged(other)) != whole:
            found.add(name)
    return found


# What pairs are made of when they are chosen anew.

MOST_TRIED = 6_000

ABAI, ROZA, DINA, SHAMSHI = (
    PartyMention(name, role="CA")
    for name in ("Құнанбайұлы Абай", "Бағланова Роза", "Нұрпейісова Дина", "Қалдаяқов Шәмші")
)
ABAY, NAMESAKE, ONE_WORD = (
    replace(ABAI, name="Kunanbayev Abay"), replace(ABAI, ipi_name="00000000109"),
    PartyMention("Абай", role="CA"),
)  # fmt: skip
TITLES = (
    ("Қара көз", "Қара көз"), ("Жазғы кеш", "Жазғы кешш"), ("Жазғы кеш", "Жағзы кш"),
    ("Жазғы кеш", "Жазғы таң"), ("Жазғы кеш", "Қоштасу"), ("Күй 1", "Күй 2"),
    ("Жазғы түнде жалғыз жүрек", "Жазғы түнде жалғыз жүрек"),
    ("Жазғы түнде жалғыз жүрек", "Жалғыз жүрек жазғы түнде"), ("Purple lanterns", "Purple lanterns"),
    ("Lanterns over the Steppe", "Lantern over the Steppes"), ("Golden Serenade", "Golden Serinada"),
)  # fmt: skip
WRITERS = (
    ((ABAI,), ()), ((ABAI,), (ABAY,)), ((ABAI, ROZA), (ABAI, ROZA)), ((ABAI, ROZA), (ABAI, DINA)),
    ((ABAI, ROZA, SHAMSHI), (ABAI, DINA, ONE_WORD)), ((ABAI,), (ROZA,)), ((ONE_WORD,), (ABAI,)),
    ((NAMESAKE,), (replace(ABAY, ipi_name="00000000229"),)),
    ((ABAI, ROZA, SHAMSHI, DINA), (ABAI, PartyMention("Smith John"), PartyMention("Hartley Jane"),
                                   PartyMention("Northfield Oleg"))),
)  # fmt: skip
CODES = (((), ()), (("T9123456780",), ("T9123456780",)), (("T9123456780",), ("T0345246801",)))
NUMBERS = (((), ()), (("052:7",), ("052:7",)), (("052:7",), ("052:8",)))
SINGERS = (
    ((), ()),
    (("Роза Рымбаева",), ("Роза Рымбаева",)),
    (("Роза Рымбаева",), ("Құрманғазы Сағырбайұлы",)),
)


def works() -> Iterator[Pair]:
    """Pairs of works of every combination."""
    for titles, writers, codes, numbers, singers in product(TITLES, WRITERS, CODES, NUMBERS, SINGERS):
        left, right = (
            WorkRecord(
                side + 1, f"S{side}", numbers[side], codes[side], (titles[side],), writers[side],
                singers[side],
            )
            for side in (0, 1)
        )  # fmt: skip
        yield Pair("work", left, right)


ARTISTS = tuple(
    ("Jane Hartley", other)
    for other in ("Jane Hartley", "Jane Hartly", "Jan Hartwell", "Hartley Band", "Құрманғазы", "")
)
LENGTHS = ((200, 200), (200, 206), (200, 320), (200, 0))
RELEASES = (("Evenings", "Evenings", 2024, 2024), ("Evenings", "Қыс", 2024, 1990), ("Evenings", "", 2024, 0))
SONGS = (
    *TITLES[:4], TITLES[5], ("Lanterns over the Steppe", "Lanterns over the Steppe"), TITLES[-1],
    ("Lanterns over the Steppe", "Lanterns over the Steppe (Live)"), ("Қара көз", "Қоштасу (Live)"),
    ("Lanterns over the Steppe", "Lanterns over the Meadow"), ("Golden Serenade", "Golden Sunrise"),
    TITLES[4], ("Golden Serenade", "Goldene Serenata"), ("Golden Serenade", ""),
)  # fmt: skip


def recordings() -> Iterator[Pair]:
    """Pairs of recordings of every combination."""
    codes = (((), ()), (("KZA012500001",), ("KZA012500001",)), (("KZA012500001",), ("KZA012500002",)))
    for titles, artists, lengths, releases, isrcs, numbers in product(
        SONGS, ARTISTS, LENGTHS, RELEASES, codes, NUMBERS
    ):
        left, right = (
            RecordingRecord(
                side + 1, f"S{side}", numbers[side], isrcs[side], tuple(filter(None, (titles[side],))),
                artists=tuple(filter(None, (artists[side],))), duration=lengths[side],
                release=releases[side], year=releases[side + 2], label="Dala" if releases[side] else "",
            )
            for side in (0, 1)
        )  # fmt: skip
        yield Pair("recording", left, right)


def embodiments() -> Iterator[Pair]:
    """Pairs of a recording and a work of every combination."""
    named = ((), (ABAY,), (ABAI, ROZA), (DINA,), (ABAI, DINA, SHAMSHI), (ONE_WORD,))
    written = ((ABAI,), (ABAI, ROZA), (ABAI, ROZA, SHAMSHI))
    hinted = (("", ""), ("T9123456780", ""), ("", "052:7"), ("T0345246801", "052:7"), ("T0345246801", ""))
    singers = (
        ("Роза Рымбаева", "Роза Рымбаева"), ("Роза Рымбаева", "Rosa Rymbaeva"), ("Абай Құнанбайұлы", ""),
        ("А. Құнанбайұлы", ""), ("Құрманғазы Сағырбайұлы", "Роза Рымбаева"), ("Kunanbaev Abaj", ""),
    )  # fmt: skip
    for titles, hint_writers, writers, codes, sung in product(TITLES, named, written, hinted, singers):
        song = RecordingRecord(1, "911", titles=(titles[0],), artists=(sung[0],))
        work = WorkRecord(
            2, "052", ("052:7",), ("T9123456780",), (titles[1],), writers, tuple(filter(None, (sung[1],)))
        )
        hint = WorkHint(codes[0], codes[1], "", hint_writers)
        yield Pair("embodiment", song, work, (hint,) if any((*codes, hint_writers)) else ())


def chosen(pairs: Iterator[Pair]) -> list[Pair]:
    """The fewest pairs, as far as taking the best first finds them, that find out what all of them do."""
    finding: dict[Pair, set[str]] = {}
    seen: set[tuple[Any, ...]] = set()
    listed = list(pairs)
    for pair in Random(1).sample(listed, min(MOST_TRIED, len(listed))):
        shown = tuple(result.score for _, result in _measured(pair))
        if shown not in seen:
            seen.add(shown)
            finding[pair] = found_out(pair)
    taken: list[Pair] = []
    left = set().union(*finding.values())
    while left:
        best = max(finding, key=lambda pair: len(finding[pair] & left))
        taken.append(best)
        left -= finding[best]
    return taken


def written(pair: Pair) -> str:
    """A pair with its judgement as a line of the golden file."""
    told = {"kind": pair.kind, "left": _short(pair.left), "right": _short(pair.right)}
    if pair.kind == "embodiment":
        told["hints"] = [_short(hint) for hint in pair.hints]
    return json.dumps({**told, **said(pair.judged(TABLES[pair.kind]))}, ensure_ascii=False)


def _short(record: Any) -> Any:
    return {
        name: [_whole(item) for item in value] if isinstance(value, tuple) else value
        for name, value in asdict(record).items()
        if value
    }


def _whole(item: Any) -> Any:
    return {name: value for name, value in item.items() if value} if isinstance(item, dict) else item


def read(line: str) -> tuple[Pair, dict[str, Any]]:
    """A line of the golden file as a pair, and what is said of it."""
    told = json.loads(line)
    kind = told.pop("kind")
    left, right = told.pop("left"), told.pop("right")
    hints = tuple(WorkHint(**_tuples(hint)) for hint in told.pop("hints", ()))
    if kind == "work":
        return Pair(kind, WorkRecord(**_tuples(left)), WorkRecord(**_tuples(right))), told
    second = RecordingRecord if kind == "recording" else WorkRecord
    return Pair(kind, RecordingRecord(**_tuples(left)), second(**_tuples(right)), hints), told


def _tuples(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        name: tuple(PartyMention(**item) if isinstance(item, dict) else item for item in value)
        if isinstance(value, list)
        else value
        for name, value in fields.items()
    }


@pytest.fixture(scope="module")
def golden() -> Sequence[tuple[Pair, dict[str, Any]]]:
    if os.environ.get("HUB_WRITE_GOLDEN"):
        lines = [written(pair) for made in (works, recordings, embodiments) for pair in chosen(made())]
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [read(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]


def test_every_pair_is_judged_as_it_was(golden: Sequence[tuple[Pair, dict[str, Any]]]) -> None:
    for pair, expected in golden:
        assert said(pair.judged(TABLES[pair.kind])) == expected, pair


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_in_a_table_can_be_broken_unnoticed(
    kind: str, golden: Sequence[tuple[Pair, dict[str, Any]]]
) -> None:
    noticed: set[str] = set().union(*(found_out(pair) for pair, _ in golden if pair.kind == kind))
    unnoticed = [name for name, _ in broken(TABLES[kind]) if name not in noticed]
    assert unnoticed == []
