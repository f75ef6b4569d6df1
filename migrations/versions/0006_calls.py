"""Calls, their events and orders, and the callbacks we owe."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHERE_1 = sa.text("end_state IS NOT NULL")
WHERE_2 = sa.text("ended_at IS NULL")
WHERE_3 = sa.text("ended_at IS NOT NULL AND disposition IS NULL")
WHERE_4 = sa.text("state = 'waiting'")
WHERE_5 = sa.text("state = 'sending'")
WHERE_6 = sa.text("state IN ('open', 'sms_sent')")

TABLES = (
    "opening_hours",
    "call",
    "call_event",
    "call_order",
    "call_words",
    "callback",
    "callback_attempt",
    "callback_call",
)


def upgrade() -> None:
    _create_opening_hours()
    _create_call()
    _create_call_event()
    _create_call_order()
    _create_call_words()
    _create_callback()
    _create_callback_attempt()
    _create_callback_call()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_opening_hours() -> None:
    op.create_table(
        "opening_hours",
        sa.Column("weekday", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("opens", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.CheckConstraint("opens < closes", name="ck_opening_hours_opens_before_closing"),
        sa.PrimaryKeyConstraint("weekday", "opens", name="pk_opening_hours"),
    )


def _call_columns() -> list[Any]:
    return [
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("provider_sid", sa.String(64), nullable=True),
        sa.Column("direction", sa.String(40), nullable=False),
        sa.Column("worker_id", BIG_INT, nullable=True),
        sa.Column("raw_from", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("end_state", sa.String(40), nullable=True),
        sa.Column("disposition", sa.String(40), nullable=True),
        sa.Column("ticket_id", BIG_INT, nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rang", sa.Boolean(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("queue_seconds", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_message", sa.Boolean(), nullable=False),
    ]


def _call_more_columns() -> list[Any]:
    return [
        sa.Column("asked_back", sa.Boolean(), nullable=False),
        sa.Column("after_hours", sa.Boolean(), nullable=False),
        sa.Column("fault", sa.String(40), nullable=True),
        sa.Column("carrier_status", sa.String(20), nullable=True),
        sa.Column("carrier_sequence", sa.Integer(), nullable=False),
        sa.Column("waited_ms", sa.Integer(), nullable=True),
        sa.Column("talked_ms", sa.Integer(), nullable=True),
        sa.Column("wrap_up_done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("staff_id", BIG_INT, nullable=True),
        sa.Column("line", sa.String(40), nullable=True),
        sa.Column("offered_to", BIG_INT, nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offers", sa.Integer(), nullable=False),
        sa.Column("bridged_by", BIG_INT, nullable=True),
        sa.Column("recording_sid", sa.String(64), nullable=True),
        sa.Column("recording_url", sa.String(300), nullable=True),
        sa.Column("recording_seconds", sa.Integer(), nullable=True),
    ]


def _call_rules() -> list[Any]:
    return [
        sa.CheckConstraint(
            "(ended_at IS NULL) = (end_state IS NULL)", name="ck_call_end_has_a_moment"
        ),
        sa.CheckConstraint(
            "(state = 'ended') = (end_state IS NOT NULL)", name="ck_call_ended_has_an_end"
        ),
        sa.CheckConstraint(
            "disposition <> 'registered' OR ticket_id IS NOT NULL", name="ck_call_registered"
        ),
        sa.ForeignKeyConstraint(["offered_to"], ["staff.id"], name="fk_call_offered_to"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_call_staff_id"),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
            name="fk_call_ticket_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name="fk_call_worker_id"),
        sa.PrimaryKeyConstraint("id", name="pk_call"),
        sa.UniqueConstraint("provider_sid", name="uq_call_provider_sid"),
    ]


def _create_call() -> None:
    op.create_table("call", *_call_columns(), *_call_more_columns(), *_call_rules())
    op.create_index(
        "ix_call_end", "call", ["end_state", "id"], postgresql_where=WHERE_1, sqlite_where=WHERE_1
    )
    op.create_index(
        "ix_call_live", "call", ["queued_at"], postgresql_where=WHERE_2, sqlite_where=WHERE_2
    )
    op.create_index(("ix_call_received_at"), "call", ["received_at"])
    op.create_index(("ix_call_staff_id_id"), "call", ["staff_id", "id"])
    op.create_index(("ix_call_ticket_id"), "call", ["ticket_id"])
    op.create_index(
        "ix_call_unsettled", "call", ["id"], postgresql_where=WHERE_3, sqlite_where=WHERE_3
    )
    op.create_index(("ix_call_worker_id_id"), "call", ["worker_id", "id"])


def _create_call_event() -> None:
    op.create_table(
        "call_event",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("call_id", BIG_INT, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("staff_id", BIG_INT, nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="fk_call_event_call_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_call_event_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_call_event"),
    )
    op.create_index(("ix_call_event_call_id_id"), "call_event", ["call_id", "id"])


def _call_order_columns() -> list[Any]:
    return [
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("act", sa.String(40), nullable=False),
        sa.Column("call_id", BIG_INT, nullable=False),
        sa.Column("staff_id", BIG_INT, nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(120), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("target_sid", sa.String(64), nullable=True),
        sa.Column("provider_sid", sa.String(64), nullable=True),
        sa.Column("refused", sa.Boolean(), nullable=False),
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


def _call_order_rules() -> list[Any]:
    return [
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="fk_call_order_call_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_call_order_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_call_order"),
        sa.UniqueConstraint("purpose", name="uq_call_order_purpose"),
    ]


def _create_call_order() -> None:
    op.create_table("call_order", *_call_order_columns(), *_call_order_rules())
    op.create_index(("ix_call_order_call_id"), "call_order", ["call_id"])
    op.create_index(
        "ix_call_order_due",
        "call_order",
        ["due_at"],
        postgresql_where=WHERE_4,
        sqlite_where=WHERE_4,
    )
    op.create_index(
        "ix_call_order_held",
        "call_order",
        ["lease_until"],
        postgresql_where=WHERE_5,
        sqlite_where=WHERE_5,
    )


def _create_call_words() -> None:
    op.create_table(
        "call_words",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("call_id", BIG_INT, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("speaker", sa.String(40), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="fk_call_words_call_id"),
        sa.PrimaryKeyConstraint("id", name="pk_call_words"),
    )
    op.create_index(("ix_call_words_call_id_at_id"), "call_words", ["call_id", "at", "id"])


def _callback_columns() -> list[Any]:
    return [
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("worker_id", BIG_INT, nullable=False),
        sa.Column("call_id", BIG_INT, nullable=False),
        sa.Column("unit_id", BIG_INT, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("returned_by", BIG_INT, nullable=True),
        sa.Column("ticket_id", BIG_INT, nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
    ]


def _callback_rules() -> list[Any]:
    return [
        sa.CheckConstraint(
            "(state LIKE 'closed%') = (closed_at IS NOT NULL)", name="ck_callback_closed_when"
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (next_due_at IS NOT NULL)", name="ck_callback_open_has_a_timer"
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="fk_callback_call_id"),
        sa.ForeignKeyConstraint(["returned_by"], ["call.id"], name="fk_callback_returned_by"),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
            name="fk_callback_ticket_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_callback_unit_id"),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name="fk_callback_worker_id"),
        sa.PrimaryKeyConstraint("id", name="pk_callback"),
    ]


def _create_callback() -> None:
    op.create_table("callback", *_callback_columns(), *_callback_rules())
    op.create_index(("ix_callback_call_id"), "callback", ["call_id"])
    op.create_index(
        "ix_callback_due",
        "callback",
        ["next_due_at"],
        postgresql_where=WHERE_6,
        sqlite_where=WHERE_6,
    )
    op.create_index(("ix_callback_opened_at"), "callback", ["opened_at"])
    op.create_index(("ix_callback_ticket_id"), "callback", ["ticket_id"])
    op.create_index(("ix_callback_worker_id_id"), "callback", ["worker_id", "id"])
    op.create_index(
        "uq_callback_open_worker",
        "callback",
        ["worker_id"],
        unique=True,
        postgresql_where=WHERE_6,
        sqlite_where=WHERE_6,
    )


def _create_callback_attempt() -> None:
    op.create_table(
        "callback_attempt",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("callback_id", BIG_INT, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", BIG_INT, nullable=True),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["callback_id"], ["callback.id"], name="fk_callback_attempt_callback_id"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_callback_attempt_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_callback_attempt"),
    )
    op.create_index(
        ("ix_callback_attempt_callback_id_at"), "callback_attempt", ["callback_id", "at"]
    )


def _create_callback_call() -> None:
    op.create_table(
        "callback_call",
        sa.Column("call_id", BIG_INT, nullable=False),
        sa.Column("callback_id", BIG_INT, nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="fk_callback_call_call_id"),
        sa.ForeignKeyConstraint(
            ["callback_id"], ["callback.id"], name="fk_callback_call_callback_id"
        ),
        sa.PrimaryKeyConstraint("call_id", name="pk_callback_call"),
    )
    op.create_index(("ix_callback_call_callback_id"), "callback_call", ["callback_id"])
