"""The ground floor: audit, heartbeat, inbox, idempotency."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

TABLES = (
    "audit_entry",
    "heartbeat",
    "idempotency_key",
    "inbox_event",
)


def upgrade() -> None:
    _create_audit_entry()
    _create_heartbeat()
    _create_idempotency_key()
    _create_inbox_event()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_audit_entry() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", BIG_INT, nullable=True),
        sa.Column("actor_name", sa.String(120), nullable=False),
        sa.Column("act", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entry"),
    )
    op.create_index(("ix_audit_entry_actor_id_id"), "audit_entry", ["actor_id", "id"])
    op.create_index(("ix_audit_entry_subject_id"), "audit_entry", ["subject", "id"])


def _create_heartbeat() -> None:
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_heartbeat"),
    )


def _create_idempotency_key() -> None:
    op.create_table(
        "idempotency_key",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("actor_id", BIG_INT, nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("asked", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_idempotency_key"),
        sa.UniqueConstraint("actor_id", "key", name="uq_idempotency_key_actor_id_key"),
    )


def _create_inbox_event() -> None:
    op.create_table(
        "inbox_event",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("conflicts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_inbox_event"),
        sa.UniqueConstraint("key", name="uq_inbox_event_key"),
    )
