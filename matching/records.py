"""What the matcher is given: one frozen record per source work or source recording.

Identifiers are expected valid and compact (an invalid one is no evidence and is left out by the caller);
texts are as declared, folding is the matcher's own work.
"""

from __future__ import annotations

from schemas.records import record


@record
class PartyMention:
    """A party as one statement names it; ``role`` in CWR's codes (``CA``, ``C``, ``A``, ``E``, ...)."""

    name: str
    ipi_name: str = ""
    ipi_base: str = ""
    role: str = ""


@record
class WorkRecord:
    """A source work. ``refs`` are society work codes as ``society:code``, ``source`` who declared it.

    ``performers`` are those whom the registration names; works are not compared by them, recordings are.
    """

    id: int
    source: str
    refs: tuple[str, ...] = ()
    iswcs: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    parties: tuple[PartyMention, ...] = ()
    performers: tuple[str, ...] = ()


@record
class RecordingRecord:
    """A source recording; ``duration`` in seconds and ``year`` are 0 when unknown.

    ``number`` is the place on the release as written there (``7``, ``B2``), ``language`` that of the
    lyrics; both are only compared with themselves.
    """

    id: int
    source: str
    refs: tuple[str, ...] = ()
    isrcs: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    version: str = ""
    artists: tuple[str, ...] = ()
    duration: int = 0
    year: int = 0
    label: str = ""
    release: str = ""
    number: str = ""
    language: str = ""


@record
class WorkHint:
    """What a recording says about one work that it embodies; ``ref`` as ``society:code``."""

    iswc: str = ""
    ref: str = ""
    title: str = ""
    writers: tuple[PartyMention, ...] = ()
