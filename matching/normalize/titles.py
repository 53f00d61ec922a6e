"""Titles taken apart: the title itself, version words, featured artists, and their folding keys."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache, partial

from matching.normalize.classical import ALIAS, Classical, alias, bounds, classical
from matching.normalize.likeness import letters_alike
from matching.normalize.scripts import LONGEST_TEXT, clean, fold, plain, remembered
from matching.normalize.tables import column, rows

GLUED = 980
"""Two titles that differ by spaces only."""
CONTAINED = 880
"""Every word of one title stands in the other, which says more."""
OTHER_NUMBER = 700
"""At most this for titles with different numbers: Part 1 and Part 2 are alike in everything else."""
LONGEST_DASHED_VERSION = 8
"""A part after a dash with more words than this is a title, whatever words it has."""
KEPT_TITLES = 4_096
"""Titles kept taken apart: one is asked for several times in a row, hardly ever later; each has 600 bytes."""

_OPEN = "([{"
_BRACKET = re.compile(r"[(\[{)\]}]")
_BRACKETED = re.compile(r"[(\[{]([^(\[{)\]}]*)[)\]}]")
_DASH = re.compile(r"(?:^|\s+)[-–—−]+\s+|\s*[—―]\s*")
# A title with one bracket at its end and no dash in front of it: most of those that are not plain.
_BRACKET_LAST = re.compile(r"([^(\[{)\]}—―−–-]*[^(\[{)\]}—―−–\s-])\s*[(\[{]([^(\[{)\]}]*)[)\]}]\s*")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8",
          "ix": "9", "x": "10", "xi": "11", "xii": "12"}  # fmt: skip
# A single Roman letter is a number only where a part ends with it: "Sonata I: Allegro", not "I Am".
_NUMBER = re.compile(r"\d+|\b(?:i{2,3}|iv|vi{1,3}|ix|xi{1,2})\b|(?<=[\w.]\s)[ivx](?=\s*(?:$|[:,)]))")
_BEFORE, _AFTER = (
    "|".join(re.escape(row["word"]) for row in rows("featuring") if row["stands"] == side)
    for side in ("before", "after")
)
_FEATURING = re.compile(rf"(?<!\S)(?:{_BEFORE})(?:\.\s*|\s+)", re.IGNORECASE)
_FEATURING_AFTER = re.compile(rf"\s+(?:{_AFTER})$", re.IGNORECASE)
_ARTICLES = frozenset(fold(word) for word in column("articles", "article"))
_TRAILING_ARTICLE = re.compile(r"^(?P<rest>.+),\s*(?P<article>\w+)'?$")

_CODES = {plain(row["word"]): row["code"] for row in rows("versions")}
BLOCKING = frozenset(row["code"] for row in rows("versions") if row["blocks_recording"] == "yes")
"""Version codes that make another recording: live, remix ... but not remaster or mono."""
_VERSION_WORDS = re.compile(
    r"\b(?:" + "|".join(sorted(map(re.escape, _CODES), key=lambda word: (-len(word), word))) + r")\b"
)
_VERSION_BEGINNINGS = frozenset(word.split()[0] for word in _CODES)


@dataclass(frozen=True, slots=True)
class TitleForms:
    """A title and all its forms.

    ``core`` is the title without version and featuring in its own script, ``bare`` its folding key
    without anything bracketed, ``folded`` that of the core, ``full`` that of the whole title.
    ``version`` are codes of the version table, ``version_text`` the folded words they were found in.
    ``classical`` is what it says as the title of a classical work, ``alias`` a row of ``title_aliases.csv``.
    """

    core: str
    version: tuple[str, ...]
    featuring: tuple[str, ...]
    folded: str
    bare: str
    full: str
    version_text: str
    numbers: tuple[str, ...]
    classical: Classical | None = None
    alias: int = 0


@lru_cache(maxsize=KEPT_TITLES)
def version_codes(text: str) -> tuple[str, ...]:
    """Codes of the version words in a text, sorted; longer phrases are read before shorter ones.

    >>> version_codes("Radio Mix"), version_codes("концертная запись, ремастер"), version_codes("Deliver")
    (('edit',), ('live', 'remaster'), ())
    """
    words = plain(text)
    if _VERSION_BEGINNINGS.isdisjoint(words.split()):
        return ()
    return tuple(sorted({_CODES[word] for word in _VERSION_WORDS.findall(words)}))


@partial(remembered, most=KEPT_TITLES)
def title_forms(title: str) -> TitleForms:
    """Take a title apart.

    >>> forms = title_forms("The Apache (feat. Hank Marvin) [Radio Edit] - Live in Almaty")
    >>> forms.core, forms.version, forms.featuring, forms.folded
    ('The Apache', ('edit', 'live'), ('Hank Marvin',), 'apache')
    """
    core, bare, versions, featuring = _taken_apart(title)
    # Most titles are their own core, and folding is what costs most here.
    folded = fold_title(core)
    return TitleForms(
        core=core,
        version=_codes_of(versions),
        featuring=tuple(name.strip(" ,.;") for name in featuring if name.strip(" ,.;")),
        folded=folded,
        bare=folded if bare in ("", core) else fold_title(bare),
        full=folded if title == core else fold_title(title),
        version_text=" ".join(fold(text) for text in versions),
        numbers=_numbers(core),
        classical=classical(core),
        alias=alias(fold(core)),
    )


def core_and_version(title: str) -> tuple[str, tuple[str, ...]]:
    """``core`` and ``version`` of ``title_forms``, for who needs no more.

    >>> core_and_version("The Apache (feat. Hank Marvin) [Radio Edit] - Live in Almaty")
    ('The Apache', ('edit', 'live'))
    """
    title = title[:LONGEST_TEXT]
    found = _BRACKET_LAST.fullmatch(title)
    if found is None or _FEATURING.search(found[1]) or not (bracket := found[2].strip()):
        core, _, versions, _ = _taken_apart(title)
        return core, _codes_of(versions)
    # What `_taken_apart` comes to where there is nothing else to take apart.
    if _guest(bracket) is not None:
        return found[1].strip(), ()
    codes = version_codes(bracket)
    return (found[1] if codes else title).strip(), codes


def _taken_apart(title: str) -> tuple[str, str, list[str], list[str]]:
    """The core of a title, what of it is in no bracket, its version texts and those whom it features."""
    kept: list[tuple[str, bool]] = []
    versions: list[str] = []
    featuring: list[str] = []
    for text, bracketed in _pieces(title):
        if not bracketed:
            head, dashed, guests = _dashed(text, opening=not kept)
            versions += dashed
            featuring += guests
            kept.append((head, False))
        elif (guest := _guest(text)) is not None:
            featuring.append(guest)
        elif version_codes(text):
            versions.append(text)
        else:
            kept.append((text, True))
    core = " ".join(f"({text})" if bracketed else text for text, bracketed in kept if text)
    if not core or not (versions or featuring):
        core = title.strip()
    if not any(text for text, _ in kept):
        # "(Live)" and nothing else is the title.
        versions, featuring = [], []
    return core, " ".join(text for text, bracketed in kept if text and not bracketed), versions, featuring


def _codes_of(versions: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({code for text in versions for code in version_codes(text)}))


def _numbers(title: str) -> tuple[str, ...]:
    """The numbers of a title, Roman ones as Arabic, sorted."""
    found = _NUMBER.findall(clean(title))
    return tuple(sorted(_ROMAN.get(number, number).lstrip("0") for number in found))


def fold_title(title: str) -> str:
    """The folding key without the leading article, "Title, The" included.

    >>> fold_title("Wall, The"), fold_title("The Wall"), fold_title("The The")
    ('ual', 'ual', 'the')
    """
    return without_article(fold(turned(title)))


def turned(title: str) -> str:
    """The title without an article that was moved to its end."""
    if "," not in title:
        return title
    found = _TRAILING_ARTICLE.match(title.strip())
    return found["rest"] if found and fold(found["article"]) in _ARTICLES else title


def without_article(key: str) -> str:
    """The folding key of a title without its leading article."""
    first, _, others = key.partition(" ")
    return others if others and first in _ARTICLES else key


def _pieces(title: str) -> list[tuple[str, bool]]:
    """The title cut at its outermost brackets, in order; an open bracket ends with the title."""
    pieces = [(text.strip(), place % 2 == 1) for place, text in enumerate(_BRACKETED.split(title))]
    if not any(_BRACKET.search(text) for text, _ in pieces):
        # Each bracket is closed before the next one opens, as in most titles.
        return [(text, bracketed) for text, bracketed in pieces if text]
    pieces = []
    depth = start = 0
    for bracket in _BRACKET.finditer(title):
        opens = bracket.group() in _OPEN
        if not opens and not depth:
            continue
        if depth == (0 if opens else 1):
            pieces.append((title[start : bracket.start()].strip(), depth == 1))
            start = bracket.end()
        depth += 1 if opens else -1
    pieces.append((title[start:].strip(), depth > 0))
    return [(text, bracketed) for text, bracketed in pieces if text]


def _guest(bracket: str) -> str | None:
    """Who is featured, if a bracketed text says so; the marker stands after the name in Kazakh."""
    if (before := _FEATURING.match(bracket)) is not None:
        return bracket[before.end() :]
    if (after := _FEATURING_AFTER.search(bracket)) is not None:
        return bracket[: after.start()]
    return None


def _dashed(text: str, *, opening: bool) -> tuple[str, list[str], list[str]]:
    """Title, version parts and featured names of an unbracketed text such as "Song feat. X - Live".

    ``opening``: the text begins the title, so what it begins with is no remark on something before it.
    """
    # Most texts have no dash, and those of ASCII show it at once.
    first, *others = [text] if "-" not in text and text.isascii() else _DASH.split(text)
    kept, versions, featuring = [first], [], []
    for part in others:
        if len(part.split()) <= LONGEST_DASHED_VERSION and version_codes(part):
            versions.append(part)
        else:
            kept.append(part)
    head = " - ".join(kept).strip()
    found = _FEATURING.search(head)
    if found is not None and (found.start() or not opening):
        featuring.append(head[found.end() :])
        head = head[: found.start()].rstrip(" ,-")
    return head, versions, featuring


def titles_alike(left: TitleForms, right: TitleForms) -> int:
    """How alike two titles are without their versions, per mille.

    >>> titles_alike(title_forms("Жазғы кеш"), title_forms("Jazǵy kesh (Live)"))
    1000
    >>> titles_alike(title_forms("Symphony No. 5"), title_forms("Symphony No. 9"))
    700
    >>> titles_alike(title_forms("Лебединое озеро"), title_forms("Swan Lake"))
    920
    """
    if not left.folded or not right.folded:
        return 0
    score = max(_alike(left.folded, right.folded), _alike(left.bare, right.bare))
    if left.alias and left.alias == right.alias:
        score = max(score, ALIAS)
    if left.classical is not None and right.classical is not None:
        least, most = bounds(left.classical, right.classical)
        if least:
            return max(score, least)
        score = min(score, most)
    if left.numbers == right.numbers:
        return score
    # A number that only one of them has may be a track number or a year in a bracket.
    return min(score, OTHER_NUMBER if left.numbers and right.numbers else CONTAINED)


def _alike(left: str, right: str) -> int:
    if left == right:
        return 1000
    if left.replace(" ", "") == right.replace(" ", ""):
        return GLUED
    words, others = left.split(), right.split()
    score = max(letters_alike(left, right), letters_alike(" ".join(sorted(words)), " ".join(sorted(others))))
    short, long = sorted((set(words), set(others)), key=len)
    if len(short) > 1 and short < long and score < CONTAINED:
        return CONTAINED
    return score
