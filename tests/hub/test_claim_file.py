"""Claims for a service: read back equal to the rows, one society's only on request, and never half a file."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import dsr_reports
import pytest
from dsr_reports import record
from hubs import MANDATES, WORKS, fresh_hub, send
from typer.testing import CliRunner

from hub.cli.app import app
from hub.context import Hub
from hub.errors import UsageError
from hub.usage.claim_file import CLAIM, ClaimFile, cells
from hub.usage.claim_reading import read_claims
from hub.usage.resolving import resolve_usage

OWN = r"R\|1\\2"


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        send(opened, WORKS)
        send(opened, MANDATES)
        yield opened


def report() -> bytes:
    name = {"BlockId": "B1"}
    paid = [
        record("AS02.01", **name, ResourceReference="A1", DspResourceId=OWN, ISWC="T9123456780", Title="T"),
        record("SU03.01", **name, SummaryRecordId="S1", SalesTransactionId="1", DspReleaseId=OWN,
               Usages="3", NetRevenue="10.01"),
    ]  # fmt: skip
    return dsr_reports.report([*paid, *dsr_reports.block(2, isrc="KZA012500098")], blocks=2)


def written(hub: Hub, claimant: str = "") -> str:
    result = io.StringIO()
    resolve_usage(hub, io.BytesIO(report()), result, rights=["PR=50", "MR=50"], form=ClaimFile(claimant))
    return result.getvalue()


def test_claims_say_what_the_rows_say(hub: Hub) -> None:
    rows = io.StringIO()
    done = resolve_usage(hub, io.BytesIO(report()), rows, rights=["PR=50", "MR=50"])
    expected: dict[tuple[str, ...], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for row in csv.DictReader(io.StringIO(rows.getvalue(), newline="")):
        sums = expected[row["line"], row["right"], row["status"], row["society"]]
        sums[0] += Decimal(row["share"])
        sums[1] += Decimal(row["amount"] or 0)
    head, *claims, foot = read_claims(io.StringIO(written(hub)))
    assert (head["ReportId"], head["ReportSenderId"]) == ("M1", "PADPIDA2014999999Z")
    assert head["KnownAt"] == done.known_at
    found = {
        (item["LineNumber"], item["RightsType"], item["ClaimStatus"], item["ClaimantCode"]): [
            Decimal(item["ClaimedPercentage"]), Decimal(item["ClaimedAmount"] or 0),
        ]
        for item in claims
    }  # fmt: skip
    assert found == dict(expected)
    assert int(foot["NumberOfClaims"]) == len(claims) == len(expected)
    assert sum(Decimal(item["ClaimedAmount"] or 0) for item in claims) == Decimal("10.01")
    by_line: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for item in claims:
        by_line[item["LineNumber"], item["RightsType"]] += Decimal(item["ClaimedPercentage"])
    assert set(by_line.values()) == {Decimal(100)}
    assert len(by_line) == 4


def test_one_society_claims_what_is_payable_to_it(hub: Hub) -> None:
    _, *claims, foot = read_claims(io.StringIO(written(hub, "177")))
    assert {(item["ClaimantCode"], item["ClaimStatus"]) for item in claims} == {("177", "payable")}
    assert foot["NumberOfReportLines"] == "4"
    assert sum(Decimal(item["ClaimedPercentage"]) for item in claims) == Decimal(foot["SumOfPercentages"])


def test_delimiters_in_data_come_back(hub: Hub) -> None:
    _, first, *_ = read_claims(io.StringIO(written(hub)))
    assert first["LineReference"] == "R|1\\2"
    assert first["Title"] == "ЖАЗҒЫ КЕШ"
    assert tuple(first) == cells(CLAIM)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("hub-claims/1", "CCID.14", "layout"),
        ("\nCLFO", "\nCL01", "no record"),
        ("payable\t", "payable", "no record"),
        ("100.00\t", "90.00\t", "90.00 %, not to all"),
        ("50.00\tKZT", "50.01\tKZT", "more than 100 %"),
        ("50.00\tKZT", "100.01\tKZT", "line 3: "),
        ("\tKZT\t", "\t\t", "needs a currency"),
        ("CLHE", "CLFO", "no record"),
    ],
)
def test_a_damaged_claim_file_is_refused(hub: Hub, old: str, new: str, told: str) -> None:
    text = written(hub)
    assert old in text
    with pytest.raises(UsageError, match=told):
        list(read_claims(io.StringIO(text.replace(old, new, 1))))
    with pytest.raises(UsageError, match="does not agree"):
        list(read_claims(io.StringIO(text[: text.index("CLFO")])))


def test_the_command_writes_checks_and_leaves_nothing_behind(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'hub.db'}"
    with fresh_hub(database, tmp_path) as opened:
        send(opened, WORKS)
        send(opened, MANDATES)
    source, target = tmp_path / "report.tsv", tmp_path / "claims.tsv"
    source.write_bytes(report())
    run = CliRunner().invoke
    options = ["usage", "resolve", str(source), "-o", str(target), "--db", database]
    done = run(app, [*options, "--format", "claims", "--claimant", "177", "--json"])
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("claims")) == [
        "claims.tsv"
    ]
    checked = run(app, ["usage", "claims", str(target), "--json"])
    assert checked.exit_code == 0
    assert json.loads(checked.stdout)["claims"] == [
        {"claimant": "177", "status": "payable", "lines": "150.00", "amounts": {}}
    ]
    with pytest.raises(UsageError, match="claimant"):
        run(app, [*options, "--claimant", "177"], catch_exceptions=False)
    source.write_bytes(b"subject,right\n")
    with pytest.raises(UsageError, match="lacks the columns"):
        run(app, options, catch_exceptions=False)
    # What was there is still there, and no scratch of a report that nobody can go on with.
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("claims")] == ["claims.tsv"]
    assert target.read_text().startswith("CLHE")
