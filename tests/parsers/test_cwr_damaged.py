"""Files that were cut off, mixed up or joined: each transaction is accounted for, each remark has a place."""

from __future__ import annotations

import re
from random import Random

import pytest
from cwr_files import file_of, items_of
from cwr_good_files import AGREEMENT, WORK, changed

from schemas.declarations import Header, Rejection, WorkDeclaration
from schemas.findings import Finding


def test_a_file_cut_at_any_byte_is_accounted_for_and_never_taken_for_whole() -> None:
    works = [WORK, changed(WORK, NWR={"work_number": "S2"})]
    data = file_of("2.2", ("AGR", [AGREEMENT]), ("NWR", works))
    for end in range(0, len(data) - 2, 3):
        items = items_of(data[:end])
        begun = len(re.findall(rb"^(?:NWR|AGR)", data[:end], flags=re.MULTILINE))
        told = sum(not isinstance(item, Finding | Header) for item in items)
        assert told >= begun or any(isinstance(item, Rejection) and item.kind == "file" for item in items)
        assert any(isinstance(item, Finding) for item in items), end


@pytest.mark.parametrize("seed", range(8))
def test_records_in_any_order_reconcile(seed: int) -> None:
    works = [changed(WORK, NWR={"work_number": f"S{place}"}) for place in range(4)]
    lines = file_of("2.2", ("NWR", works)).decode().splitlines()
    body = lines[2:-2]
    Random(seed).shuffle(body)
    items = items_of("\r\n".join([*lines[:2], *body, *lines[-2:]]).encode())
    told = [item for item in items if isinstance(item, WorkDeclaration | Rejection)]
    assert len(told) == 4
    assert all(item.position.startswith("line:") for item in items if isinstance(item, Finding))


def test_a_header_inside_a_work_is_not_held_against_what_it_cut_off() -> None:
    lines = file_of("2.2", ("NWR", [WORK])).decode().splitlines()
    items = items_of("\r\n".join([*lines[:4], lines[0], *lines[4:]]).encode())
    assert [item.code for item in items if isinstance(item, Finding)] == ["cwr.second_header"]
    assert [item.kind for item in items if isinstance(item, Rejection)] == ["work", "file"]
