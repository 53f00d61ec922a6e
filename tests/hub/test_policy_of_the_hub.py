"""The share policy is the question's, or else the hub's own setting, wherever an answer is made."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hubs import MANDATE_HEADER, WORK_HEADER, fresh_hub, send
from starlette.testclient import TestClient
from typer.testing import CliRunner

from hub.access.keys import create
from hub.api.app import create_app
from hub.cli.app import app as command
from hub.context import Hub
from hub.errors import UsageError
from hub.settings import load
from hub.usage.payments import COLUMNS, check_payments
from hub.usage.resolving import resolve_usage

FIRST = "cisac-counterclaim/1"
SUBJECT = "iswc:T9123456780"
TERMS = {"right": "PR", "use": "radio", "territory": "KZ", "on": "2026-03-15"}
REPORT = f"line_ref,subject,right,use,territory,on\na,{SUBJECT},PR,radio,KZ,2026-03-15\n".encode()


def work(first: int, second: int) -> str:
    return (
        f"{WORK_HEADER}K1,EVENING,T9123456780,HARTLEY JANE,90000003887,CA,177,{first},100,\n"
        f"K1,EVENING,T9123456780,OSPAN MEREI,90000001106,A,177,{second},0,\n"
    )


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as opened:
        send(opened, work(70, 30))
        send(opened, work(50, 50).replace("K1", "D9"), "901")
        yield opened


def with_policy(hub: Hub) -> Hub:
    return replace(hub, settings=replace(hub.settings, share_policy=FIRST))


def resolved(hub: Hub, **options: Any) -> tuple[dict[str, object], str]:
    result = io.StringIO()
    done = resolve_usage(hub, io.BytesIO(REPORT), result, **options).as_json()
    return done, result.getvalue()


def test_a_usage_report_goes_by_the_policy_asked_for_or_the_hubs(hub: Hub) -> None:
    least, _ = resolved(hub)
    first, rows = resolved(hub, policy=FIRST)
    assert (least["policy"], least["lines_by_status"]) == (
        "least-agreed/1",
        {"contested": "20.00", "payable": "80.00"},
    )
    assert (first["policy"], first["lines_by_status"]) == (FIRST, {"payable": "100.00"})
    assert "first_notifier" in rows
    assert resolved(with_policy(hub))[1] == rows
    assert (
        resolved(with_policy(hub), policy="least-agreed/1")[0]["lines_by_status"] == least["lines_by_status"]
    )
    with pytest.raises(UsageError, match="policy 'x' is not one of"):
        resolved(hub, policy="x")


def test_the_command_resolves_reports_by_a_policy(hub: Hub, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    report.write_bytes(REPORT)
    argv = ["usage", "resolve", str(report), "-o", str(tmp_path / "out.csv"), "--json"]
    argv += ["--db", hub.settings.database_url]

    def ran(*more: str, **environment: str) -> Any:
        done = CliRunner().invoke(command, [*argv, *more], env={"HUB_DATA_DIR": str(tmp_path), **environment})
        return done.exception or json.loads(done.stdout)["policy"]

    assert ran("--policy", FIRST) == FIRST
    assert ran(HUB_SHARE_POLICY=FIRST) == FIRST
    assert ran() == "least-agreed/1"
    assert isinstance(ran("--policy", "x"), UsageError)
    assert isinstance(ran(HUB_SHARE_POLICY="x"), UsageError)


def test_the_setting_is_shown_and_checked(tmp_path: Path) -> None:
    environment = {"HUB_DATA_DIR": str(tmp_path), "HUB_SHARE_POLICY": FIRST}
    shown = CliRunner().invoke(command, ["config", "show", "--json"], env=environment)
    settings = {item["variable"]: item for item in json.loads(shown.stdout)}
    assert settings["HUB_SHARE_POLICY"] == {
        "variable": "HUB_SHARE_POLICY",
        "value": FIRST,
        "origin": "environment",
    }
    assert load({}).share_policy == "least-agreed/1"
    with pytest.raises(ValueError, match=r"HUB_SHARE_POLICY must be least-agreed/1 or cisac-counterclaim/1"):
        load({"HUB_SHARE_POLICY": "first come"})


def test_over_http_answers_and_payments_go_by_the_hubs_policy(hub: Hub) -> None:
    chosen = with_policy(hub)
    headers = {"Authorization": f"Bearer {create(hub, '177')['key']}"}
    with TestClient(create_app(chosen), raise_server_exceptions=False) as client:

        def get(path: str, **more: str) -> Any:
            return client.get(path, params={"subject": SUBJECT, **TERMS, **more}, headers=headers).json()

        assert get("/v1/who-to-pay")["policy"]["shares"] == FIRST
        assert get("/v1/who-to-pay", policy="least-agreed/1")["policy"]["shares"] == "least-agreed/1"
        body = {"questions": [{"subject": SUBJECT, **TERMS}]}
        (one,) = client.post("/v1/who-to-pay/batch", json=body, headers=headers).json()["answers"]
        assert one["policy"]["shares"] == FIRST
        payment = {
            "payment_ref": "P1", "subject": SUBJECT, **TERMS, "society": "177", "share": "100",
            "paid_at": one["question"]["known_at"],
        }  # fmt: skip

        def check(*payments: dict[str, str], **more: str) -> Any:
            reply = client.post("/v1/payments/check", json={"payments": payments, **more}, headers=headers)
            assert reply.status_code == 200, reply.text
            return reply.json()

        told = check(payment)
        assert (told["policy"], told["counts"]) == (FIRST, {"right": 1})
        row = "M9,party,90000003887,HARTLEY JANE,901,PR,*,2136,2005-01-01,,Y,declaration,,\n"
        send(hub, MANDATE_HEADER + row, "901")
        later = check(payment, {**payment, "share": "much"}, {**payment, "on": "x"})
        assert later["counts"] == {"right_then_wrong_now": 1, "unreadable": 2}
        assert [item["line"] for item in later["payments"]] == [1, 2, 3]
        first, unread, _ = later["payments"]
        assert (first["paid"], first["payable_then"], first["payable_now"]) == ("100.00", "100.00", "30.00")
        assert (unread["payable_now"], unread["detail"][:6]) == ("", "share:")
        assert check(payment, known_at=told["known_at"]) == told
        by_least = check({**payment, "share": "80"}, policy="least-agreed/1", known_at=told["known_at"])
        assert by_least["counts"] == {"right": 1}
        for wrong in (
            {"payments": []},
            {"payments": [payment], "policy": "x"},
            {"payments": [{"subject": "x"}]},
        ):
            reply = client.post("/v1/payments/check", json=wrong, headers=headers)
            assert reply.status_code in (400, 422)
            assert reply.headers["content-type"].startswith("application/problem+json")
        assert client.post("/v1/payments/check", json={"payments": [payment]}).status_code == 401


def test_a_job_keeps_the_policy_of_the_call_that_made_it(hub: Hub) -> None:
    headers = {"Authorization": f"Bearer {create(hub, '177')['key']}"}
    with TestClient(create_app(hub), raise_server_exceptions=False) as client:
        sent = client.post("/v1/usage-reports", params={"policy": FIRST}, content=REPORT, headers=headers)
        assert sent.status_code == 202
        wrong = client.post("/v1/usage-reports", params={"policy": "x"}, content=REPORT, headers=headers)
        assert wrong.status_code == 400
        job = sent.json()["job"]
        with client.stream("GET", f"/v1/jobs/{job}/events", headers=headers) as events:
            assert any("done" in line for line in events.iter_lines())
        assert client.get(f"/v1/jobs/{job}", headers=headers).json()["result"]["policy"] == FIRST
        assert "first_notifier" in client.get(f"/v1/usage-reports/{job}/result", headers=headers).text


def test_payments_in_a_file_go_by_the_policy(hub: Hub) -> None:
    row = f"P1,{SUBJECT},PR,radio,KZ,2026-03-15,177,100,2030-01-01"
    text = f"{','.join(COLUMNS)}\n{row}\n".encode()
    assert [item.verdict for item in check_payments(hub, io.BytesIO(text))] == ["wrong"]
    assert [item.verdict for item in check_payments(hub, io.BytesIO(text), FIRST)] == ["right"]
    assert [item.verdict for item in check_payments(with_policy(hub), io.BytesIO(text))] == ["right"]
