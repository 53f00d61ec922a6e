"""Schemas made ready for lxml from files at hand: imports are found among them, and nothing is fetched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from parsers.ddex.schema_checking import parser_of

if TYPE_CHECKING:
    from lxml.etree._docloader import _InputDocument


class NoSchema(Exception):
    """There is no schema for this namespace, or one that cannot be used; says why."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A schema for lxml, and its files by base name; ``main`` is the one that imports the others."""

    schema: etree.XMLSchema
    main: str
    files: Mapping[str, bytes]


def compiled_from(namespace: str, main: str, found: Mapping[str, bytes]) -> Compiled:
    """The schema in the file ``main``, whose imports are among the files ``found``.

    Raises:
        NoSchema: it cannot be used.
    """
    parser = parser_of()
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
