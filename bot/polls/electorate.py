"""How many members could vote in a poll, for the turnout on its board."""

import asyncio
import time
from collections.abc import Mapping

import aiohttp
import discord
import structlog

from bot.polls.model import Electorate, Poll

# Discord counts the holders of roles only when asked; boards change far more often than roles.
ASK_AGAIN_AFTER_S = 600.0
ANSWER_WITHIN_S = 5.0

log = structlog.get_logger(__name__)


class Electorates:
    """Know how many could vote, as far as Discord says it."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._asked: dict[int, tuple[float, Mapping[int, int]]] = {}

    async def of(self, poll: Poll) -> Electorate | None:
        """Return the server's members, or the holders of the roles that a poll asks for; None if not known."""
        guild = self._client.get_guild(poll.guild_id)
        if guild is None:
            return None
        if not poll.rules.role_ids:
            return Electorate(guild.member_count) if guild.member_count else None
        counts = await self._holders(guild)
        if any(role_id not in counts for role_id in poll.rules.role_ids):
            return None
        several = len(poll.rules.role_ids) > 1  # then somebody may hold two of them
        return Electorate(sum(counts[role_id] for role_id in poll.rules.role_ids), holders=True, at_most=several)

    async def _holders(self, guild: discord.Guild) -> Mapping[int, int]:
        """Return how many members hold each role; nothing where Discord does not say, as without **Manage Roles**."""
        now = time.monotonic()
        asked_at, counts = self._asked.get(guild.id, (now - ASK_AGAIN_AFTER_S, {}))
        if now - asked_at < ASK_AGAIN_AFTER_S:
            return counts
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                counts = {role.id: count for role, count in (await guild.role_member_counts()).items()}
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.info("role holders not known", guild=guild.id, reason=str(error))
            counts = {}
        self._asked[guild.id] = now, counts
        return counts
