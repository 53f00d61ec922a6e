"""Writes what became of a DDEX delivery, for its sender.

A declaration of rights in recordings (RDR-N) is answered recording by recording, as RDR-N 1.4 has it. Other
messages are answered as a whole: the only public schema with such an answer is that of MWN 1.3, whose
``FtpAcknowledgementMessage`` is used for every family.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

from parsers.ddex.writing_terms import (
    element,
    named,
    optional,
    period_of,
    plain,
    society_number,
    territories_of,
)
from schemas.ddex.elements import table
from schemas.findings import Finding
from schemas.identifiers import dpid, isrc
from schemas.rights import ALL, ddex_use

RDRN, MWN = "http://ddex.net/xml/mlc/14", "http://ddex.net/xml/mc-notif/13"
STATUS, DELIVERY = "RightsClaimStatusUpdateMessage", "FtpAcknowledgementMessage"
ACCEPTED, WITH_FINDINGS, REJECTED = "Accepted", "AcceptedWithFindings", "Rejected"
FILE_OK, RESUBMIT, OWN = "FileOK", "Resubmit", "UserDefined"
SOFTWARE = "RepertoireHub"
"""The namespace of values of our own."""
AVS_VERSION, TABLE = "7", "rdr14"
CONFLICT, NO_CONFLICT, PENDING = "Conflict", "NoConflict", "PendingReview"
MOST_ERRORS = 50
"""Findings that one answer names, the rest is counted; conflicts of one recording."""
SEVERITIES = {"error": "Critical", "warning": "Warning", "info": "Information"}


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers whom, and what: ``created`` is an ISO instant, ``answered`` the id of the message."""

    sender: str
    sender_name: str
    recipient: str
    message_id: str
    created: str
    answered: str

    @property
    def by_recording(self) -> bool:
        """Whether RDR-N can say it: there both sides have DDEX party identifiers."""
        return dpid.is_valid(self.sender) and dpid.is_valid(self.recipient)


@dataclass(frozen=True, slots=True)
class Against:
    """What others state against a claim: who, by code and name, for which uses, where and when (half-open).

    Of ``parties`` there are none where a sender's own statements contradict each other.
    """

    parties: tuple[tuple[str, str], ...]
    uses: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    valid_from: str = ""
    valid_to: str = ""


@dataclass(frozen=True, slots=True)
class Claimed:
    """What became of one recording: its identifiers, the findings about it, and what is stated against it.

    ``compared`` says that the hub has looked for conflicts since it came.
    """

    ref: str
    isrcs: tuple[str, ...] = ()
    title: str = ""
    rejected: bool = False
    findings: tuple[Finding, ...] = ()
    compared: bool = False
    against: tuple[Against, ...] = ()


def write_status(out: BinaryIO, who: Answering, claims: Iterable[Claimed]) -> int:
    """Write an RDR-N 1.4 status update, one recording after the other; their number."""
    out.write(
        "".join(
            (
                _open("mlc", RDRN, STATUS, 'LanguageAndScriptCode="en"'),
                "<MessageHeader>",
                element("MessageId", who.message_id),
                _party("MessageSender", who.sender, who.sender_name),
                _party("MessageRecipient", who.recipient, ""),
                element("MessageCreatedDateTime", who.created),
                "</MessageHeader>\n",
            )
        ).encode()
    )
    number = 0
    for claim in claims:
        out.write(_claim(claim, who).encode())
        number += 1
    if not number:
        # The schema asks for one: a message that was refused whole is answered without a recording.
        out.write(_claim(Claimed("", rejected=True), who).encode())
    out.write(f"</mlc:{STATUS}>\n".encode())
    return number


def write_delivery(
    out: BinaryIO, who: Answering, status: str, findings: Sequence[Finding], more: int
) -> None:
    """Write an MWN 1.3 acknowledgement of the whole delivery; ``more`` findings are only counted."""
    if status == ACCEPTED:
        said = element("FileStatus", FILE_OK)
    else:
        said = f'<FileStatus Namespace="{SOFTWARE}" UserDefinedValue="{status}">{OWN}</FileStatus>'
    told = "\n".join(f"{found.position}: {found.text()} [{found.code}]" for found in findings)
    if more:
        told += f"\n+ {more}"
    out.write(
        "".join(
            (
                _open("mwn", MWN, DELIVERY, f'MessageVersionId="1.3" AvsVersionId="{AVS_VERSION}"'),
                "<MessageHeader>",
                _party("MessageSender", who.sender, who.sender_name),
                _party("MessageRecipient", who.recipient, ""),
                element("MessageCreatedDateTime", who.created),
                "</MessageHeader>\n",
                element("AcknowledgedMessageId", who.answered),
                said,
                optional("ErrorText", told),
                element("ProposedActionType", RESUBMIT) if status == REJECTED else "",
                f"\n</mwn:{DELIVERY}>\n",
            )
        ).encode()
    )


def _open(prefix: str, namespace: str, root: str, attributes: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{prefix}:{root} xmlns:{prefix}="{namespace}" {attributes}>'
    )


def _party(name: str, code: str, full_name: str) -> str:
    named = f"<PartyName>{element('FullName', full_name)}</PartyName>" if full_name else ""
    return f"<{name}>{element('PartyId', code)}{named}</{name}>"


def _claim(claim: Claimed, who: Answering) -> str:
    worst = {found.severity for found in claim.findings}
    if claim.rejected:
        status = "RegistrationRejected"
    else:
        status = "ResourceRegisteredInvalid" if worst & {"error", "warning"} else "ResourceRegisteredValid"
    codes = [code for code in claim.isrcs if isrc.is_valid(code)]
    identifiers = "".join(
        f"<SoundRecordingId>{element('ISRC', code)}</SoundRecordingId>" for code in dict.fromkeys(codes)
    )
    if not codes and claim.ref:
        own = f"ProprietaryId Namespace={quoteattr(plain(who.recipient))}"
        number = f"<{own}>{escape(plain(claim.ref))}</ProprietaryId>"
        identifiers = f"<SoundRecordingId>{number}</SoundRecordingId>"
    title = f"<Title>{element('TitleText', claim.title)}</Title>" if claim.title else ""
    told = [found for found in claim.findings if found.severity != "info"]
    return "".join(
        (
            f"<RightsClaim><ClaimedSoundRecording>{identifiers}{title}</ClaimedSoundRecording>",
            optional("MessageId", who.answered),
            element("RegistrationStatus", status),
            *(_error(found) for found in told[:MOST_ERRORS]),
            "" if claim.rejected else element("ClaimStatus", _claim_status(claim)),
            *(() if claim.rejected else (_conflict(item, who) for item in claim.against[:MOST_ERRORS])),
            "</RightsClaim>\n",
        )
    )


def _claim_status(claim: Claimed) -> str:
    if claim.against:
        return CONFLICT
    return NO_CONFLICT if claim.compared else PENDING


def _conflict(item: Against, who: Answering) -> str:
    return "".join(
        (
            "<RightsConflict>",
            *(_conflicting(code, name) for code, name in item.parties),
            *(_use(use) for use in item.uses if use != ALL),
            territories_of(item.territories, dt.date.fromisoformat(who.created[:10])),
            period_of("Period", item.valid_from, item.valid_to),
            "" if item.parties else element("IsInternalConflictOnly", "true"),
            "</RightsConflict>",
        )
    )


def _conflicting(code: str, name: str) -> str:
    number = society_number(code) or named("ProprietaryId", SOFTWARE, code)
    return (
        f"<ConflictingParty><PartyName>{element('FullName', name)}</PartyName>"
        f"<PartyId>{number}</PartyId></ConflictingParty>"
    )


def _use(use: str) -> str:
    """A use in the words of RDR-N 1.4, which has none for some: those are written as values of our own."""
    spelled = ddex_use(use)
    if spelled in table(TABLE).allowed["UseType"]:
        return element("UseType", spelled)
    return f"<UseType Namespace={quoteattr(SOFTWARE)} UserDefinedValue={quoteattr(use)}>{OWN}</UseType>"


def _error(found: Finding) -> str:
    kind = "ConformanceError" if found.code.startswith(("xml.", "ddex.schema")) else "LogicalError"
    return "".join(
        (
            "<RegistrationError>",
            element("ErrorType", kind),
            element("ErrorSeverity", SEVERITIES[found.severity]),
            element("ErroneousElement", found.position),
            element("ErrorDescription", f"{found.text()} [{found.code}]"),
            optional("DataFound", found.value),
            "</RegistrationError>",
        )
    )
