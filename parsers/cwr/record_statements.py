"""What one record of a registration states by itself, from the untrimmed fields that its reading picks."""

from __future__ import annotations

from dataclasses import replace

from parsers.cwr.claims import party_name
from parsers.cwr.fields import iso_date, seconds
from schemas.declarations import Performer, RecordingReference, Title
from schemas.frozen import maker

SOCIETY_DIGITS = 3
_title = maker(Title)


def other_title(text: str, kind: str, language: str) -> Title:
    """The title of an ALT or NAT record."""
    return _title(text.strip(), kind.strip(), language.strip())


def performer(
    name: str, given: str, ipi_name: str, ipi_base: str, isni: str, language: str, dialect: str
) -> Performer:
    """The performer of a PER record."""
    party = party_name(name, given, ipi_name, ipi_base)
    if isni.strip():
        party = replace(party, isni=isni.strip())
    return Performer(party, "", language.strip(), dialect.strip())


def recording(
    isrc: str, title: str, version: str, artist: str, duration: str, label: str, album_label: str, day: str
) -> tuple[RecordingReference, tuple[tuple[str, str], ...]]:
    """The recording of a REC record, and what it says besides."""
    label, album_label = label.strip(), album_label.strip()
    stated = RecordingReference(
        isrc=identifier(isrc),
        title=title.strip(),
        version=version.strip(),
        artist=artist.strip(),
        duration=max(seconds(duration.strip()), 0),
        label=label or album_label,
        released=iso_date(day.strip()),
    )
    return stated, (("REC.album_label", album_label),) if label and album_label else ()


def cross_reference(organisation: str, number: str, kind: str, validity: str) -> tuple[str, str] | None:
    """Issuer and number of an XRF record that names the work and is valid, else nothing."""
    if kind.strip() != "W" or validity.strip() != "Y":
        return None
    issuer = organisation.strip()
    # Version 3 writes the numbers of societies without leading zeros.
    numbered = issuer.isascii() and issuer.isdigit()
    return (issuer.zfill(SOCIETY_DIGITS) if numbered else issuer), number.strip()


def identifier(text: str) -> str:
    """An identifier without padding, empty if it is blank or all zeros."""
    value = text.strip()
    return value if value.strip("0") else ""
