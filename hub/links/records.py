"""Declarations as the matcher sees them."""

from __future__ import annotations

from matching.records import PartyMention, RecordingRecord, WorkHint, WorkRecord
from schemas.declarations import PartyName, RecordingDeclaration, WorkDeclaration
from schemas.identifiers import isrc, iswc


def mention(party: PartyName, role: str = "") -> PartyMention:
    """A party as a matching record names it."""
    return PartyMention(party.full_name, party.ipi_name, party.ipi_base, role)


def work_record(subject_id: int, submitter: str, work: WorkDeclaration) -> WorkRecord:
    """A source work for the matcher; invalid ISWCs are no evidence and are left out."""
    refs = (f"{submitter}:{work.ref}", *(f"{issuer}:{number}" for issuer, number in work.other_refs))
    return WorkRecord(
        id=subject_id,
        source=submitter,
        refs=refs,
        iswcs=(iswc.compact(work.iswc),) if iswc.is_valid(work.iswc) else (),
        titles=tuple(dict.fromkeys((work.title, *(title.text for title in work.titles)))),
        parties=tuple(mention(claim.party, claim.role) for claim in work.claims),
        performers=tuple(dict.fromkeys(item.party.full_name for item in work.performers)),
    )


def recording_record(subject_id: int, submitter: str, recording: RecordingDeclaration) -> RecordingRecord:
    """A source recording for the matcher; invalid ISRCs are no evidence and are left out."""
    return RecordingRecord(
        id=subject_id,
        source=submitter,
        refs=(f"{submitter}:{recording.ref}",),
        isrcs=tuple(isrc.compact(code) for code in recording.isrcs if isrc.is_valid(code)),
        titles=tuple(dict.fromkeys((recording.title, *(title.text for title in recording.titles)))),
        version=recording.version,
        artists=tuple(
            dict.fromkeys(
                name
                for name in (recording.artist, *(item.party.full_name for item in recording.contributors))
                if name
            )
        ),
        duration=recording.duration,
        year=recording.year,
        label=recording.label,
        release=recording.releases[0][1] if recording.releases else "",
    )


def work_hints(submitter: str, recording: RecordingDeclaration) -> tuple[WorkHint, ...]:
    """What a recording says about the works it embodies."""
    return tuple(
        WorkHint(
            iswc=iswc.compact(work.iswc) if iswc.is_valid(work.iswc) else "",
            ref=f"{submitter}:{work.ref}" if work.ref else "",
            title=work.title,
            writers=tuple(mention(writer) for writer in work.writers),
        )
        for work in recording.works
    )
