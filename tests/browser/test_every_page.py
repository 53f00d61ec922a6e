"""Every page, in every language and width, with and without scripts: nothing is cut off or out of reach."""

from __future__ import annotations

import re

import pytest
from looking import EVERY, PHONE, Visit, Visitor

FIXED = (
    "/find", "/find?q=ЖАҢБЫР", "/submissions", "/mandates", "/withdrawals", "/conflicts", "/reviews",
    "/usage", "/societies", "/log?check=1", "/account", "/login", "/new-mandate",
)  # fmt: skip
LED_TO = {
    "/find?q=ТОҒЫЗ": r'href="(/works/[a-z0-9]+)',
    "/find?q=KZZ9X2500003": r'href="(/recordings/[a-z0-9]+)',
    "/submissions": r'href="(/submissions/[a-z0-9]+)"',
    "/mandates": r'href="(/mandates/[a-z0-9]+)"',
    "/withdrawals": r'href="(/withdrawals/[a-z0-9]+)"',
    "/conflicts": r'href="(/conflicts/[a-z0-9]+)"',
}


@pytest.mark.parametrize("visitor", [*EVERY, Visit("ru", PHONE, dark=True)], indirect=True, ids=str)
def test_pages_are_whole_and_accessible(visitor: Visitor) -> None:
    for address in FIXED:
        visitor.go(address)
        visitor.look()
    for address, pattern in LED_TO.items():
        visitor.go(address)
        led = re.search(pattern, visitor.page.content())
        assert led is not None, address
        visitor.go(led[1])
        visitor.look()
