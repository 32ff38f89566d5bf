"""All tables. The constraints guard the truth; services only explain it."""

import sqlalchemy as sa

from bot.store.types import Snowflake, UtcDateTime

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite gives row numbers by itself only to INTEGER keys.
_RowId = sa.BigInteger().with_variant(sa.Integer, "sqlite")

guilds = sa.Table(
    "guilds",
    metadata,
    sa.Column("guild_id", Snowflake, primary_key=True, autoincrement=False),
    sa.Column("moderator_role_id", Snowflake),
    sa.Column("log_channel_id", Snowflake),
    sa.Column("timezone", sa.Text, nullable=False, server_default="UTC"),
)

polls = sa.Table(
    "polls",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("guild_id", Snowflake, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("max_choices", sa.Integer, nullable=False, server_default="1"),
    sa.Column("results", sa.Text, nullable=False),
    sa.Column("rules", sa.JSON, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("created_by", Snowflake, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("opens_at", UtcDateTime, nullable=False),
    sa.Column("closes_at", UtcDateTime),
    sa.Column("closed_at", UtcDateTime),
    sa.Column("channel_id", Snowflake, nullable=False),
    sa.Column("message_id", Snowflake),
    sa.Column("ballots", sa.Integer, nullable=False, server_default="0"),
    sa.Column("weight", sa.BigInteger, nullable=False, server_default="0"),
    # Every change of what the board shows counts `revision` up; `shown_revision` is what the board last showed.
    sa.Column("revision", sa.Integer, nullable=False, server_default="0"),
    sa.Column("shown_revision", sa.Integer, nullable=False, server_default="-1"),
    sa.Column("result_posted_at", UtcDateTime),
    sa.Column("cancel_reason", sa.Text),
    # What the close found: the count as the export holds it, and the root of the tree over the leaves, in hex.
    sa.Column("count", sa.JSON(none_as_null=True)),
    sa.Column("root", sa.Text),
    sa.CheckConstraint("method IN ('single', 'approval', 'ranked')", name="method"),
    sa.CheckConstraint("results IN ('live', 'after_vote', 'after_close')", name="results"),
    sa.CheckConstraint("state IN ('draft', 'scheduled', 'open', 'closed', 'cancelled')", name="state"),
    sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_a_time"),
    sa.CheckConstraint("closes_at > opens_at", name="closes_after_it_opens"),
    sa.CheckConstraint("ballots >= 0", name="ballots"),
    sa.Index("ix_polls_guild_id_state", "guild_id", "state"),
    sa.Index("ix_polls_state_closes_at", "state", "closes_at"),
)

candidates = sa.Table(
    "candidates",
    metadata,
    sa.Column("poll_id", sa.Integer, sa.ForeignKey("polls.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("project_id", sa.Text),
    # The tally: changed in the same transaction as the ballots, so that a ranking never counts them.
    sa.Column("votes", sa.Integer, nullable=False, server_default="0"),
    sa.UniqueConstraint("poll_id", "label"),
    sa.CheckConstraint("votes >= 0", name="votes"),
)

ballots = sa.Table(
    "ballots",
    metadata,
    sa.Column("id", _RowId, primary_key=True),
    sa.Column("poll_id", sa.Integer, sa.ForeignKey("polls.id"), nullable=False),
    # NULL once the voter asked to be forgotten: the ballot goes on counting, tied to nobody.
    sa.Column("voter_id", Snowflake),
    sa.Column("choices", sa.JSON, nullable=False),
    sa.Column("weight", sa.Integer, nullable=False, server_default="1"),
    sa.Column("salt", sa.LargeBinary(16), nullable=False),
    sa.Column("cast_at", UtcDateTime, nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
    # Signs for moderators, in numbers only: an account under 30 days old; a member who joined after the opening.
    sa.Column("young_account", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("joined_late", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.UniqueConstraint("poll_id", "voter_id"),
    sa.CheckConstraint("weight BETWEEN 1 AND 10", name="weight"),
)

# How many ballots were cast, changed and withdrawn in each minute: when, never who or what.
ballot_minutes = sa.Table(
    "ballot_minutes",
    metadata,
    sa.Column("poll_id", sa.Integer, sa.ForeignKey("polls.id"), primary_key=True),
    sa.Column("minute", UtcDateTime, primary_key=True),
    sa.Column("cast", sa.Integer, nullable=False, server_default="0"),
    sa.Column("changed", sa.Integer, nullable=False, server_default="0"),
    sa.Column("withdrawn", sa.Integer, nullable=False, server_default="0"),
)

# Append-only: a trigger refuses UPDATE and DELETE. Each entry's hash covers the one before it on the same server.
audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", _RowId, primary_key=True),
    sa.Column("guild_id", Snowflake, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("actor_id", Snowflake),
    sa.Column("poll_id", sa.Integer),
    sa.Column("details", sa.JSON, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.UniqueConstraint("guild_id", "number"),
    sa.Index("ix_audit_poll_id", "poll_id"),
)

schedules = sa.Table(
    "schedules",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("guild_id", Snowflake, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("channel_id", Snowflake, nullable=False),
    sa.Column("cron", sa.Text, nullable=False),
    sa.Column("every", sa.Text, nullable=False),
    sa.Column("timezone", sa.Text, nullable=False),
    sa.Column("role_id", Snowflake),
    sa.Column("missed", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("problem", sa.Text),
    sa.Column("created_by", Snowflake, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("next_due_at", UtcDateTime),
    sa.CheckConstraint("kind IN ('rankings', 'closing', 'deadlines', 'results', 'digest')", name="kind"),
    sa.CheckConstraint("missed IN ('late', 'skip')", name="missed"),
    sa.CheckConstraint("state IN ('active', 'paused', 'removed')", name="state"),
    sa.CheckConstraint("(state = 'active') = (next_due_at IS NOT NULL)", name="active_has_a_next_time"),
    sa.Index("ix_schedules_next_due_at", "next_due_at"),
    sa.Index("ix_schedules_guild_id", "guild_id"),
)

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", _RowId, primary_key=True),
    sa.Column("schedule_id", sa.Integer, sa.ForeignKey("schedules.id"), nullable=False),
    sa.Column("due_at", UtcDateTime, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("recorded_at", UtcDateTime, nullable=False),
    sa.Column("finished_at", UtcDateTime),
    sa.Column("message_id", Snowflake),
    # The places that were posted, label to place, so that the next post can show who moved.
    sa.Column("places", sa.JSON(none_as_null=True)),
    sa.Column("problem", sa.Text),
    sa.UniqueConstraint("schedule_id", "due_at"),
    sa.CheckConstraint("state IN ('recorded', 'sent', 'skipped', 'failed')", name="state"),
    sa.Index("ix_runs_state", "state"),
)
