"""Webhooks, and the outbox of their notices, which is the log of deliveries as well."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, UniqueConstraint
from sqlmodel import Field, SQLModel

from hub.db.tables.columns import LONG, core, identity, instant, words


class Webhook(SQLModel, table=True):
    """Where a member wants to be told of what; ``events`` has blanks between, instants are 0 where nothing
    happened yet. Secrets are kept as they are, because signatures are made with them."""

    __tablename__ = "webhook"
    __table_args__ = (UniqueConstraint("public_id"), Index("ix_webhook_society", "society"))
    id: int = identity()
    public_id: str = words()
    society: str = words()
    role: str = words()
    url: str = words()
    events: str = words()
    label: str = words()
    secret: str = words()
    old_secret: str = words()
    old_until: int = instant()
    created_at: int = instant()
    disabled_at: int = instant()
    disabled_why: str = words()
    removed_at: int = instant()


class WebhookDelivery(SQLModel, table=True):
    """One notice to one webhook, written in the transaction that made it true; ``body`` is what is sent."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("public_id"),
        Index("ix_webhook_delivery_state_next_at", "state", "next_at"),
        Index("ix_webhook_delivery_webhook_id_id", "webhook_id", "id"),
    )
    id: int = identity()
    public_id: str = words()
    webhook_id: int = Field(sa_column=Column(LONG, nullable=False))
    kind: str = words()
    body: str = words()
    state: str = words()
    attempts: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    status: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    error: str = words()
    created_at: int = instant()
    next_at: int = instant()
    finished_at: int = instant()


WEBHOOK = core(Webhook)
WEBHOOK_DELIVERY = core(WebhookDelivery)
