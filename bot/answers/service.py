"""What members do: ask, pick what was meant, rate."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog

from bot.answers import store as sql
from bot.answers.allowance import Allowance, Wait
from bot.answers.learning import masked
from bot.answers.library import Library
from bot.answers.model import Answer
from bot.answers.store import Question
from bot.answers.taught import host_of
from bot.clock import Clock
from bot.errors import BadInput, MoonballotError, Refused, StoreUnavailable
from bot.prices.model import Market
from bot.store.engine import Store, Tx

if TYPE_CHECKING:
    from bot.answers.facts.polls import PollFacts

MAX_QUESTION_CHARS = 300
KEPT_FOR = timedelta(days=30)
DRAFTS_KEPT_FOR = timedelta(days=1)

# Questions with these topics may hold what nobody should keep: keys, seed phrases.
_NOT_KEPT = ("refusal:secrets",)

# From a server, and the member who looks, to what its polls say; nobody in particular looks at what all can see.
PollsOf = Callable[[int, int | None], Awaitable[tuple["PollFacts", ...]]]
# From a server and a project of its catalogue to what that trades at, soon or not at all.
MarketOf = Callable[[int | None, str], Awaitable[Market | None]]

log = structlog.get_logger(__name__)


class TooMany(Refused):
    """A member asked more than one may for now."""

    def __init__(self, wait: Wait) -> None:
        self.first = wait.first
        super().__init__(f"That is enough for now: {wait.rule} is the limit.", f"It goes on {_ago(wait)}.")


async def _unpriced(guild_id: int | None, project_id: str) -> None:
    """Know no price."""


def _ago(wait: Wait) -> str:
    return f"<t:{int(wait.until.timestamp())}:R>"


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its answer; without a number it could not be written down, so it cannot be rated."""

    question: str
    answer: Answer
    number: int | None
    guild_id: int | None
    # Where the bot may send people: the projects' own domains, and those of the sources.
    domains: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, where (no server in a direct message), and whether others will read the answer."""

    guild_id: int | None
    member_id: int
    public: bool = False


class AnswerService:
    """The use cases of members."""

    def __init__(
        self, store: Store, clock: Clock, library: Library, polls_of: PollsOf, market_of: MarketOf = _unpriced
    ) -> None:
        self._store = store
        self._clock = clock
        self._library = library
        self._polls_of = polls_of
        self._market_of = market_of
        self._allowance = Allowance()

    async def load(self) -> None:
        """Read what was taught, and who asked how much lately."""
        async with self._store.read() as tx:
            live = await sql.live_answers(tx)
            for member_id, at in await sql.asked_since(tx, self._clock.now() - timedelta(days=1)):
                self._allowance.remember(member_id, at)
        for guild_id in {taught.guild_id for taught in live}:
            self._library.keep((taught for taught in live if taught.guild_id == guild_id), guild_id)

    async def ask(self, asker: Asker, question: str) -> Answered:
        """Answer a question; raise `BadInput` for none or a long one and `TooMany` when it is enough for now."""
        self.take(asker)
        question = question.strip()
        if not question:
            raise BadInput("There is no question.", "I answer texts.", "Write it after the command, such as `/ask`.")
        if len(question) > MAX_QUESTION_CHARS:
            raise BadInput(
                "That is too long.",
                f"I read up to {MAX_QUESTION_CHARS} characters, and this has {len(question):,}.",
                "Ask the question itself, in a sentence.",
            )
        answer = await self._library.ask(asker.guild_id, question, await self._polls(asker))
        answer = await self._priced(asker, question, answer)
        return self._answered(asker, question, answer, await self._write_down(asker, question, answer))

    async def pick(self, asker: Asker, number: int, place: int) -> Answered:
        """Answer what a member picked under “did you mean”; the question they had asked is settled by it."""
        asked = await self._read(asker, number)
        if not 0 <= place < len(asked.offered):
            raise Refused("That choice is no longer there.", "Ask again.")
        meant = asked.offered[place]
        self.take(asker)
        answer = await self._library.topic(asker.guild_id, meant.topic, meant.question, await self._polls(asker))
        if answer is None:
            raise Refused("That answer is gone meanwhile.", "Ask again.")
        answer = await self._priced(asker, meant.question, answer)
        written = await self._write_down(asker, meant.question, answer, number)
        return self._answered(asker, meant.question, answer, written)

    async def again(self, asker: Asker, number: int) -> Answered:
        """Answer a question once more, for others to read: it shows only what everybody may see."""
        asked = await self._read(asker, number)
        self.take(asker)
        answer = await self._library.ask(asker.guild_id, asked.question, await self._polls(asker))
        answer = await self._priced(asker, asked.question, answer)
        return self._answered(asker, asked.question, answer, number)

    async def rate(self, asker: Asker, number: int, *, helpful: bool) -> None:
        """Write down whether an answer helped; a member's last rating counts."""
        async with self._store.begin() as tx:
            await _question(tx, asker, number)
            await sql.rate(tx, number, asker.member_id, helpful=helpful)

    def _answered(self, asker: Asker, question: str, answer: Answer, number: int | None) -> Answered:
        domains = self._library.domains(asker.guild_id) | {host_of(source.url or "") for source in answer.sources}
        return Answered(masked(question), answer, number, asker.guild_id, domains - {""})

    def take(self, asker: Asker) -> None:
        """Count something that the bot answers; raise `TooMany` when it is enough for now."""
        if (wait := self._allowance.take(asker.member_id, self._clock.now())) is not None:
            raise TooMany(wait)

    async def _priced(self, asker: Asker, question: str, answer: Answer) -> Answer:
        """Answer by a market where a price was asked for and it is known; else leave the answer as it is."""
        head, _, rest = answer.topic.partition(":")
        project_id, _, key = rest.partition(":")
        if (head, key) != ("fact", "price"):
            return answer
        market = await self._market_of(asker.guild_id, project_id)
        if market is None:
            return answer
        markets = {project_id: market}
        return await self._library.topic(asker.guild_id, answer.topic, question, markets=markets) or answer

    async def _polls(self, asker: Asker) -> tuple["PollFacts", ...]:
        await self._library.ready()
        if asker.guild_id is None:
            return ()
        try:
            return await self._polls_of(asker.guild_id, None if asker.public else asker.member_id)
        except StoreUnavailable as error:
            log.warning("answered without polls", reason=str(error))
            return ()

    async def _write_down(self, asker: Asker, question: str, answer: Answer, settles: int | None = None) -> int | None:
        """Keep a question; one that cannot be kept is answered all the same."""
        kept = "" if answer.topic in _NOT_KEPT else masked(question)
        try:
            async with self._store.begin() as tx:
                if settles is not None:
                    await sql.settle(tx, [settles], answer.topic)
                return await sql.insert_question(tx, asker.guild_id, asker.member_id, kept, answer, self._clock.now())
        except StoreUnavailable as error:
            log.warning("question not kept", reason=str(error))
            return None

    async def _read(self, asker: Asker, number: int) -> Question:
        async with self._store.read() as tx:
            return await _question(tx, asker, number)

    # What is kept

    async def most_asked(self, guild_id: int, within: timedelta, most: int) -> list[tuple[str, int]]:
        """Return what several members had answered, with how many they were: never in a member's own words."""
        async with self._store.read() as tx:
            found = await sql.most_asked(tx, guild_id, self._clock.now() - within, most * 4)
        try:
            questions = await self._library.questions(guild_id, [topic for topic, _ in found])
        except MoonballotError as error:
            log.warning("asked questions not named", reason=str(error))
            return []
        return [(questions[topic], members) for topic, members in found if topic in questions][:most]

    async def my_data(self, member_id: int) -> dict[str, Any]:
        """Gather the questions and ratings of a member, for a file of theirs."""
        async with self._store.read() as tx:
            asked = await sql.questions_of(tx, member_id)
            rated = await sql.ratings_of(tx, member_id)
        return {
            "questions": [_own_question(question) for question in asked],
            "ratings": [{"question": question, "helpful": helpful} for question, helpful in rated],
        }

    async def forget(self, member_id: int) -> int:
        """Delete a member's questions and ratings; return how many questions there were."""
        async with self._store.begin() as tx:
            return await sql.forget_member(tx, member_id)

    async def sweep(self) -> None:
        """Delete what is older than it is kept."""
        now = self._clock.now()
        self._allowance.tidy(now)
        try:
            async with self._store.begin() as tx:
                await sql.delete_asked_before(tx, now - KEPT_FOR)
                await sql.delete_drafts_before(tx, now - DRAFTS_KEPT_FOR)
        except MoonballotError as error:
            log.warning("old questions not deleted", reason=str(error))


async def _question(tx: Tx, asker: Asker, number: int) -> Question:
    asked = await sql.question(tx, number)
    if asked is None or asked.guild_id != asker.guild_id:
        raise Refused(f"I keep questions for {KEPT_FOR.days} days, and this one is gone.", "Ask again.")
    return asked


def _own_question(question: Question) -> dict[str, Any]:
    return {
        "question": question.question,
        "server": None if question.guild_id is None else str(question.guild_id),
        "became": str(question.kind),
        "asked_at": question.asked_at.isoformat(),
    }
