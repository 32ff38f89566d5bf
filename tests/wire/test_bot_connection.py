"""Broken connections come back by themselves, and always to the gateway that the REST root names."""

import pytest

from .bed import Club, Payload, no_violations, text_of
from .one_bot import bot_process, club, loopback

__all__ = ["bot_process", "club", "loopback", "no_violations"]

# discord.py waits up to some seconds before it connects anew.
BACK_WITHIN_S = 20


async def _clicked_while_away(club: Club, action: str, **more: object) -> tuple[Payload, Payload]:
    """Break the connection and press **Vote** in the gap; give the counters before, and the interaction."""
    board = await club.open_poll()
    before = await club.discord.status()
    await club.discord.upset(action, **more)
    wish = {"user": club.members["ada"], "message": board.message["id"], "custom_id": f"poll:v1:vote:{board.poll}"}
    return before, await club.discord.interact("button", **wish, wait=0)


async def _is_well(club: Club) -> None:
    """Hold that the bot answers as ever."""
    answer = await club.do("help", member="ada")
    assert answer["ms"] < 1000
    assert "What I can do" in text_of(answer["message"])


@pytest.mark.parametrize(
    ("action", "more"), [("drop", {}), ("drop", {"code": 1001}), ("drop", {"code": 4000}), ("reconnect", {})]
)
async def test_a_lost_connection_is_resumed_and_nothing_sent_meanwhile_is_lost(
    club: Club, action: str, more: Payload
) -> None:
    before, asked = await _clicked_while_away(club, action, **more)
    after = await club.discord.until(
        lambda now: now["resumes"] > before["resumes"], seconds=BACK_WITHIN_S, what="a resume"
    )
    assert after["identifies"] == before["identifies"]
    answer = await club.discord.answer(asked, wait=3)
    assert "Your ballot" in text_of(answer["message"])
    await _is_well(club)


async def test_a_refused_resume_ends_in_a_new_session_here(club: Club) -> None:
    before = await club.discord.status()
    await club.discord.settings(refuse_resume=True)
    await club.discord.upset("drop")
    await club.discord.until(
        lambda now: now["identifies"] > before["identifies"] and now["connections"],
        seconds=BACK_WITHIN_S,
        what="a new session",
    )
    await club.discord.settings(refuse_resume=False)
    await _is_well(club)


@pytest.mark.parametrize("resumable", [True, False])
async def test_an_invalid_session_is_renewed_here(club: Club, resumable: bool) -> None:
    before = await club.discord.status()
    await club.discord.upset("invalidate", resumable=resumable)
    counter = "resumes" if resumable else "identifies"
    await club.discord.until(
        lambda now: now[counter] > before[counter] and now["connections"],
        seconds=BACK_WITHIN_S,
        what=f"one more of {counter}",
    )
    await _is_well(club)


async def test_a_vote_is_taken_after_all_that(club: Club) -> None:
    board = await club.open_poll()
    await club.discord.upset("drop", code=4009)
    answer = await club.discord.interact(
        "button",
        user=club.members["ada"],
        message=board.message["id"],
        custom_id=f"poll:v1:vote:{board.poll}",
        wait=BACK_WITHIN_S,
    )
    await club.discord.until(lambda now: now["connections"] == 1, seconds=BACK_WITHIN_S, what="one connection")
    ballot = answer["message"] or await board.ballot("ada")
    picked = await club.discord.pick(club.members["ada"], ballot, board.pick_id, "4")
    assert "✅ **peaq**" in text_of(picked["message"])
    assert board.stored() == {int(club.members["ada"]): 4}
    assert club.process.running
