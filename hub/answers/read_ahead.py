"""Reads for a batch of questions at once what answering them will look up, some twenty statements in all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, select

from hub import registers
from hub.answers import public_domain
from hub.answers.book import RegisterBook
from hub.answers.embodied import judgements_query, references_query
from hub.answers.mandates import Mandate
from hub.answers.question import Question
from hub.answers.statements import bases_query, claims_query, names_query
from hub.catalogue.ahead import Ahead, keep
from hub.catalogue.subjects import RECORDING_IN_WORK, Declared, Linked, declarations_query
from hub.conflicts.settlements import about_shares
from hub.db.tables import (
    CLUSTER_MEMBER,
    DECLARATION,
    IDENTIFIER,
    MANDATE,
    PARTY_IDENTIFIERS,
    SUBJECT,
    TITLE,
)
from hub.db.times import as_known

MOST = 1_000
"""Keys in one statement: every database takes so many parameters."""

Key = TypeVar("Key", int, str)


class WideBook(RegisterBook):
    """The mandate register of one instant, with the mandates of many parties read at once."""

    def __init__(self, connection: Connection, at: int) -> None:
        super().__init__(connection, at)
        self._granted: dict[str, list[Mandate]] = {}

    def read_ahead(self, keys: Collection[str]) -> None:
        """Read the mandates granted under any of these identifiers that were not read before."""
        fresh = [key for key in keys if key not in self._granted]
        for part in _parts(fresh):
            self._granted.update({key: [] for key in part})
            for mandate in self._read("party", MANDATE.c.grantor_id.in_(part)):
                self._granted[mandate.grantor].append(mandate)

    def of_party(self, keys: frozenset[str]) -> Sequence[Mandate]:
        """Mandates granted under any of these identifiers."""
        if all(key in self._granted for key in keys):
            return [mandate for key in sorted(keys) for mandate in self._granted[key]]
        return super().of_party(keys)


def read_ahead(connection: Connection, book: WideBook, questions: Iterable[Question], at: int) -> None:
    """Read what these questions need, in place of what was read ahead before."""
    facts = Ahead(at, societies=registers.entries(connection, at))
    reader = _Reader(connection, facts)
    asked = {(item.scheme, item.value) for item in questions}
    reader.names(asked)
    subjects = {number for found in facts.named.values() for number in found}
    subjects |= reader.linked(subjects)
    reader.linked(reader.works(subjects))
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
        rows = self._rows(
            lambda part: (
                select(IDENTIFIER.c.value, IDENTIFIER.c.subject_id)
                .join(DECLARATION, DECLARATION.c.id == IDENTIFIER.c.declaration_id)
                .where(
                    IDENTIFIER.c.scheme == scheme,
                    IDENTIFIER.c.value.in_(part),
                    as_known(DECLARATION, self._at),
                )
            ),
            values,
        )
        for value, subject in rows:
            named[scheme, value].add(subject)

    def _by_public_id(self, kind: str, values: Collection[str]) -> None:
        self._facts.named.update({(kind, value): set() for value in values})
        rows = self._rows(
            lambda part: (
                select(SUBJECT.c.public_id, SUBJECT.c.id)
                .join(DECLARATION, DECLARATION.c.subject_id == SUBJECT.c.id)
                .where(SUBJECT.c.public_id.in_(part), SUBJECT.c.kind == kind, as_known(DECLARATION, self._at))
            ),
            values,
        )
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
            rows = self._rows(
                lambda part, submitter=submitter: (  # type: ignore[misc]
                    select(SUBJECT.c.ref, SUBJECT.c.id)
                    .join(DECLARATION, DECLARATION.c.subject_id == SUBJECT.c.id)
                    .where(
                        SUBJECT.c.submitter == submitter,
                        SUBJECT.c.ref.in_(part),
                        SUBJECT.c.kind.in_(("work", "recording")),
                        as_known(DECLARATION, self._at),
                    )
                ),
                refs,
            )
            for ref, subject in rows:
                named["society-code", f"{submitter}:{ref}"].add(subject)
        others = [value for value in values if not named["society-code", value]]
        self._identified("code", others)
        for value in others:
            named["society-code", value] = named["code", value]

    def linked(self, subjects: Collection[int]) -> set[int]:
        """Load the linked subjects that these belong to with what is known of them; returns all members."""
        facts = self._facts
        self._clusters(subjects)
        wanted = {facts.clusters[subject] for subject in subjects} - facts.linked.keys()
        members: dict[int, set[int]] = {cluster: {cluster} for cluster in wanted}
        for row in self._rows(
            lambda part: select(CLUSTER_MEMBER).where(
                CLUSTER_MEMBER.c.cluster_id.in_(part), as_known(CLUSTER_MEMBER, self._at)
            ),
            wanted,
        ):
            members[row.cluster_id].add(row.subject_id)
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

    def _clusters(self, subjects: Collection[int]) -> None:
        fresh = [subject for subject in subjects if subject not in self._facts.clusters]
        self._facts.clusters.update({subject: subject for subject in fresh})
        for row in self._rows(
            lambda part: select(CLUSTER_MEMBER).where(
                CLUSTER_MEMBER.c.subject_id.in_(part), as_known(CLUSTER_MEMBER, self._at)
            ),
            fresh,
        ):
            self._facts.clusters[row.subject_id] = row.cluster_id

    def _declared(self, subjects: Collection[int]) -> None:
        fresh = [subject for subject in subjects if subject not in self._facts.declared]
        self._facts.declared.update({subject: [] for subject in fresh})
        self._facts.settled.update({subject: [] for subject in fresh})
        for row in self._rows(lambda part: about_shares(part, self._at), fresh):
            self._facts.settled[row.loser].append(row)
        self._facts.public_domain.update({subject: [] for subject in fresh})
        for row in self._rows(lambda part: public_domain.query(part, self._at), fresh):
            self._facts.public_domain[row.subject_id].append(row)
        for row in self._rows(lambda part: declarations_query(part, self._at), fresh):
            item = Declared(*row)
            self._facts.declared[item.subject_id].append(item)

    def _describe(self, clusters: dict[int, list[int]]) -> None:
        """The canonical member, title and identifiers of linked subjects, as ``subjects.load`` gives them."""
        everyone = [subject for members in clusters.values() for subject in members]
        firsts = {
            row.id: row
            for row in self._rows(
                lambda part: select(SUBJECT).where(SUBJECT.c.id.in_(part)),
                [members[0] for members in clusters.values()],
            )
        }
        titles: dict[int, str] = {}
        for subject, text in self._rows(
            lambda part: (
                select(TITLE.c.subject_id, TITLE.c.text)
                .join(DECLARATION, DECLARATION.c.id == TITLE.c.declaration_id)
                .where(TITLE.c.subject_id.in_(part), as_known(DECLARATION, self._at))
                .order_by(TITLE.c.subject_id, TITLE.c.id)
            ),
            everyone,
        ):
            titles.setdefault(subject, text)
        codes: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for subject, scheme, value in self._rows(
            lambda part: (
                select(IDENTIFIER.c.subject_id, IDENTIFIER.c.scheme, IDENTIFIER.c.value)
                .join(DECLARATION, DECLARATION.c.id == IDENTIFIER.c.declaration_id)
                .where(IDENTIFIER.c.subject_id.in_(part), as_known(DECLARATION, self._at))
                .order_by(IDENTIFIER.c.subject_id, IDENTIFIER.c.scheme, IDENTIFIER.c.value)
            ),
            everyone,
        ):
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
        for row in self._rows(lambda part: judgements_query(part, self._at), own):
            facts.judged[row.left_id].append(row)
            found.add(row.right_id)
        stated = {item.id: item for subject in own for item in facts.declared[subject]}
        facts.references.update({number: [] for number in stated})
        refs: dict[str, set[str]] = defaultdict(set)
        iswcs: set[str] = set()
        for row in self._rows(references_query, list(stated)):
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
            for ref, subject in self._rows(
                lambda part, submitter=submitter: select(SUBJECT.c.ref, SUBJECT.c.id).where(  # type: ignore[misc]
                    SUBJECT.c.kind == "work", SUBJECT.c.submitter == submitter, SUBJECT.c.ref.in_(part)
                ),
                numbers,
            ):
                self._facts.numbered[submitter, ref].add(subject)

    def claims(self) -> set[str]:
        """The claims of every declaration read so far; returns the identifiers of all their parties."""
        facts = self._facts
        stated = [item.id for found in facts.declared.values() for item in found]
        facts.claims.update({number: [] for number in stated})
        parties: set[str] = set()
        names: set[str] = set()
        numbers: set[str] = set()
        for row in self._rows(claims_query, stated):
            facts.claims[row.declaration_id].append(row)
            parties |= {code for name in PARTY_IDENTIFIERS if (code := getattr(row, name))}
            names |= {row.ipi_name} - {""}
            numbers |= {row.ipi_base} - {""}
        self._bases(names)
        numbers |= {facts.bases[name] for name in names} - {""}
        facts.aliases.update({number: set() for number in numbers})
        self._bases({row.ipi_name for row in self._rows(lambda part: names_query(part, self._at), numbers)})
        for name, base in facts.bases.items():
            if base in facts.aliases:
                facts.aliases[base].add(name)
        return parties.union(numbers, *facts.aliases.values())

    def _bases(self, names: Collection[str]) -> None:
        """The base numbers of name numbers, empty where none is known."""
        bases = self._facts.bases
        fresh = [name for name in names if name not in bases]
        bases.update(dict.fromkeys(fresh, ""))
        bases.update(self._rows(lambda part: bases_query(part, self._at), fresh))

    def _rows(self, query: Callable[[Sequence[Key]], Select[Any]], keys: Collection[Key]) -> Iterator[Any]:
        for part in _parts(keys):
            yield from self._connection.execute(query(part))


def _parts(keys: Collection[Key]) -> Iterator[list[Key]]:
    """Keys in a fixed order, so many at a time as a statement takes."""
    ordered = sorted(set(keys))
    for start in range(0, len(ordered), MOST):
        yield ordered[start : start + MOST]
