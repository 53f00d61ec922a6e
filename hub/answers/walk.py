"""The walk from a party to the last holder of its mandate, hop by hop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hub.answers.mandates import Mandate, MandateBook, Matter, settled, strongest
from schemas import rights

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
    granted = [item for item in book.of_party(keys, matter.right) if _concerns(item, matter)]
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
        reason = _why_none(granted, matter) if granted else _why_no_presumption(book, matter)
        return Outcome("unrepresented", reasons=(reason,), rejected=tuple(rejected))
    return _follow(book, best, (), matter, tuple(rejected))


def _follow(
    book: MandateBook, best: Sequence[Mandate], chain: Chain, matter: Matter, rejected: tuple[Rejected, ...]
) -> Outcome:
    """Go on from the strongest mandates of one grantor."""
    by_holder: dict[str, Mandate] = {}
    for mandate in best:
        by_holder.setdefault(mandate.holder, mandate)
    outcomes = [_branch(book, chain, mandate, matter) for mandate in by_holder.values()]
    if len(outcomes) == 1:
        only = outcomes[0]
        return Outcome(only.status, only.endings, only.chain, only.reasons, (*rejected, *only.rejected))
    endings = tuple(ending for outcome in outcomes for ending in outcome.endings)
    reasons = dict.fromkeys(("mandate_overlap", *(reason for item in outcomes for reason in item.reasons)))
    further = tuple(item for outcome in outcomes for item in outcome.rejected)
    return Outcome("disputed", endings, chain, tuple(reasons), (*rejected, *further))


def _branch(book: MandateBook, chain: Chain, mandate: Mandate, matter: Matter) -> Outcome:
    """Where one of the strongest mandates of the last holder leads."""
    seen = [step.holder for step in chain]
    if mandate.holder not in seen:
        return _beyond(book, (*chain, mandate), matter)
    if mandate.holder == seen[-1]:
        # Who entrusts itself keeps the right: it is its own holder.
        longer = (*chain, mandate)
        return Outcome("payable", (Ending(mandate.holder, longer),), longer)
    round_trip = seen[seen.index(mandate.holder) :]
    endings = tuple(Ending(member, chain) for member in round_trip)
    return Outcome("disputed", endings, chain, ("mandate_cycle",))


def _beyond(book: MandateBook, chain: Chain, matter: Matter) -> Outcome:
    """What the last holder of the chain has itself handed on."""
    holder = chain[-1].holder
    options = [item for item in book.of_society(holder) if item.in_force(matter)]
    best, weaker = strongest(options)
    best, back = settled(best, matter.on)
    if not best:
        return Outcome("payable", (Ending(holder, chain),), chain)
    rejected = [Rejected(item, "conflict_settled") for item in _others(back, best)]
    rejected += [Rejected(item, _why_weaker(best[0], item)) for item in _others(weaker, [*best, *back])]
    return _follow(book, best, chain, matter, tuple(rejected))


def _concerns(mandate: Mandate, matter: Matter) -> bool:
    """Whether a mandate is for the right in question in any use, whatever its period or territory."""
    return rights.covers_in_any_use(mandate.rights, matter.right)


def _others(mandates: Sequence[Mandate], winners: Sequence[Mandate]) -> list[Mandate]:
    """Mandates of holders that are not among the winners: agreeing claims need no rejection."""
    holders = {item.holder for item in winners}
    return [item for item in mandates if item.holder not in holders]


def _why_weaker(winner: Mandate, loser: Mandate) -> str:
    return "weaker_basis" if loser.rank[0] > winner.rank[0] else "less_specific"


def _why_none(granted: Sequence[Mandate], matter: Matter) -> str:
    """Why a party that has mandates for the right has none for this question: the nearest miss."""
    fitting = [item for item in granted if item.covers(matter)]
    if any(item.withdrawn_for(matter) for item in fitting):
        return "mandate_withdrawn"
    if any(item.valid_to <= matter.on for item in fitting):
        return "mandate_expired"
    return "mandate_not_yet_valid" if fitting else "mandate_does_not_cover"


def _why_no_presumption(book: MandateBook, matter: Matter) -> str:
    """Why a party without mandates is not presumed to have one: opting out of a statute is a withdrawal."""
    fitting = [item for item in book.by_statute() if item.covers(matter)]
    return "mandate_withdrawn" if any(item.withdrawn_for(matter) for item in fitting) else "no_mandate"
