"""What commands print: tables for people or JSON for machines on stdout, everything else on stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table

from hub.cli.words import word
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


def print_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()
) -> None:
    """A table, the columns numbered in ``right`` flush right; an empty one says so."""
    listed = list(rows)
    console = stdout()
    if not listed:
        console.print(f"{title}: none")
        return
    table = Table(title=title, title_justify="left", show_lines=False)
    for number, column in enumerate(columns):
        table.add_column(column, overflow="fold", justify="right" if number in right else "left")
    for row in listed:
        table.add_row(*(cell.replace("[", r"\[") for cell in row))
    console.print(table)


def print_answer(answer: dict[str, Any], language: str, heading: str = "") -> None:
    """An answer as a table with its chains and reasons, and its totals below."""
    question, subject = answer["question"], answer["subject"]
    code = subject.get("iswc") or subject.get("isrc") or subject["id"]
    title = heading or f"{subject['title']} ({code})"
    days = question["on"] if "on" in question else f"{question['from']} .. {question['to']}"
    asked = f"{question['right']}, {question['use']}, {question['territory']}, {days}"
    rows = []
    for line in answer["lines"]:
        row = [
            line["party"]["name"] if line["party"] else "-",
            line["role"], line["share"], word(line["status"], language),
            _payee(line, language), _chain(line, language), _why(line, language),
        ]  # fmt: skip
        rows.append([*row, line["amount"]] if "amount" in line else row)
    columns = ["party", "role", "share", "status", "payee", "chain", "why"]
    if any(len(row) > len(columns) for row in rows):
        columns.append("amount")
    print_table(
        f"{title} - {asked}",
        [word(column, language) for column in columns],
        rows,
        right=[columns.index(name) for name in ("share", "amount") if name in columns],
    )
    totals = ", ".join(
        f"{word(status, language)} {share}" for status, share in answer["totals"].items() if share.strip("0.")
    )
    stdout().print(word("totals", language, totals=totals, known_at=question["known_at"]), markup=False)
    stdout().print()


def _payee(line: dict[str, Any], language: str) -> str:
    named = line["candidates"] or ([line["payee"]] if line["payee"] else [])
    return f" {word('or', language)} ".join(f"{item['name']} ({item['society']})" for item in named) or "-"


def _chain(line: dict[str, Any], language: str) -> str:
    chains = [line["chain"]] if not line["candidates"] else [item["chain"] for item in line["candidates"]]
    return "\n".join(
        " > ".join(
            [chain[0]["grantor"], *(f"{hop['holder']} ({word(hop['basis'], language)})" for hop in chain)]
        )
        for chain in chains
        if chain
    )


def _why(line: dict[str, Any], language: str) -> str:
    said = [sentence(code, language) for code in line["reasons"]]
    said += [
        word("claims", language, party=item["party"]["name"], high=item["high"], low=item["low"])
        for item in line.get("claimants", ())
    ]
    said += [
        word(
            "passed_over",
            language,
            holder=item["holder"],
            basis=word(item["basis"], language),
            reason=sentence(item["reason"], language),
        )
        for item in line.get("rejected", ())
    ]
    return "\n".join(said)
