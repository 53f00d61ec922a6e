"""Rules about a whole file hold however long it is, and what they remember of it does not grow with it."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from random import Random

import pytest

from parsers.cwr.spilled import Spilled
from parsers.cwr.whole_file import judged
from parsers.reading import Item
from schemas.declarations import (
    AgreementDeclaration,
    Claim,
    Header,
    PartyName,
    Rejection,
    WorkDeclaration,
)
from schemas.findings import Finding


def items(count: int, seed: int) -> Iterator[Item]:
    """A file whose numbers come again near and far, of works under agreements."""
    random = Random(seed)
    yield Header("cwr", "2.1")
    for number in range(count):
        ref = str(random.randrange(count))
        if random.random() < 0.3:
            yield AgreementDeclaration(
                ref, "OS", "2020-01-01", position=f"line:{number}", works=random.randrange(3)
            )
        else:
            under = tuple(
                Claim(PartyName("ANNA"), "E", agreement=str(random.randrange(count))) for _ in range(3)
            )
            title = f"SONG {random.randrange(2)}"
            yield WorkDeclaration(ref, title, claims=under, position=f"line:{number}")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_lies_in_a_file_counts_like_what_lies_in_memory(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = list(judged(items(400, seed)))
    monkeypatch.setattr("parsers.cwr.spilled.IN_MEMORY", 5)
    assert list(judged(items(400, seed))) == expected
    codes = [item.code for item in expected if isinstance(item, Finding)]
    assert {"cwr.number_repeated", "file.duplicate_ref", "cwr.agreement_works"} == set(codes)
    assert sum(isinstance(item, Rejection) for item in expected) == codes.count("cwr.number_repeated")


def test_a_number_is_known_however_many_came_since(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parsers.cwr.spilled.IN_MEMORY", 10)
    numbers = [*range(1_000), 0]
    works = (WorkDeclaration(str(ref), f"SONG {place}") for place, ref in enumerate(numbers))
    found = list(judged(works))
    assert [item.code for item in found if isinstance(item, Finding)] == ["cwr.number_repeated"]
    assert found[-1] == Rejection("work", "", "0")


def test_agreements_without_end_take_no_memory() -> None:
    agreements = (AgreementDeclaration(f"A{number:09}", "OS", "2020-01-01") for number in range(30_000))
    tracemalloc.start()
    try:
        remembered: Spilled[bytes] = Spilled(in_memory=500)
        for item in agreements:
            assert remembered.get(item.ref) is None
            remembered.put(item.ref, item.ref.encode())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # What Python holds; the pages that SQLite keeps are bounded by its cache.
    assert peak < 500 * 400
    assert list(remembered.values()) == [f"A{number:09}".encode() for number in range(30_000)]
