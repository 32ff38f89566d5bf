"""`/rankings`: the standings, with their picture."""

from discord import app_commands
from discord.ext import commands

from bot.client import Interaction, Moonballot
from bot.polls.model import PollState
from bot.rankings.cards import ranking_card
from bot.ui.reply import answering
from cogs.autocomplete import poll_choices
from cogs.rights import guild_of

SHOWN = (PollState.OPEN, PollState.CLOSED)


@app_commands.guild_only()
class RankingsCog(commands.Cog):
    """Show standings."""

    def __init__(self, client: Moonballot) -> None:
        self.polls = client.services.polls
        client.components.route("rankings:v1:page", self.turn_page)

    @app_commands.command(name="rankings")
    @app_commands.guild_only()
    @app_commands.describe(
        poll="The poll; left out: the open one, else the last closed one, else the newest survey",
        share="Show it to the whole channel",
    )
    @app_commands.autocomplete(poll=poll_choices(*SHOWN))
    async def rankings(self, interaction: Interaction, poll: str | None = None, share: bool = False) -> None:
        """See who leads: places, votes and shares."""
        poll_id = self.polls.resolve(guild_of(interaction), poll, SHOWN, (PollState.CANCELLED,)) if poll else None
        await show_ranking(interaction, poll_id, ephemeral=not share)

    async def turn_page(self, interaction: Interaction, poll_id: str, page: str) -> None:
        """Show another page: in its place on a card of the member's own, to the member alone on one for all."""
        mine = interaction.message is not None and interaction.message.flags.ephemeral
        await show_ranking(interaction, int(poll_id), ephemeral=True, page=int(page), update=mine)


async def show_ranking(
    interaction: Interaction, poll_id: int | None, *, ephemeral: bool, page: int = 0, update: bool = False
) -> None:
    """Answer with standings; what is shared shows only what everybody may see."""
    services = interaction.client.services
    viewer = interaction.user.id if ephemeral else None
    async with answering(interaction, ephemeral=ephemeral, update=update) as answer:
        ranking = await services.polls.ranking(guild_of(interaction), poll_id, viewer)
        png = None if ranking.hidden or page else await services.charts.png(ranking)
        await answer(ranking_card(ranking, png, page))


async def setup(client: Moonballot) -> None:
    """Add the command to the client."""
    await client.add_cog(RankingsCog(client))
