"""Writing the acknowledgement of a received file: one ACK per transaction, with its messages.

A message stands before the record it is about, inside the echo of the transaction that follows the ACK
(CWR functional specifications 2.2 rev. 2, ACK and MSG). The echo repeats the records as they were sent, cut
to the layout; records that the version does not have cannot be repeated, their messages are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from parsers.cwr.fields import iso_date, judge, seconds
from parsers.cwr.records import parse
from parsers.cwr.writing import Record, RecordWriter, cwr_date
from parsers.cwr.writing_received import Origin
from parsers.cwr.writing_transmission import Sender, Totals, TransmissionWriter
from schemas.cwr.characters import fold
from schemas.cwr.layouts import Layout
from schemas.cwr.validations import OWN, validation
from schemas.findings import Finding

ACK = "ACK"
ANSWER_RECORDS = frozenset({ACK, "MSG"})
"""Records that would be read as the answer's own if they were echoed."""

RECORD_EFFECTS = frozenset(
    {
        "cwr.out_of_place",
        "cwr.record_left_out",
        "cwr.record_not_allowed",
        "cwr.stray_record",
        "cwr.unknown_record",
    }
)
"""Findings after which a whole record does not count."""

MORE = " ..."
MIDNIGHT = "000000"


@dataclass(frozen=True, slots=True)
class Message:
    """A remark on one record of the original: ``record`` its type, ``sequence`` its place there.

    ``effect`` is what was rejected (``F`` field, ``R`` record, ``T`` transaction, ``G`` group, ``E`` file),
    ``level`` and ``number`` name the edit of the standard.
    """

    record: str
    sequence: int
    effect: str
    level: str
    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered to one transaction; ``echo`` are its lines as they were sent.

    ``status`` is one of the standard's: AS and AC accepted, as is and with changes, RA received, DU
    duplicate, CO conflict, NP no participation, RC claim rejected, RJ rejected.
    """

    kind: str
    group: int
    sequence: int
    status: str
    title: str = ""
    submitter_number: str = ""
    recipient_number: str = ""
    echo: tuple[str, ...] = ()
    messages: tuple[Message, ...] = ()


def message(finding: Finding, version: str, record: str, sequence: int, *, rejected: bool) -> Message:
    """The message for a finding on the record of type ``record`` at ``sequence`` of a transaction.

    ``rejected`` says whether the transaction was; only then does an error mean that it is the cause.
    """
    edit = validation(version, finding.code, record, finding.field)
    if finding.code in RECORD_EFFECTS:
        effect = "R"
    else:
        effect = "T" if rejected and finding.severity == "error" else "F"
    return Message(record, sequence, effect, edit.level, edit.number, finding.text("en"))


def file_message(finding: Finding, version: str, record: str, *, rejected: bool) -> Message:
    """The message for a finding on a control record, or on the file as such."""
    edit = validation(version, finding.code, record, finding.field)
    of_group = record.startswith("GR")
    level = edit.level if finding.field or edit.number != OWN else ("G" if of_group else "E")
    return Message(record, 0, "E" if rejected else "F", level, edit.number, finding.text("en"))


def write_acknowledgement(
    out: BinaryIO, sender: Sender, origin: Origin, answers: Iterable[Answer], processed: str
) -> Totals:
    """Write the acknowledgement file of the file ``origin`` to the seekable stream ``out``.

    Args:
        out: where to write.
        sender: who answers.
        origin: the file that is answered; the answer has its version.
        answers: one per transaction, in the order of the original.
        processed: the ISO date of processing.
    """
    records = RecordWriter(origin.version)
    transmission = TransmissionWriter(out, records, sender)
    for answer in answers:
        transmission.transaction(ACK, list(_lines(records, origin, answer, cwr_date(processed))))
    return transmission.close(ACK)


def _lines(records: RecordWriter, origin: Origin, answer: Answer, processed: str) -> Iterator[str]:
    layout = records.layout(ACK)
    kind = answer.kind if _allowed(layout, answer.kind) else "HDR"
    values = {
        # An answer needs the instant of the file; one that states none is told by the day of processing.
        "creation_date": origin.creation_date if iso_date(origin.creation_date) else processed,
        "creation_time": origin.creation_time if seconds(origin.creation_time) >= 0 else MIDNIGHT,
        "original_group": str(answer.group),
        "original_sequence": str(answer.sequence),
        "original_type": kind,
        "title": answer.title,
        "submitter_number": answer.submitter_number,
        "recipient_number": answer.recipient_number.upper(),
        "processing_date": processed,
        "status": answer.status,
    }
    yield records.write(Record(ACK, values)).line
    waiting: dict[int, list[Message]] = defaultdict(list)
    for item in answer.messages:
        waiting[item.sequence].append(item)
    echo = answer.echo if kind == answer.kind else ()
    for sequence, line in enumerate(echo):
        yield from _messages(records, waiting.pop(sequence, ()), kind)
        if records.has(line[:3]) and line[:3] not in ANSWER_RECORDS:
            yield "".join(parse(records.layout(line[:3]), line))
    for sequence in sorted(waiting):
        yield from _messages(records, waiting[sequence], kind)


def _allowed(layout: Layout, kind: str) -> bool:
    return judge(layout.fields[layout.index["original_type"]], kind) is None


def _messages(records: RecordWriter, messages: Sequence[Message], kind: str) -> Iterator[str]:
    layout = records.layout("MSG")
    size = layout.fields[layout.index["text"]].size
    for item in messages:
        text = " ".join(fold(item.text).upper().split())
        yield records.write(
            Record(
                "MSG",
                {
                    "message_type": item.effect,
                    "original_record_sequence": str(item.sequence),
                    # A line may begin with anything, and the field must not be blank.
                    "original_record_type": fold(item.record).strip()[:3] or kind,
                    "message_level": item.level,
                    "validation_number": item.number,
                    "text": text if len(text) <= size else text[: size - len(MORE)] + MORE,
                },
            )
        ).line
