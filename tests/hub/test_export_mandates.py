"""The register as CSV: read back equal, as known at an instant, and true after withdrawals."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from hubs import MANDATES, WORKS, answer, fresh_hub, send

from hub.context import Hub
from hub.db import times
from hub.mandates.export import ExportedMandates, export_mandates
from hub.mandates.withdrawals import Notice, withdraw


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        send(opened, WORKS)
        send(opened, MANDATES)
        yield opened


def exported(hub: Hub, **options: object) -> tuple[list[dict[str, str]], bytes, ExportedMandates]:
    out = io.BytesIO()
    done = export_mandates(hub, out, **options)  # type: ignore[arg-type]
    rows = list(csv.DictReader(io.StringIO(out.getvalue().decode(), newline="")))
    assert done.written == len(rows)
    assert done.read == done.written + done.withdrawn
    return rows, out.getvalue(), done


def test_what_is_written_reads_back_unchanged(hub: Hub) -> None:
    rows, data, _ = exported(hub)
    assert {row["mandate_ref"] for row in rows} == {"M1", "M2", "M3", "R1"}
    again = send(hub, data).as_json()
    assert (again["counts"]["stored"], again["counts"]["unchanged"]) == (0, 4)


def test_a_withdrawal_ends_a_mandate_and_the_past_stays_as_it_was(hub: Hub, tmp_path: Path) -> None:
    _, before, first = exported(hub)
    withdraw(hub, Notice("R1", "2025-12-01", "2026-02-01"), "052")
    withdraw(hub, Notice("M1", "2025-12-20", "2026-07-01", rights="MR"), "177")
    rows, data, done = exported(hub)
    by_ref = {row["mandate_ref"]: row for row in rows}
    assert by_ref["R1"]["valid_to"] == "2026-02-01"
    assert (by_ref["M1"]["valid_to"], by_ref["M1"]["withdrawals"]) == ("", "2026-07-01:MR:::")
    assert (done.ended, done.limited, done.withdrawn) == (1, 1, 0)
    assert exported(hub, known_at=times.parse(first.known_at))[1] == before
    assert {row["mandate_ref"] for row in exported(hub, holder="177")[0]} == {"M1", "R1"}
    assert exported(hub, declarant="901")[0] == []
    with fresh_hub(f"sqlite:///{tmp_path / 'other.db'}", tmp_path / "other") as other:
        send(other, WORKS)
        send(other, data)
        # After the withdrawal the same is payable to the same, in a hub that knows only this file.
        assert [line["payee"] for line in answer(other)["lines"]] == [
            line["payee"] for line in answer(hub)["lines"]
        ]


def test_what_was_withdrawn_before_it_began_is_counted_and_left_out(hub: Hub) -> None:
    withdraw(hub, Notice("R1", "2009-12-01", "2010-02-01"), "052")
    rows, _, done = exported(hub)
    assert "R1" not in {row["mandate_ref"] for row in rows}
    assert (done.read, done.written, done.withdrawn) == (4, 3, 1)
