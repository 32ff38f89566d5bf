"""What a member's ballot looks like: to fill in, recorded, withdrawn."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.polls.cards import DANGER, results_button, terms, when
from bot.polls.model import Ballot, Poll, PollState, Recorded
from bot.ui.card import STATE_COLOURS, Card, button, choices
from bot.ui.text import ago, clip, escape, moment


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
        return card.text(when(poll))
    card.select(_candidate_list(poll, ballot))
    card.footer("\n".join([*terms(poll), f"Closes {ago(poll.closes_at)}" if poll.closes_at else ""]))
    return card.buttons(_withdraw_button(poll), results_button(poll)) if ballot is not None else card


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


def withdraw_card(poll: Poll) -> Card:
    """Ask before a ballot is taken back."""
    card = Card(f"Withdraw your ballot? · {escape(poll.title)}", colour=STATE_COLOURS["closing"])
    return card.text("It will not count any more. You may vote again until the poll closes.").buttons(
        button("Withdraw it", f"poll:v1:withdrawn:{poll.id}", style=DANGER),
        button("Keep it", f"poll:v1:mine:{poll.id}:update"),
    )
