"""One CWR record as a line and as values, both ways, by its layout.

``write(layout, parse(layout, line))`` is the line again, padded to the full record: that identity over all
records of a file is the proof that the table of layouts has no gap and no overlap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemas.cwr.layouts import Field, Layout, Slices

ZERO_FILLED = frozenset("NPDT")
ZERO_WHEN_EMPTY = frozenset("PDT")


def parse(layout: Layout, line: str) -> Slices:
    """The fields of ``line`` untrimmed and complete: what a short line leaves out is blank."""
    return layout.split(line.ljust(layout.size))


def values_by_name(layout: Layout, line: str) -> dict[str, str]:
    """The fields of ``line`` by name, without the padding blanks."""
    return {
        field.name: value.strip() for field, value in zip(layout.fields, parse(layout, line), strict=True)
    }


def write(layout: Layout, values: Mapping[str, str] | Sequence[str]) -> str:
    """The line for ``values``, given in the order of the layout or by field name.

    A value of the full size is taken as it is; a shorter one is padded, numbers with zeros from the left,
    text with blanks from the right. An empty date, time or share is written as zeros, and so is an empty
    number that is mandatory.

    Raises:
        ValueError: a value does not fit its field, or their number does not match the layout.
    """
    if isinstance(values, Mapping):
        unknown = values.keys() - layout.index.keys()
        if unknown:
            raise ValueError(f"{layout.record} has no field {', '.join(sorted(unknown))}")
        named = {"record_type": layout.record, **values}
        return "".join(_written(field, named.get(field.name, "")) for field in layout.fields)
    return "".join(_written(field, value) for field, value in zip(layout.fields, values, strict=True))


def _written(field: Field, value: str) -> str:
    if len(value) == field.size:
        return value
    if len(value) > field.size:
        raise ValueError(f"{field.name} holds {field.size} characters: {value}")
    if field.format not in ZERO_FILLED:
        return value.ljust(field.size)
    if value or field.format in ZERO_WHEN_EMPTY or field.required == "M":
        return value.zfill(field.size)
    return " " * field.size
