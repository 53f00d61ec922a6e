"""Every rule of CWR has a file that breaks it and one that does not, and does what its row says it does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cwr_files import items_of, rejected_in
from cwr_rule_cases import CASES, OF_ALL_FORMATS

import parsers.cwr
from parsers.cwr.file_name import name_findings
from schemas.cwr.layouts import layouts
from schemas.declarations import Header
from schemas.findings import Finding, rules

OF_NAMES = {"cwr.file_name": ("works.txt",), "cwr.file_name_conflict": ("CW260001052_177.V21",)}
"""Rules about what a file is called, which the bytes do not say, with a name that breaks each."""


def broken(data: bytes) -> set[str]:
    return {item.code for item in items_of(data) if isinstance(item, Finding)}


def test_no_rule_is_without_its_cases() -> None:
    own = {rule.code for rule in rules().values() if rule.code.startswith("cwr.") and rule.effect}
    assert own - CASES.keys() - OF_NAMES.keys() == set()
    assert CASES.keys() - own == set()


@pytest.mark.parametrize("code", CASES)
def test_a_rule_is_broken_by_one_file_and_kept_by_another(code: str) -> None:
    wrong, right = (make() for make in CASES[code])
    assert code in broken(wrong)
    assert code not in broken(right)
    effect = rules()[code].effect
    if effect in ("file", "transaction"):
        assert rejected_in(items_of(wrong)) != []
        assert rejected_in(items_of(right)) == []


@pytest.mark.parametrize("code", OF_NAMES)
def test_a_name_breaks_its_rule(code: str) -> None:
    header = Header(format="cwr", version="2.2", sender_id="177")
    assert code in {item.code for item in name_findings(OF_NAMES[code][0], header)}
    assert code not in {item.code for item in name_findings("CW260001177_052.V22", header)}


def test_no_rule_shared_with_other_formats_is_without_its_cases() -> None:
    fields = [
        field
        for version in ("2.0", "2.1", "2.2", "3.0", "3.1")
        for layout in layouts(version).values()
        for field in layout.fields
    ]
    used = {f"identifier.{field.lookup}" for field in fields if field.format == "I"}
    for path in Path(parsers.cwr.__file__).parent.glob("*.py"):
        used |= set(re.findall(r'"(file\.[a-z_]+)"', path.read_text(encoding="utf-8")))
    assert used == OF_ALL_FORMATS.keys()


@pytest.mark.parametrize("code", OF_ALL_FORMATS)
def test_a_rule_of_all_formats_is_broken_and_kept(code: str) -> None:
    wrong, right = (made() for made in OF_ALL_FORMATS[code])
    assert code in broken(wrong)
    assert broken(right) == set()
    if rules()[code].severity == "error":
        assert rejected_in(items_of(wrong)) != []


def test_severity_follows_the_effect() -> None:
    own = [rule for rule in rules().values() if rule.code.startswith("cwr.") and rule.effect]
    assert {rule.effect for rule in own} == {"file", "transaction", "record", "field", "none"}
    wrong = {
        rule.code for rule in own if (rule.effect in ("file", "transaction")) != (rule.severity == "error")
    }
    assert wrong == {"cwr.unknown_record", "cwr.stray_record"}
