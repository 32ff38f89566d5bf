"""What receipts, exports, the log and a member's own data look like."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.audit.model import Entry
from bot.polls.ballot_cards import recorded_line
from bot.polls.cards import DANGER, checksum
from bot.polls.model import Minute
from bot.polls.records import Audited, Exported, Replaced, Verified
from bot.ui.card import STATE_COLOURS, Card, button
from bot.ui.text import clip, escape, moment, plural

ENTRIES_SHOWN = 12
HOURS_SHOWN = 12

_DONE = {
    "opened": "opened",
    "closed": "closed",
    "counted": "counted",
    "cancelled": "cancelled",
    "extended": "made longer",
    "exported": "exported",
}


def verified_card(verified: Verified) -> Card:
    """Say whether a ballot counts as it was cast, and what that shows and does not."""
    poll, ballot = verified.poll, verified.ballot
    names = ", ".join(escape(poll.candidates[position].label) for position in ballot.choices)
    weight = f", weight {ballot.weight}" if ballot.weight > 1 else ""
    if verified.root_holds is None:
        card = Card(f"Recorded · {escape(poll.title)}", colour=STATE_COLOURS["open"])
        card.text(f"✅ This receipt stands for **{names}**{weight}, recorded {moment(ballot.changed_at)}.")
        return card.footer(
            "When the poll closes, one checksum is made of all ballots and posted with the result. Check again then."
        )
    if not verified.root_holds:
        card = Card(f"Not as it was counted · {escape(poll.title)}", colour=STATE_COLOURS["cancelled"])
        card.text(
            "⚠️ The ballot that is stored for this receipt does not lead to the checksum posted with the result. "
            "It, or what was kept to prove it, was changed after the close."
        )
        card.text(checksum(poll))
        return card.footer(
            "Keep this answer, your receipt and the posted result, and show them to the moderators. "
            "Whoever runs the bot can look into a backup from after the close."
        )
    card = Card(f"Counted as cast · {escape(poll.title)}", colour=STATE_COLOURS["open"])
    there = f"there {'is' if poll.ballots == 1 else 'are'} {plural(poll.ballots, 'ballot')} in all"
    card.text(f"✅ Your ballot for **{names}**{weight} was counted; {there}.")
    card.text(checksum(poll))
    return card.footer(
        "This shows that your ballot was neither changed nor left out: compare the checksum with the posted one.\n"
        "It does not show that every other ballot was cast by a member. Who runs the bot holds the database."
    )


def replaced_card(replaced: Replaced) -> Card:
    """Say which receipt counts instead; most who meet this changed their vote."""
    poll, ballot = replaced.poll, replaced.ballot
    card = Card(f"An older receipt · {escape(poll.title)}", colour=STATE_COLOURS["notice"])
    done = "changed" if ballot.changed_at > ballot.cast_at else "recorded"
    card.text(f"Your ballot was {done} {moment(ballot.changed_at)}, and the newer receipt counts:")
    card.text(recorded_line(poll, ballot))
    return card.footer(
        "Each change makes a new receipt, and the one before stands for nothing any more. "
        "If you did not change your ballot, tell the moderators and keep both."
    )


def export_card(exported: Exported, files: Sequence[tuple[str, bytes]]) -> Card:
    """Hand over the files of a closed poll."""
    card = Card(f"Export · {escape(exported.poll.title)}", colour=STATE_COLOURS["notice"])
    card.text(
        f"{plural(exported.poll.ballots, 'ballot')}, no names. Anybody who has Moonballot can recount them, with no "
        f"token and no database: in its folder, `python run.py verify {files[0][0]}`. "
        "Its page docs/export.md says how to recount them without it."
    )
    for name, data in files:
        card.file(name, data)
    return card.footer(checksum(exported.poll))


def audit_card(audited: Audited) -> Card:
    """Show a poll's course and the numbers that may be signs of stuffing; they prove nothing."""
    poll = audited.poll
    card = Card(f"Log · {escape(poll.title)}", colour=STATE_COLOURS["notice"])
    left_out = len(audited.entries) - ENTRIES_SHOWN
    lines = [_entry(entry) for entry in audited.entries[-ENTRIES_SHOWN:]]
    card.text("\n".join([*([f"… and {left_out} before"] if left_out > 0 else []), *lines]))
    card.rule().text("**Ballots by hour**\n" + _hours(audited.minutes))
    card.rule().text("**Numbers to look at**\n" + "\n".join(_signs(audited)))
    broken = audited.chain_broken_at
    chain = (
        "This server's log is whole: no entry was changed or taken out."
        if broken is None
        else f"⚠️ This server's log was tampered with: entry {broken} does not follow from those before it."
    )
    return card.footer(f"{chain}\nNobody can see who voted what. Numbers are no proof of anything.")


def _entry(entry: Entry) -> str:
    new = entry.new
    who = f"by <@{new.actor_id}>" if new.actor_id else "by the bot"
    details = "".join(f" · {escape(clip(str(new.details[name]), 80))}" for name in ("reason",) if name in new.details)
    if new.action == "extended":
        details = f" · until {moment(datetime.fromisoformat(new.details['after']))}"
    return f"`{entry.number}` {moment(new.at)} **{_DONE.get(new.action, new.action)}** {who}{details}"


def _hours(minutes: Sequence[Minute]) -> str:
    if not minutes:
        return "None yet."
    hours: dict[datetime, Counter[str]] = {}
    for minute in minutes:
        counts = {"cast": minute.cast, "changed": minute.changed, "withdrawn": minute.withdrawn}
        hours.setdefault(minute.start.replace(minute=0), Counter()).update(counts)
    lines = [
        f"{moment(hour)} cast {counts['cast']:,}, changed {counts['changed']:,}, withdrawn {counts['withdrawn']:,}"
        for hour, counts in list(hours.items())[-HOURS_SHOWN:]
    ]
    more = len(hours) - HOURS_SHOWN
    return "\n".join([*([f"… and {plural(more, 'hour')} before"] if more > 0 else []), *lines])


def _signs(audited: Audited) -> list[str]:
    ballots = audited.poll.ballots
    busiest = max(audited.minutes, key=lambda minute: minute.cast, default=None)
    lines = [
        f"Accounts younger than 30 days: {_part(audited.young_accounts, ballots)}",
        f"Members who joined after the opening: {_part(audited.joined_late, ballots)}",
    ]
    if busiest is not None and busiest.cast:
        lines.append(f"Busiest minute: {plural(busiest.cast, 'ballot')} at {moment(busiest.start, 't')}")
    return lines


def _part(count: int, ballots: int) -> str:
    share = f" ({100 * count / ballots:.1f}%)" if ballots else ""
    return f"{count:,} of {plural(ballots, 'ballot')}{share}"


def my_data_card(data: dict[str, Any]) -> Card:
    """Hand a member all that is tied to them."""
    card = Card("Your data", colour=STATE_COLOURS["notice"])
    kept = [plural(len(data[f"{what}s"]), what) for what in ("ballot", "question", "rating")]
    kept.append(plural(len(data["watches"]), "watched project"))
    card.text(f"{', '.join(kept)}, on all servers of this bot. Nothing else about you is kept.")
    return card.file("my-moonballot-data.json", json.dumps(data, ensure_ascii=False, indent=2).encode())


def forget_card(running: int) -> Card:
    """Ask before a member is forgotten; `running` of their ballots are in polls that are not over."""
    card = Card("Forget me?", colour=STATE_COLOURS["closing"])
    card.text(
        "Your ballots in finished polls go on counting, but nothing ties them to you any more: `/vote mine` will not "
        "find them. Your receipts still work. Keep them if you want to check. What you asked me, and how you rated "
        "answers, is deleted, and so is what you watch."
    )
    card.text(_staying(running))
    return card.buttons(button("Forget me", "privacy:v1:erase", style=DANGER), button("Leave it", "privacy:v1:keep"))


def forgotten_card(untied: int, left: int, questions: int, watches: int) -> Card:
    """Say what was forgotten and what stays for now."""
    card = Card("Forgotten", colour=STATE_COLOURS["notice"])
    card.text(f"{plural(untied, 'ballot')} of finished polls can no longer be traced to you.")
    card.text(f"What you asked and how you rated answers is deleted: {plural(questions, 'question')}.")
    card.text("You watch nothing any more." + (f" It was {plural(watches, 'project')}." if watches else ""))
    return card.text(_staying(left))


def _staying(running: int) -> str:
    """Say what becomes of ballots in polls that still run; nothing where there are none."""
    if not running:
        return ""
    stays = "in a poll that still runs stays yours until it ends"
    if running > 1:
        stays = "in polls that still run stay yours until these end"
    return (
        f"{plural(running, 'ballot')} {stays}, or you could vote twice. "
        f"Withdraw {'it' if running == 1 else 'them'} with `/vote withdraw`, or use `/privacy erase` again afterwards."
    )
