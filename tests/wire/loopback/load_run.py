"""One run of load: keeps a number of interactions in flight and times their answers.

Each answer fires the next interaction straight away, so that the bot's process alone is measured.
"""

import asyncio
import time
from collections import Counter, OrderedDict

from .errors import Payload
from .interaction import Interaction
from .interactions import Interactions
from .member_actions import walk
from .world import Channel, StoredMessage

PERCENTILES = (50, 90, 95, 99)
TEXT_CHARS = 300


class LoadRun:
    """One run: how much is in flight, what was answered, how long it took."""

    def __init__(
        self,
        spec: Payload,
        *,
        interactions: Interactions,
        channel: Channel,
        source: StoredMessage | None,
        kind: int,
        templates: list[str],
        members: list[tuple[int, str]],
        give_up_s: float,
    ) -> None:
        self._interactions = interactions
        self._channel = channel
        self._source = source
        self._kind = kind
        self._templates = templates
        self._members = members
        self._give_up_s = give_up_s
        self._total = int(spec.get("total", 1_000)) + int(spec.get("warmup", 0))
        self._warmup = int(spec.get("warmup", 0))
        self._width = int(spec.get("in_flight", 50))
        # At a steady rate instead, however long the answers take.
        self._per_second = float(spec.get("per_second", 0))
        self._detail = bool(spec.get("detail"))
        self._fired = 0
        self._open: OrderedDict[int, tuple[Interaction, int]] = OrderedDict()
        self._latencies: list[float] = []
        self._outcomes: list[Payload] = []
        self._types: Counter[int] = Counter()
        self._unanswered: list[Payload] = []
        self._started = self._ended = time.perf_counter()
        self._counted = 0
        self.done = asyncio.Event()
        self._sweeper: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Fire as many as may be in flight at once."""
        self._sweeper = asyncio.create_task(self._sweep())
        if self._per_second:
            self._beat = asyncio.create_task(self._fire_steadily())
            return
        for _ in range(min(self._width, self._total)):
            self._fire()

    async def _fire_steadily(self) -> None:
        loop = asyncio.get_running_loop()
        next_at = loop.time()
        while self._fired < self._total:
            self._fire()
            next_at += 1 / self._per_second
            await asyncio.sleep(max(0.0, next_at - loop.time()))

    def stop(self) -> None:
        """Fire no more."""
        self._total = self._fired
        self._settle()

    def shown(self, *, latencies: bool = False) -> Payload:
        """Show the run's figures."""
        seconds = max(self._ended - self._started, 1e-9)
        ordered = sorted(self._latencies)
        figures: Payload = {
            "done": self.done.is_set(),
            "fired": self._fired,
            "count": len(ordered),
            "seconds": seconds,
            "rate": len(ordered) / seconds,
            "open": len(self._open),
            "by_type": {str(kind): count for kind, count in self._types.items()},
            "unacknowledged": self._unanswered,
        }
        if ordered:
            figures["ms"] = {f"p{p}": ordered[min(len(ordered) - 1, len(ordered) * p // 100)] for p in PERCENTILES}
            figures["ms"] |= {"mean": sum(ordered) / len(ordered), "max": ordered[-1], "min": ordered[0]}
        if latencies:
            figures["latencies"] = self._latencies
        if self._detail:
            figures["acknowledged"] = self._outcomes
        return figures

    def _fire(self) -> None:
        if self._fired >= self._total:
            return
        if self._fired == self._warmup:
            self._started = time.perf_counter()
        turn, place = divmod(self._fired, len(self._members))
        user_id, member_text = self._members[place]
        # Members take turns through the templates, each beginning at another one.
        template = (turn + place) % len(self._templates)
        text = f'"member":{member_text},{self._templates[template]}'
        self._fired += 1
        interaction = self._interactions.fire_text(self._kind, self._channel, user_id, text, self._source)
        interaction.on_ack = self._acknowledged
        self._open[interaction.id] = (interaction, template)

    def _acknowledged(self, interaction: Interaction, data: Payload) -> None:
        _, template = self._open.pop(interaction.id, (interaction, -1))
        self._counted += 1
        self._ended = time.perf_counter()
        if self._counted > self._warmup and interaction.ack_ms is not None:
            self._latencies.append(interaction.ack_ms)
        self._types[interaction.answer or 0] += 1
        if self._detail:
            self._outcomes.append(
                {
                    "user_id": str(interaction.user_id),
                    "template": template,
                    "ms": interaction.ack_ms,
                    "type": interaction.answer,
                    "text": text_of(data)[:TEXT_CHARS],
                    "interaction": str(interaction.id),
                }
            )
        # Once this answer is on its way, not before.
        if not self._per_second:
            asyncio.get_running_loop().call_soon(self._fire)
        self._settle()

    def _settle(self) -> None:
        if self._fired >= self._total and not self._open:
            self.done.set()
            if self._sweeper is not None:
                self._sweeper.cancel()

    async def _sweep(self) -> None:
        """Give up on what nobody acknowledged in time, and fire the next in its place."""
        while not self.done.is_set():
            await asyncio.sleep(0.25)
            oldest = time.perf_counter() - self._give_up_s
            late = [each for each in self._open.values() if each[0].sent_at < oldest]
            for interaction, template in late:
                del self._open[interaction.id]
                self._unanswered.append({"user_id": str(interaction.user_id), "template": template})
                if not self._per_second:
                    self._fire()
            self._settle()


def text_of(data: Payload) -> str:
    """Give all the text that an answer shows."""
    parts = [data.get("content") or ""]
    parts += [each["content"] for each in walk(data.get("components") or []) if each.get("type") == 10]
    return "\n".join(part for part in parts if part)
