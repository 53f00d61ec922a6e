"""Validation against DDEX's official schemas, where an operator has them in a folder.

The schemas are not shipped: whoever implements DDEX takes DDEX's own licence. A message is validated with
lxml, and only what it rejects is looked at again with xmlschema, whose errors say where and what in words.
Imports are resolved by base name inside the folder; nothing else is ever opened and nothing is fetched.
"""

from __future__ import annotations

import gzip
import io
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xmlschema
from lxml import etree

from parsers.reading import FILE
from parsers.xml_stream import Document, Refused
from schemas.findings import Finding, quote

if TYPE_CHECKING:
    from lxml.etree._docloader import _InputDocument

MAX_SIZE = 64 << 20
"""Larger messages are only told about: one with faults needs a tree, about ten times the file."""
READABLE_SIZE = 2 << 20
"""Up to this size the errors are worked out in words, which takes fifty times as long as finding them."""
MAX_ERRORS = 50
CHUNK, FINE = 1 << 16, 1 << 14
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


class NoSchema(Exception):
    """The folder has no schema for this namespace, or one that cannot be used; says why."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A schema for lxml, and its files in a folder of their own for xmlschema."""

    schema: etree.XMLSchema
    main: str
    files: Mapping[str, bytes]


class OfficialSchemas:
    """The schemas of a folder, plain or gzipped, each compiled when a message first needs it.

    ``code`` is that of findings on faults, ``skipped`` on messages that are too large.
    """

    code = "ddex.schema"
    skipped = "ddex.schema_skipped"

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
    def limit(self) -> int:
        """Messages of more bytes are not validated."""
        return MAX_SIZE

    @property
    def namespaces(self) -> tuple[str, ...]:
        """The namespaces that messages can be validated in."""
        return tuple(self._targets)

    def validate(self, message: bytes) -> Iterator[Finding]:
        """What the official schema has against a message; nothing when it is valid.

        A message that is not well-formed, or for which there is no schema, gives one finding that says so.
        """
        if len(message) > self.limit:
            yield Finding(self.skipped, FILE, detail=f"{self.limit >> 20} MiB")
            return
        try:
            namespace = _namespace(message)
            try:
                compiled = self._compile(namespace)
            except NoSchema as fault:
                # What is not well-formed is told as that, whatever it seems to be.
                _tree(message)
                yield Finding("ddex.schema_missing", FILE, value=quote(str(fault)))
                return
            if _valid(compiled, message):
                return
            root = _tree(*_as_far_as_needed(compiled, message))
        except etree.LxmlError as fault:
            yield Finding("xml.malformed", FILE, detail=quote(str(fault)))
            return
        if not compiled.schema.validate(root):
            yield from self._told(compiled, message, list(compiled.schema.error_log)[:MAX_ERRORS])

    def _told(self, compiled: Compiled, message: bytes, faults: list[etree._LogEntry]) -> Iterator[Finding]:
        """What lxml rejects as findings, in the words of xmlschema where that takes no minutes."""
        readable = list(_readable(compiled, message)) if len(message) <= READABLE_SIZE else []
        for place, reason in readable or [(f"line:{entry.line}", str(entry.message)) for entry in faults]:
            yield Finding(self.code, place, detail=quote(reason))

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


def compiled_from(namespace: str, main: str, found: Mapping[str, bytes]) -> Compiled:
    """The schema in the file ``main``, whose imports are among the files ``found``.

    Raises:
        NoSchema: it cannot be used.
    """
    parser = _parser()
    parser.resolvers.add(_ByName(found))
    try:
        schema = etree.XMLSchema(etree.fromstring(found[main], parser, base_url=main))
    except etree.LxmlError as fault:
        raise NoSchema(f"{namespace}: {str(fault)[:200]}") from None
    return Compiled(schema, main, found)


class _ByName(etree.Resolver):
    """Gives imports their files by base name, and for everything else a document that is no schema."""

    def __init__(self, found: Mapping[str, bytes]) -> None:
        super().__init__()
        self._found = found

    def resolve(self, system_url: str | None, public_id: str | None, context: object) -> _InputDocument:
        """The document for a URL; never None, which would let the parser open it by itself."""
        del public_id
        # An empty answer would not do: the parser then opens a local file after all.
        content = self._found.get(str(system_url).rpartition("/")[2], b"<nothing/>")
        return self.resolve_string(content, context, base_url=str(system_url))


def _parser(**options: Any) -> Any:
    """A hardened parser; lxml's stubs know no parser with both a target and a schema."""
    make: Any = etree.XMLParser
    return make(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, **options)


class _Nothing:
    """What a parser builds that only validates: no tree."""

    def close(self) -> None:
        """End."""


def _namespace(message: bytes) -> str:
    """The namespace of the root.

    Raises:
        etree.LxmlError: there is none, or a DOCTYPE before it.
    """
    try:
        return Document(io.BytesIO(message), ()).root().namespace
    except Refused as refused:
        raise etree.LxmlError(refused.finding.text()) from None


def _valid(compiled: Compiled, message: bytes) -> bool:
    """Whether a message is valid, in one pass without a tree, which costs less than building one."""
    parser = _parser(target=_Nothing(), schema=compiled.schema)
    try:
        for start in range(0, len(message), CHUNK):
            parser.feed(message[start : start + CHUNK])
            if len(parser.feed_error_log):
                return False
        parser.close()
    except etree.LxmlError:
        return False
    return not len(parser.feed_error_log)


def _as_far_as_needed(compiled: Compiled, message: bytes) -> tuple[bytes, bool]:
    """The message, or as much of its beginning as holds all faults that are told, and whether it is cut.

    To find the place of a fault costs as much as the elements before it, so that nobody may have it found for
    a million of them.
    """
    parser = etree.XMLPullParser(
        events=("pi",), schema=compiled.schema, resolve_entities=False, no_network=True, load_dtd=False
    )
    for start in range(0, len(message), FINE):
        parser.feed(message[start : start + FINE])
        if len(parser.feed_error_log) > MAX_ERRORS:
            return message[: start + FINE], True
    return message, False


def _tree(message: bytes, cut: bool = False) -> etree._Element:
    root: etree._Element = etree.fromstring(message, _parser(recover=cut))
    docinfo = root.getroottree().docinfo
    if docinfo.doctype or docinfo.internalDTD is not None:
        raise etree.LxmlError("a DOCTYPE is refused")
    return root


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


def _readable(compiled: Compiled, message: bytes) -> Iterator[tuple[str, str]]:
    """The same faults as XPaths of elements and sentences, up to the limit."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for base, content in compiled.files.items():
            (folder / base).write_bytes(content)

        def local(uri: str) -> str:
            # What is not among the schema's files is looked for there all the same, and not found.
            return (folder / (uri.rpartition("/")[2] or "nothing")).as_uri()

        try:
            schema = xmlschema.XMLSchema(
                str(folder / compiled.main), uri_mapper=local, allow="local", defuse="remote"
            )
            faults = schema.iter_errors(etree.fromstring(message, _parser()))
            for number, fault in enumerate(faults):
                if number >= MAX_ERRORS:
                    return
                yield str(fault.path or FILE), _words(fault)
        except xmlschema.XMLSchemaException:
            # lxml has found the faults already; only their wording is lost.
            return


def _words(fault: xmlschema.XMLSchemaValidationError) -> str:
    """The reason as one line; a list of all allowed values would hide the wrong one."""
    reason = " ".join(str(fault.reason).split())
    if reason.startswith("value must be one of") and fault.elem is not None:
        return f"{str(fault.elem.text).strip()!r} is not one of the allowed values"
    value = str(fault.elem.text or "").strip() if fault.elem is not None and not len(fault.elem) else ""
    return f"{value!r}: {reason}" if value and value not in reason else reason
