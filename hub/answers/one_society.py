"""Where the law lets one society only collect: whether a line contradicts that, and whether it must wait.

The hub does not say which of several societies is the right one: it names the rule, and holds the money
where the rule's row says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from hub.answers.mandates import Mandate, Matter
from hub.jurisdictions import HOLD, Rule
from schemas import rights

REASON = "one_society"


def breached(
    rules: Iterable[Rule], payee: str, entrusted: Callable[[Rule], set[str]], matter: Matter
) -> tuple[bool, bool]:
    """Whether a rule that holds for the matter is contradicted, and whether one of those holds the money.

    ``payee`` is the society that would be paid, empty where nobody is; ``entrusted`` gives the societies
    that the party has entrusted with anything within a rule's sphere.
    """
    found = [
        rule
        for rule in rules
        if rule.holds(matter.right, matter.use, matter.territory, matter.on)
        and (bool(payee) and payee != rule.society if rule.society else len(entrusted(rule)) > 1)
    ]
    return bool(found), any(rule.effect == HOLD for rule in found)


def societies_entrusted(
    mandates: Sequence[Mandate], party: Iterable[str], rule: Rule, matter: Matter
) -> set[str]:
    """Holders of a party's mandates for any right of a rule's sphere in the territory on the day.

    Whom it entrusts with one work counts like whom it entrusts with all; what it keeps for itself does not.
    """
    own = set(party)
    return {item.holder for item in mandates if item.holder not in own and _within(item, rule, matter)}


def _within(mandate: Mandate, rule: Rule, matter: Matter) -> bool:
    return any(
        mandate.in_force(Matter(right, use, matter.territory, matter.on, frozenset(works)))
        for right in rights.CATEGORIES
        for use in rights.uses()
        if rights.covers(rule.rights, right, use)
        for works in ([[work] for work in mandate.works] or [[]])
    )
