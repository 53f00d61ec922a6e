"""Recordings that several sources know, made up from a seed: albums of sibling tracks, typos and gaps."""

from dataclasses import replace
from random import Random

from matching.records import RecordingRecord

SYLLABLES = (
    "ал", "бай", "кен", "дос", "жаз", "тау", "сар", "гүл", "нұр", "мей", "шол", "тан", "қыз", "ару", "бек",
    "сән", "ай", "көл", "дала", "жел", "от", "ел", "ән", "күй",
)  # fmt: skip


def name(random, words):
    return " ".join("".join(random.choices(SYLLABLES, k=random.randint(2, 3))) for _ in range(words)).title()


def misspelt(random, text):
    if len(text) < 4 or random.random() > 0.15:
        return text
    at = random.randrange(1, len(text) - 2)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def invented(albums=40, sources=4, seed=1):
    """Records of every source and the true recording of each id; a source has a recording at most once."""
    random = Random(seed)
    records, truth = [], {}
    for album in range(albums):
        artist, release, year = (
            name(random, 2),
            name(random, random.randint(1, 3)),
            random.randint(1960, 2020),
        )
        for track in range(1, random.randint(3, 9)):
            title, duration = name(random, random.randint(1, 3)), random.randint(90, 400)
            for source in random.sample(range(sources), random.randint(1, sources)):
                number = len(records) + 1
                record = RecordingRecord(
                    number,
                    str(source),
                    titles=(misspelt(random, title),),
                    artists=(misspelt(random, artist),),
                    duration=duration,
                    year=year,
                    release=misspelt(random, release),
                    number=str(track),
                )
                gap = random.random()
                if gap < 0.1:
                    record = replace(record, duration=0)
                elif gap < 0.2:
                    record = replace(record, release="")
                elif gap < 0.3:
                    record = replace(record, year=0)
                records.append(record)
                truth[number] = f"{album}/{track}"
    return records, truth
