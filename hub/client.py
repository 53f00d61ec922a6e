"""A small typed client of a hub over HTTP; it needs nothing but the standard library.

::

    hub = Client("https://hub.example", "hub_...")
    hub.who_to_pay("iswc:T9123456780", right="PR", use="radio", territory="KZ", on="2026-03-15")

Answers are the JSON of the interface, as ``/docs`` describes it. A refusal is ``Refused`` with the hub's
code and sentence; a hub that cannot be reached is ``Unreachable``. Calls that may be repeated safely are
repeated a few times: those that read, those that send a file, because these carry an ``Idempotency-Key``, and
those that change nothing when they are said again. Keys, webhooks and their secrets are asked for once.

Who receives notices of a hub checks them with ``verify(secret, headers, body)``.
"""

from __future__ import annotations

import itertools
import json
import time
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.calling import Calling, Json, Refused, Reply, Unreachable, part
from hub.errors import UsageError
from hub.webhooks.signing import BadSignature, verify

__all__ = ["Acknowledgement", "BadSignature", "Client", "Refused", "Reply", "Unreachable", "verify"]

FINAL = frozenset({"done", "failed", "cancelled"})
LARGEST_BATCH = 10_000
LARGEST_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """An acknowledgement file, the name that its standard gives it, and what is in it."""

    body: bytes
    file_name: str
    transactions: int
    records: int


class Client(Calling):
    """A hub at an address, called with one key."""

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
        return self._read(f"/v1/submissions/{part(submission)}")

    def findings(self, submission: str) -> Iterator[Json]:
        """All findings of an own submission, in file order, page after page."""
        return self._pages(f"/v1/submissions/{part(submission)}/findings", {"limit": "1000"})

    def send_usage(self, report: Path | bytes, *, repeat_key: str = "", **terms: str) -> Json:
        """Hand a usage report in, with ``known_at``, ``rights``, ``policy``; the job that answers it."""
        return self._send("/v1/usage-reports", report, terms, repeat_key)

    def usage_result(self, job: str, form: str = "csv") -> bytes:
        """The answered lines of a usage report, or what changed of one, as CSV or ``parquet``."""
        return self._call("GET", f"/v1/usage-reports/{part(job)}/result", {"format": form}).body

    def save_usage_result(self, job: str, target: Path, form: str = "csv") -> None:
        """The same into a file, which takes its name when it is whole; a large one needs no memory so."""
        path = f"/v1/usage-reports/{part(job)}/result"
        partial = target.with_name(f"{target.name}.part")
        try:
            self._call("GET", path, {"format": form}, into=partial)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)

    def usage_changes(self, job: str, *, known_at: str = "") -> Json:
        """Have a report answered again; the job whose result is what would be paid otherwise now."""
        path = f"/v1/usage-reports/{part(job)}/changes"
        asked = urllib.parse.urlencode({"known_at": known_at} if known_at else {})
        return self._post(f"{path}?{asked}" if asked else path, b"", "application/json")

    def job(self, job: str) -> Json:
        """A job of one's own as it stands."""
        return self._read(f"/v1/jobs/{part(job)}")

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
        return self._read(f"/v1/mandates/{part(mandate)}", terms)

    def state_mandate(self, **terms: str) -> Json:
        """Declare a mandate, or correct the one of this ``mandate_ref``."""
        return self._say("/v1/mandates", terms)

    def withdraw(self, mandate: str, *, draft: bool = False, **notice: str) -> Json:
        """File or draft a withdrawal; the same notice again changes nothing."""
        return self._say(f"/v1/mandates/{part(mandate)}/withdrawals", {**notice, "draft": draft})

    def withdrawals(self, **filters: str) -> Iterator[Json]:
        """Withdrawals and the own drafts, by ``state``, ``mandate``, ``filed_by``, ``on``, ``known_at``."""
        return self._pages("/v1/withdrawals", {"limit": "1000", **filters})

    def withdrawal(self, withdrawal: str, **terms: str) -> Json:
        """A withdrawal with everything done about it."""
        return self._read(f"/v1/withdrawals/{part(withdrawal)}", terms)

    def withdrawal_preview(self, withdrawal: str, **terms: str) -> Json:
        """What a withdrawal changes on its effective day."""
        return self._read(f"/v1/withdrawals/{part(withdrawal)}/preview", terms)

    def act_on_withdrawal(self, withdrawal: str, action: str, **step: str) -> Json:
        """``file``, ``acknowledge``, ``contest``, ``cancel`` or ``remark``; said twice, it is said once."""
        return self._say(f"/v1/withdrawals/{part(withdrawal)}/{part(action)}", step)

    def act_on_conflict(self, conflict: str, action: str, **step: str) -> Json:
        """``claim``, ``answer``, ``concede``, ``remark``; with an operator's key ``settle``, ``reopen``."""
        return self._say(f"/v1/conflicts/{part(conflict)}/{part(action)}", step)

    def jobs(self, **filters: str) -> Iterator[Json]:
        """Jobs of one's own, the newest first, by ``state``."""
        return self._pages("/v1/jobs", {"limit": "1000", **filters})

    def acknowledgement(self, submission: str) -> Acknowledgement:
        """The acknowledgement of an own submission, in its format."""
        reply = self._call("GET", f"/v1/submissions/{part(submission)}/acknowledgement")
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
        return self._post(f"/v1/users/{part(user)}/{part(action)}", b"", "application/json")

    def reviews(self, limit: int = 50) -> list[Json]:
        """Unsure pairs of which one's own society declared a side, those first that would move most."""
        return list(json.loads(self._call("GET", "/v1/reviews", {"limit": str(limit)}).body))

    def judge(self, left: str, right: str, verdict: str, reason: str) -> Json:
        """Say of two source subjects that they are ``same`` or ``different``, or that it is ``unsure``."""
        said = {"left": left, "right": right, "verdict": verdict, "reason": reason}
        return self._say("/v1/reviews/decisions", said)

    def take_back_judgement(self, left: str, right: str) -> Json:
        """Take the newest judgement of one's own about two source subjects back."""
        return self._say("/v1/reviews/undo", {"left": left, "right": right})

    def look_together(self, **terms: Any) -> Json:
        """Have all recordings looked at together, or what was found taken ``back``; gives the job."""
        return self._say("/v1/reviews/together", terms)

    def societies(self, **terms: str) -> list[Json]:
        """The register of societies, as known at ``known_at``."""
        return list(json.loads(self._call("GET", "/v1/societies", terms).body))

    def society(self, code: str, **terms: str) -> Json:
        """A society with every version of its entry, as known at ``known_at``."""
        return self._read(f"/v1/societies/{part(code)}", terms)

    def keys(self) -> list[Json]:
        """Keys of one's own without their secrets; everybody's for the operator."""
        return list(json.loads(self._call("GET", "/v1/keys").body))

    def add_key(self, **wanted: Any) -> Json:
        """Make a key of one's own with ``scopes``, ``days``, ``label``; its secret is shown this once.

        Should the answer be lost, the key is there all the same: `keys` shows it, and it can be ended.
        """
        return self._say("/v1/keys", wanted, once=True)

    def rotate_key(self, prefix: str, overlap_hours: int = 24) -> Json:
        """Replace a key by a new one with the same rights; both go on for so many hours."""
        asked = urllib.parse.urlencode({"overlap_hours": overlap_hours})
        path = f"/v1/keys/{part(prefix)}/rotate?{asked}"
        return self._post(path, b"", "application/json", once=True)

    def revoke_key(self, prefix: str) -> None:
        """End a key at once."""
        self._call("DELETE", f"/v1/keys/{part(prefix)}")

    def denied(self, limit: int = 100) -> list[Json]:
        """Refused attempts, the newest first: those of one's own keys, everybody's for the operator."""
        return list(
            itertools.islice(
                self._pages("/v1/audit/denials", {"limit": str(min(limit, LARGEST_PAGE))}), limit
            )
        )

    def webhooks(self) -> list[Json]:
        """Webhooks of one's own, with how many notices wait."""
        return list(json.loads(self._call("GET", "/v1/webhooks").body))

    def add_webhook(self, url: str, **wanted: Any) -> Json:
        """Be told of ``events`` at an address; the secret that signs notices is shown this once."""
        return self._say("/v1/webhooks", {"url": url, **wanted}, once=True)

    def act_on_webhook(self, webhook: str, action: str) -> Json:
        """``rotate``, ``enable`` or ``test``."""
        return self._post(f"/v1/webhooks/{part(webhook)}/{part(action)}", b"", "application/json", once=True)

    def remove_webhook(self, webhook: str) -> None:
        """End a webhook for good."""
        self._call("DELETE", f"/v1/webhooks/{part(webhook)}")

    def deliveries(self, webhook: str, limit: int = 100) -> list[Json]:
        """What was sent to a webhook and what came of it, the newest first."""
        path = f"/v1/webhooks/{part(webhook)}/deliveries"
        return list(itertools.islice(self._pages(path, {"limit": str(min(limit, LARGEST_PAGE))}), limit))

    def resend(self, webhook: str, delivery: str) -> Json:
        """Send a notice again under the same id."""
        path = f"/v1/webhooks/{part(webhook)}/deliveries/{part(delivery)}/resend"
        return self._post(path, b"", "application/json")

    def export(self, listing: str, form: str = "ndjson", **filters: str) -> bytes:
        """All entries of a listing (``mandates``, ``conflicts``, ...) as ``ndjson``, ``csv``, ``parquet``."""
        return self._call("GET", f"/v1/{listing}", {"format": form, **filters}).body

    def conflicts(self, **filters: str) -> Iterator[Json]:
        """Conflicts, those that block most first, by ``state``, ``kind`` or ``society``."""
        return self._pages("/v1/conflicts", {"limit": "1000", **filters})

    def conflict(self, conflict: str, **terms: str) -> Json:
        """A conflict with its statements, sources and history."""
        return self._read(f"/v1/conflicts/{part(conflict)}", terms)

    def search(self, text: str, limit: int = 20, **terms: str) -> list[Json]:
        """Works and recordings that fit the text, best first."""
        reply = self._call("GET", "/v1/search", {"q": text, "limit": str(limit), **terms})
        return list(json.loads(reply.body))
