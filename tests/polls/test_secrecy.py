"""Until the close nothing that the bot says or writes down tells a hidden result, and never who voted what."""

import logging
import os
import re
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
import sqlalchemy as sa
import structlog
from simcord.actors import MemberActor

from bot.polls.judging import Cast
from bot.polls.model import Voter
from bot.store.engine import Store
from bot.store.schema import metadata
from tests.polls.conftest import GUILD, Booth
from tests.world import World, say

# Names that stand nowhere else, so that wherever one of them is found, it is this poll that is spoken of.
LABELS = ("Quokkaroo", "Wombatix", "Numbatos", "Bilbytes")
VOTERS = 9
METHODS = ("single", "approval", "ranked")
# Nobody leads twice, and the shares are such as nothing else in an answer is: 55.6, 33.3, 11.1.
FIRST_ROUND = [0] * 5 + [1] * 3 + [2]
SECOND_ROUND = [3] * 5 + [2] * 3 + [1]
TALES = re.compile(r"%|\d|🥇|🥈|🥉|▲|▼|█|▓|░|lead|winner|place", re.IGNORECASE)
MOMENT = re.compile(r"<t:\d+(:\w)?>|#\d+|\d{17,}")


class Vote:
    """A poll with hidden results, its voters, and all that others can get the bot to say."""

    def __init__(self, world: World, method: str) -> None:
        self.world, self.method = world, method
        self.voters = [world.join(f"Zephyrine{number}") for number in range(VOTERS)]
        self.told_voters: list[tuple[MemberActor, set[str], str]] = []
        self.own: set[int] = set()

    async def open(self) -> None:
        self.board = await self.world.open_poll(
            "Whose moon", projects=", ".join(LABELS), method=self.method, results="after_close", closes_in="2h"
        )
        await self.world.slash(
            self.world.mod, "announce add", kind="rankings", channel=self.world.news, every="day", at="18:00"
        )

    async def cast(self, firsts: Iterable[int]) -> None:
        """Have everybody vote; remember what was told to them alone."""
        for voter, first in zip(self.voters, firsts, strict=True):
            mine = [LABELS[first]] if self.method == "single" else [LABELS[first], LABELS[(first + 1) % 4]]
            before = len(self.world.env.http_requests)
            answer = await self.world.slash(voter, "vote cast", choice=", ".join(mine))
            shown = await self.world.slash(voter, "vote mine")
            self.told_voters += [(voter, set(mine), say(each)) for each in (answer, shown)]
            self._set_apart(before)
        await self.world.settle_boards()

    def _set_apart(self, before: int) -> None:
        requests = self.world.env.http_requests
        answers = ("/interactions", "/webhooks")
        self.own |= {n for n in range(before, len(requests)) if requests[n].path.startswith(answers)}

    async def ask_everything(self) -> dict[str, str]:
        """Return what the bot says to those who only look, by what they did."""
        world, alice = self.world, self.world.alice
        world.clock.advance(timedelta(minutes=1))
        (schedule,) = world.app.announcements.listing(world.guild.id)
        await world.app.announcements.run_now(world.guild.id, schedule.id)
        posted = say(world.last(world.news))
        said = {"announcement": posted} | {
            command: say(await world.slash(who, command, **options))
            for who, command, options in (
                (alice, "rankings", {}),
                (self.voters[0], "rankings", {"poll": "Whose moon"}),
                (alice, "vote cast", {}),
                (alice, "vote mine", {}),
                (alice, "help", {}),
                (alice, "privacy export", {}),
                (alice, "vote verify", {"receipt": "1-AAAAAA-AAAAAA-AAAAAA-AAAAAA-AAAAAA"}),
                (world.mod, "help", {}),
                (world.mod, "poll list", {}),
                (world.mod, "poll audit", {}),
                (world.mod, "poll export", {"poll": "Whose moon"}),
                (world.mod, "poll close", {}),
                (world.mod, "setup show", {}),
                (world.mod, "announce list", {}),
            )
        }
        said["rankings to all"] = say(await world.slash(world.mod, "rankings", share=True))
        for label in ("Vote", "My ballot", "Results"):
            said[label] = say(await alice.click(self.board, label=label))
        for command, option, typed in (
            ("vote cast", "choice", ""),
            ("vote cast", "choice", "t"),
            ("vote cast", "poll", ""),
            ("rankings", "poll", ""),
        ):
            offered = await alice.autocomplete(world.general, command, option, typed)
            said[f"{command} {option} {typed}…"] = "\n".join(str(choice["name"]) for choice in offered)
        await world.slash(world.mod, "poll extend", by="1h")
        await world.settle_boards()
        said["board"] = say(await self.fresh_board())
        return {what: MOMENT.sub("…", text) for what, text in said.items()}

    async def fresh_board(self) -> discord.Message:
        channel: Any = self.world.app.client.get_partial_messageable(self.world.general.id)
        message: discord.Message = await channel.fetch_message(self.board.id)
        return message

    def sent(self) -> list[str]:
        """Return every text in all that the bot sent, but for what voters were answered about their own ballots."""
        requests = self.world.env.http_requests
        return [
            text for number, each in enumerate(requests) if number not in self.own for text in texts(each.json) if text
        ]

    def people(self) -> list[str]:
        """Return the words by which a voter could be known."""
        return [word for voter in self.voters for word in (str(voter.id), voter.name)]

    async def tally(self) -> list[int]:
        (brief,) = self.world.app.polls.listing(self.world.guild.id)
        poll = await self.world.app.polls.get(self.world.guild.id, brief.id)
        return [line.votes for line in poll.candidates]


def texts(value: Any) -> Iterable[str]:
    """Give every text in a JSON value, names of fields aside."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from texts(each)


@pytest.fixture(params=METHODS)
async def vote(world: World, request: pytest.FixtureRequest) -> Vote:
    vote = Vote(world, request.param)
    await vote.open()
    return vote


async def test_a_hidden_result_is_told_by_nothing_that_the_bot_says(vote: Vote) -> None:
    await vote.cast(FIRST_ROUND)
    before, first = await vote.tally(), await vote.ask_everything()
    await vote.cast(SECOND_ROUND)
    after, second = await vote.tally(), await vote.ask_everything()
    # The same number of ballots, the other way round: whoever only looks cannot tell the one from the other.
    assert before[0] > before[3]
    assert after[0] < after[3]
    # All but the log, which has grown; what it counts is when ballots came, and it names no candidate.
    logs = (first.pop("poll audit"), second.pop("poll audit"))
    assert not any(label in text for label in LABELS for text in logs)
    assert first == second
    for text in vote.sent():
        told_in_order(text)
        for line in text.splitlines():
            if any(label in line for label in LABELS):
                assert not TALES.search(MOMENT.sub("", line)), line
        assert not any(share in text for share in ("55.6", "33.3", "11.1")), text
        assert not any(who in text for who in vote.people()), text


def told_in_order(text: str) -> None:
    places = [text.index(label) for label in LABELS if label in text]
    assert places == sorted(places), text


async def test_voters_are_told_their_own_choices_and_no_others(vote: Vote) -> None:
    await vote.cast(FIRST_ROUND)
    for voter, mine, text in vote.told_voters:
        lines = [line for line in text.splitlines() if "recorded" in line]
        assert {label for line in lines for label in LABELS if label in line} == mine
        assert "%" not in text
        assert not any(other.name in text or str(other.id) in text for other in vote.voters if other is not voter)


async def test_once_it_is_closed_the_result_shows_and_still_nobody_s_choice(vote: Vote) -> None:
    await vote.cast(FIRST_ROUND)
    world = vote.world
    guild_id = world.guild.id
    (brief,) = world.app.polls.listing(guild_id)
    await world.app.polls.close(guild_id, brief.id, world.mod.id)
    await world.settle_boards()
    exported = await world.app.records.export(guild_id, brief.id, world.mod.id, 10_000_000)
    assert LABELS[0] in say(await world.slash(world.alice, "rankings"))
    assert any("55.6" in text or "5 votes" in text for text in vote.sent())
    assert not any(who in text for who in vote.people() for text in vote.sent())
    everybody = [*vote.people(), *(str(each.id) for each in (world.mod, world.guild, world.general))]
    for name, data in exported.files:
        text = data.decode()
        assert LABELS[0] in text, name
        assert not [who for who in everybody if who in text], name


async def test_no_log_line_and_no_file_but_the_database_s_ballots_tell_who_voted_what(
    vote: Vote, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.INFO)
    with structlog.testing.capture_logs() as ours:
        await vote.cast(FIRST_ROUND)
        await vote.ask_everything()
        await vote.cast(SECOND_ROUND)
        # What is refused is logged as well: a stranger's candidate, and a ballot after the end.
        await vote.world.slash(vote.voters[0], "vote cast", choice=f"{LABELS[0]}, Dropbear")
        vote.world.clock.advance(timedelta(days=1))
        await vote.world.slash(vote.voters[1], "vote cast", choice=LABELS[2])
        await vote.world.due()
    assert ours, "nothing was logged, so nothing is shown by this"
    lines = [*map(str, ours), *(record.getMessage() for record in caplog.records)]
    assert not [line for line in lines if any(word in line for word in (*vote.people(), *LABELS))]
    assert set(os.listdir(tmp_path)) <= {"world.db", "world.db-wal", "world.db-shm"}
    ids = {str(voter.id) for voter in vote.voters}
    async with vote.world.app.store.read() as tx:
        for table in metadata.sorted_tables:
            if table.name != "ballots":
                stored = [str(tuple(row)) for row in await tx.execute(sa.select(table))]
                assert not [row for row in stored if any(voter_id in row for voter_id in ids)], table.name


async def test_a_write_that_the_database_refuses_leaves_no_trace_of_the_ballot(
    booth: Booth, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll_id, voter_id = await booth.poll(), 987_654_321_012_345
    # The database says the row along with the constraint that it breaks.
    monkeypatch.setattr("bot.polls.eligibility.weight_of", lambda *_: 4711)
    voter = Voter(voter_id, booth.clock.now() - timedelta(days=1000), None)
    with structlog.testing.capture_logs() as lines, pytest.raises(RuntimeError, match="IntegrityError") as caught:
        await booth.box.cast(Cast(GUILD, poll_id, voter, (2,), booth.clock.now()))
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    said = [str(caught.value), *map(str, lines)]
    assert any("ballots not written" in text for text in said)
    assert not [text for text in said if str(voter_id) in text or "4711" in text]
