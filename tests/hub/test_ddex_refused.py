"""Broken and hostile DDEX messages: a located finding each, and nothing stored of what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from bwarm_deliveries import packed
from ddex_label import ERN
from ddex_mwn_messages import VALID as MWN
from ddex_rdrn_messages import VALID as RDRN
from hubs import findings, fresh_hub, row_counts, send

NAMED = 'xmlns:e="http://ddex.net/xml/ern/43"'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(f'<!ENTITY a{n} "{"&a;" * 10}">' for n in range(9)) + "]>"
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
SENT = [ERN, MWN["shares"], RDRN["one producer"]]
DEEP = "<a>" * 500 + "</a>" * 500
REFUSED = {
    "truncated": (ERN[: len(ERN) // 2], "xml.malformed"),
    "truncated at the end": (MWN["shares"][:-3], "xml.malformed"),
    "two roots": (ERN + ERN, "xml.malformed"),
    "laughs": (LAUGHS + ERN.replace("Song", "&a8;"), "xml.doctype"),
    "external entity": (OUTSIDE + ERN.replace("Song", "&a;"), "xml.doctype"),
    "undefined entity": (ERN.replace("Song", "&a;"), "xml.malformed"),
    "deep": (ERN.replace("<DisplayTitleText>", DEEP + "<DisplayTitleText>"), "xml.depth"),
    "no such namespace": (ERN.replace("ddex.net/xml/ern/43", "ddex.example/ern/43"), "ddex.namespace"),
    "namespace of another family": (ERN.replace("ern/43", "mc-notif/13"), "ddex.message_not_read"),
    "namespace without a prefix bound": (ERN.replace(f" {NAMED}", ""), None),
    "utf-7": ('<?xml version="1.0" encoding="UTF-7"?>' + ERN, "xml.encoding"),
    "another encoding than it says": (
        ('<?xml version="1.0" encoding="UTF-16"?>' + ERN).encode("utf-8"), None,
    ),
    "bytes that are no UTF-8": (ERN.encode().replace(b"Song", b"S\xff\xfeng"), "xml.malformed"),
    "a null": (ERN.replace("Song", "So\0ng"), "xml.malformed"),
}  # fmt: skip


def test_nothing_is_stored_of_a_refused_message(database_url: str, tmp_path: Path) -> None:
    with fresh_hub(database_url, tmp_path) as hub:
        for message in SENT:
            send(hub, message, "901")
        before = row_counts(hub)
        kept = ("declaration", "claim", "title", "identifier", "mandate", "subject", "party")
        for name, (text, code) in REFUSED.items():
            done = send(hub, text, "901")
            assert (done.status, done.stored) == ("rejected", 0), name
            found = [item for item in findings(hub, done) if item.severity == "error"]
            assert found, name
            assert all(item.position for item in found), name
            assert code is None or code in {item.code for item in found}, name
        after = row_counts(hub)
        assert {table: after[table] for table in kept} == {table: before[table] for table in kept}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_other_encodings_say_the_same(database_url: str, tmp_path: Path, encoding: str) -> None:
    with fresh_hub(database_url, tmp_path) as hub:
        assert send(hub, ERN, "901").stored == 1
        done = send(hub, ERN.encode(encoding), "901")
        assert (done.status, done.unchanged) == ("unchanged", 1)


@pytest.mark.parametrize(
    ("old", "new", "code", "position"),
    [
        ("Reference>P1</RightsC", "Reference>P7</RightsC", "ddex.party_reference", "SoundRecording[1]"),
        (">RightsController<", ">Everybody<", "ddex.avs", "SoundRecording[1]"),
        (">KZA012500001<", ">KZA01250000<", "identifier.isrc", "SoundRecording[1]"),
        ("ern/43", "ern/439", "ddex.version_nearest", "file"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_where_it_stands(
    tmp_path: Path, old: str, new: str, code: str, position: str
) -> None:
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as hub:
        done = send(hub, ERN.replace(old, new), "901")
        assert done.stored == 1
        told = {item.code: item.position for item in findings(hub, done)}
        assert position in told[code]


def test_counts_of_a_batch_reconcile_and_nothing_of_a_refused_message_is_stored(
    database_url: str, tmp_path: Path
) -> None:
    second = ERN.replace("KZA012500001", "KZA012500002")
    files = {"1/a.xml": ERN, "2/b.xml": second[:-30], "3/c.xml": MWN["shares"], "x.flac": b"fLaC"}
    # Archives hold the time at which they were made, so the same bytes are sent twice.
    data = packed(files)
    with fresh_hub(database_url, tmp_path) as hub:
        done = send(hub, data, "901")
        assert done.read == done.stored + done.rejected + done.unchanged
        assert (done.format, done.rejected, done.by_kind["message"]) == ("ddex", 1, 1)
        assert (done.by_kind["recording"], done.by_kind["work"]) == (1, 2)
        assert done.status == "accepted_with_findings"
        places = {item.code: item.position for item in findings(hub, done)}
        assert places["ddex.message_refused"] == "2/b.xml"
        assert places["xml.malformed"].startswith("2/b.xml:line:")
        assert send(hub, data, "901").status == "unchanged"
