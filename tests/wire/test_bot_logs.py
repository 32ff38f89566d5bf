"""The log is for the operator: readable by machines, and silent about who voted what."""

import json
from pathlib import Path

from .bed import SURVEY, Club, no_violations, text_of
from .bot_process import TOKEN, BotProcess
from .discord_loopback import Discord

__all__ = ["no_violations"]


async def test_json_logs_are_one_object_a_line_without_token_or_votes(discord_side: Discord, tmp_path: Path) -> None:
    process = BotProcess(discord_side, tmp_path, MOONBALLOT_LOG_FORMAT="json")
    try:
        club = await Club.found(discord_side, process)
        await club.start()
        board = await club.open_poll(min_account_age_days=500)
        await board.vote("ada", 1)
        await board.vote("bob", 4)
        # What goes wrong on the way is told with a traceback, and says no more than what goes well.
        await discord_side.fault(method="POST", path="/callback$", drop=True)
        wish = {"user": club.members["cyd"], "message": board.message["id"], "custom_id": f"poll:v1:vote:{board.poll}"}
        await discord_side.interact("button", **wish, wait=2)
        await board.vote("cyd", 2)
        assert "500 days" in text_of(await board.ballot("mod"))
        await club.do("poll open", member="ada", title="Mine")
        await discord_side.ask("DELETE", f"messages/{board.message['id']}")
        await board.club.do("announce add", kind="rankings", channel=club.news, every="minute")
        await club.do("announce run", schedule="1")
        await discord_side.upset("drop")
        await discord_side.until(lambda now: now["resumes"] == 1, seconds=20, what="a resume")
        assert await process.terminate() == 0
        lines = [json.loads(line) for line in process.log.splitlines()]
    finally:
        process.clean_up()
    assert {type(line) for line in lines} == {dict}
    assert all({"event", "level", "logger", "timestamp"} <= line.keys() for line in lines)
    assert {"ready", "refused", "run closed", "stopped"} <= {line["event"] for line in lines}
    assert TOKEN not in process.log
    for name in ("ada", "bob", "cyd"):
        assert club.members[name] not in process.log
    told = [line for line in lines if any(project in json.dumps(line) for project in SURVEY)]
    assert told == []
