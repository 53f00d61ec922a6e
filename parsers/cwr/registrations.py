"""Whole registrations of works: recalled from one like it, or read record by record."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.cwr.known_works import KnownWorks
from parsers.cwr.work import WorkTransaction
from parsers.reading import Item
from schemas.declarations import WorkDeclaration


class RegistrationReader:
    """Reads registrations of one file that stand in their place, so that nothing outside matters to them."""

    def __init__(self, *, recall: bool, by_society: bool) -> None:
        """``recall`` those that are put together like one before, instead of reading each with every rule.

        ``by_society``: a society sends the file.
        """
        self._recall = recall
        self._by_society = by_society
        self._known: dict[tuple[str, str], KnownWorks] = {}

    def read(self, version: str, texts: list[str], kinds: tuple[str, ...], number: int) -> Sequence[Item]:
        """Findings, then the statement or its rejection.

        ``texts`` are the lines of one registration with their record types; the first has this number.
        """
        if not self._recall:
            return self._read_through(version, texts, kinds, number)
        works = self._known.get((version, kinds[0]))
        if works is None:
            works = self._known[version, kinds[0]] = KnownWorks(version, kinds[0])
        seen = works.look(texts, kinds)
        statement = seen and works.state(seen, number)
        if statement is not None:
            return (statement,)
        items = self._read_through(version, texts, kinds, number)
        if seen is not None and len(items) == 1 and isinstance(items[0], WorkDeclaration):
            works.learn(seen, number, items[0])
        return items

    def begin(self, version: str, header: str, number: int) -> WorkTransaction:
        """A transaction of which the header has come, in the line ``number``."""
        return WorkTransaction(header, number, version, by_society=self._by_society)

    def _read_through(
        self, version: str, texts: list[str], kinds: tuple[str, ...], number: int
    ) -> Sequence[Item]:
        """Read record by record with every rule."""
        transaction = self.begin(version, texts[0], number)
        for place in range(1, len(texts)):
            transaction.take(kinds[place], texts[place], number + place)
        return transaction.close()
