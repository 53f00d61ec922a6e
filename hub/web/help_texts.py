"""The help beside each page: the sections of ``docs/help``, one Markdown file for each language."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup

TOPICS = {
    "find": "find", "works": "subject", "recordings": "subject", "sources": "source",
    "submissions": "files", "mandates": "mandates", "withdrawals": "withdrawals", "conflicts": "conflicts",
    "new-mandate": "new-mandate",
    "reviews": "matches", "usage": "usage", "societies": "societies", "log": "log", "account": "account",
    "login": "login",
}  # fmt: skip
"""The section of the help for the first part of a page's address."""


_SECTION = re.compile(r'<a id="([a-z-]+)"></a>\n+## .+\n([\s\S]*?)(?=\n<a id=|\Z)')


def source(language: str) -> str:
    """The Markdown of a language: in the package where it is installed, else in the docs beside it."""
    name = f"{language}.md"
    kept = files("hub.web").joinpath("help", name)
    beside = Path(__file__).parents[2] / "docs" / "help" / name
    return (kept if kept.is_file() else beside).read_text(encoding="utf-8")


@cache
def sections(language: str) -> dict[str, Markup]:
    """The help of a language as HTML, by topic: the anchor above a heading."""
    # Our own texts; raw HTML in them is not passed on all the same.
    written = MarkdownIt("commonmark", {"html": False})
    return {
        topic: Markup(written.render(body))  # noqa: S704
        for topic, body in _SECTION.findall(source(language))
    }


def help_of(path: str, language: str) -> Markup:
    """The help for a page, empty where there is none."""
    topic = TOPICS.get(path.strip("/").partition("/")[0], "")
    return sections(language).get(topic, Markup())
