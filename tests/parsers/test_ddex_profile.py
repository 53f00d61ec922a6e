"""Our own schemas: real messages are valid against them, broken ones get a readable fault with its place."""

from __future__ import annotations

from pathlib import Path

import ddex_mwn_messages
import ddex_rdrn_messages
import pytest
from lxml import etree

from hub.bench.ddex_message import pieces
from parsers.ddex.profile import PROFILES, ProfileSchemas
from schemas.ddex.elements import table
from schemas.findings import Finding

VALID = {**ddex_rdrn_messages.VALID, **ddex_mwn_messages.VALID, "ern": "".join(pieces(2))}
PRODUCER = ddex_rdrn_messages.VALID["one producer"]
SHARES = ddex_mwn_messages.VALID["shares"]
ERN = VALID["ern"]
UNREADABLE = ("Profile_TVSeries_FimBundle.xml", "Profile_NonInteractiveSubscriptionStreamingService.xml")


@pytest.fixture(scope="module")
def own() -> ProfileSchemas:
    return ProfileSchemas()


def covered(own: ProfileSchemas, message: bytes) -> bool:
    name = etree.QName(etree.fromstring(message))
    return own.covers(name.namespace or "", name.localname)


@pytest.mark.parametrize("name", sorted(VALID))
def test_messages_that_the_official_schemas_take_are_taken(own: ProfileSchemas, name: str) -> None:
    message = VALID[name].encode()
    assert list(own.validate(message)) == [] or not covered(own, message)


def test_real_messages_are_taken(own: ProfileSchemas, shared_folder: Path) -> None:
    families = set()
    for path in sorted((shared_folder / "samples" / "ddex").glob("ern-*/*.xml")):
        if path.name not in UNREADABLE:
            message = path.read_bytes()
            assert covered(own, message), path.name
            assert list(own.validate(message)) == [], path.name
            families.add(path.parent.name)
    assert len(families) >= 6


@pytest.mark.parametrize(
    ("text", "old", "new", "place", "word"),
    [
        (PRODUCER, "<Duration>PT3M20S</Duration>", "", "/SoundRecording", "Duration"),
        (PRODUCER, "PT3M20S", "3:20", "/SoundRecording/Duration", "3:20"),
        (SHARES, "<RightShareReference>", "<Novelty/><RightShareReference>", "/RightShare", "Novelty"),
        (ERN, "<Duration>PT3M01S</Duration>", "<Duration>x</Duration>", "/SoundRecording", "x"),
        (ERN, "<ResourceReference>A1</ResourceReference>", "", "/SoundRecording", "ResourceReference"),
        (ERN, "<StartDate>2021-06-01</StartDate>", "<StartDate>June</StartDate>", "StartDate", "June"),
        (ERN, "<RightSharePercentage>100<", "<RightSharePercentage>all<", "RightSharePercentage", "all"),
        (ERN, "</MessageHeader>", "</MessageHeader><Other/>", "/ern:NewReleaseMessage", "Other"),
    ],
)
def test_a_fault_is_told_where_it_stands(
    own: ProfileSchemas, text: str, old: str, new: str, place: str, word: str
) -> None:
    assert old in text
    found: list[Finding] = list(own.validate(text.replace(old, new, 1).encode()))
    assert found
    assert all(item.code == "ddex.profile" for item in found)
    assert place in found[0].position
    assert word in found[0].detail
    assert all(found[0].text(language) for language in ("en", "kk", "ru"))


def test_what_the_hub_does_not_read_may_hold_anything(own: ProfileSchemas) -> None:
    text = ERN.replace("<GenreText>Pop</GenreText>", "<Whatever><Deep/></Whatever>")
    assert text != ERN
    assert list(own.validate(text.encode())) == []


def test_an_unknown_version_is_compared_with_the_nearest(own: ProfileSchemas) -> None:
    later = ERN.replace("xml/ern/43", "xml/ern/44").encode()
    assert covered(own, later)
    assert list(own.validate(later)) == []
    assert not own.covers("http://ddex.net/xml/mlc/15", "DeclarationOfSoundRecordingRightsClaimMessage")
    assert not own.covers("http://ddex.net/xml/ern/43", "UpdateReleaseMessage")


def test_every_schema_stands_for_a_group_of_versions_that_is_read() -> None:
    assert all(table(group).plans for group in PROFILES)
