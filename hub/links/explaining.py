"""Why a pair is judged as it is: the rule, what each feature adds to the score, and the parties."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import Connection

from hub.context import Hub
from hub.db.engine import reading
from hub.links import pairs
from hub.links.learned_tables import standing_models
from hub.links.prepared import Recorded, Shelf
from hub.links.seen_together import standing
from matching.compare import partners
from matching.engines.judging import columns
from matching.forms import PartyForm, WorkForms
from matching.linking import named_writers
from matching.model import CONTENT, Judgement
from matching.parties import judge_parties

Scale = Literal["points", "log_odds", ""]
"""What the figures of an explanation add up to: the score, the odds that are the score, or nothing known."""


def scale_of(evidence: Sequence[dict[str, Any]]) -> Scale:
    """Whether ``points`` explain the score, or ``weight`` does, which makes the score by its sum."""
    pointed = {part["feature"] for part in evidence if "points" in part}
    if not pointed:
        # Kept by an earlier version: only what is weighed had figures then.
        return "log_odds" if any("weight" in part for part in evidence) else ""
    return "log_odds" if pointed == {CONTENT} else "points"


def parties(
    connection: Connection, kind: str, left: int, right: int, shelf: Shelf | None = None
) -> list[dict[str, Any]]:
    """The writers of both sides that are taken for one party, as both sides are stated at present.

    ``contributions`` add up to the score of the two: likeness of the names, their words, IPI numbers.
    """
    works, recordings = (shelf or Shelf()).fetch(connection, (left, right))
    mine: tuple[PartyForm, ...] = ()
    if kind == "work" and left in works:
        mine = works[left].writers
    elif kind == "embodiment" and left in recordings and right in works:
        mine = named_writers(recordings[left].hints, works[right])
    if not mine or right not in works:
        return []
    return [_explained(pair.left, pair.right) for pair in partners(mine, works[right].writers)]


def _explained(left: PartyForm, right: PartyForm) -> dict[str, Any]:
    told = judge_parties(left, right)
    return {
        "left": left.name,
        "right": right.name,
        "score": told.score,
        "contributions": {name: value for name, value in told.contributions.items() if value},
    }


def explain(hub: Hub, left: str, right: str) -> dict[str, Any]:
    """What the matcher says of two source subjects as they are stated now, whether it keeps that or not.

    Two recordings that say nothing by themselves are explained by the look at all recordings, where that
    found them.

    Raises:
        NotFound: no work or recording has this id, or one is not declared at present.
        UsageError: both are one subject.
    """
    with reading(hub.engine) as connection:
        kind, first, second = pairs.named(connection, left, right)
        shelf = Shelf()
        works, recordings = shelf.fetch(connection, (first.id, second.id))
        models = standing_models(connection)
        pairs.declared(first, second, {*works, *recordings})
        prepared: dict[int, WorkForms | Recorded] = {**works, **recordings}
        judged = models.judge(prepared[first.id], prepared[second.id])
        told = _told(judged)
        if judged.verdict == "none" and (found := standing(connection, first.id, second.id)) is not None:
            told = _kept(found)
        return {
            "kind": kind,
            "left": first.public_id,
            "right": second.public_id,
            **told,
            "parties": parties(connection, kind, first.id, second.id, shelf),
        }


def _told(judged: Judgement) -> dict[str, Any]:
    verdict, score, stored = columns(judged)
    return _figures(verdict, score, judged.rule, judged.conflict, stored)


def _kept(row: Any) -> dict[str, Any]:
    return _figures(row.verdict, row.score, row.reason, row.conflict, row.evidence)


def _figures(verdict: str, score: int, rule: str, conflict: str, stored: str) -> dict[str, Any]:
    evidence = json.loads(stored)
    return {
        "verdict": verdict, "score": score, "rule": rule, "conflict": conflict,
        "scale": scale_of(evidence), "evidence": evidence,
    }  # fmt: skip
