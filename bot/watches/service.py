"""What members do with watches, and what happens when there is something to tell."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.catalogue.editions import Editions
from bot.catalogue.model import Project
from bot.catalogue.timing import closes_at
from bot.clock import Clock
from bot.errors import Refused, StoreUnavailable
from bot.guilds.service import GuildService
from bot.store.engine import Store, Tx
from bot.ui.text import escape
from bot.watches import store as sql
from bot.watches.model import NewNotice, Notice, Watch, due_reminder, fingerprint, news, reminders_left, seen_of
from bot.watches.sending import Delivery, Sending

# As many as one list shows.
MAX_WATCHES = 25
# Notices that were sent are forgotten after this time.
KEPT_FOR = timedelta(days=30)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Watched:
    """A project that a member watches, as their server has it, and when its claims close."""

    project: Project
    closes_at: datetime | None
    # How many days before the close there will be reminders; those that have passed are left out.
    reminders: tuple[int, ...]
    fallback_channel_id: int | None = None


@dataclass(frozen=True, slots=True)
class Missed:
    """A notice that could not be sent, with its project."""

    notice: Notice
    project: Project


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A server where a member watches a project, and what it says there that is not what ships."""

    guild_id: int
    project: Project
    changed: tuple[str, ...]
    retired: bool


@dataclass(frozen=True, slots=True)
class _Standing:
    """What there is to know of a watched project at this moment."""

    seen: Mapping[str, str]
    fingerprint: str
    closes_at: datetime | None
    reminder: datetime | None


class WatchService:
    """The use cases of watches. `delivery` is set once there is a client."""

    def __init__(self, store: Store, clock: Clock, editions: Editions, guilds: GuildService) -> None:
        self._store = store
        self._clock = clock
        self._editions = editions
        self._guilds = guilds
        self.sending = Sending(store, clock, editions, guilds)
        self._one_at_a_time = asyncio.Lock()
        # Who watches what, so that suggestions need no database.
        self._mine: dict[tuple[int, int], set[str]] = defaultdict(set)

    @property
    def delivery(self) -> Delivery:
        """The way to Discord."""
        return self.sending.delivery

    @delivery.setter
    def delivery(self, delivery: Delivery) -> None:
        self.sending.delivery = delivery

    async def load(self) -> None:
        """Read what autocomplete answers from."""
        self._mine.clear()
        async with self._store.read() as tx:
            for guild_id, member_id, project_id in await sql.names(tx):
                self._mine[guild_id, member_id].add(project_id)

    # Watching

    async def add(self, guild_id: int, member_id: int, name: str) -> Watched:
        """Watch a project; raise `Refused` when that is done already, or for one too many."""
        project = self._editions.of(guild_id).get(name)
        edition, now = self._editions.stored(guild_id), self._clock.now()
        seen = seen_of(edition.projects[project.id], retired=project.id in edition.retired)
        async with self._store.begin() as tx:
            await sql.lock_member(tx, member_id)
            if not await sql.insert(tx, guild_id, member_id, project.id, seen, fingerprint(seen), now):
                raise Refused(f"You watch {escape(project.name)} already.", "See `/watch list`.")
            if await sql.count(tx, guild_id, member_id) > MAX_WATCHES:
                raise Refused(
                    f"You watch {MAX_WATCHES} projects here, which is as many as I keep.",
                    "Take one away with `/watch remove`.",
                )
        self._mine[guild_id, member_id].add(project.id)
        return self._watched(guild_id, project)

    async def remove(self, guild_id: int, member_id: int, name: str) -> Project:
        """Watch a project no longer; raise `Refused` when the member did not."""
        project = self._editions.of(guild_id).get(name)
        async with self._store.begin() as tx:
            removed = await sql.remove(tx, guild_id, member_id, project.id)
        self._mine[guild_id, member_id].discard(project.id)
        if not removed:
            raise Refused(f"You do not watch {escape(project.name)}.", "See `/watch list`.")
        return project

    async def listing(self, guild_id: int, member_id: int) -> tuple[list[Watched], list[Missed]]:
        """Return what a member watches on a server, and what they missed; that counts as read from now on."""
        async with self._store.begin() as tx:
            mine = await sql.of_member(tx, member_id, guild_id)
            missed = await sql.waiting(tx, guild_id, member_id)
            if missed:
                await sql.mark_read(tx, [notice.id for notice in missed], self._clock.now())
        catalogue = self._editions.of(guild_id)
        found = [self._watched(guild_id, project) for each in mine if (project := catalogue.by_id(each.project_id))]
        return found, [
            Missed(notice, project) for notice in missed if (project := catalogue.by_id(notice.new.project_id))
        ]

    def suggest(self, guild_id: int, member_id: int, typed: str) -> list[Project]:
        """Return the projects that a member watches and may mean."""
        catalogue, needle = self._editions.of(guild_id), typed.casefold().strip()
        mine = (catalogue.by_id(project_id) for project_id in self._mine.get((guild_id, member_id), ()))
        found = [project for project in mine if project and needle in f"{project.name} {project.symbol}".casefold()]
        return sorted(found, key=lambda project: project.name.casefold())

    def _watched(self, guild_id: int, project: Project) -> Watched:
        end = None if project.airdrop.state in ("closed", "missed") else closes_at(project)
        reminders = reminders_left(end, self._clock.now())
        return Watched(project, end, reminders, self._guilds.get(guild_id).notices_channel_id)

    async def elsewhere(self, member_id: int, topic: str) -> list[Elsewhere]:
        """Return where a member watches the project of an answer's topic, and it is not what ships.

        A topic is `fact:project:key`. Of a single fact, only where that one differs; nothing while the store does not
        answer.
        """
        head, _, rest = topic.partition(":")
        project_id, _, key = rest.partition(":")
        shipped = self._editions.stored(None).projects.get(project_id) if head == "fact" else None
        if shipped is None:
            return []
        try:
            async with self._store.read() as tx:
                mine = await sql.of_member(tx, member_id)
        except StoreUnavailable as error:
            log.warning("answered without watches", reason=error.reason)
            return []
        found = (self._otherwise(each.guild_id, shipped, key) for each in mine if each.project_id == project_id)
        return [each for each in found if each is not None]

    def _otherwise(self, guild_id: int, shipped: Project, key: str) -> Elsewhere | None:
        edition = self._editions.stored(guild_id)
        project, retired = edition.projects[shipped.id], shipped.id in edition.retired
        changed = news(seen_of(shipped, retired=False), seen_of(project, retired=retired))
        if key in {*shipped.facts, *project.facts}:
            changed = tuple(each for each in changed if each == key)
        shown = self._editions.of(guild_id).by_id(shipped.id)
        return Elsewhere(guild_id, shown or project, changed, retired) if changed else None

    # A member's own data

    async def my_data(self, member_id: int) -> dict[str, list[dict[str, Any]]]:
        """Gather what is tied to a member, for a file of theirs."""
        async with self._store.read() as tx:
            mine, notices = await sql.of_member(tx, member_id), await sql.notices_of(tx, member_id)
        return {"watches": [_own_watch(watch) for watch in mine], "notices": [_own_notice(each) for each in notices]}

    async def forget(self, member_id: int) -> int:
        """Delete all watches of a member and what they were told; return how many watches there were."""
        async with self._store.begin() as tx:
            removed = await sql.remove_all(tx, member_id)
        self._forget_here({member_id})
        return removed

    def _forget_here(self, member_ids: set[int]) -> None:
        for key in [key for key in self._mine if key[1] in member_ids]:
            del self._mine[key]

    # Telling

    async def due(self) -> None:
        """Tell what there is to tell; safe at any time, from many tasks, after downtime too."""
        async with self._one_at_a_time:
            try:
                await self._record()
                if await self.sending.send_all():
                    await self.load()
            except StoreUnavailable as error:
                log.warning("notices put off", reason=error.reason)

    def stop(self) -> None:
        """Send no more after the notice that is on its way; the rest is recorded, and sent at the next start."""
        self.sending.stopping = True

    async def _record(self) -> None:
        """Record, in one transaction a project, the notices of all who have not been told everything."""
        now = self._clock.now()
        async with self._store.read() as tx:
            watched = await sql.watched(tx)
        for guild_id, project_id in watched:
            standing = self._standing(guild_id, project_id, now) if self.delivery.has_guild(guild_id) else None
            if standing is None:
                continue
            async with self._store.read() as tx:
                behind = await sql.behind(tx, guild_id, project_id, standing.fingerprint, standing.reminder)
            if behind:
                async with self._store.begin() as tx:
                    await self._record_for(tx, behind, standing, now)
        async with self._store.begin() as tx:
            await sql.purge(tx, now - KEPT_FOR)

    async def _record_for(self, tx: Tx, behind: list[Watch], standing: _Standing, now: datetime) -> None:
        for watch in behind:
            notice = _notice(watch, standing, now)
            await sql.tell(tx, watch, standing.seen, standing.fingerprint, notice, now)

    def _standing(self, guild_id: int, project_id: str, now: datetime) -> _Standing | None:
        edition = self._editions.stored(guild_id)
        project = edition.projects.get(project_id)
        if project is None:
            return None
        retired = project_id in edition.retired
        seen = seen_of(project, retired=retired)
        end = None if retired or project.airdrop.state == "closed" else closes_at(project)
        return _Standing(seen, fingerprint(seen), end, due_reminder(end, now))


def _notice(watch: Watch, standing: _Standing, now: datetime) -> NewNotice | None:
    """Return the one notice that tells a member all; None when what changed was changed back."""
    changed = news(watch.seen, standing.seen)
    reminder = standing.reminder if standing.reminder and standing.reminder > watch.reminded_until else None
    if not changed and reminder is None:
        return None
    near = standing.closes_at if standing.reminder else None
    return NewNotice(watch.guild_id, watch.member_id, watch.project_id, changed, near, reminder or now)


def _own_watch(watch: Watch) -> dict[str, Any]:
    return {
        "server": str(watch.guild_id),
        "project": watch.project_id,
        "since": watch.created_at.isoformat(),
        "told_until": watch.reminded_until.isoformat(),
    }


def _own_notice(notice: Notice) -> dict[str, Any]:
    new = notice.new
    return {
        "server": str(new.guild_id),
        "project": new.project_id,
        "about": [*new.changed, *(["claims close"] if new.closes_at else [])],
        "recorded_at": notice.recorded_at.isoformat(),
        "state": str(notice.state),
    }
