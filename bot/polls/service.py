"""What people do with polls: open, vote, look, close."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from rapidfuzz import fuzz, process

from bot.audit import store as audit
from bot.audit.model import NewEntry
from bot.catalogue.editions import Editions
from bot.clock import Clock
from bot.errors import BadInput, NotFound, PollClosed, Refused
from bot.polls import store as sql
from bot.polls.ballot_box import BallotBox
from bot.polls.closing import count_poll
from bot.polls.judging import Cancel, Cast, Choices, Close, Extend
from bot.polls.marks import RANKS_MAX
from bot.polls.model import Ballot, Candidate, NewPoll, Poll, PollState, Recorded, Visibility, Voter
from bot.polls.naming import poll_called
from bot.polls.nominating import nominated, suggested, survey_names
from bot.polls.ranking import ranking_of
from bot.polls.store import Brief
from bot.rankings.model import Ranking
from bot.rankings.surveys import ranking_of_survey
from bot.store.engine import Store
from bot.ui.text import escape, moment

MAX_TITLE_CHARS = 120
MAX_REASON_CHARS = 300
GOOD_MATCH = 60
# Of how many of the newest polls a member's ballot is looked for.
MOST_LOOKED_AT = 100


class PollService:
    """The use cases of polls. `on_change` hears the number of every poll whose board is out of date."""

    def __init__(self, store: Store, clock: Clock, box: BallotBox, catalogues: Editions) -> None:
        self._store = store
        self._clock = clock
        self._box = box
        self._catalogues = catalogues
        self._briefs: defaultdict[int, dict[int, Brief]] = defaultdict(dict)  # by server and poll, oldest first
        self.on_change: Callable[[int], None] = lambda _: None
        self.on_times: Callable[[], None] = lambda: None

    async def load(self) -> None:
        """Read what autocomplete answers from."""
        async with self._store.read() as tx:
            briefs = await sql.briefs(tx)
        self._briefs.clear()
        for brief in briefs:
            self._briefs[brief.guild_id][brief.id] = brief

    # Opening and closing

    def candidates(self, guild_id: int, typed: str | None) -> tuple[Candidate, ...]:
        """Read `a, b, c`: projects of the catalogue or free text; nothing typed means the newest survey's projects.

        Raises `BadInput`, which says what does not work.
        """
        return nominated(self._catalogues.of(guild_id), typed)

    def suggested(self, guild_id: int | None, typed: str) -> list[str]:
        """Return what a list of candidates may go on to; first what was typed, as it is."""
        return suggested(self._catalogues.of(guild_id), typed)

    async def open(self, new: NewPoll) -> Poll:
        """Open a poll, or schedule it when its time to open is still to come."""
        title = " ".join(new.title.split())
        _check_title(title)
        async with self._store.begin() as tx:
            poll_id = await sql.insert(tx, replace(new, title=title), self._clock.now())
            details = {"title": title, "method": new.method, "candidates": [line.label for line in new.candidates]}
            entry = NewEntry(new.guild_id, self._clock.now(), "opened", new.created_by, poll_id, details)
            await audit.append_in(tx, entry)
            poll = await sql.get(tx, poll_id)
        assert poll is not None  # noqa: S101 - it was written a line above
        self._remember(poll)
        self.on_times()
        return poll

    async def close(self, guild_id: int, poll_id: int, by: int) -> Poll:
        """End voting now; closing a closed poll changes nothing."""
        poll = await self.get(guild_id, poll_id)
        if poll.state in (PollState.SCHEDULED, PollState.CANCELLED):
            raise Refused(f"This poll is {poll.state}, so there is no voting to close.")
        return await self._close(poll, by)

    async def _close(self, poll: Poll, by: int | None) -> Poll:
        closed = await self._box.change(Close(poll.id, self._end_of(poll), by, when_due=by is None))
        return self._changed(await self.count(closed.id))

    async def count(self, poll_id: int) -> Poll:
        """Count a closed poll, once, and return it with its result; safe to call again, after a crash too."""
        poll = await self._read(poll_id)
        if poll.state is PollState.CLOSED and poll.root is None:
            found = await count_poll(self._store, poll)
            async with self._store.begin() as tx:
                if await sql.set_result(tx, poll_id, found.count, found.root):
                    details = {"root": found.root, "ballots": poll.ballots}
                    entry = NewEntry(poll.guild_id, self._clock.now(), "counted", None, poll_id, details)
                    await audit.append_in(tx, entry)
            poll = await self._read(poll_id)
        return poll

    async def cancel(self, guild_id: int, poll_id: int, by: int, reason: str) -> Poll:
        """End a poll without a result; the ballots are kept. `reason` is shown on the board."""
        poll = await self.get(guild_id, poll_id)
        reason = " ".join(reason.split())
        if not 1 <= len(reason) <= MAX_REASON_CHARS:
            raise BadInput("A reason is needed.", f"Members read it; 1 to {MAX_REASON_CHARS} characters.", "Say why.")
        if poll.state is PollState.SCHEDULED and await self._cancel_scheduled(poll, by, reason):
            return self._changed(await self._read(poll_id))
        return self._changed(await self._box.change(Cancel(poll_id, self._clock.now(), by, reason)))

    async def _cancel_scheduled(self, poll: Poll, by: int, reason: str) -> bool:
        """Cancel a poll that is not open yet; say no when it opened, or was cancelled, meanwhile."""
        async with self._store.begin() as tx:
            cancelled = await sql.set_state(tx, poll.id, poll.state, PollState.CANCELLED, cancel_reason=reason)
            if cancelled:
                entry = NewEntry(poll.guild_id, self._clock.now(), "cancelled", by, poll.id, {"reason": reason})
                await audit.append_in(tx, entry)
        return cancelled

    async def extend(self, guild_id: int, poll_id: int, by: int, longer: timedelta) -> Poll:
        """Put the end of a poll off; one without an end gets one, counted from now."""
        await self.get(guild_id, poll_id)
        return self._changed(await self._box.change(Extend(poll_id, self._clock.now(), by, longer)))

    async def due(self) -> None:
        """Open, close and count what is due; safe to call at any time, after downtime too."""
        now = self._clock.now()
        async with self._store.read() as tx:
            opening = await sql.due_to_open(tx, now)
        for poll_id in opening:
            async with self._store.begin() as tx:
                opened = await sql.set_state(tx, poll_id, PollState.SCHEDULED, PollState.OPEN)
            if opened:
                self._changed(await self._read(poll_id))
        # After the openings: a poll whose whole time passed while the bot was down opens and closes at once.
        async with self._store.read() as tx:
            closing, uncounted = await sql.due_to_close(tx, now), await sql.uncounted(tx)
        for poll_id in closing:
            await self._close(await self._read(poll_id), None)
        for poll_id in uncounted:
            self._changed(await self.count(poll_id))
        self.on_times()

    def _end_of(self, poll: Poll) -> datetime:
        # A poll whose time ran out while the bot was down closed at that time, not at the one when this was noticed.
        return poll.stopped_at(self._clock.now()) or self._clock.now()

    async def next_instant(self) -> datetime | None:
        """Return when the next poll opens or closes by time."""
        async with self._store.read() as tx:
            return await sql.next_instant(tx)

    def _changed(self, poll: Poll) -> Poll:
        self._remember(poll)
        self.on_change(poll.id)
        self.on_times()
        return poll

    def _remember(self, poll: Poll) -> None:
        self._briefs[poll.guild_id][poll.id] = Brief(
            poll.id,
            poll.guild_id,
            poll.title,
            poll.state,
            poll.opens_at,
            poll.closes_at,
            poll.closed_at,
            poll.board_url,
        )

    # The board

    async def stale_boards(self) -> list[int]:
        """Return the polls whose board, or result, is not yet what it should be: after a restart, for example."""
        async with self._store.read() as tx:
            return sorted({*await sql.with_stale_board(tx), *await sql.without_posted_result(tx)})

    async def board_view(self, poll_id: int) -> tuple[Poll, Ranking]:
        """Return a poll and what everybody may see of its standings."""
        poll = await self._read(poll_id)
        return poll, ranking_of(poll, self._clock.now(), visible=await self._visible(poll, None))

    async def set_board(self, poll_id: int, channel_id: int, message_id: int, revision: int) -> None:
        """Remember the message that is the poll's board, and what it shows."""
        async with self._store.begin() as tx:
            await sql.set_board(tx, poll_id, channel_id, message_id)
            await sql.set_shown(tx, poll_id, revision)
        self._remember(await self._read(poll_id))

    async def set_shown(self, poll_id: int, revision: int) -> None:
        """Remember what the board shows now."""
        async with self._store.begin() as tx:
            await sql.set_shown(tx, poll_id, revision)

    async def forget_board(self, poll_id: int, message_id: int) -> None:
        """Remember that the board is gone; the poll lives on."""
        async with self._store.begin() as tx:
            await sql.forget_board(tx, poll_id, message_id)
        self._remember(await self._read(poll_id))

    async def set_result_posted(self, poll_id: int) -> None:
        """Remember that the result is posted, or that there is nowhere to post it."""
        async with self._store.begin() as tx:
            await sql.set_result_posted(tx, poll_id, self._clock.now())

    # Voting

    async def cast(self, guild_id: int, poll_id: int, voter: Voter, choices: Choices, arrived_at: datetime) -> Recorded:
        """Record a ballot; the last one counts. Returns once it is committed."""
        recorded = await self._box.cast(Cast(guild_id, poll_id, voter, choices, arrived_at))
        # Even the same choices may weigh otherwise by now; a board that shows the newest state is left as it is.
        self.on_change(poll_id)
        return recorded

    async def withdraw(self, guild_id: int, poll_id: int, voter: Voter, arrived_at: datetime) -> Recorded:
        """Take a ballot back."""
        return await self.cast(guild_id, poll_id, voter, (), arrived_at)

    # Looking

    async def get(self, guild_id: int, poll_id: int) -> Poll:
        """Return a poll of this server; raise `NotFound` for any other."""
        poll = await self._read(poll_id)
        if poll.guild_id != guild_id:
            raise NotFound("poll", str(poll_id))
        return poll

    async def _read(self, poll_id: int) -> Poll:
        async with self._store.read() as tx:
            poll = await sql.get(tx, poll_id)
        if poll is None:
            raise NotFound("poll", str(poll_id))
        return poll

    async def with_ballot(self, guild_id: int, poll_id: int, voter_id: int) -> tuple[Poll, Ballot | None]:
        """Return a poll and a member's ballot in it, from the same moment."""
        async with self._store.read() as tx:
            poll = await sql.get(tx, poll_id)
            ballot = await sql.ballot_of(tx, poll_id, voter_id)
        if poll is None or poll.guild_id != guild_id:
            raise NotFound("poll", str(poll_id))
        return poll, ballot

    async def ranking(self, guild_id: int, poll_id: int | None = None, viewer_id: int | None = None) -> Ranking:
        """Return standings: of the poll that is asked for, else the open one, the last closed one, the newest survey.

        Results that are hidden from `viewer_id` come out hidden, without a number in them.
        """
        chosen = poll_id if poll_id is not None else self._current(guild_id)
        if chosen is None:
            catalogue = self._catalogues.of(guild_id)
            return ranking_of_survey(catalogue.newest_survey, survey_names(catalogue))
        poll = await self.get(guild_id, chosen)
        return ranking_of(poll, self._clock.now(), visible=await self._visible(poll, viewer_id))

    async def _visible(self, poll: Poll, viewer_id: int | None) -> bool:
        if poll.state is PollState.CLOSED or poll.results is Visibility.LIVE:
            return True
        if poll.results is Visibility.AFTER_CLOSE or viewer_id is None:
            return False
        async with self._store.read() as tx:
            return await sql.ballot_of(tx, poll.id, viewer_id) is not None

    def _current(self, guild_id: int) -> int | None:
        """Return the newest open poll, else the poll that closed last."""
        here = self.listing(guild_id)
        open_ones = [brief.id for brief in here if brief.state is PollState.OPEN]
        closed = [brief for brief in here if brief.state is PollState.CLOSED]
        last = max(closed, key=lambda brief: brief.closed_at or brief.opens_at, default=None)
        return open_ones[0] if open_ones else last.id if last else None

    def listing(self, guild_id: int) -> list[Brief]:
        """Return the polls of a server, newest first."""
        return list(reversed(self._briefs.get(guild_id, {}).values()))

    def suggest(self, guild_id: int, typed: str, states: Iterable[PollState] = PollState) -> list[Brief]:
        """Return up to 25 polls whose title fits what was typed so far, newest first."""
        wanted = set(states)
        here = [brief for brief in self.listing(guild_id) if brief.state in wanted]
        needle = typed.strip().casefold()
        return [brief for brief in here if needle in brief.title.casefold()][:25]

    async def resolve_voted(self, guild_id: int, typed: str | None, voter_id: int) -> int:
        """Return the poll whose ballot a member wants to see: the one typed, else the newest open one, else closed.

        Where several are open, or none is, the newest in which the member has a ballot comes first.
        """
        if typed is not None:
            return self.resolve(guild_id, typed, (PollState.OPEN, PollState.CLOSED), (PollState.CANCELLED,))
        here = self.listing(guild_id)
        for state in (PollState.OPEN, PollState.CLOSED):
            ids = [brief.id for brief in here if brief.state is state][:MOST_LOOKED_AT]
            if ids:
                async with self._store.read() as tx:
                    voted = await sql.voted_in(tx, voter_id, ids)
                return next((poll_id for poll_id in ids if poll_id in voted), ids[0])
        raise _no_such_poll()

    def resolve(
        self,
        guild_id: int,
        typed: str | None,
        states: Iterable[PollState] = PollState,
        others: Iterable[PollState] = (),
    ) -> int:
        """Return the number of the poll that was meant: by number, by title, or the newest when nothing was typed.

        A part of a title will do where it fits one alone. Polls in `states` come before those in `others`, a whole
        title in either before a part.
        """
        here, wanted = self.listing(guild_id), set(states)
        first = [brief for brief in here if brief.state in wanted]
        if typed is None:
            if not first:
                raise _no_such_poll()
            return first[0].id
        wanted.update(others)
        if (found := poll_called(typed, first, [brief for brief in here if brief.state in wanted])) is not None:
            return found.id
        titles = dict.fromkeys(brief.title for brief in first)
        near = process.extract(typed, titles.keys(), scorer=fuzz.WRatio, limit=3, score_cutoff=GOOD_MATCH)
        raise NotFound("poll", typed, [title for title, _, _ in near])

    async def to_change(self, guild_id: int, typed: str | None, states: Iterable[PollState]) -> Poll:
        """Return the poll that a moderator means to change; raise for one in another state, and say since when."""
        poll = await self.get(guild_id, self.resolve(guild_id, typed, states, PollState))
        if poll.state in states:
            return poll
        if poll.closed_at is not None:
            raise PollClosed(poll.title, poll.closed_at)
        title = escape(poll.title)
        if poll.state is PollState.SCHEDULED:
            opens = f"**{title}** is not open yet: it opens {moment(poll.opens_at)}."
            raise Refused(opens, "Until then only `/poll cancel` changes it.")
        async with self._store.read() as tx:
            entries = await audit.of_poll(tx, guild_id, poll.id)
        since = next((f" {moment(entry.new.at)}" for entry in entries if entry.new.action == "cancelled"), "")
        raise Refused(
            f"**{title}** was cancelled{since}, so nothing was changed.", "Open another one with `/poll open`."
        )


def _no_such_poll() -> Refused:
    return Refused("There is no such poll here at the moment.", "Moderators open one with `/poll open`.")


def _check_title(title: str) -> None:
    if not title:
        raise BadInput("A poll needs a title.", "There is nothing in it but spaces.", "Write what the vote is about.")
    if len(title) > MAX_TITLE_CHARS:
        raise BadInput(
            "That title is too long.",
            f"It has {len(title):,} characters, and at most {MAX_TITLE_CHARS} fit.",
            f"Take {len(title) - MAX_TITLE_CHARS:,} out.",
        )


def most_choices(method: str, candidates: int, asked: int | None) -> int:
    """Return how many candidates a ballot may name; raise `BadInput` for several in a single-choice poll."""
    if method == "single":
        if asked not in (None, 1):
            raise BadInput(
                "A single-choice ballot names one candidate.",
                "`max_choices` is for the other methods.",
                "Choose the method `approval` or `ranked`, or leave `max_choices` out.",
            )
        return 1
    return min(asked or candidates, candidates, RANKS_MAX if method == "ranked" else candidates)
