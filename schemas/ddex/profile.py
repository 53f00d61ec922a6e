"""Our own schemas of DDEX messages, made from the tables of what the hub reads.

``profile.csv`` has a row for each element that must hold something: ``begins`` are the children that stand
first in it, ``needs`` those that stand in it exactly once (one of several with ``|``; those of a child as
``child/first+second``), ``never`` those that belong to another version, ``values`` the values of an
attribute. The kinds of values come from the fields of the element tables. Whatever no table names may stand
anywhere and hold anything.

DDEX's own schemas say what a message may hold; these say what the hub needs of one. They are no extract of
them and cannot be used to write messages. ``python -m schemas.ddex.profile`` writes them to ``xsd``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from schemas.ddex.elements import Plan, table
from schemas.table_files import rows

NAMES: Mapping[str, str] = {
    "38": "ern-3.8",
    "41": "ern-4.1",
    "43": "ern-4.3",
    "432": "ern-4.3.2",
    "mwn11": "mwn-1.1",
    "mwn13": "mwn-1.3",
    "rdr131": "rdr-n-1.3.1",
    "rdr14": "rdr-n-1.4",
    "rdr15": "rdr-n-1.5",
}
"""The schema of each group of versions that is read alike."""
KINDS: Mapping[str, str] = {
    "created": "Day",
    "controller_unknown": "Flag",
    "disputed": "Flag",
    "duration": "Duration",
    "end": "Day",
    "incorrect": "Flag",
    "isrc": "Text",
    "iswc": "Text",
    "not_claimed": "Flag",
    "portion": "Percent",
    "share": "Percent",
    "start": "Day",
    "unknown": "Flag",
    "use": "Text",
}
"""By field of the element tables, what its element holds; fields that are not here may hold anything."""
ALWAYS: Mapping[str, str] = {"MessageId": "Text", "MessageCreatedDateTime": "Instant"}
"""Elements that the hub reads in every message without a table."""
XSD = "http://www.w3.org/2001/XMLSchema"
VALUES: Mapping[str, str] = {
    "Text": '<xs:restriction base="xs:string"/>',
    "Day": '<xs:union memberTypes="xs:date xs:gYearMonth xs:gYear xs:dateTime"/>',
    "Instant": '<xs:restriction base="xs:dateTime"/>',
    "Duration": '<xs:restriction base="xs:duration"/>',
    "Flag": '<xs:restriction base="xs:boolean"/>',
    "Percent": '<xs:restriction base="xs:decimal"/>',
}
"""What an element may hold, by kind; its attributes are free."""
OPEN = (
    '<xs:sequence minOccurs="0" maxOccurs="unbounded">'
    '<xs:any namespace="##any" processContents="lax"/></xs:sequence>'
)
"""Anything, any number of times. With the numbers at the wildcard libxml2 keeps 46 bytes for each child."""


def schema(group: str) -> str:
    """The schema of a group of versions, without a namespace; its type ``Message`` is that of the roots."""
    needing = [row for row in rows("schemas.ddex", "profile.csv") if group in row["table"].split("|")]
    kinds = _kinds(group)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<!-- What the hub needs of {NAMES[group]} messages, made from the tables in schemas/ddex. -->",
        f'<xs:schema xmlns:xs="{XSD}" elementFormDefault="unqualified">',
        *_values(),
    ]
    named = {row["element"] for row in needing}
    for row in needing:
        needed = (
            child for need in row["needs"].split() for child in re.split("[|+]", need.rpartition("/")[2])
        )
        for child in (*row["begins"].split(), *needed):
            kinds.setdefault(child, "Text")
        lines += _type(row) if row["element"] == "Message" else _element(row)
    lines += [f'  <xs:element name="{name}" type="{kinds[name]}"/>' for name in sorted(kinds.keys() - named)]
    return "\n".join([*lines, "</xs:schema>", ""])


def _kinds(group: str) -> dict[str, str]:
    """What each element holds that a field of a known kind stands for; text where two fields differ."""
    found = dict(ALWAYS)
    for part, plan in table(group).plans.items():
        # A notice holds whole shares, and not what a share is.
        for name, kind in _of_plan(plan) if part != "notice" else ():
            found[name] = kind if found.get(name, kind) == kind else "Text"
    return found


def _of_plan(plan: Plan) -> Iterator[tuple[str, str]]:
    for name, step in plan.items():
        if step.leaf and step.field in KINDS:
            yield name, KINDS[step.field]
        yield from _of_plan(step.below)


def _values() -> Iterator[str]:
    for kind, definition in VALUES.items():
        yield f'  <xs:simpleType name="{kind}Value">{definition}</xs:simpleType>'
        yield f'  <xs:complexType name="{kind}"><xs:simpleContent><xs:extension base="{kind}Value">'
        yield '    <xs:anyAttribute processContents="skip"/>'
        yield "  </xs:extension></xs:simpleContent></xs:complexType>"


def _type(row: Mapping[str, str], name: str = ' name="Message"') -> Iterator[str]:
    yield f'  <xs:complexType{name} mixed="true">'
    yield "    <xs:sequence>"
    for child in row["begins"].split():
        yield f'      <xs:element ref="{child}"/>'
    yield f"      {OPEN}"
    yield "    </xs:sequence>"
    if row["values"]:
        attribute, _, values = row["values"].partition("=")
        yield f'    <xs:attribute name="{attribute}"><xs:simpleType><xs:restriction base="xs:string">'
        yield from (f'      <xs:enumeration value="{value}"/>' for value in values.split("|"))
        yield "    </xs:restriction></xs:simpleType></xs:attribute>"
    yield '    <xs:anyAttribute processContents="skip"/>'
    yield "  </xs:complexType>"


def _element(row: Mapping[str, str]) -> Iterator[str]:
    """The element with a key for each child that it needs, and one that no child of another version has."""
    name = row["element"]
    yield f'  <xs:element name="{name}">'
    yield from (f"  {line}" for line in _type(row, ""))
    for needed in row["needs"].split():
        child, _, fields = needed.rpartition("/")
        label = fields.replace("|", ".or.").replace("+", ".and.")
        yield f'    <xs:key name="{child or name}.needs.{label}">'
        yield f'      <xs:selector xpath="{child or "."}"/>'
        yield from (f'      <xs:field xpath="{field}"/>' for field in fields.split("+"))
        yield "    </xs:key>"
    for other in row["never"].split():
        yield f'    <xs:key name="{name}.never.{other}">'
        yield f'      <xs:selector xpath="{other}"/><xs:field xpath="@of-another-version"/>'
        yield "    </xs:key>"
    yield "  </xs:element>"


def write(folder: Path) -> None:
    """Write every schema into a folder."""
    for group, name in NAMES.items():
        (folder / f"{name}.xsd").write_text(schema(group), encoding="utf-8")


if __name__ == "__main__":
    write(Path(__file__).with_name("xsd"))
