"""The oracle's walk along mandates, from the party to the last holder (design, section 5, point 4)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from oracle_scopes import USES, current, for_right, for_use, in_territory
from world_facts import Mandate, Question, World

STRENGTH = ["declaration", "agreement", "assertion", "statute"]


@dataclass(frozen=True)
class Ending:
    """Where one path along mandates ends: the last holder, and the holders of the chain in order."""

    holder: str
    chain: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """What becomes of one party's share: a status, the paths that count, and why."""

    status: str
    paths: tuple[Ending, ...] = ()
    reasons: frozenset[str] = frozenset()
    rejected: frozenset[tuple[str, str]] = frozenset()


# 4. Mandates: the walk from the party to the last holder.


@dataclass(frozen=True)
class Matter:
    question: Question
    codes: frozenset[str]


def covers(item: object, matter: Matter) -> bool:
    """Rights x uses x territories x repertoire of a mandate or a notice."""
    asked = matter.question
    works = item.works  # type: ignore[attr-defined]
    return (
        for_right(item.rights, asked.right, asked.use)  # type: ignore[attr-defined]
        and for_use(item.uses, asked.use)  # type: ignore[attr-defined]
        and in_territory(item.territories, asked.territory, asked.on)  # type: ignore[attr-defined]
        and (not works or bool(matter.codes & set(works)))
    )


def ended_by_notice(world: World, mandate: Mandate, matter: Matter) -> bool:
    return any(
        notice.known <= matter.question.known
        and (notice.declarant, notice.mandate) == (mandate.declarant, mandate.ref)
        and notice.effective <= matter.question.on
        and notice.effective < mandate.valid_to
        and covers(notice, matter)
        for notice in world.withdrawals
    )


def in_force(world: World, mandate: Mandate, matter: Matter) -> bool:
    return (
        mandate.valid_from <= matter.question.on < mandate.valid_to
        and covers(mandate, matter)
        and not ended_by_notice(world, mandate, matter)
    )


def granted(world: World, kind: str, grantors: set[str], known: int) -> list[Mandate]:
    return [
        item
        for item in current(world.mandates, known)
        if item.grantor_type == kind and (kind == "any" or item.grantor in grantors)
    ]


def rank(mandate: Mandate) -> tuple[int, bool]:
    """Smaller is stronger: the basis, then specific works before the whole repertoire."""
    return STRENGTH.index(mandate.basis), not mandate.works


def best_of(options: list[Mandate]) -> tuple[list[str], set[tuple[str, str]]]:
    """The holders of the strongest mandates, and the others with the reason why they do not count."""
    if not options:
        return [], set()
    top = min(rank(item) for item in options)
    winners = sorted({item.holder for item in options if rank(item) == top})
    weaker = {
        (item.holder, "weaker_basis" if rank(item)[0] > top[0] else "less_specific")
        for item in options
        if item.holder not in winners
    }
    return winners, weaker


def first_hop(
    world: World, parties: set[str], named: set[str], matter: Matter
) -> tuple[list[str], set[tuple[str, str]], str]:
    """Holders of the party's strongest mandates, claims passed over, and why there are none."""
    known, right = matter.question.known, matter.question.right
    own = [
        item
        for item in granted(world, "party", parties, known)
        # A mandate is for the right if it is for it in any use at all.
        if any(for_right(item.rights, right, use) for use in USES)
    ]
    if own:
        options = [item for item in own if in_force(world, item, matter)]
        winners, weaker = best_of(options)
        holders = {item.holder for item in options}
        weaker |= {(society, "registered_mandate_exists") for society in named - holders}
        return winners, weaker, "" if winners else why_none(world, own, matter)
    if named:
        return sorted(named), set(), ""
    presumed = granted(world, "any", set(), known)
    winners, weaker = best_of([item for item in presumed if in_force(world, item, matter)])
    if winners:
        return winners, weaker, ""
    opted_out = any(why_none(world, [item], matter) == "mandate_withdrawn" for item in presumed)
    return [], set(), "mandate_withdrawn" if opted_out else "no_mandate"


def why_none(world: World, mandates: list[Mandate], matter: Matter) -> str:
    """The nearest miss (decision 0012)."""
    on = matter.question.on
    fitting = [item for item in mandates if covers(item, matter)]
    if any(item.valid_from <= on and ended_by_notice(world, item, matter) for item in fitting):
        return "mandate_withdrawn"
    if any(item.valid_to <= on for item in fitting):
        return "mandate_expired"
    return "mandate_not_yet_valid" if fitting else "mandate_does_not_cover"


def follow(world: World, chain: tuple[str, ...], matter: Matter) -> Verdict:
    """From the last holder of the chain on."""
    here = chain[-1]
    options = [
        item
        for item in granted(world, "society", {here}, matter.question.known)
        if in_force(world, item, matter)
    ]
    winners, weaker = best_of(options)
    if not winners:
        return Verdict("payable", (Ending(here, chain),))
    return branches(world, chain, winners, weaker, matter)


def branches(
    world: World, chain: tuple[str, ...], winners: list[str], weaker: set[tuple[str, str]], matter: Matter
) -> Verdict:
    found = [one_branch(world, chain, holder, matter) for holder in winners]
    rejected = frozenset(weaker).union(*(item.rejected for item in found))
    if len(found) == 1:
        return replace(found[0], rejected=rejected)
    reasons = frozenset({"mandate_overlap"}).union(*(item.reasons for item in found))
    return Verdict("disputed", tuple(path for item in found for path in item.paths), reasons, rejected)


def one_branch(world: World, chain: tuple[str, ...], holder: str, matter: Matter) -> Verdict:
    if chain and holder == chain[-1]:
        # Who entrusts itself keeps the right: it is its own holder.
        return Verdict("payable", (Ending(holder, (*chain, holder)),))
    if holder in chain:
        circle = chain[chain.index(holder) :]
        paths = tuple(Ending(member, chain) for member in circle)
        return Verdict("disputed", paths, frozenset({"mandate_cycle"}))
    return follow(world, (*chain, holder), matter)


def hindrance(world: World, payee: str, question: Question) -> str:
    """Why a payee must wait: a territory in which anybody has an accreditation demands one since."""
    latest = {item.code: item for item in world.societies if item.known <= question.known}

    def here(code: str) -> list[tuple[str, dt.date, dt.date]]:
        held = latest[code].accreditations if code in latest else ()
        return [item[1:] for item in held if in_territory(item[0], question.territory, question.on)]  # type: ignore[return-value]

    def fits(sphere: str) -> bool:
        return for_right(sphere, question.right, question.use)

    if not any(fits(sphere) and start <= question.on for code in latest for sphere, start, _ in here(code)):
        return ""
    own = here(payee)
    if any(fits(sphere) and start <= question.on < end for sphere, start, end in own):
        return ""
    if any(fits(sphere) for sphere, _, _ in own):
        return "accreditation_lapsed"
    return "accreditation_sphere" if own else "accreditation_missing"


def one_society(world: World, payee: str, party: set[str], matter: Matter) -> tuple[frozenset[str], bool]:
    """Whether a law that lets one society only collect is contradicted, and whether the money waits."""
    asked = matter.question
    latest = {item.name: item for item in world.rules if item.known <= asked.known}
    against = []
    for rule in latest.values():
        applies = (
            rule.effect != "off"
            and rule.valid_from <= asked.on < rule.valid_to
            and in_territory(rule.territories, asked.territory, asked.on)
            and for_right(rule.rights, asked.right, asked.use)
        )
        if not applies:
            continue
        if rule.society:
            contradicted = payee not in ("", rule.society)
        else:
            contradicted = len(entrusted(world, party, rule.rights, matter)) > 1
        if contradicted:
            against.append(rule)
    reasons = frozenset({"one_society"}) if against else frozenset()
    return reasons, any(rule.effect == "hold" for rule in against)


def entrusted(world: World, party: set[str], sphere: str, matter: Matter) -> set[str]:
    """Whom a party has entrusted with anything of a sphere here today, itself left out."""
    found = set()
    for mandate in granted(world, "party", party, matter.question.known):
        for right in ("PR", "MR", "SR", "PROD", "PERF"):
            for use in USES:
                for work in mandate.works or ("",):
                    one = Matter(replace(matter.question, right=right, use=use), frozenset({work}))
                    if for_right(sphere, right, use) and in_force(world, mandate, one):
                        found.add(mandate.holder)
    return found - party
