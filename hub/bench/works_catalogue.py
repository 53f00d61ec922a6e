"""A catalogue made up from a seed, and what several societies and labels would hold of it.

There is no public benchmark of works, so this one writes what is known to go wrong between societies: titles
in other scripts and as alternative titles, misspellings, writers left out or exchanged, numbers that are
missing or wrong, other share splits, songs of one title by other writers, and writers of nearly one name.
Writers' own names are built from real parts of Kazakh, Russian and English names; nobody is meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from matching.records import PartyMention, RecordingRecord, WorkHint, WorkRecord

GIVEN = (
    "Ерлан", "Айгүл", "Нұрлан", "Гүлнар", "Серік", "Динара", "Бауыржан", "Жанар", "Қайрат", "Әсел", "Мұрат",
    "Сәуле", "Олег", "Ирина", "Сергей", "Наталья", "Дмитрий", "Ольга", "James", "Claire", "Henry", "Alice",
)  # fmt: skip
FAMILY = (
    "Сәрсенбаев", "Құлманов", "Жақсылықов", "Төлеубаев", "Ахметов", "Оспанов", "Бекмұхамбетов", "Ибраев",
    "Сейдахметов", "Нұрғалиев", "Ковалёв", "Тимофеев", "Шульгин", "Воронцов", "Щербаков", "Лебедев",
    "Hartley", "Northfield", "Caldwell", "Whitmore", "Ashworth", "Penrose", "Қасымов", "Дүйсенов", "Ермеков",
)  # fmt: skip
WORDS = (
    "түн", "жол", "дала", "көктем", "арман", "жүрек", "аспан", "теңіз", "сағыныш", "таң", "күз", "ән",
    "бақыт", "ночь", "дорога", "весна", "сердце", "звезда", "река", "письмо", "тишина", "рассвет", "огонь",
    "ветер",
    "river", "lantern", "morning", "stranger", "silver", "harbour", "winter", "letter", "garden", "thunder",
)  # fmt: skip
COMMON = ("Сағыныш", "Весна", "Love song", "Ән", "Колыбельная", "Home")
SINGING_WRITER, COVER = 0.35, 0.15
"""How often the first writer performs the work, and how often a recording is somebody else's."""

LATIN = {
    "ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "і": "i", "ж": "zh",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu",
    "я": "ya", "ё": "yo", "й": "i", "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "з": "z",
    "и": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ф": "f",
}  # fmt: skip
LATIN_2021 = {
    "ә": "ä",
    "ғ": "ğ",
    "қ": "q",
    "ң": "ñ",
    "ө": "ö",
    "ұ": "ū",
    "ү": "ü",
    "і": "ı",
    "ж": "j",
    "ш": "ş",
}
RUSSIAN = {"ә": "а", "ғ": "г", "қ": "к", "ң": "н", "ө": "о", "ұ": "у", "ү": "у", "һ": "х", "і": "и"}


@dataclass(frozen=True, slots=True)
class Level:
    """How often each thing goes wrong, as probabilities."""

    respelt: float
    misspelt: float
    alternative: float
    writer_missing: float
    writer_exchanged: float
    no_ipi: float
    wrong_ipi: float
    no_iswc: float
    wrong_iswc: float
    common_title: float
    namesake: float
    hint_named: float
    hint_coded: float
    performer_named: float
    unregistered: float


LEVELS: Mapping[str, Level] = {
    "easy": Level(0.2, 0.02, 0.1, 0.05, 0.0, 0.1, 0.0, 0.2, 0.0, 0.02, 0.05, 0.9, 0.5, 0.8, 0.02),
    "middle": Level(0.4, 0.05, 0.2, 0.15, 0.02, 0.4, 0.01, 0.5, 0.01, 0.05, 0.1, 0.8, 0.25, 0.6, 0.05),
    "hard": Level(0.6, 0.12, 0.35, 0.3, 0.05, 0.7, 0.03, 0.8, 0.03, 0.1, 0.2, 0.5, 0.1, 0.3, 0.1),
}


@dataclass(frozen=True, slots=True)
class Writer:
    """A writer of the true catalogue."""

    name: str
    ipi: str


@dataclass(frozen=True, slots=True)
class TrueWork:
    """A work of the true catalogue."""

    number: int
    title: str
    other_title: str
    iswc: str
    writers: tuple[Writer, ...]
    performer: str


@dataclass(slots=True)
class Held:
    """What societies and labels hold, and the truth about it, which is never given to the matcher.

    ``works`` maps a source work to its true work, ``embodied`` a recording to its true work.
    """

    work_records: list[WorkRecord] = field(default_factory=list)
    works: dict[int, int] = field(default_factory=dict)
    recordings: list[tuple[RecordingRecord, tuple[WorkHint, ...]]] = field(default_factory=list)
    embodied: dict[int, int] = field(default_factory=dict)


def made_up(works: int, level: str, seed: int) -> Held:
    """A catalogue of so many works as three societies and two labels hold it; the same for the same seed."""
    random = Random(f"{level} {seed}")  # noqa: S311
    odds = LEVELS[level]
    held = Held()
    for true in list(_catalogue(random, works, odds)):
        # Recordings of works that nobody registered must find no work.
        societies = 0 if random.random() < odds.unregistered else random.choices((1, 2, 3), (3, 4, 3))[0]
        for society in random.sample(("177", "901", "052"), societies):
            identity = len(held.work_records) + 1
            held.work_records.append(_registration(random, identity, society, true, odds))
            held.works[identity] = true.number
        for label in random.sample(("L1", "L2"), random.choices((0, 1, 2), (3, 5, 2))[0]):
            identity = 10_000_000 + len(held.recordings) + 1
            held.recordings.append(_recording(random, identity, label, true, odds))
            held.embodied[identity] = true.number
    return held


def _catalogue(random: Random, count: int, odds: Level) -> Iterator[TrueWork]:
    people: list[Writer] = []
    for number in range(count):
        if not people or random.random() < 0.4:
            people.append(_person(random, people, odds))
        writers = tuple(
            dict.fromkeys(random.choice(people[-400:]) for _ in range(random.choice((1, 2, 2, 3))))
        )
        title = random.choice(COMMON) if random.random() < odds.common_title else _title(random)
        singer = random.random() < SINGING_WRITER
        performer = writers[0].name if singer else f"{random.choice(FAMILY)} {random.choice(GIVEN)}"
        yield TrueWork(number, title, _title(random), f"T9{number:08d}0", writers, performer)


def _person(random: Random, people: Sequence[Writer], odds: Level) -> Writer:
    name = f"{random.choice(FAMILY)} {random.choice(GIVEN)}"
    if people and random.random() < odds.namesake:
        # Nearly one name: the family of somebody known, with another given name.
        name = f"{random.choice(people).name.split()[0]} {random.choice(GIVEN)}"
    return Writer(name, f"{len(people) + 1:09d}00")


def _title(random: Random) -> str:
    return " ".join(random.sample(WORDS, random.choice((2, 2, 3, 3, 4)))).capitalize()


def respelt(random: Random, text: str) -> str:
    """A text in another custom of writing: Russian letters, Latin ones, or the Kazakh Latin of 2021."""
    tables = random.choice((({**LATIN},), (RUSSIAN,), (LATIN_2021, LATIN)))
    found = text
    for table in tables:
        found = "".join(_respell(char, table) for char in found)
    return found


def _respell(char: str, table: Mapping[str, str]) -> str:
    latin = table.get(char.lower())
    if latin is None:
        return char
    return latin.capitalize() if char.isupper() else latin


def misspelt(random: Random, text: str) -> str:
    """A text with one letter left out, doubled or exchanged with its neighbour."""
    if len(text) < 4:
        return text
    place = random.randrange(1, len(text) - 1)
    match random.randrange(3):
        case 0:
            return text[:place] + text[place + 1 :]
        case 1:
            return text[:place] + text[place] + text[place:]
        case _:
            return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def _written(random: Random, text: str, odds: Level) -> str:
    found = respelt(random, text) if random.random() < odds.respelt else text
    found = misspelt(random, found) if random.random() < odds.misspelt else found
    return found.upper() if random.random() < 0.5 else found


def _mention(random: Random, writer: Writer, odds: Level, role: str) -> PartyMention:
    number = "" if random.random() < odds.no_ipi else writer.ipi
    if number and random.random() < odds.wrong_ipi:
        number = f"{random.randrange(10**9):09d}00"
    name = _written(random, writer.name, odds)
    if random.random() < 0.3:
        family, _, given = name.partition(" ")
        name = f"{given} {family}" if random.random() < 0.7 else f"{family} {given[:1]}."
    return PartyMention(name, number, role=role)


def _registration(random: Random, identity: int, society: str, true: TrueWork, odds: Level) -> WorkRecord:
    titles = [_written(random, true.title, odds)]
    if random.random() < odds.alternative:
        titles.append(_written(random, true.other_title, odds))
        if random.random() < 0.3:
            titles.reverse()
    writers = [
        item for item in true.writers if len(true.writers) == 1 or random.random() > odds.writer_missing
    ]
    writers = writers or [true.writers[0]]
    parties = [_mention(random, item, odds, "CA") for item in writers]
    if random.random() < odds.writer_exchanged:
        parties[0] = PartyMention(f"{random.choice(FAMILY)} {random.choice(GIVEN)}", role="CA")
    code = "" if random.random() < odds.no_iswc else true.iswc
    if code and random.random() < odds.wrong_iswc:
        code = f"T8{random.randrange(10**8):08d}0"
    parties.append(PartyMention("STEPPE SONGS PUBLISHING", role="E"))
    named = (_written(random, true.performer, odds),) if random.random() < odds.performer_named else ()
    return WorkRecord(
        identity,
        society,
        (f"{society}:{identity}",),
        (code,) if code else (),
        tuple(titles),
        tuple(parties),
        named,
    )


def _recording(
    random: Random, identity: int, label: str, true: TrueWork, odds: Level
) -> tuple[RecordingRecord, tuple[WorkHint, ...]]:
    version = random.choice(("", "", "", " (Live)", " (Remix)", " [Remastered 2019]", " (feat. Дос)"))
    other = f"{random.choice(GIVEN)} {random.choice(FAMILY)}"
    artist = other if random.random() < COVER else true.performer
    record = RecordingRecord(
        identity, label, (f"{label}:{identity}",), (), (_written(random, true.title, odds) + version,),
        artists=(_written(random, artist, odds),), duration=random.randint(120, 320),
    )  # fmt: skip
    coded, named = random.random() < odds.hint_coded, random.random() < odds.hint_named
    if not coded and not named:
        return record, ()
    writers = tuple(_mention(random, item, odds, "C") for item in true.writers) if named else ()
    return record, (WorkHint(true.iswc if coded else "", "", _written(random, true.title, odds), writers),)
