"""The catalogue as Parquet: rows as the database has them, typed, and the same bytes for the same instant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hubs import MANDATES, WORKS, fresh_hub, row_counts, send

from hub.catalogue.export_parquet import export_parquet
from hub.catalogue.parquet_tables import TABLES
from hub.context import Hub
from hub.db import times
from hub.errors import UsageError
from hub.mandates.withdrawals import Notice, withdraw

pyarrow_parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow, of the extra parquet, is absent")

RECORDINGS = (
    "recording_ref,isrc,title,artist,duration,year,works,party_name,party_id,role,right,share,territories,society\n"
    "R1,KZA012500001,ЖАЗҒЫ КЕШ,Ән тобы,200,2025,K1=60,,,,,,,\n"
    "R2,KZA012500002,КҮЗГІ КЕШ,Ән тобы,200,2025,K1,,,,,,,\n"
)


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        for feed in (WORKS, RECORDINGS, MANDATES):
            send(opened, feed)
        yield opened


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pyarrow_parquet.read_table(folder / f"{table}.parquet").to_pylist()
    return found


def test_every_row_is_there_with_its_type(hub: Hub, tmp_path: Path) -> None:
    done = export_parquet(hub, tmp_path / "out")
    counts = row_counts(hub)
    assert done.rows["claims"] == counts["claim"]
    assert done.rows["subjects"] == counts["declaration"]
    assert done.rows["mandates"] == counts["mandate"]
    assert done.rows == {name: len(rows(tmp_path / "out", name)) for name in done.rows}
    assert set(done.rows) == {table.name for table in TABLES} | {"withdrawals"}
    claim = rows(tmp_path / "out", "claims")[0]
    assert isinstance(claim["share"], Decimal)
    assert claim["valid_from"] is None
    works = {row["weight"] for row in rows(tmp_path / "out", "works_named")}
    assert works == {Decimal("60.000000"), None}
    mandate = rows(tmp_path / "out", "mandates")[0]
    assert isinstance(mandate["valid_from"], dt.date)
    assert mandate["valid_to"] is None
    subject = rows(tmp_path / "out", "subjects")[0]
    assert subject["known_from"].tzinfo is not None
    assert all(row["cluster"] for row in rows(tmp_path / "out", "subjects") if row["kind"] != "mandate")


def test_an_earlier_instant_gives_what_was_known_then_byte_for_byte(hub: Hub, tmp_path: Path) -> None:
    before = export_parquet(hub, tmp_path / "before")
    mandate = rows(tmp_path / "before", "mandates")[0]
    notice = Notice(mandate=mandate["mandate_ref"], notice="2026-01-15", effective="2026-09-01")
    withdraw(hub, notice, mandate["holder"])
    send(hub, WORKS.replace("K1", "K9"))
    after = export_parquet(hub, tmp_path / "after")
    assert after.rows["subjects"] > before.rows["subjects"]
    assert [row["effective"] for row in rows(tmp_path / "after", "withdrawals")] == [dt.date(2026, 9, 1)]
    assert before.rows["withdrawals"] == 0
    again = export_parquet(hub, tmp_path / "again", known_at=times.parse(before.known_at))
    assert again == before
    for table in before.rows:
        name = f"{table}.parquet"
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "before" / name).read_bytes()


def test_nothing_is_written_over_and_nothing_half_done_stays(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(UsageError, match="there already"):
        export_parquet(hub, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
    assert not (tmp_path / "out.part").exists()
