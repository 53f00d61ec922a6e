"""Validation against our own schemas: what the hub needs of a message, for every hub.

``schemas/ddex/xsd`` has one schema for each group of versions that is read alike, without a namespace; the
roots of a message's namespace are put before it. What the hub does not read may hold anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from xml.sax.saxutils import quoteattr

from parsers.ddex.official import OfficialSchemas
from parsers.ddex.schema_checking import Checked
from parsers.ddex.schema_compiling import Compiled, NoSchema, compiled_from
from schemas.ddex.profile import NAMES, XSD
from schemas.ddex.versions import identify, messages_of
from schemas.findings import Finding, quote

MOST_TAGS = 3_000_000
"""So much of a message is compared, about 70 MB of ERN. What an element needs is a key in the schemas, and
libxml2 keeps every key to the end: 170 bytes for a recording, and 200 for 45 bytes of a message made for it.
"""
MAIN = "message.xsd"
WRAPPER = """<xs:schema xmlns:xs="{xsd}" targetNamespace={namespace} elementFormDefault="unqualified">
  <xs:import schemaLocation="{name}"/>{roots}</xs:schema>"""
_CONSTRAINT = re.compile(r"(?P<element>\w+)\.(?P<rule>needs|never)\.(?P<children>[\w.]+)")


class ProfileSchemas(OfficialSchemas):
    """Our own schemas, each compiled when a message first needs it."""

    code = "ddex.profile"
    skipped = "ddex.profile_skipped"
    most_tags = MOST_TAGS

    def __init__(self) -> None:
        super().__init__(Path())

    def covers(self, namespace: str, root: str) -> bool:
        """Whether there is a schema for messages of this root."""
        identity = identify(namespace)
        return identity is not None and identity.table in NAMES and root in messages_of(identity.family)

    def _told(self, compiled: Compiled, checked: Checked) -> Iterator[Finding]:
        """What lxml rejects: the names of constraints are made for being told as sentences."""
        del compiled
        for fault in checked.faults:
            # That a needed value is none is told with the value itself.
            if "No precomputed value" not in fault.reason:
                yield Finding(self.code, fault.place, detail=quote(_worded(fault.reason)))

    def _compile(self, namespace: str) -> Compiled:
        if namespace not in self._compiled:
            identity = identify(namespace)
            if identity is None or identity.table not in NAMES:
                raise NoSchema(namespace)
            name = f"{NAMES[identity.table]}.xsd"
            roots = "".join(
                f'<xs:element name="{root}" type="Message"/>' for root in messages_of(identity.family)
            )
            wrapper = WRAPPER.format(xsd=XSD, namespace=quoteattr(namespace), name=name, roots=roots)
            found = {MAIN: wrapper.encode(), name: _content(name)}
            self._compiled[namespace] = compiled_from(namespace, MAIN, found)
        return self._compiled[namespace]


@cache
def _content(name: str) -> bytes:
    return files("schemas.ddex").joinpath("xsd", name).read_bytes()


def _worded(reason: str) -> str:
    """A reason of libxml2 as a sentence; the name of a constraint says what is needed or never there."""
    found = _CONSTRAINT.search(reason)
    if found is None:
        return reason.strip()
    children = found["children"].replace(".and.", " and ").replace(".or.", ", ")
    if "Duplicate" in reason:
        return f"{found['element']} stands twice with the same {children}"
    if found["rule"] == "never":
        return f"{found['element']} has {children}, which stands elsewhere in this version"
    if ", " in children:
        return f"{found['element']} needs exactly one of {children}"
    return f"{found['element']} needs {children} exactly once"
