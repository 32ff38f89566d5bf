"""What is posted stays within Discord's limits and says what its readers need."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from discord import ui

from bot.announcements.cards import DEADLINES_SHOWN, content_card, post_card
from bot.announcements.kinds.closing import ClosingContent
from bot.announcements.kinds.deadlines import DeadlinesContent
from bot.announcements.kinds.digest import MOST_POLLS, MOST_QUESTIONS, DigestContent, PollNews
from bot.announcements.kinds.rankings import RankingsContent
from bot.announcements.kinds.results import ResultsContent
from bot.announcements.model import Missed, Post, Run, RunState, Schedule, ScheduleState
from bot.announcements.recurrence import parse
from bot.catalogue.calendar import Event as Day
from bot.catalogue.changes import Change, Edition, NewChange
from bot.catalogue.model import Fact, Project, Source, Window
from bot.catalogue.proposal import Changed
from bot.polls.model import Electorate, Poll, Visibility
from bot.polls.ranking import ranking_of
from bot.polls.store import Brief
from bot.rankings.model import Entry, Ranking, ranked
from bot.ui.card import MAX_COMPONENTS, MAX_TEXT_CHARS, Card
from tests.announcements.kinds.polls import closed, poll
from tests.polls.ballots import poll_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SCHEDULE = Schedule(
    10,
    "rankings",
    20,
    parse("day", "18:00", "Europe/Berlin"),
    40,
    77,
    Missed.LATE,
    id=1,
    state=ScheduleState.ACTIVE,
    created_at=NOW,
    next_due_at=NOW,
)
RUN = Run(1, 1, NOW, RunState.SENT, NOW, NOW, 99)


def posted(schedule: Schedule, ranking: Ranking, late_since: datetime | None = None) -> Post:
    return Post(schedule, RUN, RankingsContent(ranking), late_since)


def text_of(card: Card) -> str:
    return "\n".join(part.content for part in card.walk_children() if isinstance(part, ui.TextDisplay))


def test_the_largest_post_fits() -> None:
    labels = [f"{number:02}" + "*_`~|" * 15 for number in range(25)]
    ranking = Ranking("*" * 120, "poll", "open", ranked([Entry(label, 9**9) for label in labels]), 9**9, NOW, NOW)
    card = post_card(posted(SCHEDULE, ranking, NOW), b"png")
    assert card.content_length() <= MAX_TEXT_CHARS
    assert card.total_children_count <= MAX_COMPONENTS
    assert len(card.files) == 1


def test_the_mention_stands_above_the_box_and_the_box_is_whole() -> None:
    ranking = Ranking("Who leads?", "poll", "open", ranked([Entry("peaq", 1)]), 1, NOW)
    plain = post_card(posted(replace(SCHEDULE, role_id=None), ranking), None)
    card = post_card(posted(SCHEDULE, ranking), None)
    mention, box = card.to_components()
    assert mention["content"] == "<@&77>"
    assert [box] == plain.to_components()
    assert card.total_children_count == plain.total_children_count + 1


# Each kind

LONGEST = "*_`~|" * 24  # every letter is escaped
FACT = Fact(value=Window(closes="2026-03-05"), status="reported", sources=(Source(title="A page"),), as_of=NOW.date())
PROJECT = Project.model_validate(
    {
        "id": "peaq",
        "name": "peaq",
        "symbol": "PEAQ",
        "category": "DePIN",
        "about": "A chain",
        "airdrop": {"state": "claimable", "line": "Open"},
        "facts": {"claim_window": FACT},
    }
)


def fits(card: Card) -> None:
    assert card.to_components()
    assert card.content_length() <= MAX_TEXT_CHARS
    assert card.total_children_count <= MAX_COMPONENTS


def of(shown: Poll, *, visible: bool = True) -> Ranking:
    return ranking_of(shown, NOW, visible=visible)


def closing(lead: str = "day", *, visible: bool = True, **changes: Any) -> Card:
    shown = poll(**changes)
    return content_card(ClosingContent(shown, of(shown, visible=visible), Electorate(50), lead), None)


@pytest.mark.parametrize(
    ("lead", "said"), [("day", "Last day to vote"), ("hour", "Last hour to vote"), ("", "Have you voted?")]
)
def test_a_reminder_says_how_long_there_is_and_how_many_voted(lead: str, said: str) -> None:
    text = text_of(closing(lead))
    assert said in text
    assert "closes <t:" in text
    assert "9 ballots · 18% of 50 members" in text


def test_a_reminder_links_the_board_when_it_stands() -> None:
    assert "/channels/7/70/5)" in text_of(closing(message_id=5))
    assert "/channels/" not in text_of(closing())


def test_hidden_results_leave_nothing_but_names_in_a_reminder() -> None:
    text = text_of(closing(results=Visibility.AFTER_CLOSE, visible=False))
    assert "On the ballot: Project 000, Project 001" in text
    assert "🥇" not in text


def test_the_longest_reminder_fits() -> None:
    shown = replace(poll_of([LONGEST[:78] + f"{place:02}" for place in range(25)], title=LONGEST[:120]), message_id=5)
    fits(content_card(ClosingContent(shown, of(shown, visible=False)), None))
    fits(content_card(ClosingContent(shown, of(shown)), None))


def test_a_result_comes_with_turnout_and_root() -> None:
    shown = closed(root="ab" * 32)
    text = text_of(content_card(ResultsContent(shown, of(shown), Electorate(50)), b"png"))
    assert "Final result" in text
    assert "Turnout: 18% of 50 members" in text
    assert "ab" * 32 in text


def test_the_standings_of_a_poll_come_with_turnout_as_far_as_it_is_known() -> None:
    open_one = of(poll())
    assert "Turnout: 18% of 50 members" in text_of(content_card(RankingsContent(open_one, Electorate(50)), None))
    assert "Turnout" not in text_of(content_card(RankingsContent(open_one), None))


def test_the_longest_result_fits() -> None:
    shown = closed(root="ab" * 32, title=LONGEST[:120])
    entries = [Entry(LONGEST[:78] + f"{place:02}", 9**9) for place in range(25)]
    ranking = Ranking(shown.title, "poll", "closed", ranked(entries), 9**9, NOW)
    fits(content_card(ResultsContent(shown, ranking, Electorate(50)), b"png"))


def deadlines(*days: Day) -> Card:
    return content_card(DeadlinesContent(14, days, NOW, {}), None)


def test_a_deadline_says_what_happens_when_and_how_sure_that_is() -> None:
    text = text_of(
        deadlines(
            Day(PROJECT, "claim_window-opens", "Claims open", "2026-03-04", FACT),
            Day(PROJECT, "claim_window-closes", "Claims close", "2026-03-05", FACT),
            Day(PROJECT, "claim_window-closes", "Claims close", "2026-04", FACT),
        )
    )
    assert "🟢 **peaq** claims open <t:1772625600:D> (<t:1772582400:R>) ≈" in text
    # A day of closing is over at its end.
    assert "🔒 **peaq** claims close <t:1772712000:D> (<t:1772755200:R>) ≈" in text
    assert "🔒 **peaq** claims close April 2026 ≈" in text
    assert "≈ reported, not checked" in text


def test_more_deadlines_than_fit_are_counted() -> None:
    loud = PROJECT.model_copy(update={"name": LONGEST[:60]})
    day = Day(loud, "claim_window-closes", "Claims close", "2026-03-05T12:00Z", FACT)
    card = deadlines(*[day] * (DEADLINES_SHOWN + 3))
    fits(card)
    assert "… and 3 more" in text_of(card)


def test_a_board_without_deadlines_says_so() -> None:
    assert "None is known any more" in text_of(deadlines())


def digest(changes: int = 0, polls: tuple[PollNews, ...] = (), questions: tuple[tuple[str, int], ...] = ()) -> Card:
    loud = PROJECT.model_copy(update={"name": LONGEST[:60]})
    plain = FACT.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    edit = NewChange("peaq", "edit", "claim_window", None, plain | {"value": {"closes": "2026-03-05"}})
    made = tuple(Change(number, "b", edit, 99, NOW) for number in range(changes))
    anew = (loud,) * (20 if changes else 0)
    changed = Changed(7, NOW - timedelta(days=7), made, anew, Edition({"peaq": loud}, {}))
    return content_card(DigestContent(7, changed, polls, questions, NOW, {}), None)


def news(shown: Poll) -> PollNews:
    brief = Brief(7, 7, shown.title, shown.state, shown.opens_at, shown.closes_at, shown.closed_at)
    return PollNews(brief, of(shown), new=False)


def test_the_fullest_digest_fits_and_names_nobody() -> None:
    loud = news(poll(title=LONGEST[:120]))
    card = digest(30, (loud,) * MOST_POLLS, ((LONGEST, 99),) * MOST_QUESTIONS)
    fits(card)
    text = text_of(card)
    assert "… and 25 more changes" in text
    assert "1 fact of **" in text
    assert "and 12 more projects" in text
    assert "<@" not in text


def test_parts_of_the_digest_with_nothing_in_them_are_left_out() -> None:
    text = text_of(digest(polls=(news(poll()),)))
    assert "**Polls**" in text
    assert "New facts" not in text
    assert "Asked most" not in text


def test_the_digest_tells_who_won() -> None:
    lines = poll_of(["Starknet", "peaq"]).candidates
    votes = tuple(replace(line, votes=votes) for line, votes in zip(lines, (3, 1), strict=True))
    won = closed(candidates=votes, ballots=4)
    assert "🥇 Starknet with 75.0% of 4 ballots" in text_of(digest(polls=(news(won),)))
    tied = replace(won, candidates=tuple(replace(line, votes=2) for line in lines))
    assert "🥇 Starknet and peaq with 50.0%" in text_of(digest(polls=(news(tied),)))
    nobody = replace(won, candidates=lines, ballots=0)
    assert "· 0 ballots" in text_of(digest(polls=(news(nobody),)))


def test_a_question_is_shown_as_dead_text() -> None:
    text = text_of(digest(questions=(("Is https://scam.example <@1> @everyone **real**?", 2),)))
    assert "https://" not in text
    assert "<@1>" not in text.replace("\\<", "")
    assert "by 2 members" in text
