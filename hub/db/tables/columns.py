"""Column kinds that the tables share, and the naming of their constraints."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Date, Integer, MetaData, Table, Text
from sqlmodel import Field, SQLModel

SQLModel.metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
metadata = SQLModel.metadata

LONG = BigInteger().with_variant(Integer, "sqlite")


def identity() -> Any:
    """A 64-bit primary key that callers assign in blocks."""
    return Field(sa_column=Column(LONG, primary_key=True, autoincrement=False))


def words(**options: Any) -> Any:
    """A text column that is never NULL."""
    return Field(default="", sa_column=Column(Text, nullable=False, **options))


def instant() -> Any:
    """An instant of known time in microseconds."""
    return Field(sa_column=Column(BigInteger, nullable=False))


def day() -> Any:
    """A date of valid time."""
    return Field(sa_column=Column(Date, nullable=False))


def core(model: type[SQLModel]) -> Table:
    """The table behind a model: statements use it, because bulk paths do not pass through objects."""
    return model.__table__  # type: ignore[attr-defined,no-any-return]
