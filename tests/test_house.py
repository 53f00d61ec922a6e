"""The house keeps its own rules: sizes, tables, locks, packaging, and documents that name what exists."""

from __future__ import annotations

import ast
import csv
import re
import string
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from hub import errors, refusals
from schemas.findings import LANGUAGES, rules

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("hub", "parsers", "matching", "schemas")
MOST_LINES = 400
PLACEHOLDERS = {"record", "field", "value", "detail", "position"}
LOCKS = ("core", "postgres", "server", "test", "dev")
GENERATED = {"__pycache__", "node_modules", "dist", "build", "var"}


@cache
def tracked() -> tuple[Path, ...]:
    """The repository's files; in an unpacked source distribution, which has no git, those of its folders."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
        names = [name for name in listed.decode().split("\0") if name]
        return tuple(ROOT / name for name in names if (ROOT / name).is_file())
    except (OSError, subprocess.CalledProcessError):
        return tuple(path for path in sorted(ROOT.rglob("*")) if path.is_file() and _ours(path))


def _ours(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    return not any(part in GENERATED or part.startswith(".") for part in parts)


def modules(*folders: str) -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in folders]


@cache
def pyproject() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def where(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    lengths = {where(path): len(path.read_bytes().splitlines()) for path in modules(*PACKAGES, "tests")}
    assert lengths
    assert {name: count for name, count in lengths.items() if count > MOST_LINES} == {}


def translated_tables() -> Iterator[Path]:
    for path in tracked():
        if path.suffix == ".csv" and where(path).startswith("schemas/"):
            with path.open(encoding="utf-8", newline="") as stream:
                if set(LANGUAGES) <= set(csv.DictReader(stream).fieldnames or ()):
                    yield path


def test_every_rule_speaks_all_languages_with_the_same_placeholders() -> None:
    tables = list(translated_tables())
    assert {"core.csv", "intake.csv"} <= {path.name for path in tables}
    faults = []
    for path in tables:
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                named = {language: _placeholders(row[language] or "") for language in LANGUAGES}
                missing = [language for language in LANGUAGES if not (row[language] or "").strip()]
                if missing or len(set(named.values())) > 1 or not named["en"] <= PLACEHOLDERS:
                    faults.append((path.name, row["code"], missing, named))
    assert faults == []


def _placeholders(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def test_every_rule_table_is_one_of_the_translated_ones() -> None:
    known = {path.name for path in translated_tables()}
    assert [p.name for p in tracked() if where(p).startswith("schemas/rules/") and p.name not in known] == []


def codes_in(path: Path) -> Iterator[str]:
    """Strings that name a finding: what ``Finding`` is called with, and ``family.code`` of a known family."""
    families = "|".join({re.escape(code.split(".")[0]) for code in rules()})
    dotted = re.compile(rf"(?:{families})\.[a-z0-9_]+")
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Finding"
        ):
            given = [*node.args[:1], *(word.value for word in node.keywords if word.arg == "code")]
            for value in given:
                if isinstance(value, ast.Constant):
                    yield str(value.value)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and dotted.fullmatch(node.value):
            yield node.value


def test_every_finding_has_its_rule() -> None:
    used = {(where(path), code) for path in modules(*PACKAGES) for code in codes_in(path)}
    assert used
    assert sorted(item for item in used if item[1] not in rules()) == []


def test_imports_point_down_by_contract() -> None:
    contracts = pyproject()["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    assert layers == ["hub", "parsers | matching", "schemas"]
    forbidden = next(contract for contract in contracts if contract["type"] == "forbidden")
    assert set(forbidden["source_modules"]) == {"parsers", "matching", "schemas"}
    assert {"sqlalchemy", "fastapi"} <= set(forbidden["forbidden_modules"])


def test_no_file_names_a_folder_of_one_machine() -> None:
    # /opt and /usr are left out: where programs are installed is the same on every machine of a kind.
    private = re.compile(r"(?<![\w.:*{}<])/(?:work|tmp|root|home|Users|mnt)/[\w.-]")
    faults = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a feed in another encoding: it is data, and no place where a path could do harm
        faults += [(where(path), found.group()) for found in private.finditer(text)]
    assert faults == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_versions_and_hashes_and_no_address(name: str) -> None:
    lock = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
    assert re.findall(r"https?://|file:|^\s*--(?!hash=)|^#.*|[^\w.]/\w+/", lock, flags=re.MULTILINE) == []
    pins = re.split(r"\n(?=\S)", lock.strip())
    assert len(pins) > 30
    unhashed = [pin for pin in pins if not re.match(r"[a-z0-9-]+==\S+ ", pin) or "--hash=sha256:" not in pin]
    assert unhashed == []


def pinned(name: str) -> set[str]:
    lock = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z0-9-]+==\S+)", lock, flags=re.MULTILINE))


def test_a_larger_lock_contains_the_smaller_one() -> None:
    assert pinned("core") < pinned("postgres") < pinned("server") < pinned("test") < pinned("dev")
    # Spark is large, so no other lock holds it; what both hold has one version.
    assert pinned("core") < pinned("spark")
    also = {pin.partition("==")[0] for pin in pinned("spark") - pinned("dev")}
    assert not also & {pin.partition("==")[0] for pin in pinned("dev")}


def test_lower_bounds_are_the_series_that_the_locks_hold() -> None:
    project = pyproject()["project"]
    asked = [
        *project["dependencies"],
        *(item for extra in project["optional-dependencies"].values() for item in extra),
    ]
    # A package that dropped Python 3.11 stands twice in the lock; the bound is that of the older series.
    versions: dict[str, list[str]] = {}
    for pin in pinned("dev") | pinned("spark"):
        name, _, version = pin.partition("==")
        versions.setdefault(name, []).append(version)
    oldest = {name: min(found, key=_as_numbers) for name, found in versions.items()}
    faults = []
    for item in asked:
        if item.startswith(f"{project['name']}["):
            continue
        found = re.match(r"([a-z0-9-]+)(?:\[[\w,]+\])?>=([\d.]+)", item)
        assert found, item
        name, bound = found.groups()
        if not f"{oldest[name]}.".startswith(f"{bound}."):
            faults.append((name, f">={bound}", oldest[name]))
    assert faults == []


def _as_numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def test_the_wheel_holds_every_file_of_the_four_packages(tmp_path: Path) -> None:
    # Tables, templates and type markers are what packaging loses silently.
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("repertoire_hub-*.whl")
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    expected = {where(path) for path in tracked() if path.relative_to(ROOT).parts[0] in PACKAGES}
    expected |= {f"hub/web/help/{language}.md" for language in ("en", "kk", "ru")}
    assert expected - inside == set()
    assert {name.split("/")[0] for name in inside} == set(PACKAGES)
    assert {f"{package}/py.typed" for package in PACKAGES} <= inside


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_documents_name_only_targets_that_exist(name: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):.*## ", makefile, flags=re.MULTILINE))
    named = set(
        re.findall(
            r"^\s*make ([a-z]+)|`make ([a-z]+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE
        )
    )
    assert {first or second for first, second in named} - targets == set()


def test_every_relative_link_of_the_documents_leads_somewhere() -> None:
    broken = []
    for path in tracked():
        if path.suffix == ".md":
            for target in re.findall(
                r"\]\((?!https?:|#|mailto:)([^)#\s]+)", path.read_text(encoding="utf-8")
            ):
                if not (path.parent / target).exists():
                    broken.append((where(path), target))
    assert broken == []


NOT_ON_PAGES = (
    "hub/api/", "hub/bench/", "hub/calling.py", "hub/catalogue/export_", "hub/cli/", "hub/client.py",
    "hub/db/engine.py", "hub/db/schema.py", "hub/demo/", "hub/doctor.py", "hub/links/labelled_pairs.py",
    "hub/links/spark_run.py", "hub/usage/claim_reading.py",
)  # fmt: skip
"""Where refusals are raised that only commands and programs meet; the others are shown on pages as well."""


def test_every_refusal_on_a_page_is_told_in_three_languages() -> None:
    told = refusals.table()
    kinds = {name: value for name, value in vars(errors).items() if isinstance(value, type)}
    titles = {value.title for value in kinds.values() if issubclass(value, errors.HubError)}
    raised = {}
    for path in modules("hub"):
        if where(path).startswith(NOT_ON_PAGES):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in kinds:
                text = _sentence(node.args[0])
                # A sentence that is made elsewhere is that of a finding, which has its languages.
                raised |= {text: f"{where(path)}:{node.lineno}"} if text else {}
    assert len(raised) > 90
    lacking = {text: place for text, place in raised.items() if text not in told}
    assert not lacking, f"say these in hub/refusals.csv too: {lacking}"
    assert titles - set(told) == set()
    for text, row in told.items():
        holes = set(range(text.count("{}")))
        for language in ("kk", "ru"):
            used = {int(name) for _, name, _, _ in string.Formatter().parse(row[language]) if name}
            assert row[language].strip(), text
            assert used <= holes, row[language]


def _sentence(node: ast.expr) -> str:
    """A text, or a formatted one with holes for its parts."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return str(node.value) if isinstance(node, ast.Constant) else ""
