"""Validation against DDEX's official schemas, where an operator has them in a folder.

The schemas are not shipped: whoever implements DDEX takes DDEX's own licence. A message is validated with
lxml straight from its stream, and only what it rejects is looked at again with xmlschema, whose errors say
where and what in words. Imports are resolved by base name inside the folder; nothing else is ever opened and
nothing is fetched.
"""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from parsers.ddex.schema_checking import Checked, Opener, check, check_syntax
from parsers.ddex.schema_compiling import Compiled, NoSchema, compiled_from
from parsers.ddex.schema_wording import readable
from parsers.reading import FILE
from parsers.xml_stream import Document, Refused
from schemas.findings import Finding, quote

MAX_SCHEMAS = 1000
MAX_SCHEMA_SIZE = 64 << 20
_TARGET = re.compile(rb"""targetNamespace\s*=\s*["']([^"']+)["']""")
_IMPORT = re.compile(rb"""schemaLocation\s*=\s*["']([^"']+)["']""")


SIGNATURES = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
  targetNamespace="http://www.w3.org/2000/09/xmldsig#">
  <xs:complexType name="SignedInfoType"><xs:sequence>
    <xs:any processContents="skip" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
  <xs:complexType name="SignatureValueType"><xs:simpleContent>
    <xs:extension base="xs:base64Binary"/></xs:simpleContent></xs:complexType>
  <xs:complexType name="X509IssuerSerialType"><xs:sequence>
    <xs:any processContents="skip" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
</xs:schema>"""
"""Types of XML signatures that DDEX's schemas import from elsewhere, as loose as messages need them."""
STANDINS: Mapping[str, bytes] = {"xmldsig-core-schema.xsd": SIGNATURES}
"""What is used for an import that the folder does not have."""


class OfficialSchemas:
    """The schemas of a folder, plain or gzipped, each compiled when a message first needs it.

    ``code`` is that of findings on faults; with ``most_tags`` only so much of a message is compared, and
    ``skipped`` is the code of the finding that says so.
    """

    code = "ddex.schema"
    skipped = ""
    most_tags = 0

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._compiled: dict[str, Compiled] = {}

    @cached_property
    def paths(self) -> tuple[Path, ...]:
        """The schema files of the folder."""
        found = sorted((*self._folder.rglob("*.xsd"), *self._folder.rglob("*.xsd.gz")))[:MAX_SCHEMAS]
        # A link may point out of the folder; what it points at is then none of ours.
        return tuple(path for path in found if path.resolve().is_relative_to(self._folder))

    @cached_property
    def _targets(self) -> Mapping[str, Path]:
        """The schema file of each namespace; the first one where several declare it."""
        found: dict[str, Path] = {}
        for path in self.paths:
            match = _TARGET.search(_content(path))
            if match is not None:
                found.setdefault(match[1].decode("utf-8", "replace"), path)
        return found

    @property
    def namespaces(self) -> tuple[str, ...]:
        """The namespaces that messages can be validated in."""
        return tuple(self._targets)

    def validate(self, message: bytes) -> Iterator[Finding]:
        """What the schema has against a message at hand; see ``validate_stream``."""
        return self.validate_stream(lambda: io.BytesIO(message))

    def validate_stream(self, opened: Opener) -> Iterator[Finding]:
        """What the schema has against a message of any size; nothing when it is valid.

        A message that is not well-formed, or for which there is no schema, gives one finding that says so.
        """
        try:
            namespace = _namespace(opened())
            try:
                compiled = self._compile(namespace)
            except NoSchema as fault:
                # What is not well-formed is told as that, whatever it seems to be.
                check_syntax(opened)
                yield Finding("ddex.schema_missing", FILE, value=quote(str(fault)))
                return
            checked = check(compiled.schema, opened, most_tags=self.most_tags)
        except etree.LxmlError as fault:
            yield Finding("xml.malformed", FILE, detail=quote(str(fault)))
            return
        yield from self._told(compiled, checked)
        if checked.ended:
            yield Finding(self.skipped, f"line:{checked.ended}", detail=str(self.most_tags))

    def _told(self, compiled: Compiled, checked: Checked) -> Iterator[Finding]:
        """What lxml rejects as findings, in the words of xmlschema where that takes no minutes."""
        if checked.faults:
            for fault in readable(compiled, checked.beginning) or checked.faults:
                yield Finding(self.code, fault.place, detail=quote(fault.reason))

    def _compile(self, namespace: str) -> Compiled:
        if namespace not in self._compiled:
            path = self._targets.get(namespace)
            if path is None:
                raise NoSchema(namespace)
            found = dict(self._closure(path))
            self._compiled[namespace] = compiled_from(namespace, _name(path), found)
        return self._compiled[namespace]

    def _closure(self, path: Path) -> Iterator[tuple[str, bytes]]:
        """A schema and all that it imports, by base name: beside it first, then anywhere in the folder."""
        waiting, seen = [path], set()
        while waiting:
            current = waiting.pop()
            content = _content(current)
            yield _name(current), content
            seen.add(_name(current))
            for location in _IMPORT.findall(content):
                name = location.decode("utf-8", "replace").rpartition("/")[2]
                if name not in seen:
                    seen.add(name)
                    found = self._named(name, beside=path.parent)
                    waiting += found
                    if not found and name in STANDINS:
                        yield name, STANDINS[name]

    def _named(self, name: str, *, beside: Path) -> list[Path]:
        found = [path for path in self.paths if _name(path) == name]
        # The latest by the number of its folder: allowed values of a version hold the earlier ones', mostly.
        found.sort(key=lambda path: (path.parent == beside, _version(path.parent.name), str(path)))
        return found[-1:]


def _namespace(stream: BinaryIO) -> str:
    """The namespace of the root.

    Raises:
        etree.LxmlError: there is none, or a DOCTYPE before it.
    """
    try:
        return Document(stream, ()).root().namespace
    except Refused as refused:
        raise etree.LxmlError(refused.finding.text()) from None


def _name(path: Path) -> str:
    return path.name.removesuffix(".gz")


def _version(name: str) -> tuple[int, ...]:
    """A folder's name as a version; nothing when it is none.

    >>> _version("9") > _version("1.3") > _version("lists")
    True
    """
    parts = name.split(".")
    return tuple(int(part) for part in parts) if all(part.isdecimal() for part in parts) else ()


def _content(path: Path) -> bytes:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
        return stream.read(MAX_SCHEMA_SIZE)
