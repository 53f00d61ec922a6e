"""Webhooks and the outbox of their notices.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def instants(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", LONG, autoincrement=False, nullable=False),
        *words("public_id", "society", "role", "url", "events", "label", "secret", "old_secret"),
        *instants("old_until", "created_at", "disabled_at"),
        *words("disabled_why"),
        *instants("removed_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
        sa.UniqueConstraint("public_id", name=op.f("uq_webhook_public_id")),
    )
    op.create_index("ix_webhook_society", "webhook", ["society"])
    op.create_table(
        "webhook_delivery",
        sa.Column("id", LONG, autoincrement=False, nullable=False),
        *words("public_id"),
        sa.Column("webhook_id", LONG, nullable=False),
        *words("kind", "body", "state"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        *words("error"),
        *instants("created_at", "next_at", "finished_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint("public_id", name=op.f("uq_webhook_delivery_public_id")),
    )
    op.create_index("ix_webhook_delivery_state_next_at", "webhook_delivery", ["state", "next_at"])
    op.create_index("ix_webhook_delivery_webhook_id_id", "webhook_delivery", ["webhook_id", "id"])


def downgrade() -> None:
    op.drop_table("webhook_delivery")
    op.drop_table("webhook")
