"""What commands print: tables for people or JSON for machines on stdout, everything else on stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table

from schemas.reasons import sentence


def stdout() -> Console:
    """A console for results; made at call time so that redirected streams are honoured."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else 160)


def stderr() -> Console:
    """A console for progress and remarks."""
    return Console(stderr=True, highlight=False)


def print_json(value: Any) -> None:
    """One JSON object on one line of stdout."""
    sys.stdout.buffer.write(orjson.dumps(value) + b"\n")
    sys.stdout.buffer.flush()


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table; an empty one says so."""
    listed = list(rows)
    console = stdout()
    if not listed:
        console.print(f"{title}: none")
        return
    table = Table(title=title, title_justify="left", show_lines=False)
    for column in columns:
        table.add_column(
            column, overflow="fold", justify="right" if column in ("Share", "Amount") else "left"
        )
    for row in listed:
        table.add_row(*(cell.replace("[", r"\[") for cell in row))
    console.print(table)


def print_answer(answer: dict[str, Any], heading: str = "", language: str = "en") -> None:
    """An answer as a table with its chains and reasons, and its totals below."""
    question, subject = answer["question"], answer["subject"]
    code = subject.get("iswc") or subject.get("isrc") or subject["id"]
    title = heading or f"{subject['title']} ({code})"
    asked = f"{question['right']}, {question['use']}, {question['territory']}, {question['on']}"
    rows = []
    for line in answer["lines"]:
        party = line["party"]["name"] if line["party"] else "-"
        payee = f"{line['payee']['name']} ({line['payee']['society']})" if line["payee"] else "-"
        if line["candidates"]:
            payee = " or ".join(f"{item['name']} ({item['society']})" for item in line["candidates"])
        row = [party, line["role"], line["share"], line["status"], payee, _chain(line), _why(line, language)]
        rows.append([*row, line["amount"]] if "amount" in line else row)
    columns = ["Party", "Role", "Share", "Status", "Payee", "Chain of mandates", "Why"]
    if any(len(row) > len(columns) for row in rows):
        columns.append("Amount")
    print_table(f"{title} - {asked}", columns, rows)
    totals = ", ".join(f"{status} {share}" for status, share in answer["totals"].items() if share.strip("0."))
    stdout().print(f"Totals: {totals}; as known at {question['known_at']}\n")


def _chain(line: dict[str, Any]) -> str:
    chains = [line["chain"]] if not line["candidates"] else [item["chain"] for item in line["candidates"]]
    return "\n".join(
        " > ".join([chain[0]["grantor"], *(f"{hop['holder']} ({hop['basis']})" for hop in chain)])
        for chain in chains
        if chain
    )


def _why(line: dict[str, Any], language: str) -> str:
    said = [sentence(code, language) for code in line["reasons"]]
    said += [
        f"{item['party']['name']} claims {item['high']}, certain {item['low']}."
        for item in line.get("claimants", ())
    ]
    said += [
        f"{item['holder']} ({item['basis']}) is passed over: {sentence(item['reason'], language)}"
        for item in line.get("rejected", ())
    ]
    return "\n".join(said)
