"""The benchmark of usage reports checks what it measures."""

from __future__ import annotations

from pathlib import Path

import orjson
from typer.testing import CliRunner

from hub.bench import usage
from hub.cli.app import app


def test_a_small_report_is_measured_and_found_exact() -> None:
    done = CliRunner().invoke(app, ["bench", "usage", "--lines", "60", "--works", "20", "--json"])
    assert done.exit_code == 0, done.output
    told = orjson.loads(done.stdout)
    assert (told["lines"], told["exact"]) == (60, True)
    assert told["distinct_questions"] < 60
    assert told["peak_mib"] > 0
    assert told["second_process_mib"] == 0
    assert told["processor_seconds"] > 0


def test_a_result_that_does_not_add_up_is_found_out(tmp_path: Path) -> None:
    result = tmp_path / "result.csv"
    header = "line,share,amount\n"
    chance = usage.random.Random(usage.SEED)
    rows = []
    for number in range(3):
        if number % usage.UNKNOWN:
            chance.random()
        rows.append(f"{2 * number + 4},100.00,{chance.randrange(1, 100_000) / 10_000:.4f}\n")
    result.write_text(header + "".join(rows))
    assert usage.adds_up(result, 3)
    assert not usage.adds_up(result, 4)
    result.write_text(header + "".join(rows).replace("100.00", "99.00", 1))
    assert not usage.adds_up(result, 3)
