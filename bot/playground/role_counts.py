"""The route by which Discord counts the holders of roles; the simulator does not know it yet."""

from collections import Counter
from functools import cache

from simcord.http.router import RequestContext, route


@cache
def teach_role_counts() -> None:
    """Have every simulated Discord answer it, to a bot with **Manage Roles** as Discord does; once is enough."""
    route("GET", "/guilds/{guild_id}/roles/member-counts")(_count)


def _count(asked: RequestContext) -> dict[str, int]:
    guild_id = asked.int_arg("guild_id")
    asked.require_guild_permissions(guild_id, "manage_roles")
    guild = asked.backend.get_guild(guild_id)
    held = Counter(role_id for member in guild.members.values() for role_id in member.role_ids)
    return {str(role_id): held[role_id] for role_id in guild.roles if role_id != guild_id}
