"""How each detail record is read: which fields are modelled, and what is kept as sent.

``FIELDS`` names, per record type, the fields its handler takes, in the handler's order; every other field
of the table that holds something is kept as a detail. ``AS_SENT`` records are details as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from parsers.cwr.fields import FieldChecks, field_checks
from schemas.cwr.layouts import Field, Layout, Slices, layouts
from schemas.cwr.tables import ordered
from schemas.cwr.transactions import places, transaction_kinds

_SHARES = ("pr_share", "mr_share", "sr_share")
_SOCIETIES = ("pr_society", "mr_society", "sr_society")
_OWNED = ("ipi_name", "ipi_base", *_SHARES, *_SOCIETIES)
_PUBLISHER = ("ip_number", "name", "publisher_type", "publisher_sequence", "agreement_number", *_OWNED)
_WRITER = ("ip_number", "name", "first_name", "writer_type", *_OWNED)
_TERRITORY = ("ip_number", *_SHARES, "inclusion", "territory", "shares_change", "territory_sequence")
_TITLE = ("title", "title_type", "language")
_OTHER_NAME = ("ip_number", "name", "first_name", "language")
TERRITORIES = ("SPT", "OPT", "SWT", "OWT")
_PERFORMED = ("performance_language", "performance_dialect")
_RELATED = (
    *("title", "iswc", "work_number", "language", "duration", "source"),
    *("writer_1_name", "writer_1_first_name", "writer_1_ipi_name", "writer_1_ipi_base"),
    *("writer_2_name", "writer_2_first_name", "writer_2_ipi_name", "writer_2_ipi_base"),
)
_WORK = ("title", "language", "work_number", "iswc", "duration")

FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "AGR": (
            "agreement_number",
            "agreement_type",
            "start_date",
            "end_date",
            "retention_end_date",
            "prior_royalty_status",
            "prior_royalty_start_date",
            "post_term_status",
            "post_term_end_date",
            "signature_date",
            "number_of_works",
            "sales_manufacture_clause",
            "society_agreement_number",
            "shares_change",
        ),
        "TER": ("inclusion", "territory"),
        "IPA": (
            "agreement_role",
            "ip_number",
            "name",
            "first_name",
            "ipi_name",
            "ipi_base",
            *_SHARES,
            *_SOCIETIES,
        ),
        "NPA": _OTHER_NAME,
        "NWR": _WORK,
        "REV": _WORK,
        "ISW": _WORK,
        "EXC": _WORK,
        "WRK": _WORK,
        "ISR": _WORK,
        "ISA": _WORK,
        "WRI": _WRITER,
        "MAN": ("ip_number",),
        "SPU": _PUBLISHER,
        "OPU": _PUBLISHER,
        "SWR": _WRITER,
        "OWR": _WRITER,
        **dict.fromkeys(TERRITORIES, (*_TERRITORY, *_SOCIETIES)),
        "PWR": (
            "publisher_sequence",
            "publisher_ip_number",
            "publisher_name",
            "agreement_number",
            "writer_ip_number",
        ),
        "NPN": _OTHER_NAME,
        "NWN": _OTHER_NAME,
        "ALT": _TITLE,
        "NAT": _TITLE,
        "PER": ("name", "first_name", "ipi_name", "ipi_base", "isni", *_PERFORMED),
        "NPR": ("name", "first_name", "language", "ipi_name", "ipi_base", *_PERFORMED),
        "REC": (
            "isrc",
            "title",
            "version_title",
            "display_artist",
            "duration",
            "record_label",
            "album_label",
            "release_date",
        ),
        "XRF": ("organisation", "identifier", "identifier_type", "validity"),
        **dict.fromkeys(("COM", "EWT", "VER", "OWK"), _RELATED),
        **dict.fromkeys(("NCT", "NET", "NVT"), ("title", "language")),
        "NOW": ("name", "first_name", "language", "writer_position"),
        "ORN": (),
    }
)
AS_SENT = frozenset({"INS", "IND", "ARI"})
UNJUDGED = frozenset({"EXC"})
"""Transactions that may come from elsewhere than CWR, so that their fields need not agree with each other."""

BESIDE = {"NPR": "PER"}
"""Records that stand among others of another type, not after them."""

UNORDERED = (3,)
"""From this version on no public source orders the records of a transaction."""

_NEVER_DETAILS = frozenset(
    {
        "record_type",
        "transaction_sequence",
        "record_sequence",
        "filler",
        "constant",
        "constant_1",
        "constant_2",
    }
)
VALID = "Y"
TEXT_START = 19
"""Where the content of a record begins behind its prefix."""


@dataclass(frozen=True, eq=False)
class RecordReading:
    """Everything needed to read one record type of one version, compiled."""

    record: str
    layout: Layout
    checks: FieldChecks
    follows: frozenset[str]
    rule: str
    pick: Callable[[Slices], Slices]
    rest_names: tuple[tuple[str, str], ...]
    """The fields that no handler takes, each with the value that says nothing."""
    rest: Callable[[Slices], Slices]
    rank: int
    """The place of the record's block in a registration; 0: it has none of its own."""
    owns: bool
    """Whether the record states ownership shares; those of version 3 state collection shares only."""

    def leftovers(self, values: Slices) -> list[tuple[str, str]]:
        """The fields that no handler takes and that say something, by name.

        Zeros, and N for a flag, say nothing, nor that an ISRC is one.
        """
        rest = self.rest(values)
        if not "".join(rest).strip(" 0N"):
            return []
        return [
            (name, value.strip())
            for (name, unsaid), value in zip(self.rest_names, rest, strict=True)
            if value.strip(" 0") and value.strip() != unsaid
        ]


def _compile(
    layout: Layout, follows: frozenset[str], rule: str, rank: int = 0, *, between_fields: bool = True
) -> RecordReading:
    taken = FIELDS.get(layout.record, ())
    if layout.record in TERRITORIES and _SOCIETIES[0] not in layout.index:
        # They name societies in version 3 only, and most of a file are such records.
        taken = _TERRITORY
    rest = [field for field in layout.fields if field.name not in taken and field.name not in _NEVER_DETAILS]
    return RecordReading(
        record=layout.record,
        layout=layout,
        checks=field_checks(layout, between_fields=between_fields),
        follows=follows,
        rule=rule,
        pick=layout.picker(taken),
        rest_names=tuple((field.name, _unsaid(field)) for field in rest),
        rest=layout.picker([field.name for field in rest]),
        rank=rank,
        owns=_SHARES[0] in layout.index,
    )


def _unsaid(field: Field) -> str:
    return VALID if field.name == "isrc_validity" else "N" if field.format in "FB" else ""


@cache
def header_reading(version: str, transaction: str) -> RecordReading:
    """How the transaction header is read."""
    return _compile(layouts(version)[transaction], frozenset(), "TR")


@cache
def detail_readings(version: str, transaction: str) -> Mapping[str, RecordReading]:
    """How each detail record of the transaction is read, by record type."""
    known = layouts(version)
    found = places(version, transaction)
    ranks = _ranks(version, transaction)
    return MappingProxyType(
        {
            record: _compile(
                known[record],
                place.follows,
                place.rule,
                ranks.get(record, 0),
                between_fields=transaction not in UNJUDGED,
            )
            for record, place in found.items()
        }
    )


def _ranks(version: str, transaction: str) -> dict[str, int]:
    """The blocks of a registration in order; what follows a record of its block has no place of its own."""
    if ordered(version) >= UNORDERED or transaction_kinds(version)[transaction] != "work":
        return {}
    leaders = [record for record, place in places(version, transaction).items() if not place.follows]
    return {record: leaders.index(BESIDE.get(record, record)) + 1 for record in leaders}
