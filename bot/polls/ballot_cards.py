"""What becomes of a member's ballot: recorded, withdrawn, shown when voting is over."""

from collections.abc import Iterable, Sequence
from typing import Any

from discord import ui

from bot.polls.cards import DANGER, when
from bot.polls.model import Ballot, Poll, Recorded
from bot.ui.card import STATE_COLOURS, Card, button
from bot.ui.text import ago, clip, escape, moment

# A card has 4,000 characters. Long ballots are shown whole, with shorter names; only what was before may be cut off.
BALLOT_CHARS = 2_600
BESIDE_CHARS = 700
_NAME_WIDTHS = (100, 60, 40, 24, 12)


def final_card(poll: Poll, ballot: Ballot | None) -> Card:
    """Return a member's ballot in a poll that takes no votes."""
    card = Card(ballot_title(poll), colour=STATE_COLOURS["closed"])
    return card.text(recorded_line(poll, ballot) if ballot else "You have no ballot in this poll.").text(when(poll))


def ballot_title(poll: Poll) -> str:
    """Return the heading of every card that shows a ballot."""
    return f"Your ballot · {escape(poll.title)}"


def recorded_line(poll: Poll, ballot: Ballot, before: Sequence[int] = ()) -> str:
    """Say what is recorded, since when, in place of what, and by which receipt it is found again."""
    names = names_of(poll, ballot.choices)
    recorded = f"✅ **{names}**, recorded {moment(ballot.changed_at)}"
    in_place = f"-# It replaces {names_of(poll, before, BESIDE_CHARS)}: only this one counts.\n" if before else ""
    return f"{recorded}\n{in_place}Receipt `{ballot.receipt}`\n-# `/vote verify` checks it, now and after the close."


def names_of(poll: Poll, picked: Sequence[int], chars: int = BALLOT_CHARS) -> str:
    """Return candidates' names in one line; those of a ranking are numbered."""
    if len(picked) == 1:
        return escape(poll.candidates[picked[0]].label)
    ranked = poll.method == "ranked"
    return fitted(poll, picked, chars, "  " if ranked else ", ", numbered=ranked)


def fitted(poll: Poll, picked: Sequence[int], chars: int, between: str, *, numbered: bool) -> str:
    """Join names within `chars`: long ones are all shortened alike; the last are left out when that is too little."""
    labels = [poll.candidates[position].label for position in picked]
    for width in _NAME_WIDTHS:
        parts = [escape(clip(label, width)) for label in labels]
        parts = [f"{rank}. {part}" for rank, part in enumerate(parts, 1)] if numbered else parts
        if len(between.join(parts)) <= chars:
            return between.join(parts)
    kept = list(_as_many_as_fit(parts, chars - 20, len(between)))
    return f"{between.join(kept)} and {len(parts) - len(kept)} more"


def _as_many_as_fit(parts: Iterable[str], chars: int, gap: int) -> Iterable[str]:
    for part in parts:
        chars -= len(part) + gap
        if chars < 0:
            return
        yield part


def recorded_card(recorded: Recorded) -> Card:
    """Return the reply to a ballot: what was recorded, when, the receipt, and how to change it."""
    poll, ballot, before = recorded.poll, recorded.ballot, recorded.before
    if not ballot.choices:
        card = Card(f"Ballot withdrawn · {escape(poll.title)}", colour=STATE_COLOURS["notice"])
        card.text("It does not count any more. You may vote again until the poll closes.")
        return card.buttons(_vote_button(poll, "Vote again"))
    heading = "Vote recorded" if recorded.changed else "Already recorded"
    replaced = before if before and before != ballot.choices else ()
    text = f"### {heading} · {escape(poll.title)}\n{recorded_line(poll, ballot, replaced)}"
    until = f"it closes {ago(poll.closes_at)}" if poll.closes_at else "the poll closes"
    how = "" if poll.method != "single" else ": press **Vote** on the board again, or type `/vote cast`"
    card = Card(colour=STATE_COLOURS["open"]).text(f"{text}\n-# You can change it until {until}{how}.")
    # The commonest answer by far is text alone: a button would cost every vote, and the board's is at hand.
    return card if poll.method == "single" else card.buttons(_vote_button(poll, "Change my vote"))


def _vote_button(poll: Poll, label: str) -> ui.Button[Any]:
    return button(label, f"poll:v1:vote:{poll.id}:update")


def withdraw_card(poll: Poll) -> Card:
    """Ask before a ballot is taken back."""
    card = Card(f"Withdraw your ballot? · {escape(poll.title)}", colour=STATE_COLOURS["closing"])
    return card.text("It will not count any more. You may vote again until the poll closes.").buttons(
        button("Withdraw it", f"poll:v1:withdrawn:{poll.id}", style=DANGER),
        button("Keep it", f"poll:v1:mine:{poll.id}:update"),
    )
