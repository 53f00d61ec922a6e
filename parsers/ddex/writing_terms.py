"""The elements in which a written message states territories, rights, uses, periods, numbers and titles."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from xml.sax.saxutils import escape, quoteattr

from parsers.ddex.mandates import SOCIETY
from parsers.ddex.rights import ONLINE
from schemas import territories
from schemas.ddex.elements import table
from schemas.ddex.spellings import ddex_title_kind
from schemas.declarations import CollectionShare, PartyName, WorkDeclaration
from schemas.identifiers import dpid, ipi_name, isni
from schemas.rights import ALL, ddex_right, ddex_use

VERSION = "mwn13"
TIS = ' IdentifierType="TIS"'
_UNWRITABLE = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_SOCIETY = re.compile(r"[0-9]{1,4}")
_LANGUAGE = re.compile(r"[A-Za-z]{2}")


class Unsayable(Exception):
    """MWN has no words for something; carries the rule, the field and the value."""

    def __init__(self, code: str, name: str, value: str) -> None:
        super().__init__(code)
        self.code, self.name, self.value = code, name, value


def reach_of(group: CollectionShare, right: str, on: dt.date) -> tuple[str, str, str]:
    """Elements of territories, of the right with its uses, and of the period.

    Raises:
        Unsayable: MWN has no words for one of them.
    """
    spelled = right_of(right)
    uses = tuple(use for use in group.uses if use != ALL)
    limits = {ONLINE: "ExcludesOfflineUses", f"-{ONLINE}": "ExcludesOnlineUses"}
    mark = limits.get(uses[0]) if len(uses) == 1 else None
    if mark:
        stated = f'<RightsType {mark}="true">{spelled}</RightsType>'
    else:
        excluded = [use for use in uses if use.startswith("-")]
        if excluded and len(excluded) != len(uses):
            raise Unsayable("ddex.write_use", "uses", "|".join(uses))
        name = "ExcludedUseType" if excluded else "UseType"
        named_uses = "".join(element(name, _use(use.lstrip("-"))) for use in uses)
        stated = element("RightsType", spelled) + named_uses
    return (
        territories_of(group.territories, on),
        stated,
        period_of("ValidityPeriod", group.valid_from, group.valid_to),
    )


def territories_of(expression: tuple[str, ...], on: dt.date) -> str:
    """Elements of a territory expression.

    Raises:
        Unsayable: a code of it is none, or nothing is left of it.
    """
    codes = [(item.startswith("-"), territories.canonical(item.removeprefix("-"))) for item in expression]
    if any(not code for _, code in codes):
        raise Unsayable("ddex.write_territory", "territories", "|".join(expression))
    if codes != sorted(codes, key=lambda item: item[0]):
        # What is included after an exclusion has no words but the list of the countries that are left.
        codes = [(False, code) for code in sorted(territories.evaluate(expression, on))]
        if not codes:
            raise Unsayable("ddex.write_territory", "territories", "|".join(expression))
    included = [code or "" for excluded, code in codes if not excluded]
    excluded_codes = [code or "" for excluded, code in codes if excluded]
    if territories.WORLD in included:
        included = []
    if not included and not excluded_codes:
        return element("TerritoryCode", "Worldwide")
    return "".join(
        f"<{name}{TIS if code.isdecimal() else ''}>{code}</{name}>"
        for name, listed in (("TerritoryCode", included), ("ExcludedTerritoryCode", excluded_codes))
        for code in listed
    )


def period_of(name: str, valid_from: str, valid_to: str) -> str:
    """A half-open period as an element; DDEX includes the last day. Nothing where it has no bounds."""
    if not valid_from and not valid_to:
        return ""
    last = ""
    if valid_to:
        last = (dt.date.fromisoformat(valid_to) - dt.timedelta(days=1)).isoformat()
    return f"<{name}>{optional('StartDate', valid_from)}{optional('EndDate', last)}</{name}>"


@cache
def right_of(right: str) -> str:
    """The type of a right as MWN spells it.

    Raises:
        Unsayable: MWN does not have it.
    """
    spelled = ddex_right(right)
    if spelled not in table(VERSION).allowed["RightsType"]:
        raise Unsayable("ddex.write_right", "right", right)
    return spelled


@cache
def _use(use: str) -> str:
    spelled = ddex_use(use)
    if spelled not in table(VERSION).allowed["UseType"]:
        raise Unsayable("ddex.write_use", "uses", use)
    return spelled


def numbers_of(party: PartyName) -> str:
    """The numbers of a party that are right, in the order of the schema."""
    numbers = (
        ("ISNI", party.isni, isni.is_valid), ("DPID", party.dpid, dpid.is_valid),
        ("IpiNameNumber", party.ipi_name.zfill(11) if party.ipi_name else "", ipi_name.is_valid),
        ("IPN", party.ipn, bool),
    )  # fmt: skip
    return "".join(element(name, number) for name, number, right in numbers if number and right(number))


def society_number(code: str) -> str:
    """The number by which DDEX knows a society: its DPID, or its CISAC code."""
    if dpid.is_valid(code):
        return element("DPID", code)
    return element(SOCIETY, code) if _SOCIETY.fullmatch(code) else ""


def titles_of(work: WorkDeclaration) -> str:
    """The titles of a work, the original one first."""
    titles = [f'<Title TitleType="OriginalTitle">{element("TitleText", work.title)}</Title>']
    for title in work.titles:
        text, kind = element("TitleText", title.text), ddex_title_kind(title.kind)
        titles.append(f'<Title{_language(title.language)} TitleType="{kind}">{text}</Title>')
    return "".join(titles)


def language_of(work: WorkDeclaration) -> str:
    """The language of the lyrics where it is given by two letters, as CWR and DDEX have it."""
    return element("LanguageOfLyrics", work.language.lower()) if _LANGUAGE.fullmatch(work.language) else ""


def proprietary(namespace: str, value: str) -> str:
    """A number that somebody has given for himself."""
    return named("ProprietaryId", namespace, value)


def named(name: str, namespace: str, value: str) -> str:
    """An element with the namespace of its value, nothing for an empty one."""
    return f"<{name} Namespace={quoteattr(plain(namespace))}>{escape(plain(value))}</{name}>" if value else ""


def names_of(party: PartyName, reference: str) -> str:
    """Every form of a party's name with its language, the reference where it has no name."""
    forms = {party.full_name or reference: ""}
    for item in party.other_names:
        forms.setdefault(f"{item.name} {item.given}".strip(), item.language)
    return "".join(
        f"<PartyName{_language(language)}>{element('FullName', name)}</PartyName>"
        for name, language in forms.items()
    )


def _language(code: str) -> str:
    return f" LanguageAndScriptCode={quoteattr(plain(code))}" if code else ""


def element(name: str, value: str) -> str:
    """An element with a text."""
    return f"<{name}>{escape(plain(value))}</{name}>"


def optional(name: str, value: str) -> str:
    """An element with a text, nothing for an empty one."""
    return element(name, value) if value else ""


def plain(value: str) -> str:
    """A value without the characters that XML cannot hold."""
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", value)
