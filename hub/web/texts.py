"""Texts of the pages: English in the templates, Kazakh and Russian in gettext catalogues beside them.

Catalogues are compiled in memory when they are first needed: what is in git is what people can read.
"""

from __future__ import annotations

import datetime as dt
import gettext
import io
import unicodedata
from decimal import Decimal
from functools import cache
from importlib.resources import files

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from hub.db import times
from schemas import territories

LANGUAGES = ("en", "kk", "ru")
NAMES = {"en": "English", "kk": "Қазақша", "ru": "Русский"}


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The texts of a language; English needs none."""
    if language == "en":
        return gettext.NullTranslations()
    source = files("hub.web").joinpath("locale", f"{language}.po").read_bytes()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(source), locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def preferred(header: str) -> str:
    """The language of an ``Accept-Language`` header that the pages have.

    >>> preferred("kk-KZ,ru;q=0.8"), preferred("de,ru;q=0.8,en;q=0.9"), preferred("")
    ('kk', 'en', 'en')
    """
    wanted: list[tuple[float, str]] = []
    for part in header.split(",")[:20]:
        name, _, weight = part.partition(";q=")
        try:
            wanted.append((-float(weight or 1), name.strip().lower()[:2]))
        except ValueError:
            continue
    return next((name for _, name in sorted(wanted, key=lambda item: item[0]) if name in LANGUAGES), "en")


@cache
def _locale(language: str) -> Locale:
    # English as most of the world writes days: the day before the month.
    return Locale.parse("en_GB" if language == "en" else language)


@cache
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """The countries there are today, by code with their names, in the order of the language's alphabet."""
    names = _locale(language).territories
    today = territories.evaluate((territories.WORLD,), dt.datetime.now(dt.UTC).date())
    named = [(code, names.get(code) or territories.table()[code].name) for code in today]
    return tuple(sorted(named, key=lambda item: alphabetical(item[1], language)))


ALPHABETS = {
    "kk": "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
}


def alphabetical(text: str, language: str) -> tuple[int, ...]:
    """A sort key by the alphabet of a language; letters of others follow by their code.

    >>> sorted(["Өскемен", "Орал", "Қостанай", "Көкшетау"], key=lambda name: alphabetical(name, "kk"))
    ['Көкшетау', 'Қостанай', 'Орал', 'Өскемен']
    """
    letters = ALPHABETS.get(language, "")
    places = {letter: place for place, letter in enumerate(letters)}
    folded = unicodedata.normalize("NFC", text.casefold()) if letters else _plain(text)
    return tuple(places.get(letter, ord(letter) + len(letters)) for letter in folded)


def _plain(text: str) -> str:
    """Without accents: Åland stands with A."""
    return "".join(
        letter
        for letter in unicodedata.normalize("NFD", text.casefold())
        if not unicodedata.combining(letter)
    )


def number(value: int | str, language: str) -> str:
    """A whole number or a decimal text as people write it."""
    found = Decimal(value)
    exponent = found.as_tuple().exponent
    digits = -exponent if isinstance(exponent, int) else 0
    pattern = "#,##0" + ("." + "0" * digits if digits > 0 else "")
    return format_decimal(found, pattern, locale=_locale(language))


def date(value: str | dt.date, language: str) -> str:
    """An ISO day as people write it; an empty text stays empty."""
    if not value:
        return ""
    day = dt.date.fromisoformat(value) if isinstance(value, str) else value
    return format_date(day, "medium", locale=_locale(language))


def period(first: str, last: str, language: str) -> str:
    """Two ISO days as people write a period, an open end as three dots; empty where both are open.

    >>> period("2026-07-01", "", "en"), period("", "", "ru")
    ('1 Jul 2026 – …', '')
    """
    return f"{date(first, language) or '…'} – {date(last, language) or '…'}" if first or last else ""


@cache
def days(language: str) -> str:
    """How a day of each month is written, with ``D`` and ``Y`` for day and year, for the script.

    Browsers do not know every language that the pages have.

    >>> days("kk").split("|")[10], days("en").split("|")[0]
    ('Y\u202fж. D қар.', 'D Jan Y')
    """
    written = (date(dt.date(2033, month, 22), language) for month in range(1, 13))
    return "|".join(text.replace("2033", "Y").replace("22", "D") for text in written)


def moment(value: str, language: str) -> str:
    """An ISO instant as people write it, in UTC; an empty text stays empty."""
    if not value:
        return ""
    return format_datetime(times.moment(times.parse(value)), "medium", locale=_locale(language)) + " UTC"
