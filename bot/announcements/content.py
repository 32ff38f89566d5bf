"""What a post says, as far as bringing it to its channel needs to know."""

from collections.abc import Mapping
from typing import Any, Protocol

from bot.rankings.model import Ranking


class Content(Protocol):
    """What one post says: a frozen value."""

    @property
    def memory(self) -> Mapping[str, Any]:
        """What the next post compares itself with, as JSON. It differs from the last one's when there is news."""
        ...

    @property
    def title(self) -> str:
        """The name of the thread when this is posted in a forum; plain text."""
        ...

    @property
    def ranking(self) -> Ranking | None:
        """The ranking that a picture is drawn of, if any."""
        ...
