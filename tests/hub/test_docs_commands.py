"""``docs/commands.md`` says what the commands say, every setting is documented. As a script: writes it."""

from __future__ import annotations

from pathlib import Path

from hub.cli.describing import page
from hub.settings import VARIABLES

DOCS = Path(__file__).resolve().parents[2] / "docs"
DOCUMENT = DOCS / "commands.md"
REWRITE = "run this test's file as a script to write docs/commands.md anew"


def test_the_page_of_commands_is_what_the_commands_say() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == page(), REWRITE


def test_the_page_has_the_commands_of_the_contract() -> None:
    text = page()
    for command in (
        "hub demo", "hub db upgrade", "hub db check", "hub db backup", "hub societies import",
        "hub societies list", "hub ingest FILE...", "hub mandates import", "hub mandates list",
        "hub mandates show", "hub withdraw", "hub ack SUBMISSION", "hub match", "hub review list",
        "hub review decide", "hub who-to-pay SUBJECT", "hub usage resolve REPORT", "hub conflicts list",
        "hub conflicts show", "hub conflicts settle", "hub search", "hub export cwr", "hub export mwn",
        "hub export bwarm", "hub export mandates", "hub export parquet", "hub audit verify", "hub audit root",
        "hub audit prove", "hub serve", "hub worker", "hub bench matching", "hub doctor",
    ):  # fmt: skip
        assert f"\n## `{command}" in text, command


def test_every_setting_is_documented() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in DOCS.glob("*.md"))
    assert [name for name in VARIABLES.values() if f"`{name}`" not in text] == []


if __name__ == "__main__":
    DOCUMENT.write_text(page(), encoding="utf-8")
