"""The process that the tests start is started, killed and started again as they say."""

from pathlib import Path

import pytest

from .bare_bot import BUTTON_ID
from .bot_process import BotProcess
from .discord_loopback import Discord


async def test_a_killed_bot_comes_back_and_its_old_buttons_work(discord_side: Discord, tmp_path: Path) -> None:
    club = await discord_side.guild(members=[{"name": "ada"}])
    ada, general = club["members"]["ada"], club["channels"]["general"]
    process = BotProcess(discord_side, tmp_path, ("-m", "tests.wire.bare_bot"))
    try:
        assert await process.start() < 20
        board = (await discord_side.slash(ada, general, "board"))["message"]
        await process.kill()
        assert (process.running, process.exit_code) == (False, -9)
        await discord_side.until(lambda now: now["connections"] == 0, what="the end of the connection")
        await process.start()
        assert (await discord_side.press(ada, board, BUTTON_ID))["message"]["content"] == "pressed"
        assert await process.terminate() == -15
    finally:
        process.clean_up()


async def test_a_bot_that_ends_by_itself_fails_the_test_with_its_log(discord_side: Discord, tmp_path: Path) -> None:
    process = BotProcess(discord_side, tmp_path, ("-c", "print('no such setting'); raise SystemExit(2)"))
    with pytest.raises(AssertionError, match=r"ended with 2:\nno such setting"):
        await process.start()


async def test_an_unanswered_load_is_counted_over_a_kill(discord_side: Discord, tmp_path: Path) -> None:
    club = await discord_side.guild(members=[{"name": "ada"}])
    process = BotProcess(discord_side, tmp_path, ("-m", "tests.wire.bare_bot"))
    try:
        await process.start()
        answer = await discord_side.slash(club["members"]["ada"], club["channels"]["general"], "board")
        run = await discord_side.load(
            kind="button",
            message=answer["message"]["id"],
            custom_id=BUTTON_ID,
            members=200,
            in_flight=50,
            total=20_000,
            detail=True,
            background=True,
        )
        await discord_side.ask("GET", f"load/{run['id']}", wait=0.5)
        await process.kill()
        await discord_side.ask("DELETE", f"load/{run['id']}")
        figures = await discord_side.load_figures(run["id"], wait=6)
    finally:
        process.clean_up()
    assert figures["done"]
    assert 0 < len(figures["unacknowledged"]) <= 50
    assert len(figures["acknowledged"]) + len(figures["unacknowledged"]) == figures["fired"]
