"""A harder variant of a benchmark: fields go missing, as they do between societies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from hub.bench.recording_tables import Row

MISSING: Mapping[str, float] = {"title": 0.20, "album": 0.41, "year": 0.55}
"""The share of rows that lack each column afterwards; those of the published mutated MusicBrainz 20K."""


def with_fields_missing(rows: Sequence[Row], seed: int) -> list[Row]:
    """The rows with columns emptied at random until ``MISSING`` is reached; the same for the same seed."""
    random = Random(seed)  # noqa: S311
    changed = [dict(row) for row in rows]
    for column, share in MISSING.items():
        there = [row for row in changed if row[column].strip()]
        wanted = len(there) - round((1 - share) * len(changed))
        for row in random.sample(there, max(wanted, 0)):
            row[column] = ""
    return changed
