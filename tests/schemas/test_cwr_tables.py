"""The CWR tables hold together: no gaps, no unknown lists, version differences as rows."""

from __future__ import annotations

import pytest

from schemas.cwr.layouts import layout, layouts, record_types
from schemas.cwr.lookups import codes, lookups
from schemas.cwr.tables import ordered, rows, table
from schemas.cwr.transactions import every_transaction, places, transaction_kinds
from schemas.findings import rules

VERSIONS = ("0.1", "2.1", "2.2", "2.3", "3.0", "3.1", "9.9")
CONSEQUENCES = {"", "ER", "GR", "TR", "RR", "FR", "W"}


@pytest.mark.parametrize("version", VERSIONS)
def test_fields_follow_each_other_without_gap_or_overlap(version: str) -> None:
    for record, found in layouts(version).items():
        column = 1
        for field in found.fields:
            assert field.start == column, (record, field.name)
            column += field.size
        assert found.size == column - 1
        assert len(found.index) == len(found.fields), f"{record} names a field twice"


def test_every_cell_of_the_record_tables_is_known() -> None:
    for name in ("records_2x", "records_3x"):
        for row in table(name):
            assert row["format"] in set("ALINPDTFBX"), row
            assert row["required"] in {"M", "C", "O"}, row
            assert row["missing"] in CONSEQUENCES, row
            assert row["rule"] in CONSEQUENCES, row
            assert (row["required"] == "M") == bool(row["missing"]) or row["field"] in (
                "transaction_sequence",
                "record_sequence",
                "territory_sequence",
            ), row
            if row["format"] == "L":
                assert row["lookup"] in lookups(), row


@pytest.mark.parametrize(
    ("record", "size"),
    [("NWR", 260), ("SPU", 183), ("SWR", 180), ("SPT", 58), ("SWT", 52), ("ALT", 83), ("ACK", 159)],
)
@pytest.mark.parametrize("version", ["2.1", "2.2"])
def test_record_lengths_are_those_of_the_specification(version: str, record: str, size: int) -> None:
    assert layout(version, record).size == size


def test_versions_differ_by_rows() -> None:
    assert "publisher_sequence" not in layout("2.1", "PWR").index
    assert layout("2.2", "PWR").fields[-1].start == 111
    assert {"OPT", "OWT", "XRF"} == layouts("2.2").keys() - layouts("2.1").keys()
    assert layout("2.1", "HDR").size == 101
    assert layout("3.1", "HDR").index["file_name"] == 13


def test_a_record_that_a_version_lacks_is_an_error_of_the_caller() -> None:
    with pytest.raises(LookupError):
        layout("2.1", "XRF")
    assert "XRF" in record_types()


def test_places_name_records_of_the_same_version() -> None:
    for version in ("2.1", "2.2"):
        for transaction in transaction_kinds(version):
            for record, place in places(version, transaction).items():
                assert record in layouts(version)
                assert place.rule in {"TR", "RR"}
    assert "OPT" in places("2.2", "NWR")
    assert "OPT" not in places("2.1", "NWR")


def test_a_work_begins_with_another_record_in_version_3() -> None:
    assert transaction_kinds("2.2")["NWR"] == "work"
    assert "NWR" not in transaction_kinds("3.0")
    assert transaction_kinds("3.0")["WRK"] == every_transaction()["WRK"] == "work"


def test_the_lists_know_the_region() -> None:
    assert {"177", "288"} <= codes("society")
    assert "0398" in codes("territory")
    assert {"KK", "RU"} <= codes("language")


def test_codes_fit_the_fields_that_use_them() -> None:
    for version in ("2.1", "2.2"):
        for found in layouts(version).values():
            for field in found.fields:
                if field.format == "L":
                    assert max(map(len, codes(field.lookup))) <= field.size, field


def test_versions_compare_as_numbers() -> None:
    assert ordered("2.10") > ordered("2.2")
    assert rows("sequence_2x", "9.9") == ()


def test_every_rule_of_the_reader_speaks_three_languages() -> None:
    own = [rule for code, rule in rules().items() if code.startswith("cwr.")]
    assert len(own) > 40
    for rule in own:
        assert set(rule.texts) == {"en", "kk", "ru"}, rule.code
        for text in rule.texts.values():
            assert text.format(record="R", field="F", value="V", detail="D", position="P")


def test_every_fault_that_the_record_tables_can_give_has_its_rule() -> None:
    wrong = {"L": "lookup", "N": "number", "P": "share", "F": "flag", "B": "flag", "D": "date", "T": "time"}
    needed = set()
    for name in ("records_2x", "records_3x"):
        for row in table(name):
            if row["format"] in wrong:
                needed.add(f"cwr.{wrong[row['format']]}{'.transaction' if row['rule'] == 'TR' else ''}")
            if row["required"] == "M":
                needed.add(f"cwr.missing{'.transaction' if row['missing'] == 'TR' else ''}")
    assert needed <= rules().keys()
    assert {row["code"] for row in table("conditions")} <= rules().keys()
