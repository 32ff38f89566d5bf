"""What is posted: a card for each kind of content, and what a post adds to it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.announcements.content import Content
from bot.announcements.kinds.closing import ClosingContent
from bot.announcements.kinds.deadlines import DeadlinesContent
from bot.announcements.kinds.digest import DigestContent, PollNews
from bot.announcements.kinds.rankings import RankingsContent
from bot.announcements.kinds.results import ResultsContent
from bot.announcements.model import Post
from bot.catalogue import reading
from bot.catalogue.calendar import Event as Day
from bot.catalogue.change_cards import label, line, value
from bot.catalogue.changes import Change, Edition
from bot.catalogue.days import after, earliest
from bot.catalogue.proposal import Changed
from bot.polls.cards import PRIMARY, proof_line, results_button, share_that_voted, terms, turnout, when
from bot.polls.model import Electorate, PollState
from bot.rankings.cards import ranking_card, standings_text
from bot.rankings.model import Ranking
from bot.ui.card import STATE_COLOURS, Card, button
from bot.ui.text import ago, clip, escape, moment, plural

DEADLINES_SHOWN = 15
CHANGES_SHOWN = 5
PROJECTS_SHOWN = 8
TITLE_CHARS = 80
NAME_CHARS = 40
IN_FRONT = 3
CANDIDATES_CHARS = 500

_CLOSING = {"day": "⏰ Last day to vote", "hour": "⏰ Last hour to vote"}


def post_card(post: Post, png: bytes | None) -> Card:
    """Return what appears in the channel."""
    card = content_card(post.content, png)
    if post.late_since is not None:
        card.footer(f"⏰ Late: this was due {moment(post.late_since)}.")
    return card.above(f"<@&{post.schedule.role_id}>") if post.schedule.role_id else card


def content_card(content: Content, png: bytes | None) -> Card:
    """Return what a content looks like, wherever it is shown."""
    match content:
        case RankingsContent():
            return _ranking_card(content.ranking, content.electorate, png)
        case ClosingContent():
            return _closing_card(content)
        case ResultsContent():
            return _ranking_card(content.ranking, content.electorate, png).footer(proof_line(content.poll))
        case DeadlinesContent():
            return _deadlines_card(content)
        case DigestContent():
            return _digest_card(content)
    raise TypeError(f"{type(content).__name__} has no card")


# Polls


def _closing_card(content: ClosingContent) -> Card:
    poll = content.poll
    card = Card(_CLOSING.get(content.lead, "🗳️ Have you voted?"), colour=STATE_COLOURS["closing"])
    card.text(f"**{escape(poll.title)}**").text(when(poll)).text(_in_front(content.standings))
    board = f"https://discord.com/channels/{poll.guild_id}/{poll.channel_id}/{poll.message_id}"
    to_board = f" · [See the board]({board})" if poll.message_id is not None else ""
    card.footer("\n".join([f"{turnout(poll, content.electorate)}{to_board}", *terms(poll)]))
    return card.buttons(
        button("Vote", f"poll:v1:vote:{poll.id}", style=PRIMARY, emoji="🗳️"),
        button("My ballot", f"poll:v1:mine:{poll.id}"),
        results_button(poll),
    )


def _in_front(ranking: Ranking) -> str:
    """Return the first places; before there are any, or while they are hidden, who can be voted for."""
    if ranking.hidden or not ranking.decided:
        names = ", ".join(each.label for each in ranking.standings)
        return f"On the ballot: {escape(clip(names, CANDIDATES_CHARS))}"
    left = len(ranking.standings) - IN_FRONT
    shown = standings_text(replace(ranking, standings=ranking.standings[:IN_FRONT]), bars=True)
    return f"{shown}\n… and {left} more" if left > 0 else shown


def _ranking_card(ranking: Ranking, electorate: Electorate | None, png: bytes | None) -> Card:
    share = share_that_voted(ranking.ballots or 0, electorate)
    return ranking_card(ranking, png).footer(f"Turnout: {share}" if share else "")


# Deadlines


def _deadlines_card(content: DeadlinesContent) -> Card:
    card = Card(f"📅 {content.title}", colour=STATE_COLOURS["closing"])
    if not content.coming:
        return card.text("None is known any more.").footer(f"As of {moment(content.as_of, 'D')}")
    shown = content.coming[:DEADLINES_SHOWN]
    card.text("\n".join(_deadline(day) for day in shown))
    if len(content.coming) > len(shown):
        card.text(f"… and {len(content.coming) - len(shown)} more: `/project calendar`")
    looked_up = min(day.fact.as_of for day in shown)
    marks = {
        day.fact.status: f"{reading.MARKS[day.fact.status]} {reading.MARK_MEANINGS[day.fact.status]}" for day in shown
    }
    card.footer(
        f"{' · '.join(marks.values())}\nLooked up {reading.date_stamp(looked_up)} or later. Sources: /project show"
    )
    return card.footer("Claim only on the project's own page: /link check tells look-alikes apart.")


def _deadline(day: Day) -> str:
    opens = day.key.endswith("-opens")
    at = earliest(day.day) if opens else after(day.day)
    sign, left = "🟢" if opens else "🔒", f" ({ago(at)})" if day.exact else ""
    name, what = escape(clip(day.project.name, NAME_CHARS)), day.what[0].lower() + day.what[1:]
    # The name comes first, so that it is found at a glance where a phone breaks the line.
    return f"{sign} **{name}** {what} {reading.day(day.day)}{left} {reading.MARKS[day.fact.status]}"


# The digest


def _digest_card(content: DigestContent) -> Card:
    card = Card(f"🗞️ {content.title}", colour=STATE_COLOURS["notice"])
    parts = {
        "New facts": list(_facts(content.changed)),
        "Polls": [_poll(news) for news in content.polls],
        "Asked most": [
            f"❓ {escape(clip(question, TITLE_CHARS))} · by {plural(members, 'member')}"
            for question, members in content.questions
        ],
    }
    for heading, lines in parts.items():
        if lines:
            card.text("\n".join((f"**{heading}**", *lines))).rule()
    since = content.as_of - timedelta(days=content.days)
    return card.footer(f"{moment(since, 'D')} to {moment(content.as_of, 'D')}. Ask me anything with /ask.")


def _facts(changed: Changed) -> Iterator[str]:
    yield from (_change(change, changed.edition) for change in changed.made[:CHANGES_SHOWN])
    if changed.anew:
        yield f"🔎 Looked up anew: {_looked_up(changed)}"
    if changed.made or changed.anew:
        left = len(changed.made) - CHANGES_SHOWN
        yield "-# " + (f"… and {plural(left, 'more change')}. " if left > 0 else "") + "See /project changes."


def _looked_up(changed: Changed) -> str:
    """Name projects with how many of their facts were looked up: `7 facts of peaq, 5 of Linea and 1 more project`."""
    since, shown = changed.since.date(), changed.anew[:PROJECTS_SHOWN]
    counts = [sum(fact.as_of >= since for fact in project.facts.values()) for project in shown]
    said = [plural(counts[0], "fact"), *(f"{count:,}" for count in counts[1:])]
    names = (f"**{escape(clip(project.name, NAME_CHARS))}**" for project in shown)
    left = len(changed.anew) - PROJECTS_SHOWN
    named = ", ".join(f"{count} of {name}" for count, name in zip(said, names, strict=True))
    return f"{named} and {plural(left, 'more project')}" if left > 0 else named


def _change(change: Change, edition: Edition) -> str:
    new, project = change.new, edition.projects.get(change.new.project_id)
    if project is None:
        return f"✏️ {reading.code(new.project_id)} changed"
    if new.action != "edit":
        return line(new, project)
    name, key = escape(clip(project.name, NAME_CHARS)), new.key or ""
    return f"✏️ **{name}** · {label(key)}: {value(key, new.new)}"


def _poll(news: PollNews) -> str:
    title = f"**{escape(clip(news.brief.title, TITLE_CHARS))}**"
    ballots = plural(news.ranking.ballots or 0, "ballot")
    if news.brief.state is PollState.CLOSED:
        return f"🏁 {title} · {f'{_winner(news.ranking)} of ' if news.ranking.decided else ''}{ballots}"
    closes = f" · closes {ago(news.brief.closes_at)}" if news.brief.closes_at else ""
    return f"{'🆕' if news.new else '🟢'} {title} · open{closes} · {ballots} so far"


def _winner(ranking: Ranking) -> str:
    first = [each for each in ranking.standings if each.place == 1]
    names = " and ".join(escape(clip(each.label, NAME_CHARS)) for each in first[:IN_FRONT])
    return f"🥇 {names} with {first[0].share:.1f}%"
