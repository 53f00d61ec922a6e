"""The worked examples of docs/mandates.md, and single cases of its rules, played as they stand there.

Every section with a fenced block is one hub. The word after the fence says what a block is: ``works``,
``recordings``, ``mandates`` (CSV rows under the contract's header, sent by the society named next),
``societies`` (the whole register), ``withdraw`` (one notice a line), ``documents`` (the society named next
proves its side of a conflict over shares), ``jurisdictions`` (rows of a file of rules), ``public-domain``
(subject, first day and territories) or
``answer`` (a question with the policy where it is not the usual one, then its lines: share, status, payee or
candidates, party, reasons).
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hubs import MANDATE_HEADER, SOCIETIES, WORK_HEADER, fresh_hub, send

from hub.answers.batch import who_to_pay
from hub.answers.public_domain import Decision, decide
from hub.answers.question import ask
from hub.conflicts.conflict_records import queue
from hub.conflicts.dialogue import Step, act
from hub.conflicts.finding import refresh
from hub.context import Hub
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.jurisdictions import COLUMNS, import_rules
from hub.mandates.withdrawals import Notice, withdraw

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "mandates.md"
CASES = ROOT / "tests" / "golden" / "mandates" / "rules.md"
RECORDING_HEADER = (
    "recording_ref,isrc,title,artist,duration,year,works,party_name,party_id,role,right,share,"
    "territories,society\n"
)
HEADERS = {"works": WORK_HEADER, "recordings": RECORDING_HEADER, "mandates": MANDATE_HEADER}
BLOCK = re.compile(r"^```([\w-]+)(.*)\n((?:.*\n)*?)```$", re.MULTILINE)


def examples() -> dict[str, list[tuple[str, list[str], list[str]]]]:
    found = {}
    pages = [page.read_text(encoding="utf-8").split("\n## ")[1:] for page in (PAGE, CASES)]
    for section in (section for page in pages for section in page):
        title = section.partition("\n")[0]
        blocks = [(kind, rest.split(), body.splitlines()) for kind, rest, body in BLOCK.findall(section)]
        if blocks:
            found[title] = blocks
    return found


@pytest.mark.parametrize("title", examples())
def test_an_example_is_what_the_hub_answers(title: str, tmp_path: Path) -> None:
    blocks = examples()[title]
    register = next(("\n".join(body) for kind, _, body in blocks if kind == "societies"), SOCIETIES)
    asked = 0
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path, societies=register) as hub:
        for kind, words, body in blocks:
            if kind in HEADERS:
                report = send(hub, HEADERS[kind] + "\n".join(body) + "\n", words[0])
                assert report.rejected == 0, report
            elif kind == "withdraw":
                for line in body:
                    mandate, society, notice, effective, *scope = line.split()
                    terms = dict(part.split("=") for part in scope)
                    withdraw(hub, Notice(mandate, notice, effective, **terms), society)
            elif kind == "documents":
                document(hub, words[0])
            elif kind == "jurisdictions":
                text = "\n".join((",".join(COLUMNS), *body, ""))
                assert import_rules(hub, io.BytesIO(text.encode()))["stored"] == len(body)
            elif kind == "public-domain":
                for line in body:
                    subject, start, places = line.split()
                    decide(hub, Decision(subject, start, "decided", territories=places))
            elif kind == "answer":
                asked += 1
                assert list(answered(hub, body[0])) == [" ".join(line.split()) for line in body[1:]]
    assert asked


def answered(hub: Hub, question: str) -> Iterator[str]:
    subject, right, use, territory, on, *policy = question.split()
    asked = ask(subject, right=right, use=use, territory=territory, on=on, policy=next(iter(policy), None))
    found = who_to_pay(hub, asked).as_json()
    for line in found["lines"]:
        yield " ".join(filter(None, (line["share"], line["status"], _paid(line), _party(line), _why(line))))


def document(hub: Hub, society: str) -> None:
    refresh(hub)
    with reading(hub.engine) as connection:
        found, _ = queue(connection, horizon(connection), dt.date(2026, 3, 15), society=society)
    for item in found:
        act(hub, item.id, Step("claim", "our contract", "sha256:1"), society)


def _paid(line: dict[str, Any]) -> str:
    named = line["candidates"] or ([line["payee"]] if line["payee"] else [])
    return "or".join(item["society"] for item in named) or "-"


def _party(line: dict[str, Any]) -> str:
    return line["party"]["name"] if line["party"] else "-"


def _why(line: dict[str, Any]) -> str:
    said = [
        *line["reasons"],
        *(f"not:{item['holder']}:{item['reason']}" for item in line.get("rejected", ())),
    ]
    return f"({', '.join(said)})" if said else ""


def test_every_policy_and_every_reason_is_explained() -> None:
    from hub.answers import agreement, mandates
    from schemas.reasons import table

    text = PAGE.read_text(encoding="utf-8")
    assert [name for name in agreement.policies() if f"`{name}`" not in text] == []
    assert f"`{mandates.POLICY}`" in text
    assert [code for code in table() if f"`{code}`" not in text] == []
