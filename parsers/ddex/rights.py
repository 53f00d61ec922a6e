"""DDEX's types of rights in works as the hub's right codes."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.ddex.gathering import Element, one_line
from parsers.ddex.scope import Place, Terms
from schemas.rights import ALL, canonical_right

EVERY = ("PR", "MR", "SR")
"""What ``All`` stands for: every category of right in a work."""
ONLINE = "online"


def rights_of(elements: Sequence[Element], place: Place) -> tuple[Terms, Terms]:
    """Right codes, and the uses that the attributes of the types leave of them (empty: all).

    Unknown types are left out with a finding; nothing is claimed for them.
    """
    codes: dict[str, None] = {}
    uses: Terms = ()
    for element in elements:
        value = one_line(element.text)
        code = canonical_right(value)
        if code is None:
            place.add("ddex.right", "RightsType", value)
            continue
        codes.update(dict.fromkeys(EVERY if code == ALL else (code,)))
        if element.get("ExcludesOnlineUses") in ("true", "1"):
            uses = (f"-{ONLINE}",)
        elif element.get("ExcludesOfflineUses") in ("true", "1"):
            uses = (ONLINE,)
    return tuple(codes), uses
