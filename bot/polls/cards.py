"""What polls look like: the board, the ballot, the list."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.polls.counting import METHODS
from bot.polls.eligibility import mentions
from bot.polls.model import Electorate, Poll, PollState, Visibility
from bot.polls.paper import Paper
from bot.polls.store import Brief
from bot.rankings.cards import standings_text
from bot.rankings.model import Ranking
from bot.ui.card import STATE_COLOURS, Card, button
from bot.ui.pages import page_of
from bot.ui.text import ago, clip, escape, moment, plural

POLLS_A_PAGE = 10
LISTED_CHARS = 80
MOST_NAMED = 12
PRIMARY, DANGER = discord.ButtonStyle.primary, discord.ButtonStyle.danger

_STATE_MARKS = {
    PollState.DRAFT: "✏️",
    PollState.SCHEDULED: "⏳",
    PollState.OPEN: "🟢",
    PollState.CLOSED: "🏁",
    PollState.CANCELLED: "🚫",
}
_RESULTS = {
    Visibility.LIVE: "",
    Visibility.AFTER_VOTE: "Results show once you have voted.",
    Visibility.AFTER_CLOSE: "Results show when the poll closes.",
}


def board_card(poll: Poll, ranking: Ranking, electorate: Electorate | None = None) -> Card:
    """Return the message that shows a poll in its channel; `electorate` says how many could vote, if known."""
    card = Card(f"🗳️ {escape(poll.title)}", colour=STATE_COLOURS.get(poll.state, STATE_COLOURS["notice"]))
    card.text(when(poll)).text(standings_text(ranking, bars=poll.ballots > 0, where="**Results** shows them"))
    card.footer("\n".join([turnout(poll, electorate), *(terms(poll) if poll.state is PollState.OPEN else ())]))
    results = results_button(poll)
    if poll.state is not PollState.OPEN:
        return card.buttons(results)
    return card.buttons(
        button("Vote", f"poll:v1:vote:{poll.id}", style=PRIMARY, emoji="🗳️"),
        button("My ballot", f"poll:v1:mine:{poll.id}"),
        results,
    )


def turnout(poll: Poll, electorate: Electorate | None) -> str:
    """Say how many ballots there are, and what share of those who could vote that is."""
    cast, share = plural(poll.ballots, "ballot"), share_that_voted(poll.ballots, electorate)
    return f"{cast} · {share}" if share else cast


def share_that_voted(ballots: int, electorate: Electorate | None) -> str:
    """Say what share of those who could vote that is; nothing where it is not known."""
    # Who voted and lost the role since has a ballot all the same: a share of more than all would only puzzle.
    if electorate is None or ballots > electorate.members:
        return ""
    share = f"{100 * ballots / electorate.members:.0f}%" if electorate.members else "0%"
    who = plural(electorate.members, "role holder" if electorate.holders else "member")
    return f"at least {share} of at most {who}" if electorate.at_most else f"{share} of {who}"


def when(poll: Poll) -> str:
    """Say in one line where a poll is in its life."""
    if poll.closed_at is not None:
        return f"🏁 **Closed** {moment(poll.closed_at)} · final result"
    if poll.state is PollState.SCHEDULED:
        end = f"closes {moment(poll.closes_at)}" if poll.closes_at else "stays open until a moderator closes it"
        return f"⏳ **Scheduled** · opens {ago(poll.opens_at)}, {moment(poll.opens_at)} · {end}"
    if poll.state is PollState.CANCELLED:
        return f"🚫 **Cancelled** without a result: {escape(poll.cancel_reason or '')}"
    if poll.closes_at is None:
        return "🟢 **Open** until a moderator closes it"
    return f"🟢 **Open** · closes {ago(poll.closes_at)}, {moment(poll.closes_at)}"


def terms(poll: Poll) -> list[str]:
    """Say how to vote and who may, in short lines."""
    rules = poll.rules
    who = [
        f"Discord account at least {plural(rules.min_account_age_days, 'day')} old" * bool(rules.min_account_age_days),
        f"on this server for at least {plural(rules.min_member_days, 'day')}" * bool(rules.min_member_days),
        f"role {' or '.join(f'<@&{role}>' for role in rules.role_ids)}" * bool(rules.role_ids),
        f"without the role {mentions(rules.excluded_role_ids)}" * bool(rules.excluded_role_ids),
    ]
    needed = ", ".join(part for part in who if part)
    heavy = ", ".join(f"<@&{role}> × {weight}" for role, weight in rules.weights.items())
    lines = [
        METHODS[poll.method].EXPLAINED,
        _most_named(poll),
        _RESULTS[poll.results],
        f"Who may vote: {needed}." if needed else "",
        f"Ballots that count more: {heavy}." if heavy else "",
    ]
    return [line for line in lines if line]


def _most_named(poll: Poll) -> str:
    """Say how many a ballot may name; nothing where it may name all, or where the method says it."""
    most = Paper(poll).limit
    return (
        f"A ballot names at most {most} candidates." if poll.method != "single" and most < len(poll.candidates) else ""
    )


def results_button(poll: Poll) -> ui.Button[Any]:
    """Return the button that shows the standings."""
    return button("Results", f"poll:v1:results:{poll.id}", emoji="📊")


def proof_line(poll: Poll) -> str:
    """Return the root that is posted with the result, and what a member can do with it."""
    if poll.root is None:
        return ""
    lines = [checksum(poll)]
    if poll.ballots:
        lines.append("Check that yours is among them with `/vote verify` and your receipt.")
    return "\n".join(lines)


def checksum(poll: Poll) -> str:
    """Name the root as what it is to a reader; the export and its documentation call it root."""
    return f"Checksum of all ballots (root): `{poll.root}`"


def close_card(poll: Poll) -> Card:
    """Ask before voting ends."""
    card = Card(f"Close this poll now? · {escape(poll.title)}", colour=STATE_COLOURS["closing"])
    card.text(f"Voting ends at once, for good, with {plural(poll.ballots, 'ballot')}. The result is posted.")
    return card.buttons(
        button("Close it now", f"poll:v1:close:{poll.id}", style=DANGER),
        button("Keep it open", f"poll:v1:keep:{poll.id}"),
    )


def closed_card(poll: Poll) -> Card:
    """Confirm that voting is over."""
    card = Card(f"Closed · {escape(poll.title)}", colour=STATE_COLOURS["closed"])
    at = f" {moment(poll.closed_at)}" if poll.closed_at else ""
    return card.text(f"Voting ended{at} with {plural(poll.ballots, 'ballot')}. The board shows the final result.")


def extended_card(poll: Poll) -> Card:
    """Confirm a later end, or the first one."""
    card = Card(f"New end · {escape(poll.title)}", colour=STATE_COLOURS["open"])
    return card.text(when(poll))


def cancelled_card(poll: Poll) -> Card:
    """Confirm that a poll ended without a result."""
    card = Card(f"Cancelled · {escape(poll.title)}", colour=STATE_COLOURS["cancelled"])
    kept = f"{plural(poll.ballots, 'ballot')} {'is' if poll.ballots == 1 else 'are'} kept, uncounted."
    over = f"Nobody can vote any more. {kept if poll.ballots else ''}".rstrip()
    return card.text(f"{escape(poll.cancel_reason or '')}\n{over}")


def opened_card(poll: Poll, board_url: str | None) -> Card:
    """Confirm to the moderator that a poll is open, or when it will be."""
    card = Card(f"🗳️ {escape(poll.title)}", colour=STATE_COLOURS["open"])
    card.text(when(poll))
    card.text(f"The board: {board_url}" if board_url else f"The board will stand in <#{poll.channel_id}>.")
    names = [escape(line.label) for line in poll.candidates[:MOST_NAMED]]
    more = len(poll.candidates) - len(names)
    count = plural(len(poll.candidates), "candidate")
    card.text(f"{count}:\n{', '.join(names)}" + (f" and {more} more" if more else ""))
    return card.footer("\n".join([*terms(poll), _ways_on(poll)]))


def _ways_on(poll: Poll) -> str:
    """Say what a moderator may do with a poll next."""
    if poll.state is not PollState.OPEN:
        return "`/poll cancel` calls it off."
    return f"`/poll close` ends it; `/poll extend` {'puts its end off' if poll.closes_at else 'gives it an end'}."


def list_card(polls: Sequence[Brief], page: int) -> Card:
    """Return one page of a server's polls, newest first."""
    card = Card("Polls on this server", colour=STATE_COLOURS["notice"])
    if not polls:
        return card.text("There are none yet. A moderator opens one with `/poll open`.")
    shown = page_of(polls, page, POLLS_A_PAGE)
    card.text("\n".join(_line(brief) for brief in shown.items))
    return shown.turn(card, "poll:v1:list")


def _line(brief: Brief) -> str:
    if brief.closed_at:
        when = f"closed {moment(brief.closed_at)}"
    elif brief.state is PollState.SCHEDULED:
        when = f"opens {ago(brief.opens_at)}"
    elif brief.state is PollState.OPEN:
        when = f"closes {ago(brief.closes_at)}" if brief.closes_at else "open until a moderator closes it"
    else:
        when = str(brief.state)
    board = f" · [board]({brief.board_url})" if brief.board_url else ""
    return f"{_STATE_MARKS[brief.state]} **{escape(clip(brief.title, LISTED_CHARS))}** · {when} · #{brief.id}{board}"
