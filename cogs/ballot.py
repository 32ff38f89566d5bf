"""A ballot's buttons and lists: each click brings its paper along in the custom id and reads the poll afresh."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from bot.client import Interaction, Moonballot
from bot.errors import NotFound, PollClosed, Refused, member_text
from bot.polls import eligibility
from bot.polls.ballot_cards import recorded_card, withdraw_card
from bot.polls.judging import NOTHING_CHOSEN, Choices, SpoiltBallot
from bot.polls.model import Ballot, Poll, PollState
from bot.polls.naming import found
from bot.polls.paper import Paper, positions
from bot.polls.paper_cards import ballot_card, barred_card, found_card, search_modal
from bot.ui.card import Card
from bot.ui.components import picked, typed
from bot.ui.reply import answering
from bot.ui.text import escape
from cogs.rankings import show_ranking
from cogs.rights import guild_of, voter_of

OUTDATED = "That ballot was out of date, so nothing was changed. Here is a fresh one."

# From the recorded ballot, the paper and what was picked to the card that follows.
Fill = Callable[[Ballot | None, Paper, tuple[int, ...]], Card]


class BallotClicks:
    """Answer what members click on boards and ballots."""

    def __init__(self, client: Moonballot) -> None:
        self.polls = client.services.polls
        self.clock = client.services.clock
        for action, handler in {
            "vote": self.open_ballot,
            "mine": self.open_ballot,
            "pick": self.pick,
            "page": self.turn,
            "add": self.add,
            "mark": self.mark,
            "confirm": self.confirm,
            "search": self.ask_search,
            "find": self.find,
            "withdraw": self.ask_withdraw,
            "withdrawn": self.do_withdraw,
            "results": self.show_results,
        }.items():
            client.components.route(f"poll:v1:{action}", handler, message=False)

    # Looking

    async def open_ballot(self, interaction: Interaction, poll_id: str, update: str = "") -> None:
        """Answer **Vote** and **My ballot**; on a card of the member's own, in its place."""
        await self.show(interaction, _number(poll_id), update=bool(update))

    async def show(self, interaction: Interaction, poll_id: int, *, update: bool = False) -> None:
        """Answer with the member's ballot; who may not vote is told before, not after, choosing."""
        async with answering(interaction, update=update) as answer:
            poll, ballot = await self.polls.with_ballot(guild_of(interaction), poll_id, interaction.user.id)
            why = "" if ballot or poll.state is not PollState.OPEN else self._barred(interaction, poll)
            await answer(barred_card(poll, why) if why else ballot_card(poll, ballot))

    def _barred(self, interaction: Interaction, poll: Poll) -> str:
        """Return why the member may not vote; nothing when they may."""
        try:
            eligibility.check(poll.rules, voter_of(interaction), self.clock.now())
        except Refused as refusal:
            return member_text(refusal, escape) or ""
        return ""

    async def show_results(self, interaction: Interaction, poll_id: str) -> None:
        """Answer **Results**."""
        await show_ranking(interaction, _number(poll_id), ephemeral=True)

    # Casting

    async def pick(self, interaction: Interaction, poll_id: str) -> None:
        """Record what was picked in a list where a pick counts at once."""
        arrived_at = self.clock.now()
        values = picked(interaction)
        choices = tuple(map(int, values)) if all(map(str.isdecimal, values)) else ()
        async with answering(interaction, update=True) as answer:
            await answer(await self.record(interaction, _number(poll_id), choices, arrived_at))

    async def confirm(self, interaction: Interaction, poll_id: str, text: str = "", *_: str) -> None:
        """Record the paper that **Confirm** carries."""
        arrived_at = self.clock.now()
        async with answering(interaction, update=True) as answer:
            await answer(await self.record(interaction, _number(poll_id), partial(_confirmed, text), arrived_at))

    async def record(self, interaction: Interaction, poll_id: int, choices: Choices, arrived_at: datetime) -> Card:
        """Cast a ballot, judged by the time at which it came in; one that cannot be counted brings a fresh paper."""
        guild_id = guild_of(interaction)
        try:
            # To the ballot box, no choices mean a withdrawal: that has its own button.
            if not choices:
                raise SpoiltBallot(NOTHING_CHOSEN)
            return recorded_card(await self.polls.cast(guild_id, poll_id, voter_of(interaction), choices, arrived_at))
        except SpoiltBallot as spoilt:
            poll, ballot = await self.polls.with_ballot(guild_id, poll_id, interaction.user.id)
            return ballot_card(poll, ballot, notice=spoilt.reason)

    # Filling in

    async def turn(self, interaction: Interaction, poll_id: str, page: str = "0", text: str = "", *_: str) -> None:
        """Show the paper that the button carries: another page, one mark fewer, none, or those of the ballot."""
        await self._fill(interaction, poll_id, page, text, lambda kept, paper, _: ballot_card(paper.poll, kept, paper))

    async def add(self, interaction: Interaction, poll_id: str, page: str = "0", text: str = "", *_: str) -> None:
        """Add what was picked: the next rank, or approvals out of a search."""
        await self._fill(
            interaction, poll_id, page, text, lambda kept, paper, new: ballot_card(paper.poll, kept, paper.added(new))
        )

    async def mark(self, interaction: Interaction, poll_id: str, page: str = "0", text: str = "", *_: str) -> None:
        """Replace the approvals of one page."""
        await self._fill(
            interaction,
            poll_id,
            page,
            text,
            lambda kept, paper, new: ballot_card(paper.poll, kept, paper.marked_here(new)),
        )

    async def ask_search(
        self, interaction: Interaction, poll_id: str, page: str = "0", text: str = "", *_: str
    ) -> None:
        """Answer **Search** by asking for a name; nothing is read, since the question cannot wait."""
        await interaction.response.send_modal(search_modal(poll_id, page, text))

    async def find(self, interaction: Interaction, poll_id: str, page: str = "0", text: str = "", *_: str) -> None:
        """Show the candidates that fit what was typed."""
        name = typed(interaction)
        await self._fill(
            interaction,
            poll_id,
            page,
            text,
            lambda _, paper, __: found_card(paper, name, found(paper.poll.candidates, name)),
        )

    async def _fill(self, interaction: Interaction, poll_id: str, page: str, text: str, fill: Fill) -> None:
        async with answering(interaction, update=True) as answer:
            poll, kept = await self.polls.with_ballot(guild_of(interaction), _number(poll_id), interaction.user.id)
            if (stopped_at := poll.stopped_at(self.clock.now())) is not None:
                raise PollClosed(poll.title, stopped_at)
            paper, new = Paper.read(poll, page, text), positions(poll, picked(interaction))
            if paper is None or new is None:
                await answer(ballot_card(poll, kept, notice=OUTDATED))
            else:
                await answer(fill(kept, paper, new))

    # Taking back

    async def ask_withdraw(self, interaction: Interaction, poll_id: str) -> None:
        """Answer **Withdraw my ballot** by asking once more."""
        await self.ask_to_withdraw(interaction, _number(poll_id), update=True)

    async def ask_to_withdraw(self, interaction: Interaction, poll_id: int, *, update: bool) -> None:
        """Ask before a ballot is taken back; without one, or after the close, show what there is."""
        async with answering(interaction, update=update) as answer:
            poll, ballot = await self.polls.with_ballot(guild_of(interaction), poll_id, interaction.user.id)
            open_yet = poll.state is PollState.OPEN
            await answer(withdraw_card(poll) if ballot and open_yet else ballot_card(poll, ballot))

    async def do_withdraw(self, interaction: Interaction, poll_id: str) -> None:
        """Take the ballot back."""
        arrived_at = self.clock.now()
        async with answering(interaction, update=True) as answer:
            voter = voter_of(interaction)
            recorded = await self.polls.withdraw(guild_of(interaction), _number(poll_id), voter, arrived_at)
            await answer(recorded_card(recorded))


def _confirmed(text: str, poll: Poll) -> tuple[int, ...]:
    """Return what is marked on the paper that a button carries."""
    paper = Paper.read(poll, "0", text)
    if paper is None:
        raise SpoiltBallot(OUTDATED)
    return paper.marks


def _number(poll_id: str) -> int:
    """Return a poll's number; raise `NotFound` for what was never one."""
    if not poll_id.isdecimal():
        raise NotFound("poll", poll_id)
    return int(poll_id)
