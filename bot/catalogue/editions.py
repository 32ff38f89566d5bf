"""Each server's edition of the catalogue: what ships, with that server's own changes on top."""

from bot.catalogue.service import Catalogue


class Editions:
    """The catalogue as each server sees it; one that changed nothing sees what ships."""

    def __init__(self, shipped: Catalogue) -> None:
        self.shipped = shipped

    def of(self, guild_id: int | None) -> Catalogue:  # noqa: ARG002
        """Return a server's edition; without a server, what ships."""
        return self.shipped
