"""`/announce`: moderators plan what is posted by itself."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.announcements.delivery import require_reach
from bot.announcements.list_cards import list_card
from bot.announcements.model import NewSchedule, Schedule
from bot.announcements.recurrence import event_recurrence
from bot.announcements.schedule_cards import added_card, posted_card, preview_card
from bot.announcements.typed import MOST_DAYS, Typed, planned
from bot.client import Interaction, Moonballot
from bot.ui.components import Handler, picked
from bot.ui.reply import Answer, answering
from cogs.announce_choices import Where, plan_options, schedule_choices
from cogs.announce_edit import AnnounceEdit
from cogs.announce_state import AnnounceState
from cogs.rights import guild_of, moderators_only, require_moderator


@app_commands.guild_only()
class AnnounceCog(
    AnnounceEdit,
    AnnounceState,
    commands.GroupCog,
    group_name="announce",
    group_description="Plan posts that come by themselves",
):
    """Plan announcements."""

    def __init__(self, client: Moonballot) -> None:
        self.client = client
        self.announcements = client.services.announcements
        buttons: dict[str, Handler] = {
            "list": self.turn_page,
            "look": self.look,
            "run": self.run_again,
            "edit": self.open_form,
            "edited": self.take_form,
            "pause": self.do_pause,
            "resume": self.do_resume,
            "ask": self.ask,
            "remove": self.do_remove,
            "keep": self.keep,
            "restore": self.restore,
        }
        for action, handler in buttons.items():
            client.components.route(f"announce:v1:{action}", handler)

    @app_commands.command(name="add")
    @moderators_only
    @plan_options
    async def add(
        self,
        interaction: Interaction,
        kind: str,
        channel: Where,
        every: str | None = None,
        at: str | None = None,
        timezone: str | None = None,
        role: discord.Role | None = None,
        missed: str | None = None,
        starts: str | None = None,
        ends: str | None = None,
        only_news: bool | None = None,
        board: bool | None = None,
        days: app_commands.Range[int, 1, MOST_DAYS] | None = None,
    ) -> None:
        """Post something again and again, by the clock of a time zone or when it happens."""
        typed = Typed(
            every=every,
            at=at,
            timezone=timezone,
            role_id=role.id if role else None,
            missed=missed,
            starts=starts,
            ends=ends,
            only_news=only_news,
            board=board,
            days=days,
        )
        async with answering(interaction) as answer:
            guild_id, services = guild_of(interaction), self.client.services
            here = event_recurrence(services.guilds.get(guild_id).timezone)
            bare = NewSchedule(guild_id, kind, channel.id, here, interaction.user.id)
            new = planned(typed, bare, services.clock.now(), self.announcements.kinds)
            require_reach(channel, role)
            schedule = await self.announcements.add(new)
            await answer(added_card(schedule, self.announcements.upcoming(schedule)))

    @app_commands.command(name="list")
    @moderators_only
    async def list_schedules(self, interaction: Interaction) -> None:
        """See what is planned, when it comes next, how it went and what is wrong."""
        async with answering(interaction) as answer:
            await answer(list_card(await self.announcements.overview(guild_of(interaction)), 0))

    @app_commands.command(name="preview")
    @moderators_only
    @app_commands.autocomplete(schedule=schedule_choices)
    @app_commands.describe(schedule="The announcement")
    async def preview(self, interaction: Interaction, schedule: str) -> None:
        """See what an announcement would post now and when it comes next; post it, pause it or change it."""
        async with answering(interaction) as answer:
            await self._show(answer, self.announcements.get(guild_of(interaction), schedule))

    @app_commands.command(name="run")
    @moderators_only
    @app_commands.autocomplete(schedule=schedule_choices)
    @app_commands.describe(schedule="The announcement")
    async def run(self, interaction: Interaction, schedule: str) -> None:
        """Post an announcement now; its planned times stay as they are."""
        async with answering(interaction) as answer:
            number = self.announcements.get(guild_of(interaction), schedule).id
            await answer(posted_card(*await self.announcements.run_now(guild_of(interaction), number)))

    async def run_again(self, interaction: Interaction, schedule: str) -> None:
        """Post one now, from the button."""
        require_moderator(interaction, "Posting an announcement")
        async with answering(interaction) as answer:
            await answer(posted_card(*await self.announcements.run_now(guild_of(interaction), int(schedule))))

    async def look(self, interaction: Interaction, *schedule: str) -> None:
        """Preview from a button, or the one picked in the list."""
        require_moderator(interaction, "The preview of an announcement")
        async with answering(interaction) as answer:
            number = (schedule or picked(interaction))[0]
            await self._show(answer, self.announcements.get(guild_of(interaction), number))

    async def _show(self, answer: Answer, schedule: Schedule) -> None:
        preview = await self.announcements.preview(schedule)
        ranking = preview.content.ranking if preview.content else None
        png = await self.client.services.charts.png(ranking) if ranking and not ranking.hidden else None
        await answer(preview_card(schedule, preview, png))

    async def turn_page(self, interaction: Interaction, page: str) -> None:
        """Show another page of the list."""
        require_moderator(interaction, "The list of announcements")
        async with answering(interaction, update=True) as answer:
            await answer(list_card(await self.announcements.overview(guild_of(interaction)), int(page)))


async def setup(client: Moonballot) -> None:
    """Add the commands to the client."""
    await client.add_cog(AnnounceCog(client))
