"""What a server's settings look like."""

import discord

from bot.guilds.store import GuildSettings
from bot.ui.card import STATE_COLOURS, Card, button

_DANGER = discord.ButtonStyle.danger
# What each setting that may be taken away is called, and what follows.
_REMOVED = {
    "moderator_role": ("moderator role", "Only members with Manage Server would be moderators."),
    "log_channel": ("log channel", "Moderators would not be told any more when something cannot be posted."),
    "notices_channel": ("notices channel", "Members who take no direct messages would not be told of what they watch."),
}


def remove_card(option: str, value: str) -> Card:
    """Ask before a setting is taken away: who only wanted to see it sees it."""
    name, follows = _REMOVED[option]
    card = Card(f"Remove the {name}?", colour=STATE_COLOURS["closing"])
    card.text(f"It is {value} now. {follows}")
    return card.buttons(
        button("Remove it", f"setup:v1:remove:{option}", style=_DANGER), button("Keep it", "setup:v1:keep")
    )


def removed_card(option: str, value: str | None) -> Card:
    """Say what is no longer set, and how it is set again."""
    name, _ = _REMOVED[option]
    card = Card(f"No {name}", colour=STATE_COLOURS["notice"])
    card.text(f"Removed: {value}." if value else "None was set.")
    return card.footer(f"Choose one with /setup {option}.")


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
