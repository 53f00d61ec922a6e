"""A hub of each test's own behind a real server, and a real browser that looks at its pages."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pages_hub
import pytest
import uvicorn
from looking import Visit, Visitor
from playwright.sync_api import Browser, sync_playwright

from hub.access.keys import create
from hub.api.app import create_app
from hub.context import Hub, open_hub

REQUIRED = "HUB_REQUIRE_BROWSER"
CHROMIUM = "HUB_TEST_CHROMIUM"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium; without one the tests are skipped with the reason."""
    named = os.environ.get(CHROMIUM) or next(filter(None, map(shutil.which, PROGRAMS)), None)
    if named is None:
        told = f"no Chromium here: install one (Debian: apt install chromium) or name it in {CHROMIUM}"
        if os.environ.get(REQUIRED):
            pytest.fail(f"{REQUIRED} is set: {told}")
        pytest.skip(told)
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=named, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hub's folder with something on every page; tests work on copies of it."""
    folder = tmp_path_factory.mktemp("filled")
    pages_hub.fill(folder)
    return folder


@dataclass(frozen=True)
class Site:
    """A served hub."""

    hub: Hub
    address: str

    def key(self, society: str) -> str:
        """A fresh key of a society."""
        return str(create(self.hub, society)["key"])


@pytest.fixture
def site(filled: Path, tmp_path: Path) -> Iterator[Site]:
    """A copy of the hub behind a server of its own."""
    folder = tmp_path / "hub"
    shutil.copytree(filled, folder)
    hub = open_hub(pages_hub.settings(folder))
    config = uvicorn.Config(create_app(hub), port=0, log_level="critical", lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Site(hub, f"http://127.0.0.1:{port}")
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(10)
        hub.engine.dispose()


@pytest.fixture
def visitor(site: Site, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """KazAK at its pages, in the way that the test's parameter says."""
    visit: Visit = request.param
    with Visitor.of(chromium, site.address, visit) as opened:
        opened.sign_in(site.key("177"))
        yield opened
        opened.finish()
