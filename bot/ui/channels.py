"""What the bot may do in a channel, and what Discord meant when it said no."""

from typing import Any

import discord

from bot.errors import MissingPermissions, MoonballotError, Refused
from bot.ui.card import Card

_NEEDED = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "attach_files": "Attach Files",
}


def missing_permissions(channel: Any) -> tuple[str, ...]:
    """Return the rights, by the names that Discord's settings use, that the bot lacks to post cards in a channel."""
    have = channel.permissions_for(channel.guild.me)
    needed = dict(_NEEDED)
    if isinstance(channel, discord.ForumChannel):
        needed["send_messages"] = "Create Posts"
    if isinstance(channel, discord.Thread):
        del needed["send_messages"]
        needed["send_messages_in_threads"] = "Send Messages in Threads"
    return tuple(name for right, name in needed.items() if not getattr(have, right))


def require_permissions(channel: Any) -> None:
    """Raise `MissingPermissions` unless the bot may post cards in a channel."""
    missing = missing_permissions(channel)
    if missing:
        raise MissingPermissions(f"<#{channel.id}>", missing)


async def reply_to(message: discord.Message, card: Card) -> None:
    """Answer a message in its channel: as a reply where others talk too and the bot may read what they said."""
    channel, reference = message.channel, message.to_reference(fail_if_not_exists=False)
    if message.guild is not None and channel.permissions_for(message.guild.me).read_message_history:
        await channel.send(view=card, files=card.files, reference=reference, mention_author=False)
    else:
        await channel.send(view=card, files=card.files)


def explained(error: discord.HTTPException, channel_id: int) -> MoonballotError:
    """Turn Discord's no into a sentence about what to do."""
    where = f"<#{channel_id}>"
    if isinstance(error, discord.Forbidden):
        return MissingPermissions(where, tuple(_NEEDED.values()))
    if isinstance(error, discord.NotFound):
        return Refused(f"The channel {where} is gone.", "Choose another one.")
    return Refused(f"Discord did not take the message for {where}.", "Try again in a few minutes.")
