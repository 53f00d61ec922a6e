"""Objects that are made quickly are what their class would have made."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields

import pytest

from schemas.declarations import Claim, CollectionShare, PartyName, RightShare, Title, WorkDeclaration
from schemas.frozen import maker

PARTS = {
    CollectionShare: (("2136",), (RightShare("PR", 1),), "line:3", ("radio",), "2026-01-01", ""),
    Claim: (PartyName("A"), "CA", (), (), (), True, 1, "G1", "W1", "line:4"),
    WorkDeclaration: ("S1", "SONG", (), "", "", 0, (), (), (), (), (), (), (), "line:2"),
    Title: ("SONG", "AT", "KK"),
}


@pytest.mark.parametrize("cls", PARTS)
def test_what_is_made_is_the_same_and_stays_so(cls: type) -> None:
    made, usual = maker(cls)(*PARTS[cls]), cls(*PARTS[cls])
    assert type(made) is cls
    assert made == usual
    assert hash(made) == hash(usual)
    assert repr(made) == repr(usual)
    assert getattr(made, "position", "") == getattr(usual, "position", "")
    with pytest.raises(FrozenInstanceError):
        setattr(made, fields(cls)[0].name, "other")


def test_a_missing_part_is_an_error() -> None:
    with pytest.raises(TypeError):
        maker(Title)("SONG")
