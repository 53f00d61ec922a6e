"""Reads for a batch of questions at once what answering them will look up, some twenty statements in all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from operator import attrgetter

from sqlalchemy import Connection

from hub.answers import public_domain
from hub.answers.book import RegisterBook
from hub.answers.embodied import JUDGED, OWN_WORKS, REFERENCES
from hub.answers.question import Question
from hub.answers.standing import standing
from hub.answers.statements import BASES, CLAIMS, NAMES
from hub.catalogue import subjects
from hub.catalogue.ahead import Ahead, keep
from hub.catalogue.subjects import RECORDING_IN_WORK, Declared, Linked
from hub.conflicts.settlements import ABOUT_SHARES
from hub.db.tables import PARTY_IDENTIFIERS

_NUMBERS = attrgetter(*PARTY_IDENTIFIERS)


def read_ahead(connection: Connection, book: RegisterBook, questions: Iterable[Question], at: int) -> None:
    """Read what these questions need, in place of what was read ahead before."""
    facts = Ahead(at, standing=standing(connection, at))
    reader = _Reader(connection, facts)
    asked = {(item.scheme, item.value) for item in questions}
    reader.names(asked)
    asked_for = {number for found in facts.named.values() for number in found}
    asked_for |= reader.linked(asked_for)
    reader.linked(reader.works(asked_for))
    parties = reader.claims()
    keep(connection, facts)
    book.read_ahead(parties)


class _Reader:
    """Fills the facts step by step; each step asks for what the one before has found."""

    def __init__(self, connection: Connection, facts: Ahead) -> None:
        self._connection = connection
        self._facts = facts
        self._at = facts.at

    def names(self, asked: Collection[tuple[str, str]]) -> None:
        """Source subjects by their names in questions."""
        by_scheme: dict[str, set[str]] = defaultdict(set)
        for scheme, value in asked:
            by_scheme[scheme].add(value)
        for scheme in ("iswc", "isrc"):
            self._identified(scheme, by_scheme[scheme])
        self._identified(RECORDING_IN_WORK, by_scheme["isrc"])
        for scheme in ("work", "recording"):
            self._by_public_id(scheme, by_scheme[scheme])
        self._by_code(by_scheme["society-code"])

    def _identified(self, scheme: str, values: Collection[str]) -> None:
        named = self._facts.named
        named.update({(scheme, value): set() for value in values if (scheme, value) not in named})
        rows = subjects.IDENTIFIED.rows(self._connection, values, at=self._at, scheme=scheme)
        for value, subject in rows:
            named[scheme, value].add(subject)

    def _by_public_id(self, kind: str, values: Collection[str]) -> None:
        self._facts.named.update({(kind, value): set() for value in values})
        rows = subjects.PUBLIC.rows(self._connection, values, at=self._at, kind=kind)
        for value, subject in rows:
            self._facts.named[kind, value].add(subject)

    def _by_code(self, values: Collection[str]) -> None:
        """A society's own number; where it has none such, a number that others know its work by."""
        named = self._facts.named
        named.update({("society-code", value): set() for value in values})
        by_submitter: dict[str, list[str]] = defaultdict(list)
        for value in values:
            submitter, _, ref = value.partition(":")
            by_submitter[submitter].append(ref)
        for submitter, refs in by_submitter.items():
            rows = subjects.NUMBERED.rows(self._connection, refs, at=self._at, submitter=submitter)
            for ref, subject in rows:
                named["society-code", f"{submitter}:{ref}"].add(subject)
        others = [value for value in values if not named["society-code", value]]
        self._identified("code", others)
        for value in others:
            named["society-code", value] = named["code", value]

    def linked(self, named: Collection[int]) -> set[int]:
        """Load the linked subjects that these belong to with what is known of them; returns all members."""
        facts = self._facts
        self._clusters(named)
        wanted = {facts.clusters[subject] for subject in named} - facts.linked.keys()
        members: dict[int, set[int]] = {cluster: {cluster} for cluster in wanted}
        for cluster, subject in subjects.MEMBERS.rows(self._connection, wanted, at=self._at):
            members[cluster].add(subject)
        everyone = {subject for found in members.values() for subject in found}
        self._clusters(everyone)
        self._declared(everyone)
        kept = {
            cluster: sorted(
                subject for subject in found if facts.declared[subject] and facts.clusters[subject] == cluster
            )
            for cluster, found in members.items()
        }
        self._describe({cluster: found for cluster, found in kept.items() if found})
        return everyone

    def _clusters(self, named: Collection[int]) -> None:
        fresh = [subject for subject in named if subject not in self._facts.clusters]
        self._facts.clusters.update({subject: subject for subject in fresh})
        self._facts.clusters.update(subjects.CLUSTERS.rows(self._connection, fresh, at=self._at))

    def _declared(self, named: Collection[int]) -> None:
        fresh = [subject for subject in named if subject not in self._facts.declared]
        self._facts.declared.update({subject: [] for subject in fresh})
        self._facts.settled.update({subject: [] for subject in fresh})
        for row in ABOUT_SHARES.rows(self._connection, fresh, at=self._at):
            self._facts.settled[row.loser].append(row)
        self._facts.public_domain.update({subject: [] for subject in fresh})
        for row in public_domain.DECISIONS.rows(self._connection, fresh, at=self._at):
            self._facts.public_domain[row.subject_id].append(row)
        for row in subjects.DECLARATIONS.rows(self._connection, fresh, at=self._at):
            item = Declared(*row)
            self._facts.declared[item.subject_id].append(item)

    def _describe(self, clusters: dict[int, list[int]]) -> None:
        """The canonical member, title and identifiers of linked subjects, as ``subjects.load`` gives them."""
        everyone = [subject for members in clusters.values() for subject in members]
        leading = [members[0] for members in clusters.values()]
        firsts = {row.id: row for row in subjects.SUBJECTS.rows(self._connection, leading)}
        titles: dict[int, str] = {}
        for subject, text in subjects.TITLES.rows(self._connection, everyone, at=self._at):
            titles.setdefault(subject, text)
        codes: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for subject, scheme, value in subjects.CODES.rows(self._connection, everyone, at=self._at):
            codes[subject].append((scheme, value))
        for cluster, members in clusters.items():
            first = firsts[members[0]]
            self._facts.linked[cluster] = Linked(
                first.kind,
                first.public_id,
                tuple(members),
                next((titles[member] for member in members if member in titles), ""),
                tuple(dict.fromkeys(code for member in members for code in codes[member])),
            )

    def works(self, recordings: Collection[int]) -> set[int]:
        """Source works that these recordings may embody, by judgement, reference or mention."""
        facts = self._facts
        own = [
            subject
            for subject in recordings
            if any(item.kind == "recording" for item in facts.declared[subject])
        ]
        facts.judged.update({subject: [] for subject in own})
        found: set[int] = set()
        for row in JUDGED.rows(self._connection, own, at=self._at):
            facts.judged[row.left_id].append(row)
            found.add(row.right_id)
        stated = {item.id: item for subject in own for item in facts.declared[subject]}
        facts.references.update({number: [] for number in stated})
        refs: dict[str, set[str]] = defaultdict(set)
        iswcs: set[str] = set()
        for row in REFERENCES.rows(self._connection, stated):
            facts.references[row.declaration_id].append(row)
            if row.iswc:
                iswcs.add(row.iswc)
            elif row.ref:
                refs[stated[row.declaration_id].submitter].add(row.ref)
        self._identified("iswc", iswcs)
        self._identified(
            RECORDING_IN_WORK,
            {
                code
                for linked in facts.linked.values()
                if linked.kind == "recording"
                for code in linked.codes("isrc")
            },
        )
        self._numbered(refs)
        for names in (facts.named, facts.numbered):
            found |= {subject for subjects in names.values() for subject in subjects}
        return found - set(own)

    def _numbered(self, refs: dict[str, set[str]]) -> None:
        for submitter, numbers in refs.items():
            self._facts.numbered.update({(submitter, ref): set() for ref in numbers})
            for ref, subject in OWN_WORKS.rows(self._connection, numbers, submitter=submitter):
                self._facts.numbered[submitter, ref].add(subject)

    def claims(self) -> set[str]:
        """The claims of every declaration read so far; returns the identifiers of all their parties."""
        facts = self._facts
        stated = [item.id for found in facts.declared.values() for item in found]
        facts.claims.update({number: [] for number in stated})
        parties: set[str] = set()
        names: set[str] = set()
        numbers: set[str] = set()
        for row in CLAIMS.rows(self._connection, stated):
            facts.claims[row.declaration_id].append(row)
            parties.update(_NUMBERS(row))
            names |= {row.ipi_name} - {""}
            numbers |= {row.ipi_base} - {""}
        parties.discard("")
        self._bases(names)
        numbers |= {facts.bases[name] for name in names} - {""}
        facts.aliases.update({number: set() for number in numbers})
        self._bases({row.ipi_name for row in NAMES.rows(self._connection, numbers, at=self._at)})
        for name, base in facts.bases.items():
            if base in facts.aliases:
                facts.aliases[base].add(name)
        return parties.union(numbers, *facts.aliases.values())

    def _bases(self, names: Collection[str]) -> None:
        """The base numbers of name numbers, empty where none is known."""
        bases = self._facts.bases
        fresh = [name for name in names if name not in bases]
        bases.update(dict.fromkeys(fresh, ""))
        bases.update(BASES.rows(self._connection, fresh, at=self._at))
