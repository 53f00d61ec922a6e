"""Schemes under which the hub keeps identifiers that are not a subject's own."""

from __future__ import annotations

from schemas.declarations import AcknowledgementDeclaration
from schemas.identifiers import iswc

RECORDING_IN_WORK = "isrc-in-work"
"""IDENTIFIER scheme of the ISRCs that a work registration mentions for its recordings (CWR REC)."""

SOCIETY_AGREEMENT = "society-agreement"
"""IDENTIFIER scheme of the number that a society gave an agreement."""

ANSWERED = "answered"
"""IDENTIFIER scheme of the number by which an acknowledgement names the work that it answers."""

ANSWERED_CODE, ANSWERED_ISWC = "answered-code", "answered-iswc"
"""Schemes of what the answering society calls the work."""


def acknowledged_identifiers(answer: AcknowledgementDeclaration) -> set[tuple[str, str]]:
    """What an acknowledgement says of the work that it answers, as (scheme, value)."""
    found = {(ANSWERED, answer.original_ref)} if answer.original_ref else set()
    if answer.society and answer.recipient_ref:
        found.add((ANSWERED_CODE, f"{answer.society}:{answer.recipient_ref}"))
    if iswc.is_valid(answer.iswc):
        found.add((ANSWERED_ISWC, iswc.compact(answer.iswc)))
    return found
