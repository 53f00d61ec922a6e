"""What people come for, from the first click to the last: journeys in every language, width and way."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hubs import WORK_HEADER
from looking import CHOSEN, Visitor
from playwright.sync_api import expect

everywhere = pytest.mark.parametrize("visitor", CHOSEN, indirect=True, ids=str)

FEED = (WORK_HEADER + "N1,ЖАҢА ӘН,,АСАН БЕК,,CA,177,x,100,\nN2,ЕСКІ ӘН,,АСАН БЕК,,CA,177,100,,\n").encode()
REPORT = (
    b"subject,right,use,territory,on\n"
    b"isrc:KZZ9X2500002,PR,radio,KZ,2026-07-01\n"
    b"iswc:T9,PR,radio,KZ,2026-07-01\n"
)


@everywhere
def test_find_in_another_script_and_narrow_down(visitor: Visitor) -> None:
    visitor.page.fill("#q", "toghyz terek")
    if visitor.visit.scripts:
        visitor.page.wait_for_url("**/find?q=toghyz*")
    else:
        visitor.follow("main form button")
    expect(visitor.page.locator("#results a").first).to_be_visible()
    visitor.page.select_option("#kind", "recording")
    visitor.follow("main form button")
    assert "kind=recording" in visitor.path
    visitor.look()
    visitor.follow("#results a")
    assert visitor.path.startswith("/recordings/")


@everywhere
def test_ask_who_is_paid_and_open_the_source(visitor: Visitor) -> None:
    visitor.go("/find?q=T9300000026")
    visitor.follow("#results a")
    visitor.page.fill("#on", "2023-07-01")
    visitor.follow("main form.fields button")
    assert "on=2023-07-01" in visitor.path
    expect(visitor.page.locator("svg.bar rect").first).to_be_attached()
    expect(visitor.page.locator("svg.bar rect.disputed")).to_have_count(0)
    expect(visitor.page.locator(".timeline li").nth(3)).to_be_visible()
    visitor.look()
    visitor.follow("table a[href^='/sources/']")
    expect(visitor.page.locator(".lines .here")).to_be_visible()
    visitor.look()
    visitor.go("/find?q=T9300000048")
    visitor.follow("#results a")
    expect(visitor.page.locator(".compared .differs").first).to_be_visible()


@everywhere
def test_send_a_file_and_read_its_findings(visitor: Visitor) -> None:
    visitor.go("/submissions")
    visitor.page.set_input_files("#file", {"name": "new.csv", "mimeType": "text/csv", "buffer": FEED})
    visitor.follow(".drop button")
    assert visitor.path.startswith("/submissions/s")
    visitor.done()
    visitor.page.select_option("#code", "tabular.number")
    visitor.page.select_option("#sort", "severity")
    visitor.follow("main form.fields button")
    visitor.look()
    visitor.follow("table a")
    expect(visitor.page.locator("mark")).to_have_text("x")


@everywhere
def test_withdraw_step_by_step(visitor: Visitor) -> None:
    visitor.go("/mandates?grantor=90000100300&territory=KZ&standing=in_force")
    visitor.follow("table a")
    today = dt.datetime.now(dt.UTC).date()
    visitor.page.fill("#notice", today.isoformat())
    visitor.page.locator("#notice").dispatch_event("change")
    expect(visitor.page.locator("#days .note")).to_be_visible()
    visitor.page.fill("#effective", (today + dt.timedelta(days=400)).isoformat())
    visitor.page.check("[name=rights][value=PR]")
    visitor.page.fill("#evidence", "letter.pdf")
    visitor.look()
    visitor.follow("form.stack button")
    assert visitor.path.startswith("/withdrawals/x")
    expect(visitor.page.locator("main table tbody tr").first).to_be_visible()
    visitor.look()
    visitor.page.select_option("#action", "file")
    visitor.follow("form.stack button")
    expect(visitor.page.locator("#action")).to_be_visible()
    expect(visitor.page.locator("#action option[value=file]")).to_have_count(0)


@everywhere
def test_claim_in_a_conflict(visitor: Visitor) -> None:
    visitor.go("/conflicts?mine=1&kind=mandate_overlap")
    visitor.look()
    visitor.follow("table a[href^='/conflicts/']")
    visitor.page.select_option("#action", "claim")
    visitor.page.fill("#reason", "the letter of 2011 stands")
    visitor.follow("form.stack button")
    expect(visitor.page.locator(".history")).to_contain_text("the letter of 2011 stands")
    visitor.look()


@everywhere
def test_judge_pairs_by_keys_and_undo(visitor: Visitor) -> None:
    visitor.go("/reviews")
    left = visitor.page.locator("[name=left]").first
    first = left.get_attribute("value") or ""
    visitor.press("d") if visitor.visit.scripts else visitor.follow("[value=different]")
    assert f"left={first}" in visitor.path
    visitor.look()
    visitor.press("z") if visitor.visit.scripts else visitor.follow("[action='/reviews/undo'] button")
    assert visitor.path == "/reviews"
    expect(left).to_have_value(first)


@everywhere
def test_have_a_usage_report_answered(visitor: Visitor) -> None:
    visitor.go("/usage")
    visitor.page.set_input_files("#file", {"name": "usage.csv", "mimeType": "text/csv", "buffer": REPORT})
    visitor.follow(".drop button")
    assert visitor.path.startswith("/usage/j")
    visitor.done()
    expect(visitor.page.locator(".chart svg rect").nth(1)).to_be_attached()
    visitor.look()


@everywhere
def test_audit_and_keep_keys_with_the_help_beside(visitor: Visitor) -> None:
    visitor.go("/log")
    visitor.follow("main form button")
    expect(visitor.page.locator("[role=status]")).to_be_visible()
    visitor.page.click(".help summary")
    expect(visitor.page.locator(".help").first).to_have_text(re.compile(r".{80}", re.DOTALL))
    visitor.look()
    visitor.go("/account")
    visitor.page.fill("#label", "office")
    visitor.follow("main form.fields button")
    expect(visitor.page.locator(".note .code")).to_contain_text("hub_")
    visitor.look()
