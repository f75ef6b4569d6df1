"""Search: the keyed words of tickets, and how far they are written.

On SQLite a full-text table of the same rows is their index; triggers keep it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEYS = sa.Text().with_variant(postgresql.ARRAY(sa.Integer()), "postgresql")
INSERT = "INSERT INTO ticket_words_fts (rowid, keys) VALUES (new.ticket_id, new.keys);"
DELETE = (
    "INSERT INTO ticket_words_fts (ticket_words_fts, rowid, keys)"
    " VALUES ('delete', old.ticket_id, old.keys);"
)
TRIGGERS = {"INSERT": INSERT, "DELETE": DELETE, "UPDATE": f"{DELETE} {INSERT}"}


def upgrade() -> None:
    op.create_table(
        "ticket_words",
        sa.Column("ticket_id", BIG_INT, autoincrement=False, nullable=False),
        sa.Column("keys", KEYS, nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_ticket_words_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_ticket_words"),
    )
    op.create_table(
        "words_mark",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("floor", BIG_INT, nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_words_mark"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_ticket_words_keys", "ticket_words", ["keys"], postgresql_using="gin")
        return
    op.execute(
        "CREATE VIRTUAL TABLE ticket_words_fts USING fts5(keys, content='ticket_words',"
        " content_rowid='ticket_id', detail='none', columnsize=0, tokenize='ascii')"
    )
    for act, statements in TRIGGERS.items():
        op.execute(
            f"CREATE TRIGGER ticket_words_{act.lower()} AFTER {act} ON ticket_words"
            f" BEGIN {statements} END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE ticket_words_fts")
    op.drop_table("words_mark")
    op.drop_table("ticket_words")
