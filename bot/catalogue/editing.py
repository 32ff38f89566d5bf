"""What moderators do to their server's edition: propose, confirm, undo; all of it or nothing."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import structlog

from bot.audit.model import NewEntry
from bot.audit.store import append_in
from bot.catalogue import drafts, exchange
from bot.catalogue import store as sql
from bot.catalogue.changes import Change, Edition, NewChange, fold
from bot.catalogue.editions import Editions
from bot.catalogue.model import Project
from bot.catalogue.proposal import (
    Changed,
    Proposal,
    Saved,
    Shown,
    former_domains,
    inverse,
    official_domains,
    outdated,
    rebased,
)
from bot.catalogue.typed import Typed
from bot.clock import Clock
from bot.errors import NotFound, Refused
from bot.store.engine import Store, Tx
from bot.ui.text import escape

# A proposal that nobody confirms in this time is let go.
PROPOSALS_LIVE = timedelta(days=1)
MAX_PROJECTS = 1_000
ENTRIES_IN_LOG = 20

Choose = Callable[[Tx, Edition], Awaitable[Sequence[NewChange]]]
"""Decides inside the transaction which changes are made to the edition that is on disk."""

log = structlog.get_logger(__name__)


class _Outdated(Exception):
    """Rolls a transaction back: the proposal would replace a value that its moderator never saw."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition


class CatalogueEditing:
    """The use cases of `/catalogue`.

    `on_change` hears the server whose edition changed. `tell` posts to a server's log channel. `doubt`, asked with
    server, project's name and address, says what speaks against it; nothing, unless the app brings somebody who knows.
    """

    def __init__(self, store: Store, clock: Clock, editions: Editions) -> None:
        self._store = store
        self._clock = clock
        self._editions = editions
        self.on_change: Callable[[int], None] = lambda _: None
        self.tell: Callable[[int, str], Awaitable[None]] = _tell_nobody
        self.doubt: Callable[[int, str, str], str | None] = lambda *_: None

    async def load(self) -> None:
        """Read every server's changes and make their editions."""
        async with self._store.read() as tx:
            found = await sql.all_changes(tx)
        for guild_id, changes in found.items():
            edition, misfits = fold(self._editions.stored(None), changes)
            self._editions.put(guild_id, edition)
            if misfits:
                log.warning("changes left out", guild=guild_id, changes=[change.id for change in misfits])

    # Proposing

    async def edit(self, guild_id: int, by: int, name: str, key: str, typed: Typed) -> Shown:
        """Propose another value for a field or a fact."""
        project = self.project(guild_id, name)
        return await self._propose(guild_id, by, drafts.edit(project, key, typed, self._clock.now().date()))

    async def add(self, guild_id: int, by: int, new: drafts.NewProject) -> Shown:
        """Propose a new project."""
        change = drafts.add(new, self._editions.stored(guild_id), self._clock.now().date())
        return await self._propose(guild_id, by, [change])

    async def retire(self, guild_id: int, by: int, name: str) -> Shown:
        """Propose to take a project out of the lists."""
        project = self.project(guild_id, name)
        if project.id in self._editions.stored(guild_id).retired:
            raise Refused(f"{escape(project.name)} is retired already.", "`/catalogue restore` brings it back.")
        return await self._propose(guild_id, by, [NewChange(project.id, "retire")])

    async def bring_in(self, guild_id: int, by: int, filename: str, data: bytes) -> Shown:
        """Propose all that a file would change."""
        changes = list(exchange.differences(self._editions.stored(guild_id), *exchange.read(filename, data)))
        if not changes:
            raise Refused("The catalogue says all that already.", "Nothing was changed.")
        return await self._propose(guild_id, by, changes)

    def project(self, guild_id: int, name: str) -> Project:
        """Return the project that a moderator means, as it was written down."""
        return self._editions.stored(guild_id).projects[self._editions.of(guild_id).get(name).id]

    async def _propose(self, guild_id: int, by: int, changes: Sequence[NewChange]) -> Shown:
        now = self._clock.now()
        after = drafts.checked(self._editions.stored(guild_id), changes, now)
        if len(after.projects) > MAX_PROJECTS:
            raise Refused(f"A catalogue holds up to {MAX_PROJECTS:,} projects.", "Nothing was changed.")
        await self._refuse_doubtful(guild_id, after, changes)
        return await self._keep(Proposal(secrets.token_hex(8), guild_id, by, now, tuple(changes)), after)

    async def _refuse_doubtful(self, guild_id: int, after: Edition, changes: Sequence[NewChange]) -> None:
        found = [(after.projects[each.project_id].name, name) for each in changes for name in drafts.addresses(each)]
        for name, address in dict.fromkeys(found):
            await asyncio.sleep(0)  # a file may bring thousands, and others are waiting
            if reason := self.doubt(guild_id, name, address):
                raise Refused(reason, "Nothing was changed. Look at the address again, letter by letter.")

    async def _keep(self, proposal: Proposal, after: Edition, meanwhile: Sequence[Change] = ()) -> Shown:
        async with self._store.begin() as tx:
            await sql.forget_proposals_before(tx, self._clock.now() - PROPOSALS_LIVE)
            await sql.propose(tx, proposal)
        return Shown(proposal, after, tuple(meanwhile))

    async def proposed(self, guild_id: int, by: int, name: str) -> Shown:
        """Return what a moderator was shown; raise `Refused` when it was decided or let go."""
        async with self._store.read() as tx:
            proposal = _there(await sql.proposal(tx, guild_id, by, name))
        edition = self._editions.stored(guild_id)
        return Shown(proposal, drafts.checked(edition, proposal.changes, self._clock.now()))

    async def sweep(self) -> None:
        """Let go of what nobody confirmed."""
        async with self._store.begin() as tx:
            await sql.forget_proposals_before(tx, self._clock.now() - PROPOSALS_LIVE)

    async def drop(self, guild_id: int, by: int, name: str) -> None:
        """Let go of a proposal."""
        async with self._store.begin() as tx:
            if await sql.proposal(tx, guild_id, by, name):
                await sql.forget_proposal(tx, name)

    # Deciding

    async def confirm(self, guild_id: int, by: int, name: str) -> Saved | Shown:
        """Make the changes that a moderator was shown.

        When somebody else changed the same meanwhile, nothing is made, and what is there now is shown instead.
        """

        async def proposed(tx: Tx, edition: Edition) -> Sequence[NewChange]:
            changes = _there(await sql.proposal(tx, guild_id, by, name)).changes
            if outdated(edition, changes):
                raise _Outdated(edition)
            await sql.forget_proposal(tx, name)
            return changes

        try:
            return await self._make(guild_id, by, name, proposed)
        except _Outdated as late:
            return await self._show_again(guild_id, by, name, late.edition)

    async def _show_again(self, guild_id: int, by: int, name: str, edition: Edition) -> Shown:
        async with self._store.read() as tx:
            old = _there(await sql.proposal(tx, guild_id, by, name))
            since = await sql.changes_since(tx, guild_id, old.at)
        touched = {(change.project_id, change.key) for change in old.changes}
        meanwhile = [change for change in since if (change.new.project_id, change.new.key) in touched]
        again = replace(old, id=secrets.token_hex(8), at=self._clock.now(), changes=rebased(edition, old.changes))
        if not again.changes:
            await self.drop(guild_id, by, name)
            raise Refused("Somebody else has made the very same change meanwhile.", "There is nothing left to do.")
        after = drafts.checked(edition, again.changes, again.at)
        await self.drop(guild_id, by, name)
        return await self._keep(again, after, meanwhile)

    async def restore(self, guild_id: int, by: int, name: str) -> Saved:
        """Bring a retired project back at once: that destroys nothing."""
        catalogue = self._editions.of(guild_id)
        # A name may have come to mean another project by now: here it means the retired one.
        project = catalogue.retired_as(name) or catalogue.get(name)
        if project.id not in self._editions.stored(guild_id).retired:
            raise Refused(f"{escape(project.name)} is not retired.", "Nothing was changed.")

        async def back(_tx: Tx, _edition: Edition) -> Sequence[NewChange]:
            return [NewChange(project.id, "restore")]

        return await self._make(guild_id, by, secrets.token_hex(8), back)

    async def undo(self, guild_id: int, by: int, batch: str) -> Saved:
        """Take back what was made in one go, unless somebody has changed it since."""

        async def taken_back(tx: Tx, edition: Edition) -> Sequence[NewChange]:
            changes = inverse(await sql.batch(tx, guild_id, batch))
            if not changes:
                raise NotFound("change", batch)
            if outdated(edition, changes):
                raise Refused(
                    "That has been changed since, so I leave it as it is.", "See `/project changes`, and edit it anew."
                )
            return changes

        return replace(await self._make(guild_id, by, secrets.token_hex(8), taken_back), undoing=True)

    async def _make(self, guild_id: int, by: int, batch: str, choose: Choose) -> Saved:
        """Write changes and the log in one transaction; the new edition is seen only once it is on disk."""
        now = self._clock.now()
        async with self._store.begin() as tx:
            await sql.lock(tx, guild_id)
            edition = await self._on_disk(tx, guild_id, self._editions.stored(guild_id))
            changes = await choose(tx, edition)
            drafts.checked(edition, changes, now)
            await sql.insert(tx, guild_id, batch, changes, by, now)
            await append_in(tx, NewEntry(guild_id, now, "catalogue", by, details=_for_the_log(batch, changes)))
            made = await self._on_disk(tx, guild_id, edition)
        if made.last_id > self._editions.stored(guild_id).last_id:  # else somebody quicker has put a newer one there
            self._editions.put(guild_id, made)
        self.on_change(guild_id)
        await self._announce_domains(guild_id, by, made, changes)
        return Saved(batch, tuple(changes), made)

    async def _on_disk(self, tx: Tx, guild_id: int, seen: Edition) -> Edition:
        return fold(seen, await sql.changes_after(tx, guild_id, seen.last_id))[0]

    async def _announce_domains(self, guild_id: int, by: int, made: Edition, changes: Sequence[NewChange]) -> None:
        new, former = list(official_domains(made, changes)), list(former_domains(made, changes))
        if new:
            await self.tell(
                guild_id,
                f"<@{by}> made official on this server: {_domains(new)}. From now on I call links there safe. "
                "If that is wrong, take it back with `/catalogue edit`.",
            )
        if former:
            await self.tell(
                guild_id,
                f"<@{by}> made official no longer on this server: {_domains(former)}. "
                "If that is wrong, put it back with `/catalogue edit`.",
            )

    # Looking

    async def changed(self, guild_id: int | None, days: int) -> Changed:
        """Return what was changed on a server in the last days, newest first, and what was looked up anew."""
        since = self._clock.now() - timedelta(days=days)
        made: list[Change] = []
        if guild_id is not None:
            async with self._store.read() as tx:
                made = await sql.changes_since(tx, guild_id, since)
        ships = self._editions.shipped.projects
        anew = [project for project in ships if any(fact.as_of >= since.date() for fact in project.facts.values())]
        return Changed(days, since, tuple(made), tuple(anew), self._editions.stored(guild_id))

    async def export(self, guild_id: int) -> bytes:
        """Return a server's edition with its history, as a file that can be imported again."""
        async with self._store.read() as tx:
            changes = await sql.changes_after(tx, guild_id, 0)
        edition, _ = fold(self._editions.stored(None), changes)
        return exchange.write(edition, changes, self._clock.now())


def _there(proposal: Proposal | None) -> Proposal:
    if proposal is None:
        raise Refused("This was decided already, or left lying for over a day.", "Begin anew if you still want it.")
    return proposal


def _domains(found: Sequence[tuple[Project, str]]) -> str:
    named = [f"`{domain}` of **{escape(project.name)}**" for project, domain in found[:ENTRIES_IN_LOG]]
    left_out = len(found) - len(named)
    return ", ".join([*named, *([f"and {left_out} more"] if left_out else [])])


def _for_the_log(batch: str, changes: Sequence[NewChange]) -> dict[str, object]:
    told = [
        {"project": change.project_id, "action": change.action, **({"key": change.key} if change.key else {})}
        for change in changes[:ENTRIES_IN_LOG]
    ]
    return {"batch": batch, "count": len(changes), "changes": told}


async def _tell_nobody(_guild_id: int, _text: str) -> None:
    """Stand in until there is a client."""
