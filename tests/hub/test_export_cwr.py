"""Registrations written from the catalogue, and the commands that write files; data invented."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hubs import SOCIETIES, WORK_HEADER, WORKS, fresh_hub, send

from hub.catalogue.export_cwr import Exported, export_cwr
from hub.cli.app import main
from hub.context import Hub
from hub.errors import NotFound, UnknownSubject, UsageError
from parsers.cwr.reader import read
from schemas.declarations import Rejection, WorkDeclaration
from schemas.findings import Finding

FEED = Path(__file__).resolve().parents[2] / "hub" / "demo" / "feeds" / "02-kazak.V21"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as opened:
        yield opened


def works_in(data: bytes) -> list[WorkDeclaration]:
    return [item for item in read(io.BytesIO(data)) if isinstance(item, WorkDeclaration)]


def exported(hub: Hub, **options: Any) -> tuple[list[WorkDeclaration], Exported, bytes]:
    out = io.BytesIO()
    done = export_cwr(hub, out, **{"version": "2.2", "society": "177", **options})
    items = list(read(io.BytesIO(out.getvalue())))
    assert not any(isinstance(item, Finding | Rejection) for item in items)
    assert done.totals.transactions == len(items) - 1
    return works_in(out.getvalue()), done, out.getvalue()


@pytest.mark.parametrize("version", ["3.0", "3.1"])
def test_version_3_says_what_is_collected(hub: Hub, version: str) -> None:
    send(hub, FEED.read_bytes())
    found, done, data = exported(hub, version=version)
    before = {work.ref: work for work in works_in(FEED.read_bytes())}
    assert {work.ref for work in found} == before.keys()
    for work in found:
        stated = [claim.collection for claim in before[work.ref].claims if claim.collection]
        assert [claim.collection for claim in work.claims if claim.collection][: len(stated)] == stated
    assert done.file_name.endswith(f"_V{version[0]}-{version[2]}-0.SUB")
    assert data.startswith(b"HDRSO177 KAZAK")


def test_version_2_0_is_ascii_throughout(hub: Hub) -> None:
    send(hub, FEED.read_bytes())
    found, _, data = exported(hub, version="2.0")
    assert data.isascii()
    assert len(found) == len(works_in(FEED.read_bytes()))


@pytest.mark.parametrize("version", ["2.1", "2.2"])
def test_what_came_as_cwr_leaves_as_the_same_registrations(hub: Hub, version: str) -> None:
    send(hub, FEED.read_bytes())
    found, done, data = exported(hub, version=version)
    assert sorted(found, key=lambda work: work.ref) == sorted(
        works_in(FEED.read_bytes()), key=lambda work: work.ref
    )
    assert (done.left_out, done.findings) == (0, ())
    assert data.startswith(b"HDRSO000000177KAZAK")


def test_what_a_society_exports_it_can_take_in_again_unchanged(hub: Hub) -> None:
    send(hub, FEED.read_bytes())
    report = send(hub, exported(hub, version="2.1")[2])
    assert (report.status, report.unchanged, report.stored) == ("unchanged", 8, 0)


def test_a_csv_register_becomes_registrations_of_the_societys_members(hub: Hub) -> None:
    send(hub, WORKS)
    (work,), done, _ = exported(hub)
    assert (work.ref, work.title) == ("K1", "ZHAZGHY KESH")
    assert work.titles[0].text == "ЖАЗҒЫ КЕШ"
    assert [(claim.party.ipi_name, claim.controlled) for claim in work.claims] == [
        ("90000007581", False),
        ("90000000109", True),
        ("90000003887", False),
    ]
    assert {item.code for item in done.findings} == {"cwr.write_folded"}


def test_works_are_chosen_by_number_or_subject(hub: Hub) -> None:
    send(hub, FEED.read_bytes())
    found, _, _ = exported(hub, works=["KZ-W-0003", "iswc:T9300000015"], transaction="REV")
    assert [work.ref for work in found] == ["KZ-W-0001", "KZ-W-0003"]
    found, _, data = exported(hub, works=["society-code:177:KZ-W-0002"])
    assert ([work.ref for work in found], data.count(b"GRHNWR")) == (["KZ-W-0002"], 1)


def test_a_work_that_cwr_cannot_say_is_left_out_and_told(hub: Hub) -> None:
    send(hub, f"{WORK_HEADER}{'L' * 15},A,,P,,CA,177,100,100,\nK2,B,,P,,CA,177,100,100,\n")
    found, done, _ = exported(hub)
    assert ([work.ref for work in found], done.left_out) == (["K2"], 1)
    assert [item.position for item in done.findings if item.severity == "error"][-1] == f"work:{'L' * 15}"


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"version": "1.0"}, UsageError),
        ({"transaction": "AGR"}, UsageError),
        ({"encoding": "KOI8-R"}, UsageError),
        ({"society": ""}, UsageError),
        ({"society": "999"}, NotFound),
        ({"works": ["NOTHING"]}, UnknownSubject),
        ({"works": ["iswc:T0345246801"]}, UnknownSubject),
    ],
)
def test_what_cannot_be_exported_is_refused(hub: Hub, options: dict[str, Any], fault: type) -> None:
    with pytest.raises(fault):
        exported(hub, **options)


def test_the_hubs_own_society_is_the_default(hub: Hub) -> None:
    send(hub, WORKS)
    own = replace(hub, settings=replace(hub.settings, society="177"))
    assert [work.ref for work in exported(own, society="")[0]] == ["K1"]


class Shell:
    """Runs ``hub`` in this process, in a folder of its own."""

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[bytes]
    ) -> None:
        self.monkeypatch = monkeypatch
        self.capture = capture
        monkeypatch.setenv("HUB_DATA_DIR", str(folder / "data"))
        for name in ("HUB_DATABASE_URL", "HUB_LANGUAGE", "HUB_SOCIETY"):
            monkeypatch.delenv(name, raising=False)

    def __call__(self, *arguments: str) -> tuple[int, bytes, str]:
        self.monkeypatch.setattr("sys.argv", ["hub", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        out, err = self.capture.readouterr()
        assert isinstance(left.value.code, int)
        return left.value.code, out, err.decode()


@pytest.fixture
def shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Shell:
    opened = Shell(tmp_path, monkeypatch, capfdbinary)
    (tmp_path / "s.csv").write_text(SOCIETIES, encoding="utf-8")
    assert opened("societies", "import", str(tmp_path / "s.csv"))[0] == 0
    return opened


def test_the_commands_write_files_and_json(shell: Shell, tmp_path: Path) -> None:
    report = json.loads(shell("ingest", str(FEED), "--as", "177", "--json")[1])
    target = tmp_path / "out.V21"
    code, out, _ = shell("ack", report["submission"], "--output", str(target), "--json")
    found = json.loads(out)
    assert (code, found["counts"]["transactions"], found["file_name"][-8:]) == (0, 8, "_177.V21")
    assert len(target.read_bytes().splitlines()) == found["counts"]["records"]
    assert shell("ack", report["submission"])[1][:14] == b"HDRSO000000000"
    code, out, _ = shell("export", "cwr", "--version", "2.2", "--society", "177", "-o", str(target), "--json")
    found = json.loads(out)
    assert (code, found["counts"], found["findings"]) == (0, {"written": 8, "left_out": 0}, [])
    assert found["file_name"].endswith("0001177_000.V22")
    assert len(works_in(target.read_bytes())) == 8
    code, out, err = shell("export", "cwr", "--version", "2.1", "--society", "177", "--work", "KZ-W-0002")
    assert (code, [work.ref for work in works_in(out)]) == (0, ["KZ-W-0002"])
    assert "1 works written" in err
    assert list(tmp_path.glob("*.part")) == []


def test_the_commands_refuse_in_one_sentence_and_leave_no_file(shell: Shell, tmp_path: Path) -> None:
    target = tmp_path / "out.V21"
    assert shell("ack", "nothing", "-o", str(target))[0] == 1
    assert shell("ack", "nothing", "--json")[0] == 2
    assert shell("export", "cwr", "--version", "9.9", "--society", "177", "-o", str(target))[0] == 2
    blocked = tmp_path / "s.csv" / "out.V21"
    assert shell("export", "cwr", "--version", "2.1", "--society", "177", "-o", str(blocked))[0] == 3
    assert not target.exists()


def test_works_left_out_exit_with_one_and_are_listed(shell: Shell, tmp_path: Path) -> None:
    feed = tmp_path / "w.csv"
    feed.write_text(f"{WORK_HEADER}{'L' * 15},A,,P,,CA,177,100,100,\n", encoding="utf-8")
    assert shell("ingest", str(feed), "--as", "177")[0] == 0
    target = str(tmp_path / "out.V21")
    code, out, err = shell(
        "export", "cwr", "--version", "2.1", "--society", "177", "-o", target, "--language", "ru"
    )
    assert code == 1
    assert "не записано" in " ".join(out.decode().split())
    assert "1 left out" in err


def test_a_society_without_registrations_gets_no_file(shell: Shell, tmp_path: Path) -> None:
    target = tmp_path / "out.V21"
    code, out, err = shell("export", "cwr", "--version", "2.1", "--society", "177", "-o", str(target))
    assert (code, out, target.exists()) == (1, b"", False)
    assert "society 177 has no registration to write" in err
    assert list(tmp_path.glob("*.part")) == []


def test_nothing_is_written_where_every_work_is_left_out(hub: Hub) -> None:
    send(hub, f"{WORK_HEADER}{'L' * 15},A,,P,,CA,177,100,100,\n".encode())
    out = io.BytesIO(b"before")
    out.seek(6)
    done = export_cwr(hub, out, version="2.1", society="177")
    assert (done.totals.transactions, done.left_out, out.getvalue()) == (0, 1, b"before")
    assert [item.code for item in done.findings][-1] == "cwr.write_work_left_out"
