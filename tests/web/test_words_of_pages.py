"""Codes and refusals are told to people in their language: nothing on a page is for machines only."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import get_type_hints

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from fastapi.responses import HTMLResponse

import hub
from hub import refusals
from hub.access.permissions import ROLES
from hub.cli import words
from hub.intake.report import finding_json
from hub.web import coded, help_texts, texts
from hub.web import routes as web_routes
from hub.web.help_texts import source
from hub.web.rendering import PageRoute
from hub.webhooks.outbox import EVENTS
from parsers.cwr.related_works import RELATIONS
from schemas import rights
from schemas.findings import Finding
from schemas.identifiers import schemes
from schemas.identifiers.scheme import Scheme
from schemas.roles import roles
from schemas.tables.columns import tables

LANGUAGES = ("en", "kk", "ru")
COMMANDS = Path(__file__).parents[2] / "docs" / "commands.md"


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


def _said(root: str, functions: frozenset[str]) -> Iterator[str]:
    """Sentences that functions of a package return, and details of findings that are sentences."""
    for path in sorted((Path(__file__).parents[2] / root).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name in functions:
                yield from (_text(inner.value) for inner in ast.walk(node) if isinstance(inner, ast.Return))
            elif isinstance(node, ast.keyword) and node.arg == "detail":
                yield _text(node.value)


def _text(node: ast.expr | None) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return str(node.value) if isinstance(node, ast.Constant) else ""


def test_every_detail_of_a_finding_is_told_in_every_language() -> None:
    said = set(_said("parsers", frozenset({"_worded", "_words"})))
    sentences = {text for text in said if re.search("[a-z]{3,} [a-z]{2,}", text)}
    assert len(sentences) >= 6
    required = {item.meaning for columns in tables().values() for item in columns if item.required}
    assert len(required) >= 10
    assert (sentences | required) - set(refusals.table()) == set()
    wrong = Finding("tabular.missing_column", "line:1", field="basis", detail="What the mandate rests on")
    assert "на чём основано полномочие" in finding_json(wrong, "ru")["text"]


def test_every_kind_of_entry_in_the_log_has_a_word() -> None:
    kinds = set()
    for path in sorted(Path(hub.__file__).parent.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = {
            node.targets[0].id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Constant)
        }  # fmt: skip
        calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
        for call in calls:
            if isinstance(call.func, ast.Name) and call.func.id in ("record", "_log", "_change"):
                for item in call.args[:3]:
                    kind = named.get(item.id) if isinstance(item, ast.Name) else _text(item)
                    kinds |= {kind} if isinstance(kind, str) and kind else set()
    assert len(kinds) >= 15
    assert {f"logged_{kind}" for kind in kinds} - set(words.table()) == set()
    assert {f"told_{name}" for name in EVENTS} - set(words.table()) == set()
    assert {f"relation_{name}" for name in RELATIONS.values()} - set(words.table()) == set()


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


def test_what_is_wrong_with_an_identifier_is_told_in_every_language() -> None:
    kinds = [scheme for scheme in vars(schemes).values() if isinstance(scheme, Scheme)]
    assert len(kinds) >= 7
    assert {text for scheme in kinds for text in scheme.says} <= set(refusals.table())
    wrong = Finding("identifier.iswc", "line:2", value="T1", detail="an ISWC has 11 characters")
    assert "ISWC 11 таңбадан тұрады" in finding_json(wrong, "kk")["text"]
    assert "(an ISWC has 11 characters)" in finding_json(wrong)["text"]


def test_the_help_is_the_same_in_every_language() -> None:
    shapes = []
    for language in LANGUAGES:
        sections = help_texts.sections(language)
        assert set(sections) == set(help_texts.TOPICS.values())
        assert all(len(text) > 60 for text in sections.values())
        shapes.append({topic: re.findall(r"<(\w+)", text) for topic, text in sections.items()})
    assert shapes[0] == shapes[1] == shapes[2]


def pages() -> set[str]:
    """The addresses of all pages that people open, their parts left as they are."""
    return {
        route.path
        for router in (getattr(module, "router", None) for module in vars(web_routes).values())
        for route in getattr(router, "routes", ())
        if isinstance(route, PageRoute) and "GET" in route.methods
        and get_type_hints(route.endpoint)["return"] is HTMLResponse
    }  # fmt: skip


def test_every_page_has_its_help_in_every_language() -> None:
    assert len(pages()) >= 18
    for language in LANGUAGES:
        for path in pages():
            assert help_texts.help_of(path, language), (path, language)


def test_what_the_help_speaks_of_is_there() -> None:
    """Words that it emphasises stand on the pages, commands that it names can be given."""
    english = {
        message
        for _, _, message, _, _ in extract_from_dir(
            str(files("hub.web") / "templates"), [("**.html", "jinja2")], keywords={"_": None}
        )
    }
    commands = {
        word.partition(" ")[2] for word in re.findall(r"`(hub [a-z ]+)", "".join(map(source, LANGUAGES)))
    }
    assert commands <= set(re.findall(r"^## `hub ([a-z -]+)`", COMMANDS.read_text(encoding="utf-8"), re.M))
    for language in LANGUAGES:
        said = {texts.catalogue(language).gettext(str(message)) for message in english}
        said |= {row[language] for row in words.table().values()}
        known = {text.casefold() for text in said}
        for topic, html in help_texts.sections(language).items():
            for shown in re.findall(r"<(?:em|strong)>(.+?)</", html):
                assert len(shown) == 1 or shown.casefold() in known, (language, topic, shown)
            for path in re.findall(r"<code>(/[^<]+)</code>", html):
                assert path in pages(), (language, topic, path)


def test_every_text_is_translated() -> None:
    folder = Path(str(files("hub.web"))) / "templates"
    wanted = {
        message
        for _, _, message, _, _ in extract_from_dir(
            str(folder), [("**.html", "jinja2")], keywords={"_": None, "gettext": None}
        )
        if isinstance(message, str)
    }
    assert len(wanted) > 100
    for language in ("kk", "ru"):
        source = files("hub.web").joinpath("locale", f"{language}.po")
        with source.open("rb") as opened:
            catalogue = read_po(opened)
        have = {str(message.id) for message in catalogue if message.id and message.string}
        assert wanted - have == set()
        # The texts that stand in the program itself.
        assert have - wanted == {"line %(number)s", "the file"}
        for message in catalogue:
            fields = set(re.findall(r"%\((\w+)\)s", str(message.id)))
            assert set(re.findall(r"%\((\w+)\)s", str(message.string))) == fields, message.id


def test_numbers_days_and_languages_are_written_as_people_write_them() -> None:
    assert texts.number("1234.50", "ru").replace("\xa0", " ") == "1 234,50"
    assert texts.number(1234, "en") == "1,234"
    assert texts.date("2026-07-01", "en") == "1 Jul 2026"
    assert "2026" in texts.date("2026-07-01", "kk")
    assert texts.date("", "ru") == ""
    assert texts.preferred("ru;q=0.5,kk;q=0.9") == "kk"
    assert texts.preferred("x;q=y,,;q=") == "en"
