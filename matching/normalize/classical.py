"""What the titles of classical works say beside their words: catalogue numbers, keys, numbers, movements.

"Klaviersonate Nr. 11 A-Dur KV 331" and "Соната для фортепиано № 11 ля мажор, K. 331" share hardly a letter
and name one work; "Op. 27 No. 1" and "Op. 27 No. 2" share all but one and name two. Every word that is
understood stands in a table beside this module: ``catalogues.csv``, ``key_notes.csv`` and
``key_modes.csv`` by language, ``musical_forms.csv``, ``movements.csv``, ``number_words.csv``, and in
``title_aliases.csv`` what well-known works are called in other languages.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from matching.normalize.scripts import fold, plain
from matching.normalize.tables import rows

Numbered = frozenset[tuple[str, str]]

SAME_CATALOGUE = 950
"""One number of a catalogue of one composer's works, and nothing else against it."""
SAME_OPUS = 860
"""One opus number and one form or key: composers have opus numbers in common."""
ALIAS = 920
"""Two names of one well-known work in two languages."""
CONTRADICTED = 600
"""At most this where catalogue number, key or movement are another."""

_ROMAN_NUMBERS = (
    "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi",
)  # fmt: skip
_ROMAN = {roman: str(number) for number, roman in enumerate(_ROMAN_NUMBERS, start=1)}
_BY_WORD = {plain(row["word"]): row["catalogue"] for row in rows("catalogues")}
_OF_COMPOSERS = {row["catalogue"] for row in rows("catalogues") if row["numbered_by"] == "composer"}


def _any(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


_NAMED, _ROMANS = _any(list(_BY_WORD)), _any(list(_ROMAN))
_NUMBERS = _any([word for word, catalogue in _BY_WORD.items() if catalogue == "number"])
# "XVI 52" is one number of Hoboken's catalogue, "27 no 2" the second piece of an opus.
_CATALOGUED = re.compile(
    rf"\b(?P<name>{_NAMED}) (?P<number>(?:(?:{_ROMANS}) \d+|{_ROMANS}|\d+)[a-z]?)\b"
    rf"(?: (?:{_NUMBERS}) (?P<piece>\d+)\b)?"
)
_WITHOUT_SPACE = re.compile(rf"\b(?P<name>{_NAMED})(?=\d)")
_PIECE = re.compile(r"(?<=\d)/(?=\d)")
_JOINING = frozenset({"in", "en", "im", "für", "for", "the", "der", "die", "la", "le"})


def _keys() -> tuple[re.Pattern[str], dict[str, str]]:
    modes: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in rows("key_modes"):
        modes[row["language"]].append((plain(row["spelling"]), row["mode"]))
    known = {
        f"{plain(row['spelling'])} {spelling}": f"{row['note']} {mode}"
        for row in rows("key_notes")
        for spelling, mode in modes[row["language"]]
    }
    return re.compile(rf"\b(?:{_any(list(known))})\b"), known


_KEY, _KEYS = _keys()
_FORMS = {plain(row["word"]): row["form"] for row in rows("musical_forms")}
_MOVEMENTS = {plain(row["word"]): row["movement"] for row in rows("movements")}
_NUMBER_WORDS = {plain(row["word"]): row["number"] for row in rows("number_words")}
_SIGN = re.compile("№|#|♯|♭")
_SIGNS = {"№": " no ", "#": " sharp ", "♯": " sharp ", "♭": " flat "}
_ALIASES = {
    fold(title): number
    for number, row in enumerate(rows("title_aliases"), start=1)
    for title in row["titles"].split("|")
}


# A letter alone is a catalogue only before two digits: "D 960", but neither "Vitamin D" nor "K 2".
_TELLING = re.compile(r"\d\d")
_UNDERSTOOD = frozenset({*_FORMS, *_MOVEMENTS, *_NUMBER_WORDS, *_ROMAN, *_JOINING})


@dataclass(frozen=True, slots=True)
class Classical:
    """What the title of a classical work says: all of it may be empty.

    ``catalogued`` are numbers of catalogues (``("mozart", "331")``), ``opus`` opus numbers, ``numbers`` the
    numbers within a form ("Symphony No. 5", "Fünfte Sinfonie") and whatever else is a number, ``key`` as
    ``a major``, ``forms`` and ``movements`` by the names of their tables. ``more``: it has other words too.
    """

    catalogued: Numbered = frozenset()
    opus: Numbered = frozenset()
    numbers: frozenset[str] = frozenset()
    key: str = ""
    forms: frozenset[str] = frozenset()
    movements: frozenset[str] = frozenset()
    more: bool = False


def classical(title: str) -> Classical | None:
    """What a title says as that of a classical work; None for one that names neither catalogue, key nor form.

    >>> told = classical("Klaviersonate Nr. 11 A-Dur KV 331")
    >>> sorted(told.catalogued), told.key, sorted(told.forms), sorted(told.numbers)
    ([('mozart', '331')], 'a major', ['sonata'], ['11'])
    >>> classical("Fünfte Sinfonie") == classical("Symphony No. 5"), classical("Vitamin D")
    (True, None)
    """
    text = plain(_PIECE.sub(" no ", _SIGN.sub(lambda sign: _SIGNS[sign.group()], title)))
    text = _WITHOUT_SPACE.sub(lambda found: found["name"] + " ", text)
    key = _KEY.search(text)
    rest = text if key is None else f"{text[: key.start()]} {text[key.end() :]}"
    catalogued: set[tuple[str, str]] = set()
    opus: set[tuple[str, str]] = set()
    numbers: set[str] = set()

    def noted(found: re.Match[str]) -> str:
        name, number, piece = found["name"], _arabic(found["number"]), found["piece"] or ""
        catalogue = _BY_WORD[name]
        if catalogue == "number":
            numbers.update(number.split())
        elif catalogue not in _OF_COMPOSERS:
            opus.add((catalogue, f"{number} {_arabic(piece)}".strip()))
        elif len(name) > 1 or _TELLING.match(found["number"]):
            catalogued.add((catalogue, number))
            numbers.update(piece.split())
        else:
            return found.group()
        return " "

    words = _CATALOGUED.sub(noted, rest).split()
    forms = frozenset(_FORMS[word] for word in words if word in _FORMS)
    if not (catalogued or opus or key or forms):
        return None
    numbers.update(_NUMBER_WORDS[word] for word in words if word in _NUMBER_WORDS)
    numbers.update(_arabic(word) for word in words if word.isdigit() or (word in _ROMAN and len(word) > 1))
    return Classical(
        catalogued=frozenset(catalogued),
        opus=frozenset(opus),
        numbers=frozenset(numbers),
        key=_KEYS[key.group()] if key else "",
        forms=forms,
        movements=frozenset(_MOVEMENTS[word] for word in words if word in _MOVEMENTS),
        more=not all(word in _UNDERSTOOD or word.isdigit() for word in words),
    )


def _arabic(number: str) -> str:
    """The number without leading zeros, Roman ones as Arabic.

    >>> _arabic("xvi 52"), _arabic("007")
    ('16 52', '7')
    """
    return " ".join(_ROMAN.get(word, word.lstrip("0") or word) for word in number.split())


def alias(folded: str) -> int:
    """The row of the well-known work whose title folds to this; 0 for any other."""
    return _ALIASES.get(folded, 0)


def bounds(left: Classical, right: Classical) -> tuple[int, int]:
    """The least and the most likeness of two titles, per mille, by what they say as classical works.

    >>> of = lambda title: classical(title) or Classical()
    >>> bounds(of("Klaviersonate A-Dur KV 331"), of("Соната ля мажор, K. 331"))
    (950, 1000)
    >>> bounds(of("Sonata Op. 27 No. 1"), of("Sonata Op. 27 No. 2")), bounds(of("Waltz"), of("Valse"))
    ((0, 600), (0, 1000))
    """
    if _differ(left, right):
        return 0, CONTRADICTED
    if left.catalogued & right.catalogued:
        return SAME_CATALOGUE, 1000
    same_form = bool(left.forms & right.forms)
    numbered = bool(left.numbers) and left.numbers == right.numbers
    if left.opus & right.opus and same_form and (numbered or (left.key and left.key == right.key)):
        return SAME_OPUS, 1000
    if same_form and numbered and not left.more and not right.more:
        return SAME_OPUS, 1000
    return 0, 1000


def _differ(left: Classical, right: Classical) -> bool:
    """Whether the two say different things of one kind, which two titles of one work never do."""
    if _other_number(left.catalogued, right.catalogued) or _other_number(left.opus, right.opus):
        return True
    if left.movements and right.movements:
        return left.movements != right.movements
    if left.movements or right.movements:
        # The whole work and one of its movements.
        return bool(left.catalogued & right.catalogued or left.opus & right.opus)
    return bool(left.key and right.key and left.key != right.key)


def _other_number(left: Numbered, right: Numbered) -> bool:
    """Whether one catalogue has the two under different numbers; an opus and one of its pieces are none."""
    common = {name for name, _ in left} & {name for name, _ in right}
    if not common or left & right:
        return False
    return not any(
        mine == other or mine.startswith(f"{other} ") or other.startswith(f"{mine} ")
        for catalogue, mine in left
        for name, other in right
        if name == catalogue
    )
