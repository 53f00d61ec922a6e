"""What declarations say, in rows that questions are asked by.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "claim",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("declaration_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("right", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("share", sa.BigInteger(), nullable=False),
        sa.Column("territories", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("society", sa.Text(), nullable=False),
        sa.Column("controlled", sa.Boolean(), nullable=False),
        sa.Column("chain", sa.Integer(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index("ix_claim_declaration_id", ["declaration_id"], unique=False)
        batch_op.create_index("ix_claim_party_id", ["party_id"], unique=False)

    op.create_table(
        "identifier",
        sa.Column(
            "declaration_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("declaration_id", "scheme", "value", name=op.f("pk_identifier")),
    )
    with op.batch_alter_table("identifier", schema=None) as batch_op:
        batch_op.create_index("ix_identifier_scheme_value", ["scheme", "value"], unique=False)

    op.create_table(
        "party",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("ipi_name", sa.Text(), nullable=False),
        sa.Column("ipi_base", sa.Text(), nullable=False),
        sa.Column("isni", sa.Text(), nullable=False),
        sa.Column("ipn", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
        sa.UniqueConstraint("digest", name=op.f("uq_party_digest")),
    )
    with op.batch_alter_table("party", schema=None) as batch_op:
        batch_op.create_index("ix_party_folded", ["folded"], unique=False)
        batch_op.create_index("ix_party_ipi_base", ["ipi_base"], unique=False)
        batch_op.create_index("ix_party_ipi_name", ["ipi_name"], unique=False)

    op.create_table(
        "title",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("declaration_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_title")),
    )
    with op.batch_alter_table("title", schema=None) as batch_op:
        batch_op.create_index("ix_title_declaration_id", ["declaration_id"], unique=False)
        batch_op.create_index("ix_title_folded", ["folded"], unique=False)

    op.create_table(
        "work_reference",
        sa.Column(
            "declaration_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("iswc", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("weight", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("declaration_id", "ordinal", name=op.f("pk_work_reference")),
    )


def downgrade() -> None:
    op.drop_table("work_reference")
    op.drop_table("title")
    op.drop_table("party")
    op.drop_table("identifier")
    op.drop_table("claim")
