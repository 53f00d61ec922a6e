"""Roles of keys, and refused attempts. Keys made before are those of societies, and sent usage reports.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = ("who", "society", "role", "method", "route", "code")


def upgrade() -> None:
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.add_column(sa.Column("role", sa.Text(), server_default="society", nullable=False))
    op.execute("UPDATE api_key SET scopes = scopes || ' usage' WHERE scopes LIKE '%read%'")
    op.create_table(
        "denial",
        sa.Column("id", LONG, autoincrement=False, nullable=False),
        sa.Column("minute", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in WORDS),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_denial")),
        sa.UniqueConstraint(
            "minute", "who", "method", "route", "code", name=op.f("uq_denial_minute_who_method_route_code")
        ),
    )


def downgrade() -> None:
    op.drop_table("denial")
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.drop_column("role")
