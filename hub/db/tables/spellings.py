"""The index that search finds misspelt titles and names by."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, Text
from sqlmodel import Field, SQLModel

from hub.db.tables.columns import LONG, core


class SpellingBlock(SQLModel, table=True):
    """Signatures of the folded texts of one stretch of keys; see ``hub.db.search_index``.

    ``number`` counts stretches of the table ``source`` (``title`` or ``party``); ``signatures`` are unsigned
    64-bit words, least byte first, all first words before all second ones. Rows are added and never changed.
    """

    __tablename__ = "spelling_block"
    source: str = Field(sa_column=Column(Text, primary_key=True))
    number: int = Field(sa_column=Column(LONG, primary_key=True, autoincrement=False))
    signatures: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


SPELLING_BLOCK = core(SpellingBlock)
