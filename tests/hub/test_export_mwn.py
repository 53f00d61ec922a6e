"""``hub export mwn``: another hub that takes the message in gives the same answers."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hubs import MANDATES, WORKS, answer, fresh_hub, send
from lxml import etree

from hub.catalogue.export_mwn import export_mwn
from hub.cli.app import main
from hub.conflicts.finding import refresh
from hub.errors import UnknownSubject, UsageError
from hub.links.linking import link_everything
from parsers.ddex.message import read
from schemas.declarations import WorkDeclaration

SENDER, RECIPIENT = "PADPIDA20250101013", "PADPIDA20250101021"


def test_another_hub_answers_the_same(database_url: str, tmp_path: Path) -> None:
    out = io.BytesIO()
    with fresh_hub(database_url, tmp_path) as hub:
        send(hub, WORKS)
        send(hub, MANDATES)
        expected = answer(hub)
        done = export_mwn(hub, out, sender=SENDER, recipient=RECIPIENT, society="177")
        assert (done.works, done.findings) == (1, ())
        with pytest.raises(UnknownSubject):
            export_mwn(hub, io.BytesIO(), sender=SENDER, recipient=RECIPIENT, society="177", works=["K9"])
        with pytest.raises(UsageError, match="recipient"):
            export_mwn(hub, io.BytesIO(), sender=SENDER, recipient="177", society="177")
    with fresh_hub(f"sqlite:///{tmp_path / 'other.db'}", tmp_path / "other") as other:
        report = send(other, out.getvalue())
        assert (report.format, report.version, report.by_kind) == ("mwn", "1.3", {"work": 1})
        send(other, MANDATES)
        found = answer(other)
    kept = ("party", "share", "status", "payee")
    assert [{key: line.get(key) for key in kept} for line in found["lines"]] == [
        {key: line.get(key) for key in kept} for line in expected["lines"]
    ]
    assert found["totals"] == expected["totals"]


def test_rights_in_dispute_are_said_to_be(tmp_path: Path) -> None:
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as hub:
        send(hub, WORKS)
        other = WORKS.replace(",177,50,50,", ",177,40,50,").replace(",052,25,0,", ",052,35,0,")
        assert other != WORKS
        send(hub, other, "052")
        link_everything(hub)
        refresh(hub)
        out = io.BytesIO()
        export_mwn(hub, out, sender=SENDER, recipient=RECIPIENT, society="177")
    disputed = {
        share.findtext("RightsType"): share.findtext("HasRightsInDispute")
        for share in etree.fromstring(out.getvalue()).iter("RightShare")
        if share.find("RightsType") is not None
    }
    assert disputed == {"PerformingRight": "true", "MechanicalRight": None}
    (work,) = [item for item in read(io.BytesIO(out.getvalue())) if isinstance(item, WorkDeclaration)]
    assert {key for key, _ in work.details} == {"disputed share"}


def test_the_command_writes_a_file_and_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    url, target = f"sqlite:///{tmp_path / 'hub.db'}", tmp_path / "out.xml"
    with fresh_hub(url, tmp_path) as hub:
        send(hub, WORKS)
    arguments = ["--sender", SENDER, "--recipient", RECIPIENT, "--society", "177", "--db", url]
    monkeypatch.setattr("sys.argv", ["hub", "export", "mwn", "-o", str(target), "--json", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 0
    printed = json.loads(capfd.readouterr().out)
    assert printed["counts"] == {"written": 1, "left_out": 0}
    assert target.read_bytes().startswith(b"<?xml")
