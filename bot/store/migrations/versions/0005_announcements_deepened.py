"""Announcements that start, end, skip, keep a board, are retried and published."""

import sqlalchemy as sa
from alembic import op

import bot.store.types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # SQLite makes a changed table anew, and lets go of no row that another table points to: the runs step aside.
    op.execute("CREATE TABLE runs_aside AS SELECT * FROM runs")
    op.execute("DELETE FROM runs")
    _schedules()
    _runs()
    op.execute(_BACK[op.get_bind().dialect.name])
    op.execute("DROP TABLE runs_aside")


def _schedules() -> None:
    with op.batch_alter_table("schedules", schema=None) as batch_op:
        batch_op.add_column(sa.Column("starts_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ends_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("only_news", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("board", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("options", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("active_since", bot.store.types.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("board_message_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("board_channel_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("trouble", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("problem_since", bot.store.types.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("told", sa.Text(), nullable=True))
        batch_op.drop_constraint(op.f("ck_schedules_state"), type_="check")
        batch_op.drop_constraint(op.f("ck_schedules_active_has_a_next_time"), type_="check")
        for name, rule in _SCHEDULE_RULES.items():
            batch_op.create_check_constraint(op.f(f"ck_schedules_{name}"), rule)
    # What is wrong with a schedule was told to its moderators until now, and may pass.
    op.execute("UPDATE schedules SET told = problem, trouble = 'passing' WHERE problem IS NOT NULL")


def _runs() -> None:
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("event", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("begun_at", bot.store.types.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("tries", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("retry_at", bot.store.types.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("channel_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("memory", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("publishing", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("published_at", bot.store.types.UtcDateTime(timezone=True), nullable=True))
        batch_op.drop_column("places")
        batch_op.drop_constraint(op.f("uq_runs_schedule_id"), type_="unique")
        batch_op.create_unique_constraint(op.f("uq_runs_schedule_id"), ["schedule_id", "due_at", "event"])
        batch_op.create_index("ix_runs_publishing", ["publishing"], unique=False)
        batch_op.create_index("ix_runs_schedule_id_id", ["schedule_id", "id"], unique=False)
        batch_op.drop_constraint(op.f("ck_runs_state"), type_="check")
        for name, rule in _RUN_RULES.items():
            batch_op.create_check_constraint(op.f(f"ck_runs_{name}"), rule)


_SCHEDULE_RULES = {
    "state": "state IN ('active', 'paused', 'ended', 'removed')",
    "trouble": "trouble IN ('access', 'gone', 'passing', 'fault')",
    "only_active_has_a_next_time": "state = 'active' OR next_due_at IS NULL",
    "active_has_a_next_time": "state <> 'active' OR every = 'event' OR next_due_at IS NOT NULL",
    "board_has_a_place": "(board_message_id IS NULL) = (board_channel_id IS NULL)",
}
_RUN_RULES = {
    "state": "state IN ('recorded', 'waiting', 'sent', 'skipped', 'failed', 'unsure')",
    "waiting_has_a_time": "(state = 'waiting') = (retry_at IS NOT NULL)",
    "publishing": "publishing IN ('waiting', 'done', 'failed')",
}
# What was being sent while the older version stopped may have been sent.
_BACK = {
    dialect: f"""
        INSERT INTO runs (id, schedule_id, due_at, state, recorded_at, begun_at, finished_at, channel_id, message_id,
            memory, problem)
        SELECT runs_aside.id, schedule_id, due_at, runs_aside.state, recorded_at,
            CASE WHEN runs_aside.state = 'recorded' THEN recorded_at END, finished_at,
            CASE WHEN message_id IS NOT NULL THEN channel_id END, message_id,
            CASE WHEN places IS NOT NULL THEN {memory} END, runs_aside.problem
        FROM runs_aside JOIN schedules ON schedules.id = schedule_id
        """  # noqa: S608 - no text from outside
    for dialect, memory in (
        ("sqlite", "json_object('places', json(places))"),
        ("postgresql", "json_build_object('places', places)"),
    )
}
