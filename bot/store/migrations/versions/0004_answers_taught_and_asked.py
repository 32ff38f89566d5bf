"""Questions that were asked, how they were rated, and answers that were taught."""

import sqlalchemy as sa
from alembic import op

import bot.store.types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "questions",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=True),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("offered", sa.JSON(), nullable=False),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.Column("asked_at", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('answer', 'refusal', 'unknown')", name=op.f("ck_questions_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.create_index("ix_questions_guild_id_asked_at", ["guild_id", "asked_at"], unique=False)
        batch_op.create_index("ix_questions_member_id", ["member_id"], unique=False)
        batch_op.create_index("ix_questions_asked_at", ["asked_at"], unique=False)

    op.create_table(
        "ratings",
        sa.Column("question_id", _ROW_ID, autoincrement=False, nullable=False),
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_ratings_question_id")),
        sa.PrimaryKeyConstraint("question_id", "member_id", name=op.f("pk_ratings")),
    )
    with op.batch_alter_table("ratings", schema=None) as batch_op:
        batch_op.create_index("ix_ratings_member_id", ["member_id"], unique=False)

    op.create_table(
        "taught",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("phrasings", sa.JSON(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("source_title", sa.Text(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Text(), nullable=False),
        sa.Column("changed_at", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'live', 'forgotten')", name=op.f("ck_taught_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taught")),
    )
    with op.batch_alter_table("taught", schema=None) as batch_op:
        batch_op.create_index("ix_taught_guild_id_state", ["guild_id", "state"], unique=False)
