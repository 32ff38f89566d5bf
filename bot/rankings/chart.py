"""A ranking as a picture: read at a glance, also on a phone."""

import asyncio
import io
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from PIL import Image

from bot.rankings.lettering import Colour, clean, figures_width, shorten, width, write, write_figures
from bot.rankings.model import Ranking, Standing
from bot.rankings.shapes import crescent, disc, fade, pill

# Discord fits a picture into a box: with more rows it is too tall to be read on a phone, and the text has them all.
MOST_ROWS = 10
MOST_KEPT = 256

# The picture is seen at about 500 px on a desk and 350 px on a phone, so that all of this shrinks to a half or a third.
WIDTH_PX = 1000
_MARGIN = 44
_GAP = 26
_TITLE_PX, _LINE_PX = 46, 28

_GROUND: Colour = (20, 21, 31)
_HALO: Colour = (30, 32, 47)
_TRACK: Colour = (37, 39, 56)
_INK: Colour = (244, 245, 251)
_QUIET: Colour = (166, 170, 192)
_UP: Colour = (87, 214, 141)
_DOWN: Colour = (255, 123, 125)
# Bars run from the first colour to the second; the first three places wear gold, silver and bronze.
_PLAIN = ((83, 94, 214), (124, 138, 255))
_MEDALS = {
    1: ((226, 158, 32), (255, 214, 92)),
    2: ((142, 152, 178), (214, 221, 238)),
    3: ((178, 102, 58), (236, 158, 108)),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the picture, with all texts as they are drawn."""

    place: int | None
    medal: int | None
    label: str
    share: str
    votes: str
    moved: int
    fraction: Decimal


@dataclass(frozen=True, slots=True)
class Picture:
    """All that is drawn, and nothing else: equal pictures have equal bytes."""

    title: str
    line: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Measures:
    """How large the rows are: roomy for a few, close for many."""

    pitch: int
    text: int
    small: int
    bar: int
    badge: int


_ROOMY = Measures(pitch=116, text=38, small=28, bar=20, badge=60)
_CLOSE = Measures(pitch=88, text=34, small=26, bar=12, badge=50)
_MOST_ROOMY_ROWS = 8


def draw(ranking: Ranking) -> bytes:
    """Return the ranking as a PNG."""
    return paint(picture_of(ranking))


def picture_of(ranking: Ranking) -> Picture:
    """Choose what is drawn: the first 10 rows, with bars that are full for the leader."""
    standings = ranking.standings[:MOST_ROWS]
    largest = max(map(_length, standings), default=Decimal(0)) or Decimal(1)
    rows = tuple(_row(line, ranking, _length(line) / largest) for line in standings)
    return Picture(clean(ranking.title), clean(_line(ranking)), rows)


def _length(line: Standing) -> Decimal:
    """Measure a bar by votes where there are some: printed shares of a tie may differ by a tenth."""
    return line.share if line.votes is None else Decimal(line.votes)


def _row(line: Standing, ranking: Ranking, fraction: Decimal) -> Row:
    votes = "" if line.votes is None else f"{line.votes:,}"
    share = "" if ranking.hidden else f"{line.share:.1f}%"
    place = ranking.shown_place(line)
    medal, moved = (line.medal, line.moved or 0) if place else (None, 0)
    return Row(place, medal, clean(line.label) or "–", share, votes, moved, fraction)


def _line(ranking: Ranking) -> str:
    """Say in one line how things stand, since when, from how many, and how many of the candidates are drawn."""
    drawn = [f"first {MOST_ROWS} of {len(ranking.standings):,}"] if len(ranking.standings) > MOST_ROWS else []
    return " · ".join([*_how_it_stands(ranking), *drawn])


def _how_it_stands(ranking: Ranking) -> list[str]:
    count = ranking.ballots
    ballots = [] if count is None else [f"{count:,} ballot{'' if count == 1 else 's'}" if count else "No ballots yet"]
    if ranking.state == "published":
        return ["Survey", ranking.source or _date(ranking.as_of), *ballots]
    if ranking.state == "closed":
        ballots = ballots if count else ["No ballots"]
        return [f"Final result of {_date(ranking.as_of)}", *ballots]
    if ranking.state == "cancelled":
        return ["Cancelled without a result", *(ballots if count else [])]
    until = f"Open until {_date(ranking.closes_at)}, {ranking.closes_at:%H:%M} UTC" if ranking.closes_at else "Open"
    return [until, *ballots]


def _date(when: datetime) -> str:
    day = when.astimezone(UTC)
    return f"{day.day} {day:%b %Y}"


def paint(picture: Picture) -> bytes:
    """Return a picture as a PNG."""
    measures = _ROOMY if len(picture.rows) <= _MOST_ROOMY_ROWS else _CLOSE
    title = _title_lines(picture.title)
    top = _MARGIN + len(title) * 56 + 48 + _GAP
    height = top + len(picture.rows) * measures.pitch + _MARGIN - (measures.pitch - measures.badge) // 2
    image = Image.new("RGB", (WIDTH_PX, height), _GROUND)
    _paint_moon(image)
    _paint_heading(image, title, picture.line)
    columns = _columns(picture.rows, measures)
    for number, row in enumerate(picture.rows):
        _paint_row(image, top + number * measures.pitch, row, measures, columns)
    png = io.BytesIO()
    image.save(png, "PNG", compress_level=1)
    return png.getvalue()


def _title_lines(title: str) -> list[str]:
    """Break a title over at most two lines."""
    room = WIDTH_PX - 2 * _MARGIN
    first = title
    while width(first, _TITLE_PX, "bold") > room and " " in first:
        first = first.rpartition(" ")[0]
    rest = title[len(first) :].strip()
    lines = [first, rest] if rest else [first]
    return [shorten(line, _TITLE_PX, "bold", room) for line in lines]


def _paint_moon(image: Image.Image) -> None:
    moon = crescent()
    image.paste(_HALO, (WIDTH_PX - 196, -64, WIDTH_PX - 196 + moon.width, -64 + moon.height), moon)


def _paint_heading(image: Image.Image, title: list[str], line: str) -> None:
    baseline = _MARGIN + 38
    for text in title:
        write(image, (_MARGIN, baseline), text, _TITLE_PX, "bold", _INK)
        baseline += 56
    room = WIDTH_PX - 2 * _MARGIN
    write(image, (_MARGIN, baseline - 8), shorten(line, _LINE_PX, "medium", room), _LINE_PX, "medium", _QUIET)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns begin or end, from left to right."""

    label: int
    moved_right: float
    votes_right: float
    share_right: float
    label_room: float


def _columns(rows: tuple[Row, ...], measures: Measures) -> Columns:
    """Give the numbers what they need and the names the rest."""
    share = max((figures_width(row.share, measures.text, "bold") for row in rows), default=0)
    votes = max((figures_width(row.votes, measures.small, "medium") for row in rows), default=0)
    moved = max((figures_width(_arrow(row.moved), measures.small, "bold") for row in rows), default=0)
    label = _MARGIN + measures.badge + _GAP
    share_right = WIDTH_PX - _MARGIN
    votes_right = share_right - share - (_GAP if share else 0)
    moved_right = votes_right - votes - (_GAP if votes else 0)
    label_room = moved_right - moved - (_GAP if moved else 0) - label
    return Columns(label, moved_right, votes_right, share_right, label_room)


def _arrow(moved: int) -> str:
    return f"▲{moved}" if moved > 0 else f"▼{-moved}" if moved < 0 else ""


def _paint_row(image: Image.Image, top: int, row: Row, measures: Measures, columns: Columns) -> None:
    dark, bright = _MEDALS.get(row.medal or 0, _PLAIN)
    _paint_badge(image, top, row, measures)
    has_bar = bool(row.share)
    # With a bar below, name and bar share the height of the badge; alone, the name stands in its middle.
    baseline = top + (round(measures.text * 0.78) if has_bar else round(measures.badge / 2 + measures.text * 0.36))
    label = shorten(row.label, measures.text, "medium", columns.label_room)
    write(image, (columns.label, baseline), label, measures.text, "medium", _INK)
    moved_colour = _UP if row.moved > 0 else _DOWN
    write_figures(image, (columns.moved_right, baseline), _arrow(row.moved), measures.small, "bold", moved_colour)
    write_figures(image, (columns.votes_right, baseline), row.votes, measures.small, "medium", _QUIET)
    share_colour = bright if row.medal else _INK
    write_figures(image, (columns.share_right, baseline), row.share, measures.text, "bold", share_colour)
    if has_bar:
        bar_top = top + measures.badge - measures.bar + measures.bar // 3
        _paint_bar(image, (columns.label, bar_top), row.fraction, measures.bar, (dark, bright))


def _paint_badge(image: Image.Image, top: int, row: Row, measures: Measures) -> None:
    size = measures.badge
    fill = _MEDALS[row.medal][1] if row.medal else _TRACK
    top += 3
    image.paste(fill, (_MARGIN, top, _MARGIN + size, top + size), disc(size))
    text = "–" if row.place is None else str(row.place)
    ink = _GROUND if row.medal else _QUIET
    right = _MARGIN + size / 2 + figures_width(text, measures.small, "bold") / 2
    write_figures(image, (right, top + size / 2 + measures.small * 0.36), text, measures.small, "bold", ink)


def _paint_bar(
    image: Image.Image, at: tuple[int, int], fraction: Decimal, thickness: int, colours: tuple[Colour, Colour]
) -> None:
    x, y = at
    room = WIDTH_PX - _MARGIN - x
    image.paste(_TRACK, (x, y, x + room, y + thickness), pill(room, thickness))
    if fraction > 0:
        # The smallest share that is not nothing is a dot.
        length = max(thickness, round(room * fraction))
        image.paste(fade(colours, length, thickness), (x, y), pill(length, thickness))


class Charts:
    """Draws pictures in a thread of its own and keeps the last ones."""

    def __init__(self, most_kept: int = MOST_KEPT) -> None:
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="charts")
        self._kept: OrderedDict[Picture, bytes] = OrderedDict()
        self._most_kept = most_kept
        self._under_way: dict[Picture, asyncio.Future[bytes]] = {}

    async def png(self, ranking: Ranking) -> bytes:
        """Return the picture of a ranking; who asks for one that is being drawn gets the same."""
        picture = picture_of(ranking)
        if picture in self._kept:
            self._kept.move_to_end(picture)
            return self._kept[picture]
        drawing = self._under_way.get(picture) or self._begin(picture)
        # Shielded: one who stops waiting must not take the picture from the others.
        return await asyncio.shield(drawing)

    def close(self) -> None:
        """End the thread once it has drawn what it began."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _begin(self, picture: Picture) -> asyncio.Future[bytes]:
        drawing = asyncio.get_running_loop().run_in_executor(self._worker, paint, picture)
        self._under_way[picture] = drawing
        drawing.add_done_callback(lambda done: self._keep(picture, done))
        return drawing

    def _keep(self, picture: Picture, done: asyncio.Future[bytes]) -> None:
        del self._under_way[picture]
        if done.cancelled() or done.exception() is not None:
            return
        self._kept[picture] = done.result()
        while len(self._kept) > self._most_kept:
            self._kept.popitem(last=False)
