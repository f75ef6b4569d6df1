"""Notes, results and callers' later words are found too: the clock reads the timeline anew."""

from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM words_mark")


def downgrade() -> None:
    """Leave the index: a hit is decided on the text, so further keys only cost a look."""
