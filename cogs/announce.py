"""`/announce`: moderators plan what is posted by itself."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.announcements.cards import added_card, kept_card, list_card, posted_card, remove_card, removed_card
from bot.announcements.delivery import require_reach
from bot.announcements.model import Missed, NewSchedule
from bot.announcements.recurrence import parse, upcoming
from bot.announcements.service import KINDS
from bot.client import Interaction, Moonballot
from bot.ui.reply import answering
from cogs.announce_choices import at_choices, every_choices, schedule_choices, zone_choices
from cogs.rights import guild_of, moderators_only, require_moderator

KIND_CHOICES = [app_commands.Choice(name=f"{kind}: standings with their picture", value=kind) for kind in KINDS]
MISSED_CHOICES = [
    app_commands.Choice(name="late: after an outage, post one and say that it is late", value="late"),
    app_commands.Choice(name="skip: after an outage, wait for the next time", value="skip"),
]
POSTS_FORETOLD = 3


@app_commands.guild_only()
class AnnounceCog(commands.GroupCog, group_name="announce", group_description="Plan posts that come by themselves"):
    """Plan announcements."""

    def __init__(self, client: Moonballot) -> None:
        self.client = client
        self.announcements = client.services.announcements
        client.components.route("announce:v1:ask", self.ask)
        client.components.route("announce:v1:remove", self.do_remove)
        client.components.route("announce:v1:keep", self.keep)
        client.components.route("announce:v1:restore", self.restore)
        client.components.route("announce:v1:run", self.run_again)
        client.components.route("announce:v1:list", self.turn_page)

    @app_commands.command(name="add")
    @moderators_only
    @app_commands.choices(kind=KIND_CHOICES, missed=MISSED_CHOICES)
    @app_commands.autocomplete(every=every_choices, at=at_choices, timezone=zone_choices)
    @app_commands.describe(
        kind="What is posted",
        channel="Where it is posted",
        every="minute, hour, day, week, or a cron line such as 0 18 * * 1-5",
        at="18:00 for a day, monday 18:00 for a week, :30 for an hour; left out: 12:00, monday 12:00, :00",
        timezone="Whose clock; left out, this server's (/setup timezone)",
        role="A role to mention each time; left out, nobody is mentioned",
        missed="What becomes of posts missed while the bot is away; left out, late",
    )
    async def add(
        self,
        interaction: Interaction,
        kind: str,
        channel: discord.TextChannel | discord.Thread,
        every: str,
        at: str | None = None,
        timezone: str | None = None,
        role: discord.Role | None = None,
        missed: str = "late",
    ) -> None:
        """Post something again and again, by the clock of a time zone."""
        async with answering(interaction) as answer:
            guild_id = guild_of(interaction)
            recurrence = parse(every, at, timezone or self.client.services.guilds.get(guild_id).timezone)
            require_reach(channel, role)
            new = NewSchedule(
                guild_id, kind, channel.id, recurrence, interaction.user.id, role.id if role else None, Missed(missed)
            )
            schedule = await self.announcements.add(new)
            await answer(added_card(schedule, upcoming(recurrence, schedule.created_at, POSTS_FORETOLD)))

    @app_commands.command(name="list")
    @moderators_only
    async def list_schedules(self, interaction: Interaction) -> None:
        """See what is planned, when it comes next, how it went and what is wrong."""
        async with answering(interaction) as answer:
            await answer(list_card(await self.announcements.overview(guild_of(interaction)), 0))

    @app_commands.command(name="remove")
    @moderators_only
    @app_commands.autocomplete(schedule=schedule_choices)
    @app_commands.describe(schedule="The announcement")
    async def remove(self, interaction: Interaction, schedule: str) -> None:
        """Stop an announcement; asks once more before it does."""
        async with answering(interaction) as answer:
            await answer(remove_card(self.announcements.get(guild_of(interaction), schedule)))

    @app_commands.command(name="run")
    @moderators_only
    @app_commands.autocomplete(schedule=schedule_choices)
    @app_commands.describe(schedule="The announcement")
    async def run(self, interaction: Interaction, schedule: str) -> None:
        """Post an announcement now; its planned times stay as they are."""
        async with answering(interaction) as answer:
            number = self.announcements.get(guild_of(interaction), schedule).id
            await answer(posted_card(*await self.announcements.run_now(guild_of(interaction), number)))

    async def ask(self, interaction: Interaction, schedule: str) -> None:
        """Ask before removing."""
        require_moderator(interaction, "Removing an announcement")
        async with answering(interaction, update=True) as answer:
            await answer(remove_card(self.announcements.get(guild_of(interaction), schedule)))

    async def do_remove(self, interaction: Interaction, schedule: str) -> None:
        """Remove after the moderator said so twice."""
        require_moderator(interaction, "Removing an announcement")
        async with answering(interaction, update=True) as answer:
            await answer(removed_card(await self.announcements.remove(guild_of(interaction), int(schedule))))

    async def keep(self, interaction: Interaction, schedule: str) -> None:
        """Leave the announcement as it is."""
        async with answering(interaction, update=True) as answer:
            await answer(kept_card(self.announcements.get(guild_of(interaction), schedule)))

    async def restore(self, interaction: Interaction, schedule: str) -> None:
        """Take a removal back."""
        require_moderator(interaction, "Restoring an announcement")
        async with answering(interaction, update=True) as answer:
            restored = await self.announcements.restore(guild_of(interaction), int(schedule))
            await answer(kept_card(restored, "The announcement is back"))

    async def run_again(self, interaction: Interaction, schedule: str) -> None:
        """Post one now, from the button."""
        require_moderator(interaction, "Posting an announcement")
        async with answering(interaction) as answer:
            await answer(posted_card(*await self.announcements.run_now(guild_of(interaction), int(schedule))))

    async def turn_page(self, interaction: Interaction, page: str) -> None:
        """Show another page of the list."""
        require_moderator(interaction, "The list of announcements")
        async with answering(interaction, update=True) as answer:
            await answer(list_card(await self.announcements.overview(guild_of(interaction)), int(page)))


async def setup(client: Moonballot) -> None:
    """Add the commands to the client."""
    await client.add_cog(AnnounceCog(client))
