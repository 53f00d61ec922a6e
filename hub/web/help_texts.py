"""The help beside each page: short texts in three languages, one Markdown file for each language."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

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


@cache
def sections(language: str) -> dict[str, Markup]:
    """The help of a language as HTML, by topic; the text of a heading is its topic."""
    text = files("hub.web").joinpath("help", f"{language}.md").read_text(encoding="utf-8")
    found = {}
    for part in text.split("\n## ")[1:]:
        topic, _, body = part.partition("\n")
        # Our own texts; raw HTML in them is not passed on all the same.
        found[topic.strip()] = Markup(MarkdownIt("commonmark", {"html": False}).render(body))  # noqa: S704
    return found


def help_of(path: str, language: str) -> Markup:
    """The help for a page, empty where there is none."""
    topic = TOPICS.get(path.strip("/").partition("/")[0], "")
    return sections(language).get(topic, Markup())
