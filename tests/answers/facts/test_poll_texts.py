"""What is said of a poll: what was asked first, the rest after it, and nothing of what is hidden."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers import facts
from bot.answers.cards import TEXT_ROOM, shown
from bot.answers.facts import polling
from bot.answers.facts.polls import PollFacts
from bot.answers.model import Answer, Kind
from bot.polls.model import Poll, PollState, Visibility
from bot.polls.ranking import ranking_of
from bot.polls.service import PollService
from bot.rankings.model import Entry, Ranking, Standing, ranked
from tests.answers.facts.conftest import NOW
from tests.answers.facts.test_polls import CLOSED, HIDDEN, LIVE, SCHEDULED, poll
from tests.answers.judging import numbers_in
from tests.polls.ballots import poll_of
from tests.world import World

CANCELLED = poll(state=PollState.CANCELLED)
EMPTY = poll(ballots=0, standings=ranked([Entry(label, 0) for label in LIVE.candidates]))
UNDECIDED = replace(EMPTY, state=PollState.CLOSED, closed_at=NOW)
TIED = poll(standings=ranked([Entry("peaq", 4), Entry("Starknet", 4), Entry("LayerZero", 2)]))
LEVEL = poll(standings=ranked([Entry("peaq", 3), Entry("Starknet", 3), Entry("LayerZero", 3)]))
APPROVAL = poll(method="approval", max_choices=2)
RANKED = poll(method="ranked", max_choices=2)
RANKED_CLOSED = replace(RANKED, state=PollState.CLOSED, closed_at=NOW)

WHATS = (
    *("leader", "votes", "closes", "how", "candidates", "margin", "majority", "place-1", "place-2", "place-last"),
    *(
        "place-9",
        "place-x",
        "share:starknet",
        "share:peaq:layerzero",
        "share:movement",
        "share:nobody:peaq",
        "nonsense",
    ),
)
POLLS = (
    *(LIVE, HIDDEN, CLOSED, SCHEDULED, CANCELLED, EMPTY, UNDECIDED, TIED, LEVEL),
    *(APPROVAL, RANKED, RANKED_CLOSED),
)


def told(what: str, about: PollFacts, question: str = "") -> Answer:
    answer = polling.answer(f"poll:{about.id}:{what}", question, (about,))
    assert answer is not None
    return answer


def asked(question: str, what: str, *polls: PollFacts) -> Answer:
    """Answer a question that was read as `what`, rightly or not."""
    answer = polling.answer("poll:open" if what == "open" else f"poll:?:{what}", question, polls)
    assert answer is not None
    return answer


@pytest.mark.parametrize("what", WHATS)
def test_whatever_was_understood_the_whole_standing_is_said(what: str) -> None:
    text = told(what, LIVE).text
    for fact in ("Starknet", "50.0%, 5 votes", "LayerZero", "30.0%, 3 votes", "peaq", "20.0%, 2 votes"):
        assert fact in text
    assert "10 members have voted" in text
    assert "closes on 30 November 2026, 18:00 UTC, in eight days and six hours" in text
    assert "choose one candidate" in text


@pytest.mark.parametrize(
    ("what", "begins"),
    [
        ("leader", "Starknet leads “Which airdrop is next?” with 50.0%, 5 votes. Then: 2. LayerZero 30.0%, 3 votes;"),
        ("votes", "10 members have voted in “Which airdrop is next?” so far. Standing: 1. Starknet"),
        ("closes", "Voting in “Which airdrop is next?” is open and closes on 30 November 2026, 18:00 UTC"),
        ("how", "Press Vote on the board"),
        ("candidates", "The candidates of “Which airdrop is next?” are Starknet, LayerZero and peaq."),
        ("margin", "Starknet is two votes (20.0 percentage points) ahead of LayerZero"),
        (
            "majority",
            "Starknet leads “Which airdrop is next?” with 50.0%, 5 votes: exactly half of the votes, not more.",
        ),
        ("place-2", "Place 2 in “Which airdrop is next?”: LayerZero with 30.0%, 3 votes so far."),
        ("place-last", "Last in “Which airdrop is next?”, at place 3: peaq with 20.0%, 2 votes so far."),
        ("place-9", "Nobody holds place 9 in “Which airdrop is next?”: it has three candidates."),
        (
            "share:starknet",
            "Starknet is at place 1 in “Which airdrop is next?” with 50.0%, 5 votes, two votes ahead of",
        ),
        (
            "share:peaq",
            "peaq is at place 3 in “Which airdrop is next?” with 20.0%, 2 votes, three votes behind Starknet.",
        ),
        ("share:movement", "That project is no candidate in “Which airdrop is next?”."),
    ],
)
def test_what_was_asked_is_said_first(what: str, begins: str) -> None:
    assert told(what, LIVE).text.startswith(begins)


@pytest.mark.parametrize(
    ("question", "what", "topic", "says"),
    [
        (
            "first to second in our poll, what's the difference",
            "place-2",
            "margin",
            "two votes (20.0 percentage points)",
        ),
        ("by how many votes does the leader lead", "votes", "margin", "two votes"),
        ("is it a tight race", "leader", "margin", "ahead of LayerZero"),
        ("does the frontrunner have a majority", "leader", "majority", "exactly half"),
        ("did the winner get more than half", "leader", "majority", "exactly half"),
        ("how many voted for peaq", "votes", "share:peaq", "peaq is at place 3"),
        ("can i vote for layerzero", "candidates", "share:layerzero", "LayerZero is at place 2"),
        ("layerzero or peaq, who is better", "leader", "share:layerzero:peaq", "LayerZero is one vote ahead of peaq."),
        ("who came last", "leader", "place-last", "at place 3: peaq"),
        ("who finished second when we voted", "leader", "place-2", "LayerZero with 30.0%"),
        ("who won the last vote", "leader", "leader", "Starknet leads"),
        ("did more than half of the members vote", "votes", "votes", "10 members have voted"),
    ],
)
def test_what_is_derived_is_said_when_it_is_asked_for(question: str, what: str, topic: str, says: str) -> None:
    answer = asked(question, what, LIVE)
    assert answer.topic == f"poll:4:{topic}"
    assert says in answer.text
    assert told(topic, LIVE).text == answer.text


@pytest.mark.parametrize(
    ("votes", "says"),
    [((7, 2, 1), "more than half of the votes"), ((4, 3, 3), "less than half of the votes")],
)
def test_a_majority_is_told_by_votes_rather_than_by_rounded_shares(votes: tuple[int, ...], says: str) -> None:
    entries = [Entry(label, count) for label, count in zip(LIVE.candidates, votes, strict=True)]
    assert says in told("majority", poll(standings=ranked(entries))).text


def test_a_hair_above_half_is_more_than_half() -> None:
    hair = poll(standings=ranked([Entry("Starknet", 5_001), Entry("peaq", 4_999)]))
    assert "with 50.0%, 5,001 votes: more than half" in told("majority", hair).text


def test_parts_of_voters_are_called_so() -> None:
    text = told("majority", APPROVAL).text
    assert "about half of the voters" in text
    assert "Shares are parts of the voters, who may choose several." in text
    assert "Each member may choose up to two candidates." in text


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"method": "single"}, "Each member may choose one candidate."),
        ({"method": "approval", "max_choices": 1}, "Each member may choose one candidate."),
        ({"method": "approval", "max_choices": 3}, "as many candidates as they like"),
        ({"method": "approval", "max_choices": 0}, "several candidates"),
        ({"method": "ranked", "max_choices": 2}, "rank up to two candidates, best first; an instant runoff finds"),
    ],
)
def test_it_is_said_how_many_one_may_choose(changed: dict[str, object], says: str) -> None:
    assert says in told("closes", poll(**changed)).text


@pytest.mark.parametrize("what", WHATS)
def test_no_votes_of_a_runoff_are_told(what: str) -> None:
    for about in (RANKED, RANKED_CLOSED):
        assert not re.search(r"\d votes?\b|(one|two|three) votes?\b", told(what, about).text)
    assert "first choices" in told(what, RANKED).text
    assert "instant runoff found the winner" in told(what, RANKED_CLOSED).text


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("leader", "peaq and Starknet are tied at the top of “Which airdrop is next?” with 40.0%, 4 votes each."),
        ("place-2", "Nobody holds place 2 in “Which airdrop is next?”: peaq and Starknet share place 1."),
        ("place-last", "at place 3: LayerZero"),
        ("margin", "No difference: peaq and Starknet are tied"),
        ("share:peaq", "peaq is at place 1 in “Which airdrop is next?” with 40.0%, 4 votes, level with Starknet."),
    ],
)
def test_a_tie_is_a_tie(what: str, says: str) -> None:
    assert says in told(what, TIED).text


def test_where_all_are_level_nobody_is_last() -> None:
    assert "Nobody is last in “Which airdrop is next?”: all are level" in told("place-last", LEVEL).text


@pytest.mark.parametrize("what", ["leader", "margin", "majority", "place-2", "place-last"])
def test_without_a_vote_nobody_holds_a_place(what: str) -> None:
    assert "Nobody leads “Which airdrop is next?” yet" in told(what, EMPTY).text
    assert "“Which airdrop is next?” closed without a vote. Nobody voted." in told(what, UNDECIDED).text
    assert "%" not in told(what, EMPTY).text


def test_candidates_without_a_vote_are_named_or_counted() -> None:
    few = poll(standings=ranked([Entry("Starknet", 5), Entry("Movement", 0), Entry("peaq", 0)]))
    assert "No vote for Movement or peaq." in told("leader", few).text
    many = poll(standings=ranked([Entry("Starknet", 5), *(Entry(f"Candidate {number}", 0) for number in range(30))]))
    assert "No vote for 30 candidates." in told("leader", many).text


def test_a_closed_poll_is_told_as_history() -> None:
    assert told("leader", CLOSED).text == (
        "Starknet won “Which airdrop is next?” with 50.0%, 5 votes. Then: 2. LayerZero 30.0%, 3 votes; "
        "3. peaq 20.0%, 2 votes. 10 members voted. Voting closed on 20 November 2026, 18:00 UTC. "
        "Each member could choose one candidate."
    )


@pytest.mark.parametrize("what", WHATS)
def test_a_poll_to_come_says_when_it_opens_and_who_is_on_the_ballot(what: str) -> None:
    text = told(what, SCHEDULED).text
    assert "opens on 23 November 2026, 12:00 UTC, in one day" in text
    assert "Starknet, LayerZero and peaq" in text
    assert "%" not in text


@pytest.mark.parametrize("what", WHATS)
def test_a_cancelled_poll_has_no_result(what: str) -> None:
    text = told(what, CANCELLED).text
    assert "was cancelled: it has no result" in text
    assert "%" not in text


@pytest.mark.parametrize(
    ("left", "says"),
    [
        (timedelta(days=1, hours=1, minutes=40), ", in one day and one hour."),
        (timedelta(hours=2, minutes=5), ", in two hours and five minutes."),
        (timedelta(minutes=20), ", in twenty minutes."),
        (timedelta(seconds=30), "12:00 UTC."),
        (timedelta(minutes=-5), "11:55 UTC; the result is being counted."),
    ],
)
def test_it_is_said_how_long_voting_goes_on(left: timedelta, says: str) -> None:
    assert says in told("closes", poll(closes_at=NOW + left)).text


def test_without_an_end_it_is_said_to_have_none() -> None:
    assert "open until a moderator closes it; no end is set" in told("closes", poll(closes_at=None)).text


# Several polls


OTHER = poll(id=9, title="Best bridge", ballots=3, standings=ranked([Entry("Wormhole", 2), Entry("Across", 1)]))


def test_where_several_are_open_each_is_told() -> None:
    answer = asked("who is ahead", "leader", LIVE, OTHER)
    assert answer.topic == "poll:4:leader"
    assert answer.text.startswith("Starknet leads “Which airdrop is next?”")
    assert "“Best bridge” is open too. Wormhole leads “Best bridge” with 66.7%, 2 votes." in answer.text
    assert [source.title for source in answer.sources] == [
        "The poll “Which airdrop is next?” on this server",
        "The poll “Best bridge” on this server",
    ]
    assert "bridge" not in asked("who is ahead in which airdrop is next", "leader", LIVE, OTHER).text


def test_open_polls_are_listed_with_how_they_stand() -> None:
    text = asked("any polls", "open", LIVE, OTHER, CLOSED).text
    assert text.startswith("Two polls are open here: “Which airdrop is next?” (until 30 November 2026, 18:00 UTC)")
    assert "Starknet leads" in text
    assert "Wormhole leads" in text


def test_of_several_only_those_are_told_that_may_be_seen() -> None:
    hidden = replace(OTHER, standings=(), hidden="Results show when the poll closes.")
    for what in ("leader", "open"):
        text = asked("who is ahead", what, LIVE, hidden).text
        assert "The results of “Best bridge” are hidden for now." in text
        assert "Wormhole leads" not in text


def test_the_poll_that_closed_last_is_the_last_one() -> None:
    newer = replace(CLOSED, id=7, title="Short one", closed_at=datetime(2026, 11, 1, tzinfo=UTC))
    assert asked("who won", "leader", newer, CLOSED).topic == "poll:4:leader"


def test_when_nothing_is_open_what_comes_and_what_was_is_said() -> None:
    coming = replace(SCHEDULED, id=8, title="Next week")
    answer = asked("any poll", "open", coming, CLOSED)
    assert (answer.kind, answer.topic) == (Kind.UNKNOWN, "poll:none")
    assert answer.text.startswith("No poll is open on this server at the moment. Voting in “Next week” opens on 23 Nov")
    assert "1. Starknet 50.0%, 5 votes" in answer.text
    assert answer.suggestions[0].topic == "poll:4:leader"
    assert "was cancelled" in asked("any poll", "open", CANCELLED).text


def test_a_poll_that_is_gone_is_not_taken_for_another() -> None:
    answer = polling.answer("poll:99:leader", "", (LIVE,))
    assert answer is not None
    assert answer.topic == "poll:open"


# Who is named


def test_a_candidate_of_the_moderators_own_words_is_found() -> None:
    own = poll(standings=ranked([Entry("Movement Labs", 2), Entry("None of them", 1)]), candidates=())
    assert "Movement Labs is at place 1" in told("share:movement", own).text
    assert asked("how many for none of them", "votes", own).topic == "poll:4:share:noneofthem"


def test_names_too_long_for_a_topic_are_told_with_all() -> None:
    labels = [f"{'Long name ' * 5}{number}" for number in range(3)]
    long = poll(
        standings=ranked([Entry(label, 1 + place) for place, label in enumerate(labels)]), candidates=tuple(labels)
    )
    answer = asked(" ".join(labels), "leader", long)
    assert answer.topic == "poll:4:leader"
    assert all(label in answer.text for label in labels)


# What is hidden


def numbers_allowed(about: PollFacts) -> set[Decimal]:
    shown = f"{about.ballots} {about.title} {about.opens_at} {about.closes_at} 18:00 12:00 30 23 {about.hidden}"
    return numbers_in(shown)


@pytest.mark.parametrize("what", WHATS)
@pytest.mark.parametrize(
    "question", ["", "who leads by how many votes", "does starknet have a majority", "peaq votes?"]
)
@pytest.mark.parametrize("method", ["single", "approval", "ranked"])
def test_hidden_results_never_tell(what: str, question: str, method: str) -> None:
    hidden = replace(HIDDEN, method=method)
    texts = [
        told(what, hidden, question).text,
        asked(question, what, hidden).text,
        asked(question, "open", hidden).text,
    ]
    for text in texts:
        assert "%" not in text
        assert numbers_in(text) <= numbers_allowed(hidden)
        assert not re.search(r"\b(leads|ahead|behind|last in|place|tied|level|half|won|standing|then:)\b", text, re.I)
        # Names stand in the ballot's order, or as asked.
        assert "peaq, " not in text


class OneHiddenPoll:
    """The service of a server with one poll, whose results its members may not see."""

    def __init__(self, votes: Sequence[int], method: str, results: Visibility) -> None:
        blank = poll_of(LIVE.candidates, method)
        lines = zip(blank.candidates, votes, strict=True)
        counted = tuple(replace(line, project_id=line.label.casefold(), votes=count) for line, count in lines)
        self._poll = replace(blank, candidates=counted, results=results, ballots=10, weight=sum(votes))

    def listing(self, guild_id: int) -> list[Poll]:
        return [self._poll]

    async def get(self, guild_id: int, poll_id: int) -> Poll:
        return self._poll

    async def ranking(self, guild_id: int, poll_id: int, viewer_id: int | None) -> Ranking:
        return ranking_of(self._poll, NOW, visible=False)


@given(
    st.lists(st.integers(0, 40), min_size=3, max_size=3),
    st.sampled_from(["single", "approval", "ranked"]),
    st.sampled_from([Visibility.AFTER_VOTE, Visibility.AFTER_CLOSE]),
    st.sampled_from(WHATS),
    st.sampled_from(["", "who leads by how much", "starknet or peaq", "is layerzero above half"]),
)
def test_what_is_said_of_a_hidden_poll_does_not_depend_on_its_votes(
    votes: list[int], method: str, results: Visibility, what: str, question: str
) -> None:
    told_of = []
    for tally in (votes, [1, 1, 1]):
        service = cast(PollService, OneHiddenPoll(tally, method, results))
        (found,) = asyncio.run(facts.polls_here(service, 1, 2))
        told_of.append((told(what, found, question), asked(question, what, found), asked(question, "open", found)))
    assert told_of[0] == told_of[1]


async def test_two_hidden_polls_with_other_votes_are_told_alike(world: World) -> None:
    texts = []
    for choice in ("Starknet", "peaq"):
        board = await world.open_poll("Quiet", projects="Starknet, peaq", results="after_close")
        await world.vote(world.alice, board, choice)
        found = await facts.polls_here(world.app.polls, world.guild.id, world.mod.id)
        newest = replace(found[0], id=1, opens_at=NOW, as_of=NOW)
        texts.append([told(what, newest, question).text for what in WHATS for question in ("", "peaq", "difference")])
    assert texts[0] == texts[1]


# Every text


def many(count: int, label_chars: int, method: str = "single") -> PollFacts:
    labels = tuple(f"{number} {'x' * label_chars}"[:80] for number in range(count))
    votes = [Entry(label, max(0, 2 * count // 3 - number)) for number, label in enumerate(labels)]
    return poll(
        title="T" * 120, standings=ranked(votes), candidates=labels, ballots=12_345, method=method, max_choices=3
    )


@pytest.mark.parametrize("about", [many(100, 78), many(100, 3, "approval"), many(25, 20, "ranked"), many(2, 78)])
@pytest.mark.parametrize("what", [*WHATS, "share:0:1:2:3:4"])
def test_what_does_not_fit_is_left_out_rather_than_cut(about: PollFacts, what: str) -> None:
    text = told(what, about).text
    assert len(text) <= 900
    assert "…" not in text
    assert text.endswith(".")
    last = [line for line in about.standings if line.votes][-1]
    assert what in ("how", "candidates", "place-last") or last.label in text


@pytest.mark.parametrize(
    "label", ["*_~`|>" * 13, "a.io " * 16, "<@1>[x](y)" * 8, "https://a.com/ " * 5, "@everyone " * 8]
)
@pytest.mark.parametrize("what", WHATS)
def test_a_card_has_room_for_all_of_it_once_it_is_safe(label: str, what: str) -> None:
    labels = tuple(f"{number} {label}"[:80] for number in range(30))
    votes = ranked([Entry(each, 40 - place) for place, each in enumerate(labels)])
    text = told(what, poll(title=(label * 3)[:120], standings=votes, candidates=labels)).text
    assert len(shown(text, ())) <= TEXT_ROOM


@pytest.mark.parametrize("about", POLLS)
@pytest.mark.parametrize("what", WHATS)
def test_each_text_is_plain_and_its_topic_leads_back_to_it(about: PollFacts, what: str) -> None:
    answer = told(what, about)
    assert 0 < len(answer.text) <= 900
    assert len(answer.topic) <= 80
    assert not re.search(r"https?://|\*\*|<t:|\n|`|  |None|\.\.", answer.text)
    assert answer.sources
    again = polling.answer(answer.topic, "", (about,))
    assert again is not None
    assert (again.text, again.topic) == (answer.text, answer.topic)


@pytest.mark.parametrize("what", WHATS)
def test_the_numbers_of_a_poll_are_its_own(what: str) -> None:
    known = (
        {number for line in LIVE.standings for number in _numbers(line)}
        | numbers_allowed(LIVE)
        | {Decimal(20), Decimal(9)}
    )
    assert numbers_in(told(what, LIVE).text) <= known


def _numbers(line: Standing) -> set[Decimal]:
    return numbers_in(f"{line.place} {line.votes} {line.share}")
