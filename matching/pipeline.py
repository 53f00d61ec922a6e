"""The matcher over batches: who meets whom, and what is judged about them.

Pure functions: records and key tables come in, judgements go out. Any engine can run them on its own
batches, because a pair's judgement depends on nothing but the two records.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from matching.blocking import is_useful, work_keys
from matching.model import Judgement, Model, judge_forms
from matching.records import WorkRecord
from matching.works import WORKS


class _Identified(Protocol):
    @property
    def id(self) -> int: ...


Record = TypeVar("Record", bound=_Identified)
Forms = TypeVar("Forms")
Judged = tuple[int, int, Judgement]
Blocks = Mapping[str, Sequence[int]]


def index(records: Iterable[Record], keys: Callable[[Record], tuple[str, ...]]) -> dict[str, list[int]]:
    """The ids by blocking key, in the order of the records."""
    found: dict[str, list[int]] = defaultdict(list)
    for record in records:
        for key in keys(record):
            found[key].append(record.id)
    return dict(found)


def candidates(
    new: Sequence[Record], keys: Callable[[Record], tuple[str, ...]], blocks: Blocks
) -> Iterator[tuple[int, int]]:
    """Every pair with a new record that shares a useful key: each once, the smaller id first.

    ``blocks`` maps keys to ids of known records and may or may not hold the new ones.
    """
    own = index(new, keys)
    own_keys: dict[int, list[str]] = defaultdict(list)
    for key, members in own.items():
        for member in members:
            own_keys[member].append(key)
    useful: dict[str, set[int]] = {}
    for key, members in own.items():
        met = {*members, *blocks.get(key, ())}
        if len(met) > 1 and is_useful(key, len(met)):
            useful[key] = met
    done: set[int] = set()
    for record in new:
        if record.id in done:
            continue
        done.add(record.id)
        others: set[int] = set()
        for key in own_keys[record.id]:
            others |= useful.get(key, set())
        for other in sorted(others - done):
            yield min(record.id, other), max(record.id, other)


def judge_pairs(
    pairs: Iterable[tuple[int, int]], records: Mapping[int, Record], model: Model[Record, Forms]
) -> Iterator[Judged]:
    """Judge pairs of ids; each record is prepared once, pairs with an unknown id are passed over."""
    prepared: dict[int, Forms] = {}
    for left, right in pairs:
        if left not in records or right not in records:
            continue
        for number in (left, right):
            if number not in prepared:
                prepared[number] = model.prepare(records[number])
        yield left, right, judge_forms(prepared[left], prepared[right], model)


def compare_new_works(
    new: Sequence[WorkRecord], known: Mapping[int, WorkRecord], blocks: Blocks
) -> Iterator[Judged]:
    """Judge new works against all they can meet, new ones among each other included.

    Args:
        new: the works that changed.
        known: works by id that ``blocks`` may name; ids of other kinds are passed over.
        blocks: ids by blocking key.

    Yields:
        Smaller id, greater id, judgement; each pair once, verdict ``none`` included.
    """
    everything = {**known, **{record.id: record for record in new}}
    return judge_pairs(candidates(new, work_keys, blocks), everything, WORKS)
