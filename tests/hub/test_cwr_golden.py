"""Every record type of every CWR version: a file, what is found in it, what is declared and answered.

``tests/golden/cwr/VERSION/RECORD.cwr`` is the file; beside it ``.json`` holds the findings and declarations,
``.ack`` the acknowledgement (empty where the standard answers nothing). ``HUB_WRITE_GOLDEN=1`` writes them
anew from the record tables; the difference is then read, not trusted.
"""

from __future__ import annotations

import datetime as dt
import io
import os
from pathlib import Path
from typing import Any

import orjson
import pytest
from cwr_cases import VERSIONS, case, records
from hubs import fresh_hub, send

from hub import __version__
from hub.context import Hub
from hub.errors import UsageError
from hub.intake.acknowledging import acknowledge
from parsers.cwr.reader import read
from schemas.declaration_content import content
from schemas.declarations import Header, Rejection
from schemas.findings import Finding

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "cwr"
WRITE = bool(os.environ.get("HUB_WRITE_GOLDEN"))
NOON = dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC)
VERSION_SIZE = 30


def outcome(data: bytes) -> dict[str, Any]:
    """What a reader makes of a file."""
    found: dict[str, Any] = {"findings": [], "rejected": [], "declared": []}
    for item in read(io.BytesIO(data)):
        if isinstance(item, Finding):
            found["findings"].append(
                [item.severity, item.code, item.position, item.record, item.field, item.text("en")]
            )
        elif isinstance(item, Rejection):
            found["rejected"].append([item.kind, item.position, item.ref])
        elif isinstance(item, Header):
            found["header"] = content(item)
        else:
            found["declared"].append({"kind": item.kind, "position": item.position, **content(item)})
    return found


def answered(hub: Hub, data: bytes) -> str:
    """The acknowledgement, without the version of the program in its header."""
    report = send(hub, data)
    out = io.BytesIO()
    try:
        acknowledge(hub, report.submission, out, moment=NOON)
    except UsageError:
        return ""
    return out.getvalue().decode().replace(__version__.ljust(VERSION_SIZE), "X.Y.Z".ljust(VERSION_SIZE))


def faultless(answer: str) -> bool:
    """Whether an answer, if there is one, is read without any remark."""
    return not answer or not any(isinstance(item, Finding) for item in read(io.BytesIO(answer.encode())))


def as_text(found: dict[str, Any]) -> str:
    return orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS).decode() + "\n"


@pytest.mark.parametrize("version", VERSIONS)
def test_each_record_type_is_read_and_answered_as_written_down(version: str, tmp_path: Path) -> None:
    folder = GOLDEN / version
    if WRITE:
        folder.mkdir(parents=True, exist_ok=True)
        for kind in records(version):
            (folder / f"{kind}.cwr").write_bytes(case(version, kind))
    assert sorted(path.stem for path in folder.glob("*.cwr")) == records(version)
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as hub:
        for kind in records(version):
            path = folder / f"{kind}.cwr"
            data = path.read_bytes()
            results = {".json": as_text(outcome(data)), ".ack": answered(hub, data)}
            assert faultless(results[".ack"]), (
                f"{version} {kind}: the answer is not read back without a finding"
            )
            for ending, text in results.items():
                expected = path.with_suffix(ending)
                if WRITE:
                    expected.write_bytes(text.encode())
                assert expected.read_bytes().decode() == text, f"{version} {kind}{ending}"


@pytest.mark.parametrize("version", VERSIONS)
def test_the_files_are_those_of_the_tables(version: str) -> None:
    for kind in records(version):
        assert (GOLDEN / version / f"{kind}.cwr").read_bytes() == case(version, kind), f"{version} {kind}"
