"""File a withdrawal: a notice that ends a mandate from a day on, wholly or in part."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from hub import naming, registers
from hub.audit.log import record
from hub.context import Hub
from hub.db.counters import horizon, take, tick
from hub.db.engine import writing
from hub.db.tables import WITHDRAWAL
from hub.db.times import OPEN, as_known
from hub.errors import NotAllowed, UsageError
from hub.mandates.register import MandateEntry, lookup, withdrawal_json
from schemas import rights, territories
from schemas.identifiers import isrc, iswc


@dataclass(frozen=True, slots=True)
class Notice:
    """What is filed; expressions as in the CSV contract (``|`` between), empty for the whole mandate.

    ``evidence`` is a file name or a hash.
    """

    mandate: str
    notice: str
    effective: str
    rights: str = ""
    uses: str = ""
    territories: str = ""
    works: str = ""
    evidence: str = ""


def withdraw(hub: Hub, notice: Notice, society: str) -> dict[str, Any]:
    """File a withdrawal as ``society``; the same notice filed again changes nothing.

    The holder, the declarant and the granting society may file. A party's own notice comes in through the
    society that declared its mandate.

    Raises:
        UsageError: a date or a list is not understood, or the effective day lies before the notice.
        NotFound: no such mandate or society.
        NotAllowed: the society has no part in the mandate.
    """
    filer = registers.require(hub, society)
    given, effective = _day(notice.notice, "notice"), _day(notice.effective, "effective")
    if effective < given:
        raise UsageError(f"a withdrawal cannot take effect ({effective}) before its notice ({given})")
    values = {
        "notice": given,
        "effective": effective,
        "rights": _expression(notice.rights, "rights", rights.parse_rights),
        "uses": _expression(notice.uses, "uses", rights.parse_uses),
        "territories": _expression(notice.territories, "territories", territories.parse),
        "works": _works(notice.works),
        "evidence": notice.evidence,
    }
    with writing(hub.engine) as connection:
        mandate = lookup(connection, notice.mandate, horizon(connection), prefer=filer)
        _permit(mandate, filer)
        repeated = _same(connection, mandate, values)
        if repeated is not None:
            return {**withdrawal_json(repeated), "mandate": mandate.id, "status": "unchanged"}
        at = tick(connection)
        number = take(connection, "withdrawal", 1)
        name = naming.public_id("x", mandate.id, filer, str(number))
        connection.execute(
            insert(WITHDRAWAL).values(
                id=number,
                public_id=name,
                mandate_id=mandate.key,
                filed_by=filer,
                known_from=at,
                known_to=OPEN,
                **values,
            )
        )
        row = connection.execute(select(WITHDRAWAL).where(WITHDRAWAL.c.id == number)).one()
        filed = withdrawal_json(row)
        record(connection, at, "withdrawal", filer, name, {"mandate": mandate.id, **filed})
    return {**filed, "mandate": mandate.id, "status": "filed"}


def _permit(mandate: MandateEntry, filer: str) -> None:
    parties = {mandate.declarant, mandate.row.holder}
    if mandate.row.grantor_type == "society":
        parties.add(mandate.row.grantor_id)
    if filer not in parties:
        raise NotAllowed(
            f"society {filer} has no part in mandate {mandate.id}: its holder, its declarant or the granting "
            f"society ({', '.join(sorted(parties))}) may withdraw it"
        )


def _same(connection: Connection, mandate: MandateEntry, values: dict[str, Any]) -> Any | None:
    query = select(WITHDRAWAL).where(
        WITHDRAWAL.c.mandate_id == mandate.key,
        as_known(WITHDRAWAL, OPEN - 1),
        *(WITHDRAWAL.c[name] == value for name, value in values.items()),
    )
    return connection.execute(query).first()


def _day(text: str, name: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{name} {text!r} is not an ISO date such as 2026-07-01") from None


def _expression(text: str, name: str, parse: Any) -> str:
    expression, unknown = parse(text) if text else ((), ())
    if unknown:
        raise UsageError(f"{name}: unknown {', '.join(map(repr, unknown))}")
    return "|".join(expression)


def _works(text: str) -> str:
    found = []
    for item in filter(None, (part.strip() for part in text.split("|"))):
        scheme, _, value = item.partition(":")
        module = {"iswc": iswc, "isrc": isrc}.get(scheme.lower())
        if module is None or not module.is_valid(value):
            raise UsageError(f"works: {item!r} is not iswc:... or isrc:... with a valid number")
        found.append(f"{scheme.lower()}:{module.compact(value)}")
    return "|".join(found)
