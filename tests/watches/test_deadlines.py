"""Reminders before claims close."""

from datetime import UTC, datetime, timedelta

from bot.watches.model import NotNow
from bot.watches.service import WatchService
from tests.watches.lab import ANN, CLOSE, DAY, GUILD, Lab, at, rows, states, told


async def test_a_member_is_reminded_seven_days_and_one_day_before_and_not_again(
    lab: Lab, service: WatchService
) -> None:
    await lab.claims_until("2026-03-31")
    await service.add(GUILD, ANN, "starknet")
    counts = []
    for when in (CLOSE - 8 * DAY, CLOSE - 7 * DAY, CLOSE - 2 * DAY, CLOSE - DAY, CLOSE - DAY / 2, CLOSE, CLOSE + DAY):
        at(lab, when)
        await service.due()
        counts.append(lab.delivery.calls)
    assert counts == [0, 1, 1, 2, 2, 2, 2]
    assert told(lab) == [(ANN, "starknet", (), CLOSE)] * 2
    assert not any(letter.late for letter in lab.delivery.letters)


async def test_after_downtime_over_both_reminders_one_comes_and_is_marked_late(lab: Lab, service: WatchService) -> None:
    await lab.claims_until("2026-03-31")
    await service.add(GUILD, ANN, "starknet")
    at(lab, CLOSE - timedelta(hours=2))
    service = await lab.start()
    await service.due()
    await service.due()
    (letter,) = lab.delivery.letters
    assert letter.late
    assert letter.notice.new.due_at == CLOSE - DAY


async def test_after_the_close_nobody_is_reminded(lab: Lab, service: WatchService) -> None:
    await lab.claims_until("2026-03-31")
    await service.add(GUILD, ANN, "starknet")
    at(lab, CLOSE)
    await (await lab.start()).due()
    assert await rows(lab) == []


async def test_who_begins_to_watch_late_is_not_reminded_of_what_they_just_read(lab: Lab, service: WatchService) -> None:
    await lab.claims_until("2026-03-31")
    at(lab, CLOSE - 3 * DAY)
    await service.add(GUILD, ANN, "starknet")
    await service.due()
    assert lab.delivery.calls == 0
    at(lab, CLOSE - DAY)
    await service.due()
    assert lab.delivery.calls == 1


async def test_a_close_that_moves_into_the_next_days_is_one_notice_with_both(lab: Lab, service: WatchService) -> None:
    await lab.claims_until("2026-06-30")
    await service.add(GUILD, ANN, "starknet")
    await lab.claims_until("2026-03-04")
    await service.due()
    await service.due()
    assert told(lab) == [(ANN, "starknet", ("claim_window",), datetime(2026, 3, 5, tzinfo=UTC))]


async def test_a_close_that_is_put_off_is_reminded_of_anew(lab: Lab, service: WatchService) -> None:
    await lab.claims_until("2026-03-31")
    await service.add(GUILD, ANN, "starknet")
    at(lab, CLOSE - 7 * DAY)
    await service.due()
    await lab.claims_until("2026-04-30")
    await service.due()
    at(lab, datetime(2026, 5, 1, tzinfo=UTC) - 7 * DAY)
    await service.due()
    assert [(changed, closes) for _, _, changed, closes in told(lab)] == [
        ((), CLOSE),
        (("claim_window",), None),
        ((), datetime(2026, 5, 1, tzinfo=UTC)),
    ]


async def test_a_reminder_that_comes_too_late_is_dropped(lab: Lab, service: WatchService) -> None:
    await lab.claims_until("2026-03-31")
    await service.add(GUILD, ANN, "starknet")
    at(lab, CLOSE - DAY)
    lab.delivery.error = NotNow()
    await service.due()
    assert await states(lab) == ["sending"]
    lab.delivery.error = None
    at(lab, CLOSE)
    await service.due()
    assert await states(lab) == ["dropped"]
    assert lab.delivery.letters == []
