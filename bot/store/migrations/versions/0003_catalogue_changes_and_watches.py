"""Changes of the catalogue by moderators, watches and their notices."""

import sqlalchemy as sa
from alembic import op

import bot.store.types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    when = bot.store.types.UtcDateTime(timezone=True)
    with op.batch_alter_table("guilds", schema=None) as batch_op:
        batch_op.add_column(sa.Column("notices_channel_id", sa.BigInteger(), nullable=True))
    op.create_table(
        "catalogue_changes",
        sa.Column("id", row_id, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("old", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("new", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("source", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("at", when, nullable=False),
        sa.CheckConstraint("action IN ('add', 'edit', 'retire', 'restore')", name=op.f("ck_catalogue_changes_action")),
        sa.CheckConstraint("(action = 'edit') = (key IS NOT NULL)", name=op.f("ck_catalogue_changes_edits_have_a_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_changes")),
    )
    op.create_index("ix_catalogue_changes_guild_id", "catalogue_changes", ["guild_id", "id"])
    op.create_table(
        "catalogue_proposals",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("at", when, nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_proposals")),
    )
    op.create_index("ix_catalogue_proposals_at", "catalogue_proposals", ["at"])
    op.create_table(
        "watches",
        sa.Column("id", row_id, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("created_at", when, nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("reminded_until", when, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watches")),
        sa.UniqueConstraint("guild_id", "member_id", "project_id", name=op.f("uq_watches_guild_id")),
    )
    op.create_index("ix_watches_guild_id_project_id", "watches", ["guild_id", "project_id"])
    op.create_index("ix_watches_member_id", "watches", ["member_id"])
    op.create_table(
        "notices",
        sa.Column("id", row_id, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("closes_at", when, nullable=True),
        sa.Column("due_at", when, nullable=False),
        sa.Column("recorded_at", when, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("finished_at", when, nullable=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('recorded', 'sending', 'sent', 'waiting', 'read', 'dropped')", name=op.f("ck_notices_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index("ix_notices_state", "notices", ["state"])
    op.create_index("ix_notices_member_id", "notices", ["member_id"])
    for statement in _TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


_TRIGGERS = {
    "sqlite": (
        "CREATE TRIGGER catalogue_changes_no_update BEFORE UPDATE ON catalogue_changes "
        "BEGIN SELECT RAISE(ABORT, 'the history of the catalogue is append-only'); END",
        "CREATE TRIGGER catalogue_changes_no_delete BEFORE DELETE ON catalogue_changes "
        "BEGIN SELECT RAISE(ABORT, 'the history of the catalogue is append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION catalogue_changes_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the history of the catalogue is append-only' "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$",
        "CREATE TRIGGER catalogue_changes_no_change BEFORE UPDATE OR DELETE ON catalogue_changes "
        "FOR EACH ROW EXECUTE FUNCTION catalogue_changes_append_only()",
        "CREATE TRIGGER catalogue_changes_no_truncate BEFORE TRUNCATE ON catalogue_changes "
        "EXECUTE FUNCTION catalogue_changes_append_only()",
    ),
}
