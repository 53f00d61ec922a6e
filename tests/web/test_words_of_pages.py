"""Codes and refusals are told to people in their language: nothing on a page is for machines only."""

from __future__ import annotations

import re

import pytest

from hub import refusals
from hub.access.permissions import ROLES
from hub.cli import words
from hub.web import coded, help_texts
from schemas import rights
from schemas.roles import roles

LANGUAGES = ("en", "kk", "ru")


def test_every_word_has_its_three_languages() -> None:
    holes = re.compile(r"\{(\w*)")
    for key, row in words.table().items():
        for language in LANGUAGES:
            assert row[language].strip(), key
            assert set(holes.findall(row[language])) == set(holes.findall(row["en"])), key


def test_every_code_that_pages_show_has_a_word() -> None:
    wanted = {f"use_{code}" for code in rights.uses()} | {f"right_{code}" for code in rights.CATEGORIES}
    wanted |= {f"role_{code}" for code, role in roles().items() if role.kind in ("writer", "publisher")}
    wanted |= {f"scope_{scope}" for role in ROLES.values() for scope in role.scopes}
    wanted |= {f"role_{name}" for name in ROLES}
    assert wanted - set(words.table()) == set()


def test_territories_have_names_in_every_language() -> None:
    assert [coded.territory("KZ", language) for language in LANGUAGES] == [
        "Kazakhstan", "Қазақстан", "Казахстан",
    ]  # fmt: skip
    assert coded.listed("2120|-GB", "territory", "kk").startswith("Еуропа, мынадан басқа: ")
    assert coded.listed("not-a-code", "territory", "ru") == "not-a-code"


@pytest.mark.parametrize(
    ("detail", "language", "said"),
    [
        ("there is no submission 's9'", "kk", "'s9' деген файл жоқ"),
        (
            "a withdrawal in the state 'filed' takes no 'contest' from filer; possible: cancel, remark",
            "ru",
            "в отзыве в состоянии «подано» сторона заявителя не может «оспорить»; "
            "можно: отменить, добавить замечание",
        ),
        ("line 7: choose a file first", "kk", "7-жол: алдымен файлды таңдаңыз"),
        ("withdraw needs reason and evidence: it is kept and public", "ru", None),
        ("a text of nobody's", "ru", "a text of nobody's"),
    ],
)  # fmt: skip
def test_a_refusal_is_told_with_its_parts(detail: str, language: str, said: str | None) -> None:
    told = refusals.told(detail, language)
    assert told == said if said else re.search("[а-я]{4}", told)
    assert refusals.told(detail, "en") == detail


def test_the_help_is_the_same_in_every_language() -> None:
    shapes = []
    for language in LANGUAGES:
        sections = help_texts.sections(language)
        assert set(sections) == set(help_texts.TOPICS.values())
        assert all(len(text) > 60 for text in sections.values())
        shapes.append({topic: re.findall(r"<(\w+)", text) for topic, text in sections.items()})
    assert shapes[0] == shapes[1] == shapes[2]
