"""Every operation of the interface, called once on a hub with invented data: what was sent and answered.

``hub/api/examples.json`` is made from this, so that the documentation shows calls that were really made.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from contract_runs import REGISTER, key_of
from hubs import MANDATE_HEADER, MANDATES, WORK_HEADER, WORKS, fresh_hub, send
from starlette.testclient import TestClient

from hub import jurisdictions
from hub.answers.public_domain import Decision, decide
from hub.api.app import create_app
from hub.context import Hub
from hub.db import times
from hub.db.counters import Instant, horizon
from hub.db.engine import reading, writing
from hub.links import learned_tables

QUESTION = {"subject": "iswc:T9123456780", "right": "PR", "use": "radio", "territory": "KZ"}
ASKED = {**QUESTION, "on": "2026-03-15"}
RECORDINGS = (
    "recording_ref,isrc,title,artist,duration,year,works,party_name,party_id,role,right,share,territories,society\n"
    "R1,KZA012500001,Жазғы кеш,«Дала» тобы,3:20,2025,iswc:T9123456780,Label,,Producer,PROD,100,,177\n"
)
TWIN = WORK_HEADER + "Z1,ҚЫСҚЫ ТҮН,,ALIMOV ERLAN,90000000109,CA,901,100,100,\n"
OWN_TWIN = WORK_HEADER + "Z2,ҚЫСҚЫ ТАҢ,,ӘЛІМОВ ЕРЛАН,90000000109,C,,100,100,\n"
RIVAL = (
    MANDATE_HEADER
    + "M7,party,90000000109,ӘЛІМОВ ЕРЛАН,901,PR|MR,*,2136,2026-01-01,,Y,declaration,,letter.pdf\n"
)
FILE = WORK_HEADER + "N1,КӨКТЕМ,,ОСПАН МӘДИНА,,CA,177,100,100,\nN2,ЖАҢБЫР,,ОСПАН МӘДИНА,,CA,177,x,100,\n"
USAGE = (
    "line_ref,subject,right,use,territory,on,amount,currency\n"
    "1,iswc:T9123456780,PR,radio,KZ,2026-03-15,100.00,KZT\n"
)
OCTETS = "application/octet-stream"
SHOWN = 600
"""So many characters of an answer that is not JSON are kept."""


class Recorder:
    """Calls operations and keeps the first good call of each."""

    def __init__(self, client: TestClient, keys: dict[str, str]) -> None:
        self.calls: dict[str, dict[str, Any]] = {}
        self.client = client
        self.keys = keys

    def __call__(
        self,
        operation: str,
        *,
        role: str = "society",
        query: dict[str, Any] | None = None,
        header: dict[str, Any] | None = None,
        body: Any = None,
        media: str = "application/json",
        **path: str,
    ) -> Any:
        """Call ``GET /v1/works/{work_id}``; the answer as JSON, or as text."""
        method, _, template = operation.partition(" ")
        headers = {"Authorization": f"Bearer {self.keys[role]}"}
        headers |= {name: str(value) for name, value in (header or {}).items()}
        sent: dict[str, Any] = {}
        if body is not None:
            headers["Content-Type"] = media
            sent = {"content": body} if isinstance(body, str) else {"json": body}
        answer = self.client.request(method, template.format(**path), params=query, headers=headers, **sent)
        assert answer.status_code < 300, (operation, answer.status_code, answer.text)
        kind = answer.headers.get("content-type", "").partition(";")[0]
        told = answer.json() if kind == "application/json" and answer.content else answer.text[:SHOWN]
        call: dict[str, Any] = {"status": answer.status_code, "answer_media": kind, "answer": told}
        call |= {"path": path, "query": query, "header": header} if path or query or header else {}
        call |= {"media": media, "body": body} if body is not None else {}
        self.calls.setdefault(operation, {name: value for name, value in call.items() if value is not None})
        return told


def record(folder: Path) -> dict[str, dict[str, Any]]:
    """Every call by operation, in the order of their names."""
    with fresh_hub(f"sqlite:///{folder / 'hub.db'}", folder, societies=REGISTER) as hub:
        jurisdictions.add_shipped(hub)
        send(hub, WORKS)
        with reading(hub.engine) as connection:
            since = times.text(horizon(connection))
        for text, society in (
            (MANDATES, "177"), (RECORDINGS, "177"), (TWIN, "901"), (OWN_TWIN, "177"), (RIVAL, "901"),
        ):  # fmt: skip
            send(hub, text, society)
        decide(hub, Decision("isrc:KZA012500001", "2096-01-01", "Seventy years after publication"))
        keys = {role: key_of(hub, role) for role in ("society", "dsp", "auditor", "operator")}
        call = Recorder(TestClient(create_app(hub)), keys)
        # Nothing runs behind a client that was not entered: what is queued stays so, notices wait.
        report = _queued(call)
        _notices(call)
        _questions(call, since)
        _catalogue(call)
        _register(call)
        _reviews(call, hub)
        _access(call)
        for name in ("/healthz", "/readyz", "/metrics"):
            call(f"GET {name}")
        with TestClient(create_app(hub)) as working:
            call.client = working
            _files(call, hub)
            _answered(call, report)
    return dict(sorted(call.calls.items()))


def _questions(call: Recorder, since: str) -> None:
    call("GET /v1/who-to-pay", query={**ASKED, "amount": "1000.00", "currency": "KZT"})
    call("GET /v1/who-to-pay/period", query={**QUESTION, "from": "2026-03-01", "to": "2026-04-01"})
    call("POST /v1/who-to-pay/batch", body={"questions": [ASKED, {**ASKED, "subject": "iswc:T0345246801"}]})
    call("GET /v1/changes", query={**{k: v for k, v in ASKED.items() if k != "subject"}, "since": since})
    payment = {
        "payment_ref": "2026-Q1-00017", **ASKED, "society": "177", "share": "75.00", "paid_at": "2026-04-20",
    }  # fmt: skip
    call("POST /v1/payments/check", body={"payments": [payment]})
    call("GET /v1/public-domain")
    call("GET /v1/jurisdictions")


def _catalogue(call: Recorder) -> None:
    work = call("GET /v1/works", query={"q": "ЖАЗҒЫ КЕШ"})[0]["id"]
    call("GET /v1/works/{work_id}", work_id=work)
    recording = call("GET /v1/recordings", query={"q": "Жазғы кеш"})[0]["id"]
    call("GET /v1/recordings/{recording_id}", recording_id=recording)
    call("GET /v1/search", query={"q": "iswc:T9123456780", "limit": 5})
    call("GET /v1/parties/{party_id}", party_id="90000000109")
    call("GET /v1/societies")
    call("GET /v1/societies/{code}", code="177")


def _register(call: Recorder) -> None:
    stated = {
        "mandate_ref": "M-2026-17", "grantor_type": "party", "grantor_id": "90000007581",
        "grantor_name": "NORTHFIELD MUSIC PUBLISHING LTD", "holder": "177", "rights": "SR", "uses": "*",
        "territories": "KZ", "valid_from": "2026-01-01", "basis": "declaration", "evidence": "contract 17",
    }  # fmt: skip
    mandate = call("POST /v1/mandates", body=stated)["id"]
    call("GET /v1/mandates", query={"holder": "177", "limit": 1})
    call("GET /v1/mandates/{mandate_id}", mandate_id=mandate)
    notice = {"notice": "2025-12-20", "effective": "2026-07-01", "uses": "on-demand-stream"}
    filed = call("POST /v1/mandates/{mandate_id}/withdrawals", mandate_id=mandate, body=notice)["id"]
    call("GET /v1/mandates/{mandate_id}/withdrawals", mandate_id=mandate)
    call("GET /v1/withdrawals", query={"filed_by": "177"})
    call("GET /v1/withdrawals/{withdrawal_id}/preview", withdrawal_id=filed, query={"limit": 1})
    said = {"reason": "The letter of 20 December is with both societies.", "evidence": "letter 17"}
    call("POST /v1/withdrawals/{withdrawal_id}/{action}", withdrawal_id=filed, action="remark", body=said)
    call("GET /v1/withdrawals/{withdrawal_id}", withdrawal_id=filed)
    conflict = call("GET /v1/conflicts", query={"kind": "mandate_overlap"})[0]["id"]
    claim = {"reason": "Our contract of 2010 is exclusive.", "evidence": "contract 4"}
    call("POST /v1/conflicts/{conflict_id}/{action}", conflict_id=conflict, action="claim", body=claim)
    call("GET /v1/conflicts/{conflict_id}", conflict_id=conflict)


def _queued(call: Recorder) -> str:
    """A usage report that no worker has taken yet, stopped and queued again; its job."""
    report: str = call(
        "POST /v1/usage-reports",
        role="dsp", header={"Idempotency-Key": "radio-2026-03"}, body=USAGE, media=OCTETS,
    )["job"]  # fmt: skip
    call("POST /v1/jobs/{job_id}/cancel", role="dsp", job_id=report)
    call("POST /v1/jobs/{job_id}/retry", role="dsp", job_id=report)
    return report


def _files(call: Recorder, hub: Hub) -> None:
    sent = call(
        "POST /v1/submissions",
        query={"filename": "works.csv"}, header={"Idempotency-Key": "works-2026-03"}, body=FILE, media=OCTETS,
    )  # fmt: skip
    name, job = sent["submission"], sent["job"]
    call("GET /v1/submissions/{submission_id}/events", submission_id=name)
    call("GET /v1/submissions/{submission_id}", submission_id=name)
    call("GET /v1/submissions/{submission_id}/findings", submission_id=name, query={"severity": "error"})
    call("GET /v1/submissions", query={"limit": 2})
    registration = (Path(__file__).parents[1] / "golden/cwr/2.1/NWR.cwr").read_bytes()
    acknowledged = send(hub, registration).submission
    call("GET /v1/submissions/{submission_id}/acknowledgement", submission_id=acknowledged)
    call("GET /v1/jobs", query={"limit": 1})
    call("GET /v1/jobs/{job_id}", job_id=job)
    call("GET /v1/jobs/{job_id}/events", job_id=job)
    upload = call("POST /v1/uploads", body={"size": len(FILE.encode()), "filename": "again.csv"})["upload"]
    call(
        "PATCH /v1/uploads/{upload_id}",
        upload_id=upload, header={"Upload-Offset": 0}, body=FILE, media=OCTETS,
    )  # fmt: skip
    call("GET /v1/uploads/{upload_id}", upload_id=upload)
    call("POST /v1/uploads/{upload_id}/submission", upload_id=upload)
    given_up = call("POST /v1/uploads", body={"size": 9})["upload"]
    call("DELETE /v1/uploads/{upload_id}", upload_id=given_up)


def _answered(call: Recorder, report: str) -> None:
    """A usage report when a worker has done it."""
    call("GET /v1/jobs/{job_id}/events", role="dsp", job_id=report)
    call("GET /v1/usage-reports/{job_id}/result", role="dsp", job_id=report)
    call("POST /v1/usage-reports/{job_id}/changes", role="dsp", job_id=report)


def _reviews(call: Recorder, hub: Hub) -> None:
    pair = call("GET /v1/reviews", query={"limit": 1})[0]
    sides = {"left": pair["left"]["id"], "right": pair["right"]["id"]}
    verdict = {**sides, "verdict": "same", "reason": "Same writer; the second title is a translation."}
    call("POST /v1/reviews/decisions", body=verdict)
    call("POST /v1/reviews/undo", body=sides)
    call("GET /v1/reviews/learning")
    with writing(hub.engine) as connection:
        told = (24, "operator", "Four and twenty pairs were compared.", Instant(connection))
        learned_tables.put(connection, "work", "", *told)
    back = {"kind": "work", "action": "back", "reason": "It linked works of one title."}
    call("POST /v1/reviews/learning", role="operator", body=back)
    call("GET /v1/reviews/learning/history", query={"kind": "work"})
    call("POST /v1/reviews/together", role="operator", body={"link": False, "distinct": False})


def _notices(call: Recorder) -> None:
    webhook = call(
        "POST /v1/webhooks",
        body={"url": "https://cmo.example/hub", "events": ["job.ended"], "label": "desk"},
    )["webhook"]
    call("POST /v1/webhooks/{webhook}/test", webhook=webhook)
    sent = call("GET /v1/webhooks/{webhook}/deliveries", webhook=webhook)[0]["delivery"]
    call("POST /v1/webhooks/{webhook}/deliveries/{delivery}/resend", webhook=webhook, delivery=sent)
    call("GET /v1/webhooks")
    call("GET /v1/webhooks/{webhook}", webhook=webhook)
    call("POST /v1/webhooks/{webhook}/rotate", webhook=webhook)
    call("POST /v1/webhooks/{webhook}/enable", webhook=webhook)
    call("DELETE /v1/webhooks/{webhook}", webhook=webhook)


def _access(call: Recorder) -> None:
    call("GET /v1/me")
    made = call("POST /v1/keys", body={"scopes": ["read"], "days": 90, "label": "website"})["prefix"]
    call("GET /v1/keys")
    call("POST /v1/keys/{prefix}/rotate", prefix=made, query={"overlap_hours": 1})
    call("DELETE /v1/keys/{prefix}", prefix=made)
    refused = call.client.post(
        "/v1/reviews/undo", json={}, headers={"Authorization": f"Bearer {call.keys['dsp']}"}
    )
    assert refused.status_code == 403
    call("GET /v1/audit/denials", role="dsp")
    call("GET /v1/audit", role="auditor", query={"limit": 2})
    wanted = {"user": "aigul", "society": "177", "scopes": ["read"]}
    call("POST /v1/users", role="operator", body=wanted)
    for action in ("disable", "enable", "password", "sign-out"):
        call(f"POST /v1/users/{{name}}/{action}", role="operator", name="aigul")
    call("GET /v1/users", role="operator", query={"society": "177"})
    root = call("GET /v1/audit/root", query={"size": 2})
    call("GET /v1/audit/proofs/{name}", name="2", query={"size": 2}, role="auditor")
    call("GET /v1/audit/continuation", query={"size": root["size"], "root": root["root"]})
