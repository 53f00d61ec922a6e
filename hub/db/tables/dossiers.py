"""Dossiers: what answers about one name rest on, put together beforehand; see ``hub.dossiers``."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, LargeBinary, Text
from sqlmodel import Field, SQLModel

from hub.db.tables.columns import core


class DossierRow(SQLModel, table=True):
    """What is known under a name, for rights in works or in recordings; no fact stands here only.

    ``name`` is ``work`` or ``recording`` (whose rights), scheme and value, between colons. ``at`` is the
    instant as known at which it was put together; ``hangs_on`` are the scopes whose change makes it void, as
    64-bit integers.
    """

    __tablename__ = "dossier"
    name: str = Field(sa_column=Column(Text, primary_key=True))
    at: int = Field(sa_column=Column(BigInteger, nullable=False))
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    hangs_on: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


DOSSIER = core(DossierRow)
