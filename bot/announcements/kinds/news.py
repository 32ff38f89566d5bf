"""What counts as news for posts that are lists: a line that the last post did not have."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.announcements.kinds import Asked


def memory_of(lines: Iterable[str], asked: Asked) -> Mapping[str, Any]:
    """Return what the next post compares itself with.

    Lines that only fell away are no news, except on a board, which would go on showing them.
    """
    told = sorted(set(lines))
    if not asked.schedule.board and set(told) <= set(asked.earlier.get("told", ())):
        return asked.earlier
    return {"told": told}
