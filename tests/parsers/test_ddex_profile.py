"""Our own schemas: real messages are valid against them, broken ones get a readable fault with its place."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import ddex_mwn_messages
import ddex_rdrn_messages
import pytest
from lxml import etree

from hub.bench.ddex_message import pieces
from parsers.ddex.profile import ProfileSchemas
from parsers.ddex.schema_checking import MAX_ERRORS
from schemas.ddex import profile
from schemas.ddex.elements import table
from schemas.findings import Finding

VALID = {**ddex_rdrn_messages.VALID, **ddex_mwn_messages.VALID, "ern": "".join(pieces(2))}
PRODUCER = ddex_rdrn_messages.VALID["one producer"]
SHARES = ddex_mwn_messages.VALID["shares"]
ERN = VALID["ern"]
MANDATE = ddex_rdrn_messages.mandate_15()
UNREADABLE = ("Profile_TVSeries_FimBundle.xml", "Profile_NonInteractiveSubscriptionStreamingService.xml")


def broken(text: str, old: str, new: str) -> bytes:
    """The text with its first ``old`` replaced; where a start tag is, its first end tag as well."""
    text = text.replace(old, new, 1)
    if old[0] == new[:1] == "<" and old.count("<") == new.count("<") == 1:
        text = text.replace(f"</{old[1:]}", f"</{new[1:]}", 1)
    return text.encode()


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


def test_messages_of_rdr_n_15_are_taken_whatever_their_namespace(own: ProfileSchemas) -> None:
    stated = f"<ResourceList>{ddex_rdrn_messages.STATED_15}</ResourceList>"
    for path in ("rdr-n", "rdrn", "mlc"):
        for profile_of in ("", ' RightsStatementProfile="MandatedUsageRights"'):
            text = ddex_rdrn_messages.message(ddex_rdrn_messages.CLAIM, stated, "15", profile_of, path)
            assert covered(own, text.encode())
            assert list(own.validate(text.encode())) == []
    assert covered(own, MANDATE.encode())
    assert list(own.validate(MANDATE.encode())) == []


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
        (SHARES, "<RightShareReference>", "<Other>", "/RightShare", "RightShareReference"),
        (
            SHARES,
            "<RightSharePercentage>",
            "<RightShareUnknown>true</RightShareUnknown><RightSharePercentage>",
            "/RightShare",
            "exactly one of",
        ),
        (ERN, "<Duration>PT3M01S</Duration>", "<Duration>x</Duration>", "/SoundRecording", "x"),
        (ERN, "<ResourceReference>A1</ResourceReference>", "", "/SoundRecording", "ResourceReference"),
        (ERN, "<StartDate>2021-06-01</StartDate>", "<StartDate>June</StartDate>", "StartDate", "June"),
        (ERN, "<RightSharePercentage>100<", "<RightSharePercentage>all<", "RightSharePercentage", "all"),
        (ERN, "<MessageHeader>", "<Other/><MessageHeader>", "/ern:NewReleaseMessage", "Other"),
        (
            ERN,
            "<MessageId>BENCH-1</MessageId>",
            "",
            "/MessageHeader",
            "MessageHeader needs MessageId exactly once",
        ),
        (ERN, "<ISRC>KZB120000001</ISRC>", "<ISRC><Code/></ISRC>", "/ISRC", "not allowed"),
        (
            ERN,
            "<SoundRecordingEdition>",
            "<SoundRecordingId/><SoundRecordingEdition>",
            "SoundRecording",
            "stands elsewhere",
        ),
        (
            MANDATE,
            "<CollectionMandateType>Performer</CollectionMandateType>",
            "",
            "/AssignedCollectionMandate",
            "CollectionMandateType",
        ),
        (MANDATE, ' AvsVersionId="9"', ' RightsStatementProfile="Wishes"', "Message", "Wishes"),
    ],
)
def test_a_fault_is_told_where_it_stands(
    own: ProfileSchemas, text: str, old: str, new: str, place: str, word: str
) -> None:
    assert old in text
    found: list[Finding] = list(own.validate(broken(text, old, new)))
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
    assert not own.covers("http://ddex.net/xml/ern/43", "UpdateReleaseMessage")


def test_every_schema_stands_for_a_group_of_versions_that_is_read() -> None:
    assert all(table(group).plans for group in profile.NAMES)


def test_the_schemas_are_what_the_tables_say() -> None:
    folder = files("schemas.ddex").joinpath("xsd")
    assert {item.name for item in folder.iterdir()} == {f"{name}.xsd" for name in profile.NAMES.values()}
    for group, name in profile.NAMES.items():
        assert folder.joinpath(f"{name}.xsd").read_text(encoding="utf-8") == profile.schema(group), (
            "run python -m schemas.ddex.profile"
        )


def test_a_million_faults_cost_no_more_than_those_that_are_told(own: ProfileSchemas) -> None:
    empty = "<SoundRecording/>" * 50_000
    message = ERN.replace("</ResourceList>", f"{empty}</ResourceList>").encode()
    found = list(own.validate(message))
    assert len(found) == MAX_ERRORS
    assert found[0].position == "/ern:NewReleaseMessage/ResourceList/SoundRecording[3]"
    # Without the limit the places alone would take as many steps as there are pairs of faults.
    assert found[-1].position == f"/ern:NewReleaseMessage/ResourceList/SoundRecording[{MAX_ERRORS + 2}]"
