"""All that can be answered: the engine over what ships, and what each server's moderators taught."""

from __future__ import annotations

import asyncio
import ctypes
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import structlog

from bot.answers.learning import Cluster, Gap, clusters
from bot.answers.model import Answer
from bot.answers.taught import Taught
from bot.catalogue.editions import Editions
from bot.clock import Clock
from bot.errors import MoonballotError, Refused
from bot.prices.model import Market

# What the engine is made of takes long to import, so it is imported where it is read, in the background.
if TYPE_CHECKING:
    from bot.answers.engine import Asked, Engine, Passages
    from bot.answers.facts.polls import PollFacts

T = TypeVar("T")

# Whoever asks while the engine is read waits for it so long.
READ_WITHIN_S = 20.0

log = structlog.get_logger(__name__)


def read_engine(data: Path) -> Engine:
    """Read all that ships in `data`."""
    from bot.answers.engine import load_engine

    return load_engine(data)


class _GivenUp(BaseException):
    """Ends the reading of the engine, wherever it is: nobody is going to ask."""


class Library:
    """Answer from memory, in one thread of its own: the loop goes on while a question is thought about."""

    def __init__(self, read_engine: Callable[[], Engine], catalogues: Editions, clock: Clock) -> None:
        self.read_engine = read_engine
        self._catalogues = catalogues
        self._clock = clock
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="answers")
        self._reading: asyncio.Future[Engine] | None = None
        # The thread that reads, while it may be told to give up.
        self._reader: int | None = None
        self._closed = False
        self._telling_it = threading.Lock()
        self._taught: dict[int, tuple[Taught, ...]] = {}
        # With the answers that they were made of, since those may change while passages are made.
        self._passages: dict[int, tuple[tuple[Taught, ...], Passages]] = {}

    def start(self) -> None:
        """Begin to read the engine, in the background."""
        if self._reading is None:
            self._reading = asyncio.get_running_loop().run_in_executor(self._worker, self._read)
            # Why it failed is in the log, also when nobody asks.
            self._reading.add_done_callback(lambda reading: reading.cancelled() or reading.exception())

    def _read(self) -> Engine:
        try:
            return self._read_unless_closed()
        except _GivenUp:
            raise RuntimeError("closed before it was read") from None
        except MoonballotError as error:
            log.error("nothing can be answered", reason=str(error))
            raise
        except Exception:
            log.exception("nothing can be answered: what ships could not be read")
            raise

    def _read_unless_closed(self) -> Engine:
        # Before it may be told to give up: what is imported by half cannot be imported again.
        import bot.answers.engine  # noqa: F401

        try:
            with self._telling_it:
                if self._closed:
                    raise _GivenUp
                self._reader = threading.get_ident()
            return self.read_engine()
        finally:
            with self._telling_it:
                self._reader = None

    def close(self) -> None:
        """Let the thread end; what is still being read is given up, for on a busy machine it takes long."""
        with self._telling_it:
            self._closed = True
            if self._reader is not None:
                reader, given_up = ctypes.c_ulong(self._reader), ctypes.py_object(_GivenUp)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(reader, given_up)
        self._worker.shutdown(wait=True, cancel_futures=True)

    async def ready(self) -> None:
        """Wait until questions can be answered; raise `Refused` when that takes long, or is not going to be."""
        await self._engine()

    async def _engine(self) -> Engine:
        self.start()
        assert self._reading is not None  # noqa: S101 - it was made a line above
        try:
            return await asyncio.wait_for(asyncio.shield(self._reading), READ_WITHIN_S)
        except TimeoutError:
            raise Refused("I am still reading what I know.", "Ask again in a minute.") from None
        except Exception as error:
            # The log has the reason since the start; each member only hears that it is so.
            raise Refused(
                "I cannot answer questions at the moment.", "Tell whoever runs me to look at the log."
            ) from error

    # What was taught

    def keep(self, taught: Iterable[Taught], guild_id: int) -> None:
        """Have these, and no others, be a server's taught answers from now on."""
        self._taught[guild_id] = tuple(taught)

    def taught(self, guild_id: int) -> tuple[Taught, ...]:
        """Return a server's taught answers."""
        return self._taught.get(guild_id, ())

    def domains(self, guild_id: int | None) -> frozenset[str]:
        """Return the projects' own domains, as a server has them."""
        projects = self._catalogues.of(guild_id).projects
        # Some are a place on somebody else's domain, which is not theirs as a whole.
        return frozenset(each for project in projects for each in project.official_domains if "/" not in each)

    # Asking

    async def ask(
        self,
        guild_id: int | None,
        question: str,
        polls: tuple[PollFacts, ...] = (),
        draft: Taught | None = None,
    ) -> Answer:
        """Answer a question as that server would; with `draft`, as it would once that is live."""
        engine = await self._engine()
        return await self._work(lambda: engine.ask(self._asked(engine, guild_id, question, polls, draft)))

    async def topic(
        self,
        guild_id: int | None,
        topic: str,
        question: str,
        polls: tuple[PollFacts, ...] = (),
        markets: Mapping[str, Market] | None = None,
    ) -> Answer | None:
        """Find the answer of a suggestion again, with what markets say by project id; None when it is gone."""
        engine = await self._engine()
        return await self._work(lambda: engine.topic(topic, self._asked(engine, guild_id, question, polls), markets))

    async def questions(self, guild_id: int, topics: Sequence[str]) -> dict[str, str]:
        """Return the question that each topic answers on a server, in nobody's words but ours, where there is one."""
        engine = await self._engine()

        def named() -> dict[str, str]:
            asked = self._asked(engine, guild_id, "", ())
            found = ((topic, engine.question(topic, asked)) for topic in topics)
            return {topic: question for topic, question in found if question}

        return await self._work(named)

    async def clusters(self, gaps: Sequence[Gap]) -> tuple[Cluster, ...]:
        """Gather gaps that ask the same; in another thread than questions, since it takes longer."""
        engine = await self._engine()
        return await asyncio.to_thread(clusters, gaps, engine.alike)

    def _asked(
        self,
        engine: Engine,
        guild_id: int | None,
        question: str,
        polls: tuple[PollFacts, ...],
        draft: Taught | None = None,
    ) -> Asked:
        from bot.answers.engine import Asked

        passages = self._passages_of(engine, guild_id or 0) if draft is None else self._with(engine, draft)
        return Asked(question, self._catalogues.of(guild_id), passages, polls, self._clock.now())

    def _passages_of(self, engine: Engine, guild_id: int) -> Passages:
        taught = self.taught(guild_id)
        made_of, passages = self._passages.get(guild_id, (None, None))
        if passages is None or made_of is not taught:
            passages = engine.passages([each.entry() for each in taught])
            self._passages[guild_id] = taught, passages
        return passages

    def _with(self, engine: Engine, draft: Taught) -> Passages:
        others = [each for each in self.taught(draft.guild_id) if each.question_key != draft.question_key]
        return engine.passages([each.entry() for each in (*others, draft)])

    async def _work(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)
