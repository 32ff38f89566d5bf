"""What the polls here say: as the asker may see it, with hidden results left out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.answers import facts
from bot.answers.facts.polls import POLLS_READ, PollFacts
from bot.answers.model import Kind
from bot.catalogue.service import Catalogue
from bot.polls.model import PollState
from bot.rankings.model import Entry, ranked
from tests.answers.facts.conftest import NOW, Asker
from tests.world import World

CANDIDATES = ("Starknet", "LayerZero", "peaq")


def poll(**changed: object) -> PollFacts:
    votes = {"Starknet": 5, "LayerZero": 3, "peaq": 2}
    live = PollFacts(
        id=4,
        title="Which airdrop is next?",
        state=PollState.OPEN,
        method="single",
        ballots=10,
        opens_at=NOW - timedelta(days=1),
        closes_at=datetime(2026, 11, 30, 18, tzinfo=UTC),
        closed_at=None,
        as_of=NOW,
        standings=ranked([Entry(label, count, project_id=label.casefold()) for label, count in votes.items()]),
        candidates=CANDIDATES,
    )
    return replace(live, **changed)  # type: ignore[arg-type]


LIVE = poll()
HIDDEN = poll(standings=(), hidden="Results show when the poll closes.")
CLOSED = poll(state=PollState.CLOSED, closed_at=datetime(2026, 11, 20, 18, tzinfo=UTC))
SCHEDULED = poll(state=PollState.SCHEDULED, standings=(), ballots=0, opens_at=NOW + timedelta(days=1))


@pytest.mark.parametrize(
    ("question", "topic", "says"),
    [
        ("who leads right now", "poll:4:leader", "Starknet leads “Which airdrop is next?” with 50.0%, 5 votes."),
        ("who's ahead in our poll", "poll:4:leader", "Then: 2. LayerZero 30.0%, 3 votes; 3. peaq 20.0%, 2 votes."),
        ("hows the vote going, who is first", "poll:4:leader", "10 members have voted so far"),
        ("how many votes so far", "poll:4:votes", "10 members have voted"),
        ("when does voting close", "poll:4:closes", "closes on 30 November 2026, 18:00 UTC"),
        ("is the poll still open", "poll:4:closes", "is open"),
        ("how do i vote", "poll:4:how", "/vote cast"),
        ("which projects can i vote for", "poll:4:candidates", "Starknet, LayerZero and peaq"),
        ("which polls are open", "poll:open", "One poll is open here"),
        (
            "how many votes has layerzero in the poll",
            "poll:4:share:layerzero",
            "LayerZero is at place 2 in “Which airdrop is next?” with 30.0%, 3 votes, two votes behind Starknet.",
        ),
        ("how is movement doing in the poll", "poll:4:share:movement", "no candidate"),
        ("second place in the poll", "poll:4:place-2", "LayerZero with 30.0%"),
        ("who is third in the poll", "poll:4:place-3", "peaq with 20.0%"),
    ],
)
def test_an_open_poll_is_answered(question: str, topic: str, says: str, ask: Asker) -> None:
    answer = ask(question, (LIVE,))
    assert (answer.kind, answer.topic) == (Kind.ANSWER, topic)
    assert says in answer.text
    assert answer.sources[0].title == "The poll “Which airdrop is next?” on this server"


@pytest.mark.parametrize(
    "question", ["who leads", "poll results", "how many votes has starknet in the poll", "who won the poll"]
)
def test_hidden_results_stay_hidden_and_the_answer_says_when_they_come(question: str, ask: Asker) -> None:
    text = ask(question, (HIDDEN,)).text
    assert "hidden for now" in text
    assert "30 November 2026" in text
    assert "in its order: Starknet, LayerZero and peaq" in text
    assert "%" not in text


def test_the_winner_is_that_of_the_poll_that_closed_here(ask: Asker) -> None:
    answer = ask("who won", (CLOSED,))
    assert answer.topic == "poll:4:leader"
    assert answer.text.startswith("Starknet won “Which airdrop is next?” with 50.0%, 5 votes.")
    assert ask("who won the survey", (CLOSED,)).topic == "survey:winner"


def test_without_polls_the_winner_is_that_of_the_survey(ask: Asker) -> None:
    assert ask("who won").topic == "survey:winner"


def test_a_poll_is_meant_by_its_title(ask: Asker) -> None:
    other = poll(id=9, title="Best layer two bridge")
    assert ask("who leads the layer two bridge poll", (LIVE, other)).topic == "poll:9:leader"
    assert ask("who leads the poll", (LIVE, other)).topic == "poll:4:leader"


def test_a_tie_is_said_to_be_one(ask: Asker) -> None:
    tied = poll(standings=ranked([Entry("peaq", 5), Entry("Starknet", 5)]))
    assert "peaq and Starknet are tied at the top" in ask("who leads", (tied,)).text


def test_no_vote_is_no_lead(ask: Asker) -> None:
    empty = poll(ballots=0, standings=ranked([Entry("Starknet", 0), Entry("peaq", 0)]))
    assert "Nobody leads" in ask("who leads", (empty,)).text


def test_a_poll_that_is_still_to_come_says_when(ask: Asker) -> None:
    assert "opens on 23 November 2026, 12:00 UTC" in ask("when does voting close", (SCHEDULED,)).text
    assert "has not opened yet" in ask("who leads", (SCHEDULED,)).text


def test_without_a_poll_nothing_is_made_up(ask: Asker) -> None:
    for question in ("who leads", "how do i vote", "when does voting close", "which polls are open"):
        answer = ask(question)
        assert (answer.kind, answer.topic) == (Kind.UNKNOWN, "poll:none")
        assert answer.text.startswith("No poll is open on this server")


@pytest.mark.parametrize(
    "question", ["how is voting kept secret", "what is a receipt for my vote", "can i change my vote"]
)
def test_how_voting_works_is_no_question_about_a_poll(question: str, catalogue: Catalogue) -> None:
    assert facts.read(question, catalogue).shape is facts.Shape.NOTHING


async def seen(world: World, viewer_id: int | None) -> PollFacts:
    (found,) = await facts.polls_here(world.app.polls, world.guild.id, viewer_id)
    return found


async def test_hidden_results_are_not_even_held(world: World) -> None:
    board = await world.open_poll("Quiet", projects="Starknet, peaq", results="after_close")
    await world.vote(world.alice, board, "peaq")
    for viewer_id in (None, world.alice.id, world.mod.id):
        found = await seen(world, viewer_id)
        assert found.standings == ()
        assert found.hidden
        assert found.candidates == ("Starknet", "peaq")
        assert found.ballots == 1


async def test_results_show_to_those_who_voted_and_to_all_after_the_close(world: World) -> None:
    board = await world.open_poll("Quiet", projects="Starknet, peaq", results="after_vote", closes_in="1h")
    await world.vote(world.alice, board, "peaq")
    assert (await seen(world, world.mod.id)).standings == ()
    assert (await seen(world, world.alice.id)).standings[0].label == "peaq"
    world.clock.advance(timedelta(hours=2))
    await world.app.polls.due()
    closed = await seen(world, None)
    assert closed.closed
    assert closed.standings[0].votes == 1


async def test_open_polls_come_first_and_no_more_than_a_few(world: World) -> None:
    for number in range(POLLS_READ + 1):
        await world.open_poll(f"Poll {number}", projects="Starknet, peaq")
    found = await facts.polls_here(world.app.polls, world.guild.id, None)
    assert [each.title for each in found] == [f"Poll {number}" for number in range(POLLS_READ, 0, -1)]


async def test_another_servers_polls_are_not_seen(world: World) -> None:
    await world.open_poll("Ours", projects="Starknet, peaq")
    assert await facts.polls_here(world.app.polls, world.guild.id + 1, None) == ()
