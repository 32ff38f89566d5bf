"""The schedules that were not removed, in memory: what lists, autocomplete and events are answered from."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from bot.announcements.model import Schedule, ScheduleState


class Register:
    """Hold schedules by server and number; whoever writes one to the database enters it here, too."""

    def __init__(self) -> None:
        self._schedules: dict[int, Schedule] = {}
        self._by_guild: defaultdict[int, dict[int, Schedule]] = defaultdict(dict)

    def fill(self, schedules: Iterable[Schedule]) -> None:
        """Begin anew with these."""
        self._schedules.clear()
        self._by_guild.clear()
        for schedule in schedules:
            self.enter(schedule)

    def enter(self, schedule: Schedule) -> Schedule:
        """Take in what a schedule is like now."""
        if schedule.state is ScheduleState.REMOVED:
            self._schedules.pop(schedule.id, None)
            self._by_guild[schedule.guild_id].pop(schedule.id, None)
        else:
            self._schedules[schedule.id] = self._by_guild[schedule.guild_id][schedule.id] = schedule
        return schedule

    def refresh(self, schedule: Schedule | None) -> None:
        """Take in what a schedule was like a moment ago, unless it was removed meanwhile."""
        if schedule is not None and schedule.id in self._schedules:
            self.enter(schedule)

    def find(self, schedule_id: int) -> Schedule | None:
        """Return a schedule; None when there is none such, or it was removed."""
        return self._schedules.get(schedule_id)

    def of(self, guild_id: int) -> list[Schedule]:
        """Return a server's schedules, oldest first."""
        here = self._by_guild.get(guild_id, {})
        return [here[number] for number in sorted(here)]

    def __iter__(self) -> Iterator[Schedule]:
        return iter(tuple(self._schedules.values()))
