"""The end of a poll: `/poll close`, `/poll extend`, `/poll cancel`."""

from discord import app_commands
from discord.ext import commands

from bot.client import Interaction
from bot.polls.cards import cancelled_card, close_card, closed_card, extended_card
from bot.polls.duration import parse_duration
from bot.polls.model import Poll, PollState
from bot.polls.service import MAX_REASON_CHARS, PollService
from bot.ui.components import text_modal, typed
from bot.ui.notice import notice_card
from bot.ui.reply import answering
from bot.ui.text import clip
from cogs.autocomplete import poll_choices
from cogs.rights import guild_of, moderators_only, require_moderator

RUNNING = (PollState.OPEN,)
ENDING = (PollState.OPEN, PollState.SCHEDULED)


class PollEnd(commands.Cog):
    """Commands of the group `/poll` that end a poll or put its end off."""

    polls: PollService

    @app_commands.command(name="close")
    @moderators_only
    @app_commands.describe(poll="The poll; left out, the newest open one")
    async def close(self, interaction: Interaction, poll: str | None = None) -> None:
        """End a poll now and post its result; asks once more before it does."""
        async with answering(interaction) as answer:
            await answer(close_card(await self.polls.to_change(guild_of(interaction), poll, RUNNING)))

    @app_commands.command(name="extend")
    @moderators_only
    @app_commands.describe(
        by="How much longer, such as 2h or 1d; from now on, if it has no end yet",
        poll="The poll; left out, the newest open one",
    )
    async def extend(self, interaction: Interaction, by: str, poll: str | None = None) -> None:
        """Let a poll run longer, or give it an end; the board shows it."""
        async with answering(interaction) as answer:
            guild_id = guild_of(interaction)
            meant = await self.polls.to_change(guild_id, poll, RUNNING)
            longer = await self.polls.extend(guild_id, meant.id, interaction.user.id, parse_duration(by))
            await answer(extended_card(longer))

    @app_commands.command(name="cancel")
    @moderators_only
    @app_commands.describe(poll="The poll; left out, the newest open one")
    async def cancel(self, interaction: Interaction, poll: str | None = None) -> None:
        """End a poll without a result; asks for the reason, which members read. The ballots are kept."""
        found = await self.polls.to_change(guild_of(interaction), poll, ENDING)
        modal = text_modal(
            clip(f"End without a result: {found.title}", 45),
            f"poll:v1:cancel:{found.id}",
            "Why? Members will read this.",
            MAX_REASON_CHARS,
        )
        await interaction.response.send_modal(modal)

    close.autocomplete("poll")(poll_choices(*RUNNING))
    extend.autocomplete("poll")(poll_choices(*RUNNING))
    cancel.autocomplete("poll")(poll_choices(*ENDING))

    async def do_close(self, interaction: Interaction, poll_id: str) -> None:
        """Close after the moderator said so twice."""
        require_moderator(interaction, "Closing a poll")
        async with answering(interaction, update=True) as answer:
            poll: Poll = await self.polls.close(guild_of(interaction), int(poll_id), interaction.user.id)
            await answer(closed_card(poll))

    async def keep(self, interaction: Interaction, _poll_id: str) -> None:
        """Leave the poll open."""
        async with answering(interaction, update=True) as answer:
            await answer(notice_card("The poll stays open."))

    async def do_cancel(self, interaction: Interaction, poll_id: str) -> None:
        """Cancel once the reason is there; sending it is the confirmation."""
        require_moderator(interaction, "Cancelling a poll")
        async with answering(interaction) as answer:
            cancelled = await self.polls.cancel(
                guild_of(interaction), int(poll_id), interaction.user.id, typed(interaction)
            )
            await answer(cancelled_card(cancelled))
