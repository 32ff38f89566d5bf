"""Each server's edition of the catalogue: what ships, with that server's own changes on top."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.catalogue.changes import Edition
from bot.catalogue.service import Catalogue
from bot.catalogue.timing import as_of_now, next_turn
from bot.clock import Clock, SystemClock


@dataclass(frozen=True, slots=True)
class _Shown:
    """A catalogue as the clock has it, until it has to be looked at anew."""

    catalogue: Catalogue
    until: datetime | None


class Editions:
    """The catalogue as each server sees it; one that changed nothing sees what ships.

    A catalogue is never changed: as long as nothing is different, a server is given the very same one.
    """

    def __init__(self, shipped: Catalogue, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._content = shipped.content
        self._unchanged = Edition({project.id: project for project in shipped.content.projects}, {})
        self._editions: dict[int, Edition] = {}
        self._shown: dict[int | None, _Shown] = {}

    @property
    def shipped(self) -> Catalogue:
        """Return the catalogue without any server's changes."""
        return self.of(None)

    def of(self, guild_id: int | None) -> Catalogue:
        """Return a server's edition as of now; without a server, what ships."""
        key = guild_id if guild_id in self._editions else None
        shown, now = self._shown.get(key), self._clock.now()
        if shown is None or (shown.until is not None and shown.until <= now):
            shown = self._shown[key] = self._made(self.stored(key), now)
        return shown.catalogue

    def stored(self, guild_id: int | None) -> Edition:
        """Return a server's edition as it was written down, whatever the clock says of it."""
        return self._unchanged if guild_id is None else self._editions.get(guild_id, self._unchanged)

    def put(self, guild_id: int, edition: Edition) -> None:
        """Let a server see another edition from now on."""
        self._editions[guild_id] = edition
        self._shown.pop(guild_id, None)

    def _made(self, edition: Edition, now: datetime) -> _Shown:
        projects = tuple(as_of_now(project, now) for project in edition.projects.values())
        catalogue = Catalogue(replace(self._content, projects=projects), edition.retired)
        return _Shown(catalogue, next_turn(edition.projects.values(), now))
