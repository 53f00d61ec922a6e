"""What the statement of a registration takes from each of its records, by the record's form and its texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from parsers.cwr.claims import not_controlled, party_name, right_shares, territory_code
from parsers.cwr.fields import seconds
from parsers.cwr.record_readings import AS_SENT, FIELDS, TERRITORIES
from parsers.cwr.record_statements import cross_reference, identifier, other_title, performer, recording
from parsers.cwr.related_works import OTHER_TITLES, RELATIONS, related_work
from parsers.cwr.work_rules import PUBLIC_DOMAIN_IPI, PUBLIC_DOMAIN_NAMES, SOCIETY_NAMES
from schemas.declarations import OtherName, Title

SHARES_CHANGE = FIELDS["SPT"].index("shares_change")

Details = tuple[tuple[str, str], ...]


@dataclass(slots=True, eq=False)
class KnownRecord:
    """What one record says: its shape, and what the statement of the whole registration takes from it.

    ``texts`` are the names and numbers that may be the same in other records; ``kept`` says for a link
    whether it has to be kept as sent.
    """

    record: str
    shape: int
    stated: Any = None
    texts: tuple[str, ...] = ()
    own_ref: str = ""
    agreement: str = ""
    details: Details = ()
    kept: bool = False


@dataclass(slots=True, eq=False)
class Form:
    """What is the same in all records of one form; ``picked`` are its untrimmed fields that are taken."""

    shape: int
    picked: tuple[str, ...]
    leftovers: Details


Statement = Callable[[str, Form, tuple[str, ...], str], KnownRecord | None]


def _header(record: str, form: Form, picked: tuple[str, ...], _content: str) -> KnownRecord:
    title, language, ref, iswc, duration = picked
    stated = (title, language.strip(), ref, identifier(iswc), max(seconds(duration), 0))
    return KnownRecord(record, form.shape, stated, details=form.leftovers)


def _publisher(record: str, form: Form, picked: tuple[str, ...], _content: str) -> KnownRecord | None:
    own_ref, name, _, _, agreement, ipi_name, ipi_base, *_ = picked
    return _party(record, form, (own_ref, agreement), (name, "", ipi_name, ipi_base))


def _writer(record: str, form: Form, picked: tuple[str, ...], _content: str) -> KnownRecord | None:
    own_ref, name, given, _, ipi_name, ipi_base, *_ = picked
    return _party(record, form, (own_ref, ""), (name, given, ipi_name, ipi_base))


def _party(
    record: str, form: Form, numbers: tuple[str, str], named: tuple[str, str, str, str]
) -> KnownRecord | None:
    party = party_name(*named)
    if (
        party.name in PUBLIC_DOMAIN_NAMES
        or party.ipi_name == PUBLIC_DOMAIN_IPI
        or party.name.upper() in SOCIETY_NAMES
    ):
        # The only names that rules know; they are rare.
        return None
    own_ref, agreement = numbers
    texts = (own_ref, agreement, party.name, party.ipi_name)
    return KnownRecord(record, form.shape, party, texts, own_ref, agreement, _of(record, form, own_ref))


def _of(record: str, form: Form, own_ref: str = "") -> Details:
    if not form.leftovers:
        return ()
    suffix = f":{own_ref}" if own_ref else ""
    return tuple([(f"{record}.{name}{suffix}", value) for name, value in form.leftovers])


def _territory(record: str, form: Form, picked: tuple[str, ...], _content: str) -> KnownRecord | None:
    own_ref, pr, mr, sr, inclusion, territory, *_ = picked
    if picked[SHARES_CHANGE] == "Y":
        # A detail of the party, said once for all of its territories.
        return None
    stated = None
    if record == "OPT":
        stated = not_controlled(own_ref, inclusion, territory_code(territory), right_shares(pr, mr, sr))
    return KnownRecord(record, form.shape, stated, (own_ref,), own_ref, details=_of(record, form, own_ref))


def _link(record: str, form: Form, picked: tuple[str, ...], content: str) -> KnownRecord:
    texts = tuple([value.strip() for value in picked])
    details = ((record, content.rstrip()),)
    return KnownRecord(
        record, form.shape, texts=texts, agreement=texts[3], details=details, kept=bool(form.leftovers)
    )


def _title(record: str, form: Form, picked: tuple[str, ...], _content: str) -> KnownRecord:
    return KnownRecord(record, form.shape, other_title(*picked))


def _performer(record: str, form: Form, picked: tuple[str, ...], _content: str) -> KnownRecord:
    return KnownRecord(record, form.shape, performer(*picked))


def _recording(record: str, form: Form, picked: tuple[str, ...], _content: str) -> KnownRecord:
    stated, besides = recording(*picked)
    return KnownRecord(record, form.shape, stated, details=(*besides, *_of(record, form)))


def _cross_reference(record: str, form: Form, picked: tuple[str, ...], content: str) -> KnownRecord:
    stated = cross_reference(*picked)
    return KnownRecord(record, form.shape, stated, details=() if stated else ((record, content.rstrip()),))


def _other_name(record: str, form: Form, picked: tuple[str, ...], _content: str) -> KnownRecord:
    own_ref, name, given, language = (value.strip() for value in picked)
    return KnownRecord(record, form.shape, OtherName(name, given, language), (own_ref,), own_ref)


def _performer_name(record: str, form: Form, picked: tuple[str, ...], _content: str) -> KnownRecord:
    name, given, language, ipi_name, ipi_base, performed, dialect = picked
    named = OtherName(name.strip(), given.strip(), language.strip())
    stated = (party_name("", "", ipi_name, ipi_base), named, performed.strip(), dialect.strip())
    return KnownRecord(record, form.shape, stated)


def _related(record: str, form: Form, picked: tuple[str, ...], _content: str) -> KnownRecord:
    return KnownRecord(record, form.shape, related_work(record, picked), details=_of(record, form))


def _related_title(record: str, form: Form, picked: tuple[str, ...], _content: str) -> KnownRecord:
    text, language = picked
    return KnownRecord(record, form.shape, Title(text.strip(), "OT", language.strip()))


def _related_writer(record: str, form: Form, picked: tuple[str, ...], _content: str) -> KnownRecord:
    name, given, language, position = (value.strip() for value in picked)
    return KnownRecord(record, form.shape, (position, OtherName(name, given, language)))


def _details(record: str, form: Form, _picked: tuple[str, ...], _content: str) -> KnownRecord:
    return KnownRecord(record, form.shape, details=_of(record, form))


def _as_sent(record: str, form: Form, _picked: tuple[str, ...], content: str) -> KnownRecord:
    return KnownRecord(record, form.shape, details=((record, content.rstrip()),))


STATEMENTS: Mapping[str, Statement] = MappingProxyType(
    {
        **dict.fromkeys(("NWR", "REV", "WRK"), _header),
        **dict.fromkeys(("SPU", "OPU"), _publisher),
        **dict.fromkeys(("SWR", "OWR", "WRI"), _writer),
        **dict.fromkeys(TERRITORIES, _territory),
        "PWR": _link,
        **dict.fromkeys(("ALT", "NAT"), _title),
        **dict.fromkeys(("NPN", "NWN"), _other_name),
        "PER": _performer,
        "NPR": _performer_name,
        **dict.fromkeys(RELATIONS, _related),
        **dict.fromkeys(OTHER_TITLES.values(), _related_title),
        "NOW": _related_writer,
        "REC": _recording,
        "XRF": _cross_reference,
        "ORN": _details,
        **dict.fromkeys(AS_SENT, _as_sent),
    }
)
"""Records that are known here; a registration with any other is read record by record."""
