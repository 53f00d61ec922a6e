"""Every row of the record and condition tables is kept by one value and broken by another."""

from __future__ import annotations

import pytest
from cwr_cases import VERSIONS, sample

from parsers.cwr.conditions import broken
from parsers.cwr.fields import field_checks, judge
from schemas.cwr.conditions import ANYTHING, OF_VALUES, Condition, conditions
from schemas.cwr.layouts import Field, layouts
from schemas.identifiers.check_digits import mod_37_36

WRONG = {"D": "20261301", "T": "996199", "P": "10001", "I": "?"}
"""A wrong value of a format; of others, what is in no list."""

SAID = "7"
CODES = {"L": "lookup", "N": "number", "P": "share", "F": "flag", "B": "flag", "D": "date", "T": "time"}


def wrong_for(field: Field) -> str:
    return WRONG.get(field.format, "?" * field.size)[: field.size].ljust(field.size)


def rows_of(version: str) -> list[tuple[str, Field]]:
    """Fields with a rule of their own: the prefix is the reader's business."""
    return [
        (record, field)
        for record, layout in layouts(version).items()
        for field in layout.fields
        if field.start > 19 or (layout.fields[1].name != "transaction_sequence" and field.start > 3)
    ]


@pytest.mark.parametrize("version", VERSIONS)
def test_each_field_row_has_a_value_that_keeps_and_one_that_breaks_it(version: str) -> None:
    rows = rows_of(version)
    assert len(rows) > 150
    for record, field in rows:
        if field.format in "AX":
            continue
        place = (version, record, field.name)
        assert judge(field, sample(field, record).ljust(field.size)) is None, place
        fault = judge(field, wrong_for(field))
        assert fault is not None, place
        named = f"identifier.{field.lookup}" if field.format == "I" else f"cwr.{CODES[field.format]}"
        assert (fault.code, fault.rule) == (named, field.rule), place


@pytest.mark.parametrize("version", VERSIONS)
def test_each_mandatory_field_is_missed(version: str) -> None:
    seen = 0
    for record, field in rows_of(version):
        if field.required != "M" or field.format == "X":
            continue
        layout = layouts(version)[record]
        values = [("" if item is field else sample(item, record)).ljust(item.size) for item in layout.fields]
        faults = field_checks(layout, between_fields=False).faults(tuple(values))
        assert [(item.code, item.field.name, item.rule) for item in faults] == [
            ("cwr.missing", field.name, field.missing)
        ], (version, record, field.name)
        seen += 1
    assert seen > 50


def kept_and_broken(item: Condition) -> tuple[dict[str, str], dict[str, str]]:
    """Values that a condition is content with, and values that break it."""
    others = () if item.demand in OF_VALUES else item.of
    base = dict.fromkeys(filter(None, (item.when, item.field, *others)), "")
    if item.when:
        chosen = item.values[0]
        base[item.when] = SAID if chosen == ANYTHING or chosen.startswith("-") else chosen
    first = others[0] if others else item.field
    match item.demand:
        case "given" | "any" | "valid":
            return {**base, item.field: SAID}, {**base, item.field: ""}
        case "blank" if item.field == item.when:
            return {**base, item.field: ""}, base
        case "blank":
            return base, {**base, item.field: SAID}
        case "with":
            return {**base, item.field: SAID, first: SAID}, {**base, item.field: SAID}
        case "checked":
            base = {**base, **dict.fromkeys((item.field, *others[:-1]), "00D0")}
            good = mod_37_36("00D0" * len(others))
            return {**base, others[-1]: good}, {**base, others[-1]: "Z" if good != "Z" else "Y"}
        case "in":
            good, bad = item.of[0], "?"
        case "at_least":
            good, bad = item.of[0], str(int(item.of[0]) - 1)
        case "at_most":
            good, bad = item.of[0], str(int(item.of[0]) + 1)
        case _:
            base = {**base, first: "20260101"}
            early, late = "20250101", "20270101"
            good, bad = (early, late) if item.demand == "before" else (late, early)
    return {**base, item.field: good}, {**base, item.field: bad}


@pytest.mark.parametrize("version", VERSIONS)
def test_each_condition_row_is_kept_and_broken(version: str) -> None:
    rows = [(record, item) for record, found in conditions(version).items() for item in found]
    assert rows
    for record, item in rows:
        right, wrong = kept_and_broken(item)
        assert broken((item,), right) == [], (version, record, item)
        assert [found.code for found, _ in broken((item,), wrong)] == [item.code], (version, record, item)
