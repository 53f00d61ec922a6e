"""Answers questions of a batch from facts read ahead, by decisions taken before for facts of the same shape.

A million recordings have a few hundred shapes of shares and mandates between them. What each shape comes to
is decided by ``resolve`` once; an answer is then a matter of filling in names. Whatever is particular about a
question - conflicts settled, notices, agreements between publishers, several works in a recording, sources
that have to be asked in another way - has no shape here, and ``resolve`` answers it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from hub.answers import agreement
from hub.answers.agreement import least_agreed
from hub.answers.answer import Answer, Line, summed, told, whole
from hub.answers.book import RegisterBook
from hub.answers.cards import Card, card
from hub.answers.decisions import Decision, Facts, Reasons, ShareLine, Shares, Watched, decided
from hub.answers.embodied import BY_REGISTRATION
from hub.answers.forms import Form, gap
from hub.answers.mandates import Matter
from hub.answers.question import Question
from hub.answers.read_ahead import NOBODY
from hub.answers.resolve import Resolver
from hub.answers.statements import Occasion, gather
from hub.catalogue.ahead import Ahead
from hub.catalogue.identifier_schemes import RECORDING_IN_WORK
from hub.catalogue.subjects import Linked, mentioned_in
from hub.links.clustering import AUTHOR
from schemas.json_bytes import kept, text_bytes
from schemas.rights import CATEGORIES
from schemas.shares import WHOLE

KEPT = 10_000
"""Decisions kept for one instant, and shapes of shares for all of them."""

_NEW = object()
"""Nothing was decided yet."""

_shares: dict[tuple[object, ...], Shares] = {}
"""Shares rest on nothing but what sources say, so they are the same at every instant."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a name stands for, and the card of the work or recording whose shares are asked for."""

    subject: Linked
    card: Card
    labelled: bool
    """Whether lines say of which work they are: a recording was asked for."""
    also: Reasons
    """Reasons that all lines have: how the work of a recording is known."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What is known of a question's subject, and the lines of its answer in their order."""

    known: Known
    shares: Shares
    lines: list[tuple[Decision, Facts]]


class Recurring:
    """Answers from the facts of one batch."""

    def __init__(self, connection: Connection, book: RegisterBook, facts: Ahead) -> None:
        self._connection = connection
        self._book = book
        self._facts = facts
        if facts.standing is None:
            raise ValueError("facts read ahead bring what stands at their instant")
        self._standing = facts.standing
        self._forms: dict[tuple[object, ...], Form] = {}
        self._sums: dict[tuple[tuple[str, int], ...], bytes] = {}

    def unknown(self, question: Question) -> bool:
        """Whether it is certain that nobody names the subject; where something may, ``resolve`` looks."""
        named = self._facts.named
        return question.scheme == "isrc" and all(
            named.get((scheme, question.value)) == NOBODY for scheme in ("isrc", RECORDING_IN_WORK)
        )

    def answer(self, question: Question) -> Answer | None:
        """The answer, or None where nothing was decided for such facts."""
        found = self.decided(question)
        if found is None:
            return None
        known = found.known
        here = known.card
        work = here.subject.as_json() if known.labelled else None
        lines: list[Line] = [decision.line(facts, work, known.also) for decision, facts in found.lines]
        lines += found.shares.rest(here, work, known.also)
        used = [here.declared[place] for place in found.shares.used]
        sources = {(item.submission, item.position): item.as_source() for item in used}
        return Answer(
            question, self._facts.at, known.subject.as_json(), tuple(lines), tuple(sources.values())
        ).priced()

    def encoded(self, question: Question) -> bytes | None:
        """The same as bytes; an amount is not split here."""
        if question.amount is not None:
            return None
        found = self.decided(question)
        return None if found is None else self.shown(question, found)

    def shown(self, question: Question, found: Decided) -> bytes:
        """The bytes of an answer from the decisions over it."""
        known = found.known
        here = known.card
        label = here.label if known.labelled else b""
        lines: list[bytes] = []
        parts: list[tuple[str, int]] = []
        for decision, facts in found.lines:
            lines.append(decision.shown(facts, label, known.also))
            parts.append((decision.status, facts.line.share))
        lines += found.shares.shown_rest(here, label, known.also)
        parts += found.shares.left
        key = tuple(parts)
        sums = self._sums.get(key)
        if sums is None:
            sums = self._sums[key] = kept(told(summed(parts)))
        return self._form(question).filled(
            (
                text_bytes(question.subject),
                kept(known.subject.as_json()) if known.labelled else here.label,
                b"[" + b",".join(lines) + b"]",
                sums,
                b"[" + b",".join(here.shown_sources(found.shares.used)) + b"]",
            )
        )

    def _form(self, question: Question) -> Form:
        asked = question.right, question.use, question.territory, question.on, question.paid_on
        form = self._forms.get((*asked, question.policy))
        if form is None:
            scheme, _, value = gap(0).partition(":")
            marked = replace(question, scheme=scheme, value=value).as_json(self._facts.at)
            form = Form(whole(marked, gap(1), question.policy, gap(2), gap(3), gap(4)))
            self._forms[*asked, question.policy] = form
        return form

    def known(self, scheme: str, value: str, domain: str) -> Known | None:
        """What a name stands for where rights in works, or in recordings, are asked for.

        None where that is for ``resolve`` to say.
        """
        found = self._subject(scheme, value)
        if found is None:
            return None
        subject, cluster = found
        labelled = domain != subject.kind
        also: Reasons = ()
        if labelled:
            embodied = self._work_of(subject) if domain == "work" else None
            if embodied is None:
                return None
            cluster, also = embodied
        here = card(self._facts, cluster)
        if here is None or here.subject.kind != domain:
            return None
        return Known(subject, here, labelled, also)

    def decided(self, question: Question) -> Decided | None:
        """The decisions that answer a question; None where nothing was decided for such facts."""
        if question.policy != agreement.POLICY:
            return None
        known = self.known(question.scheme, question.value, CATEGORIES[question.right])
        if known is None:
            return None
        shares = self._shares(known.card, question)
        lines = []
        for share in shares.lines:
            line = self._line(known.card, share, question, known.subject)
            if line is None:
                return None
            lines.append(line)
        if len(lines) > 1:
            lines.sort(key=_rank)
        return Decided(known, shares, lines)

    def _subject(self, scheme: str, value: str) -> tuple[Linked, int] | None:
        """The subject that a name stands for and its cluster, where it stands for one only.

        A recording that only work registrations mention belongs to no cluster; 0 stands for none.
        """
        facts = self._facts
        called = facts.named.get((scheme, value))
        if called:
            cluster = facts.only_cluster(called)
            subject = None if cluster is None else facts.linked.get(cluster)
            return None if cluster is None or subject is None else (subject, cluster)
        work = self._mentioning(value) if scheme == "isrc" else None
        titled = None if work is None else facts.linked.get(work)
        return None if titled is None else (mentioned_in(titled, value), 0)

    def _mentioning(self, isrc: str) -> int | None:
        """The only work whose registrations mention a recording's ISRC."""
        works = self._facts.named.get((RECORDING_IN_WORK, isrc))
        return self._facts.only_cluster(works) if works else None

    def _work_of(self, recording: Linked) -> tuple[int, Reasons] | None:
        """The only work of a recording and how it is known, where no person judged about it."""
        facts = self._facts
        work: int | None = None
        for member in recording.members:
            judged = facts.judged.get(member)
            # What the matcher found counts only where nobody names a work.
            if judged is None or any(row.author != AUTHOR for row in judged):
                return None
            for item in facts.declared[member]:
                for row in facts.references[item.id]:
                    found = facts.named.get(("iswc", row.iswc)) if row.iswc else None
                    if not found or row.weight not in (0, WHOLE) or len(facts.references[item.id]) > 1:
                        return None
                    cluster = facts.only_cluster(found)
                    if cluster is None or work not in (None, cluster):
                        return None
                    work = cluster
        if work is not None:
            return work, ()
        codes = recording.codes("isrc")
        work = self._mentioning(codes[0]) if len(codes) == 1 else None
        return None if work is None else (work, BY_REGISTRATION)

    def _shares(self, here: Card, asked: Question) -> Shares:
        key = here.shape, asked.right, asked.use, asked.territory, asked.on, asked.paid_on
        found = _shares.get(key)
        if found is None:
            occasion = Occasion(asked.right, asked.use, asked.territory, asked.on, asked.paid_on)
            said = gather(self._connection, here.declared, occasion, self._facts.at)
            found = Shares(here, said, least_agreed(said.sources), occasion)
            if len(_shares) >= KEPT:
                _shares.clear()
            _shares[key] = found
        return found

    def _line(
        self, here: Card, share: ShareLine, question: Question, subject: Linked
    ) -> tuple[Decision, Facts] | None:
        granted = [
            item
            for item in self._book.granted(here.parties.identifiers[share.party], question.right)
            if item.rows
        ]
        if len(granted) > 1:
            return None
        shape = granted[0].shape(question.on) if granted else ()
        if shape is None:
            return None
        societies = share.societies(here)
        facts = Facts(here, share, granted[0] if granted else None, societies)
        key = (
            shape, *societies, share.reasons, question.right, question.use, question.territory, question.on,
        )  # fmt: skip
        kept = self._standing.decisions
        found = kept.get(key, _NEW)
        if found is _NEW:
            found = self._decide(question, facts, subject, key)
        return None if found is None else (found, facts)

    def _decide(
        self, question: Question, facts: Facts, subject: Linked, key: tuple[Any, ...]
    ) -> Decision | None:
        """Run the rules for these facts, and keep what they say for others like them."""
        kept, here, share = self._standing.decisions, facts.card, facts.line
        if len(kept) >= KEPT:
            kept.clear()
        works = codes(here.subject) | codes(subject)
        matter = Matter(question.right, question.use, question.territory, question.on, works)
        book = Watched(self._book)
        resolver = Resolver(self._connection, question, self._facts.at, book, self._standing, set())
        asserted = [facts.asserted(place) for place in range(len(facts.societies))]
        party = here.identity(share.party, share.row, share.role, tuple(facts.societies.items()))
        line = resolver.line(party, share.share, matter, asserted, reasons=share.reasons)
        found = None if book.particular else decided(line, facts, asserted, self._standing.societies)
        kept[key] = found
        return found


def _rank(line: tuple[Decision, Facts]) -> tuple[int, str, str]:
    share = line[1].line
    return -share.share, line[1].card.name(share.row), share.role


def codes(subject: Linked) -> frozenset[str]:
    """The codes of a subject by which mandates may name it."""
    return frozenset(
        [f"{scheme}:{value}" for scheme, value in subject.identifiers if scheme in ("iswc", "isrc")]
    )
