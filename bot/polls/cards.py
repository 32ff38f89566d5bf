"""What polls look like: the board, the ballot, the list."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.polls.counting import METHODS
from bot.polls.model import Ballot, Poll, PollState, Recorded, Visibility
from bot.polls.store import Brief
from bot.rankings.cards import standings_text
from bot.rankings.model import Ranking
from bot.ui.card import STATE_COLOURS, Card, button, choices
from bot.ui.text import ago, clip, escape, moment, plural

POLLS_A_PAGE = 10
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


def board_card(poll: Poll, ranking: Ranking) -> Card:
    """Return the message that shows a poll in its channel."""
    card = Card(f"🗳️ {escape(poll.title)}", colour=STATE_COLOURS.get(poll.state, STATE_COLOURS["notice"]))
    card.text(_when(poll)).text(standings_text(ranking, bars=True))
    card.footer("\n".join([plural(poll.ballots, "ballot"), *(_terms(poll) if poll.state is PollState.OPEN else ())]))
    results = _results_button(poll)
    if poll.state is not PollState.OPEN:
        return card.buttons(results)
    return card.buttons(
        button("Vote", f"poll:v1:vote:{poll.id}", style=PRIMARY, emoji="🗳️"),
        button("My ballot", f"poll:v1:mine:{poll.id}"),
        results,
    )


def _when(poll: Poll) -> str:
    if poll.closed_at is not None:
        return f"🏁 **Closed** {moment(poll.closed_at)} · final result"
    if poll.state is PollState.SCHEDULED:
        return f"⏳ Opens {moment(poll.opens_at)}, {ago(poll.opens_at)}"
    if poll.state is PollState.CANCELLED:
        return "🚫 **Cancelled**"
    if poll.closes_at is None:
        return "🟢 **Open** until a moderator closes it"
    return f"🟢 **Open** · closes {ago(poll.closes_at)}, {moment(poll.closes_at)}"


def _terms(poll: Poll) -> list[str]:
    """Say how to vote and who may, in short lines."""
    rules = poll.rules
    who = [
        f"Discord account at least {plural(rules.min_account_age_days, 'day')} old" * bool(rules.min_account_age_days),
        f"on this server for at least {plural(rules.min_member_days, 'day')}" * bool(rules.min_member_days),
        f"role <@&{rules.role_id}>" * bool(rules.role_id),
    ]
    needed = ", ".join(part for part in who if part)
    lines = [METHODS[poll.method].EXPLAINED, _RESULTS[poll.results], f"Who may vote: {needed}." if needed else ""]
    return [line for line in lines if line]


def ballot_card(poll: Poll, ballot: Ballot | None) -> Card:
    """Return a member's ballot: what is recorded, and the list to choose from while the poll is open."""
    is_open = poll.state is PollState.OPEN
    card = Card(f"Your ballot · {escape(poll.title)}", colour=STATE_COLOURS["open" if is_open else "closed"])
    if ballot is not None:
        card.text(_recorded(poll, ballot))
    elif is_open:
        card.text("You have not voted yet. Your choice counts as soon as you pick it.")
    else:
        card.text("You have no ballot in this poll.")
    if not is_open:
        return card.text(_when(poll))
    card.select(_candidate_list(poll, ballot))
    card.footer("\n".join([*_terms(poll), f"Closes {ago(poll.closes_at)}" if poll.closes_at else ""]))
    return card.buttons(_withdraw_button(poll), _results_button(poll)) if ballot is not None else card


def _recorded(poll: Poll, ballot: Ballot) -> str:
    names = _names(poll, ballot.choices)
    return f"✅ **{names}**, recorded {moment(ballot.changed_at, 'F')}\nReceipt `{ballot.receipt}`"


def _names(poll: Poll, picked: Sequence[int]) -> str:
    return ", ".join(escape(poll.candidates[position].label) for position in picked)


def _candidate_list(poll: Poll, ballot: Ballot | None) -> ui.Select[Any]:
    mine = ballot.choices if ballot else ()
    options = [
        discord.SelectOption(label=clip(line.label, 100), value=str(line.position), default=line.position in mine)
        for line in poll.candidates
    ]
    placeholder = "Choose another to change your vote…" if mine else "Choose one…"
    return choices(f"poll:v1:pick:{poll.id}", placeholder, options)


def recorded_card(recorded: Recorded) -> Card:
    """Return the reply to a ballot: what was recorded, when, the receipt, and how to change it."""
    poll, ballot, before = recorded.poll, recorded.ballot, recorded.before
    if not ballot.choices:
        card = Card(f"Ballot withdrawn · {escape(poll.title)}", colour=STATE_COLOURS["notice"])
        card.text("It does not count any more. You may vote again until the poll closes.")
        return card.buttons(_vote_button(poll, "Vote again"))
    heading = "Vote recorded" if recorded.changed else "Already recorded"
    text = f"### {heading} · {escape(poll.title)}\n{_recorded(poll, ballot)}"
    if before and recorded.changed:
        text += f"\n-# It replaces {_names(poll, before)}: only this one counts."
    until = f"it closes {ago(poll.closes_at)}" if poll.closes_at else "the poll closes"
    card = Card(colour=STATE_COLOURS["open"]).text(f"{text}\n-# You can change it until {until}.")
    return card.buttons(_vote_button(poll, "Change my vote"))


def _vote_button(poll: Poll, label: str) -> ui.Button[Any]:
    return button(label, f"poll:v1:vote:{poll.id}:update")


def _withdraw_button(poll: Poll) -> ui.Button[Any]:
    return button("Withdraw my ballot", f"poll:v1:withdraw:{poll.id}")


def _results_button(poll: Poll) -> ui.Button[Any]:
    return button("Results", f"poll:v1:results:{poll.id}", emoji="📊")


def withdraw_card(poll: Poll) -> Card:
    """Ask before a ballot is taken back."""
    card = Card(f"Withdraw your ballot? · {escape(poll.title)}", colour=STATE_COLOURS["closing"])
    return card.text("It will not count any more. You may vote again until the poll closes.").buttons(
        button("Withdraw it", f"poll:v1:withdrawn:{poll.id}", style=DANGER),
        button("Keep it", f"poll:v1:mine:{poll.id}:update"),
    )


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


def opened_card(poll: Poll, board_url: str | None) -> Card:
    """Confirm to the moderator that a poll is open, or when it will be."""
    card = Card(f"{_STATE_MARKS[poll.state]} {escape(poll.title)}", colour=STATE_COLOURS["open"])
    card.text(_when(poll))
    card.text(f"The board: {board_url}" if board_url else f"The board will stand in <#{poll.channel_id}>.")
    card.text("Candidates: " + ", ".join(escape(line.label) for line in poll.candidates))
    return card.footer("\n".join(_terms(poll)) + "\nClose it with /poll close.")


def list_card(polls: Sequence[Brief], page: int) -> Card:
    """Return one page of a server's polls, newest first."""
    card = Card("Polls on this server", colour=STATE_COLOURS["notice"])
    if not polls:
        return card.text("There are none yet. A moderator opens one with `/poll open`.")
    pages = (len(polls) + POLLS_A_PAGE - 1) // POLLS_A_PAGE
    page = max(0, min(page, pages - 1))
    shown = polls[page * POLLS_A_PAGE : (page + 1) * POLLS_A_PAGE]
    card.text("\n".join(_line(brief) for brief in shown))
    if pages > 1:
        card.footer(f"Page {page + 1} of {pages}")
        card.buttons(
            button("Previous", f"poll:v1:list:{page - 1}", disabled=page == 0),
            button("Next", f"poll:v1:list:{page + 1}", disabled=page == pages - 1),
        )
    return card


def _line(brief: Brief) -> str:
    if brief.closed_at:
        when = f"closed {moment(brief.closed_at)}"
    elif brief.state is PollState.SCHEDULED:
        when = f"opens {ago(brief.opens_at)}"
    elif brief.state is PollState.OPEN:
        when = f"closes {ago(brief.closes_at)}" if brief.closes_at else "open until a moderator closes it"
    else:
        when = str(brief.state)
    return f"{_STATE_MARKS[brief.state]} **{escape(brief.title)}** · {when} · #{brief.id}"
