"""The details of declarations that questions are asked by; they inherit its known time."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from hub.db.tables.columns import LONG, core, identity, words


class Identifier(SQLModel, table=True):
    """An identifier that a declaration gives its subject (``iswc``, ``isrc``, ``code``)."""

    __tablename__ = "identifier"
    # All its columns: who asks for a name needs nothing of the table.
    __table_args__ = (Index("ix_identifier_named", "scheme", "value", "declaration_id", "subject_id"),)
    declaration_id: int = Field(sa_column=Column(LONG, primary_key=True, autoincrement=False))
    subject_id: int = Field(sa_column=Column(LONG, nullable=False))
    scheme: str = Field(sa_column=Column(Text, primary_key=True))
    value: str = Field(sa_column=Column(Text, primary_key=True))


class Party(SQLModel, table=True):
    """A party exactly as some declaration names it; equal mentions share a row."""

    __tablename__ = "party"
    __table_args__ = (
        UniqueConstraint("digest"),
        Index("ix_party_ipi_name_ipi_base", "ipi_name", "ipi_base"),
        Index("ix_party_ipi_base", "ipi_base"),
        Index("ix_party_isni", "isni", sqlite_where=text("isni <> ''"), postgresql_where=text("isni <> ''")),
        Index("ix_party_ipn", "ipn", sqlite_where=text("ipn <> ''"), postgresql_where=text("ipn <> ''")),
        Index("ix_party_dpid", "dpid", sqlite_where=text("dpid <> ''"), postgresql_where=text("dpid <> ''")),
    )
    id: int = identity()
    digest: str = words()
    name: str = words()
    given: str = words()
    folded: str = words()
    ipi_name: str = words()
    ipi_base: str = words()
    isni: str = words()
    ipn: str = words()
    dpid: str = words(server_default="")


class ClaimRow(SQLModel, table=True):
    """A share of one right stated for one party: ``basis`` O (ownership) or C (collection)."""

    __tablename__ = "claim"
    __table_args__ = (
        Index("ix_claim_declaration_id", "declaration_id"),
        Index("ix_claim_party_id", "party_id"),
    )
    id: int = identity()
    declaration_id: int = Field(sa_column=Column(LONG, nullable=False))
    party_id: int = Field(sa_column=Column(LONG, nullable=False))
    right: str = words()
    basis: str = words()
    share: int = Field(sa_column=Column(BigInteger, nullable=False))
    territories: str = words()
    role: str = words()
    society: str = words()
    controlled: bool = False
    chain: int = 0
    position: str = words()
    uses: str = words(server_default="")
    valid_from: str = words(server_default="")
    valid_to: str = words(server_default="")


class Mention(SQLModel, table=True):
    """A party that a declaration names besides its claims, for search.

    Performers, the artist as shown, and every name that a party has in another alphabet.
    """

    __tablename__ = "mention"
    __table_args__ = (Index("ix_mention_party_id", "party_id"),)
    declaration_id: int = Field(sa_column=Column(LONG, primary_key=True, autoincrement=False))
    party_id: int = Field(sa_column=Column(LONG, primary_key=True, autoincrement=False))


class TitleRow(SQLModel, table=True):
    """A title of a declaration with its folded form, for search."""

    __tablename__ = "title"
    __table_args__ = (Index("ix_title_declaration_id", "declaration_id"),)
    id: int = identity()
    declaration_id: int = Field(sa_column=Column(LONG, nullable=False))
    subject_id: int = Field(sa_column=Column(LONG, nullable=False))
    text: str = words()
    kind: str = words()
    folded: str = words()


class MatchKey(SQLModel, table=True):
    """A blocking key of a declaration: a new record meets only what shares one."""

    __tablename__ = "match_key"
    __table_args__ = (Index("ix_match_key_key", "key"),)
    declaration_id: int = Field(sa_column=Column(LONG, primary_key=True, autoincrement=False))
    key: str = Field(sa_column=Column(Text, primary_key=True))
    subject_id: int = Field(sa_column=Column(LONG, nullable=False))


class WorkReferenceRow(SQLModel, table=True):
    """A work that a recording's declaration says it embodies; ``weight`` 0 when none is stated."""

    __tablename__ = "work_reference"
    declaration_id: int = Field(sa_column=Column(LONG, primary_key=True, autoincrement=False))
    ordinal: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    subject_id: int = Field(sa_column=Column(LONG, nullable=False))
    iswc: str = words()
    ref: str = words()
    title: str = words()
    weight: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))


IDENTIFIER = core(Identifier)
PARTY = core(Party)
CLAIM = core(ClaimRow)
MENTION = core(Mention)
TITLE = core(TitleRow)
MATCH_KEY = core(MatchKey)
WORK_REFERENCE = core(WorkReferenceRow)
