"""Validation against schemas in a folder: official ones where they are at hand, else some of our own."""

from __future__ import annotations

import gzip
import io
import itertools
import resource
import socket
from pathlib import Path

import ddex_mwn_messages
import ddex_rdrn_messages
import pytest

from hub.bench.ddex_message import pieces
from parsers.ddex.official import OfficialSchemas
from schemas.findings import Finding

SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:c="urn:codes"
  targetNamespace="{namespace}" elementFormDefault="unqualified">
  <xs:import namespace="urn:codes" schemaLocation="{location}"/>
  <xs:element name="Message"><xs:complexType><xs:sequence>
    <xs:element name="Code" type="c:Code" maxOccurs="unbounded"/></xs:sequence></xs:complexType></xs:element>
</xs:schema>"""
CODES = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:codes">
  <xs:simpleType name="Code"><xs:restriction base="xs:string">
    <xs:enumeration value="one"/><xs:enumeration value="two"/></xs:restriction></xs:simpleType>
</xs:schema>"""


def put(folder: Path, location: str, *, codes: str = "lists/codes.xsd.gz") -> OfficialSchemas:
    (folder / "main.xsd").write_text(SCHEMA.format(namespace="urn:main", location=location), encoding="utf-8")
    target = folder / codes
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(CODES.encode()) if codes.endswith(".gz") else CODES.encode())
    return OfficialSchemas(folder)


def message(*values: str, namespace: str = "urn:main") -> bytes:
    inside = "\n".join(f"<Code>{value}</Code>" for value in values)
    return f'<m:Message xmlns:m="{namespace}">\n{inside}\n</m:Message>'.encode()


class Endless(io.RawIOBase):
    """A message of so many times the same, without ever being whole in memory."""

    def __init__(self, first: bytes, again: bytes, times: int, last: bytes) -> None:
        self._pieces = itertools.chain([first], itertools.repeat(again, times), [last])
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        while len(self._rest) < size and (piece := next(self._pieces, b"")):
            self._rest += piece
        found, self._rest = self._rest[:size], self._rest[size:]
        return found


def codes(found: list[Finding]) -> list[str]:
    return [item.code for item in found]


def test_a_valid_message_has_no_findings(tmp_path: Path) -> None:
    assert list(put(tmp_path, "../somewhere/codes.xsd").validate(message("one", "two"))) == []


def test_what_is_wrong_is_said_with_its_place(tmp_path: Path) -> None:
    found = list(put(tmp_path, "codes.xsd").validate(message("one", "three")))
    assert [(item.code, item.position) for item in found] == [("ddex.schema", "/m:Message/Code[2]")]
    assert "'three'" in found[0].text()


def test_large_messages_are_answered_by_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parsers.ddex.schema_wording.READABLE_SIZE", 10)
    faulty = message("one", "three", *["two"] * 9, "four")
    found = list(put(tmp_path, "codes.xsd").validate(faulty))
    assert [(item.code, item.position) for item in found] == [
        ("ddex.schema", "/m:Message/Code[2]"), ("ddex.schema", "/m:Message/Code[12]"),
    ]  # fmt: skip
    monkeypatch.setattr("parsers.ddex.schema_checking.TREE_SIZE", 10)
    monkeypatch.setattr("parsers.ddex.schema_checking.FINE", 10)
    for size in (16, 50, 1 << 16):
        monkeypatch.setattr("parsers.ddex.schema_checking.CHUNK", size)
        found = list(put(tmp_path, "codes.xsd").validate(faulty))
        assert [(item.code, item.position) for item in found] == [
            ("ddex.schema", "line:3"), ("ddex.schema", "line:13"),
        ]  # fmt: skip
        assert "'three'" in found[0].text()


def test_a_message_of_any_size_is_validated_in_the_same_memory(tmp_path: Path) -> None:
    schemas = put(tmp_path, "codes.xsd")

    def opened(last: bytes) -> Endless:
        return Endless(b'<m:Message xmlns:m="urn:main">', b"<Code>one</Code>\n" * 1000, 1_500, last)

    list(schemas.validate(message("one")))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert list(schemas.validate_stream(lambda: opened(b"</m:Message>"))) == []
    (found,) = schemas.validate_stream(lambda: opened(b"<Code>three</Code></m:Message>"))
    assert found.position == "line:1500001"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40 << 10


def test_a_namespace_without_a_schema_is_told(tmp_path: Path) -> None:
    schemas = put(tmp_path, "codes.xsd")
    assert set(schemas.namespaces) == {"urn:main", "urn:codes"}
    assert codes(list(schemas.validate(message("one", namespace="urn:other")))) == ["ddex.schema_missing"]


@pytest.mark.parametrize("location", ["http://ddex.example/codes.xsd", "file:///etc/codes.xsd"])
def test_nothing_is_opened_outside_the_folder(
    tmp_path: Path, location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    # By its base name the import is found in the folder, wherever its address points.
    assert list(put(inside, location).validate(message("one"))) == []
    (inside / "lists" / "codes.xsd.gz").unlink()
    assert codes(list(OfficialSchemas(inside).validate(message("one")))) == ["ddex.schema_missing"]
    (outside / "codes.xsd").write_text(CODES, encoding="utf-8")
    (inside / "codes.xsd").symlink_to(outside / "codes.xsd")
    assert codes(list(put(inside, (outside / "codes.xsd").as_uri(), codes="x").validate(message("one")))) == [
        "ddex.schema_missing"
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<m",
        b'<!DOCTYPE m:Message><m:Message xmlns:m="urn:main"/>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
    ],
)
def test_hostile_messages_are_refused(tmp_path: Path, data: bytes) -> None:
    assert codes(list(put(tmp_path, "codes.xsd").validate(data))) == ["xml.malformed"]


@pytest.fixture(scope="module")
def official(shared_folder: Path) -> OfficialSchemas:
    folder = shared_folder / "reference" / "ddex-xsd"
    if not folder.is_dir():
        pytest.skip("the official schemas are not in `shared`: messages are not validated against them")
    return OfficialSchemas(folder)


@pytest.mark.parametrize("family", [ddex_rdrn_messages, ddex_mwn_messages])
def test_our_own_messages_are_valid(official: OfficialSchemas, family: object) -> None:
    for name, text in family.VALID.items():  # type: ignore[attr-defined]
        assert list(official.validate(text.encode())) == [], name


def test_the_message_of_the_benchmark_is_valid(official: OfficialSchemas) -> None:
    assert list(official.validate("".join(pieces(3)).encode())) == []


def test_a_broken_message_of_ours_is_told_where(official: OfficialSchemas) -> None:
    text = ddex_rdrn_messages.VALID["one producer"].replace("<Duration>PT3M20S</Duration>", "")
    found = list(official.validate(text.encode()))
    assert codes(found) == ["ddex.schema"]
    assert found[0].position.endswith("/ResourceList/SoundRecording")
    assert "Duration" in found[0].text()


def test_real_samples_are_valid_or_told(official: OfficialSchemas, shared_folder: Path) -> None:
    folder = shared_folder / "samples" / "ddex"
    for name in ("ern-4.3/1 Audio.xml", "ern-4.2/Variant Classical.xml", "ern-3.8.2/audius_01_delivery.xml"):
        assert list(official.validate((folder / name).read_bytes())) == [], name


def test_signatures_need_no_schema_from_elsewhere(official: OfficialSchemas, tmp_path: Path) -> None:
    for name in ("music-licensing-companies.xsd.gz", "mlc-avs.xsd.gz"):
        source = next(path for path in official.paths if path.name == name and path.parent.name == "1.4")
        (tmp_path / name).write_bytes(source.read_bytes())
    found = list(OfficialSchemas(tmp_path).validate(ddex_rdrn_messages.VALID["one producer"].encode()))
    assert found == []
