"""Blocking keys: two records are compared only if they share one.

Keys are short strings with a prefix for their kind; the hub stores them, so that a new record meets only
what shares a key with it. A content key that more than ``MAX_BLOCK`` records share says too little and is
skipped by whoever looks it up; identifier keys (ISWC, ISRC, society numbers) count up to ``MAX_SHARED``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import combinations, islice

from matching.forms import recording_forms, work_forms
from matching.normalize.titles import TitleForms, title_forms
from matching.records import PartyMention, RecordingRecord, WorkHint, WorkRecord

MAX_BLOCK = 64
"""Records per content key; beyond it the key is skipped."""
MAX_SHARED = 1_000
"""Records per identifier key: a code that more have is a placeholder, and pairs of all would end no run."""
MAX_KEYS = 20
"""Keys per record at most; identifiers come first, then the most telling content keys."""
MOST_TITLES = 6
"""Titles of a work, alternative ones included, that are keys by themselves."""
LONGEST_KEY = 40
IDENTIFIER_PREFIXES = ("iswc:", "isrc:", "wref:", "rref:")

EMBODIED = "of:"
"""In front of a key of a recording that stands for a work it may embody; without it, it is the work's key."""

_MOST_IDENTIFIERS = 6
_VOWELS = re.compile(r"[aeiou\s]")


def is_identifier_key(key: str) -> bool:
    """Whether a key is an identifier, which tells much even if many records share it."""
    return key.removeprefix(EMBODIED).startswith(IDENTIFIER_PREFIXES)


def is_useful(key: str, members: int) -> bool:
    """Whether a key that so many records share tells enough to compare them."""
    return members <= (MAX_SHARED if is_identifier_key(key) else MAX_BLOCK)


def work_keys(record: WorkRecord) -> tuple[str, ...]:
    """The blocking keys of a work, at most ``MAX_KEYS``.

    ``iswc:`` and ``wref:`` identifiers; ``wk:`` the number in a catalogue of a composer's works, ``wo:``
    writer and opus, ``wa:`` the row of ``title_aliases.csv``; ``wi:`` writer's IPI and first letters of the
    title; ``wt:`` the title; ``wn:`` writer's name and title, first letters of both; ``wp:`` two longest
    words of the title; ``wc:`` its consonants.
    """
    forms = work_forms(record)
    titles = forms.titles[:MOST_TITLES]
    identifiers = [f"iswc:{code}" for code in record.iswcs] + [_short("wref:", ref) for ref in record.refs]
    numbers = (
        f"wi:{writer.ipi_base or writer.ipi_name}:{item.folded[:4]}"
        for item in titles[:2]
        for writer in forms.writers[:3]
        if writer.ipi_base or writer.ipi_name
    )
    names = (
        f"wn:{word[:5]}:{item.folded[:4]}"
        for item in titles[:1]
        for writer in forms.writers[:3]
        for word in _longest_words(writer.key, 1)
    )
    opus = (
        f"wo:{word[:5]}:{number}"
        for item in titles[:2]
        if item.classical is not None
        for _, number in sorted(item.classical.opus)
        for writer in forms.writers[:3]
        for word in _longest_words(writer.key, 1)
    )
    content = (
        *_classical("wk:", "wa:", titles),
        *islice(opus, 2),
        *(_short("wt:", item.folded) for item in titles),
        *islice(numbers, 4),
        *islice(names, 3),
        *(key for item in titles[:1] for key in _word_pairs("wp:", item)),
        *(_consonants("wc:", item) for item in titles[:1]),
    )
    return _bounded(identifiers, content)


def recording_keys(record: RecordingRecord) -> tuple[str, ...]:
    """The blocking keys of a recording, at most ``MAX_KEYS``.

    ``isrc:`` and ``rref:`` identifiers; ``rk:`` and ``rw:`` as ``wk:`` and ``wa:`` of works; ``rt:`` the
    title; ``rn:`` artist and title, first letters of
    both; ``rd:`` duration (two overlapping grids of eight seconds) and first letters of the title;
    ``ra:`` duration and artist; ``rp:`` two longest words of the title; ``rc:`` its consonants.
    """
    forms = recording_forms(record)
    identifiers = [f"isrc:{code}" for code in record.isrcs] + [_short("rref:", ref) for ref in record.refs]
    titles = forms.titles[:1]
    artists = [word for artist in forms.artists[:2] for word in _longest_words(artist.key, 1)]
    grids = [
        f"{name}{(record.duration + shift) // 8}" for name, shift in (("a", 0), ("b", 4)) if record.duration
    ]
    content = (
        *_classical("rk:", "rw:", titles),
        *(_short("rt:", item.folded) for item in titles),
        *(f"rn:{word[:4]}:{item.folded[:4]}" for item in titles for word in artists[:2]),
        *(f"rd:{grid}:{item.folded[:4]}" for item in titles for grid in grids),
        *(f"ra:{grid}:{word[:5]}" for grid in grids for word in artists[:1]),
        *(key for item in titles for key in _word_pairs("rp:", item)),
        *(_consonants("rc:", item) for item in titles),
    )
    return _bounded(identifiers, content)


def embodied_keys(recording: RecordingRecord, hints: Iterable[WorkHint]) -> tuple[str, ...]:
    """The keys of works that a recording may embody, at most ``MAX_KEYS``: those of ``work_keys``.

    They are made as for a work with the recording's titles, without version words, and those of the hints,
    by the writers that the hints name or else by the performers.
    """
    told = list(hints)
    cores = [title_forms(title).core for title in recording.titles]
    writers = [writer for hint in told for writer in hint.writers]
    return work_keys(
        WorkRecord(
            recording.id,
            recording.source,
            refs=tuple(hint.ref for hint in told if hint.ref),
            iswcs=tuple(hint.iswc for hint in told if hint.iswc),
            titles=tuple(dict.fromkeys([*(hint.title for hint in told if hint.title), *cores])),
            parties=tuple(writers or [PartyMention(name) for name in recording.artists[:3]]),
        )
    )


def _bounded(identifiers: Iterable[str], content: Iterable[str]) -> tuple[str, ...]:
    """Identifiers first, then content keys that have something behind every colon; each key once."""
    kept = list(dict.fromkeys(identifiers))[:_MOST_IDENTIFIERS]
    told = (key for key in content if key and not key.endswith(":"))
    return tuple(islice(dict.fromkeys((*kept, *told)), MAX_KEYS))


def _classical(catalogued: str, alias: str, titles: Iterable[TitleForms]) -> Iterator[str]:
    """Keys by what titles in two languages have in common: catalogue numbers, and rows of aliases."""
    for item in titles:
        if item.classical is not None:
            for catalogue, number in sorted(item.classical.catalogued):
                yield f"{catalogued}{catalogue}:{number}"
        if item.alias:
            yield f"{alias}{item.alias}"


def _short(prefix: str, text: str) -> str:
    """The key itself, or its beginning and a fingerprint when it is long."""
    if len(text) <= LONGEST_KEY:
        return prefix + text
    return f"{prefix}{text[: LONGEST_KEY - 12]}{blake2b(text.encode(), digest_size=6).hexdigest()}"


def _longest_words(text: str, count: int) -> list[str]:
    """The longest words: without counting a catalogue, length is the best guess at rarity."""
    words = (word for word in dict.fromkeys(text.split()) if len(word) > 1)
    return sorted(words, key=lambda word: (-len(word), word))[:count]


def _word_pairs(prefix: str, title: TitleForms) -> list[str]:
    """Pairs out of the three longest words, cut to eight letters, so that one misspelt word does no harm."""
    words = sorted(word[:8] for word in _longest_words(title.folded, 3))
    return [f"{prefix}{first} {second}" for first, second in combinations(words, 2)]


def _consonants(prefix: str, title: TitleForms) -> str:
    """The consonants of the title: vowels are what spellings and scripts disagree about."""
    skeleton = _VOWELS.sub("", title.folded)[:14]
    return f"{prefix}{skeleton}" if len(skeleton) > 3 else ""
