"""`/vote`: cast, see and withdraw a ballot, by list or by typing."""

from functools import partial

from discord import app_commands
from discord.ext import commands

from bot.client import Interaction, Moonballot
from bot.errors import MoonballotError
from bot.polls.model import PollState
from bot.polls.naming import completed, named
from bot.ui.reply import answering
from cogs.autocomplete import poll_choices
from cogs.ballot import BallotClicks
from cogs.receipts import ReceiptCommands
from cogs.rights import guild_of

OPEN = (PollState.OPEN,)
VOTED_ON = (PollState.OPEN, PollState.CLOSED)


@app_commands.guild_only()
class VoteCog(ReceiptCommands, commands.GroupCog, group_name="vote"):
    """Cast, see and withdraw a ballot."""

    def __init__(self, client: Moonballot) -> None:
        self.polls = client.services.polls
        self.clock = client.services.clock
        self.records = client.services.records
        self.ballots = BallotClicks(client)

    @app_commands.command(name="cast")
    @app_commands.describe(
        poll="The poll; left out, the newest open one",
        choice="Vote by typing: a name, or several with commas between, best first; left out, your ballot opens",
    )
    async def cast(self, interaction: Interaction, poll: str | None = None, choice: str | None = None) -> None:
        """Open your ballot and vote, or type your choice and it counts at once."""
        arrived_at = self.clock.now()
        poll_id = self._meant(interaction, poll)
        if choice is None:
            await self.ballots.show(interaction, poll_id)
            return
        async with answering(interaction) as answer:
            await answer(await self.ballots.record(interaction, poll_id, partial(named, typed=choice), arrived_at))

    @app_commands.command(name="mine")
    @app_commands.describe(poll="The poll; left out, the newest open one, else the last closed one you voted in")
    async def mine(self, interaction: Interaction, poll: str | None = None) -> None:
        """See what is recorded as your ballot."""
        poll_id = await self.polls.resolve_voted(guild_of(interaction), poll, interaction.user.id)
        await self.ballots.show(interaction, poll_id)

    @app_commands.command(name="withdraw")
    @app_commands.describe(poll="The poll; left out, the newest open one")
    async def withdraw(self, interaction: Interaction, poll: str | None = None) -> None:
        """Take your ballot back; you may vote again until the poll closes."""
        poll_id = self._meant(interaction, poll)
        await self.ballots.ask_to_withdraw(interaction, poll_id, update=False)

    def _meant(self, interaction: Interaction, poll: str | None) -> int:
        """Return the poll that was meant, an open one first; any other says itself that it takes no votes."""
        return self.polls.resolve(guild_of(interaction), poll, OPEN, PollState)

    @cast.autocomplete("choice")
    async def candidates(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Complete the last name of what is typed."""
        try:
            guild_id = guild_of(interaction)
            poll = await self.polls.get(guild_id, self.polls.resolve(guild_id, interaction.namespace.poll, OPEN))
        except MoonballotError:
            return []  # the command itself says what is wrong
        return [app_commands.Choice(name=text, value=text) for text in completed(poll, typed)]

    cast.autocomplete("poll")(poll_choices(*OPEN))
    mine.autocomplete("poll")(poll_choices(*VOTED_ON))
    withdraw.autocomplete("poll")(poll_choices(*OPEN))


async def setup(client: Moonballot) -> None:
    """Add the commands to the client."""
    await client.add_cog(VoteCog(client))
