"""A declaration of RDR-N 1.5, field by field as a person reads it: what is controlled, and what is mandated.

DDEX's schema of 1.5 is not public, so the message follows what is known of it.
"""

from __future__ import annotations

import io

import ddex_rdrn_messages as sent

from parsers.ddex.message import read
from schemas.declarations import (
    Claim,
    CollectionShare,
    Header,
    MandateDeclaration,
    OtherName,
    PartyName,
    Performer,
    RecordingDeclaration,
    RightShare,
    Title,
    WorkReference,
)
from schemas.findings import Finding
from schemas.shares import UNITS_PER_PERCENT as PERCENT

SENDER, SOCIETY = "PADPIDA20250101013", "PADPIDA20250101021"
AIGUL = PartyName("Айгүл", ipn="10000002", other_names=(OtherName("Aigul", "", "en"),))
SIXTY, FORTY = (RightShare("PROD", 60 * PERCENT),), (RightShare("PROD", 40 * PERCENT),)
HEADER = Header("rdr-n", "1.5", SENDER, "Dala Records", SOCIETY, "RDRN-1", "2026-02-01T10:00:00Z")
AT_HOME = {
    "uses": ("broadcast", "public-performance"), "territories": ("KZ", "KG"),
    "valid_from": "2025-06-01", "valid_to": "2027-01-01",
}  # fmt: skip
ELSEWHERE = {"uses": ("on-demand-stream",), "territories": ("-US",), "valid_from": "2025-06-15"}
RECORDING = RecordingDeclaration(
    ref="rdr-n:KZA012500001",
    title="Жазғы кеш",
    isrcs=("KZA012500001",),
    version="Live",
    titles=(Title("Summer Evening", "TranslatedTitle", "en"),),
    artist="Band",
    contributors=(
        Performer(PartyName("Band", isni="0000000121032683"), "MainArtist"),
        Performer(AIGUL, "LeadVocalist"),
        Performer(AIGUL, "Guitarist"),
    ),
    duration=201,
    year=2025,
    label="Dala",
    p_line="2025 Dala",
    works=(WorkReference(iswc="T9123456780"),),
    claims=(
        Claim(
            PartyName("Dala Records", dpid=SENDER),
            "RightsHolder",
            collection=(
                CollectionShare(shares=SIXTY, **AT_HOME),
                CollectionShare(shares=SIXTY, **ELSEWHERE),
            ),
            controlled=True,
        ),
        Claim(
            PartyName("Co Owner"),
            "RightsHolder",
            collection=(CollectionShare(("KZ",), FORTY, uses=("broadcast",)),),
            controlled=True,
        ),
    ),
    other_refs=((SENDER, "DR-1"),),
    details=(
        ("language", "kk"),
        ("kind", "MusicalWorkSoundRecording"),
        ("version_type", "LiveVersion"),
    ),
)


def mandate(number: int, reach: dict[str, object]) -> MandateDeclaration:
    return MandateDeclaration(
        ref=f"rdr-n:KZA012500001:{SENDER}:PROD:{number}", grantor_type="party", grantor_id=SENDER,
        grantor_name="Dala Records", holder=SOCIETY, rights=("PROD",), exclusive=False, basis="declaration",
        works=("isrc:KZA012500001",), **reach,
    )  # fmt: skip


def test_a_rights_statement_is_read_field_by_field() -> None:
    assert list(read(io.BytesIO(sent.full_15().encode()))) == [HEADER, RECORDING]


def test_mandated_usage_rights_are_the_same_with_mandates() -> None:
    text = sent.full_15(' RightsStatementProfile="MandatedUsageRights"')
    header, told, *items = read(io.BytesIO(text.encode()))
    assert (header, items) == (HEADER, [RECORDING, mandate(1, AT_HOME), mandate(2, ELSEWHERE)])
    # Of the owner without a number nobody knows whose mandate it would be.
    assert isinstance(told, Finding)
    assert (told.code, told.value) == ("ddex.mandate_party", "Co Owner")
