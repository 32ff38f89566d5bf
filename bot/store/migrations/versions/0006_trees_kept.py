"""Trees of closed polls, kept so that one ballot is proved without reading all."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Polls that are closed already get theirs when a receipt is first checked: here it would hold up the start.
    op.create_table(
        "trees",
        sa.Column("poll_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_trees_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", name=op.f("pk_trees")),
    )
    op.create_table(
        "tiles",
        sa.Column("poll_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first", sa.LargeBinary(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_tiles_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", "level", "first", name=op.f("pk_tiles")),
    )
    op.create_table(
        "receipt_pages",
        sa.Column("poll_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first", sa.LargeBinary(length=16), nullable=False),
        sa.Column("entries", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_receipt_pages_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", "first", name=op.f("pk_receipt_pages")),
    )
