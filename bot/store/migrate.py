"""Bring a database's schema up to date with Alembic."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.errors import StoreTooNew

_MIGRATIONS = Path(__file__).parent / "migrations"


def config(connection: sa.Connection) -> Config:
    """Return Alembic's configuration for an open connection."""
    made = Config()
    made.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def current(connection: sa.Connection) -> str | None:
    """Return the revision that the database is at; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """Return the revision that this code wants."""
    return ScriptDirectory(str(_MIGRATIONS)).get_current_head()


def upgrade(connection: sa.Connection) -> None:
    """Migrate inside the caller's transaction; raise `StoreTooNew` for a revision this code has never heard of."""
    at = current(connection)
    if at == newest():
        return
    known = {script.revision for script in ScriptDirectory(str(_MIGRATIONS)).walk_revisions()}
    if at is not None and at not in known:
        raise StoreTooNew(
            f"the database is at schema {at}, newer than this version of Moonballot knows; "
            "install the version that wrote it, or restore a backup"
        )
    command.upgrade(config(connection), "head")
