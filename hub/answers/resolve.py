"""The rules for one question: subject, claims, agreement, mandates, accreditation - in that order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from hub.answers import accreditation, embodied, one_society, public_domain
from hub.answers.agreement import Agreement
from hub.answers.answer import Answer, Candidate, Claimant, Line, Payee, scaled
from hub.answers.book import RegisterBook
from hub.answers.mandates import Mandate, MandateBook, Matter
from hub.answers.question import Question
from hub.answers.share_policies import agree
from hub.answers.standing import Standing, standing
from hub.answers.statements import Identity, Occasion, gather
from hub.answers.walk import Chain, Ending, Outcome, walk
from hub.catalogue.subjects import Declared, Linked, declarations, find, load
from hub.conflicts.settlements import set_aside
from hub.db.counters import horizon
from hub.errors import UsageError
from hub.naming import public_id
from schemas.rights import CATEGORIES
from schemas.shares import WHOLE


def resolve(
    connection: Connection,
    question: Question,
    book: MandateBook | None = None,
    days: set[dt.date] | None = None,
) -> Answer:
    """Answer on an open connection, as known at the question's instant or else at the horizon.

    ``book`` is the mandate register as known at that instant, when the caller has it already; ``days``
    collects the days on which shares begin or end.
    """
    at = horizon(connection) if question.known_at is None else question.known_at
    subject = find(connection, question.scheme, question.value, at)
    desk = Resolver(
        connection,
        question,
        at,
        book or RegisterBook(connection, at),
        standing(connection, at),
        set() if days is None else days,
    )
    declared = declarations(connection, subject.members, at)
    domain = CATEGORIES[question.right]
    if domain == "work" and subject.kind == "recording":
        lines, used = desk.recording_by_works(subject, declared)
    elif domain == subject.kind:
        lines, used = desk.lines(subject, declared)
    else:
        raise UsageError(f"right {question.right} exists in a recording; ask by its ISRC, not by a work")
    sources = {(item.submission, item.position): item.as_source() for item in used}
    return Answer(question, at, subject.as_json(), tuple(lines), tuple(sources.values())).priced()


@dataclass(frozen=True, slots=True)
class Resolver:
    """What stays the same while one question is answered."""

    connection: Connection
    question: Question
    at: int
    book: MandateBook
    standing: Standing
    days: set[dt.date]

    def recording_by_works(
        self, subject: Linked, declared: Sequence[Declared]
    ) -> tuple[list[Line], list[Declared]]:
        """A works' right in a recording: the lines of each linked work, weighted."""
        found = embodied.works_of(self.connection, subject, declared, self.at)
        lines: list[Line] = []
        used: list[Declared] = []
        for cluster, weight in found.weights.items():
            work = load(self.connection, cluster, self.at)
            stated = declarations(self.connection, work.members, self.at)
            of_work, sources = self.lines(work, stated, also=subject)
            lines += scaled(of_work, weight)
            used += sources
        if found.missing:
            lines.append(Line(None, "", found.missing, "unclaimed", reasons=found.reasons))
        elif found.reasons:
            lines = [replace(line, reasons=(*line.reasons, *found.reasons)) for line in lines]
        return lines, used

    def lines(
        self, subject: Linked, declared: Sequence[Declared], also: Linked | None = None
    ) -> tuple[list[Line], list[Declared]]:
        """The lines of one work, or of one recording for its neighbouring rights.

        ``also`` is the recording in which a work is used: a mandate may be limited to that, and each line
        says of which work it is.
        """
        question = self.question
        label = subject.as_json() if also is not None else None
        free = self._public_domain(subject, label)
        if free is not None:
            return [free], []
        declared, decided = self._undecided(declared)
        occasion = Occasion(question.right, question.use, question.territory, question.on, question.paid_on)
        said = gather(self.connection, declared, occasion, self.at)
        self.days.update(said.days)
        outcome = agree(question.policy, self.connection, said, occasion, self.at)
        works = frozenset(
            f"{scheme}:{value}"
            for named in (subject, also)
            if named is not None
            for scheme, value in named.identifiers
            if scheme in ("iswc", "isrc")
        )
        matter = Matter(question.right, question.use, question.territory, question.on, works)
        by_id = {str(item.id): item for item in said.used}
        if isinstance(self.book, RegisterBook):
            agreed = [said.parties[item.party] for item in outcome.agreed if item.share]
            self.book.read_ahead({code for party in agreed for code in party.identifiers}, question.right)
        lines = [
            self.line(
                said.parties[item.party],
                item.share,
                matter,
                assertions(said.parties[item.party], by_id),
                hops=said.hops.get(item.party, ()),
                reasons=(
                    *said.reasons.get(item.party, ()),
                    *(("rounding_rest",) if item.rounded else ()),
                    *decided,
                ),
                work=label,
            )
            for item in outcome.agreed
            if item.share
        ]
        lines += [
            self.line(
                said.parties[item.party],
                item.share,
                matter,
                assertions(said.parties[item.party], by_id),
                hops=said.hops.get(item.party, ()),
                reasons=("first_notifier", *said.reasons.get(item.party, ()), *decided),
                work=label,
            )
            for item in outcome.provisional
        ]
        lines.sort(key=lambda line: (-line.share, line.party["name"] if line.party else "", line.role))
        lines += rest(outcome, said.parties, label, stated=bool(said.sources))
        return lines, list(said.used)

    def _public_domain(self, subject: Linked, label: Mapping[str, Any] | None) -> Line | None:
        """The only line of a subject that a decision has put into the public domain on the day."""
        question = self.question
        found = public_domain.decisions(self.connection, subject.members, self.at)
        self.days.update(day for item in found for day in (item.valid_from, item.valid_to))
        for item in found:
            if item.holds(question.right, question.use, question.territory, question.on):
                return Line(
                    None, "", WHOLE, "unclaimed", reasons=("public_domain",), work=label,
                    decision=item.as_json(),
                )  # fmt: skip
        return None

    def _undecided(self, declared: Sequence[Declared]) -> tuple[Sequence[Declared], tuple[str, ...]]:
        """The sources without those that a settlement about this right sets aside on the day, and why."""
        settled = set_aside(
            self.connection, [item.subject_id for item in declared], self.question.right, self.at
        )
        self.days.update(day for _, *span in settled for day in span)
        back = {loser for loser, start, end in settled if start <= self.question.on < end}
        kept = [item for item in declared if item.subject_id not in back]
        return (kept, ("conflict_settled",)) if back and kept else (declared, ())

    def line(
        self,
        party: Identity,
        share: int,
        matter: Matter,
        asserted: Sequence[Mandate],
        *,
        hops: Chain = (),
        reasons: tuple[str, ...] = (),
        work: Mapping[str, Any] | None = None,
    ) -> Line:
        """The line of one party's share: where the walk from it ends, and what hinders its payment."""
        outcome = walk(self.book, frozenset(party.identifiers), asserted, matter)
        reasons = (*outcome.reasons, *reasons)
        status, payee = outcome.status, None
        candidates: tuple[Candidate, ...] = ()
        if status == "disputed":
            candidates = self._candidates(outcome)
        elif status != "unrepresented":
            payee = self._payee(outcome.endings[0])
            hindered = accreditation.hindrance(
                self.standing.licensed, payee.code, matter.right, matter.use, matter.territory, matter.on
            )
            if hindered:
                status, reasons = "held", (*reasons, hindered)
        if self.standing.rules and status != "unrepresented":
            status, reasons = self._as_one_society(party, payee, matter, status, reasons)
        return Line(
            party.as_json(), party.role, share, status, payee=payee, candidates=candidates,
            chain=(*hops, *outcome.chain), reasons=reasons, rejected=outcome.rejected, work=work,
        )  # fmt: skip

    def _as_one_society(
        self, party: Identity, payee: Payee | None, matter: Matter, status: str, reasons: tuple[str, ...]
    ) -> tuple[str, tuple[str, ...]]:
        """The status and reasons where the law lets one society only collect."""
        mandates = self.book.of_party(frozenset(party.identifiers), matter.right)
        against, waits = one_society.breached(
            self.standing.rules,
            payee.code if payee else "",
            lambda rule: one_society.societies_entrusted(mandates, party.identifiers, rule, matter),
            matter,
        )
        if against:
            reasons = (*reasons, one_society.REASON)
        return "held" if waits and status == "payable" else status, reasons

    def _candidates(self, outcome: Outcome) -> tuple[Candidate, ...]:
        found = {
            (ending.holder, ending.chain): Candidate(self._payee(ending), ending.chain)
            for ending in outcome.endings
        }
        return tuple(
            sorted(found.values(), key=lambda item: (item.payee.code, [step.name for step in item.chain]))
        )

    def _payee(self, ending: Ending) -> Payee:
        society = self.standing.societies.get(ending.holder)
        if society is not None:
            return Payee(society.code, society.name)
        last = ending.chain[-1]
        return Payee(ending.holder, last.grantor_name if last.grantor == ending.holder else ending.holder)


def assertions(party: Identity, declared: Mapping[str, Declared]) -> list[Mandate]:
    """The societies that registrations name for a party, one mandate of basis ``assertion`` for each.

    That several registrations say the same makes no difference: the first one known stands for them.
    """
    found: dict[str, Mandate] = {}
    for society, number in sorted(party.affiliations):
        if society not in found:
            found[society] = assertion(party.ipi, party.name, society, declared[str(number)])
    return list(found.values())


def assertion(ipi: str, name: str, society: str, source: Declared) -> Mandate:
    """The society that a registration names for a party, as a mandate."""
    return Mandate(
        name="registration:" + public_id("d", source.submission, source.position),
        grantor_type="party",
        grantor=ipi or name,
        grantor_name=name,
        holder=society,
        basis="assertion",
        source=(source.submission, source.position),
    )


def rest(
    outcome: Agreement, parties: Mapping[str, Identity], work: Mapping[str, Any] | None, *, stated: bool
) -> list[Line]:
    """What is contested, and what nobody claims; ``stated`` tells whether any source states shares."""
    lines: list[Line] = []
    if outcome.contested:
        claimants = tuple(
            Claimant(parties[item.party].as_json(), item.share, item.high)
            for item in outcome.agreed
            if item.high > item.share
        )
        reasons = ["overclaim" if sum(item.low for item in outcome.agreed) > WHOLE else "sources_disagree"]
        if outcome.withheld:
            reasons.append("counterclaim_documented")
        lines.append(
            Line(
                None, "", outcome.contested, "contested", claimants=claimants, reasons=tuple(reasons),
                work=work,
            )
        )  # fmt: skip
    if outcome.unclaimed:
        reason = "shares_missing" if stated else "no_claims"
        lines.append(Line(None, "", outcome.unclaimed, "unclaimed", reasons=(reason,), work=work))
    return lines
