"""A society's works as BWARM: another hub that reads them answers the same, and what has no place is told."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hubs import MANDATES, WORKS, answer, fresh_hub, send

from hub.catalogue.export_bwarm import ExportedWorks, export_bwarm
from hub.context import Hub
from hub.db import times
from hub.errors import NotFound, UsageError
from schemas.ddex import bwarm

RECORDINGS = (
    "recording_ref,isrc,title,artist,duration,year,works,party_name,party_id,role,right,share,territories,society\n"
    "R1,KZA012500001,ЖАЗҒЫ КЕШ,Ән тобы,200,2025,K1,,,,,,,\n"
)


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        for feed in (WORKS, RECORDINGS, MANDATES):
            send(opened, feed)
        yield opened


def exported(hub: Hub, **options: object) -> tuple[bytes, ExportedWorks]:
    out = io.BytesIO()
    done = export_bwarm(hub, out, **options)  # type: ignore[arg-type]
    return out.getvalue(), done


def test_another_hub_answers_the_same_from_the_delivery(hub: Hub, tmp_path: Path) -> None:
    data, done = exported(hub, society="177")
    assert {name: count for name, count in done.rows.items() if count} == {
        "works.tsv": 1, "parties.tsv": 3, "workrightshares.tsv": 5, "recordings.tsv": 1,
        "worksrecordings.tsv": 1,
    }  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        lines = {name: archive.read(name).count(b"\n") for name in archive.namelist()}
    assert lines == done.rows == {name: done.rows[name] for name in bwarm.tables()}
    # The contract's tables name a society for each party; BWARM has no place for that.
    assert {item.field for item in done.findings} == {"affiliations"}
    with fresh_hub(f"sqlite:///{tmp_path / 'other.db'}", tmp_path / "other") as other:
        report = send(other, data).as_json()
        assert (report["format"], report["version"], report["status"]) == ("bwarm", "1.0", "accepted")
        assert report["counts"] == {"read": 2, "stored": 2, "rejected": 0, "unchanged": 0}
        send(other, MANDATES)
        for subject in ("iswc:T9123456780", "isrc:KZA012500001"):
            mine, theirs = answer(hub, subject), answer(other, subject)
            assert mine["totals"] == theirs["totals"]
            assert [(line["share"], line["payee"]) for line in mine["lines"]] == [
                (line["share"], line["payee"]) for line in theirs["lines"]
            ]
            # Without a mandate for the right, what the registration names as society is missed.
            mine, theirs = answer(hub, subject, right="MR"), answer(other, subject, right="MR")
            assert [(line["party"], line["share"]) for line in mine["lines"]] == [
                (line["party"], line["share"]) for line in theirs["lines"]
            ]
        assert send(other, data).as_json()["status"] == "unchanged"


def test_an_earlier_instant_gives_the_same_bytes_for_ever(hub: Hub) -> None:
    data, done = exported(hub, society="177")
    send(hub, WORKS.replace("ЖАЗҒЫ", "ҚЫСҚЫ"))
    assert exported(hub, society="177")[0] != data
    assert exported(hub, society="177", known_at=times.parse(done.known_at))[0] == data
    assert exported(hub, society="901")[1].rows["works.tsv"] == 0


def test_somebody_must_be_named(hub: Hub) -> None:
    with pytest.raises(UsageError, match="HUB_SOCIETY"):
        exported(hub)
    with pytest.raises(NotFound):
        exported(hub, society="999")
