"""``docs/cwr.md`` says what the tables say; rewrite its generated part with this module as a script."""

from __future__ import annotations

from pathlib import Path

from schemas.cwr.describing import page
from schemas.cwr.layouts import record_types
from schemas.findings import rules

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "cwr.md"
BEGIN, END = "<!-- generated: begin -->\n", "<!-- generated: end -->\n"


def rewritten(text: str) -> str:
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}{page()}{END}{rest.partition(END)[2]}"


def test_the_generated_part_is_what_the_tables_say() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
    assert text == rewritten(text)


def test_every_record_and_every_rule_is_described() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert [record for record in record_types() if f"### {record} (" not in text] == []
    own = [rule.code for rule in rules().values() if rule.code.startswith("cwr.") and rule.effect]
    assert len(own) > 100
    assert [code for code in own if f"| `{code}` |" not in text] == []


if __name__ == "__main__":
    DOCUMENT.write_text(rewritten(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
