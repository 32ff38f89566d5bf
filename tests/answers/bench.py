"""Both services on a real database, with the stand-in for an engine."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.answers.library import Library
from bot.answers.service import AnswerService, Asker
from bot.answers.taught import Typed
from bot.answers.teaching import TeachingService
from bot.catalogue.editions import Editions
from bot.catalogue.load import load
from bot.catalogue.service import Catalogue
from bot.clock import FixedClock
from bot.links.service import Links
from bot.store.engine import Store
from tests.answers.stand_in import stand_in

DATA = Path(__file__).parents[2] / "data"
GUILD, ELSEWHERE, ALICE, BOB, MOD = 1, 2, 11, 12, 99
STAKE = Typed("How do I stake?", "Lock the token.", "Starknet docs", "https://docs.starknet.io/x", "2026-02-01")

_CATALOGUE = Catalogue(load(DATA))


@dataclass
class Bench:
    """Ask and teach as the cogs do."""

    store: Store
    clock: FixedClock
    library: Library
    answers: AnswerService
    teaching: TeachingService

    async def ask(self, question: str, member: int = ALICE, guild: int | None = GUILD) -> Any:
        return await self.answers.ask(Asker(guild, member), question)

    async def taught(self, typed: Typed = STAKE, guild: int = GUILD, gap: int | None = None) -> int:
        """Teach an answer; give its number."""
        draft = await self.teaching.draft(guild, typed, gap)
        return (await self.teaching.publish(guild, draft.taught.id, MOD)).id


async def nobody_votes(_guild_id: int, _viewer_id: int | None) -> tuple[Any, ...]:
    return ()


@asynccontextmanager
async def bench(store: Store, clock: FixedClock, polls_of: Any = nobody_votes) -> AsyncIterator[Bench]:
    """Give a bench; a second one on the same store is the bot after a restart."""
    editions = Editions(_CATALOGUE)
    library = Library(stand_in, editions, clock)
    answers = AnswerService(store, clock, library, polls_of)
    await answers.load()
    try:
        yield Bench(store, clock, library, answers, TeachingService(store, clock, library, Links(editions)))
    finally:
        library.close()
