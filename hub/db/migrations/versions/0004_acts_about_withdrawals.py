"""What is done about a withdrawal, act by act; every notice that is there was filed.

Revision ID: 0004
Revises: 0003
"""

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

FOREVER = dt.date(9999, 12, 31)
LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    event = op.create_table(
        "withdrawal_event",
        sa.Column("id", LONG, autoincrement=False, nullable=False),
        sa.Column("withdrawal_id", LONG, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("notice", sa.Date(), nullable=False),
        sa.Column("effective", sa.Date(), nullable=False),
        sa.Column("earliest", sa.Date(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("seal", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("known_from", sa.BigInteger(), nullable=False),
        sa.Column("known_to", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal_event")),
    )
    with op.batch_alter_table("withdrawal_event", schema=None) as batch_op:
        batch_op.create_index("ix_withdrawal_event_withdrawal_id", ["withdrawal_id"], unique=False)

    withdrawal = _withdrawals()
    rows = op.get_bind().execute(sa.select(withdrawal).order_by(withdrawal.c.id)).all()
    filings = [
        {
            "id": number,
            "withdrawal_id": row.id,
            "action": "file",
            "role": "filer",
            "author": row.filed_by,
            "reason": "",
            "evidence": row.evidence,
            "done_on": dt.datetime.fromtimestamp(row.known_from // 1_000_000, dt.UTC).date(),
            "notice": row.notice,
            "effective": row.effective,
            # No rule was asked when it was filed, and no time to react was set: none is made up afterwards.
            "earliest": row.notice,
            "deadline": FOREVER,
            "rule": "",
            "seal": "",
            "salt": "",
            "known_from": row.known_from,
            "known_to": row.known_to,
        }
        for number, row in enumerate(rows, 1)
    ]
    op.bulk_insert(event, filings)
    counter = sa.table("counter", sa.column("name", sa.Text()), sa.column("value", sa.BigInteger()))
    op.bulk_insert(counter, [{"name": "withdrawal_event", "value": len(filings)}])


def downgrade() -> None:
    """An older program takes every withdrawal for filed: those that are not must go, with what was said."""
    bind = op.get_bind()
    withdrawal = _withdrawals()
    event = sa.table(
        "withdrawal_event",
        sa.column("withdrawal_id", LONG),
        sa.column("action", sa.Text()),
        sa.column("notice", sa.Date()),
        sa.column("effective", sa.Date()),
    )
    of_action = sa.select(event.c.withdrawal_id)
    bind.execute(
        sa.delete(withdrawal).where(
            sa.or_(
                withdrawal.c.id.not_in(of_action.where(event.c.action == "file")),
                withdrawal.c.id.in_(of_action.where(event.c.action == "cancel")),
            )
        )
    )
    for row in bind.execute(sa.select(event).where(event.c.action == "file")).all():
        bind.execute(
            sa.update(withdrawal)
            .where(withdrawal.c.id == row.withdrawal_id)
            .values(notice=row.notice, effective=row.effective)
        )
    op.drop_table("withdrawal_event")
    op.execute("DELETE FROM counter WHERE name = 'withdrawal_event'")


def _withdrawals() -> sa.TableClause:
    return sa.table(
        "withdrawal",
        sa.column("id", LONG),
        sa.column("notice", sa.Date()),
        sa.column("effective", sa.Date()),
        sa.column("filed_by", sa.Text()),
        sa.column("evidence", sa.Text()),
        sa.column("known_from", sa.BigInteger()),
        sa.column("known_to", sa.BigInteger()),
    )
