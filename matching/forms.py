"""Records prepared for comparison: every text folded once per record, not once per pair."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from matching.normalize.names import is_placeholder, name_key
from matching.normalize.scripts import fold
from matching.normalize.titles import BLOCKING, TitleForms, title_forms, version_codes
from matching.records import PartyMention, RecordingRecord, WorkRecord
from schemas.roles import of_kind

PUBLISHER_ROLES = of_kind("publisher") | of_kind("participant")
"""CWR publisher types; a publisher has many works of one title, so it is no evidence about a work."""
MOST_PARTIES = 40
"""Parties compared per record; beyond it, a list of names is an orchestra and proves nothing more."""


@dataclass(frozen=True, slots=True)
class PartyForm:
    """A party with its name key, its folded name without spaces and its numbers without signs."""

    name: str
    key: str
    glued: str
    ipi_name: str = ""
    ipi_base: str = ""

    @property
    def order(self) -> tuple[str, str, str]:
        """What parties are sorted by and told apart by."""
        return self.key, self.ipi_name, self.ipi_base


@dataclass(frozen=True, slots=True)
class WorkForms:
    """A work record with its titles taken apart; ``writers`` are its creators, placeholders left out.

    ``codes`` and ``names`` show the identifiers and the writers in one line each.
    """

    record: WorkRecord
    titles: tuple[TitleForms, ...]
    writers: tuple[PartyForm, ...]
    societies: frozenset[str]
    codes: str
    names: str
    performers: tuple[PartyForm, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordingForms:
    """A recording record with its titles taken apart.

    ``version`` holds the codes that make another recording, ``version_text`` the folded words behind
    them; ``artists`` include those a title features, ``codes`` and ``names`` are lines to show.
    """

    record: RecordingRecord
    titles: tuple[TitleForms, ...]
    version: frozenset[str]
    version_text: str
    artists: tuple[PartyForm, ...]
    label: str
    release: str
    societies: frozenset[str]
    codes: str
    names: str


def party_form(party: PartyMention) -> PartyForm:
    """A party mention prepared.

    >>> party_form(PartyMention("Абай Құнанбайұлы", "00000000109", "I-000000229-7")).ipi_base
    'I0000002297'
    """
    placeholder = is_placeholder(party.name)
    return PartyForm(
        party.name,
        "" if placeholder else name_key(party.name),
        "" if placeholder else fold(party.name).replace(" ", ""),
        party.ipi_name.strip().lstrip("0"),
        "".join(char for char in party.ipi_base.upper() if char.isalnum()),
    )


def work_forms(record: WorkRecord) -> WorkForms:
    """A work prepared: titles each once, writers without publishers and placeholders."""
    writers = (party_form(party) for party in record.parties if party.role not in PUBLISHER_ROLES)
    known = _known(writers)
    return WorkForms(
        record=record,
        titles=_titles(record.titles),
        writers=known,
        societies=_societies(record.refs),
        codes=" ".join(record.iswcs),
        names=_line(known),
        performers=_known(party_form(PartyMention(name)) for name in record.performers),
    )


def recording_forms(record: RecordingRecord) -> RecordingForms:
    """A recording prepared; version words count wherever they stand, in the title or beside it."""
    titles = _titles(record.titles)
    codes = {code for forms in titles[:1] for code in forms.version} | set(version_codes(record.version))
    texts = [forms.version_text for forms in titles[:1]] + [fold(record.version)]
    guests = (name for forms in titles for name in forms.featuring)
    artists = _known(party_form(PartyMention(name)) for name in (*record.artists, *guests))
    return RecordingForms(
        record=record,
        titles=titles,
        version=frozenset(codes & BLOCKING),
        version_text=" ".join(dict.fromkeys(text for text in texts if text)),
        artists=artists,
        label="" if is_placeholder(record.label) else fold(record.label),
        release="" if is_placeholder(record.release) else fold(record.release),
        societies=_societies(record.refs),
        codes=" ".join(record.isrcs),
        names=_line(artists),
    )


def _titles(titles: tuple[str, ...]) -> tuple[TitleForms, ...]:
    forms = (title_forms(title) for title in titles)
    return tuple({item.full: item for item in forms if item.full}.values())


def _known(parties: Iterable[PartyForm]) -> tuple[PartyForm, ...]:
    """Parties that can be compared, each once, as declared: the main artist stays the first."""
    distinct: dict[tuple[str, str, str], PartyForm] = {}
    for party in parties:
        if any(party.order):
            distinct.setdefault(party.order, party)
    return tuple(distinct.values())[:MOST_PARTIES]


def _societies(refs: tuple[str, ...]) -> frozenset[str]:
    return frozenset(ref.partition(":")[0] for ref in refs)


def _line(parties: tuple[PartyForm, ...]) -> str:
    return "; ".join(party.name for party in parties)
