"""The bot, which is killed at one step of an announcement: `python -m tests.wire.killed_bot STEP`."""

import os
import re
import signal
import sys
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

import discord.http

from bot.announcements import run_store
from bot.announcements.delivery import DiscordDelivery
from bot.announcements.posting import Posting
from bot.cli import main

Work = Callable[..., Coroutine[Any, Any, Any]]


def always(*_: Any) -> bool:
    return True


def answers_a_post(response: Any) -> bool:
    """Say whether this is Discord's answer to a message, an edit of one, or a thread in a forum."""
    where = re.search(r"/channels/\d+/(messages|threads)", response.url.path)
    return where is not None and response.method in ("POST", "PATCH")


@dataclass(frozen=True)
class Step:
    """A piece of work of the product, and whether the end comes before it or after it."""

    of: Any
    name: str
    done: bool
    meant: Callable[..., bool] = always


# In the order in which a run goes through them. What is done inside a transaction is not committed yet.
STEPS: Mapping[str, Step] = {
    "due": Step(run_store, "claim", done=False),
    "recording": Step(run_store, "claim", done=True),
    "recorded": Step(run_store, "begin", done=False),
    "beginning": Step(run_store, "begin", done=True),
    "begun": Step(DiscordDelivery, "send", done=False),
    "taken": Step(discord.http, "json_or_text", done=False, meant=answers_a_post),
    "answered": Step(DiscordDelivery, "send", done=True),
    "closing": Step(run_store, "finish", done=True),
    "closed": Step(Posting, "_tell", done=False),
    # Only what is in trouble comes here.
    "telling": Step(DiscordDelivery, "tell", done=False),
    "told": Step(DiscordDelivery, "tell", done=True),
}


def killed_at(step: Step) -> None:
    """Put the end of the process before or after a piece of work."""
    work: Work = getattr(step.of, step.name)

    async def last(*given: Any, **named: Any) -> Any:
        if step.meant(*given):
            if step.done:
                await work(*given, **named)
            os.kill(os.getpid(), signal.SIGKILL)
        return await work(*given, **named)

    setattr(step.of, step.name, last)


if __name__ == "__main__":
    killed_at(STEPS[sys.argv[1]])
    sys.argv[1:] = ["bot"]
    main()
