"""Real CWR files, where they lie beside the repository: every line and transaction accounted for."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

import pytest

from parsers.cwr.detection import looks_like
from parsers.cwr.reader import read
from parsers.cwr.records import parse, write
from schemas.cwr.layouts import Layout, layouts
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
    "demo_cwr_cleaned.v22": ("2.2", 6, 1, 3),
    "nwrexample2.V21": ("2.1", 1, 0, 0),
    "sample_cwr_2.2.txt": ("2.2", 0, 0, 1),
}


Errors = dict[tuple[str, str], str]
DESERVED: dict[str, Errors] = {
    "CW220001000_DMP.V21": {},
    "CW220002DMP_0000_V3-0-0.SUB": {},
    "ackexample.V21": {},
    "nwrexample2.V21": {},
    "demo_cwr_cleaned.v22": {
        ("cwr.share_total", "line:21"): "the two rights MR and SR are each owned to 125 percent",
        (
            "cwr.collection_total",
            "line:49",
        ): "one sub-publisher collects all of MR and SR in the world, another"
        " all of them in the Netherlands, and the writer half of PR there beside both",
        ("cwr.chain_collection", "line:50"): "the chain owns 44.10 of PR and collects 100 in the Netherlands",
        ("cwr.collector_without_ipi", "line:64"): "a sub-publisher collects, but its IPI name number is zero",
        ("cwr.transaction_rejected", "line:59"): "sums up what costs the transaction",
    },
    "sample_cwr_2.2.txt": {
        (
            "cwr.transaction_unknown",
            "line:3",
        ): "version 2.2 has no WRK; its fields stand where neither version"
        " has them, so that reading it as 3.0 would invent facts",
    },
}
"""Every error in the real files, with what the file does to deserve it."""

REMARKS = {
    "CW220001000_DMP.V21": {"cwr.count": 2},
    "CW220002DMP_0000_V3-0-0.SUB": {},
    "ackexample.V21": {"cwr.group_repeated": 1, "cwr.sequence": 1, "cwr.count": 2},
    "nwrexample2.V21": {},
    "demo_cwr_cleaned.v22": {
        "cwr.group_type": 4,
        "cwr.sequence": 3,
        "cwr.count": 4,
        "cwr.lookup": 1,
        "identifier.ipi_name": 35,
        "cwr.message_place": 1,
    },
    "sample_cwr_2.2.txt": {
        "cwr.date": 1,
        "cwr.missing": 3,
        "cwr.edi_version": 1,
        "cwr.lookup": 1,
        "cwr.sequence": 1,
        "cwr.count": 2,
    },
}
"""How often every other finding is made: control totals and numbering that are wrong, made-up IPI numbers."""


def findings_in(name: str) -> list[Finding]:
    with (SAMPLES / name).open("rb") as stream:
        return [item for item in read(stream) if isinstance(item, Finding)]


def test_no_real_file_is_left_out() -> None:
    lying = {path.name for path in SAMPLES.iterdir() if path.name != "README.md"}
    assert EXPECTED.keys() == DESERVED.keys() == REMARKS.keys()
    assert EXPECTED.keys() <= lying


@pytest.mark.parametrize("name", EXPECTED)
def test_every_error_is_one_that_the_file_deserves(name: str) -> None:
    found = findings_in(name)
    errors = {(item.code, item.position) for item in found if item.severity == "error"}
    assert errors == DESERVED[name].keys()
    assert all(DESERVED[name].values())
    assert Counter(item.code for item in found if item.severity != "error") == REMARKS[name]


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


def columns(name: str, line: str) -> Layout:
    """The layout of a line; a record that the version does not have has that of the version that has it."""
    known = layouts(EXPECTED[name][0])
    return known.get(line[:3]) or layouts("3.0")[line[:3]]


@pytest.mark.parametrize("name", EXPECTED)
def test_every_line_is_written_as_it_was_read(name: str) -> None:
    lines = [line for line in (SAMPLES / name).read_text(encoding="latin-1").splitlines() if line.strip()]
    assert lines
    for line in lines:
        found = columns(name, line)
        assert write(found, parse(found, line)).rstrip() == line[: found.size].rstrip()


@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_written_record_by_record_says_the_same(name: str) -> None:
    data = (SAMPLES / name).read_bytes()
    lines = [line for line in data.decode("latin-1").splitlines() if line.strip()]
    again = "\r\n".join(write(columns(name, line), parse(columns(name, line), line)) for line in lines)
    before, after = (list(read(io.BytesIO(item))) for item in (data, again.encode("latin-1")))
    assert [item for item in after if not isinstance(item, Finding)] == [
        item for item in before if not isinstance(item, Finding)
    ]
    assert [item.code for item in after if isinstance(item, Finding)] == [
        item.code for item in before if isinstance(item, Finding)
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
