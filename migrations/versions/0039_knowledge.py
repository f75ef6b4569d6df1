"""Articles: their versions and law, what was searched in vain, laws that changed; the first drafts.

What the program brings is a draft that nobody here has written: what a hotline answers is its own
word, so one person of the installation reads each and approves it before it is found.
"""

import datetime as dt
import json
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
DRAFTS = Path(__file__).parent.parent / "data" / "articles.json"
FIRST = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
CENTRE = 2  # the hotline centre, as the reference rows number it
IN_FORCE = sa.text("in_force IS NOT NULL AND withdrawn_at IS NULL")
WAITING = sa.text("draft IS NOT NULL AND withdrawn_at IS NULL")
WITHDRAWN = sa.text("withdrawn_at IS NOT NULL")
INDEXES = {
    "ix_article_in_force": (["id"], IN_FORCE),
    "ix_article_review": (["review_on", "id"], IN_FORCE),
    "ix_article_waiting": (["id"], WAITING),
    "ix_article_withdrawn": (["id"], WITHDRAWN),
}
WORDS = (
    "article_id, number, title, variants, answer, category_code, region_code, note, written_by,"
    " written_at"
)
REFUSAL = "the words of a version stay as they were written"


def upgrade() -> None:
    _create_article()
    _create_version()
    _create_law()
    _create_found()
    for name in ("article_version", "article_law"):
        _let_stay(name, WORDS if name == "article_version" else None)
    _cite()
    _bring_drafts()


def downgrade() -> None:
    op.drop_table("recheck")
    op.drop_index("ix_ticket_result_article_version_id", "ticket_result")
    op.drop_column("ticket_result", "article_version_id")
    for table in ("law_change", "missed_search", "article_key"):
        op.drop_table(table)
    for table in ("article_law", "article_version"):
        op.drop_table(table)
    op.drop_table("article")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION article_words_stay()")


def _create_article() -> None:
    op.create_table(
        "article",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner_id", BIG_INT, nullable=False),
        sa.Column("in_force", sa.Integer(), nullable=True),
        sa.Column("draft", sa.Integer(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("withdrawn_why", sa.String(200), nullable=True),
        sa.CheckConstraint(
            "in_force IS NOT NULL OR draft IS NOT NULL", name="ck_article_has_words"
        ),
        sa.CheckConstraint(
            "(in_force IS NULL) = (review_on IS NULL)", name="ck_article_in_force_is_reviewed"
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_why IS NULL)",
            name="ck_article_withdrawn_with_reason",
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["unit.id"], name="fk_article_owner_id"),
        sa.PrimaryKeyConstraint("id", name="pk_article"),
    )
    for name, (columns, where) in INDEXES.items():
        op.create_index(name, "article", columns, postgresql_where=where, sqlite_where=where)


def _create_version() -> None:
    staff = (("written_by", "staff.id"), ("approved_by", "staff.id"))
    codes = (("category_code", "category.code"), ("region_code", "region.code"))
    op.create_table(
        "article_version",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("article_id", BIG_INT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("variants", sa.JSON(), nullable=False),
        sa.Column("answer", sa.String(400), nullable=False),
        sa.Column("category_code", sa.String(4), nullable=True),
        sa.Column("region_code", sa.String(6), nullable=True),
        sa.Column("note", sa.String(200), nullable=True),
        sa.Column("written_by", BIG_INT, nullable=True),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("approved_by", BIG_INT, nullable=True),
        sa.Column("approved_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "approved_by <> written_by", name="ck_article_version_approved_by_another"
        ),
        sa.CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL)", name="ck_article_version_approved_when"
        ),
        *(
            sa.ForeignKeyConstraint([column], [target], name=f"fk_article_version_{column}")
            for column, target in (("article_id", "article.id"), *codes, *staff)
        ),
        sa.PrimaryKeyConstraint("id", name="pk_article_version"),
        sa.UniqueConstraint("article_id", "number", name="uq_article_version_article_id_number"),
    )


def _create_law() -> None:
    op.create_table(
        "article_law",
        sa.Column("version_id", BIG_INT, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("law", sa.String(60), nullable=False),
        sa.Column("article", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["article_version.id"], name="fk_article_law_version_id"
        ),
        sa.PrimaryKeyConstraint("version_id", "place", name="pk_article_law"),
    )
    op.create_index("ix_article_law_law_article", "article_law", ["law", "article"])
    op.create_table(
        "law_change",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("law", sa.String(60), nullable=False),
        sa.Column("article", sa.String(20), nullable=True),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("noted_by", BIG_INT, nullable=True),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["noted_by"], ["staff.id"], name="fk_law_change_noted_by"),
        sa.PrimaryKeyConstraint("id", name="pk_law_change"),
    )


def _create_found() -> None:
    op.create_table(
        "article_key",
        sa.Column("key", sa.String(8), nullable=False),
        sa.Column("article_id", BIG_INT, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_article_key_article_id"),
        sa.PrimaryKeyConstraint("key", "article_id", name="pk_article_key"),
    )
    op.create_index("ix_article_key_article_id", "article_key", ["article_id"])
    op.create_table(
        "missed_search",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("words", sa.String(40), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "words", name="pk_missed_search"),
    )


def _let_stay(table: str, columns: str | None) -> None:
    """Refuse every change of *columns*, by default of all, and every removal of a row."""
    change = f"UPDATE OF {columns}" if columns else "UPDATE"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE OR REPLACE FUNCTION article_words_stay() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_stays BEFORE {change} OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION article_words_stay()"
        )
        return
    for name, act in (("update", change), ("delete", "DELETE")):
        op.execute(
            f"CREATE TRIGGER {table}_stays_{name} BEFORE {act} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )


def _cite() -> None:
    """Let a result name the version it was answered with."""
    column = sa.Column(
        "article_version_id",
        BIG_INT,
        sa.ForeignKey("article_version.id", name="fk_ticket_result_article_version_id"),
        nullable=True,
    )
    op.add_column("ticket_result", column, inline_references=True)
    cited = sa.text("article_version_id IS NOT NULL")
    op.create_index(
        "ix_ticket_result_article_version_id",
        "ticket_result",
        ["article_version_id", "id"],
        postgresql_where=cited,
        sqlite_where=cited,
    )
    op.create_table(
        "recheck",
        sa.Column("change_id", BIG_INT, nullable=False),
        sa.Column("result_id", BIG_INT, nullable=False),
        sa.Column("checked_by", BIG_INT, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["law_change.id"], name="fk_recheck_change_id"),
        sa.ForeignKeyConstraint(
            ["result_id"],
            ["ticket_result.id"],
            name="fk_recheck_result_id",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("change_id", "result_id", name="pk_recheck"),
    )
    op.create_index("ix_recheck_result_id", "recheck", ["result_id"])


def _bring_drafts() -> None:
    metadata = sa.MetaData()
    names = ("article", "article_version", "article_law")
    metadata.reflect(op.get_bind(), only=names, resolve_fks=False)
    article, version, law = (metadata.tables[name] for name in names)
    for given in json.loads(DRAFTS.read_text("utf-8")):
        made = op.get_bind().execute(
            article.insert(), {"version": 1, "owner_id": CENTRE, "draft": 1}
        )
        written = op.get_bind().execute(
            version.insert(),
            {
                "article_id": made.inserted_primary_key[0],
                "number": 1,
                "title": given["title"],
                "variants": given["variants"],
                "answer": given["answer"],
                "category_code": given["category"],
                "written_at": FIRST,
            },
        )
        laws = [
            {
                "version_id": written.inserted_primary_key[0],
                "place": place,
                "law": name,
                "article": no,
            }
            for place, (name, no) in enumerate(given["laws"], 1)
        ]
        op.get_bind().execute(law.insert(), laws)
