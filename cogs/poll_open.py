"""`/poll open`, and the form that mends one that was refused."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Interaction, Moonballot
from bot.errors import BadInput, MoonballotError, member_text
from bot.polls.cards import opened_card
from bot.polls.model import Poll, PollState
from bot.polls.opening import MOST_CHOICES, MOST_DAYS, Typed, asked_for, channel_in, typed_as
from bot.polls.opening_cards import kept_in, mend_form, mended, refused_card
from bot.polls.service import PollService
from bot.ui.card import Card
from bot.ui.channels import require_permissions
from bot.ui.components import typed_fields
from bot.ui.reply import answering
from bot.ui.text import escape
from cogs.rights import guild_of, moderators_only, require_moderator

METHODS = [
    app_commands.Choice(name="single: one choice each", value="single"),
    app_commands.Choice(name="approval: several choices each", value="approval"),
    app_commands.Choice(name="ranked: choices in order, instant runoff", value="ranked"),
]
RESULTS = [
    app_commands.Choice(name="live: everybody sees the standings all the time", value="live"),
    app_commands.Choice(name="after_vote: members see them once they have voted", value="after_vote"),
    app_commands.Choice(name="after_close: nobody sees them before the end", value="after_close"),
]
DURATIONS = ("1h", "6h", "12h", "1d", "3d", "7d", "2w", "30d")


class PollOpening(commands.Cog):
    """The command of the group `/poll` that opens one."""

    client: Moonballot
    polls: PollService

    @app_commands.command(name="open")
    @moderators_only
    @app_commands.choices(method=METHODS, results=RESULTS)
    @app_commands.describe(
        title="What the vote is about",
        projects="Candidates with commas between; left out, the newest survey's projects",
        method="How a ballot is filled in",
        max_choices="How many a ballot may name, with approval and ranked; left out, all",
        closes_in="How long it runs, such as 30m, 2h, 7d; left out, until you close it",
        opens_in="When it opens, such as 1h; left out, now",
        channel="Where the board stands; left out, here",
        results="When results are shown; left out, live",
        min_account_age_days="Only Discord accounts at least this many days old",
        min_member_days="Only members for at least this many days",
        role="Only members with this role",
        or_roles="Or with one of these, such as @Holder @Founder",
        excluded_roles="Not for members with one of these roles, such as @Muted @Guest",
        weights="Roles whose ballots count more, such as @Holder 3, @Founder 10",
    )
    async def open(
        self,
        interaction: Interaction,
        title: str,
        projects: str | None = None,
        method: str | None = None,
        max_choices: app_commands.Range[int, 1, MOST_CHOICES] | None = None,
        closes_in: str | None = None,
        opens_in: str | None = None,
        channel: discord.TextChannel | discord.Thread | None = None,
        results: str | None = None,
        min_account_age_days: app_commands.Range[int, 0, MOST_DAYS] | None = None,
        min_member_days: app_commands.Range[int, 0, MOST_DAYS] | None = None,
        role: discord.Role | None = None,
        or_roles: str | None = None,
        excluded_roles: str | None = None,
        weights: str | None = None,
    ) -> None:
        """Open a poll; its board shows the standings and takes the votes."""
        typed = typed_as(
            title=title,
            projects=projects,
            method=method,
            closes_in=closes_in,
            opens_in=opens_in,
            channel=channel and f"<#{channel.id}>",
            results=results,
            min_account_age_days=min_account_age_days,
            min_member_days=min_member_days,
            role=role and f"<@&{role.id}>",
            or_roles=or_roles,
            max_choices=max_choices,
            excluded_roles=excluded_roles,
            weights=weights,
        )
        async with answering(interaction) as answer:
            await answer(await self._opened(interaction, typed, channel))

    async def open_form(self, interaction: Interaction) -> None:
        """Answer **Mend and open** with the form as it was filled in."""
        require_moderator(interaction, "Opening a poll")
        await interaction.response.send_modal(mend_form(kept_in(interaction.message)))

    async def take_form(self, interaction: Interaction) -> None:
        """Open what the form asks for."""
        require_moderator(interaction, "Opening a poll")
        async with answering(interaction, update=True) as answer:
            await answer(await self._opened(interaction, mended(typed_fields(interaction))))

    async def _opened(self, interaction: Interaction, typed: Typed, channel: Any = None) -> Card:
        """Open a poll and post its board; one that is refused keeps what was typed."""
        try:
            poll = await self._open(interaction, typed, channel or _channel(interaction, typed))
        except MoonballotError as refusal:
            problem = member_text(refusal, escape)
            if problem is None:
                raise
            return refused_card(problem, typed)
        is_open = poll.state is PollState.OPEN
        board = await self.client.boards.post(poll.id, poll.channel_id, first=True) if is_open else None
        return opened_card(poll, board)

    async def _open(self, interaction: Interaction, typed: Typed, channel: Any) -> Poll:
        guild_id = guild_of(interaction)
        require_permissions(channel)
        candidates = self.polls.candidates(guild_id, typed.get("projects"))
        now = self.client.services.clock.now()
        return await self.polls.open(asked_for(typed, candidates, guild_id, channel.id, interaction.user.id, now))

    @open.autocomplete("closes_in")
    @open.autocomplete("opens_in")
    async def durations(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Suggest usual lengths of time."""
        fitting = [text for text in DURATIONS if text.startswith(typed.strip().lower())] or [typed.strip()[:100]]
        return [app_commands.Choice(name=text, value=text) for text in fitting]

    @open.autocomplete("projects")
    async def projects(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer what was typed, then what may follow."""
        return [
            app_commands.Choice(name=text, value=text) for text in self.polls.suggested(interaction.guild_id, typed)
        ]


def _channel(interaction: Interaction, typed: Typed) -> Any:
    """Return the channel that a form names; the one where it was sent when it names none."""
    number = channel_in(typed)
    if number is None or interaction.guild is None:
        return interaction.channel
    channel = interaction.guild.get_channel_or_thread(number)
    if not isinstance(channel, discord.TextChannel | discord.Thread):
        raise BadInput(f"<#{number}> cannot hold a board.", "It is no text channel or thread.", "Choose another.")
    return channel
