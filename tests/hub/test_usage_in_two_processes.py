"""A report read by a second process: the same bytes, counts and findings, and no process left behind."""

from __future__ import annotations

import gzip
import io
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dsr_reports
import pytest
from dsr_reports import block
from hubs import MANDATES, WORKS, fresh_hub, send
from second_processes import linux, second_processes

from hub.context import Hub
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.errors import UsageError
from hub.usage import lots
from hub.usage.claim_file import ClaimFile
from hub.usage.rechecking import recheck_usage
from hub.usage.resolving import resolve_usage
from schemas.findings import Finding

LINES = 150
CSV = "line_ref,subject,right,use,territory,on,amount,currency\n" + "".join(
    f"L{n},iswc:T{'912345678' if n % 3 else '900000001'}0,PR,{('radio', 'tv', 'nonsense')[n % 5 % 3]},KZ,"
    f"2026-03-{n % 28 + 1:02d},{n}.{'001' if n % 11 == 0 else '01'},KZT\n"
    for n in range(LINES)
)
DSR = dsr_reports.report(
    [
        text
        for n in range(LINES)
        for text in block(n, isrc="nonsense" if n % 9 == 0 else "", iswc="T9123456780", streams=str(n))
    ],
    blocks=LINES + 1,
)
REPORTS = {
    "csv": CSV.encode(),
    "csv-a-multiple-of-a-lot": CSV.encode().rpartition(b"\nL147")[0],
    "dsr": DSR,
    "dsr-gzip": gzip.compress(DSR),
    "dsr-without-footer": DSR.rpartition(b"FOOT")[0],
    "only-a-header": CSV.partition("\n")[0].encode(),
    "no-report": b"this is nothing that anybody reports with",
    "not-utf-8": DSR[: len(DSR) // 2] + b"\xff" + DSR[len(DSR) // 2 :],
    "not-utf-8-csv": CSV.encode()[:5000] + b"\xff",
    "cut-gzip": gzip.compress(DSR)[:-200],
}


@pytest.fixture(autouse=True)
def small_lots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lots, "LOT", 7)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[list[Hub]]:
    """The same hub for one process and for two."""
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    with (
        fresh_hub(url, tmp_path / "one") as alone,
        fresh_hub(url, tmp_path / "two", second_process=1) as both,
    ):
        send(alone, WORKS)
        send(alone, MANDATES)
        yield [alone, both]


def told(hub: Hub, path: Path, **options: Any) -> tuple[str, object, list[Finding]]:
    """The result, its summary or what was wrong, and the findings."""
    out = io.StringIO()
    found: list[Finding] = []
    with path.open("rb") as stream:
        try:
            done: object = resolve_usage(
                hub, stream, out, path=path, remark=found.append, **options
            ).as_json()
        except UsageError as fault:
            return "", fault.detail, found
    return out.getvalue(), done, found


@pytest.mark.parametrize("name", REPORTS)
def test_two_processes_write_what_one_does(name: str, two: list[Hub], tmp_path: Path) -> None:
    path = tmp_path / "report"
    path.write_bytes(REPORTS[name])
    with reading(two[0].engine) as connection:
        at = horizon(connection)
    forms: list[Callable[[], ClaimFile | None]] = [lambda: None, lambda: ClaimFile("177")]
    for form in forms:
        one, both = (told(hub, path, known_at=at, form=form(), rights=["PR=25", "MR=75"]) for hub in two)
        assert one == both
    assert isinstance(one[1], str) is (name in ("no-report", "not-utf-8", "not-utf-8-csv", "cut-gzip"))
    assert bool(one[2]) is name.startswith("dsr")


@linux
def test_the_first_process_reads_on_when_the_second_is_killed(
    two: list[Hub], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "report"
    path.write_bytes(DSR)
    killed: list[int] = []

    def kill(_: int, read: int) -> None:
        if read >= LINES // 2 and not killed:
            killed.extend(second_processes(os.getpid()))
            for number in killed:
                os.kill(number, signal.SIGKILL)

    with reading(two[0].engine) as connection:
        at = horizon(connection)
    one, both = (told(hub, path, known_at=at, progress=kill) for hub in reversed(two))
    assert len(killed) == 1
    assert "reads on by itself" in caplog.text
    assert one == both


@linux
def test_a_job_that_is_given_up_ends_its_second_process(two: list[Hub], tmp_path: Path) -> None:
    path = tmp_path / "report"
    path.write_bytes(DSR)
    seen: list[int] = []

    def give_up(done: int, read: int) -> None:
        seen.extend(second_processes(os.getpid()))
        assert done <= len(DSR)
        if read:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        told(two[1], path, progress=give_up)
    assert seen
    assert second_processes(os.getpid()) == []


def test_what_changed_is_the_same_from_two_processes(two: list[Hub], tmp_path: Path) -> None:
    path = tmp_path / "report"
    path.write_bytes(CSV.encode())
    with reading(two[0].engine) as connection:
        at = horizon(connection)
    send(two[0], MANDATES.replace("2010-01-01", "2026-03-10"))
    found = []
    for hub in two:
        out = io.StringIO()
        with path.open("rb") as stream:
            done = recheck_usage(hub, stream, out, then=at, path=path)
        found.append((out.getvalue(), done.as_json()))
    assert found[0] == found[1]
    assert found[0][1]["read"] == LINES
    assert found[0][1]["lines_changed"] > 0
