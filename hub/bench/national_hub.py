"""A hub of national size, made up from a seed and loaded in bulk: what speed and capacity are measured on.

For every work there are a recording, two or three shares and more than one mandate; every tenth work is the
one before it, sent by another society and linked with it. Rows are those that taking the same declarations in
would leave, but for the blocking keys of the matcher, which no question reads. Nothing in it exists.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from sqlalchemy import Connection, func, select

from hub import registers
from hub.audit.log import record
from hub.context import Hub
from hub.db.bulk import insert_rows
from hub.db.counters import take, tick
from hub.db.engine import reading, writing
from hub.db.first_load import first_load
from hub.db.tables import SUBJECT
from hub.db.times import OPEN
from hub.errors import UsageError
from hub.intake import rows
from hub.intake.staging import DECLARATION_COLUMNS
from hub.links.clustering import AUTHOR
from hub.links.linking import JUDGEMENT_COLUMNS
from hub.naming import public_id, subject_id
from schemas.declaration_content import digest, encode
from schemas.declarations import (
    Affiliation,
    Claim,
    CollectionShare,
    MandateDeclaration,
    PartyName,
    RecordingDeclaration,
    RightShare,
    WorkDeclaration,
    WorkReference,
)
from schemas.identifiers import check_digits
from schemas.shares import WHOLE
from schemas.societies import known, known_codes

PART = 20_000
"""Works in one transaction."""
HOME = "177"
LABEL = "901"
KINDS = ("work", "recording", "mandate")
SHARES = ((WHOLE // 2, WHOLE // 2), (WHOLE // 2, WHOLE // 4, WHOLE // 4))
SCRIPTS = (
    ("бзлмнрстқғшж", "аәоөұүыіе"),
    ("бвгдзклмнпрст", "аеиоуыя"),
    ("bdfgklmnprstvz", "aeiou"),
)  # fmt: skip
"""Consonants and vowels of invented words: Kazakh, Russian, Latin."""
ARABIC = ("بزلمنرستقغشج", "اوىەۇ")
"""And of Kazakh in Arabic script."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much there is of everything; all follows from the number of works."""

    works: int
    seed: int

    @property
    def parties(self) -> int:
        """Writers and publishers."""
        return max(self.works * 3 // 10, 10)

    @property
    def mandates(self) -> int:
        """Four for each party."""
        return self.parties * 4


class Invention:
    """The declarations of a plan; the same number is the same declaration every time."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        codes = [fact.code for fact in known_codes() if fact.code not in (HOME, LABEL)]
        self.societies = [HOME, *codes[:39]]
        chance = self._chance("words")
        self._words = [_word(chance, script) for script in SCRIPTS for _ in range(8_000)]
        self._words += [_word(chance, ARABIC) for _ in range(4_000)]

    def _chance(self, name: object) -> Random:
        return Random(f"{self.plan.seed} {name}")  # noqa: S311 - the same hub every time

    def true(self, number: int) -> int:
        """The number of the first source work of the same work."""
        return number - 1 if number % 10 == 9 else number

    def iswc(self, number: int) -> str:
        """The code of a work."""
        digits = f"{self.true(number):09d}"
        return f"T{digits}{check_digits.iswc(f'T{digits}')}"

    def isrc(self, number: int) -> str:
        """The code of a recording."""
        return f"KZZ9X{number // 100_000:02d}{number % 100_000:05d}"

    def submitter(self, number: int) -> str:
        """The society that registers a work."""
        return self.societies[number % len(self.societies)]

    @cache  # noqa: B019 - lives as long as the run
    def party(self, number: int) -> PartyName:
        """A writer or publisher."""
        chance = self._chance(f"party {number}")
        name = f"{chance.choice(self._words)} {chance.choice(self._words)}".upper()
        digits = f"{number + 1:09d}"
        return PartyName(name, ipi_name=digits + check_digits.ipi_name(digits))

    def home_of(self, party: int) -> str:
        """The society that a party entrusts with its rights."""
        return self.societies[party * 7 % len(self.societies)]

    def title(self, number: int) -> str:
        """Two to four words in one script, some far commoner than others."""
        chance = self._chance(f"title {number}")
        block = chance.choice((0, 0, 8_000, 16_000, 16_000, 24_000))
        size = 4_000 if block == 24_000 else 8_000
        count = chance.choice((2, 2, 3, 3, 4))
        return " ".join(
            self._words[block + int(size * chance.random() ** 2)] for _ in range(count)
        ).capitalize()

    def work(self, number: int) -> WorkDeclaration:
        """A registration with its shares of the performing right."""
        true = self.true(number)
        chance = self._chance(f"work {true}")
        shares = SHARES[chance.randrange(2)]
        claims = []
        for share in shares:
            party = int(self.plan.parties * chance.random() ** 2)
            claims.append(
                Claim(
                    self.party(party), "CA",
                    collection=(CollectionShare((), (RightShare("PR", share),)),),
                    affiliations=(Affiliation("PR", self.home_of(party)),),
                )
            )  # fmt: skip
        return WorkDeclaration(f"W{number}", self.title(true), iswc=self.iswc(number), claims=tuple(claims))

    def recording(self, number: int) -> RecordingDeclaration:
        """A recording of some work."""
        work = number * 7_919 % self.plan.works
        chance = self._chance(f"recording {number}")
        version = chance.choice(("", "", "", " (Live)", " (Remix)"))
        return RecordingDeclaration(
            f"R{number}", self.title(self.true(work)) + version, (self.isrc(number),),
            artist=self.party(int(self.plan.parties * chance.random() ** 2)).name,
            duration=chance.randint(100, 400), year=chance.randint(1960, 2025),
            works=(WorkReference(self.iswc(work)),),
        )  # fmt: skip

    def mandate(self, number: int) -> MandateDeclaration:
        """One of the four of a party: two in force, one that ended, and one that overlaps now and then."""
        party, which = divmod(number, 4)
        named, home = self.party(party), self.home_of(party)
        other = self.societies[(party * 7 + 3) % len(self.societies)]
        holder, right, territory, start, end = (
            (home, "PR", "2136", "2010-01-01", ""),
            (home, "MR", "2136", "2012-01-01", ""),
            (other, "PR", "2136", "1998-01-01", "2010-01-01"),
            (other, "PR" if party % 50 == 0 else "SR", "KZ", "2015-01-01", ""),
        )[which]
        return MandateDeclaration(
            f"M{number}", "party", named.ipi_name, named.name, holder, (right,), ("*",), (territory,), start,
            end, True, "declaration", (), "letter.pdf",
        )  # fmt: skip

    def agreements(self) -> Iterator[MandateDeclaration]:
        """Every society lets the home society represent it at home."""
        for code in self.societies[1:]:
            fact = known(code)
            yield MandateDeclaration(
                f"A{code}", "society", code, fact.name if fact else code, HOME, ("PR", "MR"), ("*",), ("KZ",),
                "2005-01-01", "", True, "agreement",
            )  # fmt: skip


def fill(hub: Hub, works: int, seed: int, say: Callable[[str], None]) -> dict[str, int]:
    """Fill an empty hub; returns the number of rows of the larger tables.

    Raises:
        UsageError: the hub holds something already.
    """
    plan = Plan(works, seed)
    with reading(hub.engine) as connection:
        if connection.scalar(select(func.count()).select_from(SUBJECT)):
            raise UsageError("this hub is not empty; name a new database with --db URL")
    made = Invention(plan)
    for code in (*made.societies, LABEL):
        registers.ensure(hub, code)
    loader = _Loader(made)
    with first_load(hub.engine):
        with writing(hub.engine) as connection:
            loader.open(connection)
            loader.parties(connection)
        for start in range(0, works, PART):
            numbers = range(start, min(start + PART, works))
            with writing(hub.engine) as connection:
                loader.works(connection, numbers)
                loader.recordings(connection, numbers)
            say(f"{numbers.stop} works and recordings")
        for start in range(0, plan.mandates, PART * 2):
            numbers = range(start, min(start + PART * 2, plan.mandates))
            with writing(hub.engine) as connection:
                loader.mandates(connection, [made.mandate(number) for number in numbers])
        with writing(hub.engine) as connection:
            loader.mandates(connection, list(made.agreements()))
        say(f"{plan.mandates} mandates; building indexes")
    return loader.counted


class _Loader:
    """Declarations into rows, all known at one instant."""

    def __init__(self, made: Invention) -> None:
        self._made = made
        self.counted: dict[str, int] = {}
        self._at = 0
        self._submissions: dict[tuple[str, str], int] = {}
        self._party_keys: dict[str, int] = {}

    def _insert(self, connection: Connection, table: str, columns: tuple[str, ...], found: list[Any]) -> None:
        insert_rows(connection, table, columns, found)
        self.counted[table] = self.counted.get(table, 0) + len(found)

    def open(self, connection: Connection) -> None:
        """One submission for each kind and submitter, in the log as any other."""
        self._at = tick(connection)
        columns = (
            "id", "public_id", "sha256", "submitter", "attempt", "filename", "size", "format", "version",
            "sender", "message_id", "status", "read", "stored", "rejected", "unchanged", "by_kind", "errors",
            "warnings", "consumed", "received_at", "known_at", "linked_at",
        )  # fmt: skip
        pairs = [(kind, code) for kind in ("work", "mandate") for code in self._made.societies]
        pairs.append(("recording", LABEL))
        first = take(connection, "submission", len(pairs))
        opened = []
        for number, (kind, code) in enumerate(pairs, first):
            sha = hashlib.sha256(f"{self._made.plan.seed} {kind} {code}".encode()).hexdigest()
            name = public_id("s", code, sha, "1")
            opened.append(
                (number, name, sha, code, 1, "", 0, "generated", "", "", "", "accepted", 0, 0, 0, 0, "{}", 0,
                 0, 0, self._at, self._at, self._at)
            )  # fmt: skip
            self._submissions[kind, code] = number
            record(connection, self._at, "submission", code, name, {"sha256": sha, "status": "accepted"})
        self._insert(connection, "submission", columns, opened)

    def parties(self, connection: Connection) -> None:
        """The parties of every share."""
        count = self._made.plan.parties
        first = take(connection, "party", count)
        for start in range(0, count, PART):
            found = []
            for number in range(start, min(start + PART, count)):
                party = self._made.party(number)
                key = rows.party_digest(party)
                found.append(rows.party_row(first + number, key, party))
                self._party_keys[party.ipi_name] = first + number
            self._insert(connection, "party", rows.PARTY_COLUMNS, found)

    def works(self, connection: Connection, numbers: range) -> None:
        """Registrations with their titles, codes, shares and clusters."""
        submitters = [self._made.submitter(number) for number in numbers]
        declared = [self._made.work(number) for number in numbers]
        keys, statements = self._state(connection, declared, submitters)
        claims: list[Any] = []
        for statement, item in zip(statements, declared, strict=True):
            for claim in item.claims:
                party = self._party_keys[claim.party.ipi_name]
                claims.extend(rows.claim_rows(claim, statement, party, lambda: 0))
        self._numbered(connection, "claim", rows.CLAIM_COLUMNS, claims)
        pairs = [
            (keys[place - 1], keys[place])
            for place, number in enumerate(numbers)
            if place and self._made.true(number) != number
        ]
        evidence = '[{"feature":"iswc","weight":6.0}]'
        judged = [
            (0, "work", left, right, "positive", 990, evidence, "", AUTHOR, "", self._at, OPEN)
            for left, right in pairs
        ]
        self._numbered(connection, "judgement", JUDGEMENT_COLUMNS, judged)
        clusters = dict(zip(keys, keys, strict=True)) | {right: left for left, right in pairs}
        self._cluster(connection, clusters)

    def recordings(self, connection: Connection, numbers: range) -> None:
        """Recordings with the works that they name."""
        declared = [self._made.recording(number) for number in numbers]
        keys, statements = self._state(connection, declared, [LABEL] * len(declared))
        references = [
            row
            for key, statement, item in zip(keys, statements, declared, strict=True)
            for row in rows.reference_rows(item, statement, key)
        ]
        self._insert(connection, "work_reference", rows.REFERENCE_COLUMNS, references)
        self._cluster(connection, dict(zip(keys, keys, strict=True)))

    def mandates(self, connection: Connection, declared: list[MandateDeclaration]) -> None:
        """Mandates, each sent by its holder."""
        keys, statements = self._state(connection, declared, [item.holder for item in declared])
        found = [
            rows.mandate_row(item, statement, key)
            for key, statement, item in zip(keys, statements, declared, strict=True)
        ]
        self._insert(connection, "mandate", rows.MANDATE_COLUMNS, found)

    def _state(
        self, connection: Connection, declared: list[Any], submitters: list[str]
    ) -> tuple[list[int], list[int]]:
        """The keys of the subjects and of their declarations, whose rows are written."""
        subject = take(connection, "subject", len(declared))
        first = take(connection, "declaration", len(declared))
        subjects: list[rows.Row] = []
        statements: list[rows.Row] = []
        titles: list[rows.Row] = []
        codes: list[rows.Row] = []
        for place, (item, code) in enumerate(zip(declared, submitters, strict=True)):
            kind, key, statement = item.kind, subject + place, first + place
            subjects.append((key, subject_id(kind, code, item.ref), kind, code, item.ref))
            payload = encode(item)
            position = f"line:{statement}"
            submission = self._submissions[kind, code]
            statements.append(
                (statement, submission, key, kind, position, digest(payload), payload, self._at, OPEN)
            )
            titles.extend((0, statement, key, *row) for row in rows.titles(item))
            codes.extend((statement, key, *row) for row in sorted(rows.identifiers(item)))
        self._insert(connection, "subject", ("id", "public_id", "kind", "submitter", "ref"), subjects)
        self._insert(connection, "declaration", DECLARATION_COLUMNS, statements)
        self._numbered(connection, "title", rows.TITLE_COLUMNS, titles)
        self._insert(connection, "identifier", rows.IDENTIFIER_COLUMNS, codes)
        return [row[0] for row in subjects], [row[0] for row in statements]

    def _cluster(self, connection: Connection, clusters: dict[int, int]) -> None:
        columns = ("id", "subject_id", "cluster_id", "known_from", "known_to")
        found = [(0, key, cluster, self._at, OPEN) for key, cluster in clusters.items()]
        self._numbered(connection, "cluster_member", columns, found)

    def _numbered(
        self, connection: Connection, table: str, columns: tuple[str, ...], found: list[Any]
    ) -> None:
        if found:
            first = take(connection, table, len(found))
            numbered = [(first + place, *row[1:]) for place, row in enumerate(found)]
            self._insert(connection, table, columns, numbered)


def _word(chance: Random, letters: tuple[str, str]) -> str:
    consonants, vowels = letters
    return "".join(
        chance.choice(consonants)
        + chance.choice(vowels)
        + (chance.choice(consonants) * (chance.random() < 0.3))
        for _ in range(chance.choice((1, 2, 2, 3)))
    )
