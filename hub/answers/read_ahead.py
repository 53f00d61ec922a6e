"""Reads for a batch of questions at once what answering them will look up, some twenty statements in all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from operator import attrgetter

import orjson
from sqlalchemy import Connection

from hub.answers import agreement, public_domain
from hub.answers.book import RegisterBook
from hub.answers.contents import plain_codes, plain_references
from hub.answers.contents import said as said_in
from hub.answers.embodied import JUDGED, OWN_WORKS, REFERENCES
from hub.answers.question import Question
from hub.answers.standing import Standing
from hub.answers.statements import BASES, CLAIMS, NAMES
from hub.catalogue import subjects
from hub.catalogue.ahead import Ahead, keep
from hub.catalogue.identifier_schemes import RECORDING_IN_WORK
from hub.catalogue.subjects import Declared, Linked
from hub.conflicts.settlements import ABOUT_SHARES
from hub.db.tables import PARTY_IDENTIFIERS

NOBODY: frozenset[int] = frozenset()
"""Of an identifier that nobody declares; a report may ask for a hundred thousand such."""

_NUMBERS = attrgetter(*PARTY_IDENTIFIERS)
_NAME, _BASE = PARTY_IDENTIFIERS.index("ipi_name"), PARTY_IDENTIFIERS.index("ipi_base")


def read_ahead(connection: Connection, book: RegisterBook, questions: Sequence[Question], at: int) -> Ahead:
    """Read what these questions need, in place of what was read ahead before."""
    # Another policy looks at the claims of every source; this one takes what it can from their contents.
    contents = all(item.policy == agreement.POLICY for item in questions)
    asked = {(item.scheme, item.value) for item in questions}
    return read_of_names(connection, book, asked, {item.right for item in questions}, at, contents=contents)


def read_of_names(
    connection: Connection,
    book: RegisterBook,
    names: Collection[tuple[str, str]],
    rights: Collection[str],
    at: int,
    *,
    contents: bool = True,
) -> Ahead:
    """The same for subjects by (scheme, identifier), and the mandates of these rights; ``""`` is all."""
    standing = book.standing
    facts = Ahead(at, standing=standing)
    reader = _Reader(connection, facts, standing, contents=contents)
    reader.names(names)
    asked_for = {number for found in facts.named.values() for number in found}
    asked_for |= reader.linked(asked_for)
    reader.linked(reader.works(asked_for))
    parties = reader.claims()
    keep(connection, facts)
    for right in rights:
        book.read_ahead(parties, right)
    return facts


class _Reader:
    """Fills the facts step by step; each step asks for what the one before has found."""

    def __init__(self, connection: Connection, facts: Ahead, standing: Standing, *, contents: bool) -> None:
        self._contents = contents
        self._connection = connection
        self._standing = standing
        self._facts = facts
        self._at = facts.at

    def names(self, asked: Collection[tuple[str, str]]) -> None:
        """Source subjects by their names in questions."""
        by_scheme: dict[str, set[str]] = defaultdict(set)
        for scheme, value in asked:
            by_scheme[scheme].add(value)
        for scheme in ("iswc", "isrc"):
            self._identified(scheme, by_scheme[scheme])
        named = self._facts.named
        self._identified(RECORDING_IN_WORK, [code for code in by_scheme["isrc"] if not named["isrc", code]])
        for scheme in ("work", "recording"):
            self._by_public_id(scheme, by_scheme[scheme])
        self._by_code(by_scheme["society-code"])

    def _identified(self, scheme: str, values: Collection[str]) -> None:
        named = self._facts.named
        fresh = [value for value in values if (scheme, value) not in named]
        if fresh:
            named.update({(scheme, value): NOBODY for value in fresh})
            rows = subjects.IDENTIFIED.cells(self._connection, fresh, at=self._at, scheme=scheme)
            for value, subject in rows:
                named[scheme, value] |= {subject}

    def _by_public_id(self, kind: str, values: Collection[str]) -> None:
        self._facts.named.update({(kind, value): NOBODY for value in values})
        rows = subjects.PUBLIC.rows(self._connection, values, at=self._at, kind=kind)
        for value, subject in rows:
            self._facts.named[kind, value] |= {subject}

    def _by_code(self, values: Collection[str]) -> None:
        """A society's own number; where it has none such, a number that others know its work by."""
        named = self._facts.named
        named.update({("society-code", value): NOBODY for value in values})
        by_submitter: dict[str, list[str]] = defaultdict(list)
        for value in values:
            submitter, _, ref = value.partition(":")
            by_submitter[submitter].append(ref)
        for submitter, refs in by_submitter.items():
            rows = subjects.NUMBERED.rows(self._connection, refs, at=self._at, submitter=submitter)
            for ref, subject in rows:
                named["society-code", f"{submitter}:{ref}"] |= {subject}
        others = [value for value in values if not named["society-code", value]]
        self._identified("code", others)
        for value in others:
            named["society-code", value] = named["code", value]

    def linked(self, named: Collection[int]) -> set[int]:
        """Load the linked subjects that these belong to with what is known of them; returns all members."""
        facts = self._facts
        clusters = facts.clusters
        members: dict[int, list[int]] = {}
        fresh = [subject for subject in named if clusters.get(subject) not in facts.linked]
        for subject, cluster, fellow in subjects.FELLOWS.cells(self._connection, fresh, at=self._at):
            clusters[subject] = clusters[fellow] = cluster
            if cluster in members:
                members[cluster].append(fellow)
            else:
                members[cluster] = [fellow]
        for subject in fresh:
            # One that is not linked yet is its own cluster.
            members.setdefault(clusters.setdefault(subject, subject), [])
        everyone = {subject for found in members.values() for subject in found}.union(members)
        self._clusters(members)
        self._declared(everyone)
        declared = facts.declared
        kept: dict[int, list[int]] = {}
        for cluster, found in members.items():
            # The cluster's own key may belong to a subject that has moved to another cluster since.
            if cluster not in found and clusters[cluster] == cluster:
                found.append(cluster)
            known = {subject for subject in found if declared[subject]}
            if known:
                kept[cluster] = sorted(known)
        self._describe(kept)
        return everyone

    def _clusters(self, named: Collection[int]) -> None:
        clusters = self._facts.clusters
        fresh = [subject for subject in named if subject not in clusters]
        if fresh:
            clusters.update(zip(fresh, fresh, strict=True))
            # Rows of two columns are pairs already.
            clusters.update(subjects.CLUSTERS.cells(self._connection, fresh, at=self._at))

    def _declared(self, named: Collection[int]) -> None:
        facts = self._facts
        declared = facts.declared
        fresh = [subject for subject in named if subject not in declared]
        if not fresh:
            return
        declared.update({subject: [] for subject in fresh})
        few = self._standing.exceptions
        for row in ABOUT_SHARES.rows(self._connection, few.among("settled", fresh), at=self._at):
            facts.settled.setdefault(row.loser, []).append(row)
        decided = few.among("decided", fresh)
        for row in public_domain.DECISIONS.rows(self._connection, decided, at=self._at):
            facts.public_domain.setdefault(row.subject_id, []).append(row)
        for item in map(Declared._make, subjects.DECLARATIONS.cells(self._connection, fresh, at=self._at)):
            declared[item.subject_id].append(item)

    def _describe(self, clusters: dict[int, list[int]]) -> None:
        """The canonical member, title and identifiers of linked subjects, as ``subjects.load`` gives them."""
        declared, described = self._facts.declared, self._facts.linked
        titles: dict[int, str] = {}
        further: list[int] = []
        stated: dict[int, int] = {}
        codes: dict[int, list[tuple[str, str]]] = {}
        for members in clusters.values():
            for member in members:
                said = declared[member]
                if len(said) > 1:
                    # Their titles are known by the order in which they were written.
                    stated.update([(item.id, member) for item in said])
                    further += [item.id for item in said]
                    continue
                [only] = said
                content = orjson.loads(only.payload)
                plain = plain_codes(only.kind, content, member, self._facts.named)
                if plain is None:
                    stated[only.id] = member
                else:
                    codes[member] = plain
                # The first of a declaration's titles is the one that it calls so.
                title = content.get("title")
                if title:
                    titles[member] = title
                else:
                    further.append(only.id)
                if only.kind == "recording":
                    references = plain_references(only.id, content)
                    if references is not None:
                        self._facts.references[only.id] = references
                if self._contents and len(members) == 1:
                    found = said_in(only.payload, content)
                    if found is not None:
                        self._facts.said[only.id] = found
        titles |= subjects.titled(self._connection, further)
        codes |= subjects.coded(self._connection, stated)
        for cluster, members in clusters.items():
            first = declared[members[0]][0]
            described[cluster] = subjects.linked(first.kind, first.name, members, titles, codes)

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
        unread = [number for number in stated if number not in facts.references]
        facts.references.update({number: [] for number in unread})
        for row in REFERENCES.rows(self._connection, unread):
            facts.references[row.declaration_id].append(row)
        refs: dict[str, set[str]] = defaultdict(set)
        iswcs: set[str] = set()
        for number, item in stated.items():
            for row in facts.references[number]:
                if row.iswc:
                    iswcs.add(row.iswc)
                elif row.ref:
                    refs[item.submitter].add(row.ref)
        self._identified("iswc", iswcs)
        # What works say of their recordings counts where those name no work.
        self._identified(
            RECORDING_IN_WORK,
            {
                code
                for linked in facts.linked.values()
                if linked.kind == "recording" and not self._refers(linked)
                for code in linked.codes("isrc")
            },
        )
        self._numbered(refs)
        for names in (facts.named, facts.numbered):
            found = found.union(*names.values())
        return found - set(own)

    def _refers(self, recording: Linked) -> bool:
        facts = self._facts
        return any(
            facts.references[item.id] for member in recording.members for item in facts.declared[member]
        )

    def _numbered(self, refs: dict[str, set[str]]) -> None:
        for submitter, numbers in refs.items():
            self._facts.numbered.update({(submitter, ref): set() for ref in numbers})
            for ref, subject in OWN_WORKS.rows(self._connection, numbers, submitter=submitter):
                self._facts.numbered[submitter, ref].add(subject)

    def claims(self) -> set[str]:
        """What every declaration read so far claims; returns the identifiers of all their parties.

        The table of claims is read for those whose content does not do.
        """
        facts = self._facts
        # One who is named often is looked at once.
        mentions = {numbers for found in facts.said.values() for numbers in found.numbers}
        stated = [item.id for found in facts.declared.values() for item in found if item.id not in facts.said]
        facts.claims.update({number: [] for number in stated})
        said = facts.claims
        for row in CLAIMS.rows(self._connection, stated):
            said[row.declaration_id].append(row)
            mentions.add(_NUMBERS(row))
        parties = {code for numbers in mentions for code in numbers}
        names = {numbers[_NAME] for numbers in mentions} - {""}
        bases = {numbers[_BASE] for numbers in mentions} - {""}
        parties.discard("")
        self._bases(names)
        bases |= {facts.bases[name] for name in names} - {""}
        if bases:
            facts.aliases.update({number: set() for number in bases})
            self._bases({name for (name,) in NAMES.cells(self._connection, bases, at=self._at)})
            for name, base in facts.bases.items():
                if base in facts.aliases:
                    facts.aliases[base].add(name)
        return parties.union(bases, *facts.aliases.values())

    def _bases(self, names: Collection[str]) -> None:
        """The base numbers of name numbers, empty where none is known."""
        bases = self._facts.bases
        fresh = [name for name in names if name not in bases]
        if fresh:
            bases.update(dict.fromkeys(fresh, ""))
            bases.update(BASES.cells(self._connection, fresh, at=self._at))
