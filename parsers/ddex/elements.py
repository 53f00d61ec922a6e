"""Small readings of elements: text, titles, parties, durations, works that are listed."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from parsers.ddex.gathering import Element, Found, one_line
from schemas.declarations import OtherName, PartyName, Title, WorkReference
from schemas.findings import Finding, quote
from schemas.identifiers import dpid, ipi_name, isni, iswc
from schemas.identifiers.errors import ValidationError

_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d+))?S)?)?", re.ASCII)
SCHEMES = {"ISNI": "isni", "DPID": "dpid", "IpiNameNumber": "ipi_name", "IPN": "ipn"}
"""Elements of a party identifier and the scheme that each stands for; others keep their own name."""


def local(element: Element) -> str:
    """The local name; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Element, name: str) -> Iterator[Element]:
    """Children of this local name."""
    return (child for child in element if local(child) == name)


def find_all(element: Element, path: str) -> Iterator[Element]:
    """Elements at a path of local names; ``.`` is the element itself."""
    if path == ".":
        yield element
        return
    first, _, rest = path.partition("/")
    for child in children(element, first):
        yield from find_all(child, rest or ".")


def text(element: Element | None) -> str:
    """The element's text on one line."""
    return one_line(element.text) if element is not None else ""


def child_text(element: Element, name: str) -> str:
    """The text of the first child of this local name that has one."""
    for child in element[:]:
        if child.tag == name or local(child) == name:
            found = one_line(child.text)
            if found:
                return found
    return ""


def first_text(element: Element | None, paths: Iterable[str]) -> str:
    """The first text that is not empty at any of these paths."""
    if element is None:
        return ""
    return next(filter(None, (text(item) for path in paths for item in find_all(element, path))), "")


def title_of(element: Element, kind: str = "OT") -> tuple[Title, str]:
    """A title composite as (title, subtitle); the title type, if any, replaces ``kind``."""
    text, subtitle = title_text(element)
    return title(element, text, kind), subtitle


def title_text(element: Element) -> tuple[str, str]:
    """The text and the subtitle of a title composite."""
    text = subtitle = ""
    for child in element[:]:
        tag = child.tag
        name = tag if tag in ("TitleText", "SubTitle") else local(child)
        if name == "TitleText":
            text = text or one_line(child.text)
        elif name == "SubTitle":
            subtitle = subtitle or one_line(child.text)
    return text, subtitle


def title(element: Element, text: str, kind: str) -> Title:
    """A title of this text with the language and the kind that its element has, else ``kind``."""
    return Title(text, element.get("TitleType", kind), element.get("LanguageAndScriptCode", ""))


@lru_cache(maxsize=8192)
def seconds(value: str) -> int | None:
    """Whole seconds of an ISO 8601 duration, half a second rounded up; None when it is none.

    >>> seconds("PT4M23.583S"), seconds("PT1H"), seconds("4:23")
    (264, 3600, None)
    """
    match = _DURATION.fullmatch(value)
    if match is None or not any(match.groups()):
        return None
    days, hours, minutes, whole = (int(part or 0) for part in match.groups()[:4])
    half = int((match[5] or "0")[0] >= "5")
    return ((days * 24 + hours) * 60 + minutes) * 60 + whole + half


def party_of(found: Found, position: str, remarks: list[Finding]) -> PartyName:
    """A party from the inline ``PartyName`` and ``PartyId`` children of a composite."""
    return party(found.all("PartyName"), found.all("PartyId"), position, remarks)


def party_in(element: Element, position: str, remarks: list[Finding]) -> PartyName:
    """The same, straight from an element."""
    names, identifiers = list(children(element, "PartyName")), list(children(element, "PartyId"))
    return party(names, identifiers, position, remarks)


def party(
    names: Sequence[Element], identifiers: Sequence[Element], position: str, remarks: list[Finding]
) -> PartyName:
    """A party from its names and identifiers, of any version.

    3.8.x marks identifiers by attributes of ``PartyId``, 4.x by elements in it. Invalid ones are kept as
    proprietary ones, with a finding.
    """
    forms = _names(names)
    first = forms[0] if forms else OtherName("")
    codes: dict[str, str] = {}
    proprietary: list[tuple[str, str]] = []
    for identifier in identifiers:
        for scheme, value in _codes(identifier):
            number = _checked(scheme, value, position, remarks)
            if number:
                codes.setdefault(scheme, number)
            else:
                proprietary.append((scheme, value))
    return PartyName(
        name=first.name or next(iter(codes.values()), "") or next((value for _, value in proprietary), ""),
        given=first.given,
        ipi_name=codes.get("ipi_name", ""),
        isni=codes.get("isni", ""),
        ipn=codes.get("ipn", ""),
        dpid=codes.get("dpid", ""),
        proprietary=tuple(dict.fromkeys(proprietary)),
        other_names=tuple(forms[1:]),
    )


def also_named(party: PartyName, other: PartyName) -> PartyName:
    """A party with the names of another mention of it that it does not have yet."""
    known = {(party.name, party.given), *((item.name, item.given) for item in party.other_names)}
    forms = (OtherName(other.name, other.given), *other.other_names)
    new = tuple(item for item in forms if item.name and (item.name, item.given) not in known)
    return dataclasses.replace(party, other_names=party.other_names + new) if new else party


def _names(names: Sequence[Element]) -> list[OtherName]:
    """Every form of a name once, each the full name where there is one, else built from its parts.

    A name in another language or script is a ``PartyName`` of its own; a transcription stands beside one.
    """
    forms: dict[tuple[str, str], OtherName] = {}
    for name in names:
        language = name.get("LanguageAndScriptCode", "")
        full = first_text(name, ("FullName", "FullNameIndexed"))
        key = "" if full else first_text(name, ("KeyName",))
        given = first_text(name, ("NamesBeforeKeyName",)) if key else ""
        if full or key:
            forms.setdefault((full or key, given), OtherName(full or key, given, language))
        plain = first_text(name, ("FullNameAsciiTranscribed",))
        if plain:
            forms.setdefault((plain, ""), OtherName(plain))
    return list(forms.values())


def _codes(identifier: Element) -> Iterator[tuple[str, str]]:
    value = text(identifier)
    if value:
        if identifier.get("IsISNI") == "true":
            yield "isni", value
        elif identifier.get("IsDPID") == "true" or value.upper().startswith("PADPIDA"):
            yield "dpid", value
        else:
            yield identifier.get("Namespace", ""), value
    for child in identifier:
        name = local(child)
        if text(child):
            yield SCHEMES.get(name, child.get("Namespace", name)), text(child)


def _checked(scheme: str, value: str, position: str, remarks: list[Finding]) -> str:
    if scheme == "ipn":
        return value
    module = {"isni": isni, "dpid": dpid, "ipi_name": ipi_name}.get(scheme)
    if module is None:
        return ""
    try:
        return str(module.validate(value))
    except ValidationError as fault:
        if scheme != "dpid":
            remarks.append(
                Finding(f"identifier.{scheme}", position, "Party", scheme, quote(value), str(fault))
            )
        return ""


def work_of(element: Element, position: str) -> tuple[str, WorkReference, list[Finding]]:
    """An entry of a message's work list: its reference, what it says of the work, and what is wrong."""
    key = first_text(element, ("MusicalWorkReference", "WorkReference", "ResourceReference"))
    code = first_text(element, ("MusicalWorkId/ISWC", "WorkId/ISWC"))
    title = first_text(element, ("ReferenceTitle/TitleText", "DisplayTitle/TitleText", "Title/TitleText"))
    remarks = []
    if code:
        try:
            iswc.validate(code)
        except ValidationError as fault:
            remarks.append(
                Finding("identifier.iswc", position, "MusicalWork", "ISWC", quote(code), str(fault))
            )
    return key, WorkReference(iswc=iswc.compact(code) if code else "", title=title), remarks
