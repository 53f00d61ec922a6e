"""Answers to DDEX deliveries: valid against the official schemas, and read back as what became of them."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
from bwarm_deliveries import packed
from ddex_label import ERN
from ddex_mwn_messages import VALID as MWN
from ddex_rdrn_messages import VALID as RDRN
from hubs import fresh_hub, send
from lxml import etree

from hub.conflicts.conflict_records import queue
from hub.conflicts.dialogue import Step, act
from hub.conflicts.finding import refresh
from hub.context import Hub
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.intake.acknowledging import acknowledge
from hub.intake.report import Report
from hub.links.linking import link_everything
from parsers.ddex.message import read
from parsers.ddex.official import OfficialSchemas
from schemas.declarations import AcknowledgementDeclaration

PRODUCER = RDRN["one producer"]
BROKEN_CODE = PRODUCER.replace("<Duration>PT3M20S</Duration>", "<Duration>long</Duration>")


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as made:
        yield made


def answer(hub: Hub, done: Report) -> bytes:
    out = io.BytesIO()
    acknowledged = acknowledge(hub, done.submission, out)
    assert acknowledged.file_name == f"ACK-{done.submission}.xml"
    assert acknowledged.media_type == "application/xml"
    return out.getvalue()


def said(message: bytes, name: str) -> list[str]:
    return [str(item.text) for item in etree.fromstring(message).iter(name)]


@pytest.mark.parametrize("name", sorted(RDRN))
def test_claims_in_recordings_are_answered_one_by_one(hub: Hub, name: str) -> None:
    done = send(hub, RDRN[name], "901")
    message = answer(hub, done)
    if not done.by_kind.get("recording"):
        assert said(message, "FileStatus")
        return
    read_back = [item for item in read(io.BytesIO(message)) if isinstance(item, AcknowledgementDeclaration)]
    assert len(said(message, "RightsClaim")) == done.by_kind["recording"]
    assert len(read_back) == done.by_kind["recording"]
    statuses = set(said(message, "RegistrationStatus"))
    assert statuses <= {"ResourceRegisteredValid", "ResourceRegisteredInvalid"}
    assert {item.status for item in read_back} == {"PendingReview"}


def test_what_was_found_is_said_with_its_place(hub: Hub) -> None:
    message = answer(hub, send(hub, BROKEN_CODE, "901"))
    assert said(message, "RegistrationStatus") == ["ResourceRegisteredInvalid"]
    assert said(message, "ErrorSeverity")[0] == "Warning"
    assert "/SoundRecording[1]" in said(message, "ErroneousElement")[0]
    assert "[ddex.duration]" in said(message, "ErrorDescription")[0]


def test_a_rejected_recording_is_said_to_be_rejected(hub: Hub) -> None:
    broken = PRODUCER.replace("<TitleText>", "<TitleText/><Other>").replace("</TitleText>", "</Other>")
    message = answer(hub, send(hub, broken, "901"))
    assert said(message, "RegistrationStatus") == ["RegistrationRejected"]
    assert "Critical" in said(message, "ErrorSeverity")


@pytest.mark.parametrize("text", [ERN, MWN["shares"]])
def test_other_messages_are_answered_as_a_whole(hub: Hub, text: str) -> None:
    done = send(hub, text, "901")
    message = answer(hub, done)
    status = etree.fromstring(message).find("FileStatus")
    assert status is not None
    told = status.text if status.text == "FileOK" else status.get("UserDefinedValue")
    assert told == ("FileOK" if done.status == "accepted" else "AcceptedWithFindings")
    refused = answer(hub, send(hub, text.replace("PartyId>", "PartyId>&x;", 1), "901"))
    assert said(refused, "ProposedActionType") == ["Resubmit"]
    assert "[xml.malformed]" in said(refused, "ErrorText")[0]


RIVAL = (
    PRODUCER.replace("Dala Records", "Rival Records")
    .replace("PADPIDA20250101013", "PADPIDA20250101030")
    .replace("<UseType>PrivateCopy</UseType>", "<UseType>PlayInPublic</UseType>")
)


def test_conflicts_of_the_register_are_the_status_of_a_claim(hub: Hub) -> None:
    ours = send(hub, PRODUCER, "901")
    assert said(answer(hub, ours), "ClaimStatus") == ["PendingReview"]
    refresh(hub)
    assert said(answer(hub, ours), "ClaimStatus") == ["NoConflict"]
    theirs = send(hub, RIVAL, "911")
    assert said(answer(hub, theirs), "ClaimStatus") == ["PendingReview"]
    link_everything(hub)
    refresh(hub)
    for done, other in ((ours, "911"), (theirs, "901")):
        message = answer(hub, done)
        assert said(message, "RegistrationStatus") == ["ResourceRegisteredValid"]
        assert said(message, "ClaimStatus") == ["Conflict"]
        conflict = etree.fromstring(message).find("RightsClaim/RightsConflict")
        assert conflict is not None
        assert [str(item.text) for item in conflict.iter("CisacSocietyId")] == [other]
        assert [item.text for item in conflict.iter("UseType")] == ["Broadcast"]
        assert [item.text for item in conflict.iter("TerritoryCode")] == ["KZ"]
        assert [item.text for item in conflict.iter("StartDate")] == ["2025-01-01"]
        assert [item.text for item in conflict.iter("EndDate")] == ["2027-12-31"]
        assert conflict.find("IsInternalConflictOnly") is None
        (read_back,) = [
            item for item in read(io.BytesIO(message)) if isinstance(item, AcknowledgementDeclaration)
        ]
        assert read_back.status == "Conflict"
        assert [code for code, _ in read_back.messages] == ["RegistrationStatus", "RightsConflict"]
    with reading(hub.engine) as connection:
        (found,), _ = queue(connection, horizon(connection), dt.date(2026, 6, 15))
    act(hub, found.id, Step("settle", "one of them withdrew", "letter"), "operator")
    assert said(answer(hub, ours), "ClaimStatus") == ["NoConflict"]


def answers(hub: Hub) -> dict[str, bytes]:
    sent = {**RDRN, "duration": BROKEN_CODE, "ern": ERN, "mwn": MWN["shares"], "cut": PRODUCER[:-9]}
    made = {name: answer(hub, send(hub, text, "901")) for name, text in sent.items()}
    files = {"a.xml": ERN, "b.xml": ERN[:-9]}
    made["batch"] = answer(hub, send(hub, packed(files), "901"))
    return made


def test_answers_are_valid(hub: Hub, shared_folder: Path) -> None:
    folder = shared_folder / "reference" / "ddex-xsd"
    if not folder.is_dir():
        pytest.skip("the official schemas are not in `shared`: answers are not validated against them")
    official = OfficialSchemas(folder)
    for name, message in answers(hub).items():
        assert list(official.validate(message)) == [], name
