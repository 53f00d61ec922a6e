"""Pages: signing in, what each of them shows and does, and that no society sees or does more than its own."""

from __future__ import annotations

import gzip
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hubs import MANDATES, WORK_HEADER, WORKS, fresh_hub, send
from signed_in import Browser, found, other
from starlette.testclient import TestClient
from workbooks import sheet_xml, workbook

from hub.access.keys import create, revoke
from hub.api.app import create_app
from hub.context import Hub
from hub.web import timeline

LANGUAGES = ("en", "kk", "ru")
REPORT = "subject,right,use,territory,on\niswc:T9123456780,PR,radio,KZ,2026-03-15\n"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as opened:
        send(opened, WORKS)
        send(opened, MANDATES)
        yield opened


@pytest.fixture
def kazak(hub: Hub) -> Iterator[Browser]:
    with TestClient(create_app(hub), raise_server_exceptions=False) as client:
        yield Browser(hub, client, "177")


def waited(browser: Browser, address: str) -> str:
    ends = time.monotonic() + 120
    while "data-follow" in (page := browser.page(address)):
        assert time.monotonic() < ends, f"{address} is not finished"
        time.sleep(0.05)
    return page


def test_nothing_is_shown_before_signing_in(hub: Hub) -> None:
    client = TestClient(create_app(hub))
    for address in (
        "/",
        "/find?q=x",
        "/submissions",
        "/mandates",
        "/withdrawals",
        "/reviews",
        "/usage",
        "/log",
    ):
        answer = client.get(address, follow_redirects=False)
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/login?next=")
    refused = client.post("/login", data={"key": "hub_wrong"})
    assert refused.status_code == 401
    assert 'role="alert"' in refused.text


@pytest.mark.parametrize(
    "address", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x"]
)
def test_signing_in_leads_nowhere_else(hub: Hub, address: str) -> None:
    client = TestClient(create_app(hub))
    key = create(hub, "177")["key"]
    done = client.post("/login", data={"key": key, "back": address}, follow_redirects=False)
    assert done.headers["Location"] == "/find"
    cookie = done.headers["Set-Cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_a_session_ends_with_its_key_and_by_signing_out(hub: Hub, kazak: Browser) -> None:
    second = other(hub, "177")
    revoke(hub, second.key["prefix"])
    assert second.client.get("/find", follow_redirects=False).status_code == 303
    kazak.form("/logout")
    assert kazak.client.get("/find", follow_redirects=False).status_code == 303


def test_every_page_in_every_language_is_closed_and_complete(hub: Hub, kazak: Browser) -> None:
    work = found(r'href="/(works/[a-z0-9]+)"', kazak.page("/find?q=кеш"))
    mandate = found(r'href="/(mandates/[a-z0-9]+)"', kazak.page("/mandates"))
    submission = found(r'href="/(submissions/[a-z0-9]+)"', kazak.page("/submissions"))
    addresses = [
        "/find", f"/{work}", f"/{work}?right=MR&on=2026-01-01&territory=Atlantis", "/submissions",
        f"/{submission}", f"/{submission.replace('submissions', 'sources')}?at=line:2",
        "/mandates?holder=177", f"/{mandate}",
        "/withdrawals?state=filed", "/conflicts?mine=1", "/reviews", "/usage", "/societies", "/log?check=1",
    ]  # fmt: skip
    for language in LANGUAGES:
        for address in addresses:
            answer = kazak.client.get(f"{address}{'&' if '?' in address else '?'}lang={language}")
            assert answer.status_code == 200, (address, answer.text[-300:])
            assert f'<html lang="{language}">' in answer.text
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "<style" not in answer.text
            assert " style=" not in answer.text
            assert not re.search(r"<script(?! type=\"module\" src=\"/static/hub.js\")", answer.text)
            assert len(answer.content) < 100_000


def test_full_lists_stay_small_in_the_longest_script(hub: Hub, kazak: Browser) -> None:
    head, first = MANDATES.strip().splitlines()[:2]
    many = [first.replace("M1,", f"MANDATE-{number:05},", 1) for number in range(120)]
    send(hub, "\n".join([head, *many]).replace("ЕРЛАН,177,", "ЕРЛАН,901,") + "\n", "901")
    works = [f"G{number},ҰЗАҚ АТАУЫ БАР ӨЛЕҢ {number},,АСАН БЕК,,CA,901,100,100," for number in range(60)]
    send(hub, WORK_HEADER + "\n".join(works) + "\n", "901")
    wrong = [f"N{number},ҰЗАҚ АТАУЫ БАР ӨЛЕҢ {number},T12,АСАН БЕК,1,CA,177,x,y,ZZ" for number in range(80)]
    send(hub, WORK_HEADER + "\n".join(wrong) + "\n")
    name = found(r'href="/submissions/([a-z0-9]+)"', kazak.page("/submissions"))
    for address in ("/mandates", "/conflicts", f"/submissions/{name}", "/find?q=ҰЗАҚ АТАУЫ", "/log"):
        for language in LANGUAGES:
            answer = kazak.client.get(f"{address}{'&' if '?' in address else '?'}lang={language}")
            assert answer.status_code == 200
            assert answer.text.count("<tr>") >= (50 if address != "/log" else 5), address
            assert len(answer.content) < 100_000, (address, len(answer.content))


def test_the_answer_is_that_of_the_resolver(hub: Hub, kazak: Browser) -> None:
    work = found(r'href="/(works/[a-z0-9]+)"', kazak.page("/find?q=T9123456780"))
    page = kazak.page(f"/{work}?right=PR&use=radio&territory=KZ&on=2026-03-15&lang=ru")
    assert page.count("KAZAK (177)") == 3
    assert "50,00" in page
    assert 'class="payable"' in page
    permanent = found(r'href="(\?right=PR[^"]+known_at=[^"]+)"', page).replace("&amp;", "&")
    send(hub, WORKS.replace("K1", "B1").replace(",50,50,", ",40,50,"), "901")
    again = kazak.page(f"/{work}{permanent}&lang=ru")
    assert again.count("KAZAK (177)") == 3


def test_an_answer_is_exported_and_its_facts_open_their_source(hub: Hub, kazak: Browser) -> None:
    other_statement = "Z1,ЖАЗҒЫ КЕШ,T9123456780,ӘЛІМОВ ЕРЛАН,90000000109,CA,177,40,50,\n"
    send(hub, WORK_HEADER + other_statement, "901")
    work = found(r'href="/(works/[a-z0-9]+)"', kazak.page("/find?q=T9123456780"))
    asked = "right=PR&use=radio&territory=KZ&on=2026-03-15"
    page = kazak.page(f"/{work}?{asked}&lang=en")
    assert 'class="differs"' in page
    assert "not named" in page
    for link in re.findall(r'href="(/sources/[^"]+)"', page):
        shown = kazak.page(link.replace("&amp;", "&"))
        assert 'aria-current="true"' in shown or "The file itself is shown" in shown
    theirs = next(
        link for link in re.findall(r'href="(/sources/[^"]+)"', other(hub, "052").page(f"/{work}?{asked}"))
    )
    assert '<ol class="lines"' not in other(hub, "052").page(theirs.replace("&amp;", "&"))
    table = kazak.client.get(f"/{work}/answer.csv?{asked}").text
    assert table.startswith("\ufeffparty,ipi,role,share,status")
    answer = kazak.client.get(f"/{work}/answer.json?{asked}").json()
    assert answer["question"]["territory"] == "KZ"
    assert len(table.strip().splitlines()) == 1 + len(answer["lines"])


@pytest.mark.parametrize("packed", [True, False], ids=["gzip", "workbook"])
def test_lines_of_a_packed_file_and_rows_of_a_workbook_are_shown_as_read(
    kazak: Browser, packed: bool
) -> None:
    rows = [WORK_HEADER.strip().split(","), ["N1", "Көл", "", "W", "", "CA", "177", "x", "100", ""]]
    plain = "\n".join(map(",".join, rows)).encode()
    sheet = workbook({"Works": sheet_xml(dict(enumerate(rows, 1)))})
    kazak.form("/submissions", file=gzip.compress(plain) if packed else sheet)
    name = found(r'href="/submissions/([a-z0-9]+)"', kazak.page("/submissions"))
    assert "tabular.number" in waited(kazak, f"/submissions/{name}")
    shown = kazak.page(f"/sources/{name}?at=line:2&record=works&field=pr_share")
    assert "Көл" in shown
    assert "<mark>x</mark>" in shown


def test_a_file_is_sent_and_its_findings_lead_to_its_lines(hub: Hub, kazak: Browser) -> None:
    feed = (WORK_HEADER + "N1,<b>NEW</b>,,W,,CA,177,x,100,\nN2,OTHER,,W,,CA,177,100,,\n").encode()
    kazak.form("/submissions", file=feed)
    name = found(r'href="/submissions/([a-z0-9]+)"', kazak.page("/submissions"))
    page = waited(kazak, f"/submissions/{name}")
    assert "tabular.number" in page
    shown = kazak.page(f"/sources/{name}?at=line:2")
    assert "&lt;b&gt;NEW&lt;/b&gt;" in shown
    table = kazak.client.get(f"/submissions/{name}/findings.csv")
    assert table.headers["content-type"].startswith("text/csv")
    assert "tabular.number" in table.text
    assert 'role="status"' in kazak.form("/submissions", file=feed)
    theirs = other(hub, "901")
    for address in (
        f"/submissions/{name}",
        f"/sources/{name}?at=line:2",
        f"/submissions/{name}/findings.csv",
    ):
        assert name in theirs.page(address, 404)
    kazak.page(f"/sources/{name}?at=line:99", 404)
    reader = other(hub, "901", scopes=["read"])
    assert (
        reader.client.post(
            "/submissions", data={"token": reader.token}, files={"file": ("a", feed)}
        ).status_code
        == 403
    )


def test_a_refusal_is_told_in_the_visitors_language_within_the_menu(kazak: Browser) -> None:
    page = kazak.page("/submissions/s0?lang=ru", 404)
    assert "Не найдено" in page
    assert "файла &#39;s0&#39; нет" in page
    assert 'href="/mandates"' in page
    work = found(r'href="/(works/[a-z0-9]+)"', kazak.page("/find?q=кеш"))
    assert "аумағы белгісіз" in kazak.page(f"/{work}?territory=Atlantis&lang=kk")
    assert "days" in kazak.form("/account/keys?lang=kk", 422, days="many")


def test_a_form_from_elsewhere_is_refused(hub: Hub, kazak: Browser) -> None:
    kazak.token = "another"
    kazak.form("/submissions", 403, file=b"work_ref,title\nA,B\n")
    kazak.form("/usage", 403, file=REPORT.encode())
    kazak.form("/reviews", 403, left="a", right="b", verdict="same", reason="x")
    kazak.form("/logout", 403)
    mandate = found(r'href="/(mandates/[a-z0-9]+)"', kazak.page("/mandates"))
    kazak.form(f"/{mandate}/withdrawals", 403, notice="2026-01-01")


def test_a_withdrawal_from_draft_to_filing(hub: Hub) -> None:
    prs = other(hub, "052")
    page = prs.page("/mandates?holder=177&grantor=052")
    mandate = found(r'href="/(mandates/[a-z0-9]+)"', page)
    shown = prs.form(f"/{mandate}/withdrawals", notice="2025-12-20", effective="2027-07-01", territories="KZ")
    name = found(r"Withdrawal (x[a-z0-9]+)", shown)
    assert "drafted" in shown
    assert "1 works and recordings have claims through this mandate" in shown
    bystander = other(hub, "901")
    bystander.page(f"/withdrawals/{name}", 404)
    filed = prs.form(f"/withdrawals/{name}", action="file")
    assert ": filed</h1>" in filed
    public = bystander.page(f"/withdrawals/{name}")
    assert '<form method="post" action="/withdrawals' not in public
    kazak = other(hub, "177")
    assert 'value="contest"' in kazak.page(f"/withdrawals/{name}")
    contested = kazak.form(f"/withdrawals/{name}", action="contest", reason="the agreement was renewed")
    assert ": contested</h1>" in contested
    assert "the agreement was renewed" in bystander.page(f"/withdrawals/{name}")
    bystander.form(f"/withdrawals/{name}", 403, action="cancel", reason="x")
    assert name in prs.page("/withdrawals?state=contested")


def test_a_conflict_is_claimed_and_answered(hub: Hub, kazak: Browser) -> None:
    send(hub, MANDATES.replace("M1,", "Z1,").replace("ЕРЛАН,177,PR|MR", "ЕРЛАН,901,PR|MR"), "901")
    name = found(r'href="/conflicts/([a-z0-9]+)">mandate overlap', kazak.page("/conflicts?lang=en"))
    assert 'value="claim"' in kazak.page(f"/conflicts/{name}")
    claimed = kazak.form(f"/conflicts/{name}", action="claim", reason="the letter of 2010 stands")
    assert ": claimed</h1>" in claimed
    theirs = other(hub, "901")
    assert "the letter of 2010 stands" in theirs.page(f"/conflicts/{name}")
    theirs.form(f"/conflicts/{name}", action="answer", reason="a newer letter")
    assert "answered" in kazak.page("/conflicts?state=answered&lang=en")
    bystander = other(hub, "911")
    assert "<textarea" not in bystander.page(f"/conflicts/{name}")
    bystander.form(f"/conflicts/{name}", 403, action="claim", reason="x")


def test_the_operator_settles_a_conflict_and_undoes_it(hub: Hub, kazak: Browser) -> None:
    send(hub, MANDATES.replace("M1,", "Z1,").replace("ЕРЛАН,177,PR|MR", "ЕРЛАН,901,PR|MR"), "901")
    name = found(r'href="/conflicts/([a-z0-9]+)">mandate overlap', kazak.page("/conflicts?lang=en"))
    assert 'value="settle"' not in kazak.page(f"/conflicts/{name}")
    kazak.form(f"/conflicts/{name}", 409, action="settle", reason="ours", evidence="none")
    operator = other(hub, "", role="operator")
    page = operator.page(f"/conflicts/{name}")
    winner = found(r'<option value="([^"]+)">M1 \(177\)', page)
    decided = {"action": "settle", "winner": winner, "reason": "ruling 12/2026"}
    assert "evidence" in operator.form(f"/conflicts/{name}?lang=en", 400, **decided)
    settled = operator.form(f"/conflicts/{name}", evidence="ruling.pdf", **decided)
    assert ": settled</h1>" in settled
    assert "ruling 12/2026" in kazak.page(f"/conflicts/{name}")
    undone = operator.form(f"/conflicts/{name}", action="reopen", reason="appealed", evidence="appeal.pdf")
    assert ": reopened</h1>" in undone
    assert undone.count("ruling.pdf") == 1


def test_a_timeline_says_what_it_leaves_out(
    hub: Hub, kazak: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = found(r'href="/(works/[a-z0-9]+)"', kazak.page("/find?q=T9123456780"))
    asked = f"/{work}?right=PR&use=radio&territory=KZ&on=2026-03-15&lang=en"
    whole = kazak.page(asked)
    assert "Show them all" not in whole
    monkeypatch.setattr(timeline, "MOST_MANDATES", 1)
    cut = kazak.page(asked)
    drawn = [page.count('<svg class="mandates"') for page in (whole, cut)]
    assert drawn[1] == 1
    assert f"{drawn[0] - 1} more mandates" in cut
    every = found(r'href="([^"]+every=1)#years"', cut).replace("&amp;", "&")
    assert kazak.page(f"/{work}{every}").count('<svg class="mandates"') == drawn[0]


def test_a_pair_is_judged(hub: Hub, kazak: Browser) -> None:
    row = "Z1,ЖАЗҒЫ КЕШТЕР,,ӘЛІМОВ ЕРЛАН,,CA,901,100,100,\n"
    send(hub, WORK_HEADER + row, "901")
    page = kazak.page("/reviews")
    if "verdict" not in page:
        pytest.skip("the matcher leaves no pair of these to people")
    assert "usage reports" not in page
    report = "line_ref,subject,right,use,territory,on,amount,currency\n"
    kazak.form("/usage", file=f"{report}A,iswc:T9123456780,PR,radio,KZ,2026-03-15,1000,KZT\n".encode())
    name = found(r'href="/usage/(j[a-z0-9]+)"', kazak.page("/usage"))
    waited(kazak, f"/usage/{name}")
    page = kazak.page("/reviews")
    assert "Of the sums in your usage reports it decides about 1,000.00 KZT." in page
    left = found(r'name="left" value="([^"]+)"', page)
    right = found(r'name="right" value="([^"]+)"', page)
    kazak.form("/reviews", left=left, right=right, verdict="different", reason="two songs")
    assert right not in kazak.page("/reviews")


def test_a_judgement_is_taken_back(hub: Hub, kazak: Browser) -> None:
    header = "recording_ref,isrc,title,artist,duration,year,works,party_name,party_id,role,right,share\n"
    send(hub, header + "R1,,Ақ қайың,«Дала» тобы,,,,,,,,\n")
    send(hub, header + "S1,,Ақ қайың,Дала тобы,,,,,,,,\n", "911")
    page = kazak.page("/reviews")
    pair = {side: found(rf'name="{side}" value="([^"]+)"', page) for side in ("left", "right")}
    judged = kazak.form("/reviews", verdict="unsure", reason="look again", **pair)
    assert 'action="/reviews"' not in judged
    assert 'action="/reviews/undo"' in judged
    assert pair["right"] in kazak.form("/reviews/undo", **pair)
    assert "<dd>0</dd>" in kazak.page("/reviews")
    kazak.form("/reviews/undo", 404, **pair)
    other(hub, "901").form("/reviews/undo", 403, **pair)


def test_the_register_is_filtered(kazak: Browser) -> None:
    assert "M1" in kazak.page("/mandates?right=MR&territory=KZ&basis=declaration&standing=in_force")
    assert ">R1<" not in kazak.page("/mandates?right=MR")
    assert ">R1<" not in kazak.page("/mandates?territory=GB")
    assert ">R1<" in kazak.page("/mandates?basis=agreement")
    mandate = found(r'href="/(mandates/[a-z0-9]+)"', kazak.page("/mandates"))
    assert "1 Feb 2026" in kazak.page(f"/{mandate}?notice=2026-02-01&part=notice&lang=en")


def test_a_usage_report_is_answered(hub: Hub) -> None:
    service = other(hub, "901")
    with service.client:
        service.form("/usage", file=REPORT.encode())
        name = found(r'href="/usage/(j[a-z0-9]+)"', service.page("/usage"))
        page = waited(service, f"/usage/{name}")
        assert "100.0</td>" in page
        result = service.client.get(f"/usage/{name}/result.csv").text
        assert "iswc:T9123456780" in result
    other(hub, "177").page(f"/usage/{name}", 404)


def test_only_own_files_are_served(hub: Hub) -> None:
    client = TestClient(create_app(hub))
    for name, kind in (("hub.css", "text/css"), ("hub.js", "text/javascript"), ("icon.svg", "image/svg+xml")):
        assert client.get(f"/static/{name}").headers["content-type"].startswith(kind)
    assert client.get("/static/..%2Frendering.py").status_code == 404
    assert client.get("/static/rendering.py").status_code == 404
