"""The SQL of server settings."""

from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.engine import Tx
from bot.store.schema import guilds


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """One server's settings; ids are Discord's."""

    guild_id: int
    moderator_role_id: int | None = None
    log_channel_id: int | None = None
    notices_channel_id: int | None = None
    timezone: str = "UTC"


async def read_all(tx: Tx) -> list[GuildSettings]:
    """Read every server's settings."""
    return [GuildSettings(**row) for row in (await tx.execute(sa.select(guilds))).mappings()]


async def write(tx: Tx, settings: GuildSettings) -> None:
    """Write one server's settings over those it had."""
    dialect = sqlite if tx.dialect.name == "sqlite" else postgresql
    values = asdict(settings)
    insert = dialect.insert(guilds).values(values)
    await tx.execute(insert.on_conflict_do_update(index_elements=["guild_id"], set_=values))
