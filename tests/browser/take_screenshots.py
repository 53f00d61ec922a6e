"""Take the pictures that README and docs show, of the hub of the browser tests: ``make screenshots``."""

from __future__ import annotations

import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path

import pages_hub
import uvicorn
from looking import DESKTOP, PHONE, Visit, Visitor
from playwright.sync_api import sync_playwright

from hub.access.keys import create
from hub.api.app import create_app
from hub.context import open_hub

TAKEN = (
    ("answer", Visit("en", DESKTOP), "/find?q=T9300000026", "#results a"),
    ("answer-kk-phone", Visit("kk", PHONE), "/find?q=T9300000026", "#results a"),
)
"""Each picture: its name, how the page is looked at, the address, and what is clicked there."""


def main(target: Path) -> None:
    """Write the pictures into a folder."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        pages_hub.fill(folder)
        hub = open_hub(pages_hub.settings(folder))
        server = uvicorn.Server(uvicorn.Config(create_app(hub), port=0, log_level="critical"))
        threading.Thread(target=server.run, daemon=True).start()
        while not server.started:
            time.sleep(0.02)
        address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        program = shutil.which("chromium") or shutil.which("google-chrome")
        with sync_playwright() as running:
            flags = ["--no-sandbox", "--disable-gpu"]
            browser = running.chromium.launch(executable_path=program, args=flags)
            for name, visit, path, clicked in TAKEN:
                with Visitor.of(browser, address, visit) as visitor:
                    visitor.sign_in(create(hub, "177")["key"])
                    visitor.go(path)
                    if clicked:
                        visitor.follow(clicked)
                    visitor.page.screenshot(path=target / f"{name}.png")
                    print(target / f"{name}.png")
            browser.close()
        server.should_exit = True
        hub.engine.dispose()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
