"""The components of a medley and the original of a version are shown with the work; all data invented."""

from __future__ import annotations

from pathlib import Path

from cwr_cases import full, least
from cwr_files import Record, Transaction, file_of
from hubs import answer, fresh_hub, send

from hub.catalogue.detail import detail


def work(number: str, *more: Record, iswc: str = "") -> Transaction:
    kind, values = full("2.2", "NWR")
    header = (kind, {**values, "work_number": number, "title": f"SONG {number}", "iswc": iswc})
    parties = [least("2.2", kind) for kind in ("SPU", "SPT", "SWR", "PWR")]
    return (header, *parties, *more)


def part(**values: str) -> Record:
    return "COM", {"writer_1_name": "ANNA", **values}


def test_components_are_found_in_the_catalogue_by_iswc_or_number(tmp_path: Path) -> None:
    medley = work(
        "M1",
        part(title="BY ISWC", iswc="T0345246801"),
        part(title="BY NUMBER", work_number="K2"),
        part(title="UNKNOWN", iswc="T9300000015"),
        part(title="ONLY NAMED"),
    )
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as hub:
        send(hub, file_of("2.2", ("NWR", [medley])))
        subject = answer(hub, "society-code:177:M1")["subject"]["id"]
        assert [item["work"] for item in detail(hub, "work", subject).as_json()["related"]] == [""] * 4
        send(hub, file_of("2.2", ("NWR", [work("K1", iswc="T0345246801"), work("K2")])))
        first, second = (answer(hub, f"society-code:177:{ref}")["subject"]["id"] for ref in ("K1", "K2"))
        found = detail(hub, "work", subject).as_json()["related"]
    assert [(item["title"], item["work"]) for item in found] == [
        ("BY ISWC", first),
        ("BY NUMBER", second),
        ("UNKNOWN", ""),
        ("ONLY NAMED", ""),
    ]
    assert {item["relation"] for item in found} == {"component"}
    assert found[0]["source"]["position"] == "line:3"
