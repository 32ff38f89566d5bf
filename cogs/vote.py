"""`/vote`, and the board's buttons, which do the same."""

from discord import app_commands
from discord.ext import commands

from bot.client import Interaction, Moonballot
from bot.polls.ballot_cards import ballot_card, recorded_card, withdraw_card
from bot.polls.model import PollState
from bot.ui.components import picked
from bot.ui.reply import answering
from cogs.autocomplete import poll_choices
from cogs.rankings import show_ranking
from cogs.rights import guild_of, voter_of

OPEN = (PollState.OPEN,)
VOTED_ON = (PollState.OPEN, PollState.CLOSED)


@app_commands.guild_only()
class VoteCog(commands.GroupCog, group_name="vote", group_description="Vote, look at your ballot, take it back"):
    """Cast, see and withdraw a ballot."""

    def __init__(self, client: Moonballot) -> None:
        self.polls = client.services.polls
        self.clock = client.services.clock
        client.components.route("poll:v1:vote", self.open_ballot)
        client.components.route("poll:v1:pick", self.pick)
        client.components.route("poll:v1:mine", self.show_mine)
        client.components.route("poll:v1:withdraw", self.ask_withdraw)
        client.components.route("poll:v1:withdrawn", self.do_withdraw)
        client.components.route("poll:v1:results", self.show_results)

    @app_commands.command(name="cast")
    @app_commands.describe(poll="The poll; left out, the newest open one")
    async def cast(self, interaction: Interaction, poll: str | None = None) -> None:
        """Open your ballot and vote; your choice counts as soon as you pick it."""
        await self._show(interaction, self.polls.resolve(guild_of(interaction), poll, OPEN))

    @app_commands.command(name="mine")
    @app_commands.describe(poll="The poll; left out, the newest one")
    async def mine(self, interaction: Interaction, poll: str | None = None) -> None:
        """See what is recorded as your ballot."""
        await self._show(interaction, self.polls.resolve(guild_of(interaction), poll, VOTED_ON))

    @app_commands.command(name="withdraw")
    @app_commands.describe(poll="The poll; left out, the newest open one")
    async def withdraw(self, interaction: Interaction, poll: str | None = None) -> None:
        """Take your ballot back; you may vote again until the poll closes."""
        await self._ask_withdraw(interaction, self.polls.resolve(guild_of(interaction), poll, OPEN), update=False)

    cast.autocomplete("poll")(poll_choices(*OPEN))
    mine.autocomplete("poll")(poll_choices(*VOTED_ON))
    withdraw.autocomplete("poll")(poll_choices(*OPEN))

    async def open_ballot(self, interaction: Interaction, poll_id: str, update: str = "") -> None:
        """Answer **Vote**, or **Change my vote** on the reply that it replaces."""
        await self._show(interaction, int(poll_id), update=bool(update))

    async def show_mine(self, interaction: Interaction, poll_id: str, update: str = "") -> None:
        """Answer **My ballot**, or **Keep it** on the question that it replaces."""
        await self._show(interaction, int(poll_id), update=bool(update))

    async def pick(self, interaction: Interaction, poll_id: str) -> None:
        """Record what was picked, judged by the time at which it came in."""
        arrived_at = self.clock.now()
        choices = tuple(int(value) for value in picked(interaction))
        async with answering(interaction, update=True) as answer:
            voter = voter_of(interaction)
            recorded = await self.polls.cast(guild_of(interaction), int(poll_id), voter, choices, arrived_at)
            await answer(recorded_card(recorded))

    async def ask_withdraw(self, interaction: Interaction, poll_id: str) -> None:
        """Answer **Withdraw my ballot** by asking once more."""
        await self._ask_withdraw(interaction, int(poll_id), update=True)

    async def do_withdraw(self, interaction: Interaction, poll_id: str) -> None:
        """Take the ballot back."""
        arrived_at = self.clock.now()
        async with answering(interaction, update=True) as answer:
            voter = voter_of(interaction)
            recorded = await self.polls.withdraw(guild_of(interaction), int(poll_id), voter, arrived_at)
            await answer(recorded_card(recorded))

    async def show_results(self, interaction: Interaction, poll_id: str) -> None:
        """Answer **Results**."""
        await show_ranking(interaction, int(poll_id), ephemeral=True)

    async def _show(self, interaction: Interaction, poll_id: int, *, update: bool = False) -> None:
        async with answering(interaction, update=update) as answer:
            poll, ballot = await self.polls.with_ballot(guild_of(interaction), poll_id, interaction.user.id)
            await answer(ballot_card(poll, ballot))

    async def _ask_withdraw(self, interaction: Interaction, poll_id: int, *, update: bool) -> None:
        async with answering(interaction, update=update) as answer:
            poll, ballot = await self.polls.with_ballot(guild_of(interaction), poll_id, interaction.user.id)
            await answer(withdraw_card(poll) if ballot else ballot_card(poll, None))


async def setup(client: Moonballot) -> None:
    """Add the commands to the client."""
    await client.add_cog(VoteCog(client))
