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
    # Where members are told who take no direct messages.
    sa.Column("notices_channel_id", Snowflake),
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

# What a close keeps to prove one ballot without reading all. A row here says that the rest is there, whole.
trees = sa.Table(
    "trees",
    metadata,
    sa.Column("poll_id", sa.Integer, sa.ForeignKey("polls.id"), primary_key=True, autoincrement=False),
    sa.Column("size", sa.Integer, nullable=False),
)

# The tree over the leaves: on level 0 the leaves, above them the roots of the tiles below; up to 256 hashes each.
tiles = sa.Table(
    "tiles",
    metadata,
    sa.Column("poll_id", sa.Integer, sa.ForeignKey("polls.id"), primary_key=True, autoincrement=False),
    sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
    # The lowest leaf below a tile: the one that a leaf stands below is found by it.
    sa.Column("first", sa.LargeBinary(32), primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("hashes", sa.LargeBinary, nullable=False),
)

# Salts in ascending order, each with the id of its ballot. An index over the ballots would cost every vote.
receipt_pages = sa.Table(
    "receipt_pages",
    metadata,
    sa.Column("poll_id", sa.Integer, sa.ForeignKey("polls.id"), primary_key=True, autoincrement=False),
    sa.Column("first", sa.LargeBinary(16), primary_key=True),
    sa.Column("entries", sa.LargeBinary, nullable=False),
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
    # The first and the last day on which it posts, in its zone.
    sa.Column("starts_on", sa.Date),
    sa.Column("ends_on", sa.Date),
    sa.Column("role_id", Snowflake),
    sa.Column("missed", sa.Text, nullable=False),
    sa.Column("only_news", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("board", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("options", sa.JSON, nullable=False, server_default="{}"),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("created_by", Snowflake, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("active_since", UtcDateTime),
    sa.Column("next_due_at", UtcDateTime),
    # Where the board stands: in a forum, its thread.
    sa.Column("board_message_id", Snowflake),
    sa.Column("board_channel_id", Snowflake),
    # What is in the way, since when, and what of it the moderators were told.
    sa.Column("problem", sa.Text),
    sa.Column("trouble", sa.Text),
    sa.Column("problem_since", UtcDateTime),
    sa.Column("told", sa.Text),
    sa.CheckConstraint("kind IN ('rankings', 'closing', 'deadlines', 'results', 'digest')", name="kind"),
    sa.CheckConstraint("missed IN ('late', 'skip')", name="missed"),
    sa.CheckConstraint("state IN ('active', 'paused', 'ended', 'removed')", name="state"),
    sa.CheckConstraint("trouble IN ('access', 'gone', 'passing', 'fault')", name="trouble"),
    # What posts on events has none while no event is foreseen.
    sa.CheckConstraint("state = 'active' OR next_due_at IS NULL", name="only_active_has_a_next_time"),
    sa.CheckConstraint(
        "state <> 'active' OR every = 'event' OR next_due_at IS NOT NULL", name="active_has_a_next_time"
    ),
    sa.CheckConstraint("(board_message_id IS NULL) = (board_channel_id IS NULL)", name="board_has_a_place"),
    sa.Index("ix_schedules_next_due_at", "next_due_at"),
    sa.Index("ix_schedules_guild_id", "guild_id"),
)

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", _RowId, primary_key=True),
    sa.Column("schedule_id", sa.Integer, sa.ForeignKey("schedules.id"), nullable=False),
    sa.Column("due_at", UtcDateTime, nullable=False),
    # Which event it stands for; empty for a due time.
    sa.Column("event", sa.Text, nullable=False, server_default=""),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("recorded_at", UtcDateTime, nullable=False),
    # Since when its message may stand in the channel; NULL while that cannot be.
    sa.Column("begun_at", UtcDateTime),
    sa.Column("finished_at", UtcDateTime),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("retry_at", UtcDateTime),
    # Where the message stands: in a forum, the channel is its thread.
    sa.Column("channel_id", Snowflake),
    sa.Column("message_id", Snowflake),
    # What the post said, so that the next one can show who moved and whether there is news.
    sa.Column("memory", sa.JSON(none_as_null=True)),
    sa.Column("problem", sa.Text),
    # How far it is on its way to the channels that follow an announcement channel.
    sa.Column("publishing", sa.Text),
    sa.Column("published_at", UtcDateTime),
    sa.UniqueConstraint("schedule_id", "due_at", "event"),
    sa.CheckConstraint("state IN ('recorded', 'waiting', 'sent', 'skipped', 'failed', 'unsure')", name="state"),
    sa.CheckConstraint("(state = 'waiting') = (retry_at IS NOT NULL)", name="waiting_has_a_time"),
    sa.CheckConstraint("publishing IN ('waiting', 'done', 'failed')", name="publishing"),
    sa.Index("ix_runs_state", "state"),
    sa.Index("ix_runs_publishing", "publishing"),
    # The newest of a schedule is asked for at every post.
    sa.Index("ix_runs_schedule_id_id", "schedule_id", "id"),
)

# What members asked, for 30 days: to be rated, and to show moderators what has no answer yet. Without a server: by
# direct message.
questions = sa.Table(
    "questions",
    metadata,
    sa.Column("id", _RowId, primary_key=True),
    sa.Column("guild_id", Snowflake),
    sa.Column("member_id", Snowflake, nullable=False),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("topic", sa.Text, nullable=False),
    # What was offered instead: topics and their questions, in the order of the buttons.
    sa.Column("offered", sa.JSON, nullable=False),
    # The topic that answered it after all: the one picked, or the entry that was taught.
    sa.Column("settled_by", sa.Text),
    sa.Column("asked_at", UtcDateTime, nullable=False),
    sa.CheckConstraint("kind IN ('answer', 'refusal', 'unknown')", name="kind"),
    sa.Index("ix_questions_guild_id_asked_at", "guild_id", "asked_at"),
    sa.Index("ix_questions_member_id", "member_id"),
    sa.Index("ix_questions_asked_at", "asked_at"),
)

ratings = sa.Table(
    "ratings",
    metadata,
    sa.Column("question_id", _RowId, sa.ForeignKey("questions.id"), primary_key=True, autoincrement=False),
    sa.Column("member_id", Snowflake, primary_key=True, autoincrement=False),
    sa.Column("helpful", sa.Boolean, nullable=False),
    sa.Index("ix_ratings_member_id", "member_id"),
)

# Answers that moderators taught: drafts until they are published, forgotten ones kept.
taught = sa.Table(
    "taught",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("guild_id", Snowflake, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("phrasings", sa.JSON, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("source_title", sa.Text, nullable=False),
    sa.Column("source_url", sa.Text, nullable=False),
    # As typed: a draft may hold what is no date yet.
    sa.Column("as_of", sa.Text, nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
    sa.CheckConstraint("state IN ('draft', 'live', 'forgotten')", name="state"),
    sa.Index("ix_taught_guild_id_state", "guild_id", "state"),
)

# What a server's moderators changed in the catalogue. Append-only, as the audit log; facts stand as data/ has them.
catalogue_changes = sa.Table(
    "catalogue_changes",
    metadata,
    sa.Column("id", _RowId, primary_key=True),
    sa.Column("guild_id", Snowflake, nullable=False),
    # Changes that were made in one go share a batch, and are undone together.
    sa.Column("batch", sa.Text, nullable=False),
    sa.Column("project_id", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("key", sa.Text),
    sa.Column("old", sa.JSON(none_as_null=True)),
    sa.Column("new", sa.JSON(none_as_null=True)),
    sa.Column("source", sa.JSON(none_as_null=True)),
    sa.Column("by", Snowflake, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.CheckConstraint("action IN ('add', 'edit', 'retire', 'restore')", name="action"),
    sa.CheckConstraint("(action = 'edit') = (key IS NOT NULL)", name="edits_have_a_key"),
    sa.Index("ix_catalogue_changes_guild_id", "guild_id", "id"),
)

# Changes that a moderator was shown and has not confirmed yet.
catalogue_proposals = sa.Table(
    "catalogue_proposals",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("guild_id", Snowflake, nullable=False),
    sa.Column("by", Snowflake, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("changes", sa.JSON, nullable=False),
    sa.Index("ix_catalogue_proposals_at", "at"),
)

watches = sa.Table(
    "watches",
    metadata,
    sa.Column("id", _RowId, primary_key=True),
    sa.Column("guild_id", Snowflake, nullable=False),
    sa.Column("member_id", Snowflake, nullable=False),
    sa.Column("project_id", sa.Text, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    # What the member was last told: a short hash of each fact, and one of them all.
    sa.Column("seen", sa.JSON, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    # Reminders that were due up to here are dealt with.
    sa.Column("reminded_until", UtcDateTime, nullable=False),
    sa.UniqueConstraint("guild_id", "member_id", "project_id"),
    sa.Index("ix_watches_guild_id_project_id", "guild_id", "project_id"),
    sa.Index("ix_watches_member_id", "member_id"),
)

# A message to a watching member: recorded before it is sent, closed after.
notices = sa.Table(
    "notices",
    metadata,
    sa.Column("id", _RowId, primary_key=True),
    sa.Column("guild_id", Snowflake, nullable=False),
    sa.Column("member_id", Snowflake, nullable=False),
    sa.Column("project_id", sa.Text, nullable=False),
    # The facts that changed, and when claims close if that is near.
    sa.Column("changed", sa.JSON, nullable=False),
    sa.Column("closes_at", UtcDateTime),
    sa.Column("due_at", UtcDateTime, nullable=False),
    sa.Column("recorded_at", UtcDateTime, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("finished_at", UtcDateTime),
    sa.Column("channel_id", Snowflake),
    sa.Column("message_id", Snowflake),
    sa.CheckConstraint("state IN ('recorded', 'sending', 'sent', 'waiting', 'read', 'dropped')", name="state"),
    sa.Index("ix_notices_state", "state"),
    sa.Index("ix_notices_member_id", "member_id"),
)
