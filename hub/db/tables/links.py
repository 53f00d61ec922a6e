"""What is judged the same, and the clusters that follow."""

from __future__ import annotations

from sqlalchemy import Column, Index, text
from sqlmodel import Field, SQLModel

from hub.db.tables.columns import LONG, core, identity, instant, words

UNSURE, PEOPLE = "verdict = 'unsure'", "author <> 'matcher/1'"
"""Conditions of the indexes over what people are asked and what they said: few rows among the matcher's.

Statements that are to find them say the same words."""


class Judgement(SQLModel, table=True):
    """Whether two subjects are the same (or a recording embodies a work), with the evidence."""

    __tablename__ = "judgement"
    __table_args__ = (
        Index("ix_judgement_left_id", "left_id"),
        Index("ix_judgement_right_id", "right_id"),
        Index("ix_judgement_kind_verdict", "kind", "verdict"),
        Index("ix_judgement_unsure", "id", sqlite_where=text(UNSURE), postgresql_where=text(UNSURE)),
        Index("ix_judgement_people", "author", sqlite_where=text(PEOPLE), postgresql_where=text(PEOPLE)),
    )
    id: int = identity()
    kind: str = words()
    left_id: int = Field(sa_column=Column(LONG, nullable=False))
    right_id: int = Field(sa_column=Column(LONG, nullable=False))
    verdict: str = words()
    score: int = 0
    evidence: str = words()
    conflict: str = words()
    author: str = words()
    reason: str = words()
    known_from: int = instant()
    known_to: int = instant()


class ClusterMember(SQLModel, table=True):
    """Which linked subject a source subject belongs to; the cluster is named by its smallest member."""

    __tablename__ = "cluster_member"
    __table_args__ = (
        # All that is asked of them: the table itself need not be read.
        Index("ix_cluster_member_of_subject", "subject_id", "cluster_id", "known_from", "known_to"),
        Index("ix_cluster_member_of_cluster", "cluster_id", "subject_id", "known_from", "known_to"),
    )
    id: int = identity()
    subject_id: int = Field(sa_column=Column(LONG, nullable=False))
    cluster_id: int = Field(sa_column=Column(LONG, nullable=False))
    known_from: int = instant()
    known_to: int = instant()


class LearnedTable(SQLModel, table=True):
    """A model's table learned from people's judgements, from when to when it was the one in use."""

    __tablename__ = "learned_table"
    id: int = identity()
    kind: str = words()
    content: str = words()
    judgements: int = 0
    author: str = words()
    reason: str = words()
    known_from: int = instant()
    known_to: int = instant()


JUDGEMENT = core(Judgement)
CLUSTER_MEMBER = core(ClusterMember)
LEARNED_TABLE = core(LearnedTable)
