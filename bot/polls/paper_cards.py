"""What a ballot looks like while it is filled in: one list, pages of a long one, a search, an order to confirm."""

import random
from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.polls.ballot_cards import (
    BESIDE_CHARS,
    ballot_title,
    final_card,
    fitted,
    names_of,
    recorded_line,
)
from bot.polls.cards import PRIMARY, results_button, terms
from bot.polls.model import Ballot, Candidate, Poll, PollState
from bot.polls.paper import PAGE_CANDIDATES, Paper
from bot.ui.card import STATE_COLOURS, Card, button, choices
from bot.ui.components import text_modal
from bot.ui.text import ago, clip, escape, plural

SEARCH_CHARS = 80
MARKS_CHARS = 1_800


def ballot_card(poll: Poll, ballot: Ballot | None, paper: Paper | None = None, notice: str = "") -> Card:
    """Return a member's ballot: what is recorded, and the paper to fill in while the poll is open."""
    if poll.state is not PollState.OPEN:
        return final_card(poll, ballot)
    paper = paper or Paper.opened(poll, ballot)
    card = _headed(paper, ballot, notice)
    if paper.offered:
        if paper.pages > 1:
            first = paper.place * PAGE_CANDIDATES
            span = f"{first + 1} to {first + len(paper.shown)} of {len(paper.offered)}"
            card.footer(f"Page {paper.place + 1} of {paper.pages} · candidates {span}")
        card.select(_page_list(paper, ballot))
    if paper.pages > 1:
        card.buttons(*_page_buttons(paper))
    # Whoever has begun has read the terms: the less stands between the list and Confirm, the better.
    closes = [f"Closes {ago(poll.closes_at)}"] if poll.closes_at else []
    card.footer("\n".join([*(() if paper.marks else terms(poll)), *closes]))
    actions = _actions(paper, ballot)
    return card.buttons(*actions) if actions else card


def barred_card(poll: Poll, why: str) -> Card:
    """Return what stands in place of the paper for whom the poll's rules leave out."""
    card = Card(ballot_title(poll), colour=STATE_COLOURS["open"])
    return card.text(f"⚠️ {why}").footer("\n".join(terms(poll)))


def found_card(paper: Paper, typed: str, found: Sequence[Candidate]) -> Card:
    """Return what a search brought: the candidates to choose from, the best first, and the ways back."""
    card = Card(ballot_title(paper.poll), colour=STATE_COLOURS["open"]).text(_marks(paper) if paper.marks else "")
    free = [line for line in found if paper.poll.method == "single" or line.position not in paper.marks]
    there = [line.position for line in found if line not in free]
    card.text(f"🔎 “{escape(clip(typed, SEARCH_CHARS))}”: {plural(len(found), 'candidate') if found else 'none found'}")
    if len(free) > PAGE_CANDIDATES:
        card.footer(f"These are the first {PAGE_CANDIDATES} of {len(free)}; type more of the name to see the others.")
    if there:
        card.footer(f"Already on your ballot: {_names_of_marked(paper, there)}")
    if not found:
        card.footer("No candidate is called so. Try another spelling, or go back to the whole list.")
    if free and paper.poll.method == "single":
        card.footer(_how(paper))
    if free:
        route = "pick" if paper.poll.method == "single" else "add"
        most = 1 if paper.ranked or route == "pick" else PAGE_CANDIDATES
        card.select(_list(paper, route, free[:PAGE_CANDIDATES], (), most))
    return card.buttons(button("Search again", _id(paper, "search")), button("Back to the list", _id(paper, "page")))


def search_modal(poll_id: str, page: str, text: str) -> ui.Modal:
    """Return the question for a name; it carries the paper on which it was asked."""
    return text_modal(
        "Search the candidates", f"poll:v1:find:{poll_id}:{page}:{text}", "Name, or a part of it", SEARCH_CHARS
    )


def _headed(paper: Paper, ballot: Ballot | None, notice: str) -> Card:
    """Begin a card: what went wrong, what is recorded, what is marked so far."""
    card = Card(ballot_title(paper.poll), colour=STATE_COLOURS["open"])
    card.text(f"⚠️ {notice}" if notice else "")
    if ballot is None:
        return card.text(_marks(paper) if paper.marks else f"You have not voted yet. {_how(paper)}")
    if not paper.marks or (paper.marks == ballot.choices and not paper.ranked):
        return card.text(recorded_line(paper.poll, ballot))
    if paper.marks == ballot.choices:
        return card.footer("This is what is recorded; change it, then confirm.").text(_marks(paper))
    names = names_of(paper.poll, ballot.choices, BESIDE_CHARS)
    return card.footer(f"Recorded now: {names}. It counts until you confirm another.").text(_marks(paper))


def _how(paper: Paper) -> str:
    most = f"up to {paper.limit}" if paper.limit < len(paper.poll.candidates) else "as many as you like"
    if paper.poll.method == "single":
        return "Your choice counts as soon as you pick it."
    if paper.ranked:
        return f"Pick your favourite first, then the next, {most}. Nothing is recorded before you confirm."
    if paper.adds_up:
        return f"Choose {most}, on any page. Nothing is recorded before you confirm."
    return f"Choose {most}; your ballot counts as soon as the list closes."


def _marks(paper: Paper) -> str:
    """Show what is marked so far: a ranking as numbered lines, approvals as a count and their names."""
    if paper.ranked:
        lines = fitted(paper.poll, paper.marks, MARKS_CHARS, "\n", numbered=True)
        left = "" if paper.offered else "\nThat is as many as a ballot may rank: confirm it, or take one back."
        return f"**Your ranking**\n{lines}{left}"
    names = fitted(paper.poll, paper.marks, MARKS_CHARS, ", ", numbered=False)
    count = f"**{len(paper.marks)} chosen, at most {paper.limit}**: {names}"
    return f"{count}\n⚠️ Take {paper.excess} off before you confirm." if paper.excess else count


def _names_of_marked(paper: Paper, marks: Sequence[int]) -> str:
    """Return the names of marked candidates, with their ranks in a ranking."""
    if not paper.ranked:
        return names_of(paper.poll, marks, BESIDE_CHARS)
    ranks = [f"{paper.marks.index(mark) + 1}. {escape(clip(paper.poll.candidates[mark].label, 30))}" for mark in marks]
    return ", ".join(ranks[:10])


def _page_list(paper: Paper, ballot: Ballot | None) -> ui.Select[Any]:
    if paper.ranked:
        return _list(paper, "add", paper.shown, (), 1)
    if not paper.adds_up:
        return _list(paper, "pick", paper.shown, ballot.choices if ballot else (), paper.limit)
    here = sum(line.position in paper.marks for line in paper.shown)
    select = _list(paper, "mark", paper.shown, paper.marks, max(paper.limit, here))
    select.min_values = 0  # a page's last mark may be taken off again
    return select


def _list(paper: Paper, route: str, lines: Sequence[Candidate], mine: Sequence[int], most: int) -> ui.Select[Any]:
    options = [
        discord.SelectOption(label=clip(line.label, 100), value=str(line.position), default=line.position in mine)
        for line in lines
    ]
    custom_id = f"poll:v1:pick:{paper.poll.id}" if route == "pick" else _id(paper, route)
    select = choices(custom_id, _placeholder(paper, bool(mine)), options, most=most)
    # Clients keep what was last picked in a list that they take for the same one; each list is drawn as a new one.
    select.id = random.randrange(2**16, 2**31)
    return select


def _placeholder(paper: Paper, voted: bool) -> str:
    if paper.ranked:
        return f"Choose your {_ordinal(len(paper.marks) + 1)}…"
    if paper.poll.method == "single":
        return "Choose another…" if voted else "Choose one…"
    return f"Choose up to {paper.limit}…" if paper.limit < len(paper.poll.candidates) else "Choose any number…"


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _page_buttons(paper: Paper) -> tuple[ui.Button[Any], ...]:
    return (
        button("Previous", _id(paper.turned(-1), "page", "previous"), disabled=paper.place == 0),
        button("Next", _id(paper.turned(1), "page", "next"), disabled=paper.place == paper.pages - 1),
        button("Search", _id(paper, "search"), emoji="🔎"),
    )


def _actions(paper: Paper, ballot: Ballot | None) -> list[ui.Button[Any]]:
    kept = ballot.choices if ballot else ()
    found: list[ui.Button[Any]] = []
    if paper.marks:
        confirm = f"poll:v1:confirm:{paper.poll.id}:{paper.text}"
        idle = bool(paper.excess) or paper.marks == kept
        found.append(button("Confirm", confirm, style=PRIMARY, disabled=idle))
    if paper.marks and paper.ranked:
        found.append(button("Undo", _id(paper.undone(), "page", "undo")))
    if paper.marks:
        found.append(button("Clear", _id(paper.marked(()), "page", "clear")))
    elif ballot and paper.ranked:
        found.append(button("Start from my ballot", _id(paper.marked(kept), "page", "kept")))
    if ballot and paper.marks in ((), kept):
        found += [button("Withdraw my ballot", f"poll:v1:withdraw:{paper.poll.id}"), results_button(paper.poll)]
    return found


def _id(paper: Paper, route: str, apart: str = "") -> str:
    """Return a custom id that holds the paper; `apart` tells two buttons of one card apart that lead to the same."""
    return f"poll:v1:{route}:{paper.poll.id}:{paper.place}:{paper.text}" + (f":{apart}" if apart else "")
