"""When something recurs, above all where clocks are changed."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from croniter import croniter
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.announcements.recurrence import (
    Recurrence,
    describe,
    latest_due,
    next_after,
    parse,
    parse_zone,
    upcoming,
)
from bot.errors import BadInput

ZONES = (
    "UTC",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "America/Santiago",
    "Africa/Casablanca",
    "Asia/Beirut",
)


def cron(line: str, zone: str) -> Recurrence:
    return Recurrence("cron", line, zone)


def wall(zone: str, *parts: int, fold: int = 0) -> datetime:
    return datetime(*parts).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)  # type: ignore[arg-type]


# Each line: the zone, the cron line, the wall clock before, and the next posts as UTC says them.
TABLE = [
    pytest.param(
        "Europe/Berlin", "0 18 * * *", (2026, 3, 27, 20, 0),
        ["2026-03-28 17:00", "2026-03-29 16:00", "2026-03-30 16:00"], id="daily across the Berlin spring"),
    pytest.param(
        "Europe/Berlin", "30 2 * * *", (2026, 3, 28, 3, 0),
        ["2026-03-29 01:00", "2026-03-30 00:30"], id="a skipped time moves to the end of the gap"),
    pytest.param(
        "Europe/Berlin", "0,30 2 * * *", (2026, 3, 28, 3, 0),
        ["2026-03-29 01:00", "2026-03-30 00:00"], id="two skipped times are one post"),
    pytest.param(
        "Europe/Berlin", "0 2,3 * * *", (2026, 3, 28, 4, 0),
        ["2026-03-29 01:00", "2026-03-30 00:00"], id="a skipped time and the one it moves to are one post"),
    pytest.param(
        "Europe/Berlin", "30 2 * * *", (2026, 10, 24, 3, 0),
        ["2026-10-25 00:30", "2026-10-26 01:30"], id="a repeated time counts once"),
    pytest.param(
        "Europe/Berlin", "0,15,30 2 * * *", (2026, 10, 24, 3, 0),
        ["2026-10-25 00:00", "2026-10-25 00:15", "2026-10-25 00:30", "2026-10-26 01:00"], id="each repeated time once"),
    pytest.param(
        "Europe/Berlin", "0 * * * *", (2026, 10, 25, 1, 30),
        ["2026-10-25 00:00", "2026-10-25 01:00", "2026-10-25 02:00"], id="every hour goes on through autumn"),
    pytest.param(
        "Europe/Berlin", "0 * * * *", (2026, 3, 29, 0, 30),
        ["2026-03-29 00:00", "2026-03-29 01:00", "2026-03-29 02:00"], id="every hour goes on through spring"),
    pytest.param(
        "America/New_York", "30 2 * * *", (2026, 3, 7, 12, 0),
        ["2026-03-08 07:00", "2026-03-09 06:30"], id="New York's gap"),
    pytest.param(
        "America/New_York", "30 1 * * *", (2026, 10, 31, 12, 0),
        ["2026-11-01 05:30", "2026-11-02 06:30"], id="New York's repeated hour"),
    pytest.param(
        "Australia/Lord_Howe", "15 2 * * *", (2026, 10, 3, 12, 0),
        ["2026-10-03 15:30", "2026-10-04 15:15"], id="half an hour's gap"),
    pytest.param(
        "Australia/Lord_Howe", "45 1 * * *", (2026, 4, 4, 12, 0),
        ["2026-04-04 14:45", "2026-04-05 15:15"], id="half an hour's repetition"),
    pytest.param(
        "Australia/Lord_Howe", "*/15 3 * * *", (2026, 10, 4, 0, 0),
        ["2026-10-03 16:00", "2026-10-03 16:15", "2026-10-03 16:30"], id="ticking after half an hour's gap"),
    pytest.param(
        "Pacific/Chatham", "*/30 * * * *", (2026, 9, 27, 2, 0),
        ["2026-09-26 13:45", "2026-09-26 14:15", "2026-09-26 14:45"], id="clocks changed at a quarter to three"),
    pytest.param(
        "Pacific/Chatham", "*/15 3 * * *", (2026, 9, 27, 0, 0),
        ["2026-09-26 14:00", "2026-09-27 13:15"], id="the quarter of an hour that a gap leaves"),
    pytest.param(
        "Asia/Kathmandu", "0 18 * * *", (2026, 3, 28, 18, 0),
        ["2026-03-29 12:15", "2026-03-30 12:15"], id="an offset of 5:45 and no summer time"),
    pytest.param(
        "Pacific/Apia", "0 18 * * *", (2011, 12, 28, 18, 0),
        ["2011-12-30 04:00", "2011-12-30 10:00", "2011-12-31 04:00"], id="Samoa leaves a whole day out"),
    pytest.param(
        "America/Santiago", "30 0 * * *", (2026, 9, 5, 12, 0),
        ["2026-09-06 04:00", "2026-09-07 03:30"], id="a day that begins at one"),
    pytest.param(
        "America/Santiago", "0 * * * 0", (2026, 9, 5, 12, 0),
        ["2026-09-06 04:00", "2026-09-06 05:00"], id="every hour of a day that begins at one"),
]  # fmt: skip


@pytest.mark.parametrize(("zone", "line", "before", "expected"), TABLE)
def test_due_times_are_right_where_clocks_change(
    zone: str, line: str, before: tuple[int, ...], expected: list[str]
) -> None:
    found = upcoming(cron(line, zone), wall(zone, *before), len(expected))
    assert [f"{at:%Y-%m-%d %H:%M}" for at in found] == expected


def test_an_instant_inside_the_repeated_hour_finds_no_time_of_the_past() -> None:
    inside = wall("Europe/Berlin", 2026, 10, 25, 2, 10, fold=1)
    assert next_after(cron("30 2 * * *", "Europe/Berlin"), inside) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_the_due_time_itself_is_not_the_next_one() -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert next_after(cron("0 12 * * *", "UTC"), noon) == noon + timedelta(days=1)
    assert next_after(cron("0 12 * * *", "UTC"), noon - timedelta(microseconds=1)) == noon


MINUTES = st.sampled_from(["0", "30", "7,45", "10-12", "5-50/15"])
HOURS = st.sampled_from(["0", "1", "2", "3", "23", "1,2,3", "0-4", "18"])
TICKING = st.sampled_from(["* * ", "*/15 * ", "*/15 1-3 ", "30 * ", "0 */2 ", "*/20 2 ", "0 */6 ", "*/15 0 "])
DATES = st.sampled_from(["* * *", "* * 0", "* * 1-5", "1 * *", "*/7 * *", "28-31 * *", "* 3,10,11 *", "13 * 5"])


def days_of(line: str, first: date, count: int) -> list[date]:
    """Match days in the plainest way: by Debian's rule a day of month and a weekday that both are named add up."""
    _, _, of_month, months, weekdays = line.split()
    found = []
    for offset in range(count):
        day = first + timedelta(days=offset)
        in_month = day.day in numbers(of_month, range(1, 32))
        in_week = day.isoweekday() % 7 in numbers(weekdays, range(7))
        both = of_month.startswith("*") or weekdays.startswith("*")
        if day.month in numbers(months, range(1, 13)) and ((in_month and in_week) if both else (in_month or in_week)):
            found.append(day)
    return found


def numbers(field: str, whole: range) -> set[int]:
    """Read a cron field."""
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        low, _, high = span.partition("-")
        ends = whole if span == "*" else range(int(low), int(high or low) + 1)
        found |= set(ends[:: int(step or 1)])
    return found


def fixed_times(line: str, zone: ZoneInfo, first: date, count: int) -> list[datetime]:
    """Turn every time on the wall into an instant: the first of two, and the end of the gap for none."""
    minute, hour, *_ = line.split()
    found = set()
    for day in days_of(line, first, count):
        for at_hour in numbers(hour, range(24)):
            for at_minute in numbers(minute, range(60)):
                local = datetime.combine(day, time(at_hour, at_minute), tzinfo=zone)
                while local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
                    local += timedelta(minutes=1)
                found.add(local.astimezone(UTC))
    return sorted(found)


def ticking_times(line: str, zone: ZoneInfo, since: datetime, until: datetime) -> list[datetime]:
    """Look at the wall clock once a minute."""
    minute, hour, *_ = line.split()
    minutes, hours = numbers(minute, range(60)), numbers(hour, range(24))
    first = since.astimezone(zone).date()
    days = set(days_of(line, first, (until - since).days + 3))
    found = []
    at = since
    while (at := at + timedelta(minutes=1)) <= until:
        local = at.astimezone(zone)
        if local.minute in minutes and local.hour in hours and local.date() in days:
            found.append(at)
    return found


def changes_of(zone: str) -> list[datetime]:
    """Return the midnights (UTC) of 2026 before which and after which a zone's clocks differ."""
    info = ZoneInfo(zone)
    midnights = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=offset) for offset in range(366)]
    return [
        at
        for at in midnights
        if at.astimezone(info).utcoffset() != (at + timedelta(days=1)).astimezone(info).utcoffset()
    ] or [midnights[100]]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ZONES), MINUTES, HOURS, DATES)
def test_fixed_times_agree_with_the_wall_clock_for_a_year(zone: str, minute: str, hour: str, dates: str) -> None:
    line = f"{minute} {hour} {dates}"
    start = datetime(2026, 1, 1, tzinfo=UTC)
    expected = [at for at in fixed_times(line, ZoneInfo(zone), date(2025, 12, 30), 400) if at > start][:300]
    expected = [at for at in expected if at < datetime(2027, 1, 1, tzinfo=UTC)]
    assert list(upcoming(cron(line, zone), start, len(expected))) == expected


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ZONES), TICKING, DATES, st.integers(0, 3))
def test_ticking_lines_agree_with_the_wall_clock_around_every_change(
    zone: str, often: str, dates: str, which: int
) -> None:
    changes = changes_of(zone)
    since = changes[which % len(changes)] - timedelta(days=2)
    expected = ticking_times(often + dates, ZoneInfo(zone), since, since + timedelta(days=4))[:300]
    assert list(upcoming(cron(often + dates, zone), since, len(expected))) == expected


@settings(max_examples=80, deadline=None)
@given(st.one_of(st.tuples(MINUTES, HOURS).map(" ".join), TICKING.map(str.strip)), DATES)
def test_a_year_agrees_with_croniter_where_clocks_stand_still(times: str, dates: str) -> None:
    line = f"{times} {dates}"
    start = datetime(2026, 1, 1, tzinfo=UTC)
    theirs = croniter(
        line, start, day_or=not any(field.startswith("*") for field in (dates.split()[0], dates.split()[2]))
    )
    ours = upcoming(cron(line, "UTC"), start, 250)
    assert [at.timestamp() for at in ours] == [theirs.get_next(float) for _ in ours]


@pytest.mark.parametrize("zone", ZONES)
def test_a_daily_post_comes_once_on_each_day_of_the_year(zone: str) -> None:
    times = upcoming(cron("30 2 * * *", zone), wall(zone, 2025, 12, 31, 12, 0), 365)
    days = [at.astimezone(ZoneInfo(zone)).date() for at in times]
    assert days == [date(2026, 1, 1) + timedelta(days=offset) for offset in range(365)]


@pytest.mark.parametrize(
    ("every", "at", "line", "words"),
    [
        ("minute", None, "* * * * *", "every minute"),
        ("hour", None, "0 * * * *", "every hour at :00 (Europe/Berlin)"),
        ("hour", ":30", "30 * * * *", "every hour at :30 (Europe/Berlin)"),
        ("hour", "5", "5 * * * *", "every hour at :05 (Europe/Berlin)"),
        ("day", None, "0 12 * * *", "every day at 12:00 (Europe/Berlin)"),
        ("day", "18:00", "0 18 * * *", "every day at 18:00 (Europe/Berlin)"),
        ("Every day", " 6:30 PM ", "30 18 * * *", "every day at 18:30 (Europe/Berlin)"),
        ("day", "12am", "0 0 * * *", "every day at 00:00 (Europe/Berlin)"),
        ("day", "12:05 pm", "5 12 * * *", "every day at 12:05 (Europe/Berlin)"),
        ("week", None, "0 12 * * 1", "every Monday at 12:00 (Europe/Berlin)"),
        ("week", "monday 18:00", "0 18 * * 1", "every Monday at 18:00 (Europe/Berlin)"),
        ("week", "Sun at 9:05", "5 9 * * 0", "every Sunday at 09:05 (Europe/Berlin)"),
        ("week", "friday", "0 12 * * 5", "every Friday at 12:00 (Europe/Berlin)"),
        ("0 18 * * mon-fri", None, "0 18 * * MON-FRI", "at 18:00 on Monday through Friday (Europe/Berlin)"),
        ("*/15  9-17 * * *", "", "*/15 9-17 * * *", "every 15th minute from 09:00 through 17:59 (Europe/Berlin)"),
        ("0 9 29 2 *", None, "0 9 29 2 *", "at 09:00 on February 29 (Europe/Berlin)"),
    ],
)
def test_what_is_typed_becomes_a_line_and_words(every: str, at: str | None, line: str, words: str) -> None:
    recurrence = parse(every, at, "europe/berlin")
    assert recurrence.cron == line
    assert describe(recurrence) == words


@pytest.mark.parametrize(
    ("every", "at", "said"),
    [
        ("monthly", None, "one of `minute`, `hour`, `day`, `week`"),
        ("", None, "0 field"),
        ("* * *", None, "3 fields"),
        ("* * * * * *", None, "6 fields"),
        ("61 * * * *", None, "from 0 to 59"),
        ("0 24 * * *", None, "from 0 to 23"),
        ("0 0 32 * *", None, "third field"),
        ("0 0 31 2 *", None, "third field"),
        ("0 0 31 4,6,9,11 *", None, "third field"),
        ("0 0 1 13 *", None, "from 1 to 12"),
        ("0 0 * * 8", None, "from 0 (Sunday) to 6"),
        ("*/0 * * * *", None, "first field"),
        ("0 18 * * *", "18:00", "`at` do not go together"),
        ("minute", ":30", "every minute"),
        ("hour", "18:00", "minute of the hour"),
        ("hour", ":60", "minute of the hour"),
        ("day", "25:00", "no such time"),
        ("day", "18:75", "no such time"),
        ("day", "13 pm", "no such time"),
        ("day", "18", "cannot be read"),
        ("day", "noon", "cannot be read"),
        ("day", "monday 18:00", "`every: week`"),
        ("week", "18:00", "weekday is missing"),
        ("week", "xyz 18:00", "weekday is missing"),
        ("1" * 200, None, "too long"),
    ],
)
def test_wrong_input_says_what_is_wrong_and_shows_two_right_examples(every: str, at: str | None, said: str) -> None:
    with pytest.raises(BadInput) as refusal:
        parse(every, at, "UTC")
    assert said in f"{refusal.value.what} {refusal.value.why}"
    assert refusal.value.fix.count("`") >= 4, "two examples, each set in code"


@pytest.mark.parametrize("name", ["Berlin", "Mars/Olympus", "", "CEST", "../etc/passwd"])
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(BadInput):
        parse_zone(name)


def test_a_zone_is_found_however_it_is_written() -> None:
    assert parse_zone(" america/new york ") == "America/New_York"


def test_the_29th_of_february_waits_for_a_leap_year() -> None:
    found = next_after(parse("0 9 29 2 *", None, "UTC"), datetime(2096, 3, 1, tzinfo=UTC))
    assert found == datetime(2104, 2, 29, 9, tzinfo=UTC)  # 2100 is no leap year


@given(st.text(max_size=60), st.one_of(st.none(), st.text(max_size=30)))
def test_no_text_does_worse_than_bad_input(every: str, at: str | None) -> None:
    try:
        recurrence = parse(every, at, "UTC")
    except BadInput:
        return
    assert describe(recurrence)


FIELD = st.text(alphabet="0123456789*/,-L#WMONJAN", min_size=1, max_size=8)


@settings(deadline=None)
@given(st.lists(FIELD, min_size=5, max_size=5))
def test_no_cron_line_does_worse_than_bad_input(fields: list[str]) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    try:
        recurrence = parse(" ".join(fields), None, "Europe/Berlin")
    except BadInput:
        return
    assert next_after(recurrence, now) > now
    assert describe(recurrence)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["* * * * *", "*/15 * * * *", "0 18 * * *", "30 9 * * 1-5", "0 0 1 * *", "* 3 1 1 *"]),
    st.integers(0, 60 * 24 * 40),
)
def test_the_newest_due_time_is_the_last_before_now(line: str, minutes_away: int) -> None:
    recurrence = cron(line, "Europe/Berlin")
    first = next_after(recurrence, datetime(2026, 3, 1, tzinfo=UTC))
    now = first + timedelta(minutes=minutes_away, seconds=5)
    newest = latest_due(recurrence, first, now)
    assert first <= newest <= now < next_after(recurrence, newest)
    assert newest == first or next_after(recurrence, newest - timedelta(seconds=1)) == newest


def test_years_away_do_not_take_long_to_look_back_over() -> None:
    first = datetime(2006, 1, 1, tzinfo=UTC)
    now = datetime(2026, 1, 1, 0, 0, 30, tzinfo=UTC)
    assert latest_due(cron("* * * * *", "UTC"), first, now) == datetime(2026, 1, 1, tzinfo=UTC)
