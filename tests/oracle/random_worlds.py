"""Seeded small worlds with everything that can go wrong in them, under identifiers of their own.

World number ``n`` of a seed is always the same. Worlds share nothing but the senders and the countries, so
many of them live in one database; who compares answers gives the oracle the facts of all of them, because
accreditations and statutes of one reach the others.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Sequence
from dataclasses import replace

from world_facts import (
    FOREVER,
    UNIT,
    WHOLE,
    Judgement,
    Mandate,
    Question,
    Recording,
    Registration,
    Row,
    Rule,
    Society,
    Withdrawal,
    World,
)

from schemas import territories
from schemas.identifiers import check_digits, ipi_name

SENDERS = ("177", "901", "902")
DAYS = tuple(dt.date(year, month, 1) for year in (2019, 2021, 2023, 2025, 2026) for month in (1, 7))
ASKED_ON = (*DAYS, *(day - dt.timedelta(days=1) for day in DAYS), dt.date(2026, 3, 15))
RIGHTS = (
    "*",
    "PR",
    "PR|MR",
    "MR",
    "*|-MR",
    "*|-PR",
    "-MR",
    "OD",
    "PR|-OB",
    "*|-OD|-MD",
    "MR|MD",
    "PR|SR",
    "PROD|PERF-COMMUNICATION",
    "*|-PROD-MAKE-AVAILABLE",
)
USES = (
    "*", "*", "*", "", "*|-radio", "radio", "online", "*|-on-demand-stream", "broadcast|-tv",
    "-public-performance", "on-demand-stream|download",
)  # fmt: skip
ASKED_USES = ("radio", "radio", "tv", "on-demand-stream", "non-interactive-stream", "download", "cinema")
HOMES = sorted(
    code
    for code, territory in territories.table().items()
    if territory.is_country
    and len(code) == 2
    and all(territories.members(code, day) == {code} for day in ASKED_ON)
)
SPLITS = (
    (100,), (50, 50), (60, 40), (40, 60), (70, 30), (50, 25, 25), (33.33, 33.33, 33.34),
    (33.33, 33.33, 33.33), (33.35, 33.35, 33.35),
    (25, 25, 25, 25), (66.67, 33.38), (12.5, 37.5, 50), (0, 100), (100, 0),
    (50, 0, 50),
)  # fmt: skip
PARTIAL = (
    (30,), (60,), (60, 60), (80, 60), (40, 10), (99.9,), (99.94,), (33.33, 33.33), (10, 20, 30), (100.0, 20),
    (50, 50, 50), (0,), (0, 40),
)  # fmt: skip


class Maker:
    """Draws the facts of one world."""

    def __init__(self, seed: int, number: int) -> None:
        self.rng = random.Random(f"{seed}/{number}")
        self.number = number
        self.world = World()
        self.home = HOMES[number % len(HOMES)]
        self.away = self.rng.choice([code for code in HOMES if code != self.home])
        self.codes = [f"S{number:X}{letter}" for letter in "PQRTW"[: self.rng.randint(2, 5)]]
        self.people = [self._person(turn) for turn in range(self.rng.randint(2, 4))]
        self.iswcs = [self._iswc(turn) for turn in range(2)]
        self.isrc = f"QZ{_base36(number % 46656)}25{(number // 46656) % 100000:05d}"

    def made(self) -> World:
        """The whole world."""
        works = self.iswcs[: 1 if self._chance(0.7) else 2]
        self._societies()
        for turn, code in enumerate(works):
            self._registrations(code, turn)
        self._mandates()
        self._withdrawals()
        self._rules()
        self._recording(works)
        self._judgements()
        self._questions(works)
        order = {sender: turn for turn, sender in enumerate(SENDERS)}
        self.world.registrations.sort(key=lambda item: (item.known, order[item.submitter]))
        return self.world

    def _chance(self, likely: float) -> bool:
        return self.rng.random() < likely

    def _known(self) -> int:
        return 1 if self._chance(0.8) else 2

    def _word(self) -> str:
        return "".join(self.rng.choice("BCDFGKLMNPRSTVZ") + self.rng.choice("AEIOU") for _ in range(4))

    def _person(self, turn: int) -> tuple[str, str]:
        name = f"{self._word()} {self._word()}"
        digits = f"{100_000_000 + (self.number * 8 + turn) % 899_999_999}"
        kind = self.rng.random()
        if kind < 0.1:
            return name, ""
        if kind < 0.2:
            return name, f"I{digits}{check_digits.ipi_base(f'I{digits}')}"
        number = digits + check_digits.ipi_name(digits)
        return (name, number) if ipi_name.is_valid(number) else (name, "")

    def _iswc(self, turn: int) -> str:
        digits = f"{100_000_000 + (self.number * 4 + turn) % 899_999_999}"
        return f"T{digits}{check_digits.iswc(f'T{digits}')}"

    def _place(self) -> str:
        """An expression of territories that speaks of the home country in one way or another."""
        home, away = self.home, self.away
        return self.rng.choice(
            ("2136", "", "2136", home, home, f"2136|-{home}", f"-{home}", f"-{home}|2136",
             f"2136|-2130|{home}",
             f"2136|-{away}", away, f"2130|{away}", f"{home}|-{away}", f"2136|-{home}|{home}")
        )  # fmt: skip

    def _period(self) -> tuple[dt.date, dt.date]:
        start = self.rng.choice((dt.date(2001, 1, 1), dt.date(2001, 1, 1), dt.date(2001, 1, 1), *DAYS))
        later = [day for day in DAYS if day > start]
        end = self.rng.choice(later) if later and self._chance(0.25) else FOREVER
        return start, end

    def _societies(self) -> None:
        demanding = self._chance(0.35)
        for code in self.codes:
            self.world.societies.append(Society(code, self._licences() if demanding else (), 1))
            if demanding and self._chance(0.15):
                self.world.societies.append(Society(code, self._licences(), 2))

    def _licences(self) -> tuple[tuple[str, str, dt.date, dt.date], ...]:
        found = {
            (
                self.rng.choice((self.home, self.home, self.away)),
                self.rng.choice(("*", "PR", "MR", "PROD", "OD", "PROD-COMMUNICATION")),
            ): (self._period())
            for _ in range(self.rng.choice((0, 1, 1, 2)))
        }
        return tuple(sorted((*key, *period) for key, period in found.items()))

    def _registrations(self, code: str, turn: int) -> None:
        title = f"{self._word()} {self._word()} {self._word()}"
        whole = self._rows()
        for source in range(self.rng.choice((1, 1, 2, 2, 3))):
            sender = self.rng.choice(SENDERS)
            ref = f"W{self.number}-{turn}-{source}"
            # Most sources tell the same; the others differ in shares, parties, territories and societies.
            rows = whole if self._chance(0.35) else self._rows()
            known = self._known()
            self.world.registrations.append(Registration(sender, ref, title, code, rows, known))
            if known == 1 and self._chance(0.2):
                again = Registration(sender, ref, title, code, self._rows(), 2)
                self.world.registrations.append(again)
        if self._chance(0.15):
            # The same work under another title and without a code: only a person can say so.
            other = f"{self._word()} {self._word()} {self._word()}"
            self.world.registrations.append(
                Registration(
                    self.rng.choice(SENDERS),
                    f"W{self.number}-{turn}-9",
                    other,
                    "",
                    self._rows(),
                    self._known(),
                )
            )

    def _rows(self) -> tuple[Row, ...]:
        split = self.rng.choice(SPLITS if self._chance(0.65) else PARTIAL)
        people = self.rng.sample(self.people, min(len(split), len(self.people)))
        shares = [round(share * UNIT) for share in split]
        rows: list[Row] = []
        for (name, number), share in zip(people, shares, strict=False):
            mr = self.rng.choice((share, share, 0, None))
            told = (("PR", share),) if mr is None else (("PR", share), ("MR", mr))
            mention = "" if number and self._chance(0.08) else number
            society = self.rng.choice(("", "", "099", *self.codes))
            role = self.rng.choice(("CA", "C", "A"))
            if self._chance(0.15):
                # A sub-publisher collects in some territories, the party everywhere else.
                sub = self.rng.choice(self.people)
                place = self.rng.choice((self.home, self.away))
                rows.append(Row(name, mention, role, society, told, f"2136|-{place}"))
                if self._chance(0.8):
                    rows.append(Row(*sub, "SE", self.rng.choice(("", *self.codes)), told, place))
            else:
                place = self._place() if self._chance(0.12) else ""
                rows.append(Row(name, mention, role, society, told, place))
        return tuple(rows)

    def _mandates(self) -> None:
        for turn, (_, number) in enumerate(self.people):
            for again in range(self.rng.choice((0, 1, 1, 2, 3)) if number else 0):
                holder = number if self._chance(0.08) else self.rng.choice(self.codes)
                basis = self.rng.choice(("declaration",) * 5 + ("agreement", "assertion", "statute"))
                self._mandate(f"M{self.number}-{turn}-{again}", "party", number, holder, basis)
        for turn in range(self.rng.choice((0, 1, 2, 3, 4))):
            giver = self.rng.choice(self.codes)
            taker = giver if self._chance(0.04) else self.rng.choice([c for c in self.codes if c != giver])
            basis = self.rng.choice(("agreement",) * 6 + ("declaration", "assertion"))
            self._mandate(f"R{self.number}-{turn}", "society", giver, taker, basis)
        for turn in range(self.rng.choice((0, 0, 0, 1, 1, 2))):
            self._mandate(f"L{self.number}-{turn}", "any", "*", self.rng.choice(self.codes), "statute")

    def _mandate(self, ref: str, kind: str, grantor: str, holder: str, basis: str) -> None:
        sender, known = self.rng.choice(SENDERS), self._known()
        first = self._drawn(sender, ref, kind, grantor, holder, basis, known)
        self.world.mandates.append(first)
        if known == 1 and self._chance(0.1):
            again = self._drawn(sender, ref, kind, grantor, self.rng.choice(self.codes), basis, 2)
            self.world.mandates.append(again)

    def _drawn(
        self, sender: str, ref: str, kind: str, grantor: str, holder: str, basis: str, known: int
    ) -> Mandate:
        start, end = self._period()
        plain = self._chance(0.5)
        # A statute reaches every world of the database: it stays at home.
        place = self.home if kind == "any" else "2136" if plain else self._place()
        works: tuple[str, ...] = ()
        if self._chance(0.15):
            works = tuple(
                self.rng.sample((*(f"iswc:{code}" for code in self.iswcs), f"isrc:{self.isrc}"), 1 + plain)
            )
        return Mandate(
            sender, ref, kind, grantor, holder,
            "*" if plain else self.rng.choice(RIGHTS), "*" if plain else self.rng.choice(USES), place,
            start, end, basis, works, known,
        )  # fmt: skip

    def _withdrawals(self) -> None:
        for _ in range(self.rng.choice((0, 0, 0, 1, 1, 2))):
            if not self.world.mandates:
                return
            ended = self.rng.choice(self.world.mandates)
            whole = self._chance(0.4)
            works = () if whole or self._chance(0.7) else (f"iswc:{self.rng.choice(self.iswcs)}",)
            self.world.withdrawals.append(
                Withdrawal(
                    ended.declarant, ended.ref, self.rng.choice(DAYS),
                    "" if whole else self.rng.choice(RIGHTS), "" if whole else self.rng.choice(USES),
                    "" if whole else self._place(), works, max(ended.known, self._known()),
                )
            )  # fmt: skip

    def _rules(self) -> None:
        for turn in range(self.rng.choice((0, 0, 0, 0, 0, 1, 2))):
            start, end = self._period()
            rule = Rule(
                f"J{self.number}-{turn}", self.rng.choice((self.home, f"{self.away}|{self.home}")),
                self.rng.choice(("PR|MR", "*", "PROD|PERF", "OD", "*|-PR")),
                self.rng.choice(("", "", *self.codes)), self.rng.choice(("tell", "hold")), start, end, 1,
            )  # fmt: skip
            self.world.rules.append(rule)
            if self._chance(0.2):
                self.world.rules.append(replace(rule, effect=self.rng.choice(("off", "hold")), known=2))

    def _recording(self, works: Sequence[str]) -> None:
        if not self._chance(0.4):
            return
        named: list[tuple[str, int]] = []
        if len(works) == 2:
            first = self.rng.choice((60, 50, 33.333333, 99.5))
            # Together at most the whole: more is rejected, and a rejected recording compares nothing.
            rest = 100 - first if self._chance(0.6) else min(100 - first, self.rng.choice((0, 10, 0.25)))
            named = [(works[0], round(first * UNIT)), (works[1], round(rest * UNIT))]
        elif self._chance(0.8):
            named = [(self.rng.choice((works[0], self.iswcs[1])), self.rng.choice((0, WHOLE, 40 * UNIT)))]
        rows = []
        for name, number in self.people:
            right = self.rng.choice(("PROD", "PERF"))
            if self._chance(0.25):
                right += self.rng.choice(("-COMMUNICATION", "-MAKE-AVAILABLE", "-PRIVATE-COPYING"))
            share = self.rng.choice((100, 50, 33.33, 0, 25)) * UNIT
            society = self.rng.choice(("", *self.codes))
            rows.append(
                Row(
                    name,
                    number,
                    "",
                    society,
                    ((right, round(share)),),
                    self._place() if self._chance(0.2) else "",
                )
            )
        self.world.recordings.append(
            Recording(
                self.rng.choice(SENDERS), f"P{self.number}", self.isrc,
                f"{self._word()} {self._word()}", tuple(named), tuple(rows), self._known(),
            )
        )  # fmt: skip

    def _judgements(self) -> None:
        known = 2
        lone = [item for item in self.world.registrations if not item.iswc]
        coded = [item for item in self.world.registrations if item.iswc]
        refs = sorted({(item.submitter, item.ref) for item in coded})
        for item in lone:
            if self._chance(0.7):
                left = (item.submitter, item.ref)
                self.world.judgements.append(Judgement(left, self.rng.choice(refs), "same", known))
        if not lone and len(refs) == 2 and len({item.iswc for item in coded}) == 1 and self._chance(0.1):
            self.world.judgements.append(Judgement(refs[0], refs[1], "different", known))
        if self.world.recordings and self._chance(0.2):
            recording = self.world.recordings[0]
            left = (recording.submitter, recording.ref)
            self.world.judgements.append(Judgement(left, self.rng.choice(refs), "same", known))

    def _questions(self, works: Sequence[str]) -> None:
        for _ in range(3):
            kind = self.rng.random()
            right = self.rng.choice(("PR", "PR", "PR", "MR", "MR", "SR"))
            scheme, value = "iswc", self.rng.choice(works)
            if kind < 0.35 and self.world.recordings:
                scheme, value = "isrc", self.isrc
                right = self.rng.choice((right, right, "PROD", "PERF"))
            elif kind < 0.5:
                item = self.rng.choice(self.world.registrations)
                scheme, value = "society-code", f"{item.submitter}:{item.ref}"
            place = self.home if self._chance(0.75) else self.away
            self.world.questions.append(
                Question(
                    scheme, value, right, self.rng.choice(ASKED_USES), place,
                    self.rng.choice(ASKED_ON), 1 if self._chance(0.3) else 2,
                )
            )  # fmt: skip


def _base36(number: int) -> str:
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return letters[number // 1296] + letters[number // 36 % 36] + letters[number % 36]


def make(seed: int, number: int) -> World:
    """World ``number`` of a seed."""
    return Maker(seed, number).made()


def together(worlds: Iterable[World]) -> World:
    """The facts of several worlds as one."""
    found = World()
    for world in worlds:
        for name in vars(found):
            getattr(found, name).extend(getattr(world, name))
    return found
