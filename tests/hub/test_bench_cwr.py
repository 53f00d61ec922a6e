"""``hub bench cwr``: the invented file is a good one, the report has its ratios, the peer may be absent."""

from __future__ import annotations

import io
import json

import pytest

from hub.bench.cwr_file import RECORDS_OF_A_WORK, Pieces, file_chunks
from hub.bench.measures import Measure
from hub.cli.app import main
from parsers import detect
from schemas.declarations import Header, WorkDeclaration


def test_the_invented_file_is_read_without_a_remark_from_a_stream_that_is_never_whole() -> None:
    items = list(detect.read(io.BufferedReader(Pieces(file_chunks(700)))))
    assert isinstance(items[0], Header)
    assert [type(item) for item in items[1:]] == [WorkDeclaration] * 700
    assert b"".join(file_chunks(700)).count(b"\n") == 700 * RECORDS_OF_A_WORK + 4


def test_the_report_has_values_ratios_and_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["hub", "bench", "cwr", "--works", "30", "--json"])
    monkeypatch.setattr("hub.bench.cwr_reading.find_spec", lambda _name: None)
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 0
    report = json.loads(capfd.readouterr().out)
    found = {item["name"]: item for item in report["measures"]}
    assert found["hub, with every rule"]["note"] == "30 stored, 0 rejected, 0 findings"
    assert found["hub / plain loop"]["goal"] == 0.5
    assert isinstance(found["hub / plain loop"]["met"], bool)
    assert any("pip install cwr-api" in remark for remark in report["remarks"])


def test_a_goal_is_met_from_below_or_from_above() -> None:
    assert Measure("a", 2.0, "times", 1.0).met is True
    assert Measure("a", 2.0, "times", 1.0, at_most=True).met is False
    assert Measure("a", 2.0, "times").met is None
