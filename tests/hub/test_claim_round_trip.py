"""Any report with any answers comes back from its claim file cell by cell, and its sums are exact."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter
from fractions import Fraction

import dsr_reports
import pytest
from dsr_reports import record
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.errors import UsageError
from hub.usage.claim_file import CLAIM, HEAD, LAYOUT, ClaimFile
from hub.usage.claim_reading import Claimed, read_claims
from hub.usage.lines import Asked, UsageReport, read
from hub.usage.money import Money
from hub.usage.remembered import ANSWERED, UNREADABLE, Answered, Part
from hub.usage.totals import Resolved
from schemas.shares import WHOLE, format_percent

TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Zs", "Co", "Cn")), max_size=300
)
CLAIMANTS = st.sampled_from([("payable", "177", "Qoltanba"), ("payable", "052", "PRS"),
                             ("conflict", "177", "Qoltanba"), ("unclaimed", "", "")])  # fmt: skip
AMOUNTS = st.one_of(st.just(""), st.decimals(0, 10**9, places=4, allow_nan=False).map(lambda n: f"{n:f}"))
USES = st.tuples(TEXT, TEXT, st.integers(0, 10**9), AMOUNTS)
KNOWN_AT = dt.datetime(2026, 4, 10, tzinfo=dt.UTC).isoformat()


@st.composite
def answers(draw: st.DrawFn) -> Answered:
    """An answer whose parts add up to the whole, or a line that cannot be read."""
    if draw(st.integers(0, 9)) == 0:
        return Answered(UNREADABLE, "", (), "no_such_use")
    cuts = sorted(draw(st.lists(st.integers(0, WHOLE), max_size=4)))
    shares = [end - start for start, end in zip([0, *cuts], [*cuts, WHOLE], strict=True)]
    parts = tuple(Part(share, *draw(CLAIMANTS), "") for share in shares)
    return Answered(ANSWERED, "isrc:KZA012500001", parts, title=draw(TEXT))


def report_of(uses: list[tuple[str, str, int, str]]) -> bytes:
    """A report of these uses: the service's own number, a title, how often, and the revenue."""
    records = []
    for number, (ref, title, usages, amount) in enumerate(uses):
        block = {"BlockId": f"B{number}"}
        own = ref.replace("\\", "\\\\").replace("|", "\\|")
        records += [
            record("AS02.01", **block, ResourceReference="A1", DspResourceId=own, Title=f"T{title}"),
            record("SU03.01", **block, SummaryRecordId="S1", SalesTransactionId="1", DspReleaseId=own,
                   Usages=str(usages), NetRevenue=amount),
        ]  # fmt: skip
    return dsr_reports.report(records, blocks=len(uses))


Claims = list[tuple[Asked, Money | None, Answered]]


def paid(asked: Asked, answer: Answered) -> tuple[Money | None, Answered]:
    """The amount of a line that has an answer, and the answer."""
    return asked.money if answer.kind != UNREADABLE else None, answer


def units_of(amount: Money | None, answer: Answered) -> list[Fraction]:
    if amount is None:
        return [Fraction()] * len(answer.parts)
    return [Fraction(amount.text(part)) for part in amount.parts([part.share for part in answer.parts])]


def cells_of(asked: Asked, amount: Money | None, answer: Answered, part: Part) -> dict[str, str]:
    """What a claim on this line says besides its percentage and its amount."""
    return {
        "RecordType": CLAIM, "LineNumber": str(asked.line), "LineReference": asked.ref,
        "Subject": answer.subject, "Title": answer.title, "RightsType": asked.key.right,
        "UseType": asked.key.use, "Territory": asked.key.territory, "UsageDate": asked.key.on,
        "Usages": asked.usages, "ClaimStatus": part.status, "ClaimantCode": part.society,
        "ClaimantName": part.payee, "Currency": amount.currency if amount else "",
    }  # fmt: skip


def written(report: UsageReport, answered: Claims, claimant: str) -> str:
    done = Resolved(KNOWN_AT, "least-agreed/1", report)
    form = ClaimFile(claimant)
    lines = (
        form.line(asked, amount, amount.parts(answer.shares) if amount else (), answer)
        for asked, amount, answer in answered
    )
    return "".join([form.begin(done), *lines, form.end()])


@settings(max_examples=60)
@given(st.lists(USES, max_size=5), st.data(), st.sampled_from(["", "177"]))
def test_claims_come_back_as_they_were_written(
    uses: list[tuple[str, str, int, str]], data: st.DataObject, claimant: str
) -> None:
    report = UsageReport()
    asked = list(read(io.BytesIO(report_of(uses)), report, rights=["PR=33.333333", "MR=66.666667"]))
    assert len(asked) == 2 * len(uses)
    answered = [(item, *paid(item, data.draw(answers()))) for item in asked]
    text = written(report, answered, claimant)
    head, *claims, foot = read_claims(io.StringIO(text, newline="\n"))
    assert head == {
        "RecordType": HEAD, "LayoutVersion": LAYOUT, "ReportId": "M1",
        "ReportSenderId": "PADPIDA2014999999Z", "UsageStartDate": "2026-03-01",
        "UsageEndDate": "2026-03-31", "KnownAt": KNOWN_AT, "Claimant": claimant,
    }  # fmt: skip
    expected: dict[tuple[str, ...], tuple[int, Fraction, dict[str, str]]] = {}
    for item, amount, answer in answered:
        for part, units in zip(answer.parts, units_of(amount, answer), strict=True):
            if not claimant or (part.status, part.society) == ("payable", claimant):
                key = str(item.line), item.key.right, part.status, part.society
                share, money_so_far, _ = expected.get(key, (0, Fraction(), {}))
                expected[key] = share + part.share, money_so_far + units, cells_of(item, amount, answer, part)
    for found in claims:
        key = found["LineNumber"], found["RightsType"], found["ClaimStatus"], found["ClaimantCode"]
        share, units, cells = expected.pop(key)
        assert found.pop("ClaimedPercentage") == format_percent(share)
        assert Fraction(found.pop("ClaimedAmount") or 0) == units
        assert found == cells
    assert expected == {}
    assert foot["NumberOfLinesInFile"] == str(len(claims) + 2)
    assert foot["NumberOfReportLines"] == str(sum(answer.kind != UNREADABLE for *_, answer in answered))


@settings(max_examples=40)
@given(st.lists(USES, max_size=5), st.data())
def test_sums_are_those_of_the_answers(uses: list[tuple[str, str, int, str]], data: st.DataObject) -> None:
    report = UsageReport()
    asked = list(read(io.BytesIO(report_of(uses)), report, rights=["PR=25", "MR=75"]))
    answered = [(item, *paid(item, data.draw(answers()))) for item in asked]
    claimed = Claimed()
    for found in read_claims(io.StringIO(written(report, answered, ""), newline="\n")):
        if found["RecordType"] == CLAIM:
            claimed.add(found)
    shares = Counter[tuple[str, str]]()
    for _, _, answer in answered:
        for part in answer.parts:
            shares[part.society, part.status] += part.share
    assert claimed.shares == shares
    totals = [claimed.amounts(*key).get("KZT", "0") for key in claimed.shares]
    revenue = [Fraction(amount.text(amount.units)) for _, amount, _ in answered if amount]
    assert sum(map(Fraction, totals)) == sum(revenue)


@settings(max_examples=60)
@given(st.data())
def test_a_file_with_a_lost_or_doubled_line_never_reconciles(data: st.DataObject) -> None:
    report = UsageReport()
    uses = data.draw(st.lists(USES, min_size=1, max_size=3))
    asked = list(read(io.BytesIO(report_of(uses)), report, rights=["PR"]))
    whole = Answered(ANSWERED, "isrc:KZA012500001", (Part(WHOLE, "payable", "177", "Qoltanba", ""),))
    lines = written(report, [(item, None, whole) for item in asked], "").splitlines(keepends=True)
    place = data.draw(st.integers(0, len(lines) - 1))
    lines[place : place + 1] = data.draw(st.sampled_from([[], [lines[place]] * 2]))
    with pytest.raises(UsageError):
        list(read_claims(io.StringIO("".join(lines), newline="\n")))
