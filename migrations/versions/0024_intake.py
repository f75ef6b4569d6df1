"""Intake while talking: employers, category forms and their facts, projects, drafts."""

import datetime as dt
import json
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
FORMS = Path(__file__).parent.parent / "data" / "forms.json"
FIRST = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
OPEN = (
    "state IN ('awaiting_caller', 'dispatched', 'in_progress', 'received', 'result_review',"
    " 'return_review', 'suspended')"
)
WHILE_OPEN = (
    ("employer_id", "id"),
    ("employer_key", "id"),
    ("project_key", "id"),
    ("region_code", "category_code", "id"),
)


def upgrade() -> None:
    _create_employer()
    _create_form_version()
    _create_draft()
    op.add_column("category", sa.Column("retired_at", MOMENT, nullable=True))
    employer = sa.ForeignKey("employer.id", name="fk_ticket_employer_id")
    op.add_column(
        "ticket", sa.Column("employer_id", BIG_INT, employer, nullable=True), inline_references=True
    )
    op.add_column("ticket", sa.Column("project", sa.LargeBinary(), nullable=True))
    op.add_column("ticket", sa.Column("project_key", sa.LargeBinary(16), nullable=True))
    for columns in WHILE_OPEN:
        where = sa.text(f"{OPEN} AND {columns[0]} IS NOT NULL")
        name = f"ix_ticket_open_{columns[0]}"
        op.create_index(name, "ticket", columns, postgresql_where=where, sqlite_where=where)
    given = sa.text("employer_id IS NOT NULL")
    op.create_index(
        "ix_ticket_employer_id_id",
        "ticket",
        ["employer_id", "id"],
        postgresql_where=given,
        sqlite_where=given,
    )


def downgrade() -> None:
    for columns in WHILE_OPEN:
        op.drop_index(f"ix_ticket_open_{columns[0]}", "ticket")
    op.drop_index("ix_ticket_employer_id_id", "ticket")
    for column in ("project_key", "project", "employer_id"):
        op.drop_column("ticket", column)
    op.drop_column("category", "retired_at")
    for table in ("draft", "ticket_facts", "form_version"):
        op.drop_table(table)
    for table in ("employer_key", "employer_name", "employer"):
        op.drop_table(table)


def _create_employer() -> None:
    op.create_table(
        "employer",
        sa.Column("id", BIG_INT, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("code", sa.String(18), nullable=True),
        sa.Column("region_code", sa.String(6), nullable=True),
        sa.Column("address", sa.String(200), nullable=True),
        sa.Column("ownership", sa.String(40), nullable=True),
        sa.Column("has_union", sa.Boolean(), nullable=True),
        sa.Column("added_by", BIG_INT, nullable=True),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_employer_region_code"),
        sa.PrimaryKeyConstraint("id", name="pk_employer"),
        sa.UniqueConstraint("code", name="uq_employer_code"),
    )
    op.create_index("ix_employer_name", "employer", ["name"])
    op.create_table(
        "employer_name",
        sa.Column("employer_id", BIG_INT, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("heart", sa.String(120), nullable=False),
        _of_employer("employer_name"),
        sa.PrimaryKeyConstraint("employer_id", "name", name="pk_employer_name"),
    )
    op.create_index("ix_employer_name_heart", "employer_name", ["heart"])
    op.create_table(
        "employer_key",
        sa.Column("key", sa.String(8), nullable=False),
        sa.Column("employer_id", BIG_INT, nullable=False),
        _of_employer("employer_key"),
        sa.PrimaryKeyConstraint("key", "employer_id", name="pk_employer_key"),
    )
    op.create_index("ix_employer_key_employer_id", "employer_key", ["employer_id"])


def _of_employer(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["employer_id"], ["employer.id"], name=f"fk_{table}_employer_id", ondelete="CASCADE"
    )


def _create_form_version() -> None:
    table = op.create_table(
        "form_version",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("published_by", BIG_INT, nullable=True),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_form_version"),
        sa.UniqueConstraint("code", "version", name="uq_form_version_code_version"),
    )
    forms = json.loads(FORMS.read_text("utf-8"))
    first = {"version": 1, "note": "最初版本", "published_by": None, "published_at": FIRST}
    op.bulk_insert(
        table,
        [{"code": code, "definition": made, **first} for code, made in forms.items()],
    )
    op.create_table(
        "ticket_facts",
        sa.Column("ticket_id", BIG_INT, autoincrement=False, nullable=False),
        sa.Column("form_id", BIG_INT, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
            name="fk_ticket_facts_ticket_id",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(["form_id"], ["form_version.id"], name="fk_ticket_facts_form_id"),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_ticket_facts"),
    )


def _create_draft() -> None:
    op.create_table(
        "draft",
        sa.Column("staff_id", BIG_INT, nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("fields", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_draft_staff_id"),
        sa.PrimaryKeyConstraint("staff_id", "key", name="pk_draft"),
    )
    op.create_index("ix_draft_saved_at", "draft", ["saved_at"])
