"""People with passwords, their sessions, and failures to sign in.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = ("public_id", "name", "society", "role", "scopes", "password")
INSTANTS = ("must_change", "created_at", "changed_at", "disabled_at", "last_used_at")


def upgrade() -> None:
    op.create_table(
        "user_account",
        sa.Column("id", LONG, autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in WORDS),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in INSTANTS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("name", name=op.f("uq_user_account_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_user_account_public_id")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("subject", sa.Text(), nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("failures", "last_at", "locked_until")
        ),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_sign_in_attempt")),
    )
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("user_id", sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    op.execute("DELETE FROM web_session WHERE user_id <> 0")
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.drop_column("user_id")
    op.drop_table("sign_in_attempt")
    op.drop_table("user_account")
