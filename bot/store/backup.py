"""A consistent copy of a SQLite database, taken while the bot runs, and the way back."""

import contextlib
import sqlite3
from datetime import datetime
from pathlib import Path

from bot.errors import StoreUnavailable


def backup(database: Path, copy: Path) -> None:
    """Write a consistent copy of `database` to the new file `copy`; raise `StoreUnavailable` when it cannot."""
    if copy.exists():
        raise StoreUnavailable(f"{copy} exists already and is left as it is; choose another name")
    if not database.exists():
        raise StoreUnavailable(f"there is no database at {database}")
    part = copy.with_name(copy.name + ".part")
    try:
        with contextlib.closing(sqlite3.connect(database)) as source, contextlib.closing(sqlite3.connect(part)) as into:
            source.backup(into)
            into.execute("PRAGMA journal_mode = DELETE")
        check(part)
        part.rename(copy)
    except (sqlite3.Error, OSError) as error:
        part.unlink(missing_ok=True)
        raise StoreUnavailable(f"{copy} could not be written: {error}") from error


def check(copy: Path) -> None:
    """Raise `StoreUnavailable` unless a file is an undamaged database of this bot."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as source:
            state = source.execute("PRAGMA integrity_check").fetchone()[0]
            source.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise StoreUnavailable(f"{copy} is not a backup of Moonballot: {error}") from error
    if state != "ok":
        raise StoreUnavailable(f"{copy} is damaged: {state}")


def restore(copy: Path, database: Path, now: datetime) -> Path | None:
    """Put a backup in the place of `database`; return where the database that stood there was put aside."""
    check(copy)
    aside = None
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        if database.exists():
            aside = database.with_name(f"{database.name}.before-restore-{now:%Y%m%d-%H%M%S}")
            backup(database, aside)
        with contextlib.closing(sqlite3.connect(copy)) as source, contextlib.closing(sqlite3.connect(database)) as into:
            source.backup(into)
    except (sqlite3.Error, OSError) as error:
        raise StoreUnavailable(f"{database} could not be restored: {error}") from error
    return aside
