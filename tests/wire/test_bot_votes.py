"""Votes over the wire: recorded once, shown at last, whatever becomes of the answers and of the board."""

import asyncio
from collections import Counter
from collections.abc import Iterator

import pytest

from .bed import SURVEY, Board, Club, bot_for_a_module, line_of, no_violations, text_of, until
from .bot_process import BotProcess
from .discord_loopback import Discord, LoopbackProcess
from .one_bot import loopback

__all__ = ["loopback", "no_violations"]

ALREADY_ANSWERED = 40060
TESTS = 13


@pytest.fixture(scope="module")
def boards(loopback: LoopbackProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Board]]:
    """Post a board for every test beforehand: one that was just posted is not edited for five seconds."""

    async def post(process: BotProcess) -> list[Board]:
        async with Discord(loopback) as discord:
            return [await (await Club.found(discord, process)).open_poll() for _ in range(TESTS)]

    with bot_for_a_module(loopback, tmp_path_factory.mktemp("bot")) as process:
        yield asyncio.run(post(process))


@pytest.fixture
def board(boards: list[Board], discord_side: Discord) -> Board:
    board = boards.pop()
    board.club.discord = discord_side
    return board


@pytest.fixture
def club(board: Board) -> Club:
    return board.club


async def test_a_vote_is_acknowledged_at_once_and_the_board_ends_with_the_newest_state(
    club: Club, board: Board
) -> None:
    answers = [await board.vote("ada", 1), await board.vote("bob", 1), await board.vote("ada", 4)]
    assert all(answer["ms"] < 1000 for answer in answers)
    assert "✅ **peaq**" in text_of(answers[2]["message"])
    assert "replaces Starknet" in text_of(answers[2]["message"])
    assert Counter(board.stored().values()) == {1: 1, 4: 1}
    seen = await board.shows("2 ballots", " 50.0% 1` **peaq**", " 50.0% 1` **Starknet**")
    assert "0.0% 0` **Movement**" in seen
    ada = club.members["ada"]
    ballot = await board.ballot("ada")
    asked = await club.discord.press(ada, ballot, f"poll:v1:withdraw:{board.poll}")
    taken = await club.discord.press(ada, asked["message"], f"poll:v1:withdrawn:{board.poll}")
    assert "withdrawn" in text_of(taken["message"])
    assert list(board.stored().values()) == [1]


async def test_edits_of_a_board_are_five_seconds_apart(club: Club, board: Board) -> None:
    for choice in (0, 1, 2, 3, 4, 5):
        await board.vote("ada", choice)
        await asyncio.sleep(0.1)
    await board.shows("1 ballot · ", "100.0% 1` **Movement**")
    edits = await club.discord.requests(method="PATCH", path=rf"/messages/{board.message['id']}$")
    assert len(edits) == 2
    assert edits[1]["at"] - edits[0]["at"] > 4.5


async def test_a_board_that_discord_holds_back_ends_with_the_newest_state(club: Club, board: Board) -> None:
    for trouble in ({"status": 429, "retry_after": 0.2}, {"status": 500}):
        await club.discord.fault(method="PATCH", path=f"/messages/{board.message['id']}", **trouble)
    await board.vote("ada", 2)
    await board.vote("bob", 2)
    await board.shows("2 ballots", "100.0% 2` **LayerZero**", seconds=20)
    hits = [each["hits"] for each in await club.discord.ask("GET", "faults")]
    await club.discord.ask("DELETE", "faults")
    assert hits == [1, 1]


@pytest.mark.parametrize(
    "trouble",
    [
        {"status": 429, "retry_after": 0.3},
        {"status": 500},
        {"status": 500, "after": True},
        {"status": 503},
        {"drop": True},
        {"drop": True, "after": True},
    ],
    ids=lambda trouble: " ".join(f"{name} {value}" for name, value in trouble.items()),
)
async def test_a_vote_whose_answer_goes_astray_is_recorded_once(
    club: Club, board: Board, trouble: dict[str, object]
) -> None:
    ballot = await board.ballot("ada")
    undelivered = club.process.log.count("answer not delivered")
    await club.discord.fault(method="POST", path="/callback$", **trouble)
    wish = {"user": club.members["ada"], "message": ballot["id"], "custom_id": board.pick_id, "values": ["3"]}
    await club.discord.interact("select", **wish, wait=2, until="ack")
    await club.discord.ask("DELETE", "faults")
    assert board.stored() == {int(club.members["ada"]): 3}
    again = await board.vote("ada", 3)
    assert "Already recorded" in text_of(again["message"])
    assert board.stored() == {int(club.members["ada"]): 3}
    # An answer sent a second time finds that the first one came through; that is Discord's word, not a mistake.
    if trouble.get("after"):
        await until(lambda: club.process.log.count("answer not delivered") > undelivered, what="the second answer")
        assert {each["code"] for each in await club.discord.violations()} == {ALREADY_ANSWERED}
        await club.discord.ask("DELETE", "violations")


async def test_exactly_the_recorded_replies_count_when_the_poll_closes_among_200_clicks(
    club: Club, board: Board
) -> None:
    asked = await club.do("poll close")
    ballot = await board.ballot("ada")
    load = await board.storm(members=100, in_flight=200, total=2000, background=True)
    await club.answered(load["id"], 300)
    closed = await club.discord.press(club.owner, asked["message"], f"poll:v1:close:{board.poll}")
    figures = await club.discord.load_figures(load["id"], wait=30)
    assert figures["done"]
    assert figures["unacknowledged"] == []
    assert figures["ms"]["max"] < 3000
    recorded = [each for each in figures["acknowledged"] if "✅" in each["text"]]
    refused = [each for each in figures["acknowledged"] if "closed <t:" in each["text"]]
    late = [each for each in figures["acknowledged"] if each["type"] == 6]  # what became of these is told by an edit
    assert len(recorded) + len(refused) + len(late) == 2000
    assert recorded
    assert refused
    stored = board.stored()
    if not late:
        last = {int(each["user_id"]): each for each in sorted(recorded, key=lambda each: int(each["interaction"]))}
        assert stored == {voter: each["template"] for voter, each in last.items()}
    assert all(f"**{SURVEY[each['template']]}**" in each["text"] for each in recorded)
    assert "Closed" in text_of(closed["message"])
    await board.shows(f"{len(stored)} ballots", "final result")
    refusal = await club.discord.pick(club.members["ada"], ballot, board.pick_id, "0")
    assert "closed <t:" in line_of(refusal["message"])
    assert "nothing was changed" in line_of(refusal["message"])
    assert board.stored() == stored


async def test_a_deleted_board_is_gone_and_the_vote_goes_on(club: Club, board: Board) -> None:
    ballot = await board.ballot("ada")
    await club.discord.ask("DELETE", f"messages/{board.message['id']}")
    answer = await club.discord.pick(club.members["ada"], ballot, board.pick_id, "5")
    assert "✅ **Movement**" in text_of(answer["message"])
    gone = f"board is gone, the poll lives on [bot.polls.board] poll={board.poll}"
    await until(lambda: gone in club.process.log)
    typed = await club.do("vote cast", member="bob")
    await club.discord.pick(club.members["bob"], typed["message"], board.pick_id, "5")
    assert set(board.stored().values()) == {5}
    await club.do("poll repost")
    board.message = (await club.discord.messages(club.general))[-1]
    assert "100.0% 2` **Movement**" in text_of(board.message)


async def test_the_turnout_of_role_holders_shows_once_discord_may_be_asked(club: Club) -> None:
    holders = club.roles["Mods"]
    await club.do("poll open", title="Before", role=holders)
    before = text_of((await club.discord.messages(club.general))[-1])
    assert "0 ballots" in before
    assert "holder" not in before
    other = await Club.found(club.discord, club.process)
    rights = ["view_channel", "send_messages", "attach_files", "use_application_commands", "manage_roles"]
    await other.discord.ask("PATCH", f"guilds/{other.id}/roles/{other.id}", {"permissions": rights})
    await other.do("poll open", title="After", role=other.roles["Mods"])
    assert "0 ballots · 0% of 1 role holder" in text_of((await other.discord.messages(other.general))[-1])


async def test_a_poll_outlives_its_channel(club: Club, board: Board) -> None:
    await club.discord.ask("DELETE", f"channels/{club.general}")
    typed = await club.discord.slash(club.members["ada"], club.news, "vote cast")
    answer = await club.discord.pick(club.members["ada"], typed["message"], board.pick_id, "1")
    assert "✅ **Starknet**" in text_of(answer["message"])
    gone = f"board is gone, the poll lives on [bot.polls.board] poll={board.poll}"
    await until(lambda: gone in club.process.log)
    await club.discord.slash(club.owner, club.news, "poll repost")
    board.message = (await club.discord.messages(club.news))[-1]
    assert "1 ballot · " in text_of(board.message)
    asked = await club.discord.slash(club.owner, club.news, "poll close")
    closed = await club.discord.press(club.owner, asked["message"], f"poll:v1:close:{board.poll}")
    assert "Voting ended" in text_of(closed["message"])
