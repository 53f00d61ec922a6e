"""``HUB_DDEX_XSD``: what the official schemas have against a message is told with the reader's findings."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import pytest
from ddex_rdrn_messages import VALID as RDRN
from hubs import WORKS, findings, fresh_hub, send

from hub.context import Hub
from hub.settings import described, load
from schemas.findings import Finding

OURS = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
 targetNamespace="http://ddex.net/xml/ern/43"><xs:element name="NewReleaseMessage"><xs:complexType>
 <xs:sequence><xs:element name="ResourceList"><xs:complexType><xs:sequence>
  <xs:element name="SoundRecording" maxOccurs="unbounded"><xs:complexType><xs:sequence>
   <xs:element name="ResourceReference" type="xs:string"/>
   <xs:element name="SoundRecordingEdition" type="xs:anyType" minOccurs="0"/>
   <xs:element name="DisplayTitleText" type="xs:string"/>
  </xs:sequence></xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element></xs:sequence>
 </xs:complexType></xs:element></xs:schema>"""
RECORDING = """<SoundRecording><ResourceReference>A1</ResourceReference><SoundRecordingEdition><ResourceId>
<ISRC>KZA012500001</ISRC></ResourceId></SoundRecordingEdition>
<DisplayTitleText>Song</DisplayTitleText>{more}</SoundRecording>"""


def message(more: str = "") -> str:
    return (
        '<e:NewReleaseMessage xmlns:e="http://ddex.net/xml/ern/43">'
        f"<ResourceList>{RECORDING.format(more=more)}</ResourceList></e:NewReleaseMessage>"
    )


def schema_findings(hub: Hub, text: str | bytes) -> list[Finding]:
    return [item for item in findings(hub, send(hub, text)) if item.code.startswith("ddex.schema")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "schemas"
    made.mkdir()
    (made / "ern.xsd").write_text(OURS, encoding="utf-8")
    return made


def test_faults_against_the_schema_follow_those_of_the_reader(
    database_url: str, tmp_path: Path, folder: Path
) -> None:
    with fresh_hub(database_url, tmp_path) as plain:
        hub = replace(plain, settings=replace(plain.settings, ddex_xsd=folder))
        done = send(hub, message("<Novelty/>"))
        assert (done.status, done.read, done.errors) == ("accepted_with_findings", 1, 1)
        (found,) = [item for item in findings(hub, done) if item.code == "ddex.schema"]
        assert found.position == "/e:NewReleaseMessage/ResourceList/SoundRecording"
        assert "Novelty" in found.detail
        assert all(found.text(language) for language in ("en", "kk", "ru"))
        assert schema_findings(hub, message()) == []
        packed = gzip.compress(message("<Other/>").encode())
        assert [item.code for item in schema_findings(hub, packed)] == ["ddex.schema"]


def test_what_is_refused_or_no_message_is_not_validated(
    database_url: str, tmp_path: Path, folder: Path
) -> None:
    with fresh_hub(database_url, tmp_path) as plain:
        hub = replace(plain, settings=replace(plain.settings, ddex_xsd=folder))
        assert schema_findings(hub, message()[:-5]) == []
        assert schema_findings(hub, WORKS) == []
        unknown = message().replace("ern/43", "ern/42")
        assert [item.code for item in schema_findings(hub, unknown)] == ["ddex.schema_missing"]


def test_a_large_message_is_validated_and_its_faults_have_lines(
    database_url: str, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parsers.ddex.schema_checking.TREE_SIZE", 100)
    with fresh_hub(database_url, tmp_path) as plain:
        hub = replace(plain, settings=replace(plain.settings, ddex_xsd=folder))
        (found,) = schema_findings(hub, message("<X/>"))
        assert (found.code, found.position) == ("ddex.schema", "line:3")


def test_our_own_schema_compares_up_to_a_line_that_is_told(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parsers.ddex.profile.ProfileSchemas.most_tags", 5)
    with fresh_hub(database_url, tmp_path) as hub:
        found = [item for item in findings(hub, send(hub, message())) if item.code.startswith("ddex.prof")]
        assert [(item.code, item.position) for item in found][-1] == ("ddex.profile_skipped", "line:3")
        assert all(item.text(language) for item in found for language in ("en", "kk", "ru"))


def test_the_official_schemas_take_our_messages_and_locate_a_fault(
    tmp_path: Path, shared_folder: Path
) -> None:
    official = shared_folder / "reference" / "ddex-xsd"
    if not official.is_dir():
        pytest.skip("the official schemas are not in `shared`: messages are not validated against them")
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as plain:
        hub = replace(plain, settings=replace(plain.settings, ddex_xsd=official))
        sent = next(iter(RDRN.values()))
        assert schema_findings(hub, sent) == []
        (found,) = schema_findings(hub, sent.replace("<LabelName>", "<Novelty/><LabelName>", 1))
        assert found.code == "ddex.schema"
        assert "SoundRecordingDetailsByTerritory" in found.position


def test_the_setting_is_a_folder_or_nothing(folder: Path) -> None:
    assert load({"HUB_DDEX_XSD": str(folder)}).ddex_xsd == folder
    assert load({}).ddex_xsd is None
    assert ("HUB_DDEX_XSD", "", "default") in described(load({}), {})
    with pytest.raises(ValueError, match="HUB_DDEX_XSD"):
        load({"HUB_DDEX_XSD": str(folder / "none")})
