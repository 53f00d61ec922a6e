"""What a sender is told of a transaction: all of its faults, and none that only follows from another."""

from __future__ import annotations

import pytest
from cwr_files import Record, items_of
from cwr_good_files import WORK, changed, good, placed
from cwr_rule_cases import IN_2_1, OTHER, PLAYED

from schemas.cwr.layouts import layout
from schemas.cwr.validations import validation
from schemas.findings import Finding

SPT, SWT = WORK[2][1], WORK[4][1]
WRITER_2 = {"name": "SECOND", "writer_type": "A", "ip_number": "W2"}


def test_a_sender_learns_all_faults_of_a_transaction_at_once() -> None:
    records = changed(
        WORK,
        NWR={"distribution_category": "QQQ", "version_type": "MOD", "music_arrangement": "NEW"},
        SPU={"publisher_type": ""},
        SWR={"mr_share": "4000"},
        PWR={"writer_ip_number": "W9"},
    )
    found = {
        (item.code, item.record, item.field) for item in items_of(good(records)) if isinstance(item, Finding)
    }
    assert found >= {
        ("cwr.lookup.transaction", "NWR", "distribution_category"),
        ("cwr.adaptation_missing", "NWR", "lyric_adaptation"),
        ("cwr.missing.transaction", "SPU", "publisher_type"),
        ("cwr.share_total", "NWR", "MR"),
        ("cwr.version_without_arranger", "NWR", ""),
    }


@pytest.mark.parametrize(
    ("record", "changes", "expected"),
    [
        ("SWR", {"pr_share": "X0000"}, "cwr.share.transaction"),
        ("SPU", {"publisher_sequence": "X1"}, "cwr.number.transaction"),
        ("SPU", {"ip_number": ""}, "cwr.missing.transaction"),
        ("SWR", {"ip_number": ""}, "cwr.missing.transaction"),
        ("SPT", {"territory": "9999"}, "cwr.lookup.transaction"),
        ("SWT", {"inclusion": "?"}, "cwr.lookup.transaction"),
        ("SPT", {"ip_number": "P9"}, "cwr.party_mismatch"),
        ("SPU", {"name": ""}, "cwr.missing.transaction"),
    ],
)
def test_nothing_is_concluded_from_a_field_that_is_wrong(
    record: str, changes: dict[str, str], expected: str
) -> None:
    found = [
        item.code for item in items_of(good(changed(WORK, **{record: changes}))) if isinstance(item, Finding)
    ]
    assert found == [expected, "cwr.transaction_rejected"]


def test_a_serious_work_with_a_duration_that_is_none_is_rejected() -> None:
    records = changed(PLAYED, NWR={"duration": "006100"})
    codes = [item.code for item in items_of(good(records)) if isinstance(item, Finding)]
    assert codes == ["cwr.time", "cwr.serious_without_duration"]
    assert validation("2.2", "cwr.serious_without_duration", "NWR", "duration").number == "007"
    assert validation("2.2", "cwr.time", "NWR", "duration").number == "008"


@pytest.mark.parametrize(
    ("records", "position"),
    [
        ([("OPU", OTHER), ("NPN", {**OTHER, "ip_number": "P2"}), ("SPT", {**SPT, "ip_number": "P2"})], "SPT"),
        ([("OPU", {**OTHER, "ip_number": "P2"}), ("OPT", {**SPT, "ip_number": "P2"}), ("SPT", SPT)], "SPT"),
        ([("SWR", WRITER_2), ("NWN", WRITER_2), ("OWT", {**SWT, "ip_number": "W2"})], "OWT"),
        ([("OWR", WRITER_2), ("NWN", WRITER_2), ("SWT", {**SWT, "ip_number": "W2"})], "SWT"),
    ],
)
def test_territories_belong_to_parties_of_their_kind(records: list[Record], position: str) -> None:
    after = "SPT" if position == "SPT" else "PWR"
    known = {kind: layout("2.2", kind).index for kind, _ in records}
    more = [(kind, {k: v for k, v in values.items() if k in known[kind]}) for kind, values in records]
    found = [item for item in items_of(good(placed(WORK, after, *more))) if isinstance(item, Finding)]
    assert ("cwr.out_of_place.transaction", position) in [(item.code, item.record) for item in found]


def test_a_link_of_a_writer_who_is_not_controlled_came_with_version_2_2() -> None:
    sent = {**IN_2_1[5][1], "writer_ip_number": "W2"}
    named = ("NWN", {"ip_number": "W2", "name": "N"})
    records = (*IN_2_1, ("OWR", WRITER_2), named, ("PWR", sent))
    found = [item.code for item in items_of(good(records, "2.1")) if isinstance(item, Finding)]
    assert found == ["cwr.out_of_place"]
