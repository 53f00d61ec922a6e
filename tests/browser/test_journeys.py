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


def done(visitor: Visitor) -> None:
    """Wait for a job's page to show the result: by itself with scripts, by looking again without."""
    if visitor.visit.scripts:
        expect(visitor.page.locator("[data-follow]")).to_have_count(0)
        return
    for _ in range(100):
        if not visitor.page.locator("[data-follow]").count():
            return
        visitor.page.wait_for_timeout(50)
        visitor.page.click("[data-follow] a")
    raise AssertionError("the job is not finished")


@everywhere
def test_find_in_another_script_and_narrow_down(visitor: Visitor) -> None:
    visitor.page.fill("#q", "toghyz terek")
    if visitor.visit.scripts:
        visitor.page.wait_for_url("**/find?q=toghyz*")
    else:
        visitor.page.click("main form button")
    expect(visitor.page.locator("#results a").first).to_be_visible()
    visitor.page.select_option("#kind", "recording")
    visitor.page.click("main form button")
    assert "kind=recording" in visitor.path
    visitor.look()
    visitor.page.locator("#results a").first.click()
    assert visitor.path.startswith("/recordings/")


@everywhere
def test_ask_who_is_paid_and_open_the_source(visitor: Visitor) -> None:
    visitor.go("/find?q=T9300000026")
    visitor.page.locator("#results a").first.click()
    visitor.page.fill("#on", "2023-07-01")
    visitor.page.click("main form.fields button")
    assert "on=2023-07-01" in visitor.path
    expect(visitor.page.locator("svg.bar rect.disputed")).to_have_count(0)
    assert visitor.page.locator(".timeline li").count() > 3
    visitor.look()
    visitor.page.locator("table a[href^='/sources/']").first.click()
    expect(visitor.page.locator(".lines .here")).to_be_visible()
    visitor.look()
    visitor.go("/find?q=T9300000048")
    visitor.page.locator("#results a").first.click()
    assert visitor.page.locator(".compared .differs").count() > 0


@everywhere
def test_send_a_file_and_read_its_findings(visitor: Visitor) -> None:
    visitor.go("/submissions")
    visitor.page.set_input_files("#file", {"name": "new.csv", "mimeType": "text/csv", "buffer": FEED})
    visitor.page.click(".drop button")
    visitor.page.wait_for_url(re.compile(r"/submissions/s"))
    done(visitor)
    visitor.page.select_option("#code", "tabular.number")
    visitor.page.select_option("#sort", "severity")
    visitor.page.click("main form.fields button")
    visitor.look()
    visitor.page.locator("table a").first.click()
    expect(visitor.page.locator("mark")).to_have_text("x")


@everywhere
def test_withdraw_step_by_step(visitor: Visitor) -> None:
    visitor.go("/mandates?grantor=90000100300&territory=KZ&standing=in_force")
    visitor.page.locator("table a").first.click()
    today = dt.datetime.now(dt.UTC).date()
    visitor.page.fill("#notice", today.isoformat())
    visitor.page.locator("#notice").dispatch_event("change")
    expect(visitor.page.locator("#days .note")).to_be_visible()
    visitor.page.fill("#effective", (today + dt.timedelta(days=400)).isoformat())
    visitor.page.check("[name=rights][value=PR]")
    visitor.page.fill("#evidence", "letter.pdf")
    visitor.look()
    visitor.page.click("form.stack button")
    visitor.page.wait_for_url(re.compile(r"/withdrawals/x"))
    assert visitor.page.locator("main table tbody tr").count() > 0
    visitor.look()
    visitor.page.select_option("#action", "file")
    visitor.page.click("form.stack button")
    visitor.page.wait_for_load_state()
    assert visitor.page.locator("#action option[value=file]").count() == 0


@everywhere
def test_claim_in_a_conflict(visitor: Visitor) -> None:
    visitor.go("/conflicts?mine=1&kind=mandate_overlap")
    visitor.look()
    visitor.page.locator("table a[href^='/conflicts/']").first.click()
    visitor.page.select_option("#action", "claim")
    visitor.page.fill("#reason", "the letter of 2011 stands")
    visitor.page.click("form.stack button")
    expect(visitor.page.locator(".history")).to_contain_text("the letter of 2011 stands")
    visitor.look()


@everywhere
def test_judge_pairs_by_keys_and_undo(visitor: Visitor) -> None:
    visitor.go("/reviews")
    first = visitor.page.locator("[name=left]").first.get_attribute("value")
    if visitor.visit.scripts:
        visitor.page.keyboard.press("d")
    else:
        visitor.page.click("[value=different]")
    visitor.page.wait_for_url(f"**/reviews?*left={first}*")
    visitor.look()
    if visitor.visit.scripts:
        visitor.page.keyboard.press("z")
    else:
        visitor.page.click("[action='/reviews/undo'] button")
    visitor.page.wait_for_url(re.compile(r"/reviews$"))
    assert visitor.page.locator("[name=left]").first.get_attribute("value") == first


@everywhere
def test_have_a_usage_report_answered(visitor: Visitor) -> None:
    visitor.go("/usage")
    visitor.page.set_input_files("#file", {"name": "usage.csv", "mimeType": "text/csv", "buffer": REPORT})
    visitor.page.click(".drop button")
    visitor.page.wait_for_url(re.compile(r"/usage/j"))
    done(visitor)
    assert visitor.page.locator(".chart svg rect").count() >= 2
    visitor.look()


@everywhere
def test_audit_and_keep_keys_with_the_help_beside(visitor: Visitor) -> None:
    visitor.go("/log")
    visitor.page.click("main form button")
    expect(visitor.page.locator("[role=status]")).to_be_visible()
    visitor.page.click(".help summary")
    assert len(visitor.page.locator(".help").first.inner_text()) > 80
    visitor.look()
    visitor.go("/account")
    visitor.page.fill("#label", "office")
    visitor.page.click("main form.fields button")
    expect(visitor.page.locator(".note .code")).to_contain_text("hub_")
    visitor.look()
