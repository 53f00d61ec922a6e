"""Validation against our own schemas: the structure of what the hub reads, for every hub.

``schemas/ddex/xsd`` has one schema for each group of versions that is read alike, without a namespace; a
message's own namespace is put around it. What the hub does not read may hold anything. RDR-N 1.5 has no
public schema to compare one of ours with, so it has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from xml.sax.saxutils import quoteattr

from lxml import etree

from parsers.ddex.official import Compiled, NoSchema, OfficialSchemas, compiled_from
from schemas.ddex.versions import identify

MAX_SIZE = 16 << 20
PROFILES: Mapping[str, str] = {
    "38": "ern-3.8.xsd",
    "41": "ern-4.1.xsd",
    "43": "ern-4.3.xsd",
    "432": "ern-4.3.xsd",
    "mwn11": "mwn-1.1.xsd",
    "mwn13": "mwn-1.3.xsd",
    "rdr131": "rdr-n-1.3.1.xsd",
    "rdr14": "rdr-n-1.4.xsd",
}
"""The schema of each group of the table of versions."""
MAIN = "message.xsd"
WRAPPER = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace={namespace}
  elementFormDefault="unqualified"><xs:include schemaLocation="{name}"/></xs:schema>"""


class ProfileSchemas(OfficialSchemas):
    """Our own schemas, each compiled when a message first needs it."""

    code = "ddex.profile"
    skipped = "ddex.profile_skipped"

    def __init__(self) -> None:
        super().__init__(Path())

    @property
    def limit(self) -> int:
        """Messages of more bytes are not validated."""
        return MAX_SIZE

    def covers(self, namespace: str, root: str) -> bool:
        """Whether there is a schema for messages of this root."""
        identity = identify(namespace)
        name = PROFILES.get(identity.table, "") if identity is not None else ""
        return bool(name) and root in _roots(name)

    def _compile(self, namespace: str) -> Compiled:
        if namespace not in self._compiled:
            identity = identify(namespace)
            name = PROFILES.get(identity.table, "") if identity is not None else ""
            if not name:
                raise NoSchema(namespace)
            wrapper = WRAPPER.format(namespace=quoteattr(namespace), name=name)
            found = {MAIN: wrapper.encode(), name: _content(name)}
            self._compiled[namespace] = compiled_from(namespace, MAIN, found)
        return self._compiled[namespace]


@cache
def _content(name: str) -> bytes:
    return files("schemas.ddex").joinpath("xsd", name).read_bytes()


@cache
def _roots(name: str) -> frozenset[str]:
    """The messages that a schema describes."""
    schema = etree.fromstring(_content(name))
    return frozenset(
        str(item.get("name")) for item in schema.iterchildren("{http://www.w3.org/2001/XMLSchema}element")
    )
