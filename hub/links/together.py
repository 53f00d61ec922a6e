"""All recordings looked at together: what linking them one by one has missed is put before people.

Linking what comes in compares it with what shares a key, by a table that stands. A look at everything knows
more: how pairs of this very catalogue are made up, which words are rare in it, what sources write into one
column. It is taken in memory and kept chunk by chunk, each one transaction; a killed look is repeated and
changes only what was not kept yet.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, select

from hub.context import Hub
from hub.db.counters import horizon
from hub.db.engine import reading, writing
from hub.db.tables import CLUSTER_MEMBER, DECLARATION, JUDGEMENT, SUBJECT
from hub.db.times import OPEN
from hub.errors import UsageError
from hub.jobs.queue import enqueue
from hub.links.clustering import AUTHOR
from hub.links.learned_tables import standing_models
from hub.links.linking import Stored, link_pending
from hub.links.payload import recording_from
from hub.links.prepared import seen
from hub.links.records import recording_record
from hub.links.seen_together import KIND, MAYBE_ONE, ONE, is_from_a_look
from hub.links.together_kept import Looked, Tell, keep
from hub.registers import OPERATOR
from matching.compare import FeatureResult
from matching.content import Weighed
from matching.forms import RecordingForms
from matching.missing_links import Groups, Pair, missing_links
from matching.model import Judgement, Model, judge
from matching.packing import Packing, infer, packed_sources, unpack_all
from matching.recording_batch import LinkedBatch, link_recordings
from matching.recordings import SURE
from matching.records import RecordingRecord

JOB_KIND = "together"
IDENTITIES = ("isrc", "reference", "version")
"""Where two recordings differ in one of these, no likeness makes them one."""


def look(hub: Hub, *, link: bool = False, distinct: bool = False, tell: Tell = lambda _: None) -> Looked:
    """Look at all recordings that are declared at present, and keep what linking one by one has missed.

    Args:
        hub: the hub; what is pending is linked first.
        link: join pairs of 95 % and more, as linking does. Otherwise people are asked about these too.
        distinct: every submitter has declared that it holds each recording once.
        tell: is told how far it has come.
    """
    link_pending(hub)
    with reading(hub.engine) as connection:
        present = _present(connection)
    tell(f"{len(present.declared)} recordings read")
    packings = infer(present.declared)
    batch = link_recordings(present.declared, packings=packings, distinct_sources=distinct)
    likely = _likely(batch)
    done = Looked(len(present.declared), len(batch.left), len(likely), packed=_told(packings))
    tell(f"{done.compared} pairs compared, {done.likely} of them likely")
    judged: dict[Pair, Judgement] = {}

    def contradicted(pair: Pair) -> bool:
        sides = [present.declared[int(side[likely[pair]])] for side in (batch.left, batch.right)]
        left, right = unpack_all(sides, packings)
        judged[pair] = found = judge(left, right, present.model)
        return found.verdict == "negative" or _differ(found)

    sure = {pair for pair in likely if link and batch.score(likely[pair]) >= SURE}
    chosen, done.contradicted = _chosen(present, likely, sure, contradicted)
    # What was linked stays linked as long as it is sure, whatever is asked for now.
    linked = {pair for pair, row in present.together.items() if row.verdict == "positive"}
    wanted: dict[Pair, Stored | None] = dict.fromkeys(present.together)
    for pair in chosen:
        joins = link or pair in linked
        wanted[pair] = _stored(batch.weighed(likely[pair]), judged[pair], link=joins)
    keep(hub, wanted, done, seen_at=present.at, tell=tell)
    return done


def give_back(hub: Hub, author: str, reason: str) -> Looked:
    """End all that was found by looking at recordings together; answers given before stay what they were.

    Raises:
        UsageError: no reason.
    """
    _reasoned(reason)
    with reading(hub.engine) as connection:
        together, _ = _judged(connection)
    done = Looked()
    keep(hub, dict.fromkeys(together), done, author=author, reason=reason)
    return done


def ask(
    hub: Hub, author: str, *, link: bool = False, distinct: bool = False, back: bool = False, reason: str = ""
) -> str:
    """Queue a job that looks at all recordings, or takes back what was found; returns its id.

    Raises:
        UsageError: to take back needs a reason, and goes with no other term.
    """
    if back:
        _reasoned(reason)
        if link or distinct:
            raise UsageError("taking back what was found goes with neither link nor distinct")
    payload = {"link": link, "distinct": distinct, "back": back, "reason": reason, "author": author}
    with writing(hub.engine) as connection:
        return enqueue(connection, JOB_KIND, OPERATOR, JOB_KIND, payload)


def _reasoned(reason: str) -> None:
    if not reason.strip():
        raise UsageError("taking back what was found needs a reason: it is kept in the log")


@dataclass(frozen=True, slots=True)
class _Present:
    """What is declared and judged about recordings at the instant ``at``.

    ``together`` are the judgements that an earlier look made, ``others`` all others.
    """

    at: int
    declared: Sequence[RecordingRecord]
    clusters: Mapping[int, int]
    together: Mapping[Pair, Any]
    others: Mapping[Pair, Any]
    model: Model[RecordingRecord, RecordingForms]


def _present(connection: Connection) -> _Present:
    clusters = (
        select(CLUSTER_MEMBER.c.subject_id, CLUSTER_MEMBER.c.cluster_id)
        .join(SUBJECT, SUBJECT.c.id == CLUSTER_MEMBER.c.subject_id)
        .where(SUBJECT.c.kind == KIND, CLUSTER_MEMBER.c.known_to == OPEN)
    )
    return _Present(
        horizon(connection),
        list(_records(connection)),
        {row.subject_id: row.cluster_id for row in connection.execute(clusters)},
        *_judged(connection),
        standing_models(connection).recordings,
    )


def _chosen(
    present: _Present, likely: Collection[Pair], sure: Collection[Pair], contradicted: Callable[[Pair], bool]
) -> tuple[list[Pair], int]:
    """The pairs that are kept or found now, and how many join nothing because they are contradicted.

    Args:
        present: what is known.
        likely: the pairs that a look found, the likeliest first.
        sure: those of them that are linked without anybody being asked.
        contradicted: whether the two state different identities.
    """
    groups = Groups(present.clusters)
    for pair, row in present.others.items():
        if row.verdict == "negative" or (row.verdict == "unsure" and row.conflict):
            groups.keep_apart(*pair)
    # A question that something else has answered since is none any more.
    kept = [
        pair
        for pair, row in present.together.items()
        if pair in likely and (row.verdict == "positive" or groups.may_join(*pair)) and not contradicted(pair)
    ]
    open_ = [pair for pair in likely if pair not in present.others]
    linked, refused = missing_links(groups, [pair for pair in open_ if pair in sure], contradicted)
    # What waits for an answer counts as answered, so that nobody is asked the same twice.
    waiting = [pair for pair, row in present.others.items() if row.verdict == "unsure" and not row.conflict]
    for pair in (*kept, *waiting):
        groups.join(*pair)
    asked, more = missing_links(groups, open_, contradicted)
    return [*kept, *linked, *asked], refused + more


def _records(connection: Connection) -> Iterator[RecordingRecord]:
    query = (
        select(DECLARATION.c.subject_id, DECLARATION.c.payload, SUBJECT.c.submitter)
        .join(SUBJECT, SUBJECT.c.id == DECLARATION.c.subject_id)
        .where(DECLARATION.c.kind == KIND, DECLARATION.c.known_to == OPEN, DECLARATION.c.known_from < OPEN)
        .order_by(DECLARATION.c.subject_id)
    )
    for number, payload, submitter in connection.execute(query):
        content = seen(KIND, orjson.loads(payload))
        yield recording_record(number, submitter, recording_from(content))


def _judged(connection: Connection) -> tuple[dict[Pair, Any], dict[Pair, Any]]:
    """What a look judged about pairs of recordings, and what others did; people outrank the matcher."""
    # Without the evidence, which is most of what is stored.
    columns = ("left_id", "right_id", "verdict", "conflict", "author", "reason")
    query = select(*(JUDGEMENT.c[name] for name in columns)).where(
        JUDGEMENT.c.kind == KIND, JUDGEMENT.c.known_to == OPEN
    )
    together: dict[Pair, Any] = {}
    others: dict[Pair, Any] = {}
    for row in connection.execute(query.order_by(JUDGEMENT.c.id)):
        pair = (row.left_id, row.right_id)
        if is_from_a_look(row):
            together[pair] = row
        elif pair not in others or row.author != AUTHOR:
            others[pair] = row
    return together, others


def _likely(batch: LinkedBatch) -> dict[Pair, int]:
    """The place of each likely pair of one cluster, by the ids of its sides, the likeliest first."""
    ids, places = batch.columns.ids, batch.likely()
    left, right = ids[batch.left[places]].tolist(), ids[batch.right[places]].tolist()
    return dict(zip(zip(left, right, strict=True), places.tolist(), strict=True))


def _differ(judged: Judgement) -> bool:
    """Whether the two state different identities, and no rule asks a person about that."""
    evidence = dict(judged.evidence)
    differ = any(name in evidence and evidence[name].score == 0 for name in IDENTITIES)
    return differ and judged.verdict != "unsure"


def _stored(weighed: Weighed, judged: Judgement, *, link: bool) -> Stored:
    """What is kept of a pair: the probability, and what each field adds to it."""
    sure = weighed.score >= SURE
    verdict = "positive" if link and sure and judged.verdict != "unsure" else "unsure"
    return verdict, weighed.score, _evidence(weighed, judged), judged.conflict, ONE if sure else MAYBE_ONE


def _evidence(weighed: Weighed, judged: Judgement) -> str:
    """The fields as the two have them by themselves, and what each adds to the odds among all recordings."""
    seen_there = dict(judged.evidence)
    told = []
    for name, weight in weighed.parts:
        found = seen_there.get(name, FeatureResult(None))
        shown = {"score": found.score, "detail": found.detail, "left": found.left, "right": found.right}
        told.append({"feature": name, **shown, "weight": weight})
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _told(packings: Mapping[str, Packing]) -> dict[str, dict[str, Any]]:
    """What submitters were found to write into one column, those that do."""
    return {source: asdict(packing) for source, packing in sorted(packed_sources(packings).items())}
