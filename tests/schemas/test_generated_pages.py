"""Pages of ``docs/`` say what the tables say; this module as a script rewrites their generated parts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.cwr import describing as cwr
from schemas.cwr.layouts import record_types
from schemas.ddex import describing as ddex
from schemas.findings import rules

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES: dict[str, Callable[[], str]] = {"cwr.md": cwr.page, "ddex.md": ddex.page}
BEGIN, END = "<!-- generated: begin -->\n", "<!-- generated: end -->\n"


def text_of(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def rewritten(name: str) -> str:
    before, _, rest = text_of(name).partition(BEGIN)
    return f"{before}{BEGIN}{PAGES[name]()}{END}{rest.partition(END)[2]}"


@pytest.mark.parametrize("name", PAGES)
def test_the_generated_part_is_what_the_tables_say(name: str) -> None:
    text = text_of(name)
    assert text.count(BEGIN) == text.count(END) == 1
    assert text == rewritten(name)


def test_every_cwr_record_and_every_rule_is_described() -> None:
    text = text_of("cwr.md")
    assert [record for record in record_types() if f"### {record} (" not in text] == []
    own = [rule.code for rule in rules().values() if rule.code.startswith("cwr.") and rule.effect]
    assert len(own) > 100
    assert [code for code in own if f"| `{code}` |" not in text] == []


@pytest.mark.parametrize(
    "name",
    ["NewReleaseMessage", "RevokeCollectionMandateMessage", "MusicalWorkClaimNotificationMessage"],
)
def test_ddex_messages_are_named(name: str) -> None:
    assert f"`{name}`" in text_of("ddex.md")


if __name__ == "__main__":
    for page in PAGES:
        (DOCS / page).write_text(rewritten(page), encoding="utf-8")
