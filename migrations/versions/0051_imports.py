"""Files of tickets, employers and units; tickets that began in another system."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
RUNNING = sa.text("confirmed_at IS NOT NULL AND finished_at IS NULL")
IMPORTED = sa.text("import_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "import_file",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("heads", sa.JSON(), nullable=False),
        sa.Column("uploaded_by", BIG_INT, nullable=True),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        *(sa.Column(n, sa.Integer(), nullable=False) for n in ("good", "bad", "there", "done")),
        sa.CheckConstraint(
            "finished_at IS NULL OR confirmed_at IS NOT NULL", name="ck_import_file_asked_first"
        ),
        sa.ForeignKeyConstraint(["uploaded_by"], ["staff.id"], name="fk_import_file_uploaded_by"),
        sa.PrimaryKeyConstraint("id", name="pk_import_file"),
        sa.UniqueConstraint("kind", "digest", name="uq_import_file_kind_digest"),
    )
    op.create_index("ix_import_file_uploaded_by_id", "import_file", ["uploaded_by", "id"])
    op.create_index("ix_import_file_uploaded_at", "import_file", ["uploaded_at"])
    op.create_index(
        "ix_import_file_running", "import_file", ["id"],
        postgresql_where=RUNNING, sqlite_where=RUNNING,
    )  # fmt: skip
    _create_row()
    key = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    op.execute(  # with its constraint in one statement: the table is not copied
        f"ALTER TABLE ticket ADD COLUMN import_id {key}"
        " CONSTRAINT fk_ticket_import_id REFERENCES import_file (id)"
    )
    for name, column, unique in (
        ("ix_ticket_imported", "foreign_number", True),
        ("ix_ticket_import_id", "import_id", False),
    ):
        op.create_index(
            name, "ticket", [column], unique=unique,
            postgresql_where=IMPORTED, sqlite_where=IMPORTED,
        )  # fmt: skip


def downgrade() -> None:
    for name in ("ix_ticket_imported", "ix_ticket_import_id"):
        op.drop_index(name, "ticket")
    op.drop_column("ticket", "import_id")
    op.drop_table("import_row")
    op.drop_table("import_file")


def _create_row() -> None:
    op.create_table(
        "import_row",
        sa.Column("file_id", BIG_INT, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("cells", sa.LargeBinary(), nullable=True),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("subject_id", BIG_INT, nullable=True),
        sa.CheckConstraint(
            "(state = 'done') = (cells IS NULL)", name="ck_import_row_done_is_forgotten"
        ),
        sa.CheckConstraint(
            "(state = 'done') = (subject_id IS NOT NULL)", name="ck_import_row_done_has_subject"
        ),
        sa.ForeignKeyConstraint(["file_id"], ["import_file.id"], name="fk_import_row_file_id"),
        sa.PrimaryKeyConstraint("file_id", "line", name="pk_import_row"),
    )
    op.create_index("ix_import_row_file_id_state_line", "import_row", ["file_id", "state", "line"])
