"""`/announce pause`, `/announce resume`, `/announce remove`, and their buttons."""

from discord import app_commands
from discord.ext import commands

from bot.announcements.schedule_cards import remove_card, removed_card, state_card
from bot.announcements.service import AnnouncementService
from bot.client import Interaction
from bot.ui.reply import answering
from cogs.announce_choices import schedule_choices
from cogs.rights import guild_of, moderators_only, require_moderator


class AnnounceState(commands.Cog):
    """Commands of the group `/announce` that stop an announcement or let it go on."""

    announcements: AnnouncementService

    @app_commands.command(name="pause")
    @moderators_only
    @app_commands.autocomplete(schedule=schedule_choices)
    @app_commands.describe(schedule="The announcement")
    async def pause(self, interaction: Interaction, schedule: str) -> None:
        """Post nothing until you resume it; nothing is posted late for that time."""
        async with answering(interaction) as answer:
            number = self.announcements.get(guild_of(interaction), schedule).id
            await answer(state_card(await self.announcements.pause(guild_of(interaction), number), "⏸️ Paused"))

    @app_commands.command(name="resume")
    @moderators_only
    @app_commands.autocomplete(schedule=schedule_choices)
    @app_commands.describe(schedule="The announcement")
    async def resume(self, interaction: Interaction, schedule: str) -> None:
        """Go on with an announcement that was paused."""
        async with answering(interaction) as answer:
            number = self.announcements.get(guild_of(interaction), schedule).id
            await answer(state_card(await self.announcements.resume(guild_of(interaction), number), "▶️ It goes on"))

    @app_commands.command(name="remove")
    @moderators_only
    @app_commands.autocomplete(schedule=schedule_choices)
    @app_commands.describe(schedule="The announcement")
    async def remove(self, interaction: Interaction, schedule: str) -> None:
        """Stop an announcement; asks once more before it does."""
        async with answering(interaction) as answer:
            await answer(remove_card(self.announcements.get(guild_of(interaction), schedule)))

    async def do_pause(self, interaction: Interaction, schedule: str) -> None:
        """Pause from the button."""
        require_moderator(interaction, "Pausing an announcement")
        async with answering(interaction, update=True) as answer:
            paused = await self.announcements.pause(guild_of(interaction), int(schedule))
            await answer(state_card(paused, "⏸️ Paused"))

    async def do_resume(self, interaction: Interaction, schedule: str) -> None:
        """Resume from the button."""
        require_moderator(interaction, "Resuming an announcement")
        async with answering(interaction, update=True) as answer:
            resumed = await self.announcements.resume(guild_of(interaction), int(schedule))
            await answer(state_card(resumed, "▶️ It goes on"))

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
        require_moderator(interaction, "Keeping an announcement")
        async with answering(interaction, update=True) as answer:
            kept = self.announcements.get(guild_of(interaction), schedule)
            await answer(state_card(kept, "The announcement stays"))

    async def restore(self, interaction: Interaction, schedule: str) -> None:
        """Take a removal back."""
        require_moderator(interaction, "Restoring an announcement")
        async with answering(interaction, update=True) as answer:
            restored = await self.announcements.restore(guild_of(interaction), int(schedule))
            await answer(state_card(restored, "The announcement is back"))
