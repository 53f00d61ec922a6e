"""The tables of CWR as Markdown: transactions, records, fields, rules, and what an acknowledgement says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from schemas.cwr.tables import Row, split_cell, table
from schemas.findings import rules

NEWEST = "3.1"
FORMATS = {
    "A": "text", "L": "code", "I": "identifier", "N": "digits", "P": "share", "D": "date", "T": "time",
    "F": "Y/N/U", "B": "Y/N", "X": "filler",
}  # fmt: skip
LEVELS = {"E": "file", "G": "group", "T": "transaction", "R": "record", "F": "field"}


def page() -> str:
    """The generated part of ``docs/cwr.md``."""
    parts = ["## Transactions", "", *_transactions(), ""]
    for family, name in (("2.0 to 2.2", "records_2x"), ("3.0 and 3.1", "records_3x")):
        parts += [f"## Records of version {family}", "", *_records(name)]
    parts += ["## Fields that depend on others", "", *_conditions(), ""]
    parts += ["## Rules", "", *_rules(), ""]
    parts += ["## Numbers of edits in an acknowledgement", "", *_edits(), ""]
    return "\n".join(parts)


def _grid(headings: Sequence[str], cells: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield f"|{'---|' * len(headings)}"
    for row in cells:
        yield "| " + " | ".join(cell.replace("|", ", ") for cell in row) + " |"


def _span(row: Row) -> str:
    start, end = row["version_from"], row["version_to"]
    return start if start == end else f"{start} to {end or NEWEST}"


def _transactions() -> Iterator[str]:
    cells = []
    for row in table("transactions"):
        follows = [
            place["record"]
            for name in ("sequence_2x", "sequence_3x")
            for place in table(name)
            if row["record"] in split_cell(place["transaction"])
        ]
        cells.append((f"`{row['record']}`", _span(row), row["kind"], " ".join(dict.fromkeys(follows))))
    return _grid(("header", "versions", "says", "its records"), cells)


def _records(name: str) -> Iterator[str]:
    by_record: dict[str, list[Row]] = {}
    for row in table(name):
        for record in split_cell(row["record"]):
            by_record.setdefault(record, []).append(row)
    for record in sorted(by_record):
        yield f"### {record} ({name[-2]}.x)"
        yield ""
        cells = []
        for row in by_record[record]:
            known = f"{FORMATS[row['format']]}{' ' + row['lookup'] if row['lookup'] else ''}"
            default = f" ({row['default']})" if row["default"] else ""
            cells.append(
                (
                    f"`{row['field']}`",
                    row["start"],
                    row["size"],
                    known,
                    row["required"],
                    row["missing"],
                    f"{row['rule']}{default}",
                    _span(row),
                )
            )
        headings = ("field", "start", "size", "format", "required", "missing", "wrong", "versions")
        yield from _grid(headings, cells)
        yield ""


def _conditions() -> Iterator[str]:
    cells = [
        (
            f"`{row['code']}`",
            row["record"],
            _span(row),
            f"{row['when']} = {row['values']}" if row["when"] else "always",
            f"{row['field']} {row['demand'].replace('_', ' ')} {row['of']}".strip(),
        )
        for row in table("conditions")
    ]
    return _grid(("rule", "records", "versions", "when", "demand"), cells)


def _rules() -> Iterator[str]:
    cells = [
        (f"`{rule.code}`", rule.severity, rule.effect, rule.texts["en"], rule.source)
        for rule in rules().values()
        if rule.code.startswith("cwr.") and rule.effect
    ]
    return _grid(("rule", "severity", "rejected", "text", "source"), cells)


def _edits() -> Iterator[str]:
    cells = [
        (
            row["record"] or "any",
            row["field"] or "any",
            f"`{row['code']}`" if row["code"] else "any fault of the field",
            LEVELS[row["level"]],
            row["number"],
            _span(row),
        )
        for row in table("validations")
    ]
    return _grid(("record", "field", "rule", "level", "number", "versions"), cells)
