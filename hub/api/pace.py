"""How often a caller may call: a bucket of tokens per API key, or per address without one."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from hub.api.problems import problem

REMEMBERED = 10_000
"""Callers whose pace is remembered; the one not heard of for longest is forgotten first."""

FREE = frozenset({"/healthz", "/readyz", "/metrics"})


class Paced:
    """ASGI middleware: ``per_minute`` calls, of which a burst may come at once; 0 is no limit.

    Each server process counts by itself, so several workers together allow several times as much.
    """

    def __init__(self, app: ASGIApp, per_minute: int) -> None:
        self._app = app
        self._rate = per_minute / 60
        self._most = float(per_minute)
        self._buckets: OrderedDict[bytes, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call, or refuse it with 429 and when to come again."""
        if scope["type"] == "http" and self._rate and scope["path"] not in FREE:
            wait = self._take(_caller(scope))
            if wait:
                detail = f"at most {int(self._most)} calls a minute; try again in {wait} s"
                refusal = problem(
                    Request(scope), 429, "too_many_calls", "Too many calls", detail,
                    headers={"Retry-After": str(wait)},
                )  # fmt: skip
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _take(self, caller: bytes) -> int:
        """Take a token; otherwise the whole seconds until there is one."""
        now = time.monotonic()
        with self._lock:
            tokens, since = self._buckets.pop(caller, (self._most, now))
            tokens = min(self._most, tokens + (now - since) * self._rate)
            served = tokens >= 1
            self._buckets[caller] = (tokens - served, now)
            if len(self._buckets) > REMEMBERED:
                self._buckets.popitem(last=False)
        return 0 if served else int((1 - tokens) / self._rate) + 1


def _caller(scope: Scope) -> bytes:
    for name, value in scope["headers"]:
        if name == b"authorization":
            return hashlib.sha256(value).digest()
    return str((scope.get("client") or ("",))[0]).encode()
