"""Who administers a publisher's share: the agreements that registrations name, applied to what they say.

A registration names an agreement at the claim of the party that acquired by it (CWR: the sub-publisher or
administrator), by the submitter's number or the one that a society gave it. On a day outside the
agreement's term that party does not collect for its assignor, whose share it then is: of what was used within
the term but is paid later, and of what was used before it, the agreement's own terms say. Within the
term it collects the agreed part where the registration gives neither of them a territory; and the chain of
an answer shows the agreement. Shares of writers are never moved: what a registration states for writer and
publisher is what is left after their agreement.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, or_, select

from hub.answers.mandates import Mandate
from hub.catalogue.identifier_schemes import SOCIETY_AGREEMENT
from hub.catalogue.subjects import Declared
from hub.db.tables import DECLARATION, IDENTIFIER, SUBJECT, SUBMISSION
from hub.db.times import FOREVER, as_known
from hub.links.payload import restore
from matching.normalize.names import name_key
from schemas import territories
from schemas.declarations import AgreementDeclaration, AgreementParty, PartyName
from schemas.rights import category

MARKS = (b'"agreement":', b"SPU.society_agreement_number:")
"""No claim of a declaration without any of these names an agreement."""


@dataclass(frozen=True, slots=True)
class Known:
    """An agreement as known at an instant, with where it stands."""

    name: str
    content: AgreementDeclaration
    source: tuple[str, str]

    @property
    def starts(self) -> dt.date:
        """The first day of the transfer."""
        return dt.date.fromisoformat(self.content.starts)

    @property
    def ends(self) -> dt.date:
        """The first day after it."""
        last = self.content.last_day
        return dt.date.fromisoformat(last) + dt.timedelta(days=1) if last else FOREVER

    def takes_prior(self, used: dt.date) -> bool:
        """Whether the agreement gives the acquirer what was used before its term."""
        said = self.content.prior_royalty
        return said == "A" or (
            said == "D" and bool(self.content.prior_royalty_from) and used >= self.prior_from
        )

    def takes_later(self, paid: dt.date) -> bool:
        """Whether the acquirer may still collect after the term what was used within it."""
        said, until = self.content.post_term, self.content.post_term_until
        return said == "O" or (said == "D" and bool(until) and paid <= dt.date.fromisoformat(until))

    @property
    def prior_from(self) -> dt.date:
        """The first day of use whose money the acquirer takes; far ahead where none is stated."""
        said = self.content.prior_royalty_from
        return dt.date.fromisoformat(said) if said else FOREVER


@dataclass(frozen=True, slots=True)
class Administration:
    """A claim whose party acquired by an agreement: ``share`` of what the assignor has of the right."""

    agreement: Known
    acquirer: PartyName
    assignor: PartyName
    role: str
    society: str
    chain: int
    share: int
    territories: tuple[str, ...]
    right: str

    def collects(self, used: dt.date, paid: dt.date) -> bool:
        """Whether the acquirer collects what was used on a day and is paid on a day.

        Within the term it does. What was used before it counts where the agreement gives prior royalties, and
        what is paid after it where it gives a collection after the term.
        """
        known = self.agreement
        earned = used < known.ends and (
            known.starts <= used or (known.starts <= paid and known.takes_prior(used))
        )
        return earned and (paid < known.ends or known.takes_later(paid))

    def why_outside(self, used: dt.date, paid: dt.date) -> str:
        """Which of the agreement's terms lets the acquirer collect outside it, if one must; a reason code."""
        if used < self.agreement.starts:
            return "prior_royalties"
        return "collected_after_term" if paid >= self.agreement.ends else ""

    def covers(self, territory: str, day: dt.date) -> bool:
        """Whether the agreement is for a country, whatever its term."""
        return territories.covers(self.territories, territory, day)

    def hop(self) -> Mandate:
        """The agreement as the first step of a chain."""
        return Mandate(
            name=self.agreement.name,
            grantor_type="party",
            grantor=_shown(self.assignor),
            grantor_name=self.assignor.full_name,
            holder=_shown(self.acquirer),
            basis="agreement",
            rights=(self.right,),
            territories=self.territories,
            valid_from=self.agreement.starts,
            valid_to=self.agreement.ends,
            source=self.agreement.source,
        )


def administrations(
    connection: Connection, declared: Sequence[Declared], right: str, at: int
) -> Mapping[int, Sequence[Administration]]:
    """The administrations of a right that these declarations name, by declaration, as known at an instant."""
    named = {
        item.id: _named(orjson.loads(item.payload)) for item in declared if names_agreement(item.payload)
    }
    if not any(named.values()):
        return {}
    wanted: dict[str, set[str]] = defaultdict(set)
    for item in declared:
        wanted[item.submitter] |= {number for _, number in named.get(item.id, ())}
    known = {
        (submitter, number): agreement
        for submitter, numbers in wanted.items()
        for agreement in _agreements(connection, submitter, sorted(numbers), at)
        # The submitter's own number comes last, so it counts where a society's is the same.
        for number in (agreement.content.society_ref, agreement.content.ref)
        if number
    }
    return {
        item.id: [
            found
            for claim, number in named.get(item.id, ())
            if (agreement := known.get((item.submitter, number)))
            for found in _of_claim(agreement, claim, right)
        ]
        for item in declared
    }


def names_agreement(payload: bytes) -> bool:
    """Whether some claim of a declaration may name an agreement."""
    first, second = MARKS
    return first in payload or second in payload


def _named(content: Mapping[str, Any]) -> list[tuple[dict[str, Any], str]]:
    """The claims that name an agreement, by the submitter's number or else the one that a society gave it."""
    details = dict(content.get("details", ()))
    found = []
    for claim in content.get("claims", ()):
        given = details.get(f"SPU.society_agreement_number:{claim.get('own_ref', '')}", "")
        number = claim.get("agreement") or given
        if number:
            found.append((claim, number))
    return found


def _agreements(connection: Connection, submitter: str, numbers: Sequence[str], at: int) -> list[Known]:
    given = select(IDENTIFIER.c.subject_id).where(
        IDENTIFIER.c.scheme == SOCIETY_AGREEMENT, IDENTIFIER.c.value.in_(numbers)
    )
    query = (
        select(
            SUBJECT.c.public_id, DECLARATION.c.payload, DECLARATION.c.position,
            SUBMISSION.c.public_id.label("submission"),
        )
        .join(DECLARATION, DECLARATION.c.subject_id == SUBJECT.c.id)
        .join(SUBMISSION, SUBMISSION.c.id == DECLARATION.c.submission_id)
        .where(
            SUBJECT.c.kind == AgreementDeclaration.kind,
            SUBJECT.c.submitter == submitter,
            or_(SUBJECT.c.ref.in_(numbers), SUBJECT.c.id.in_(given)),
            as_known(DECLARATION, at),
        )
        .order_by(DECLARATION.c.id)
    )  # fmt: skip
    return [
        Known(
            row.public_id,
            restore(AgreementDeclaration, orjson.loads(row.payload)),
            (row.submission, row.position),
        )
        for row in connection.execute(query)
    ]


def _of_claim(agreement: Known, claim: Mapping[str, Any], right: str) -> Iterable[Administration]:
    party: PartyName = restore(PartyName, claim["party"])
    society = next(
        (item["society"] for item in claim.get("affiliations", ()) if item["right"] in (right, "*")), ""
    )
    for terms in agreement.content.terms:
        taken = sum(
            _share(item, right) for item in terms.acquirers if _is(item, party, claim.get("own_ref", ""))
        )
        # With several assignors nobody can tell whose part a share is.
        if taken and len(terms.assignors) == 1:
            yield Administration(
                agreement, party, terms.assignors[0].party, claim.get("role", ""), society,
                claim.get("chain", 0), taken, terms.territories, right,
            )  # fmt: skip


def _is(item: AgreementParty, party: PartyName, own_ref: str) -> bool:
    """Whether a party of an agreement is that of a claim, by the submitter's own number or else its names."""
    if own_ref and item.own_ref:
        return own_ref == item.own_ref
    for mine, theirs in ((item.party.ipi_base, party.ipi_base), (item.party.ipi_name, party.ipi_name)):
        if mine and theirs:
            return mine == theirs
    return name_key(item.party.full_name) == name_key(party.full_name)


def _share(party: AgreementParty, right: str) -> int:
    return sum(item.share for item in party.shares if category(item.right) == right)


def _shown(party: PartyName) -> str:
    return party.ipi_name or party.ipi_base or party.full_name
