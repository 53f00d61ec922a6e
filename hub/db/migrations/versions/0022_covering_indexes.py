"""Indexes that hold all that answers ask of names in questions, clusters and numbers of parties.

Revision ID: 0022
Revises: 0021
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

WIDER = (
    ("identifier", "ix_identifier_named", ["scheme", "value", "declaration_id", "subject_id"]),
    (
        "cluster_member",
        "ix_cluster_member_of_subject",
        ["subject_id", "cluster_id", "known_from", "known_to"],
    ),
    (
        "cluster_member",
        "ix_cluster_member_of_cluster",
        ["cluster_id", "subject_id", "known_from", "known_to"],
    ),
    ("party", "ix_party_ipi_name_ipi_base", ["ipi_name", "ipi_base"]),
)
NARROWER = (
    ("identifier", "ix_identifier_scheme_value", ["scheme", "value"]),
    ("cluster_member", "ix_cluster_member_subject_id", ["subject_id"]),
    ("cluster_member", "ix_cluster_member_cluster_id", ["cluster_id"]),
    ("party", "ix_party_ipi_name", ["ipi_name"]),
)


def upgrade() -> None:
    """The narrower ones go later, see ``hub.db.superseded``."""
    for table, name, columns in WIDER:
        op.create_index(name, table, columns)


def downgrade() -> None:
    for table, name, columns in NARROWER:
        op.create_index(name, table, columns, if_not_exists=True)
    for table, name, _ in WIDER:
        op.drop_index(name, table_name=table)
