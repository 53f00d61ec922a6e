"""The details of a work declaration sorted by the record that they came from, so that it can be written.

The reader keeps what it does not model as (key, value) pairs: ``distribution_category`` of the header,
``SPU.special_agreement:P1`` of a party, ``REC.album_title`` of a record without a number, and whole records
(``INS``, ``IND``, ``ARI``, links beyond the first) under their type.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from parsers.cwr.claims import NOT_CONTROLLED
from parsers.cwr.record_readings import AS_SENT
from parsers.cwr.records import values_by_name
from parsers.cwr.writing import PREFIX_LENGTH, Record
from schemas.cwr.layouts import layouts, record_types

LINK = "PWR"
PARTIES = frozenset({"SPU", "OPU", "SWR", "OWR"})
UNPLACED = frozenset({"SPT", "OPT", "SWT", "OWT", "COM", "EWT", "VER", "OWK"})
"""Records that come several times, so that a field of theirs cannot be put back."""

MANUSCRIPT = "MAN"
SHARES_CHANGE = "shares_change"
"""The flag of territory records that is kept once per party."""

TRANSACTION = "transaction"

Values = dict[str, str]


@dataclass(slots=True)
class Details:
    """The details of one work.

    ``tail`` holds records of titles, origins, instruments and the like in their order; ``parties`` further
    fields of party records and ``links`` whole link records, by record type and number; ``recordings``
    further fields of recordings; ``manuscripts`` shares by the writer's number; ``changing`` the territory
    records and parties whose shares change; ``not_controlled`` parties with the territories in which they
    collect without being controlled; ``strange`` what has no place of its own.
    """

    header: Values = field(default_factory=dict)
    transaction: str = ""
    parties: dict[tuple[str, str], list[Values]] = field(default_factory=lambda: defaultdict(list))
    links: dict[str, list[Record]] = field(default_factory=lambda: defaultdict(list))
    recordings: list[Values] = field(default_factory=list)
    manuscripts: dict[str, list[Values]] = field(default_factory=lambda: defaultdict(list))
    changing: set[tuple[str, str]] = field(default_factory=set)
    not_controlled: set[tuple[str, str]] = field(default_factory=set)
    tail: list[Record] = field(default_factory=list)
    strange: list[tuple[str, str]] = field(default_factory=list)


def sort_details(details: Sequence[tuple[str, str]], header: str, version: str) -> Details:
    """Sort ``details`` that a reader of ``version`` kept; ``header`` is that version's transaction header."""
    known = layouts(version)
    found = Details()
    for key, value in details:
        name, _, ref = key.partition(":")
        record, _, part = name.partition(".")
        if key == TRANSACTION:
            found.transaction = value
        elif name in known[header].index:
            found.header[name] = value
        elif part == SHARES_CHANGE:
            found.changing.add((record, ref))
        elif part == NOT_CONTROLLED:
            found.not_controlled.add((key, value))
        elif part and record in UNPLACED:
            found.strange.append((key, value))
        elif part and record in known and part in known[record].index:
            _keep_field(found, record, part, ref, value, known[record].index)
        elif name in record_types() and name in known:
            _keep_record(found, name, ref, value, version)
        else:
            found.strange.append((key, value))
    return found


def _keep_field(
    found: Details, record: str, name: str, ref: str, value: str, order: Mapping[str, int]
) -> None:
    """Add a field to the record it belongs to: fields come in the order of the record, or a new one began."""
    if record in PARTIES:
        groups = found.parties[record, ref]
    elif record == MANUSCRIPT:
        groups = found.manuscripts[ref]
    elif record == "REC":
        groups = found.recordings
        # The reader names the album's label first, because it models the field.
        order = {**order, "album_label": -1}
    else:
        last = found.tail[-1] if found.tail else None
        if last is None or last.kind != record or order[name] <= max(order[item] for item in last.values):
            found.tail.append(Record(record, {name: value}))
        else:
            found.tail[-1] = Record(record, {**last.values, name: value})
        return
    if groups and order[name] > max(order[item] for item in groups[-1]):
        groups[-1][name] = value
    else:
        groups.append({name: value})


def _keep_record(found: Details, record: str, ref: str, text: str, version: str) -> None:
    values = values_by_name(layouts(version)[record], " " * PREFIX_LENGTH + text)
    values = {name: value for name, value in values.items() if value and name != "record_type"}
    sent = Record(record, values, text, version)
    if record == LINK:
        found.links[values.get("writer_ip_number", ref)].append(sent)
    elif record in AS_SENT or record not in PARTIES:
        found.tail.append(sent)
    else:
        found.strange.append((record, text))
