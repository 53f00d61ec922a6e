"""What the hub sends as CWR is read back without a finding: answers and exports, in every version."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from cwr_cases import VERSIONS
from cwr_files import items_of
from hubs import fresh_hub, send

from hub.catalogue.export_cwr import export_cwr
from hub.context import Hub
from hub.errors import NotFound
from hub.intake.acknowledging import acknowledge
from schemas.declarations import AcknowledgementDeclaration, Rejection, WorkDeclaration
from schemas.findings import Finding

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / ".." / "shared" / "samples" / "cwr"
FEEDS = ROOT / "hub" / "demo" / "feeds"
FILES = {
    "02-kazak.V21": FEEDS,
    "03-altyn-dala.v22": FEEDS,
    "CW220001000_DMP.V21": SAMPLES,
    "CW220002DMP_0000_V3-0-0.SUB": SAMPLES,
    "ackexample.V21": SAMPLES,
    "demo_cwr_cleaned.v22": SAMPLES,
    "nwrexample2.V21": SAMPLES,
    "sample_cwr_2.2.txt": SAMPLES,
}
KEPT = frozenset({"cwr.lookup", "identifier.ipi_name"})
"""Remarks on values that are kept as they were sent: societies in no list, numbers that are made up."""


def faults_of(data: bytes) -> set[tuple[str, str, str]]:
    """What is found; the version decides which record names a party's society."""
    found = [item for item in items_of(data) if isinstance(item, Finding)]
    return {(item.code, item.field, item.value) for item in found}


def without_fault(data: bytes, sent: bytes) -> int:
    """How many statements a file holds, in which nothing may be found but values kept as they were sent."""
    items = items_of(data)
    assert not any(isinstance(item, Rejection) for item in items)
    kept = {item for item in faults_of(sent) if item[0] in KEPT}
    assert faults_of(data) <= kept
    return sum(isinstance(item, WorkDeclaration | AcknowledgementDeclaration) for item in items)


def exported(hub: Hub, version: str) -> tuple[int, int, bytes]:
    out = io.BytesIO()
    done = export_cwr(hub, out, version=version, society="177")
    return done.totals.transactions, done.left_out, out.getvalue()


@pytest.mark.parametrize("name", FILES)
def test_answers_and_exports_are_read_back_without_a_finding(name: str, tmp_path: Path) -> None:
    path = FILES[name] / name
    if not path.is_file():
        pytest.skip("no folder of real CWR files beside the repository")
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as hub:
        sent = path.read_bytes()
        report = send(hub, sent)
        out = io.BytesIO()
        done = acknowledge(hub, report.submission, out)
        assert without_fault(out.getvalue(), sent) == done.totals.transactions > 0
        works = report.by_kind.get("work", 0)
        kept = works - report.rejected
        for version in VERSIONS:
            if not kept:
                with pytest.raises(NotFound):
                    exported(hub, version)
                continue
            written, left_out, data = exported(hub, version)
            assert (written, left_out) == (kept, 0)
            assert without_fault(data, sent) == written
