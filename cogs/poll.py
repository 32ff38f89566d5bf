"""`/poll`: moderators open, close, list and repost polls."""

from datetime import timedelta

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Interaction, Moonballot
from bot.polls.cards import list_card, opened_card
from bot.polls.duration import parse_duration
from bot.polls.eligibility import parse_roles, parse_weights
from bot.polls.model import NewPoll, PollState, Rules, Visibility
from bot.polls.service import most_choices
from bot.ui.channels import require_permissions
from bot.ui.reply import answering
from cogs.autocomplete import poll_choices
from cogs.poll_end import PollEnd
from cogs.poll_records import PollRecordCommands
from cogs.rights import guild_of, moderators_only

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


@app_commands.guild_only()
class PollCog(
    PollEnd, PollRecordCommands, commands.GroupCog, group_name="poll", group_description="Open, close and list polls"
):
    """Run polls."""

    def __init__(self, client: Moonballot) -> None:
        self.client = client
        self.polls = client.services.polls
        self.records = client.services.records
        client.components.route("poll:v1:close", self.do_close)
        client.components.route("poll:v1:keep", self.keep)
        client.components.route("poll:v1:cancel", self.do_cancel)
        client.components.route("poll:v1:list", self.turn_page)

    @app_commands.command(name="open")
    @moderators_only
    @app_commands.choices(method=METHODS, results=RESULTS)
    @app_commands.describe(
        title="What the vote is about",
        projects="Candidates with commas between; left out, the newest survey's projects",
        method="How a ballot is filled in",
        closes_in="How long it runs, such as 30m, 2h, 7d; left out, until you close it",
        opens_in="When it opens, such as 1h; left out, now",
        channel="Where the board stands; left out, here",
        results="When results are shown; left out, live",
        min_account_age_days="Only Discord accounts at least this many days old",
        min_member_days="Only members for at least this many days",
        role="Only members with this role",
        or_roles="Or with one of these, such as @Holder @Founder",
        max_choices="How many a ballot may name, with approval and ranked; left out, all",
        excluded_roles="Not for members with one of these roles, such as @Muted @Guest",
        weights="Roles whose ballots count more, such as @Holder 3, @Founder 10",
    )
    async def open(
        self,
        interaction: Interaction,
        title: str,
        projects: str | None = None,
        method: str = "single",
        closes_in: str | None = None,
        opens_in: str | None = None,
        channel: discord.TextChannel | discord.Thread | None = None,
        results: str = "live",
        min_account_age_days: app_commands.Range[int, 0, 3650] = 0,
        min_member_days: app_commands.Range[int, 0, 3650] = 0,
        role: discord.Role | None = None,
        max_choices: app_commands.Range[int, 1, 100] | None = None,
        or_roles: str | None = None,
        excluded_roles: str | None = None,
        weights: str | None = None,
    ) -> None:
        """Open a poll; its board shows the standings and takes the votes."""
        async with answering(interaction) as answer:
            where = channel or interaction.channel
            require_permissions(where)
            candidates = self.polls.candidates(guild_of(interaction), projects)
            opens_at = self.client.services.clock.now() + (parse_duration(opens_in) if opens_in else timedelta())
            poll = await self.polls.open(
                NewPoll(
                    guild_of(interaction),
                    where.id,  # type: ignore[union-attr]  # commands on a server come from a channel
                    interaction.user.id,
                    title,
                    candidates,
                    opens_at,
                    opens_at + parse_duration(closes_in) if closes_in else None,
                    method,
                    most_choices(method, len(candidates), max_choices),
                    results=Visibility(results),
                    rules=Rules(
                        min_account_age_days,
                        min_member_days,
                        parse_roles(f"<@&{role.id}> {or_roles or ''}" if role else or_roles),
                        parse_roles(excluded_roles),
                        parse_weights(weights),
                    ),
                )
            )
            board = (
                await self.client.boards.post(poll.id, poll.channel_id, first=True)
                if poll.state is PollState.OPEN
                else None
            )
            await answer(opened_card(poll, board))

    @app_commands.command(name="list")
    @moderators_only
    async def list_polls(self, interaction: Interaction) -> None:
        """See all polls of this server, newest first."""
        async with answering(interaction) as answer:
            await answer(list_card(self.polls.listing(guild_of(interaction)), 0))

    @app_commands.command(name="repost")
    @moderators_only
    @app_commands.describe(poll="The poll; left out, the newest open one", channel="Where; left out, here")
    async def repost(
        self,
        interaction: Interaction,
        poll: str | None = None,
        channel: discord.TextChannel | discord.Thread | None = None,
    ) -> None:
        """Post a poll's board anew, after it was deleted or to move it; the ballots stay."""
        async with answering(interaction) as answer:
            where = channel or interaction.channel
            require_permissions(where)
            poll_id = self.polls.resolve(guild_of(interaction), poll, (PollState.OPEN,))
            board = await self.client.boards.post(poll_id, where.id)  # type: ignore[union-attr]
            await answer(opened_card(await self.polls.get(guild_of(interaction), poll_id), board))

    repost.autocomplete("poll")(poll_choices(PollState.OPEN))

    @open.autocomplete("closes_in")
    @open.autocomplete("opens_in")
    async def durations(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Suggest usual lengths of time."""
        fitting = [text for text in DURATIONS if text.startswith(typed.strip().lower())] or [typed.strip()[:100]]
        return [app_commands.Choice(name=text, value=text) for text in fitting]

    @open.autocomplete("projects")
    async def projects(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Complete the last name of the list."""
        before, _, last = typed.rpartition(",")
        start = f"{before.strip()}, " if before.strip() else ""
        names = [
            f"{start}{project.name}"
            for project in self.client.services.catalogues.of(interaction.guild_id).suggest(last.strip())
        ]
        return [app_commands.Choice(name=name, value=name) for name in names if len(name) <= 100][:25]

    async def turn_page(self, interaction: Interaction, page: str) -> None:
        """Show another page of the list."""
        async with answering(interaction, update=True) as answer:
            await answer(list_card(self.polls.listing(guild_of(interaction)), int(page)))


async def setup(client: Moonballot) -> None:
    """Add the commands to the client."""
    await client.add_cog(PollCog(client))
