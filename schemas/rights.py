"""Rights and uses: one containment table with the spellings of each format, and expressions over it.

A right is a category (``PR``, ``MR``, ``SR`` for works, ``PROD``, ``PERF`` for recordings) or a finer code
that is its category limited to some uses (IPI ``OD`` is PR for interactive online uses). An expression is a
sequence of codes: ``*`` is everything, ``-`` in front excludes, and the last term that matches wins.

Facts: IPI right codes as listed in secondary sources, CWR agreement rights, DDEX RightsType and UseType.

>>> covers(("PR", "MR"), "PR", "radio"), covers(("*", "-MR"), "MR", "radio")
(True, False)
>>> covers(("OD",), "PR", "on-demand-stream"), covers(("OD",), "PR", "radio")
(True, False)
>>> covers_use(("*", "-stream"), "on-demand-stream"), covers_use(("broadcast",), "radio")
(False, True)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from schemas.table_files import rows

ALL = "*"
Expression = tuple[str, ...]

CATEGORIES: Mapping[str, str] = {
    "PR": "work",
    "MR": "work",
    "SR": "work",
    "PROD": "recording",
    "PERF": "recording",
}
"""What a question may ask for, and in which kind of subject the right exists."""


@dataclass(frozen=True, slots=True)
class Right:
    """A right code: its category, and the uses it is limited to (empty: all)."""

    code: str
    category: str
    uses: frozenset[str]
    name: str


@cache
def rights() -> Mapping[str, Right]:
    """Every right by its code."""
    return {
        row["code"]: Right(
            row["code"], row["category"], frozenset(filter(None, row["uses"].split("|"))), row["name"]
        )
        for row in rows("schemas", "rights.csv")
    }


@cache
def _right_spellings() -> Mapping[str, str]:
    found = {code.upper(): code for code in rights()} | {"ALL": ALL, ALL: ALL}
    for row in rows("schemas", "rights.csv"):
        for spelling in f"{row['ipi']}|{row['cwr']}|{row['ddex']}".split("|"):
            if spelling:
                found.setdefault(spelling.upper(), row["code"])
    return found


@cache
def uses() -> Mapping[str, frozenset[str]]:
    """Every use with all the uses that contain it, itself included."""
    parents = {row["code"]: row["parent"] for row in rows("schemas", "uses.csv")}

    def above(code: str) -> frozenset[str]:
        return frozenset({code}) | (above(parents[code]) if parents[code] else frozenset())

    return {code: above(code) for code in parents}


@cache
def _use_spellings() -> Mapping[str, str]:
    found = {code.casefold(): code for code in uses()} | {"all": ALL, "use": ALL, ALL: ALL}
    for row in rows("schemas", "uses.csv"):
        for spelling in filter(None, row["ddex"].split("|")):
            found.setdefault(spelling.casefold(), row["code"])
    return found


def canonical_right(text: str) -> str | None:
    """The code of a right in any known spelling; None when it is unknown."""
    return _right_spellings().get(text.strip().upper())


def canonical_rights(text: str) -> tuple[str, ...]:
    """The codes of what one word means: some words of DDEX stand for several rights; none when unknown.

    >>> canonical_rights("ProducerRevenue"), canonical_rights("PerformerAndProducerRevenue")
    (('PROD',), ('PROD', 'PERF'))
    """
    code = canonical_right(text)
    return _words_for_several().get(text.strip().upper(), ()) if code is None else (code,)


@cache
def _words_for_several() -> Mapping[str, tuple[str, ...]]:
    return {
        row["word"].upper(): tuple(row["rights"].split("|")) for row in rows("schemas", "right_words.csv")
    }


def canonical_use(text: str) -> str | None:
    """The code of a use in any known spelling; None when it is unknown."""
    return _use_spellings().get(text.strip().casefold())


def ddex_right(code: str) -> str:
    """DDEX's word for a right; empty where it has none.

    >>> ddex_right("PR"), ddex_right("DB")
    ('PerformingRight', '')
    """
    return _ddex_words("rights.csv").get(code, "")


def ddex_use(code: str) -> str:
    """DDEX's word for a use; empty where it has none.

    >>> ddex_use("radio"), ddex_use("cinema")
    ('BroadcastRadio', '')
    """
    return _ddex_words("uses.csv").get(code, "")


@cache
def _ddex_words(table: str) -> Mapping[str, str]:
    return {row["code"]: row["ddex"].split("|")[0] for row in rows("schemas", table)}


@lru_cache(maxsize=4096)
def category(text: str) -> str | None:
    """The category of a right in any spelling; ``OTHER`` for rights no question asks for.

    >>> category("PER"), category("OD"), category("MechanicalRight"), category("XX")
    ('PR', 'PR', 'MR', None)
    """
    code = canonical_right(text)
    return None if code is None or code == ALL else rights()[code].category


def breadth(code: str) -> int:
    """How many uses a right is limited to; a right for all uses is the broadest.

    >>> breadth("OB") < breadth("OD") < breadth("PR")
    True
    """
    found = rights().get(code)
    return len(found.uses) if found and found.uses else len(uses())


def is_question_right(code: str) -> bool:
    """Whether a question may ask for this right."""
    return code in CATEGORIES


@lru_cache(maxsize=16384)
def covers(expression: Expression, right: str, use: str) -> bool:
    """Whether an expression of rights covers a category for a use.

    An empty expression covers everything; one that begins with an exclusion starts from everything. A finer
    code that is limited to narrower uses than the one asked for says nothing about it, included or excluded.
    """
    return _evaluate(expression, lambda term: _right_matches(term, right, use))


@lru_cache(maxsize=16384)
def covers_in_any_use(expression: Expression, right: str) -> bool:
    """Whether an expression of rights covers a category for some use."""
    return any(covers(expression, right, use) for use in uses())


def _right_matches(term: str, right: str, use: str) -> bool:
    if term == ALL:
        return True
    found = rights().get(term)
    if found is None or found.category != right:
        return False
    return not found.uses or not found.uses.isdisjoint(uses().get(use, frozenset({use})))


@lru_cache(maxsize=16384)
def covers_use(expression: Expression, use: str) -> bool:
    """Whether an expression of uses covers a use, itself or through a use that contains it.

    A term narrower than the use asked for says nothing about it, included or excluded.
    """
    above = uses().get(use, frozenset({use}))
    return _evaluate(expression, lambda term: term == ALL or term in above)


def _evaluate(expression: Expression, matches: Callable[[str], bool]) -> bool:
    covered = not expression or expression[0].startswith("-")
    for term in expression:
        if matches(term.removeprefix("-")):
            covered = not term.startswith("-")
    return covered


def parse_rights(text: str) -> tuple[Expression, tuple[str, ...]]:
    """Split ``PR|MR`` into canonical codes and those that are unknown.

    A statement with unknown codes must not be used without them: nothing left would mean everything.
    """
    return _parse(text, canonical_rights)


def parse_uses(text: str) -> tuple[Expression, tuple[str, ...]]:
    """Split ``*|-on-demand-stream`` into canonical codes and those that are unknown, as ``parse_rights``."""
    return _parse(text, lambda word: tuple(filter(None, (canonical_use(word),))))


def _parse(text: str, canonical: Callable[[str], tuple[str, ...]]) -> tuple[Expression, tuple[str, ...]]:
    known: list[str] = []
    unknown: list[str] = []
    for raw in filter(None, (part.strip() for part in text.split("|"))):
        sign = "-" if raw.startswith("-") else ""
        codes = canonical(raw.removeprefix("-"))
        if not codes:
            unknown.append(raw)
        known += [sign + code for code in codes]
    return tuple(known), tuple(unknown)
