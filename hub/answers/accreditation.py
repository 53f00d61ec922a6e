"""Whether a payee may be paid where the state demands an accreditation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from hub.registers import Licence, SocietyEntry
from schemas import rights, territories


def hindrance(
    societies: Iterable[SocietyEntry], payee: str, right: str, use: str, territory: str, on: dt.date
) -> str:
    """Why a payee must wait, or an empty string.

    A territory demands accreditation for a right from the day the first society has one that covers it;
    a lapsed accreditation does not end the demand. A sphere that is a part of a right (private copying) is
    for its uses only.
    """
    demanded = False
    own: list[Licence] = []
    for society in societies:
        local = [item for item in society.accreditations if territories.covers((item[0],), territory, on)]
        demanded = demanded or any(
            start <= on and _covers(sphere, right, use) for _, sphere, start, _ in local
        )
        if society.code == payee:
            own = local
    if not demanded or any(
        start <= on < end and _covers(sphere, right, use) for _, sphere, start, end in own
    ):
        return ""
    if any(_covers(sphere, right, use) for _, sphere, _, _ in own):
        return "accreditation_lapsed"
    return "accreditation_sphere" if own else "accreditation_missing"


def _covers(sphere: str, right: str, use: str) -> bool:
    return rights.covers((sphere,), right, use)
