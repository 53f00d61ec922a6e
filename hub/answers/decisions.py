"""What was decided for one set of facts, kept for all others of the same shape.

The rules are those of ``resolve``: they are run once for each shape, and what they said is kept with places
in it: "the second mandate of the party" in place of that mandate. Where a decision rests on more than the
shapes tell there is none, and the question is answered one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hub.answers.agreement import Agreement
from hub.answers.answer import Candidate, Line
from hub.answers.cards import Card
from hub.answers.forms import Form, gap
from hub.answers.granted import Granted
from hub.answers.mandates import Mandate, MandateBook, shown_day
from hub.answers.resolve import assertion, rest
from hub.answers.statements import Identity, Occasion, Statements, speaks
from hub.answers.walk import Rejected
from hub.registers import SocietyEntry
from schemas.json_bytes import text_bytes
from schemas.rights import category
from schemas.societies import NOBODY


@dataclass(frozen=True, slots=True)
class Asserted:
    """The place of a society among those that declarations name for a party."""

    place: int


Reasons = tuple[str, ...]

Place = int | Asserted
"""Where a mandate stands: among those that the party granted, or among the asserted ones."""


@dataclass(frozen=True, slots=True)
class ShareLine:
    """A party's undisputed share: places in a card; ``speaking`` are the rows whose society counts."""

    party: int
    row: int
    share: int
    role: str
    speaking: tuple[int, ...]
    reasons: tuple[str, ...]

    def societies(self, card: Card) -> dict[str, int]:
        """The societies named for the party in a card, in order, with the first declaration that does."""
        if len(self.speaking) == 1:
            society, place = card.named(self.speaking[0])
            return {} if society in NOBODY else {society: place}
        found: dict[str, int] = {}
        for row in self.speaking:
            society, place = card.named(row)
            if society not in NOBODY:
                found[society] = min(found.get(society, place), place)
        return dict(sorted(found.items())) if len(found) > 1 else found


@dataclass(slots=True)
class Facts:
    """What the decision over one line of a card looks at.

    ``granted`` is what the party granted, if anything; ``societies`` are those that declarations name for it.
    """

    card: Card
    line: ShareLine
    granted: Granted | None
    societies: Mapping[str, int]

    def asserted(self, place: int) -> Mandate:
        """One of the societies as a mandate of basis ``assertion``."""
        shown = self.card.party(self.line.party, self.line.row)
        society = tuple(self.societies)[place]
        source = self.card.declared[self.societies[society]]
        return assertion(shown["ipi"], shown["name"], society, source)

    def mandate(self, place: Place) -> Mandate:
        """The mandate at a place."""
        if isinstance(place, Asserted):
            return self.asserted(place.place)
        if self.granted is None:
            raise ValueError("a party that granted nothing has no mandate")
        return self.granted.mandate(place)

    def shown(self, place: Place) -> Sequence[bytes]:
        """What the mandate at a place shows of itself, as JSON texts."""
        if not isinstance(place, Asserted) and self.granted is not None:
            return self.granted.shown(place)
        mandate = self.mandate(place)
        own = (mandate.name, mandate.grantor, shown_day(mandate.valid_from), *mandate.source)
        return [text_bytes(text) for text in own]


class Shares:
    """What sources of one shape agree on."""

    def __init__(self, card: Card, said: Statements, outcome: Agreement, occasion: Occasion) -> None:
        keys = card.parties.keys
        places = {key: place for place, key in enumerate(keys)}
        told: dict[str, list[int]] = {key: [] for key in keys}
        rows = card.rows()
        for number, (row, place) in enumerate(rows):
            if category(row.right) == occasion.right:
                told[keys[place]].append(number)
        self.lines = [
            ShareLine(
                places[item.party], told[item.party][0], item.share, rows[told[item.party][0]][0].role,
                tuple([number for number in told[item.party] if speaks(rows[number][0], occasion)]),
                ("rounding_rest",) if item.rounded else (),
            )
            for item in outcome.agreed
            if item.share
        ]  # fmt: skip
        self.used = tuple([card.place(item.id) for item in said.used])
        self._outcome = outcome
        self._parties = {key: (places[key], rows[0]) for key, rows in told.items() if rows}
        self._forms: dict[tuple[bool, Reasons], list[Form]] = {}
        left = rest(outcome, said.parties, None, stated=bool(self.used))
        self.left = [(line.status, line.share) for line in left]
        self._named = [key for key in self._parties if any(
            item.party == key and item.high > item.share for item in outcome.agreed
        )] if outcome.contested else []  # fmt: skip

    def rest(self, card: Card, work: Mapping[str, Any] | None, also: Reasons) -> list[Line]:
        """The lines of what is contested or unclaimed; ``also`` are reasons that all lines have."""
        parties = {key: card.identity(*self._parties[key], "", ()) for key in self._named}
        lines = rest(self._outcome, parties, work, stated=bool(self.used))
        return [replace(line, reasons=(*line.reasons, *also)) for line in lines] if also else lines

    def shown_rest(self, card: Card, label: bytes, also: Reasons) -> Iterator[bytes]:
        """The same as JSON texts; ``label`` is empty where lines do not say of which work they are."""
        if not self.left:
            return
        forms = self._forms.get((bool(label), also))
        if forms is None:
            numbers = {self._parties[key][0]: number for number, key in enumerate(self._named)}
            forms = self._forms[bool(label), also] = self.forms_of_rest(
                lambda place: (gap(2 * numbers[place] + 1), gap(2 * numbers[place] + 2)),
                gap(0) if label else None,
                also,
            )
        values = [label]
        for key in self._named:
            shown = card.party(*self._parties[key])
            values += (text_bytes(shown["name"]), text_bytes(shown["ipi"]))
        for form in forms:
            yield form.filled(values)

    def forms_of_rest(
        self, marked: Callable[[int], tuple[Any, Any]], label: Any, also: Reasons
    ) -> list[Form]:
        """The same as forms; ``marked`` gives the marks of name and number of the party at a place."""
        parties = {key: Identity(key, *marked(self._parties[key][0]), "") for key in self._named}
        lines = rest(self._outcome, parties, label, stated=bool(self.used))
        return [Form(replace(line, reasons=(*line.reasons, *also)).as_json()) for line in lines]


class Decision:
    """A line as decided for one party, with the places of the mandates in it."""

    __slots__ = ("_forms", "_line", "_places", "status")

    def __init__(self, line: Line, places: Mapping[int, Place]) -> None:
        self._line = line
        self._places = places
        self.status = line.status
        self._forms: dict[tuple[int, str, bool, Reasons], tuple[Form, list[Place]]] = {}

    def line(self, facts: Facts, work: Mapping[str, Any] | None, also: Reasons) -> Line:
        """The line of another party; ``also`` are reasons that all lines of the answer have."""

        def own(mandate: Mandate) -> Mandate:
            place = self._places.get(id(mandate))
            return mandate if place is None else facts.mandate(place)

        share = facts.line
        return self._with(own, facts.card.party(share.party, share.row), share, work, also)

    def shown(self, facts: Facts, label: bytes, also: Reasons) -> bytes:
        """The same as a JSON text."""
        share = facts.line
        key = (share.share, share.role, bool(label), also)
        found = self._forms.get(key)
        if found is None:
            found = self._forms[key] = self._form(share, also, labelled=bool(label))
        form, places = found
        values = [facts.card.shown_party(share.party, share.row), label]
        for place in places:
            values += facts.shown(place)
        return form.filled(values)

    def _form(self, share: ShareLine, also: Reasons, *, labelled: bool) -> tuple[Form, list[Place]]:
        places: list[Place] = []

        def marked(place: Place, mandate: Mandate) -> Mandate:
            if place not in places:
                places.append(place)
            first = 2 + 5 * places.index(place)
            return replace(
                mandate, name=gap(first), grantor=gap(first + 1), valid_from=gap(first + 2),
                source=(gap(first + 3), gap(first + 4)),
            )  # fmt: skip

        return self.form(share, gap(0), gap(1) if labelled else None, also, marked), places

    def form(
        self,
        share: ShareLine,
        party: Any,
        work: Any,
        also: Reasons,
        marked: Callable[[Place, Mandate], Mandate],
    ) -> Form:
        """The line as a form; ``party``, ``work`` and the mandates are marks, or have them in them."""

        def own(mandate: Mandate) -> Mandate:
            place = self._places.get(id(mandate))
            return mandate if place is None else marked(place, mandate)

        return Form(self._with(own, party, share, work, also).as_json())

    def _with(self, own: Any, party: Any, share: ShareLine, work: Any, also: Reasons) -> Line:
        line = self._line
        return replace(
            line,
            party=party,
            role=share.role,
            share=share.share,
            chain=tuple([own(step) for step in line.chain]),
            candidates=tuple(
                [Candidate(item.payee, tuple([own(step) for step in item.chain])) for item in line.candidates]
            ),
            reasons=(*line.reasons, *also),
            rejected=tuple([Rejected(own(item.mandate), item.reason) for item in line.rejected]),
            work=work,
        )


@dataclass(slots=True)
class Watched:
    """A register that notes whether a mandate which many share looks at more than the shape of a question."""

    book: MandateBook
    particular: bool = False

    def of_party(self, keys: frozenset[str], right: str) -> Sequence[Mandate]:
        """As the register gives them."""
        return self.book.of_party(keys, right)

    def of_society(self, code: str) -> Sequence[Mandate]:
        """As the register gives them."""
        return self._noted(self.book.of_society(code))

    def by_statute(self) -> Sequence[Mandate]:
        """As the register gives them."""
        return self._noted(self.book.by_statute())

    def _noted(self, mandates: Sequence[Mandate]) -> Sequence[Mandate]:
        # What is limited to works depends on the subject, which is no part of a decision's facts.
        for item in mandates:
            if item.works or any(notice.works for notice in item.notices):
                self.particular = True
        return mandates


def decided(
    line: Line, facts: Facts, asserted: Sequence[Mandate], societies: Mapping[str, SocietyEntry]
) -> Decision | None:
    """The decision that a line is an example of; None where names had a part in it."""
    if facts.granted is None and len(asserted) > 1:
        # The names of equal assertions tell which comes first.
        return None
    payees = [line.payee] if line.payee else [item.payee for item in line.candidates]
    codes = [payee.code for payee in payees]
    if not all(code in societies for code in codes):
        return None
    places: dict[int, Place] = {id(mandate): Asserted(place) for place, mandate in enumerate(asserted)}
    if facts.granted is not None:
        places |= {id(mandate): place for place, mandate in enumerate(facts.granted.mandates())}
    steps = [*line.chain, *(step for item in line.candidates for step in item.chain)]
    steps += [item.mandate for item in line.rejected]
    if any(step.grantor_type == "party" and id(step) not in places for step in steps):
        return None
    return Decision(line, places)
