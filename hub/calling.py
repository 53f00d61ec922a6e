"""Calls of a hub over HTTP, with nothing but the standard library: repeated, read page by page, refused."""

from __future__ import annotations

import http.client
import json
import shutil
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from hub.errors import HubError, Surroundings, UsageError

Json = dict[str, Any]
PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0)
"""Seconds between the attempts of a call that may be repeated."""


class Unreachable(Surroundings):
    """No answer came, or none that the call could wait for; the detail says what failed."""

    code = "unreachable"
    title = "The hub cannot be reached"


class Refused(HubError):
    """The hub answered with a problem; ``status``, ``code`` and ``detail`` are the hub's own."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(str(problem.get("detail") or f"HTTP {status}"))
        self.status = status  # type: ignore[misc]
        self.code = str(problem.get("code") or "error")  # type: ignore[misc]
        self.title = str(problem.get("title") or "The hub refused this")  # type: ignore[misc]
        self.exit_code = 1 if status == http.HTTPStatus.NOT_FOUND else 3 if status >= 500 else 2  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the body, where the next page is (empty on the last one), and the headers."""

    body: bytes
    following: str
    headers: Mapping[str, str]


class Calling:
    """Calls of one hub with one key."""

    def __init__(self, url: str, key: str, *, timeout: float = 60.0, language: str = "en") -> None:
        """``timeout`` is in seconds, for each step of a call.

        Raises:
            UsageError: the address is not one of HTTP.
        """
        if not url.startswith(("http://", "https://")):
            raise UsageError(f"the address of a hub begins with http:// or https://, not {url!r}")
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {key}", "Accept-Language": language}
        self._timeout = timeout

    def _pages(self, path: str, query: Mapping[str, str]) -> Iterator[Json]:
        reply = self._call("GET", path, query)
        yield from json.loads(reply.body)
        while reply.following:
            reply = self._call("GET", reply.following)
            yield from json.loads(reply.body)

    def _read(self, path: str, query: Mapping[str, str] | None = None) -> Json:
        return dict(json.loads(self._call("GET", path, query).body))

    def _post(self, path: str, body: bytes, kind: str, *, once: bool = False) -> Json:
        headers = {"Content-Type": kind}
        return dict(json.loads(self._call("POST", path, body=body, headers=headers, once=once).body))

    def _say(self, path: str, said: Mapping[str, Any], *, once: bool = False) -> Json:
        return self._post(path, json.dumps(dict(said)).encode(), "application/json", once=once)

    def _send(self, path: str, file: Path | bytes, query: Mapping[str, str], repeat_key: str) -> Json:
        headers = {
            "Content-Type": "application/octet-stream",
            "Idempotency-Key": repeat_key or uuid.uuid4().hex,
        }
        return dict(json.loads(self._call("POST", path, query, body=file, headers=headers).body))

    def _call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        body: Path | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        once: bool = False,
        into: Path | None = None,
    ) -> Reply:
        """One call, repeated while the hub cannot be reached, unless it would do something ``once`` more."""
        asked = urllib.parse.urlencode({name: value for name, value in (query or {}).items() if value})
        url = path if path.startswith(self._url) else self._url + path
        url += ("?" + asked) if asked else ""
        fault: Exception = OSError("never tried")
        for pause in (0.0, *(() if once else PAUSES)):
            time.sleep(pause)
            try:
                return self._once(method, url, body, {**self._headers, **(headers or {})}, into)
            except (OSError, http.client.HTTPException) as failed:
                fault = failed
        raise Unreachable(f"{self._url}: {getattr(fault, 'reason', fault)}") from fault

    def _once(
        self, method: str, url: str, body: Path | bytes | None, headers: dict[str, str], into: Path | None
    ) -> Reply:
        data: bytes | BinaryIO | None = body.open("rb") if isinstance(body, Path) else body
        try:
            if isinstance(body, Path):
                headers["Content-Length"] = str(body.stat().st_size)
            # The scheme was checked when the client was made.
            request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310
            with urllib.request.urlopen(request, timeout=self._timeout) as answer:  # noqa: S310
                content = answer.read() if into is None else _saved(answer, into)
                return Reply(content, _next_of(answer.headers.get("Link", "")), answer.headers)
        except urllib.error.HTTPError as fault:
            with fault:
                raise Refused(fault.code, _problem(fault.read())) from None
        finally:
            if not isinstance(data, bytes | None):
                data.close()


def _saved(answer: http.client.HTTPResponse, target: Path) -> bytes:
    """No bytes: those of the answer are in the file, all that its head promises."""
    with target.open("wb") as out:
        shutil.copyfileobj(answer, out)
        if answer.length:
            raise http.client.IncompleteRead(b"", answer.length)
    return b""


def part(name: str) -> str:
    """An id as a part of an address, whatever is in it."""
    return urllib.parse.quote(name, safe="")


def _problem(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _next_of(link: str) -> str:
    """The address in a ``Link`` header with ``rel="next"``."""
    address, _, relation = link.partition(">")
    return address.lstrip("<") if 'rel="next"' in relation else ""
