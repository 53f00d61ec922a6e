"""Jobs in the database, and the keys by which callers repeat a call safely.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = (
    "public_id", "kind", "society", "subject", "payload", "state", "progress", "result", "error", "worker",
)  # fmt: skip
INSTANTS = ("lease_until", "created_at", "started_at", "finished_at")


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", LONG, autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in WORDS),
        sa.Column("attempts", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in INSTANTS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("public_id", name=op.f("uq_job_public_id")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_state_id", ["state", "id"], unique=False)
        batch_op.create_index("ix_job_society_id", ["society", "id"], unique=False)
        batch_op.create_index("ix_job_subject", ["subject"], unique=False)
    op.create_table(
        "request_key",
        sa.Column("society", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("society", "key", name=op.f("pk_request_key")),
    )


def downgrade() -> None:
    op.drop_table("request_key")
    op.drop_table("job")
