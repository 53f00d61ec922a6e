"""What the transactions of one file must say together: numbers used once, agreements used as often as stated.

Sources: CWR functional specifications 2.2 rev. 2, NWR F3, AGR F1 and T4.
"""

from __future__ import annotations

from collections.abc import Iterator
from zlib import crc32

from parsers.reading import FILE, Item
from schemas.declarations import AgreementDeclaration, Rejection, WorkDeclaration
from schemas.findings import Finding, quote

REMEMBERED = 250_000
"""So many works of a file are remembered by their numbers, to stay in bounded memory."""

TITLE_KINDS = 251
"""Titles are told apart by so many marks, small enough to cost no memory of their own."""


class _Agreement:
    """One agreement of the file: where it stands, for how many works, and for how many it was used."""

    __slots__ = ("position", "stated", "used")

    def __init__(self, item: AgreementDeclaration) -> None:
        self.position = item.position
        self.stated = item.works
        self.used = 0


def judged(items: Iterator[Item]) -> Iterator[Item]:
    """The items of a file, with what the file as a whole has against them.

    A number that stands for another work before, and an agreement said twice, cost the later transaction.
    The same work a second time is what the submitter says last, as in every other format.
    """
    titles: dict[int, int] = {}
    agreements: dict[str, _Agreement] = {}
    for item in items:
        if isinstance(item, WorkDeclaration):
            title = crc32(item.title.encode()) % TITLE_KINDS
            known = titles.get(hash(item.ref))
            if known is None:
                if len(titles) < REMEMBERED:
                    titles[hash(item.ref)] = title
            elif known != title:
                yield _repeated(item.position, item.ref)
                yield Rejection(item.kind, item.position, item.ref)
                continue
            else:
                yield Finding("file.duplicate_ref", item.position, "", "work_number", quote(item.ref))
            if agreements:
                _count(item, agreements)
        elif isinstance(item, AgreementDeclaration):
            if item.ref in agreements:
                yield _repeated(item.position, item.ref, "AGR", "agreement_number")
                yield Rejection(item.kind, item.position, item.ref)
                continue
            agreements[item.ref] = _Agreement(item)
        yield item
        if isinstance(item, Rejection) and item.kind == FILE:
            return
    yield from _overused(agreements)


def _repeated(position: str, ref: str, record: str = "", field: str = "work_number") -> Finding:
    return Finding("cwr.number_repeated", position, record, field, quote(ref))


def _count(work: WorkDeclaration, agreements: dict[str, _Agreement]) -> None:
    for ref in {claim.agreement for claim in work.claims}:
        if ref in agreements:
            agreements[ref].used += 1


def _overused(agreements: dict[str, _Agreement]) -> Iterator[Finding]:
    for ref, agreement in agreements.items():
        if agreement.used > agreement.stated:
            yield Finding(
                "cwr.agreement_works",
                agreement.position,
                "AGR",
                "number_of_works",
                quote(ref),
                str(agreement.used),
            )
