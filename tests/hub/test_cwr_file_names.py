"""A file that was renamed is read all the same, and its name is remarked on; all data invented."""

from __future__ import annotations

from pathlib import Path

import pytest
from cwr_files import file_of
from hubs import fresh_hub, send

WORK = (
    (
        "NWR",
        {
            "title": "A SONG",
            "work_number": "K1",
            "distribution_category": "POP",
            "version_type": "ORI",
            "recorded_indicator": "U",
        },
    ),
    ("OWR", {"name": "WRITER", "writer_type": "CA", "pr_share": "10000"}),
)


@pytest.mark.parametrize(
    ("name", "warnings"),
    [
        ("", 0),
        ("CW260001177_000.V22", 0),
        ("CW260001177_000.V21", 1),
        ("CW260001052_000.V22", 1),
        ("x.txt", 0),
    ],
)
def test_the_header_counts(name: str, warnings: int, tmp_path: Path) -> None:
    data = file_of("2.2", ("NWR", [WORK]), sender_type="SO", sender_id="000000177")
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as hub:
        report = send(hub, data, filename=name)
    assert (report.version, report.stored, report.warnings) == ("2.2", 1, warnings)
