"""First tables."""

import sqlalchemy as sa
from alembic import op

import bot.store.types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "guilds",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("moderator_role_id", sa.BigInteger(), nullable=True),
        sa.Column("log_channel_id", sa.BigInteger(), nullable=True),
        sa.Column("timezone", sa.Text(), server_default="UTC", nullable=False),
        sa.PrimaryKeyConstraint("guild_id", name=op.f("pk_guilds")),
    )
    op.create_table(
        "polls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("max_choices", sa.Integer(), server_default="1", nullable=False),
        sa.Column("results", sa.Text(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=False),
        sa.Column("created_at", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("opens_at", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("closes_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("closed_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("ballots", sa.Integer(), server_default="0", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("shown_revision", sa.Integer(), server_default="-1", nullable=False),
        sa.Column("result_posted_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_polls_closed_has_a_time")),
        sa.CheckConstraint("method IN ('single', 'approval', 'ranked')", name=op.f("ck_polls_method")),
        sa.CheckConstraint("results IN ('live', 'after_vote', 'after_close')", name=op.f("ck_polls_results")),
        sa.CheckConstraint(
            "state IN ('draft', 'scheduled', 'open', 'closed', 'cancelled')", name=op.f("ck_polls_state")
        ),
        sa.CheckConstraint("ballots >= 0", name=op.f("ck_polls_ballots")),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_polls_closes_after_it_opens")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polls")),
    )
    with op.batch_alter_table("polls", schema=None) as batch_op:
        batch_op.create_index("ix_polls_guild_id_state", ["guild_id", "state"], unique=False)
        batch_op.create_index("ix_polls_state_closes_at", ["state", "closes_at"], unique=False)

    op.create_table(
        "schedules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("cron", sa.Text(), nullable=False),
        sa.Column("every", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("role_id", sa.BigInteger(), nullable=True),
        sa.Column("missed", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("created_by", sa.BigInteger(), nullable=False),
        sa.Column("created_at", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("next_due_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'active') = (next_due_at IS NOT NULL)", name=op.f("ck_schedules_active_has_a_next_time")
        ),
        sa.CheckConstraint(
            "kind IN ('rankings', 'closing', 'deadlines', 'results', 'digest')",
            name=op.f("ck_schedules_kind"),
        ),
        sa.CheckConstraint("missed IN ('late', 'skip')", name=op.f("ck_schedules_missed")),
        sa.CheckConstraint("state IN ('active', 'paused', 'removed')", name=op.f("ck_schedules_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedules")),
    )
    with op.batch_alter_table("schedules", schema=None) as batch_op:
        batch_op.create_index("ix_schedules_guild_id", ["guild_id"], unique=False)
        batch_op.create_index("ix_schedules_next_due_at", ["next_due_at"], unique=False)

    op.create_table(
        "ballots",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("voter_id", sa.BigInteger(), nullable=True),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("weight", sa.Integer(), server_default="1", nullable=False),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=False),
        sa.Column("cast_at", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("weight BETWEEN 1 AND 10", name=op.f("ck_ballots_weight")),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_ballots_poll_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballots")),
        sa.UniqueConstraint("poll_id", "voter_id", name=op.f("uq_ballots_poll_id")),
    )
    op.create_table(
        "candidates",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=True),
        sa.Column("votes", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("votes >= 0", name=op.f("ck_candidates_votes")),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_candidates_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", "position", name=op.f("pk_candidates")),
        sa.UniqueConstraint("poll_id", "label", name=op.f("uq_candidates_poll_id")),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("schedule_id", sa.Integer(), nullable=False),
        sa.Column("due_at", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("recorded_at", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("finished_at", bot.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("places", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('recorded', 'sent', 'skipped', 'failed')", name=op.f("ck_runs_state")),
        sa.ForeignKeyConstraint(["schedule_id"], ["schedules.id"], name=op.f("fk_runs_schedule_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        sa.UniqueConstraint("schedule_id", "due_at", name=op.f("uq_runs_schedule_id")),
    )
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.create_index("ix_runs_state", ["state"], unique=False)
