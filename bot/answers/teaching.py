"""What moderators do: see what has no answer, teach it, forget it again; on their own server alone."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC

from bot.answers import store as sql
from bot.answers.learning import Cluster, Gap
from bot.answers.library import Library
from bot.answers.model import Answer
from bot.answers.service import KEPT_FOR
from bot.answers.taught import MAX_PHRASING_CHARS, MAX_PHRASINGS, State, Taught, Typed, taught_number
from bot.audit.model import NewEntry
from bot.audit.store import append_in
from bot.clock import Clock
from bot.errors import NotFound, Refused
from bot.links.model import Judgement, Verdict
from bot.links.service import Links
from bot.store.engine import Store, Tx

MOST_TAUGHT = 200
_DANGEROUS = (Judgement.LISTED, Judgement.LOOKALIKE)


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft with what stands in its way, what to look at twice, and the answer as members will see it."""

    taught: Taught
    problems: tuple[str, ...]
    verdict: Verdict
    answer: Answer | None = None
    replaces: Taught | None = None

    @property
    def found(self) -> bool:
        """Say whether the question, asked word for word, gets this answer."""
        return self.answer is not None and self.answer.topic == self.taught.topic


class TeachingService:
    """The use cases of moderators."""

    def __init__(self, store: Store, clock: Clock, library: Library, links: Links) -> None:
        self._store = store
        self._clock = clock
        self._library = library
        self._links = links
        # What is answered from has to follow the database in its order.
        self._one_at_a_time = asyncio.Lock()

    # What has no answer

    async def gaps(self, guild_id: int) -> tuple[Cluster, ...]:
        """Gather the last month's questions that got no answer, or one that was marked down."""
        return await self._library.clusters(await self._gaps(guild_id))

    async def _gaps(self, guild_id: int) -> list[Gap]:
        async with self._store.read() as tx:
            found = await sql.gaps(tx, guild_id, self._clock.now() - KEPT_FOR)
        live = {taught.id for taught in self._library.taught(guild_id)}
        # What was settled by a taught answer is open again once that is forgotten.
        return [gap for gap, settled in found if settled is None or taught_number(settled) not in {None, *live}]

    async def cluster_of(self, guild_id: int, number: int) -> Cluster | None:
        """Return the cluster that a question belongs to; None when it is no gap any more."""
        clusters = await self.gaps(guild_id)
        return next((each for each in clusters if any(gap.id == number for gap in each.gaps)), None)

    async def wording(self, guild_id: int, number: int) -> str:
        """Return how a question was put; raise `Refused` when it is gone."""
        async with self._store.read() as tx:
            asked = await sql.question(tx, number)
        if asked is None or asked.guild_id != guild_id:
            raise Refused("That question is gone meanwhile.", "Look at `/answers gaps` again.")
        return asked.question

    # Teaching

    async def draft(self, guild_id: int, typed: Typed, gap: int | None = None) -> Draft:
        """Keep what was typed as a draft, for the question of a gap or any other."""
        cluster = await self.cluster_of(guild_id, gap) if gap is not None else None
        phrasings = [wording[:MAX_PHRASING_CHARS] for wording in cluster.wordings] if cluster else []
        async with self._store.begin() as tx:
            number = await sql.insert_draft(tx, guild_id, typed, phrasings[:MAX_PHRASINGS], self._clock.now())
        return await self.look(guild_id, number)

    async def change(self, guild_id: int, number: int, typed: Typed) -> Draft:
        """Write a draft anew."""
        await self._get(guild_id, number, State.DRAFT)
        async with self._store.begin() as tx:
            if not await sql.change_draft(tx, number, typed, self._clock.now()):
                raise _gone()
        return await self.look(guild_id, number)

    async def look(self, guild_id: int, number: int) -> Draft:
        """Check a draft, and see what members would read."""
        taught = await self._get(guild_id, number, State.DRAFT)
        verdict, problems = self._checked(taught)
        if problems:
            return Draft(taught, problems, verdict)
        answer = await self._library.ask(guild_id, taught.typed.question, draft=taught)
        return Draft(taught, (), verdict, answer, self.same(guild_id, taught))

    def _checked(self, taught: Taught) -> tuple[Verdict, tuple[str, ...]]:
        """Judge the source's address, and say what keeps this from being an answer."""
        verdict = self._links.check(taught.typed.source_url, taught.guild_id)
        problems = taught.typed.problems(self._clock.now().astimezone(UTC).date())
        if verdict.judgement in _DANGEROUS:
            real = f"The real one is {verdict.official}." if verdict.official else ""
            problems.append(" ".join(("The source's address is not to be trusted.", *verdict.reasons, real)).strip())
        return verdict, tuple(problems)

    def same(self, guild_id: int, taught: Taught) -> Taught | None:
        """Return the live answer to the same question, which a new one takes the place of."""
        return next((each for each in self.live(guild_id) if each.question_key == taught.question_key), None)

    async def publish(self, guild_id: int, number: int, by: int) -> Taught:
        """Put a draft live on its server at once; doing so twice changes nothing."""
        taught = await self._get(guild_id, number)
        if taught.state is State.LIVE:
            return taught
        if self._checked(taught)[1]:
            raise Refused("Something in this draft does not work yet.", "Choose **Change it**.")
        settled = await self._settled_by(taught)
        async with self._one_at_a_time:
            async with self._store.begin() as tx:
                await self._replace(tx, taught, by)
                await sql.settle(tx, settled, taught.topic)
                live = await sql.live_answers(tx, guild_id)
            self._library.keep(live, guild_id)
        return replace(taught, state=State.LIVE)

    async def _replace(self, tx: Tx, taught: Taught, by: int) -> None:
        """Put a draft live, in the place of an answer to the same question."""
        live = await sql.live_answers(tx, taught.guild_id)
        same = [old for old in live if old.question_key == taught.question_key]
        if len(live) - len(same) >= MOST_TAUGHT:
            raise Refused(f"{MOST_TAUGHT} taught answers are the limit.", "Forget one with `/answers forget`.")
        for old in same:
            await self._move(tx, old, State.LIVE, State.FORGOTTEN, by)
        await self._move(tx, taught, State.DRAFT, State.LIVE, by)

    async def _settled_by(self, taught: Taught) -> list[int]:
        """Return the gaps that a taught answer closes: those that ask for the same as one of its wordings."""
        gaps = await self._gaps(taught.guild_id)
        probes = [
            Gap(-place, wording, "unknown", self._clock.now())
            for place, wording in enumerate((taught.typed.question, *taught.phrasings), 1)
        ]
        clusters = await self._library.clusters([*gaps, *probes])
        closed = [cluster for cluster in clusters if any(gap.id < 0 for gap in cluster.gaps)]
        return [gap.id for cluster in closed for gap in cluster.gaps if gap.id > 0]

    async def discard(self, guild_id: int, number: int) -> Taught:
        """Throw a draft away."""
        taught = await self._get(guild_id, number, State.DRAFT)
        async with self._store.begin() as tx:
            await sql.move(tx, number, State.DRAFT, State.FORGOTTEN, self._clock.now())
        return taught

    # Forgetting

    def live(self, guild_id: int) -> tuple[Taught, ...]:
        """Return a server's live answers, oldest first."""
        return self._library.taught(guild_id)

    def find(self, guild_id: int, typed: str) -> Taught:
        """Find a live answer by its number or its question; raise `NotFound`."""
        live = self.live(guild_id)
        for taught in live:
            if typed.strip() in (str(taught.id), taught.typed.question):
                return taught
        raise NotFound("taught answer", typed, [taught.typed.question for taught in live[-3:]])

    async def forget(self, guild_id: int, number: int, by: int) -> Taught:
        """Take an answer out of use; it is kept, so that this can be undone."""
        return await self._change_state(guild_id, number, State.LIVE, State.FORGOTTEN, by)

    async def restore(self, guild_id: int, number: int, by: int) -> Taught:
        """Put a forgotten answer back, unless another one took its place."""
        taught = await self._get(guild_id, number)
        if taught.state is not State.LIVE and self.same(guild_id, taught):
            raise Refused("Another answer to that question was taught meanwhile.", "Forget that one first.")
        return await self._change_state(guild_id, number, State.FORGOTTEN, State.LIVE, by)

    async def _change_state(self, guild_id: int, number: int, before: State, after: State, by: int) -> Taught:
        taught = await self._get(guild_id, number)
        if taught.state is not after:
            async with self._one_at_a_time:
                async with self._store.begin() as tx:
                    await self._move(tx, taught, before, after, by)
                    live = await sql.live_answers(tx, guild_id)
                self._library.keep(live, guild_id)
        return replace(taught, state=after)

    async def _move(self, tx: Tx, taught: Taught, before: State, after: State, by: int) -> None:
        if not await sql.move(tx, taught.id, before, after, self._clock.now()):
            raise _gone()
        action = "answer forgotten" if after is State.FORGOTTEN else "answer taught"
        details = {"entry": taught.id, "question": taught.typed.question, "source": taught.typed.source_url}
        await append_in(tx, NewEntry(taught.guild_id, self._clock.now(), action, by, details=details))

    async def _get(self, guild_id: int, number: int, state: State | None = None) -> Taught:
        async with self._store.read() as tx:
            taught = await sql.taught_answer(tx, guild_id, number)
        if taught is None or state not in (None, taught.state):
            raise _gone()
        return taught


def _gone() -> Refused:
    return Refused("Somebody else changed this answer meanwhile.", "Look at `/answers list`.")
