"""What the law of a territory prescribes about who may collect, as rows with their source and both times."""

from __future__ import annotations

import datetime as dt

from sqlmodel import SQLModel

from hub.db.tables.columns import core, day, identity, instant, words


class JurisdictionRule(SQLModel, table=True):
    """One version of a rule: in these territories, for these rights, one society only."""

    __tablename__ = "jurisdiction_rule"
    id: int = identity()
    rule: str = words()
    territories: str = words()
    rights: str = words()
    society: str = words()
    effect: str = words()
    valid_from: dt.date = day()
    valid_to: dt.date = day()
    source: str = words()
    known_from: int = instant()
    known_to: int = instant()


JURISDICTION_RULE = core(JurisdictionRule)
