"""Which party a cell means: the scheme of an identifier by its prefix or its shape."""

from __future__ import annotations

import re
from dataclasses import dataclass

from schemas.declarations import PartyName

PREFIXES = frozenset({"ipi", "ipi_name", "ipi_base", "isni", "ipn", "dpid"})
"""What may stand before a colon; ``ipi`` is either kind of IPI number."""

_SHAPES = (
    ("ipi_name", re.compile(r"[0-9]{9,11}")),
    ("ipi_base", re.compile(r"I-?[0-9]{9}-?[0-9]")),
    ("isni", re.compile(r"[0-9]{15}[0-9X]")),
    ("dpid", re.compile(r"PA-?DPIDA-?[0-9]{10}-?[0-9A-Z]")),
    ("ipn", re.compile(r"[0-9]{1,8}")),
)
_SEPARATORS = re.compile(r"[\s.]")
_ISNI_SEPARATORS = re.compile(r"[\s.\-]")
_NOTHING = re.compile(r"[0.\s\-]*")


@dataclass(frozen=True, slots=True)
class PartyIdentifier:
    """An identifier as it stands in a cell: its scheme, empty when no known one, and its text."""

    scheme: str
    text: str


def identifier_of(text: str, *, short: str = "ipn") -> PartyIdentifier:
    """The scheme and the identifier of a cell. Zeros alone, as fixed-width systems write them, are none.

    ``short`` is the scheme of up to eight digits: an IPN, or an IPI name number that lost its zeros.

    >>> identifier_of("isni:0000 0001 2281 955X").scheme, identifier_of("I-000000229-7").scheme
    ('isni', 'ipi_base')
    >>> identifier_of("label:77")
    PartyIdentifier(scheme='label', text='77')
    """
    before, colon, after = (part.strip() for part in text.partition(":"))
    value = after if colon else text.strip()
    if _NOTHING.fullmatch(value):
        return PartyIdentifier("", "")
    if colon:
        scheme = before.casefold() if before.casefold() in PREFIXES else before
        if scheme == "ipi":
            scheme = "ipi_base" if value[0] in "Ii" else "ipi_name"
        return PartyIdentifier(scheme, value)
    shape = shape_of(value)
    return PartyIdentifier(short if shape == "ipn" else shape, value)


def shape_of(text: str) -> str:
    """The scheme that identifiers of this shape belong to; empty for none, such as a society's code."""
    code = _SEPARATORS.sub("", text).upper()
    for scheme, shape in _SHAPES:
        if shape.fullmatch(_ISNI_SEPARATORS.sub("", code) if scheme == "isni" else code):
            return scheme
    return ""


def named(name: str, scheme: str, number: str) -> PartyName:
    """A party by a name and one identifier; the identifier stands for a missing name."""
    shown = name or number
    match scheme:
        case "ipi_name":
            return PartyName(shown, ipi_name=number)
        case "ipi_base":
            return PartyName(shown, ipi_base=number)
        case "isni":
            return PartyName(shown, isni=number)
        case "ipn":
            return PartyName(shown, ipn=number)
        case "dpid":
            return PartyName(shown, dpid=number)
    return PartyName(shown, proprietary=((scheme, number),) if number else ())


def identity(party: PartyName) -> str:
    """The identifier by which a party grants or holds; empty when it has none."""
    if party.proprietary:
        scheme, number = party.proprietary[0]
        return f"{scheme}:{number}" if scheme else number
    return party.ipi_name or party.ipi_base or party.isni or party.ipn or party.dpid
