"""What lxml has rejected in the words of xmlschema: XPaths and sentences, at fifty times the cost."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import xmlschema
from lxml import etree

from parsers.ddex.schema_checking import MAX_ERRORS, Fault, parser_of
from parsers.ddex.schema_compiling import Compiled
from parsers.reading import FILE

READABLE_SIZE = 2 << 20
"""Up to this size the errors are worked out in words."""


def readable(compiled: Compiled, message: bytes) -> list[Fault]:
    """The faults of a message, up to the limit; nothing where it is too large or the schema fails here."""
    if not message or len(message) > READABLE_SIZE:
        return []
    return list(_faults(compiled, message))


def _faults(compiled: Compiled, message: bytes) -> Iterator[Fault]:
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
            faults = schema.iter_errors(etree.fromstring(message, parser_of(recover=True)))
            for number, fault in enumerate(faults):
                if number >= MAX_ERRORS:
                    return
                yield Fault(str(fault.path or FILE), _words(fault))
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
