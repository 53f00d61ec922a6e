"""What the transactions of one file must say together: numbers used once, agreements used as often as stated.

Sources: CWR functional specifications 2.2 rev. 2, NWR F3, AGR F1 and T4.
"""

from __future__ import annotations

from collections.abc import Iterator
from zlib import crc32

import orjson

from parsers.cwr.spilled import Spilled
from parsers.reading import FILE, Item
from schemas.declarations import AgreementDeclaration, Rejection, WorkDeclaration
from schemas.findings import Finding, quote


def judged(items: Iterator[Item]) -> Iterator[Item]:
    """The items of a file, with what the file as a whole has against them.

    A number that stands for another work before, and an agreement said twice, cost the later transaction.
    The same work a second time is what the submitter says last, as in every other format.
    """
    titles: Spilled[int] = Spilled()
    agreements: Spilled[bytes] = Spilled()
    for item in items:
        if isinstance(item, WorkDeclaration):
            title = crc32(item.title.encode())
            known = titles.get(item.ref)
            if known is None:
                titles.put(item.ref, title)
            elif known != title:
                yield _repeated(item.position, item.ref)
                yield Rejection(item.kind, item.position, item.ref)
                continue
            else:
                yield Finding("file.duplicate_ref", item.position, "", "work_number", quote(item.ref))
            if agreements:
                _count(item, agreements)
        elif isinstance(item, AgreementDeclaration):
            if agreements.get(item.ref) is not None:
                yield _repeated(item.position, item.ref, "AGR", "agreement_number")
                yield Rejection(item.kind, item.position, item.ref)
                continue
            agreements.put(item.ref, orjson.dumps((item.ref, item.position, item.works, 0)))
        yield item
        if isinstance(item, Rejection) and item.kind == FILE:
            return
    yield from _overused(agreements)


def _repeated(position: str, ref: str, record: str = "", field: str = "work_number") -> Finding:
    return Finding("cwr.number_repeated", position, record, field, quote(ref))


def _count(work: WorkDeclaration, agreements: Spilled[bytes]) -> None:
    for name in {claim.agreement for claim in work.claims}:
        found = agreements.get(name)
        if found is not None:
            ref, position, stated, used = orjson.loads(found)
            agreements.put(name, orjson.dumps((ref, position, stated, used + 1)))


def _overused(agreements: Spilled[bytes]) -> Iterator[Finding]:
    for found in agreements.values():
        ref, position, stated, used = orjson.loads(found)
        if used > stated:
            yield Finding("cwr.agreement_works", position, "AGR", "number_of_works", quote(ref), str(used))
