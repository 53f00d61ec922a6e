"""What is recalled from registrations before says the same as what is read with every rule."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cwr_files import file_of
from cwr_good_files import WORK, changed
from cwr_mutations import corrupted
from cwr_rule_cases import CASES

from hub.bench.cwr_file import file_chunks
from parsers.cwr import known_memory, known_records, known_works
from parsers.cwr.known_memory import Looks, Memory, Numbers
from parsers.cwr.known_works import KnownWorks
from parsers.cwr.reader import read
from parsers.cwr.work import WorkTransaction
from schemas.declarations import WorkDeclaration
from schemas.findings import Finding

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "cwr"


def said(data: bytes, *, recall: bool) -> list[Any]:
    """All items with all that they say, places included."""
    return [(type(item), asdict(item)) for item in read(io.BytesIO(data), recall=recall)]


def same(data: bytes) -> list[Any]:
    recalled = said(data, recall=True)
    assert recalled == said(data, recall=False)
    return recalled


def repeated(*files: bytes) -> bytes:
    """The transactions of these files one after another in the first one's group, numbered anew."""
    lines: list[bytes] = []
    number = -1
    for data in files:
        for line in data.splitlines()[2:-2]:
            number += line[11:19] == b"0" * 8
            lines.append(line[:3] + b"%08d" % max(number, 0) + line[11:])
    first = files[0].splitlines()
    return b"\r\n".join([*first[:2], *lines, *first[-2:]])


@pytest.mark.parametrize("code", [code for code in CASES if code != "cwr.too_many_records"])
def test_a_fault_is_found_behind_registrations_like_it_without_one(code: str) -> None:
    wrong, right = (make() for make in CASES[code])
    same(repeated(right, right, right, wrong, right, wrong))
    same(repeated(wrong, right, wrong, right))


@pytest.mark.parametrize(
    "path", sorted(GOLDEN.rglob("*.cwr")), ids=lambda path: f"{path.parts[-2]}-{path.stem}"
)
def test_what_comes_again_says_the_same_in_its_place(path: Path) -> None:
    data = path.read_bytes()
    same(repeated(data, data, data))


@pytest.mark.parametrize("seed", range(6))
def test_faults_anywhere_change_nothing_for_others(seed: int) -> None:
    chance = Random(seed)
    lines = b"".join(file_chunks(120, strangers=seed % 2 > 0)).splitlines()
    for _ in range(40):
        _, _, lines = corrupted(lines, "2.1", chance)
    found = same(b"\n".join(lines))
    kinds = Counter(kind for kind, _ in found)
    assert kinds[Finding] > 20
    assert kinds[WorkDeclaration] > 60


def test_little_memory_costs_time_only(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in (
        (known_records, "REMEMBERED"),
        (known_records, "REMEMBERED_TEXT"),
        (known_memory, "NUMBERED"),
        (known_works, "REMEMBERED_RECORDS"),
    ):
        monkeypatch.setattr(module, name, 30)
    assert len(same(b"".join(file_chunks(300, strangers=True)))) == 301


def test_a_registration_like_one_before_is_not_read_record_by_record() -> None:
    works = KnownWorks("2.1", "NWR")
    texts = b"".join(file_chunks(3)).decode().splitlines()[2:-2]
    first, second = texts[:10], texts[10:20]
    kinds = tuple(text[:3] for text in first)
    seen = works.look(first, kinds)
    assert seen is not None
    assert works.state(seen, 3) is None
    transaction = WorkTransaction(first[0], 3, "2.1")
    for number, text in enumerate(first[1:], start=4):
        transaction.take(text[:3], text, number)
    (statement,) = transaction.close()
    assert isinstance(statement, WorkDeclaration)
    works.learn(seen, 3, statement)
    again = works.look(second, kinds)
    assert again is not None
    found = works.state(again, 13)
    assert found is not None
    assert (found.title, found.position, found.claims[0].position) == ("SONG NUMBER 1", "line:13", "line:14")


def test_names_and_titles_in_two_alphabets_are_recalled_as_well() -> None:
    found = same(b"".join(file_chunks(40, alphabets=True)))
    assert [kind for kind, _ in found[1:]] == [WorkDeclaration] * 40
    last = found[-1][1]
    assert [len(claim["party"]["other_names"]) for claim in last["claims"]] == [1, 1, 0]
    assert [title["text"] for title in last["titles"]] == ["TUNE 39", "ӘН 39"]
    assert last["related"][0]["titles"][0]["text"] == "ЕСКІ ӘН 39"
    assert last["related"][0]["writers"][0]["other_names"][0]["name"] == "ХАЛЫҚ"
    assert len(last["performers"]) == 2
    works = KnownWorks("2.1", "NWR")
    texts = b"".join(file_chunks(2, alphabets=True)).decode().splitlines()[2:-2]
    assert works.look(texts[:17], tuple(text[:3] for text in texts[:17])) is not None


def test_texts_that_are_the_same_elsewhere_make_another_pattern() -> None:
    links = [{}, {}, {"publisher_ip_number": "P2"}, {}]
    works = [changed(WORK, NWR={"work_number": f"S{n}"}, PWR=link) for n, link in enumerate(links)]
    found = same(file_of("2.2", ("NWR", works)))
    assert [(item["code"], item["position"]) for kind, item in found if kind is Finding] == [
        ("cwr.link_of_other_chain", "line:20"),
        ("cwr.transaction_rejected", "line:15"),
    ]


def test_what_never_comes_again_is_not_remembered_for_long() -> None:
    looks = Looks()
    new, old = Memory[int, int](8, looks), Memory[int, int](8, looks)
    for place in range(30):
        looks.count += 1
        new.put(place, place)
        if place % 3 == 0:
            old.put(place, place)
    assert dict(new) == {8: 8}
    assert dict(old) == {24: 24, 27: 27}


def test_a_full_memory_forgets_and_numbers_are_never_given_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    memory: Memory[str, int] = Memory(3)
    for size, name in enumerate("abc"):
        memory.put(name, size, size)
    assert dict(memory) == {"a": 0, "b": 1, "c": 2}
    memory.put("d", 4, 2)
    assert dict(memory) == {"d": 4}
    monkeypatch.setattr(known_memory, "NUMBERED", 2)
    numbers = Numbers()
    assert [numbers.of(thing) for thing in "aabcab"] == [1, 1, 2, 3, 4, 5]
