"""MWN: shares that are less than a share of the work give no percentage, and no agent a mandate."""

from __future__ import annotations

import io
from typing import TypeVar

import ddex_mwn_messages as sent
import pytest

from parsers.ddex.message import read
from parsers.reading import Item
from schemas.declarations import MandateDeclaration, RightShare, WorkDeclaration
from schemas.findings import Finding
from schemas.shares import UNITS_PER_PERCENT as PERCENT

T = TypeVar("T")
THIRTY = (RightShare("PR", 30 * PERCENT), RightShare("MR", 30 * PERCENT))


def items(text: str) -> list[Item]:
    return list(read(io.BytesIO(text.encode())))


def of_type(text: str, kind: type[T]) -> list[T]:
    return [item for item in items(text) if isinstance(item, kind)]


def codes(text: str) -> list[str]:
    return [item.code for item in of_type(text, Finding)]


def agents(text: str) -> list[str]:
    """Works for which an agent has a mandate; others are those of limited affiliations."""
    return [item.ref.partition(":")[0] for item in of_type(text, MandateDeclaration) if item.works]


S4 = f"<RightShareReference>S4</RightShareReference><RightShareType>{sent.COLLECTION}</RightShareType>"


def test_a_share_of_words_or_music_alone_is_no_share_of_the_work() -> None:
    text = sent.VALID["shares"]
    assert agents(text) == ["DM-1"]
    for part in ("Lyrics", "Melody"):
        limited = text.replace(S4, f"{S4}<WorkPart>{part}</WorkPart>")
        (told,) = (item for item in of_type(limited, Finding) if item.code == "ddex.share_of_part")
        assert (told.value, told.detail) == ("S4", part)
        assert told.position.endswith("/RightShareList[1]/RightShare[4]")
        publisher = next(claim for claim in of_type(limited, WorkDeclaration)[0].claims if claim.role == "E")
        assert (publisher.collection, publisher.ownership) == ((), THIRTY)
        assert agents(limited) == []
    assert items(text.replace(S4, f"{S4}<WorkPart>LyricsAndMelody</WorkPart>")) == items(text)


def test_shares_of_words_and_of_music_do_not_add_up_to_more_than_the_work() -> None:
    text = sent.notification(
        "".join(
            sent.share(
                f"S{part}",
                sent.MANUSCRIPT,
                party,
                sent.percent("100"),
                work_part=f"<WorkPart>{part}</WorkPart>",
            )
            for part, party in (("Lyrics", "PAliya"), ("Melody", "PBek"))
        )
    )
    assert "shares.over" not in codes(text)
    assert [claim.ownership for claim in of_type(text, WorkDeclaration)[0].claims] == [(), ()]


@pytest.mark.parametrize("limit", ["<TerritoryCode>Atlantis</TerritoryCode>", None])
def test_an_agent_gets_no_mandate_by_a_share_that_cannot_be_used(limit: str | None) -> None:
    uses, territory = ("", limit) if limit else ("<DSP/>", sent.WORLD)
    text = sent.notification(
        sent.share(
            "S4", sent.COLLECTION, "PPub", sent.percent("30"), territory=territory, uses=uses, agent="PAgent"
        )
    )
    assert agents(text) == []
    assert of_type(text, WorkDeclaration)[0].claims[0].collection == ()
