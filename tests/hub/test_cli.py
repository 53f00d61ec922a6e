"""The command line as a person and a script meet it: exit codes, JSON on stdout only, three languages."""

from __future__ import annotations

import json
import string
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hubs import MANDATES, SOCIETIES, WORKS

from hub.cli.app import main
from hub.cli.words import table
from schemas.reasons import LANGUAGES

WHO = (
    "who-to-pay", "iswc:T9123456780", "--right", "PR", "--use", "radio", "--territory", "KZ",
    "--on", "2026-03-15",
)  # fmt: skip
STATUSES = {"payable", "disputed", "contested", "unclaimed", "unrepresented", "held"}


class Shell:
    """Runs ``hub`` in this process, in a folder of its own."""

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[bytes]
    ) -> None:
        self.folder = folder
        self.monkeypatch = monkeypatch
        self.capture = capture
        monkeypatch.setenv("HUB_DATA_DIR", str(folder / "data"))
        monkeypatch.delenv("HUB_DATABASE_URL", raising=False)
        monkeypatch.delenv("HUB_LANGUAGE", raising=False)

    def file(self, name: str, text: str) -> str:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        self.monkeypatch.setattr("sys.argv", ["hub", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        out, err = self.capture.readouterr()
        code = left.value.code
        assert isinstance(code, int)
        return code, out.decode(), err.decode()

    def json(self, *arguments: str, code: int = 0) -> Any:
        left, out, err = self(*arguments, "--json")
        assert left == code, err
        lines = [json.loads(line) for line in out.splitlines()]
        return lines[0] if len(lines) == 1 else lines


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Shell:
    return Shell(tmp_path, monkeypatch, capfdbinary)


@pytest.fixture
def filled(hub: Shell) -> Shell:
    assert hub("db", "upgrade")[0] == 0
    assert hub("societies", "import", hub.file("s.csv", SOCIETIES))[0] == 0
    assert hub("ingest", hub.file("w.csv", WORKS), "--as", "177")[0] == 0
    assert hub("mandates", "import", hub.file("m.csv", MANDATES), "--as", "177")[0] == 0
    return hub


def test_the_report_has_the_contracts_shape_and_repeats_as_unchanged(filled: Shell) -> None:
    name = filled.file("x.csv", WORKS.replace("ЖАЗҒЫ", "ҚЫСҚЫ").replace("K1", "K9"))
    first = filled.json("ingest", name, "--as", "177")
    assert set(first) >= {
        "submission", "sha256", "format", "version", "submitter", "status", "counts", "by_kind", "findings",
    }  # fmt: skip
    counts = first["counts"]
    assert counts["read"] == counts["stored"] + counts["rejected"] + counts["unchanged"] == 1
    assert (first["status"], first["by_kind"]["work"]) == ("accepted", 1)
    again = filled.json("ingest", name, "--as", "177")
    assert (again["status"], again["counts"]["unchanged"], again["counts"]["stored"]) == ("unchanged", 1, 0)


def test_findings_of_error_severity_leave_with_one_and_are_written(filled: Shell) -> None:
    name = filled.file("bad.csv", WORKS.replace(",50,50,", ",fifty,50,"))
    findings = filled.folder / "findings.ndjson"
    report = filled.json("ingest", name, "--as", "177", "--findings", str(findings), code=1)
    assert (report["status"], report["counts"]["rejected"]) == ("rejected", 1)
    written = [json.loads(line) for line in findings.read_text(encoding="utf-8").splitlines()]
    assert [item["severity"] for item in written].count("error") == report["findings"]["error"] >= 1
    assert all(item["position"] and item["text"] for item in written)


def test_the_answer_has_the_contracts_shape(filled: Shell) -> None:
    found = filled.json(*WHO, "--amount", "100.00", "--currency", "KZT")
    assert set(found) == {"question", "subject", "policy", "lines", "totals", "sources"}
    assert set(found["totals"]) == STATUSES
    assert {line["payee"]["society"] for line in found["lines"]} == {"177"}
    assert sorted(line["amount"] for line in found["lines"]) == ["25.00", "25.00", "50.00"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Payee", "payable 100.00", "Totals:")),
        ("kk", ("Алушы", "төленеді 100.00", "Барлығы:")),
        ("ru", ("Получатель", "к выплате 100.00", "Итого:")),
    ],
)
def test_tables_speak_three_languages(filled: Shell, language: str, words: tuple[str, ...]) -> None:
    code, out, _ = filled(*WHO, "--language", language)
    assert code == 0
    assert all(word in out for word in words)
    filled.monkeypatch.setenv("HUB_LANGUAGE", language)
    assert filled(*WHO)[1] == out


def test_a_report_and_its_findings_speak_kazakh(filled: Shell) -> None:
    name = filled.file("bad.csv", WORKS.replace(",50,50,", ",fifty,50,"))
    code, out, _ = filled("ingest", name, "--as", "177", "--language", "kk")
    assert code == 1
    assert "қабылданбады" in out
    assert "Не істеу керек" in out


def test_every_word_stands_in_three_languages_with_the_same_parts() -> None:
    for key, said in table().items():
        assert all(said[language].strip() for language in LANGUAGES), key
        parts = [
            {name for _, name, _, _ in string.Formatter().parse(said[language]) if name}
            for language in LANGUAGES
        ]
        assert parts[0] == parts[1] == parts[2], key


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        (("who-to-pay", "iswc:T0000000010", *WHO[2:]), 1, "unknown_subject"),
        (("who-to-pay", "nonsense", *WHO[2:]), 2, "usage"),
        ((*WHO[:-1], "yesterday"), 2, "usage"),
        (("ingest", "missing.csv", "--as", "177"), 2, "usage"),
        (("mandates", "show", "nothing"), 1, "not_found"),
    ],
)
def test_a_refusal_is_json_on_stdout_and_one_sentence_on_stderr(
    filled: Shell, arguments: tuple[str, ...], code: int, error: str
) -> None:
    left, out, err = filled(*arguments, "--json")
    found = json.loads(out)
    assert (left, found["error"]) == (code, error)
    assert found["detail"] in " ".join(err.split())


def test_an_unusable_database_is_broken_surroundings(hub: Shell) -> None:
    blocked = hub.file("a-file", "")
    left, out, _ = hub(*WHO, "--json", "--db", f"sqlite:///{blocked}/hub.db")
    assert left == 3
    assert json.loads(out)["error"] == "surroundings"


def test_a_withdrawal_and_the_register_through_commands(filled: Shell) -> None:
    evidence = filled.file("letter.txt", "we leave")
    done = filled.json(
        "withdraw", "--mandate", "M2", "--notice", "2025-11-01", "--effective", "2026-02-01", "--as", "052",
        "--evidence", evidence,
    )  # fmt: skip
    assert done["effective"] == "2026-02-01"
    found = filled.json(*WHO)
    assert found["totals"]["unrepresented"] == "25.00"
    listed = filled.json("mandates", "list")
    assert len(listed) == 4
    assert filled("mandates", "list")[1].count("declaration") == 3
    assert filled.json("audit", "verify")["broken_at"] is None


def test_every_listing_prints_a_table_and_json(filled: Shell) -> None:
    for arguments in (("societies", "list"), ("mandates", "list"), ("review", "list"), ("search", "кеш")):
        code, out, err = filled(*arguments)
        assert (code, err) == (0, "")
        assert out.strip()
        assert isinstance(filled.json(*arguments), list)
    assert filled.json("match", "--full")["subjects"] >= 0
    assert filled.json("doctor", code=0)


def test_the_root_prints_its_version_and_help(hub: Shell) -> None:
    assert hub("--version")[1].startswith("repertoire-hub ")
    assert "who-to-pay" in hub("--help")[1]


def test_a_period_is_answered_segment_by_segment(filled: Shell) -> None:
    asked = ("who-to-pay", "iswc:T9123456780", "--right", "PR", "--use", "radio", "--territory", "KZ")
    filled.json(
        "withdraw", "--mandate", "M2", "--notice", "2025-11-01", "--effective", "2026-02-01", "--as", "052"
    )
    found = filled.json(*asked, "--from", "2026-01-01", "--to", "2026-03-01")
    assert [item["question"]["from"] for item in found] == ["2026-01-01", "2026-02-01"]
    code, out, _ = filled(*asked, "--from", "2026-01-01", "--to", "2026-03-01")
    assert (code, out.count("Totals:")) == (0, 2)
    for wrong in (("--from", "2026-01-01"), ("--on", "2026-01-01", "--to", "2026-02-01"), ()):
        assert filled(*asked, *wrong)[0] == 2


def test_the_demo_ends_with_an_answer_of_every_kind_of_line(hub: Shell) -> None:
    code, out, err = hub("demo")
    assert code == 0, err
    last = out[out.rindex("┏") :]
    for status in ("payable", "disputed", "unrepresented"):
        assert status in last
    assert "90000100104 > 177" in last
    assert "Totals: payable 50.00, disputed 30.00, unrepresented 20.00" in last


def test_a_command_loads_nothing_that_only_others_need() -> None:
    seen = "import sys; import hub.cli.app; print([name for name in sys.modules if name in %r])"
    others = ("fastapi", "lxml", "numpy", "rapidfuzz", "xmlschema", "hub.intake", "hub.bench")
    done = subprocess.run(
        [sys.executable, "-c", seen % (others,)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
