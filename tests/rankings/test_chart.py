"""The picture: what is on it, what cannot break it, and that it is drawn once."""

import asyncio
import io
import threading
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from PIL import Image

from bot.rankings import chart
from bot.rankings.chart import MOST_ROWS, WIDTH_PX, Charts, Picture, draw, paint, picture_of
from bot.rankings.model import Entry, Ranking, ranked
from tests.rankings.conftest import NOW

HARD_NAMES = (
    "中文空投 にほん 한국",
    "🚀 Moon 👩‍🚀 🇩🇪 👍🏽 ❤️",
    "مرحبا שלום airdrop",
    "Z" + "\u0338" * 80,
    "\x00\x1b[31m\u202eevil\u202c",
    "\x00",
    "",
    "\ud800 lone half",
    "\u200d\ufe0f",
    "W" * 500,
    "नमस्ते ไทย",
    "\U0010fffe\U000f0000",
    "two\nlines\tand\u2028more",
)


def opened(png: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(png))
    image.load()
    return image


def poll_of(*names: str, votes: int = 3) -> Ranking:
    entries = [Entry(name, votes * i) for i, name in enumerate(names)]
    return Ranking("Which?", "poll", "open", ranked(entries), 3, NOW)


def test_a_ranking_becomes_a_png_of_the_width_that_fits_discord(poll: Ranking) -> None:
    image = opened(draw(poll))
    assert (image.format, image.width) == ("PNG", WIDTH_PX)
    assert 600 < image.height < 1000


@pytest.mark.parametrize("name", HARD_NAMES)
def test_no_name_breaks_the_picture(name: str) -> None:
    assert opened(draw(poll_of(name, "other"))).width == WIDTH_PX


@pytest.mark.parametrize("name", HARD_NAMES)
def test_no_title_breaks_the_picture(name: str) -> None:
    assert opened(draw(replace(poll_of("a"), title=name * 20))).width == WIDTH_PX


@pytest.mark.parametrize("count", [0, 1, 2, 8, 9, 25, 60])
def test_the_height_follows_the_rows_up_to_10(count: int) -> None:
    ranking = poll_of(*(f"Candidate {i}" for i in range(count)))
    assert len(picture_of(ranking).rows) == min(count, MOST_ROWS)
    assert 100 < opened(draw(ranking)).height < 1200


def test_a_picture_of_the_first_says_how_many_there_are() -> None:
    assert picture_of(poll_of(*(f"Candidate {i}" for i in range(60)))).line.endswith(" · first 10 of 60")
    assert "first" not in picture_of(poll_of(*(f"Candidate {i}" for i in range(10)))).line


def test_no_place_is_drawn_without_a_vote_or_after_a_cancelling(poll: Ranking) -> None:
    assert [row.place for row in picture_of(poll).rows] == [1, 2, 2, 4, 5, None]
    assert {(row.place, row.medal, row.moved) for row in picture_of(replace(poll, state="cancelled")).rows} == {
        (None, None, 0)
    }


def test_nothing_is_written_outside_the_margins() -> None:
    image = opened(draw(replace(poll_of("W" * 500, "M" * 500, votes=10**9), title="W" * 300)))
    edge = image.crop((0, 0, 40, image.height))
    assert edge.getcolors() == [(40 * image.height, edge.getpixel((0, 0)))]


def test_a_long_name_does_not_touch_its_numbers() -> None:
    # All names too long: where they end and the numbers begin, one column of ground is left free in the row.
    image = opened(draw(poll_of("W" * 500, "W" * 499, votes=10**6))).convert("L")
    top = 177
    free = [x for x in range(450, 900) if max(image.crop((x, top, x + 1, top + 28)).tobytes()) < 60]
    assert len(free) >= 20


def test_bars_are_as_long_as_the_votes_say(poll: Ranking) -> None:
    fractions = [row.fraction for row in picture_of(poll).rows]
    assert fractions[:3] == [1, Decimal("0.75"), Decimal("0.75")]
    assert fractions[-1] == 0


def test_a_poll_without_ballots_has_dashes_and_says_so() -> None:
    ranking = replace(poll_of("a", "b", votes=0), ballots=0)
    picture = picture_of(ranking)
    assert [row.place for row in picture.rows] == [None, None]
    assert "No ballots yet" in picture.line
    assert opened(draw(ranking)).width == WIDTH_PX


def test_hidden_results_are_not_in_the_picture(hidden: Ranking) -> None:
    rows = picture_of(hidden).rows
    assert [row.label for row in rows][:2] == ["Token Metrics", "Starknet"]
    assert {(row.place, row.share, row.votes, row.fraction) for row in rows} == {(None, "", "", Decimal(0))}


def test_the_line_says_when_and_from_how_many(poll: Ranking, survey: Ranking) -> None:
    closed = replace(poll, state="closed", ballots=1)
    assert picture_of(poll).line == "Open until 25 Nov 2026, 18:05 UTC · 3,032 ballots"
    assert picture_of(closed).line == "Final result of 22 Nov 2026 · 1 ballot"
    assert picture_of(replace(poll, state="cancelled")).line == "Cancelled without a result · 3,032 ballots"
    assert picture_of(survey).line == "Survey · Token Metrics, early 2024"


def test_equal_content_gives_equal_bytes(poll: Ranking) -> None:
    assert draw(poll) == draw(replace(poll, as_of=NOW + timedelta(seconds=5)))


class Painter:
    """Stands in for `paint`, counts, and waits until it is let go."""

    def __init__(self) -> None:
        self.painted: list[Picture] = []
        self.go = threading.Event()

    def __call__(self, picture: Picture) -> bytes:
        self.painted.append(picture)
        assert self.go.wait(5)
        if not picture.rows:
            raise RuntimeError("no rows")
        return picture.title.encode()


@pytest.fixture
def painter(monkeypatch: pytest.MonkeyPatch) -> Painter:
    painter = Painter()
    monkeypatch.setattr(chart, "paint", painter)
    return painter


async def test_a_hundred_who_ask_at_once_share_one_drawing(poll: Ranking, painter: Painter) -> None:
    charts = Charts()
    asking = [asyncio.create_task(charts.png(poll)) for _ in range(100)]
    await asyncio.sleep(0.01)
    assert not any(task.done() for task in asking), "the loop runs on while the thread draws"
    asking[0].cancel()
    painter.go.set()
    pngs = await asyncio.gather(*asking[1:])
    assert len(painter.painted) == 1
    assert set(pngs) == {b"Which airdrop next?"}
    charts.close()


async def test_a_picture_is_drawn_again_only_when_its_content_changes(poll: Ranking, painter: Painter) -> None:
    painter.go.set()
    charts = Charts()
    await charts.png(poll)
    await charts.png(replace(poll, as_of=NOW + timedelta(hours=1)))
    assert len(painter.painted) == 1
    await charts.png(replace(poll, ballots=9))
    assert len(painter.painted) == 2
    charts.close()


async def test_only_the_last_pictures_are_kept(poll: Ranking, painter: Painter) -> None:
    painter.go.set()
    charts = Charts(most_kept=2)
    for title in ("a", "b", "a", "c", "a", "b"):
        await charts.png(replace(poll, title=title))
    assert [picture.title for picture in painter.painted] == ["a", "b", "c", "b"]
    charts.close()


async def test_a_failed_drawing_is_told_and_tried_again(painter: Painter) -> None:
    painter.go.set()
    charts = Charts()
    for _ in range(2):
        with pytest.raises(RuntimeError, match="no rows"):
            await charts.png(poll_of())
    assert len(painter.painted) == 2
    charts.close()


async def test_the_real_thing_is_drawn_in_the_thread(poll: Ranking) -> None:
    charts = Charts()
    assert await charts.png(poll) == paint(picture_of(poll))
    charts.close()
