"""Many rows in one statement."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql


class Upsert:
    """Write rows of a table; where one has the `keys` of an older row, it takes that one's place but for `kept`.

    SQLite gives the interpreter away with each row of an `executemany`, and a thread that shares it with a busy event
    loop waits long to get it back: there, all rows are one statement.
    """

    def __init__(self, table: sa.Table, names: Sequence[str], keys: Sequence[str], kept: Sequence[str] = ()) -> None:
        self._columns = [table.c[name] for name in names]
        changing = [name for name in names if name not in (*keys, *kept)]
        insert = postgresql.insert(table)
        self._postgresql = insert.on_conflict_do_update(
            index_elements=keys, set_={name: insert.excluded[name] for name in changing}
        )
        self._into = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES "  # noqa: S608 - names of the schema
        self._row = f"({', '.join('?' * len(names))})"
        changes = ", ".join(f"{name} = excluded.{name}" for name in changing)
        self._otherwise = f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}"

    def __call__(self, connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write the rows, at least one, no two with the same keys."""
        if connection.dialect.name != "sqlite":
            connection.execute(self._postgresql, rows)
            return
        values = ", ".join([self._row] * len(rows))
        connection.exec_driver_sql(self._into + values + self._otherwise, tuple(self._bound(connection.dialect, rows)))

    def _bound(self, dialect: sa.Dialect, rows: Sequence[Mapping[str, Any]]) -> Iterable[Any]:
        """Turn values into what the driver takes, as SQLAlchemy itself does it, row by row."""
        binds = [(column.name, column.type.dialect_impl(dialect).bind_processor(dialect)) for column in self._columns]
        for row in rows:
            for name, bind in binds:
                yield bind(row[name]) if bind else row[name]
