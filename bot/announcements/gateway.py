"""The way to Discord, as the rest of this room sees it."""

from typing import Any, Protocol

from bot.announcements.model import Post, Run, Schedule, Sent
from bot.announcements.trouble import Undeliverable
from bot.errors import MoonballotError


class CannotLook(MoonballotError):
    """The channel's messages may not be read; `knows_nonce` says that Discord itself would notice a second one."""

    def __init__(self, *, knows_nonce: bool) -> None:
        self.knows_nonce = knows_nonce
        super().__init__("the channel's messages may not be read")


class Delivery(Protocol):
    """The way to Discord. `delivery.py` goes it; tests have their own."""

    def has_guild(self, guild_id: int) -> bool:
        """Say whether this process looks after that server."""
        ...

    async def send(self, post: Post) -> Sent:
        """Send a post, or bring the board up to date with it; raise `Undeliverable` when that cannot be."""
        ...

    async def find(self, schedule: Schedule, run: Run) -> Sent | None:
        """Look whether a run's message stands in its channel; raise `CannotLook` or `Undeliverable`."""
        ...

    async def publish(self, guild_id: int, channel_id: int, message_id: int) -> None:
        """Publish a message to the channels that follow its own; raise `Undeliverable` when that cannot be."""
        ...

    def obstacle(self, schedule: Schedule) -> Undeliverable | None:
        """Return what is in a schedule's way as far as is known without asking Discord."""
        ...

    async def is_gone(self, schedule: Schedule) -> bool:
        """Ask Discord whether a schedule's channel is gone; what cannot be found out is not gone."""
        ...

    async def tell(
        self, guild_id: int, channel_id: int, text: str, *, good: bool = False, nonce: str | None = None
    ) -> bool:
        """Tell moderators something in a channel, with the same nonce only once; say whether they were told."""
        ...

    async def tell_member(self, user_id: int, text: str, *, good: bool = False, nonce: str | None = None) -> bool:
        """Tell one moderator something in a direct message; say whether they were told."""
        ...


class NotConnected:
    """Stand in until there is a client: no server is looked after, so nothing is due."""

    def has_guild(self, guild_id: int) -> bool:  # noqa: ARG002 - the protocol's
        """Say no."""
        return False

    async def send(self, post: Post) -> Sent:  # noqa: ARG002 - the protocol's
        """Refuse."""
        raise Undeliverable("The bot is not connected to Discord yet. Try again in a minute.")

    async def find(self, schedule: Schedule, run: Run) -> Sent | None:  # noqa: ARG002 - the protocol's
        """Refuse."""
        raise Undeliverable("The bot is not connected to Discord yet.", in_doubt=True)

    async def publish(self, guild_id: int, channel_id: int, message_id: int) -> None:  # noqa: ARG002 - the protocol's
        """Refuse."""
        raise Undeliverable("The bot is not connected to Discord yet.")

    def obstacle(self, schedule: Schedule) -> Undeliverable | None:  # noqa: ARG002 - the protocol's
        """Know of none."""
        return None

    async def is_gone(self, schedule: Schedule) -> bool:  # noqa: ARG002 - the protocol's
        """Know of nothing."""
        return False

    async def tell(self, *_: Any, **__: Any) -> bool:
        """Tell nobody."""
        return False

    async def tell_member(self, *_: Any, **__: Any) -> bool:
        """Tell nobody."""
        return False
