"""Every sentence with which the hub refuses over HTTP has its translations."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import hub
from hub import errors, refusals

ROOT = Path(hub.__file__).parent
OPERATORS_ONLY = {
    "cli", "bench", "db", "calling.py", "client.py", "export_bwarm.py", "export_cwr.py", "export_mwn.py",
    "export_parquet.py", "spark_run.py", "labelled_pairs.py", "claim_file.py", "claim_reading.py", "lines.py",
}  # fmt: skip
"""Folders and modules that only commands use, whose sentences are English."""

NAMES = {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.HubError)
}


def sentences() -> list[tuple[str, str]]:
    """(where, sentence with ``{}`` for its parts) of every refusal that code in use over HTTP raises."""
    found = []
    for path in sorted(ROOT.rglob("*.py")):
        if OPERATORS_ONLY & set(path.relative_to(ROOT).parts):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in NAMES
                and node.args
            ):
                text = _text(node.args[0])
                if re.search("[a-z]{3}", text):
                    found.append((f"{path.relative_to(ROOT)}:{node.lineno}", text))
    return found


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return ""


def test_every_refusal_is_translated() -> None:
    found = sentences()
    assert len(found) > 150
    # One sentence has a second one as its part, each with a row of its own.
    whole = [(place, text) for place, text in found if text != "unknown parameter {}; {}"]
    for language in ("kk", "ru"):
        plain = [(place, text.replace("{}", "x")) for place, text in whole]
        assert [item for item in plain if refusals.told(item[1], language) == item[1]] == []


def test_every_title_is_translated() -> None:
    titles = {kind.title for name in NAMES for kind in [getattr(errors, name)]}
    assert titles - set(refusals.table()) == set()
