"""What rankings look like in Discord: a picture, and the same in words."""

from urllib.parse import quote

from bot.rankings.lettering import clean
from bot.rankings.model import Ranking, Standing
from bot.ui.card import STATE_COLOURS, Card
from bot.ui.pages import turners
from bot.ui.text import ago, bar, clip, escape, moment, plural

CHART_FILENAME = "rankings.png"
MOST_LINES = 25
SEE_ALL = "`/rankings` shows them"

# A card has room for 4,000 characters, and the board writes its own lines around the table.
_MOST_TABLE_CHARS = 2_200
_MOST_FOOT_CHARS = 1_000
_MOST_TITLE_CHARS = 200
_LABEL_CHARS = (60, 40, 28, 20, 12, 6)
_BAR_CHARS = 6

# Signs of one width, so that what follows stands in columns.
_MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}
_PLACES = {**{place: f"{place}\ufe0f\u20e3" for place in range(1, 10)}, 10: "🔟"}
_PLACE_CHARS = 2
# All that stays as it is in an address; a bracket would end the link.
_URL_CHARS = "/:?#[]@!$&'*+,;=%"


def ranking_card(ranking: Ranking, png: bytes | None = None, page: int | None = None, *, foot: str = "") -> Card:
    """Return the message that shows a ranking; the text says all that the picture does.

    With a `page`, counted from 0, it has the buttons to the others; the picture is for the first one.
    """
    card = Card(f"📊 {escape(clip(ranking.title, _MOST_TITLE_CHARS))}", colour=STATE_COLOURS[ranking.state])
    page = None if page is None else max(0, min(page, pages(ranking) - 1))
    pictured = png is not None and not ranking.hidden and not page
    if png is not None and pictured:
        card.picture(CHART_FILENAME, png, alt_text(ranking))
    where = SEE_ALL if page is None else "**Next** shows them"
    card.text(standings_text(ranking, bars=not pictured, page=page or 0, where=where)).text(_when(ranking))
    card.footer(f"{_foot(ranking)}\n{foot}")
    if page is None or ranking.poll_id is None or pages(ranking) == 1:
        return card
    return card.buttons(*turners(f"rankings:v1:page:{ranking.poll_id}", page, last=pages(ranking) - 1))


def pages(ranking: Ranking) -> int:
    """Return how many pages a ranking has, at least one."""
    return max(1, -(-len(ranking.standings) // MOST_LINES))


def standings_text(ranking: Ranking, *, bars: bool = False, page: int = 0, where: str = SEE_ALL) -> str:
    """Return 25 of the standings as lines of text, short enough for one card whatever the names are.

    `bars` puts a bar of block characters before the numbers, for where there is no picture; `where` says where the
    others are, which the first page announces together with the last place.
    """
    if not ranking.standings:
        return "There is nobody to choose from."
    first = page * MOST_LINES
    lines = _fitting(ranking, bars, first)
    if not ranking.hidden and not ranking.decided:
        lines.insert(0, nobody_voted(ranking))
    elif not ranking.hidden and ranking.state == "cancelled":
        lines.insert(0, "This is no result. It is how the votes stood when the poll was cancelled:")
    left_out = len(ranking.standings) - MOST_LINES
    if page:
        last = min(first + MOST_LINES, len(ranking.standings))
        lines.append(f"-# Page {page + 1} of {pages(ranking)} · {first + 1} to {last} of {len(ranking.standings):,}")
    elif left_out > 0:
        lines.append(f"… and {left_out:,} more: {where}.{_bottom(ranking)}")
    return "\n".join(lines)


def nobody_voted(ranking: Ranking) -> str:
    """Say that there are no votes: yet, or at all."""
    if ranking.state == "open":
        return "Nobody has voted yet."
    return "Nobody voted."


def _bottom(ranking: Ranking) -> str:
    """Say who is last, or how many are; nothing where all are level or nothing may be said."""
    last, place = ranking.standings[-1], ranking.shown_place(ranking.standings[-1])
    level = [line for line in ranking.standings if line.place == last.place or line.votes == last.votes == 0]
    if ranking.hidden or not ranking.decided or len(level) == len(ranking.standings):
        return ""
    held = f"{last.share:.1f}%" if last.votes is None else plural(last.votes, "vote") if last.votes else "no vote"
    if len(level) > 1:
        shared = f" each share place {place:,}" if place else ""
        return f" Last: {len(level):,} candidates with {held}{shared}."
    alone = f", place {place:,}" if place else ""
    return f" Last: **{escape(clip(clean(last.label) or '–', _LABEL_CHARS[0]))}** with {held}{alone}."


def alt_text(ranking: Ranking) -> str:
    """Say in words who stands on the first three places."""
    title = clip(clean(ranking.title), _MOST_TITLE_CHARS)
    if ranking.hidden:
        return f"{title}: the results are hidden."
    if ranking.state == "cancelled":
        return f"{title}: cancelled, without a result."
    first = [line for line in ranking.standings if (ranking.shown_place(line) or 4) <= 3]
    if not first:
        return f"{title}: {nobody_voted(ranking)}"
    said = ", ".join(f"{line.place}. {clip(clean(line.label), 60)} with {line.share:.1f}%" for line in first[:5])
    return f"{title}: {said}"


def _fitting(ranking: Ranking, bars: bool, first: int) -> list[str]:
    """Return the lines of the table, with the names as long as fits."""
    lines: list[str] = []
    for longest in _LABEL_CHARS:
        lines = [_line(line, ranking, longest, bars) for line in ranking.standings[first : first + MOST_LINES]]
        if sum(map(len, lines)) + len(lines) <= _MOST_TABLE_CHARS:
            break
    return lines


def _line(line: Standing, ranking: Ranking, longest: int, bars: bool) -> str:
    name = f"**{escape(clip(clean(line.label) or '–', longest))}**"
    if ranking.hidden:
        return f"• {name}"
    if ranking.state == "cancelled":
        return f"• `{_numbers(line, ranking, bars=False)}` {name}"
    place = ranking.shown_place(line)
    return f"{_place(place, line.medal)} `{_numbers(line, ranking, bars)}` {name}{_movement(line) if place else ''}"


def _numbers(line: Standing, ranking: Ranking, bars: bool) -> str:
    """Return the numbers in letters of one width; they come before the name, so that they stand in columns."""
    widest = max(len(f"{other.share:.1f}%") for other in ranking.standings)
    numbers = f"{line.share:.1f}%".rjust(max(widest, 5))
    if line.votes is not None:
        most = max(other.votes or 0 for other in ranking.standings)
        numbers += " " + f"{line.votes:,}".rjust(len(f"{most:,}"))
    if not bars:
        return numbers
    largest = max(other.share for other in ranking.standings)
    return f"{bar(float(line.share / largest) if largest else 0.0, _BAR_CHARS)} {numbers}"


def _place(place: int | None, medal: int | None) -> str:
    if place is None:
        return "➖"
    return _MEDALS.get(medal or 0) or _PLACES.get(place) or f"`{str(place).rjust(_PLACE_CHARS)}`"


def _movement(line: Standing) -> str:
    if not line.moved:
        return ""
    return f" ▲ {line.moved}" if line.moved > 0 else f" ▼ {-line.moved}"


def _when(ranking: Ranking) -> str:
    """Say in one line from when this is and from how many ballots."""
    parts = []
    if ranking.state == "closed":
        parts.append(f"🏁 **Final result** of {moment(ranking.as_of)}")
    elif ranking.state == "cancelled":
        parts.append("🚫 **Cancelled** without a result")
    elif ranking.state == "published":
        parts.append("📰 **Published survey**")
    elif ranking.closes_at is not None:
        parts.append(f"🟢 **Open** · closes {ago(ranking.closes_at)}")
    else:
        parts.append("🟢 **Open**")
    if ranking.ballots is not None:
        parts.append(plural(ranking.ballots, "ballot"))
    return " · ".join(parts)


def _foot(ranking: Ranking) -> str:
    """Return the small print: the source, then as many remarks as there is room for."""
    lines = [_from_where(ranking)]
    if ranking.hidden and not ranking.remarks:
        lines.append("The results are hidden for now.")
    for remark in map(escape, ranking.remarks):
        if sum(map(len, lines)) + len(remark) <= _MOST_FOOT_CHARS:
            lines.append(remark)
    return "\n".join(lines)


def _from_where(ranking: Ranking) -> str:
    source = escape(clip(ranking.source, 150)) if ranking.source else ""
    if source and ranking.source_url:
        source = f"[{source}]({quote(ranking.source_url, safe=_URL_CHARS)})"
    # A final result has its date in the line above.
    dated = {
        "published": f"Checked {moment(ranking.as_of, 'D')}",
        "open": f"As of {ago(ranking.as_of)}",
    }.get(ranking.state)
    return " · ".join(part for part in (dated, f"Source: {source}" if source else None) if part)
