"""What a server's settings look like."""

from bot.guilds.store import GuildSettings
from bot.ui.card import STATE_COLOURS, Card


def settings_card(settings: GuildSettings, heading: str = "Settings of this server") -> Card:
    """Show what is set, and how each is changed."""
    role, channel = settings.moderator_role_id, settings.log_channel_id
    notices = settings.notices_channel_id
    lines = (
        f"**Moderators**: members with Manage Server{f' and <@&{role}>' if role else ''}",
        f"-# Change it with `/setup moderator_role`{'; leave the role out to remove it' if role else ''}",
        f"**Trouble is reported in**: {f'<#{channel}>' if channel else 'no channel yet'}",
        f"-# Change it with `/setup log_channel`{'; leave the channel out to remove it' if channel else ''}",
        f"**Members who take no direct messages are told in**: {f'<#{notices}>' if notices else 'no channel yet'}",
        f"-# Change it with `/setup notices_channel`{'; leave the channel out to remove it' if notices else ''}",
        f"**Time zone of schedules**: {settings.timezone}",
        "-# Change it with `/setup timezone`",
    )
    return Card(heading, colour=STATE_COLOURS["notice"]).text("\n".join(lines))
