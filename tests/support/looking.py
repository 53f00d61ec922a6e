"""How a person looks at pages: language, width, with scripts or without; and what must hold of each page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

LANGUAGES = ("en", "kk", "ru")
DESKTOP, PHONE = (1280, 900), (360, 740)

PATIENCE = 60_000
"""Milliseconds that a browser waits for what must come; only a fault lets them pass."""

expect.set_options(timeout=PATIENCE)

CUT_OFF = Path(__file__).with_name("cut_off.js").read_text(encoding="utf-8")


@cache
def _axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Visit:
    """A language, a width, and whether scripts run."""

    language: str = "en"
    size: tuple[int, int] = DESKTOP
    scripts: bool = True
    dark: bool = False

    def __str__(self) -> str:
        width = "phone" if self.size == PHONE else "desktop"
        return f"{self.language}-{width}{'' if self.scripts else '-no-scripts'}{'-dark' if self.dark else ''}"


EVERY = [
    Visit(language, size, scripts)
    for language in LANGUAGES
    for size in (DESKTOP, PHONE)
    for scripts in (True, False)
]
"""Every way in which a journey is made."""

CHOSEN = EVERY
if not os.environ.get("HUB_TEST_EVERY_VISIT"):
    # Each language with and without scripts, each once on a desktop and once on a phone: half the time.
    CHOSEN = [
        visit for visit in EVERY if (visit.size == DESKTOP) == (visit.scripts == (visit.language != "kk"))
    ]
"""The visits that journeys are made on, unless ``HUB_TEST_EVERY_VISIT`` asks for all."""

CLOSELY = (Visit("en", DESKTOP), Visit("kk", PHONE), Visit("ru", PHONE, dark=True))
"""Visits on which the rules of axe are always checked too, which takes a second for each page; on the others
with scripts when every visit is asked for."""


@dataclass
class Visitor:
    """Somebody at the pages; ``page`` is the browser's, faults are gathered until ``finish``."""

    page: Page
    address: str
    visit: Visit
    faults: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    @classmethod
    @contextmanager
    def of(cls, browser: Browser, address: str, visit: Visit) -> Iterator[Visitor]:
        """A fresh browser window, its language asked for as browsers do."""
        width, height = visit.size
        context = browser.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=visit.scripts,
            locale={"en": "en-GB", "kk": "kk-KZ", "ru": "ru-RU"}[visit.language],
            color_scheme="dark" if visit.dark else "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        made = cls(page, address, visit)
        page.on("console", made._heard)
        page.on("pageerror", lambda fault: made.faults.append(f"script: {fault}"))
        try:
            yield made
        finally:
            context.close()

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"console: {message.text} ({self.page.url})")

    def sign_in(self, key: str) -> None:
        """Begin a session with a key."""
        self.go("/login")
        self.page.fill("[name=key]", key)
        self.follow("form:has([name=key]) button")
        assert self.path == "/find"

    def go(self, path: str) -> None:
        """Open a page by its address."""
        self.page.goto(self.address + path)

    def follow(self, clicked: str | Locator) -> None:
        """Click the first such link or button, and wait until the page that it leads to is there whole.

        A click alone comes back when the address has changed, before the page behind it has arrived.
        """
        with self.page.expect_event("load"):
            (self.page.locator(clicked) if isinstance(clicked, str) else clicked).first.click()

    def press(self, key: str) -> None:
        """Press a key that leads to another page, and wait for that one."""
        with self.page.expect_event("load"):
            self.page.keyboard.press(key)

    def done(self) -> None:
        """Wait for a job's page to show the result: by itself with scripts, by looking again without."""
        # The footer comes last: a page that has it and follows nothing is whole.
        finished = self.page.locator("body:has(> footer):not(:has([data-follow]))")
        while not self.visit.scripts and not finished.count():
            self.page.wait_for_timeout(50)
            self.follow("[data-follow] a")
        expect(finished).to_have_count(1)
        self.page.wait_for_load_state()

    @property
    def path(self) -> str:
        """Where the visitor is."""
        return self.page.url.removeprefix(self.address)

    def look(self) -> None:
        """Check the page as it stands: its language, that nothing is cut off, and the rules of axe."""
        assert self.page.locator("html").get_attribute("lang") == self.visit.language
        self.faults += [f"{self.path}: {item}" for item in self.page.evaluate(CUT_OFF)]
        # Without scripts axe would wait for ever for a timer of its own.
        if self.visit in CLOSELY or (self.visit.scripts and os.environ.get("HUB_TEST_EVERY_VISIT")):
            self.page.evaluate(_axe())
            found = self.page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
            for item in found["violations"]:
                nodes = "; ".join(node["html"][:160] for node in item["nodes"][:3])
                self.faults.append(f"{self.path}: {item['id']}: {item['help']} - {nodes}")

    def finish(self) -> None:
        """Fail with everything that was wrong on the way."""
        assert self.faults == []
