"""Real CWR files, where they lie beside the repository: every line and transaction accounted for."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from parsers.cwr.detection import looks_like
from parsers.cwr.reader import read
from parsers.cwr.records import parse, write
from schemas.cwr.layouts import layouts
from schemas.declarations import AcknowledgementDeclaration, Header, Rejection, WorkDeclaration
from schemas.findings import Finding

SAMPLES = Path(__file__).resolve().parents[2] / ".." / "shared" / "samples" / "cwr"
pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="no folder of real CWR files beside the repository"
)

EXPECTED = {
    "CW220001000_DMP.V21": ("2.1", 0, 2, 0),
    "CW220002DMP_0000_V3-0-0.SUB": ("3.0", 1, 0, 0),
    "ackexample.V21": ("2.1", 0, 20, 0),
    "demo_cwr_cleaned.v22": ("2.2", 9, 1, 0),
    "nwrexample2.V21": ("2.1", 1, 0, 0),
    "sample_cwr_2.2.txt": ("2.2", 0, 0, 1),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_every_transaction_becomes_a_statement_or_a_rejection(name: str) -> None:
    path = SAMPLES / name
    version, works, answers, rejected = EXPECTED[name]
    assert looks_like(path.read_bytes()[:512])
    with path.open("rb") as stream:
        items = list(read(stream))
    assert isinstance(items[0], Header)
    assert items[0].version == version
    counts = [
        sum(isinstance(item, kind) for item in items)
        for kind in (WorkDeclaration, AcknowledgementDeclaration, Rejection)
    ]
    assert counts == [works, answers, rejected]
    assert not any(item.code == "cwr.stray_record" for item in items if isinstance(item, Finding))


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("ackexample.V21", "2.1"),
        ("demo_cwr_cleaned.v22", "2.2"),
        ("nwrexample2.V21", "2.1"),
        ("CW220001000_DMP.V21", "2.1"),
        ("CW220002DMP_0000_V3-0-0.SUB", "3.0"),
    ],
)
def test_every_line_is_written_as_it_was_read(name: str, version: str) -> None:
    known = layouts(version)
    lines = (SAMPLES / name).read_text(encoding="latin-1").splitlines()
    assert lines
    for line in lines:
        found = known[line[:3]]
        assert write(found, parse(found, line)).rstrip() == line[: found.size].rstrip()


@pytest.mark.parametrize("name", [name for name, counts in EXPECTED.items() if not counts[3]])
def test_a_file_written_record_by_record_says_the_same(name: str) -> None:
    known = layouts(EXPECTED[name][0])
    data = (SAMPLES / name).read_bytes()
    lines = [line for line in data.decode("latin-1").splitlines() if line.strip()]
    again = "\r\n".join(write(known[line[:3]], parse(known[line[:3]], line)) for line in lines)
    before, after = (list(read(io.BytesIO(item))) for item in (data, again.encode("latin-1")))
    assert [item for item in after if not isinstance(item, Finding)] == [
        item for item in before if not isinstance(item, Finding)
    ]


def test_a_registration_in_full() -> None:
    with (SAMPLES / "nwrexample2.V21").open("rb") as stream:
        items = list(read(stream))
    assert not any(isinstance(item, Finding) for item in items)
    (work,) = (item for item in items if isinstance(item, WorkDeclaration))
    assert [(claim.role, claim.chain, claim.controlled) for claim in work.claims] == [
        ("E", 1, True),
        ("AM", 1, True),
        ("CA", 1, True),
        ("CA", 0, False),
    ]
    assert [share.territories for claim in work.claims for share in claim.collection] == [
        ("2136",),
        ("2136",),
    ]
