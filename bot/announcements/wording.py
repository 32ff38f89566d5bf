"""What moderators read of a schedule: when it comes, what is particular about it, how it fares."""

from bot.announcements.model import NewSchedule, Publishing, Run, RunState, Schedule, ScheduleState, is_late
from bot.announcements.recurrence import EVENT, describe
from bot.catalogue.reading import date_stamp
from bot.ui.text import ago, clip, escape, moment

MAX_PROBLEM_CHARS = 250
MAX_WHEN_CHARS = 150

_EVENTS = {
    "closing": "one day and one hour before each poll closes",
    "results": "when a poll closes",
}
_PUBLISHING = {
    Publishing.WAITING: " · waits to be published",
    Publishing.DONE: " · published",
    Publishing.FAILED: " · could not be published",
}


def times(plan: NewSchedule) -> str:
    """Say in words when an announcement comes."""
    if plan.recurrence.every == EVENT:
        return _EVENTS.get(plan.kind, "when it happens")
    return clip(describe(plan.recurrence), MAX_WHEN_CHARS)


def named(plan: NewSchedule) -> str:
    """Name what comes where and when: `rankings in #news, every day at 18:00 (UTC)`."""
    return f"**{plan.kind}** in <#{plan.channel_id}>, {escape(times(plan))}"


def what(plan: NewSchedule) -> str:
    """Say in a sentence what comes where and when, with what is particular about it below."""
    sentence = f"<#{plan.channel_id}> gets **{plan.kind}** {escape(times(plan))}."
    particular = conditions(plan)
    return f"{sentence}\n{particular}" if particular else sentence


def conditions(plan: NewSchedule) -> str:
    """Say in small print what is particular about a plan; nothing when there is nothing."""
    days = plan.options.get("days")
    parts = [
        f"{days} days {'back' if plan.kind == 'digest' else 'ahead'}" if days else "",
        f"from {date_stamp(plan.starts_on)}" if plan.starts_on else "",
        f"until {date_stamp(plan.ends_on)}" if plan.ends_on else "",
        "only with news" if plan.only_news else "",
        "one message, kept up to date" if plan.board else "",
    ]
    said = " · ".join(part for part in parts if part)
    return f"-# {said}" if said else ""


def coming(schedule: Schedule) -> str:
    """Say when it comes next, or why it does not."""
    if schedule.state is ScheduleState.PAUSED:
        return "⏸️ Paused"
    if schedule.state is ScheduleState.ENDED:
        return "🏁 Over"
    if schedule.next_due_at is None:
        return "🟢 Waits for a poll that closes"
    return f"🟢 Next {ago(schedule.next_due_at)}, {moment(schedule.next_due_at)}"


def behind(schedule: Schedule) -> str:
    """Say that its time is over, and nothing was recorded: the bot was away just now, or its storage takes nothing."""
    due = f"was due {ago(schedule.next_due_at)}" if schedule.next_due_at else "was due"
    return f"⏳ It {due} and is still to come. If that lasts, the operator finds the reason in my log"


def last_run(schedule: Schedule, run: Run | None) -> str:
    """Say how its newest run went."""
    if run is None:
        return "-# Nothing was due yet"
    if run.state is RunState.SENT and run.message_id is not None:
        at = run.finished_at or run.due_at
        late = ", late" if is_late(run.due_at, at) else ""
        published = _PUBLISHING[run.publishing] if run.publishing else ""
        return f"-# ✅ [Last posted]({address(schedule, run.channel_id, run.message_id)}) {ago(at)}{late}{published}"
    if run.state is RunState.SENT:
        return f"-# ✅ {moment(run.due_at)} was posted; somebody has deleted it"
    if run.state is RunState.SKIPPED:
        return f"-# ⏭️ {moment(run.due_at)} was left out: {run.problem or 'I was away.'}"
    if run.state is RunState.FAILED:
        return f"-# ❌ {moment(run.due_at)} could not be posted"
    if run.state is RunState.UNSURE:
        return (
            f"-# ❔ {moment(run.due_at)} may have been posted: look in <#{schedule.channel_id}>, "
            "and post it with `/announce run` if it is missing"
        )
    if run.state is RunState.WAITING and run.retry_at is not None:
        return f"-# ⏳ {moment(run.due_at)} could not be posted yet; try {run.tries + 1} comes {ago(run.retry_at)}"
    return f"-# ⏳ {moment(run.due_at)} is on its way"


def problem(schedule: Schedule) -> str:
    """Say what is in its way and since when; nothing when there is nothing."""
    if not schedule.problem:
        return ""
    since = f"\n-# Since {moment(schedule.problem_since)}" if schedule.problem_since else ""
    return f"⚠️ {clip(schedule.problem, MAX_PROBLEM_CHARS)}{since}"


def address(schedule: Schedule, channel_id: int | None, message_id: int | None) -> str:
    """Return the link to a post."""
    return f"https://discord.com/channels/{schedule.guild_id}/{channel_id or schedule.channel_id}/{message_id or ''}"
