"""A hub behind a real server on a port of its own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from hub.api.app import create_app
from hub.context import Hub


@contextmanager
def serving(hub: Hub) -> Iterator[str]:
    """The address of a server, which is stopped at the end."""
    server = uvicorn.Server(uvicorn.Config(create_app(hub), port=0, log_level="critical", access_log=False))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
