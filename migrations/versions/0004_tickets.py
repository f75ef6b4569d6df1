"""Tickets and what hangs on them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHERE_1 = sa.text(
    "state IN ('awaiting_caller', 'dispatched', 'in_progress', 'received', "
    "'result_review', 'return_review', 'suspended')"
)
WHERE_2 = sa.text("decision = 'asked'")
WHERE_3 = sa.text("closed_at IS NULL")

GIVEN_LATER = (  # a ticket that comes in lacks them, and pays nothing for their indexes
    ("category_code", "id"),
    ("employer_key", "id"),
    ("handler_id", "id"),
    ("merged_into_id",),
    ("resolved_at",),
)

TABLES = (
    "category",
    "day_counter",
    "reason",
    "ticket",
    "approval",
    "assist",
    "attachment",
    "obligation",
    "ticket_event",
    "ticket_result",
)


def upgrade() -> None:
    _create_category()
    _create_day_counter()
    _create_reason()
    _create_ticket()
    _create_approval()
    _create_assist()
    _create_attachment()
    _create_obligation()
    _create_ticket_event()
    _create_ticket_result()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_category() -> None:
    op.create_table(
        "category",
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
        sa.Column("group_code", sa.String(4), nullable=False),
        sa.Column("group_name", sa.String(80), nullable=False),
        sa.Column("group_name_en", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_category"),
    )


def _create_day_counter() -> None:
    op.create_table(
        "day_counter",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_day_counter"),
    )


def _create_reason() -> None:
    op.create_table(
        "reason",
        sa.Column("list", sa.String(20), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("name_en", sa.String(160), nullable=False),
        sa.PrimaryKeyConstraint("list", "code", name="pk_reason"),
    )


def _ticket_columns() -> list[Any]:
    return [
        sa.Column("id", BIG_INT, autoincrement=False, nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("worker_id", BIG_INT, nullable=True),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("narrative", sa.LargeBinary(), nullable=False),
        sa.Column("category_code", sa.String(8), nullable=True),
        sa.Column("demand_type", sa.String(40), nullable=True),
        sa.Column("region_code", sa.String(6), nullable=True),
        sa.Column("confidential_level", sa.Integer(), nullable=True),
        sa.Column("employer", sa.LargeBinary(), nullable=True),
        sa.Column("employer_key", sa.LargeBinary(16), nullable=True),
        sa.Column("head_count", sa.Integer(), nullable=True),
        sa.Column("foreign_number", sa.String(60), nullable=True),
        sa.Column("urgency", sa.String(40), nullable=False),
        sa.Column("mass", sa.Boolean(), nullable=False),
        sa.Column("unit_id", BIG_INT, nullable=False),
        sa.Column("route_reason", sa.String(300), nullable=True),
        sa.Column("handler_id", BIG_INT, nullable=True),
        sa.Column("reviewer_id", BIG_INT, nullable=True),
        sa.Column("class_code", sa.String(40), nullable=False),
    ]


def _ticket_more_columns() -> list[Any]:
    return [
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_original", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_explained", sa.JSON(), nullable=False),
        sa.Column("due_provisional", sa.Boolean(), nullable=False),
        sa.Column("clock_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(40), nullable=True),
        sa.Column("survey_outcome", sa.String(40), nullable=True),
        sa.Column("escalation_level", sa.Integer(), nullable=False),
        sa.Column("supervision_level", sa.Integer(), nullable=False),
        sa.Column("urge_count", sa.Integer(), nullable=False),
        sa.Column("caller_reminders", sa.Integer(), nullable=False),
        sa.Column("returns_refused", sa.Integer(), nullable=False),
        sa.Column("reworks", sa.Integer(), nullable=False),
        sa.Column("reopens", sa.Integer(), nullable=False),
        sa.Column("merged_into_id", BIG_INT, nullable=True),
        sa.Column("merge_kept", sa.JSON(), nullable=True),
    ]


def _ticket_rules() -> list[Any]:
    return [
        sa.CheckConstraint(
            "(state IN ('archived')) = (archived_at IS NOT NULL)",
            name="ck_ticket_archived_has_moment",
        ),
        sa.CheckConstraint("reworks <= 2", name="ck_ticket_at_most_two_reworks"),
        sa.CheckConstraint(
            "confidential_level BETWEEN 0 AND 3", name="ck_ticket_confidential_level"
        ),
        sa.CheckConstraint(
            "(state IN ('merged')) = (merged_into_id IS NOT NULL)",
            name="ck_ticket_merged_has_target",
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (resolved_at IS NULL)", name="ck_ticket_outcome_has_moment"
        ),
        sa.CheckConstraint(
            "(state IN ('awaiting_caller', 'suspended')) = (paused_since IS NOT NULL)",
            name="ck_ticket_paused_has_moment",
        ),
        sa.CheckConstraint(
            "(state IN ('appraisal_review', 'archived', 'resolved', 'surveyed')) = "
            "(outcome IS NOT NULL)",
            name="ck_ticket_settled_has_outcome",
        ),
        sa.CheckConstraint(
            "state NOT IN ('in_progress', 'awaiting_caller', 'suspended', "
            "'result_review') OR handler_id IS NOT NULL",
            name="ck_ticket_work_has_handler",
        ),
        sa.ForeignKeyConstraint(
            ["category_code"], ["category.code"], name="fk_ticket_category_code"
        ),
        sa.ForeignKeyConstraint(["handler_id"], ["staff.id"], name="fk_ticket_handler_id"),
        sa.ForeignKeyConstraint(["merged_into_id"], ["ticket.id"], name="fk_ticket_merged_into_id"),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_ticket_region_code"),
        sa.ForeignKeyConstraint(["reviewer_id"], ["staff.id"], name="fk_ticket_reviewer_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_ticket_unit_id"),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name="fk_ticket_worker_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket"),
        sa.UniqueConstraint("number", name="uq_ticket_number"),
    ]


def _create_ticket() -> None:
    op.create_table("ticket", *_ticket_columns(), *_ticket_more_columns(), *_ticket_rules())
    op.create_index(
        "ix_ticket_due", "ticket", ["due_at"], postgresql_where=WHERE_1, sqlite_where=WHERE_1
    )
    op.create_index("ix_ticket_due_any", "ticket", ["due_at"])
    op.create_index(("ix_ticket_due_original"), "ticket", ["due_original"])
    op.create_index(
        "ix_ticket_open", "ticket", ["id"], postgresql_where=WHERE_1, sqlite_where=WHERE_1
    )
    op.create_index(("ix_ticket_received_at"), "ticket", ["received_at"])
    op.create_index(("ix_ticket_state_id"), "ticket", ["state", "id"])
    op.create_index(("ix_ticket_touched_at"), "ticket", ["touched_at"])
    op.create_index(("ix_ticket_unit_id_id"), "ticket", ["unit_id", "id"])
    op.create_index(("ix_ticket_worker_id_id"), "ticket", ["worker_id", "id"])
    for column, *more in GIVEN_LATER:
        given = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            "_".join(("ix_ticket", column, *more)),
            "ticket",
            [column, *more],
            postgresql_where=given,
            sqlite_where=given,
        )


def _create_approval() -> None:
    op.create_table(
        "approval",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("ticket_id", BIG_INT, nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("fields", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by", BIG_INT, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(40), nullable=False),
        sa.Column("decided_by", BIG_INT, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name="fk_approval_asked_by"),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name="fk_approval_decided_by"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_approval_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_approval"),
    )
    op.create_index(
        "ix_approval_open",
        "approval",
        ["ticket_id", "action"],
        unique=True,
        postgresql_where=WHERE_2,
        sqlite_where=WHERE_2,
    )
    op.create_index(("ix_approval_ticket_id_id"), "approval", ["ticket_id", "id"])


def _create_assist() -> None:
    op.create_table(
        "assist",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("ticket_id", BIG_INT, nullable=False),
        sa.Column("unit_id", BIG_INT, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_assist_ticket_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_assist_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_assist"),
        sa.UniqueConstraint("ticket_id", "unit_id", name="uq_assist_ticket_id_unit_id"),
    )
    op.create_index(("ix_assist_unit_id_ticket_id"), "assist", ["unit_id", "ticket_id"])


def _create_attachment() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("ticket_id", BIG_INT, nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_by", BIG_INT, nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_attachment_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
    )
    op.create_index(("ix_attachment_ticket_id_id"), "attachment", ["ticket_id", "id"])


def _create_obligation() -> None:
    op.create_table(
        "obligation",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("ticket_id", BIG_INT, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_obligation_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_obligation"),
    )
    op.create_index(
        "ix_obligation_open",
        "obligation",
        ["ticket_id"],
        postgresql_where=WHERE_3,
        sqlite_where=WHERE_3,
    )


def _create_ticket_event() -> None:
    op.create_table(
        "ticket_event",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("ticket_id", BIG_INT, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(40), nullable=True),
        sa.Column("from_state", sa.String(40), nullable=True),
        sa.Column("to_state", sa.String(40), nullable=True),
        sa.Column("actor_id", BIG_INT, nullable=True),
        sa.Column("actor_name", sa.String(120), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("given", sa.LargeBinary(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
            name="fk_ticket_event_ticket_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_event"),
    )
    op.create_index(("ix_ticket_event_ticket_id_id"), "ticket_event", ["ticket_id", "id"])


def _create_ticket_result() -> None:
    op.create_table(
        "ticket_result",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("ticket_id", BIG_INT, nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("reply", sa.LargeBinary(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("submitted_by", BIG_INT, nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", BIG_INT, nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_ticket_result_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_result"),
    )
    op.create_index(("ix_ticket_result_ticket_id_id"), "ticket_result", ["ticket_id", "id"])
