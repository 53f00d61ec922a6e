"""What is paid while sources disagree: the share policy ``cisac-counterclaim/1``.

What ``least-agreed/1`` calls undisputed is so here too. What it calls contested is paid to those whom the
first notifier names, until a later one has documented its counterclaim in time; then the part that the two
cannot both have is withheld. Whether a document proves anything is not looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hub.answers.agreement import Agreement, Provisional, Source, completed, least_agreed


@dataclass(frozen=True, slots=True)
class Notified:
    """A source, the instant since when it has said the same, and whether it documented that in time."""

    source: Source
    since: int
    documented: bool = False


def first_notifier(notified: Sequence[Notified]) -> Agreement:
    """Apply the policy; ``undisputed + provisional + contested + unclaimed == WHOLE``."""
    agreement = least_agreed([item.source for item in notified])
    ordered = sorted(notified, key=lambda item: (item.since, item.source.name))
    said = [completed(item.source)[0] for item in ordered]
    paid = {item.party: item.share for item in agreement.agreed}
    left = agreement.contested
    given: list[Provisional] = []
    for shares in said:
        for party in sorted(shares, key=lambda name: (-shares[name], name)):
            more = min(left, max(0, shares[party] - paid[party]))
            if more:
                given.append(Provisional(party, more))
                paid[party] += more
                left -= more
    # What documented counterclaims say beyond what is paid cannot be paid as well.
    denied = 0
    for party, share in paid.items():
        proved = [
            shares.get(party, 0)
            for item, shares in zip(ordered[1:], said[1:], strict=True)
            if item.documented
        ]
        denied += max(0, max(proved, default=0) - share)
    kept: list[Provisional] = []
    withheld = 0
    for item in reversed(given):
        back = min(item.share, denied - withheld)
        withheld += back
        if item.share > back:
            kept.append(Provisional(item.party, item.share - back))
    return replace(agreement, provisional=tuple(reversed(kept)), contested=left + withheld, withheld=withheld)
