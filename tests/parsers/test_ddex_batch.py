"""Batches of DDEX messages: each taken or refused for itself, compared with the manifest, nothing silent."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib

import pytest
from bwarm_deliveries import packed
from ddex_label import ERN
from ddex_mwn_messages import VALID as MWN
from ddex_rdrn_messages import VALID as RDRN

from parsers.ddex import batch
from parsers.ddex.message import read as read_message
from parsers.detect import read
from parsers.reading import Item
from schemas.declarations import Header, RecordingDeclaration, Rejection, WorkDeclaration
from schemas.findings import Finding

SECOND = ERN.replace("KZA012500001", "KZA012500002")


def manifest(*entries: tuple[str, str, str], number: int | None = None, inner: str = "HashSum") -> str:
    """A manifest as MWN (``HashSum``) and RDR-N (``HashSumValue``) write it: (path, algorithm, digest)."""
    listed = "".join(
        f"<MessageInBatch><MessageType>NewReleaseMessage</MessageType><MessageId>M-{path}</MessageId>"
        f"<URL>{path}</URL>"
        + (
            f"<HashSum><{inner}>{digest}</{inner}><HashSumAlgorithmType>{algorithm}</HashSumAlgorithmType>"
            "</HashSum>"
            if algorithm
            else ""
        )
        + "</MessageInBatch>"
        for path, algorithm, digest in entries
    )
    return f"""<m:ManifestMessage xmlns:m="http://ddex.net/xml/mc-notif/13"><MessageHeader/>
    <RootDirectory>/</RootDirectory><NumberOfMessages>{len(entries) if number is None else number}
    </NumberOfMessages>{listed}</m:ManifestMessage>"""


def items(files: dict[str, str | bytes]) -> list[Item]:
    return list(read(io.BytesIO(packed(files))))


def told(found: list[Item]) -> dict[str, str]:
    return {item.code: item.position for item in found if isinstance(item, Finding)}


def declared(found: list[Item]) -> list[str]:
    return [item.ref for item in found if isinstance(item, (RecordingDeclaration, WorkDeclaration))]


def alone(text: str) -> list[str]:
    return declared(list(read_message(io.BytesIO(text.encode()))))


def test_every_message_of_a_batch_is_read_as_if_it_were_alone() -> None:
    found = items({"2026/1/a.xml": ERN, "2026/2/b.xml": SECOND, "2026/1/resources/a.flac": b"fLaC"})
    assert isinstance(found[0], Header)
    assert (found[0].format, found[0].version) == ("ern", "4.3")
    assert sum(isinstance(item, Header) and not item.path for item in found) == 1
    assert declared(found) == [*alone(ERN), *alone(SECOND)]
    places = [item.position for item in found if isinstance(item, RecordingDeclaration)]
    assert [place.partition(":")[0] for place in places] == ["2026/1/a.xml", "2026/2/b.xml"]
    claims = [claim for item in found if isinstance(item, RecordingDeclaration) for claim in item.claims]
    assert claims
    assert all(claim.position.startswith("2026/") for claim in claims)
    assert "ddex.files_not_read" in told(found)


def test_families_may_be_mixed_and_messages_gzipped() -> None:
    found = items({"a.xml": ERN, "b.xml.gz": gzip.compress(MWN["shares"].encode()),
                   "c.xml": RDRN["one producer"]})  # fmt: skip
    assert isinstance(found[0], Header)
    assert (found[0].format, found[0].version) == ("ddex", "")
    assert declared(found) == [*alone(ERN), *alone(MWN["shares"]), *alone(RDRN["one producer"])]


@pytest.mark.parametrize("held", [2, 5_000])
def test_a_broken_message_is_refused_and_the_others_are_read(
    held: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "MOST_HELD", held)
    found = items({"a.xml": ERN[:-20], "b.xml": SECOND, "c.xml": "<!DOCTYPE x><x/>", "d.xml": "<x/>"})
    assert declared(found) == alone(SECOND)
    refused = [item for item in found if isinstance(item, Rejection)]
    assert [(item.kind, item.position) for item in refused] == [
        ("message", "a.xml"), ("message", "c.xml"), ("message", "d.xml"),
    ]  # fmt: skip
    codes = told(found)
    assert codes["xml.malformed"].startswith("a.xml:line:")
    assert codes["xml.doctype"].startswith("c.xml")
    assert "ddex.namespace" in codes
    assert "ddex.message_refused" in codes


@pytest.mark.parametrize("inner", ["HashSum", "HashSumValue"])
def test_a_manifest_that_is_right_says_nothing_and_gives_the_order(inner: str) -> None:
    listed = (
        ("b.xml", "SHA-256", hashlib.sha256(SECOND.encode()).hexdigest().upper()),
        ("batch/a.xml", "MD5", hashlib.md5(ERN.encode(), usedforsecurity=False).hexdigest()),
    )
    found = items({"batch/a.xml": ERN, "batch/b.xml": SECOND, "batch/m.xml": manifest(*listed, inner=inner)})
    assert declared(found) == [*alone(SECOND), *alone(ERN)]
    assert not [code for code in told(found) if "manifest" in code]


def test_what_a_manifest_says_otherwise_is_told() -> None:
    listed = (("a.xml", "CRC32", "00000000"), ("b.xml", "CRC32", f"{zlib.crc32(SECOND.encode()):08x}"),
              ("gone.xml", "", ""))  # fmt: skip
    third = SECOND.replace("KZA012500002", "KZA012500003")
    found = items({"a.xml": ERN, "b.xml": SECOND, "z.xml": third, "m.xml": manifest(*listed, number=7)})
    assert declared(found) == [*alone(SECOND), *alone(third)]
    codes = told(found)
    assert codes["ddex.manifest_hash"] == "a.xml"
    assert codes["ddex.manifest_unlisted"] == "z.xml"
    assert codes["ddex.manifest_missing"] == "m.xml:/ManifestMessage/MessageInBatch[3]"
    assert codes["ddex.manifest_count"] == "m.xml"
    assert [item.position for item in found if isinstance(item, Rejection)] == ["a.xml"]


def test_an_unknown_hash_sum_and_a_broken_manifest_hold_nothing_up() -> None:
    found = items({"a.xml": ERN, "m.xml": manifest(("a.xml", "MD2", "00"))})
    assert (declared(found), "ddex.manifest_algorithm" in told(found)) == (alone(ERN), True)
    found = items({"a.xml": ERN, "m.xml": manifest(("a.xml", "", ""))[:-30]})
    assert declared(found) == alone(ERN)
    assert told(found)["xml.malformed"].startswith("m.xml")


def test_paths_that_point_out_of_the_archive_are_names_only() -> None:
    found = items({"../../etc/a.xml": ERN, "/b.xml": SECOND})
    assert declared(found) == [*alone(ERN), *alone(SECOND)]
