"""The walk from a party to the last holder of its mandate, hop by hop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hub.answers.mandates import Mandate, MandateBook, Matter, settled, strongest
from schemas.rights import category

Chain = tuple[Mandate, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A weaker claim to a mandate, and why it does not count."""

    mandate: Mandate
    reason: str


@dataclass(frozen=True, slots=True)
class Ending:
    """Where one path of the walk ends: its last holder and the chain that leads there."""

    holder: str
    chain: Chain


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of the walk.

    ``payable`` has one ending; ``disputed`` two or more candidates; ``unrepresented`` none.
    """

    status: str
    endings: tuple[Ending, ...] = ()
    chain: Chain = ()
    reasons: tuple[str, ...] = ()
    rejected: tuple[Rejected, ...] = ()


def walk(book: MandateBook, keys: frozenset[str], asserted: Sequence[Mandate], matter: Matter) -> Outcome:
    """Find who holds the mandate of the party with these identifiers.

    ``asserted`` are the societies that registrations name for the party, as mandates of basis
    ``assertion``; they count only if the register has no mandate of the party for the right at all.
    A statute counts only for a party without any other mandate, so it never revives what was withdrawn.
    """
    granted = [item for item in book.of_party(keys) if _concerns(item, matter)]
    rejected: list[Rejected] = []
    if granted:
        options = [item for item in granted if item.in_force(matter)]
        rejected += [Rejected(item, "registered_mandate_exists") for item in _others(asserted, options)]
    elif asserted:
        options = list(asserted)
    else:
        options = [item for item in book.by_statute() if item.in_force(matter)]
    best, weaker = strongest(options)
    best, back = settled(best, matter.on)
    rejected += [Rejected(item, "conflict_settled") for item in _others(back, best)]
    rejected += [Rejected(item, _why_weaker(best[0], item)) for item in _others(weaker, [*best, *back])]
    if not best:
        reason = _why_none(granted, matter) if granted else "no_mandate"
        return Outcome("unrepresented", reasons=(reason,), rejected=tuple(rejected))
    return _follow(book, best, (), matter, tuple(rejected))


def _follow(
    book: MandateBook, best: Sequence[Mandate], chain: Chain, matter: Matter, rejected: tuple[Rejected, ...]
) -> Outcome:
    """Go on from the strongest mandates of one grantor."""
    by_holder: dict[str, Mandate] = {}
    for mandate in best:
        by_holder.setdefault(mandate.holder, mandate)
    outcomes = [_beyond(book, (*chain, mandate), matter) for mandate in by_holder.values()]
    if len(outcomes) == 1:
        only = outcomes[0]
        return Outcome(only.status, only.endings, only.chain, only.reasons, (*rejected, *only.rejected))
    endings = tuple(ending for outcome in outcomes for ending in outcome.endings)
    reasons = dict.fromkeys(("mandate_overlap", *(reason for item in outcomes for reason in item.reasons)))
    further = tuple(item for outcome in outcomes for item in outcome.rejected)
    return Outcome("disputed", endings, chain, tuple(reasons), (*rejected, *further))


def _beyond(book: MandateBook, chain: Chain, matter: Matter) -> Outcome:
    """What the last holder of the chain has itself handed on."""
    holder = chain[-1].holder
    options = [item for item in book.of_society(holder) if item.in_force(matter)]
    best, weaker = strongest(options)
    best, back = settled(best, matter.on)
    if not best or any(item.holder == holder for item in best):
        return Outcome("payable", (Ending(holder, chain),), chain)
    seen = [step.holder for step in chain]
    cycle = next((item for item in best if item.holder in seen), None)
    if cycle is not None:
        round_trip = seen[seen.index(cycle.holder) :]
        endings = tuple(Ending(member, chain) for member in round_trip)
        return Outcome("disputed", endings, chain, ("mandate_cycle",))
    rejected = [Rejected(item, "conflict_settled") for item in _others(back, best)]
    rejected += [Rejected(item, _why_weaker(best[0], item)) for item in _others(weaker, [*best, *back])]
    return _follow(book, best, chain, matter, tuple(rejected))


def _concerns(mandate: Mandate, matter: Matter) -> bool:
    """Whether a mandate is for the right in question in any use, whatever its period or territory."""
    return any(_names_right(term, matter.right) for term in mandate.rights) if mandate.rights else True


def _names_right(term: str, right: str) -> bool:
    return term == "*" or (not term.startswith("-") and category(term) == right)


def _others(mandates: Sequence[Mandate], winners: Sequence[Mandate]) -> list[Mandate]:
    """Mandates of holders that are not among the winners: agreeing claims need no rejection."""
    holders = {item.holder for item in winners}
    return [item for item in mandates if item.holder not in holders]


def _why_weaker(winner: Mandate, loser: Mandate) -> str:
    return "weaker_basis" if loser.rank[0] > winner.rank[0] else "less_specific"


def _why_none(granted: Sequence[Mandate], matter: Matter) -> str:
    """Why a party that has mandates for the right has none for this question."""
    if any(notice.takes(matter) for item in granted for notice in item.notices):
        return "mandate_withdrawn"
    if all(item.valid_to <= matter.on for item in granted):
        return "mandate_expired"
    if all(item.valid_from > matter.on for item in granted):
        return "mandate_not_yet_valid"
    return "mandate_does_not_cover"
