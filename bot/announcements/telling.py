"""What moderators are told of an announcement that has trouble: once, and once more when it is over."""

import structlog

from bot.announcements.gateway import Delivery
from bot.announcements.model import Run, RunState, Schedule
from bot.announcements.register import Register
from bot.announcements.trouble import TOLD_AFTER, Trouble
from bot.announcements.wording import named
from bot.guilds.service import GuildService
from bot.ui.text import moment

log = structlog.get_logger(__name__)


class Telling:
    """Tell the log channel of a server, or else the moderator who planned the announcement."""

    def __init__(self, guilds: GuildService, register: Register) -> None:
        self._guilds = guilds
        self._register = register

    def is_news(self, schedule: Schedule, problem: str, trouble: Trouble, tries: int, state: RunState) -> bool:
        """Say whether moderators have to hear of a problem: not again, and not at once of what may pass by itself."""
        if tries < TOLD_AFTER[trouble] and state is RunState.WAITING:
            return False
        # Each failed answer of Discord's reads differently, and is the same trouble all the same.
        return schedule.told is None or (schedule.told != problem and trouble is not Trouble.PASSING)

    async def problem(self, delivery: Delivery, schedule: Schedule, problem: str) -> None:
        """Tell what is in the way; what a neighbour in trouble has told already is only left in the log."""
        log.warning("schedule has a problem", schedule=schedule.id, problem=problem)
        neighbours = [each for each in self._register.of(schedule.guild_id) if each.id != schedule.id]
        if not any(each.told == problem for each in neighbours):
            await self._tell(
                delivery, schedule, f"**An announcement could not be posted:** {named(schedule)}.\n{problem}"
            )

    async def unsure(self, delivery: Delivery, schedule: Schedule, run: Run) -> None:
        """Tell of a post of which nobody knows whether it came through; before its run is closed, and with a nonce."""
        log.warning("run left unsure", schedule=schedule.id, due_at=run.due_at.isoformat())
        at, where = run.begun_at or run.due_at, f"<#{schedule.channel_id}>"
        await self._tell(
            delivery,
            schedule,
            f"**An announcement may be missing:** {named(schedule)}.\nI was stopped while I was posting it, and may "
            f"not read {where} to see whether it is there. So that nothing comes twice, I leave it. Look in {where}, "
            f"at about {moment(at)}: if it is missing, post it with `/announce run`. With **Read Message History** "
            "there, I can look for myself next time.",
            nonce=f"{run.id} unsure",
        )

    async def repaired(self, delivery: Delivery, schedule: Schedule) -> None:
        """Tell that an announcement works again; those that had the same problem go without saying."""
        log.info("schedule works again", schedule=schedule.id)
        await self._tell(delivery, schedule, f"**An announcement works again:** {named(schedule)}.", good=True)

    async def _tell(
        self, delivery: Delivery, schedule: Schedule, text: str, *, good: bool = False, nonce: str | None = None
    ) -> None:
        channel_id = self._guilds.get(schedule.guild_id).log_channel_id
        if channel_id is not None and await delivery.tell(schedule.guild_id, channel_id, text, good=good, nonce=nonce):
            return
        if not await delivery.tell_member(schedule.created_by, text, good=good, nonce=nonce):
            log.warning("moderators not told", schedule=schedule.id, text=text)
