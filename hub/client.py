"""A small typed client of a hub over HTTP; it needs nothing but the standard library.

::

    hub = Client("https://hub.example", "hub_...")
    hub.who_to_pay("iswc:T9123456780", right="PR", use="radio", territory="KZ", on="2026-03-15")

Answers are the JSON of the interface, as ``/docs`` describes it. A refusal is ``Refused`` with the hub's
code and sentence; a hub that cannot be reached is ``Unreachable``. Calls that may be repeated safely are
repeated a few times: those that read, and those that send a file, because these carry an ``Idempotency-Key``.

Who receives notices of a hub checks them with ``verify(secret, headers, body)``.
"""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from hub.errors import HubError, Surroundings, UsageError
from hub.webhooks.signing import BadSignature, verify

__all__ = ["Acknowledgement", "BadSignature", "Client", "Refused", "Reply", "Unreachable", "verify"]

Json = dict[str, Any]
PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0)
"""Seconds between the attempts of a call that may be repeated."""

FINAL = frozenset({"done", "failed", "cancelled"})
LARGEST_BATCH = 10_000


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


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """An acknowledgement file, the name that its standard gives it, and what is in it."""

    body: bytes
    file_name: str
    transactions: int
    records: int


class Client:
    """A hub at an address, called with one key."""

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

    def me(self) -> Json:
        """Whom the key speaks for, its role and scopes."""
        return self._read("/v1/me")

    def who_to_pay(self, subject: str, **terms: str) -> Json:
        """The answer to one question: ``right``, ``use``, ``territory``, ``on``, and what else ``/docs``
        names."""
        return self._read("/v1/who-to-pay", {"subject": subject, **terms})

    def who_to_pay_over(self, subject: str, *, start: str, end: str, **terms: str) -> list[Json]:
        """Answers over a period, one for each stretch of days in which nothing changes."""
        query = {"subject": subject, "from": start, "to": end, **terms}
        return list(json.loads(self._call("GET", "/v1/who-to-pay/period", query).body))

    def who_to_pay_batch(self, questions: Sequence[Mapping[str, str]], known_at: str = "") -> Json:
        """``{"known_at": ..., "answers": [...]}`` in the order of the questions.

        Raises:
            UsageError: more questions than one call takes.
        """
        if len(questions) > LARGEST_BATCH:
            raise UsageError(f"one call takes {LARGEST_BATCH} questions; send the others after it")
        body: Json = {"questions": [dict(item) for item in questions]}
        if known_at:
            body["known_at"] = known_at
        return self._post("/v1/who-to-pay/batch", json.dumps(body).encode(), "application/json")

    def check_payments(
        self, payments: Sequence[Mapping[str, str]], *, policy: str = "", known_at: str = ""
    ) -> Json:
        """What became of payments: ``{"known_at": ..., "policy": ..., "counts": ..., "payments": [...]}``.

        Raises:
            UsageError: more payments than one call takes.
        """
        if len(payments) > LARGEST_BATCH:
            raise UsageError(f"one call takes {LARGEST_BATCH} payments; send the others after it")
        body: Json = {"payments": [dict(item) for item in payments]}
        body |= {name: text for name, text in (("policy", policy), ("known_at", known_at)) if text}
        return self._post("/v1/payments/check", json.dumps(body).encode(), "application/json")

    def submit(self, file: Path | bytes, *, filename: str = "", repeat_key: str = "") -> Json:
        """Send a file; the report as far as it is known, with ``job`` (None if there is nothing to do).

        Raises:
            Refused: for instance ``too_large``.
            Unreachable: no answer after several attempts; the same ``repeat_key`` continues the same call.
        """
        name = filename or (file.name if isinstance(file, Path) else "")
        return self._send("/v1/submissions", file, {"filename": name}, repeat_key)

    def submission(self, submission: str) -> Json:
        """The report of an own submission."""
        return self._read(f"/v1/submissions/{_part(submission)}")

    def findings(self, submission: str) -> Iterator[Json]:
        """All findings of an own submission, in file order, page after page."""
        return self._pages(f"/v1/submissions/{_part(submission)}/findings", {"limit": "1000"})

    def send_usage(self, report: Path | bytes, *, repeat_key: str = "", **terms: str) -> Json:
        """Hand a usage report in, with ``known_at``, ``rights``, ``policy``; the job that answers it."""
        return self._send("/v1/usage-reports", report, terms, repeat_key)

    def usage_result(self, job: str, form: str = "csv") -> bytes:
        """The answered lines of a usage report, or what changed of one, as CSV or ``parquet``."""
        return self._call("GET", f"/v1/usage-reports/{_part(job)}/result", {"format": form}).body

    def usage_changes(self, job: str, *, known_at: str = "") -> Json:
        """Have a report answered again; the job whose result is what would be paid otherwise now."""
        path = f"/v1/usage-reports/{_part(job)}/changes"
        asked = urllib.parse.urlencode({"known_at": known_at} if known_at else {})
        return self._post(f"{path}?{asked}" if asked else path, b"", "application/json")

    def job(self, job: str) -> Json:
        """A job of one's own as it stands."""
        return self._read(f"/v1/jobs/{_part(job)}")

    def wait(self, job: str, *, seconds: float = 3600.0, every: float = 0.3) -> Json:
        """The job when it has ended.

        Raises:
            Unreachable: it has not within these seconds; it goes on in the hub.
        """
        until = time.monotonic() + seconds
        while True:
            found = self.job(job)
            if found["state"] in FINAL:
                return found
            if time.monotonic() > until:
                raise Unreachable(
                    f"job {job} is still {found['state']} after {seconds:g} s; ask for it later"
                )
            time.sleep(every)

    def changes(self, *, limit: int = 100, after: int = 0, **terms: str) -> tuple[list[Json], int | None]:
        """Subjects of the own repertoire that are answered otherwise, and the cursor after them (None at the
        end): ``right``, ``use``, ``territory``, ``on``, ``since``, and ``until``, ``policy``."""
        found: list[Json] = []
        cursor: int | None = after or None
        while len(found) < limit:
            page = {"limit": str(min(1_000, limit - len(found))), "cursor": str(cursor or ""), **terms}
            reply = self._call("GET", "/v1/changes", page)
            found += json.loads(reply.body)
            query = urllib.parse.urlsplit(reply.following).query
            following = urllib.parse.parse_qs(query).get("cursor")
            cursor = int(following[0]) if following else None
            if cursor is None:
                break
        return found, cursor

    def mandates(self, **filters: str) -> Iterator[Json]:
        """The mandate register, by ``holder``, ``grantor`` or ``declarant``."""
        return self._pages("/v1/mandates", {"limit": "1000", **filters})

    def mandate(self, mandate: str, **terms: str) -> Json:
        """A mandate by its id, or by the own reference."""
        return self._read(f"/v1/mandates/{_part(mandate)}", terms)

    def state_mandate(self, **terms: str) -> Json:
        """Declare a mandate, or correct the one of this ``mandate_ref``."""
        return self._say("/v1/mandates", terms)

    def withdraw(self, mandate: str, *, draft: bool = False, **notice: str) -> Json:
        """File or draft a withdrawal; the same notice again changes nothing."""
        return self._say(f"/v1/mandates/{_part(mandate)}/withdrawals", {**notice, "draft": draft})

    def withdrawals(self, **filters: str) -> Iterator[Json]:
        """Withdrawals and the own drafts, by ``state``, ``mandate``, ``filed_by``, ``on``, ``known_at``."""
        return self._pages("/v1/withdrawals", {"limit": "1000", **filters})

    def withdrawal(self, withdrawal: str, **terms: str) -> Json:
        """A withdrawal with everything done about it."""
        return self._read(f"/v1/withdrawals/{_part(withdrawal)}", terms)

    def withdrawal_preview(self, withdrawal: str, **terms: str) -> Json:
        """What a withdrawal changes on its effective day."""
        return self._read(f"/v1/withdrawals/{_part(withdrawal)}/preview", terms)

    def act_on_withdrawal(self, withdrawal: str, action: str, **step: str) -> Json:
        """``file``, ``acknowledge``, ``contest``, ``cancel`` or ``remark``; said twice, it is said once."""
        return self._say(f"/v1/withdrawals/{_part(withdrawal)}/{_part(action)}", step)

    def act_on_conflict(self, conflict: str, action: str, **step: str) -> Json:
        """``claim``, ``answer``, ``concede``, ``remark``; with an operator's key ``settle``, ``reopen``."""
        return self._say(f"/v1/conflicts/{_part(conflict)}/{_part(action)}", step)

    def jobs(self, **filters: str) -> Iterator[Json]:
        """Jobs of one's own, the newest first, by ``state``."""
        return self._pages("/v1/jobs", {"limit": "1000", **filters})

    def acknowledgement(self, submission: str) -> Acknowledgement:
        """The acknowledgement of an own submission, in its format."""
        reply = self._call("GET", f"/v1/submissions/{_part(submission)}/acknowledgement")
        name = reply.headers.get("Content-Disposition", "").partition('filename="')[2].rstrip('"')
        counts = (int(reply.headers.get(f"Hub-{what}", 0)) for what in ("Transactions", "Records"))
        return Acknowledgement(reply.body, name, *counts)

    def users(self, **filters: str) -> list[Json]:
        """People who sign in at the pages, by ``society``; needs an operator's key, as the next two."""
        return list(json.loads(self._call("GET", "/v1/users", filters).body))

    def add_user(self, user: str, society: str, **more: Any) -> Json:
        """Add a person with ``role`` and ``scopes``; the password that is shown this once.

        Raises:
            Refused: among others ``usage`` when it was added before, maybe by a call whose answer was lost.
        """
        return self._say("/v1/users", {"user": user, "society": society, **more})

    def act_on_user(self, user: str, action: str) -> Json:
        """``disable``, ``enable``, ``password`` or ``sign-out``."""
        return self._post(f"/v1/users/{_part(user)}/{_part(action)}", b"", "application/json")

    def export(self, listing: str, form: str = "ndjson", **filters: str) -> bytes:
        """All entries of a listing (``mandates``, ``conflicts``, ...) as ``ndjson``, ``csv``, ``parquet``."""
        return self._call("GET", f"/v1/{listing}", {"format": form, **filters}).body

    def conflicts(self, **filters: str) -> Iterator[Json]:
        """Conflicts, those that block most first, by ``state``, ``kind`` or ``society``."""
        return self._pages("/v1/conflicts", {"limit": "1000", **filters})

    def conflict(self, conflict: str, **terms: str) -> Json:
        """A conflict with its statements, sources and history."""
        return self._read(f"/v1/conflicts/{_part(conflict)}", terms)

    def search(self, text: str, limit: int = 20, **terms: str) -> list[Json]:
        """Works and recordings that fit the text, best first."""
        reply = self._call("GET", "/v1/search", {"q": text, "limit": str(limit), **terms})
        return list(json.loads(reply.body))

    def _pages(self, path: str, query: Mapping[str, str]) -> Iterator[Json]:
        reply = self._call("GET", path, query)
        yield from json.loads(reply.body)
        while reply.following:
            reply = self._call("GET", reply.following)
            yield from json.loads(reply.body)

    def _read(self, path: str, query: Mapping[str, str] | None = None) -> Json:
        return dict(json.loads(self._call("GET", path, query).body))

    def _post(self, path: str, body: bytes, kind: str) -> Json:
        return dict(json.loads(self._call("POST", path, body=body, headers={"Content-Type": kind}).body))

    def _say(self, path: str, said: Mapping[str, Any]) -> Json:
        return self._post(path, json.dumps(dict(said)).encode(), "application/json")

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
    ) -> Reply:
        """One call, repeated while the hub cannot be reached: every call of this client may be."""
        asked = urllib.parse.urlencode({name: value for name, value in (query or {}).items() if value})
        url = path if path.startswith(self._url) else self._url + path
        url += ("?" + asked) if asked else ""
        fault: Exception = OSError("never tried")
        for pause in (0.0, *PAUSES):
            time.sleep(pause)
            try:
                return self._once(method, url, body, {**self._headers, **(headers or {})})
            except (OSError, http.client.HTTPException) as failed:
                fault = failed
        raise Unreachable(f"{self._url}: {getattr(fault, 'reason', fault)}") from fault

    def _once(self, method: str, url: str, body: Path | bytes | None, headers: dict[str, str]) -> Reply:
        data: bytes | BinaryIO | None = body.open("rb") if isinstance(body, Path) else body
        try:
            if isinstance(body, Path):
                headers["Content-Length"] = str(body.stat().st_size)
            # The scheme was checked when the client was made.
            request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310
            with urllib.request.urlopen(request, timeout=self._timeout) as answer:  # noqa: S310
                return Reply(answer.read(), _next_of(answer.headers.get("Link", "")), answer.headers)
        except urllib.error.HTTPError as fault:
            with fault:
                raise Refused(fault.code, _problem(fault.read())) from None
        finally:
            if not isinstance(data, bytes | None):
                data.close()


def _part(name: str) -> str:
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
