"""How well works are linked across societies, and recordings to works, on a catalogue made up from a seed."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from hub.bench.works_catalogue import Held, made_up
from matching.blocking import embodied_keys, is_useful, work_keys
from matching.cluster import cluster
from matching.evaluate import PairScores, compare_clusters, compare_pairs
from matching.linking import chosen, recording_to_work
from matching.model import Judgement
from matching.normalize.likeness import ALIKE
from matching.pipeline import candidates, compare_new_works, index


def measure(works: int, level: str, seed: int) -> dict[str, Any]:
    """Quality and time of both tasks at one level of difficulty."""
    held = made_up(works, level, seed)
    begun = time.perf_counter()
    linked, clusters = _works(held)
    middle = time.perf_counter()
    embodied = _recordings(held, clusters)
    return {
        "level": level,
        "seed": seed,
        "source_works": len(held.work_records),
        "recordings": len(held.recordings),
        "works": linked,
        "recording_to_work": embodied,
        "seconds": {
            "works": round(middle - begun, 2),
            "recording_to_work": round(time.perf_counter() - middle, 2),
        },
    }


def _works(held: Held) -> tuple[dict[str, Any], dict[int, int]]:
    """The quality of the links between works, and the linked works."""
    records = {record.id: record for record in held.work_records}
    judged = list(compare_new_works(held.work_records, records, {}))
    positive = [(left, right, item.score) for left, right, item in judged if item.verdict == "positive"]
    negative = [(left, right) for left, right, item in judged if item.verdict == "negative"]
    found = cluster(records, positive, negative)
    true = _true_pairs(held)
    met = set(candidates(held.work_records, work_keys, {}))
    quality = {
        "pairwise": _shown(compare_pairs([pair[:2] for pair in positive], true)),
        "clustered": _shown(compare_clusters(found, held.works)),
        "candidate_recall": round(len(true & met) / len(true), 4) if true else 1.0,
        "for_people": sum(1 for *_, item in judged if item.verdict == "unsure"),
    }
    return quality, found


def _true_pairs(held: Held) -> set[tuple[int, int]]:
    members: dict[int, list[int]] = defaultdict(list)
    for source, true in held.works.items():
        members[true].append(source)
    return {(a, b) for found in members.values() for place, a in enumerate(found) for b in found[place + 1 :]}


def _recordings(held: Held, clusters: dict[int, int]) -> dict[str, Any]:
    """Each recording with the linked works that it is found to embody, against the true ones that are held.

    The linked works are chosen as answers choose them. A recording meets a work by any of its registrations,
    so pairs are of recordings and the true works of the registrations that were chosen.
    """
    works = {record.id: record for record in held.work_records}
    blocks = index(held.work_records, work_keys)
    found: set[tuple[int, int]] = set()
    met: set[tuple[int, int]] = set()
    unsure = title_only = 0
    for recording, hints in held.recordings:
        keys = embodied_keys(recording, hints)
        near = {
            work for key in keys if is_useful(key, len(blocks.get(key, ()))) for work in blocks.get(key, ())
        }
        judged = {work: recording_to_work(recording, hints, works[work]) for work in near}
        verdicts = {work: said.verdict for work, said in judged.items()}
        positive = [
            (clusters[work], said.score) for work, said in judged.items() if said.verdict == "positive"
        ]
        taken = chosen(positive)
        title_only += _title_only(
            said for work, said in judged.items() if held.works[work] == held.embodied[recording.id]
        )
        met |= {(recording.id, held.works[work]) for work in near}
        found |= {
            (recording.id, held.works[work])
            for work, said in verdicts.items()
            if said == "positive" and clusters[work] in taken
        }
        unsure += "positive" not in verdicts.values() and "unsure" in verdicts.values()
    known = set(held.works.values())
    true = {(recording, work) for recording, work in held.embodied.items() if work in known}
    return {
        "pairwise": _shown(compare_pairs(found, true)),
        "candidate_recall": round(len(true & met) / len(true), 4) if true else 1.0,
        "title_only": round(title_only / len(true), 4) if true else 0.0,
        "for_people": unsure,
    }


def _title_only(judged: Iterable[Judgement]) -> bool:
    """Whether nothing but the title speaks for the true work, so that only a telling one can link."""
    listed = [dict(said.evidence) for said in judged]
    alike = ("declared", "writers", "performers")
    return bool(listed) and all((told[name].score or 0) < ALIKE for told in listed for name in alike)


def _shown(scores: PairScores) -> dict[str, float]:
    return {name: round(float(getattr(scores, name)), 4) for name in ("precision", "recall", "f1")}
