"""A slow and obvious resolver, written from section 5 of the design alone, to compare the hub's with.

It knows plain facts only: which countries a territory has on a day, and the tables of rights and uses. It
reads a question's answer off the list of all facts, every time from the beginning, with no regard for
speed. Where the design leaves something open, the comment names the decision record that closes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from oracle_scopes import RIGHTS, USES, current, for_right, in_territory, terms
from oracle_walk import Ending, Matter, branches, first_hop, hindrance, one_society
from world_facts import UNIT, WHOLE, Question, Recording, Registration, Row, World

from matching.normalize.names import name_key

TOLERANCE = UNIT * 6 // 100
NO_SOCIETY = {"", "000", "099"}


@dataclass(frozen=True)
class Line:
    """A line of an answer; ``rejected`` are (holder, reason) pairs of claims that were passed over."""

    party: str
    share: int
    status: str
    payee: str = ""
    chain: tuple[str, ...] = ()
    candidates: frozenset[Ending] = frozenset()
    reasons: frozenset[str] = frozenset()
    rejected: frozenset[tuple[str, str]] = frozenset()


# 1. Subject: what is known in the chapter, and which source subjects are one.


def judged(world: World, known: int, one: tuple[str, str], other: tuple[str, str]) -> str:
    verdict = ""
    for item in world.judgements:
        if item.known <= known and {item.left, item.right} == {one, other}:
            verdict = item.verdict
    return verdict


def cluster(world: World, start: Registration, known: int) -> list[Registration]:
    """Registrations that are the same work: one ISWC and title, or a person's word; never against it."""
    everything = current(world.registrations, known)
    found = [start]
    for member in found:
        for other in everything:
            if other in found:
                continue
            verdict = judged(world, known, (member.submitter, member.ref), (other.submitter, other.ref))
            alike = member.iswc != "" and (member.iswc, member.title) == (other.iswc, other.title)
            if verdict == "same" or (alike and verdict != "different"):
                found.append(other)
    return [item for item in everything if item in found]


# 2. Claims: what each source says of the right in the territory, by party.


def party_of(row: Row, rows: Sequence[Row]) -> str:
    """By identifier; a mention without one is the party of the same name in this subject."""
    for candidate in (row, *(other for other in rows if other.name == row.name)):
        if candidate.ipi:
            return ("base:" if candidate.ipi.startswith("I") else "ipi:") + candidate.ipi
    return "name:" + row.name


def folded(party: str) -> str:
    """A name is compared as the catalogue folds it, whatever the order of its words."""
    return "name:" + name_key(party.removeprefix("name:")) if party.startswith("name:") else party


def stated(rows: Sequence[Row], all_rows: Sequence[Row], question: Question) -> dict[str, int]:
    """A statement limited to other territories or uses says nothing here (decision 0012).

    What is said of a part of a right stands in place of what is said of all of it.
    """
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        for right, share in row.shares:
            if speaks(row, right, question):
                sums = found.setdefault(party_of(row, all_rows), {})
                sums[right] = sums.get(right, 0) + share
    return {party: sums[min(sums, key=finest)] for party, sums in found.items()}


def speaks(row: Row, right: str, question: Question) -> bool:
    here = in_territory(row.territories, question.territory, question.on)
    return here and for_right(right, question.right, question.use)


def finest(right: str) -> tuple[int, str]:
    return len(terms(RIGHTS[right]["uses"])) or len(USES), right


# 3. Agreement between sources: least-agreed/1.


def is_whole(shares: dict[str, int]) -> bool:
    return abs(sum(shares.values()) - WHOLE) <= TOLERANCE


def share_lines(
    sources: list[dict[str, int]], told: bool
) -> tuple[dict[str, int], int, int, set[str], list[Line]]:
    """Undisputed shares, those that took a rounding rest, and the lines of what is left."""
    rounded: set[str] = set()
    for shares in sources:
        if is_whole(shares) and sum(shares.values()) != WHOLE:
            # The largest; among equals the first by its identifier or folded name (decision 0012).
            largest = sorted(shares, key=lambda party: (-shares[party], folded(party)))[0]
            shares[largest] += WHOLE - sum(shares.values())
            rounded.add(largest)
    low: dict[str, int] = {}
    high: dict[str, int] = {}
    for party in {party for shares in sources for party in shares}:
        said = [shares.get(party, 0) for shares in sources if party in shares or is_whole(shares)]
        low[party], high[party] = min(said), min(max(said), WHOLE)
    total = sum(low.values())
    undisputed = {
        party: share if total <= WHOLE else max(0, share - (total - WHOLE)) for party, share in low.items()
    }
    rest = WHOLE - sum(undisputed.values())
    contested = min(rest, sum(high.values()) - sum(undisputed.values()))
    lines = []
    if contested:
        reason = "overclaim" if total > WHOLE else "sources_disagree"
        lines.append(Line("", contested, "contested", reasons=frozenset({reason})))
    if rest - contested:
        reason = "shares_missing" if told else "no_claims"
        lines.append(Line("", rest - contested, "unclaimed", reasons=frozenset({reason})))
    return undisputed, contested, rest - contested, rounded, lines


# 5. The answer.


def party_line(world: World, party: str, share: int, rows: Sequence[Row], matter: Matter) -> Line:
    question = matter.question
    mine = [row for row in rows if party_of(row, rows) == party]
    named = {
        row.society
        for row in mine
        if row.society not in NO_SOCIETY and any(speaks(row, right, question) for right, _ in row.shares)
    }
    winners, weaker, why = first_hop(world, {row.ipi for row in mine if row.ipi}, named, matter)
    if not winners:
        return Line(party, share, "unrepresented", reasons=frozenset({why}), rejected=frozenset(weaker))
    found = branches(world, (), winners, weaker, matter)
    numbers = {row.ipi for row in mine if row.ipi}
    if found.status == "disputed":
        against, _ = one_society(world, "", numbers, matter)
        return Line(
            party, share, "disputed",
            candidates=frozenset(found.paths), reasons=found.reasons | against, rejected=found.rejected,
        )  # fmt: skip
    path = found.paths[0]
    held = hindrance(world, path.holder, question)
    against, waits = one_society(world, path.holder, numbers, matter)
    return Line(
        party, share, "held" if held or waits else "payable", path.holder, path.chain,
        reasons=frozenset({held} - {""}) | against, rejected=found.rejected,
    )  # fmt: skip


def subject_lines(
    world: World, declared: Sequence[Registration | Recording], codes: frozenset[str], question: Question
) -> list[Line]:
    rows = [row for item in declared for row in item.rows]
    sources = [stated(item.rows, rows, question) for item in declared]
    told = any(RIGHTS[right]["category"] == question.right for row in rows for right, _ in row.shares)
    undisputed, _, _, rounded, rest = share_lines(sources, told)
    lines = []
    names = {party_of(row, rows): (row.name, row.role) for row in reversed(rows)}
    for party, share in sorted(undisputed.items(), key=lambda item: (-item[1], names[item[0]], item[0])):
        if share:
            line = party_line(world, party, share, rows, Matter(question, codes))
            extra = {"rounding_rest"} if party in rounded else set()
            lines.append(replace(line, reasons=line.reasons | extra))
    return lines + rest


def codes_of(works: Sequence[Registration], more: set[str]) -> frozenset[str]:
    return frozenset({f"iswc:{item.iswc}" for item in works if item.iswc} | more)


def scaled(lines: list[Line], weight: int) -> list[Line]:
    """Largest remainder: whole parts first, then one unit more for the largest fractions, earlier first."""
    parts = [line.share * weight // WHOLE for line in lines]
    order = sorted(range(len(lines)), key=lambda index: (-(lines[index].share * weight % WHOLE), index))
    for index in order[: weight - sum(parts)]:
        parts[index] += 1
    return [replace(line, share=part) for line, part in zip(lines, parts, strict=True)]


def works_of(
    world: World, recording: Recording, known: int
) -> tuple[list[tuple[list[Registration], int]], str]:
    """The linked works with their weights, and the reason for what has none or for who linked them."""
    everything = current(world.registrations, known)
    named = [
        cluster(world, item, known)
        for item in everything
        if judged(world, known, (recording.submitter, recording.ref), (item.submitter, item.ref)) == "same"
    ]
    if named:
        return [(named[0], WHOLE)], "linked_by_person"
    if not recording.works:
        return [], "no_linked_work"
    stated = sum(weight for _, weight in recording.works)
    open_ones = [index for index, (_, weight) in enumerate(recording.works) if not weight]
    weights = [weight for _, weight in recording.works]
    for turn, index in enumerate(open_ones):
        rest = WHOLE - stated
        weights[index] = rest // len(open_ones) + (1 if turn < rest % len(open_ones) else 0)
    found = []
    for (iswc, _), weight in zip(recording.works, weights, strict=True):
        matching = [item for item in everything if item.iswc == iswc]
        if matching and cluster(world, matching[0], known) and same_work(world, matching, known):
            found.append((cluster(world, matching[0], known), weight))
    return found, "work_not_in_catalogue"


def same_work(world: World, works: list[Registration], known: int) -> bool:
    return all(item in cluster(world, works[0], known) for item in works)


def answer(world: World, question: Question) -> list[Line] | None:
    """The lines; None where the subject is not known, or stands for several works."""
    known = question.known
    recordings = [
        item
        for item in current(world.recordings, known)
        if question.scheme == "isrc" and item.isrc == question.value
    ]
    if recordings:
        recording = recordings[0]
        code = f"isrc:{recording.isrc}"
        if question.right in ("PROD", "PERF"):
            return subject_lines(world, [recording], frozenset({code}), question)
        works, reason = works_of(world, recording, known)
        lines: list[Line] = []
        for members, weight in works:
            lines += scaled(subject_lines(world, members, codes_of(members, {code}), question), weight)
        missing = WHOLE - sum(weight for _, weight in works)
        if missing:
            lines.append(Line("", missing, "unclaimed", reasons=frozenset({reason})))
        elif reason == "linked_by_person":
            lines = [replace(line, reasons=line.reasons | {reason}) for line in lines]
        return lines
    found = [
        item
        for item in current(world.registrations, known)
        if (question.scheme == "iswc" and item.iswc == question.value)
        or (question.scheme == "society-code" and f"{item.submitter}:{item.ref}" == question.value)
    ]
    if not found or not same_work(world, found, known):
        return None
    members = cluster(world, found[0], known)
    return subject_lines(world, members, codes_of(members, set()), question)
