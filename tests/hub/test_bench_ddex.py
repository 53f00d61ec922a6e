"""``hub bench ddex``: the invented message is a good one, and the report has its ratios."""

from __future__ import annotations

import io
import json

import pytest

from hub.bench.ddex_message import pieces
from hub.cli.app import main
from parsers import detect
from schemas.declarations import RecordingDeclaration
from schemas.findings import Finding


def test_the_invented_message_is_read_without_a_warning() -> None:
    items = list(detect.read(io.BytesIO("".join(pieces(30)).encode())))
    assert sum(isinstance(item, RecordingDeclaration) for item in items) == 30
    assert {item.severity for item in items if isinstance(item, Finding)} <= {"info"}


def test_the_report_has_its_ratios(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("hub.bench.ddex_reading.RUNS", 1)
    monkeypatch.setattr("sys.argv", ["hub", "bench", "ddex", "--megabytes", "1", "--json"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 0
    report = json.loads(capfd.readouterr().out)
    found = {item["name"]: item for item in report["measures"]}
    assert found["hub / lxml.etree.parse"]["goal"] == 0.6
    assert found["peak memory of the hub"]["goal"] == 150
    assert any("--schemas" in remark for remark in report["remarks"])
