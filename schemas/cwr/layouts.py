"""Record layouts of CWR, compiled from ``records_2x.csv`` and ``records_3x.csv``.

The table is the single statement of where a field stands and what it may hold; reading, checking and
writing use nothing else. Source: CISAC functional specifications CWR 2.1 rev. 8 (CWR11-1991R4) and 2.2
rev. 2 (CWR19-1070R1); 2.0 is what 2.1 does not mark as its own. The specification of version 3 is not
public: its rows were taken from files and generators in use, and ``basis`` says how much is known.
``file``: seen with content in a real file; ``generator``, ``reader``: written or read so by public software;
``width``: only ever seen blank or zero, the name inferred from version 2; ``2.2``: assumed to be as there.
CISAC's user manual of version 3.0 (CWR19-0479) says of columns only that an ISA has those of an ISR.

The columns:

- ``record``, ``field``, ``start`` (first column is 1), ``size`` in characters;
- ``format``: ``A`` text, ``L`` code of the list named in ``lookup``, ``I`` identifier of the kind named in
  ``lookup``, ``N`` digits, ``P`` share in hundredths of a percent, ``D`` date YYYYMMDD, ``T`` duration or
  time HHMMSS, ``F`` flag Y/N/U, ``B`` flag Y/N, ``X`` filler;
- ``required``: ``M`` always, ``C`` under conditions, ``O`` optional; ``missing``: the consequence if a
  mandatory field is blank; ``rule``: the consequence if its value is not allowed;
- consequences as the standard numbers them, ``ER`` file, ``TR`` transaction and ``RR`` record rejected,
  ``FR`` the field takes ``default`` (empty: blank), and ``W``: the value is kept and only remarked on,
  where code lists grow faster than the standard or only a database of others could decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from operator import itemgetter
from types import MappingProxyType

from schemas.cwr.tables import Row, rows, split_cell, table

Slices = tuple[str, ...]
TABLES = ("records_2x", "records_3x")


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One field of a record: where it stands and what the table says about its content."""

    name: str
    start: int
    size: int
    format: str
    required: str
    missing: str
    lookup: str
    rule: str
    default: str

    @property
    def span(self) -> slice:
        """The field's place in a line, counted from 0."""
        return slice(self.start - 1, self.start - 1 + self.size)


@dataclass(frozen=True, eq=False)
class Layout:
    """The fields of one record type in one version, in the order of the line, without gaps."""

    version: str
    record: str
    fields: tuple[Field, ...]

    def __post_init__(self) -> None:
        column = 1
        for field in self.fields:
            if field.start != column:
                raise ValueError(f"{self.record} {self.version}: {field.name} starts at {field.start}")
            column += field.size

    @cached_property
    def size(self) -> int:
        """Length of the complete record in characters."""
        return sum(field.size for field in self.fields)

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Place of every field among the values, by name."""
        return MappingProxyType({field.name: place for place, field in enumerate(self.fields)})

    @cached_property
    def split(self) -> Callable[[str], Slices]:
        """Cut a line into its fields, untrimmed; a short line gives short or empty last fields."""
        return itemgetter(*(field.span for field in self.fields))

    def picker(self, names: Sequence[str]) -> Callable[[Slices], Slices]:
        """A function giving the values of ``names`` in that order, blank for a field of another version."""
        if len(names) < 2:
            places = [self.index.get(name) for name in names]
            return lambda values: tuple("" if place is None else values[place] for place in places)
        known = [name for name in names if name in self.index]
        if len(known) > 1 and list(names[: len(known)]) == known:
            get = itemgetter(*(self.index[name] for name in known))
            blanks = ("",) * (len(names) - len(known))
            return (lambda values: get(values) + blanks) if blanks else get
        blank = len(self.fields)
        pick = itemgetter(*(self.index.get(name, blank) for name in names))
        return lambda values: pick((*values, ""))


def _field(row: Row) -> Field:
    return Field(
        name=row["field"],
        start=int(row["start"]),
        size=int(row["size"]),
        format=row["format"],
        required=row["required"],
        missing=row["missing"],
        lookup=row["lookup"],
        rule=row["rule"],
        default=row["default"],
    )


@cache
def layouts(version: str) -> Mapping[str, Layout]:
    """The layouts of every record type that exists in ``version``, by record type."""
    found: dict[str, list[Field]] = {}
    for name in TABLES:
        for row in rows(name, version):
            for record in split_cell(row["record"]):
                found.setdefault(record, []).append(_field(row))
    return MappingProxyType(
        {
            record: Layout(version, record, tuple(sorted(fields, key=lambda field: field.start)))
            for record, fields in found.items()
        }
    )


def layout(version: str, record: str) -> Layout:
    """The layout of one record type.

    Raises:
        LookupError: the version has no such record.

    >>> [field.name for field in layout("2.2", "PWR").fields][-1]
    'publisher_sequence'
    """
    try:
        return layouts(version)[record]
    except KeyError:
        raise LookupError(f"CWR {version} has no record {record}") from None


@cache
def record_types() -> frozenset[str]:
    """Every record type that any version in the tables knows."""
    cells: Iterable[str] = (row["record"] for name in TABLES for row in table(name))
    return frozenset(record for cell in cells for record in split_cell(cell))
