"""Answers to claims in recordings say what became of each, whatever it was, and read back so."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.ddex.message import read
from parsers.ddex.official import OfficialSchemas
from parsers.ddex.profile import ProfileSchemas
from parsers.ddex.writing_acknowledgement import (
    MOST_ERRORS,
    Against,
    Answering,
    Claimed,
    write_delivery,
    write_status,
)
from schemas.declarations import AcknowledgementDeclaration
from schemas.findings import Finding

WHO = Answering(
    "PADPIDA20250101021", "Qoltañba & Co", "PADPIDA20250101013", "ACK-1", "2026-02-01T10:00:00Z", "M<1>"
)
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
CODES = st.builds("KZ{}25{:05d}".format, st.sampled_from(["A01", "ZZ9"]), st.integers(0, 99_999))
FINDINGS = st.lists(
    st.builds(
        Finding,
        st.sampled_from(["ddex.duration", "ddex.no_title", "ddex.share_assumed"]),
        st.sampled_from(["/Message/ResourceList[1]/SoundRecording[1]", "file"]),
        value=TEXT,
    ),
    max_size=4,
).map(tuple)
WORDS = {"radio": "UserDefined", "broadcast": "Broadcast", "private-copying": "PrivateCopy"}
"""Uses with their words in RDR-N 1.4; it has none for radio."""
PLACES = {"KZ": "KZ", "2136": "Worldwide", "US": "US"}
PERIODS = {
    ("", ""): "",
    ("2024-01-01", ""): "2024-01-01/",
    ("2024-01-01", "2025-01-01"): "2024-01-01/2024-12-31",
}
AGAINST = st.builds(
    lambda parties, uses, place, period: Against(parties, uses, (place,), *period),
    st.lists(st.tuples(st.sampled_from(["177", "x", "PADPIDA2014999999Z"]), TEXT), max_size=2).map(tuple),
    st.lists(st.sampled_from(sorted(WORDS)), max_size=2, unique=True).map(tuple),
    st.sampled_from(sorted(PLACES)),
    st.sampled_from(sorted(PERIODS)),
)
CLAIMS = st.builds(
    Claimed,
    TEXT,
    st.lists(CODES, max_size=2, unique=True).map(tuple),
    st.just("") | TEXT,
    st.booleans(),
    FINDINGS,
    st.booleans(),
    st.lists(AGAINST, max_size=2).map(tuple),
)


def written(claims: list[Claimed]) -> bytes:
    out = io.BytesIO()
    assert write_status(out, WHO, claims) == len(claims)
    return out.getvalue()


def registration_of(claim: Claimed) -> str:
    if claim.rejected:
        return "RegistrationRejected"
    grave = any(item.severity != "info" for item in claim.findings)
    return "ResourceRegisteredInvalid" if grave else "ResourceRegisteredValid"


def status_of(claim: Claimed) -> str:
    if claim.rejected:
        return "RegistrationRejected"
    return "Conflict" if claim.against else ("NoConflict" if claim.compared else "PendingReview")


def messages_of(claim: Claimed) -> list[tuple[str, str]]:
    registered = [] if claim.rejected else [("RegistrationStatus", registration_of(claim))]
    told = [
        ("LogicalError", f"{' '.join(item.text().split())} [{item.code}]")
        for item in claim.findings
        if item.severity != "info"
    ]
    conflicts = [
        (", ".join(name for _, name in item.parties), ", ".join(map(WORDS.__getitem__, item.uses)),
         ", ".join(map(PLACES.__getitem__, item.territories)), PERIODS[item.valid_from, item.valid_to])
        for item in (() if claim.rejected else claim.against)
    ]  # fmt: skip
    return [*registered, *told, *(("RightsConflict", "; ".join(filter(None, item))) for item in conflicts)]


@given(st.lists(CLAIMS, min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_any_answer_is_read_back_as_it_was(claims: list[Claimed]) -> None:
    items = list(read(io.BytesIO(written(claims))))
    found = [item for item in items if isinstance(item, AcknowledgementDeclaration)]
    assert [(item.original_ref, item.title, item.status, item.recipient_ref) for item in found] == [
        ((*claim.isrcs, claim.ref)[0], claim.title, status_of(claim), WHO.answered) for claim in claims
    ]
    assert [list(item.messages) for item in found] == [messages_of(claim) for claim in claims]
    assert {item.processed for item in found} == {"2026-02-01"}
    assert not [item for item in items if isinstance(item, Finding)]


@given(st.lists(CLAIMS, min_size=1, max_size=3))
@settings(max_examples=20, deadline=None)
def test_any_answer_is_valid_against_our_own_schema(claims: list[Claimed]) -> None:
    assert list(OWN.validate(written(claims))) == []


OWN = ProfileSchemas()


def test_many_faults_and_answers_to_whole_deliveries_are_valid(shared_folder: Path) -> None:
    folder = shared_folder / "reference" / "ddex-xsd"
    if not folder.is_dir():
        pytest.skip("the official schemas are not in `shared`: answers are not validated against them")
    official = OfficialSchemas(folder)
    faults = tuple(
        Finding("ddex.no_title", f"line:{number}", value="\x00<&") for number in range(MOST_ERRORS + 9)
    )
    assert list(official.validate(written([Claimed("R<1>", (), "T\x0b", True, faults), Claimed("R2")]))) == []
    assert list(official.validate(written([Claimed("")]))) == []
    for against in (
        Against((("177", "Qoltanba"), ("PADPIDA2014999999Z", "Label"), ("x", "Own")), ("radio", "online"),
                ("KZ", "2100", "DE"), "2024-01-01", "2025-01-01"),
        Against((), ("*",), ("2136",), valid_to="2025-01-01"),
    ):  # fmt: skip
        told = Claimed("R", ("KZA012500001",), findings=faults[:1], against=(against, against))
        assert list(official.validate(written([told]))) == []
    for status in ("Accepted", "AcceptedWithFindings", "Rejected"):
        out = io.BytesIO()
        write_delivery(out, WHO, status, faults[:2], 7)
        assert list(official.validate(out.getvalue())) == [], status
