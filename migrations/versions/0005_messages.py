"""Messages in and out, and notices on desks."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHERE_1 = sa.text("read_at IS NULL")
WHERE_2 = sa.text("state = 'waiting'")
WHERE_3 = sa.text("state IN ('sending', 'uncertain')")
WHERE_4 = sa.text("sent_at IS NOT NULL")

TABLES = (
    "carrier_health",
    "desk_notice",
    "message",
)


def upgrade() -> None:
    _create_carrier_health()
    _create_desk_notice()
    _create_message()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_carrier_health() -> None:
    op.create_table(
        "carrier_health",
        sa.Column("service", sa.String(20), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("service", name="pk_carrier_health"),
    )


def _create_desk_notice() -> None:
    op.create_table(
        "desk_notice",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("staff_id", BIG_INT, nullable=False),
        sa.Column("purpose", sa.String(120), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("ticket_id", BIG_INT, nullable=True),
        sa.Column("text", sa.String(200), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_desk_notice_staff_id"),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
            name="fk_desk_notice_ticket_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_desk_notice"),
        sa.UniqueConstraint("purpose", name="uq_desk_notice_purpose"),
    )
    op.create_index(
        "ix_desk_notice_unread",
        "desk_notice",
        ["staff_id", "id"],
        postgresql_where=WHERE_1,
        sqlite_where=WHERE_1,
    )


def _message_columns() -> list[Any]:
    return [
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("direction", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("policy", sa.String(40), nullable=False),
        sa.Column("provider_sid", sa.String(64), nullable=True),
        sa.Column("purpose", sa.String(120), nullable=True),
        sa.Column("ticket_id", BIG_INT, nullable=True),
        sa.Column("worker_id", BIG_INT, nullable=True),
        sa.Column("staff_id", BIG_INT, nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("address_key", sa.LargeBinary(16), nullable=True),
        sa.Column("block_key", sa.LargeBinary(16), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("template", sa.String(40), nullable=True),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owner", sa.String(40), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(60), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
    ]


def _message_rules() -> list[Any]:
    return [
        sa.CheckConstraint("body IS NOT NULL OR template IS NOT NULL", name="ck_message_has_words"),
        sa.CheckConstraint(
            "direction = 'out' OR provider_sid IS NOT NULL",
            name="ck_message_inbound_has_provider_id",
        ),
        sa.CheckConstraint(
            "(direction = 'in') = (state = 'received')", name="ck_message_received_is_what_comes_in"
        ),
        sa.CheckConstraint(
            "state NOT IN ('delivered', 'failed', 'cancelled') OR settled_at IS NOT NULL",
            name="ck_message_settled_has_moment",
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
            name="fk_message_ticket_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name="fk_message_worker_id"),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("provider_sid", name="uq_message_provider_sid"),
        sa.UniqueConstraint("purpose", name="uq_message_purpose"),
    ]


def _create_message() -> None:
    op.create_table("message", *_message_columns(), *_message_rules())
    op.create_index(
        "ix_message_due",
        "message",
        ["priority", "due_at"],
        postgresql_where=WHERE_2,
        sqlite_where=WHERE_2,
    )
    op.create_index(
        "ix_message_in_doubt",
        "message",
        ["lease_until"],
        postgresql_where=WHERE_3,
        sqlite_where=WHERE_3,
    )
    op.create_index(
        "ix_message_rate", "message", ["sent_at"], postgresql_where=WHERE_4, sqlite_where=WHERE_4
    )
    op.create_index(
        "ix_message_rate_of_block",
        "message",
        ["block_key", "sent_at"],
        postgresql_where=WHERE_4,
        sqlite_where=WHERE_4,
    )
    op.create_index(
        "ix_message_rate_of_number",
        "message",
        ["address_key", "sent_at"],
        postgresql_where=WHERE_4,
        sqlite_where=WHERE_4,
    )
    op.create_index(("ix_message_ticket_id_id"), "message", ["ticket_id", "id"])
    op.create_index(("ix_message_worker_id_created_at"), "message", ["worker_id", "created_at"])
