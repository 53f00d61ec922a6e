"""``docs/ddex.md`` says what the tables say; rewrite its generated part with this module as a script."""

from __future__ import annotations

from pathlib import Path

from schemas.ddex.describing import page

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "ddex.md"
BEGIN, END = "<!-- generated: begin -->\n", "<!-- generated: end -->\n"


def rewritten(text: str) -> str:
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}{page()}{END}{rest.partition(END)[2]}"


def test_the_generated_part_is_what_the_tables_say() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
    assert text == rewritten(text)
    for name in (
        "NewReleaseMessage",
        "RevokeCollectionMandateMessage",
        "MusicalWorkClaimNotificationMessage",
    ):
        assert f"`{name}`" in text


if __name__ == "__main__":
    DOCUMENT.write_text(rewritten(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
