"""A receipt is proved from what the close has kept, on both engines, whatever happened meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Any

import pytest
import sqlalchemy as sa

from bot.clock import FixedClock
from bot.errors import Refused
from bot.polls import closing, keeping, tree_store
from bot.polls.ballot_box import BallotBox
from bot.polls.judging import Close
from bot.polls.model import Poll
from bot.polls.proof import pages as paging
from bot.polls.proof import tiles as tiling
from bot.polls.proof.receipt import parse_receipt, receipt_text
from bot.polls.records import PollRecords, Replaced, Verified
from bot.store.engine import Store
from bot.store.schema import ballots, polls, receipt_pages, tiles, trees
from tests.polls.conftest import GUILD, MODERATOR, Booth
from tests.polls.filled import filled, filled_and_closed, service

MUCH = 50_000_000
# Root, and a hash over both files of the export, as they were before trees were kept.
KNOWN = {
    ("single", 0): (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "b8889964915682a4b6c6c3044422b0d6fba43fdd9ae22c6d01f30ab6c2c60ce6",
    ),
    ("single", 1): (
        "73568ac9b8a785332657e6c88cac96022b3a0560a92a750a23db5757527df5b9",
        "7bc9e5aa6351e74bdbc6613fbbf6d0cb8c9d9440004aab5f5a6eeb81f8259e13",
    ),
    ("single", 257): (
        "e676b22e05ab3fde3a8d4f0fb9622d561fd2d1a6c1a26d0c6115b39d157d644c",
        "ad3e0c6c92be8f35ef0ce29714b5f66bc63c9ffe548ebdc4295568cb17e771ce",
    ),
    ("approval", 256): (
        "f51a589ac98be6b105303cd28e648a777779e3ba57ccaaef42679ed91c34c278",
        "b01640b7627a9e231da4e74bb40b304e9c561495e5ee54ce869fa07870d5805e",
    ),
    ("ranked", 600): (
        "919950b3c7a2b268b65e38403ceac3545fb083890d173a936b05d1c32d47b085",
        "f09d262416c65f48528edaadcdcb9f55d2e271680054dc273916ec0959d65398",
    ),
    ("single", 5_000): (
        "bef3616bbc8199a8351ca398c7e7f07a313cc2a6f896393f967f718ea1fea977",
        "68632ea705b4210de7e67b7008a2fab3f6b3289fbd44db686852e7efe71412ba",
    ),
}


@pytest.fixture
def records(booth: Booth) -> PollRecords:
    return PollRecords(booth.store, booth.clock)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make tiles, pages and transactions so small that few ballots need many of each."""
    monkeypatch.setattr(tiling, "TILE_HASHES", 4)
    monkeypatch.setattr(closing, "BALLOTS_A_GROUP", 5)
    monkeypatch.setattr(paging, "ENTRIES_A_PAGE", 7)
    monkeypatch.setattr(keeping, "TILES_AT_ONCE", 3)
    monkeypatch.setattr(keeping, "PAGES_AT_ONCE", 2)


async def holds(records: PollRecords, receipt: str, asker_id: int | None = None) -> bool | None:
    found = await records.verify(GUILD, receipt, asker_id)
    assert isinstance(found, Verified)
    assert found.ballot.receipt == receipt
    return found.root_holds


async def kept(store: Store, poll: Poll) -> tuple[int, int, int]:
    """Count what is kept of a poll: the mark that all is there, tiles, pages."""
    async with store.read() as tx:
        counts = [
            (await tx.execute(sa.select(sa.func.count()).where(table.c.poll_id == poll.id))).scalar_one()
            for table in (trees, tiles, receipt_pages)
        ]
    return counts[0], counts[1], counts[2]


async def drop_tree(store: Store, poll: Poll) -> None:
    """Leave a closed poll as an older version left it."""
    async with store.begin() as tx:
        for table in (trees, tiles, receipt_pages):
            await tx.execute(sa.delete(table).where(table.c.poll_id == poll.id))


async def change(store: Store, statement: sa.Update | sa.Delete) -> None:
    async with store.begin() as tx:
        assert (await tx.execute(statement)).rowcount == 1


def forbid(monkeypatch: pytest.MonkeyPatch, *where: str) -> None:
    """Have the test fail when all ballots of a poll are gone through."""

    def gone_through(*_: Any, **__: Any) -> None:
        raise AssertionError("all ballots were gone through")

    for name in where:
        monkeypatch.setattr(name, gone_through)


SCAN, RECOUNT = "bot.polls.store.ballot_with_salt", "bot.polls.records.root_of"


# Every receipt


@pytest.mark.parametrize(("method", "count"), KNOWN)
async def test_root_and_export_are_what_they_were_before_trees_were_kept(
    booth: Booth, records: PollRecords, method: str, count: int
) -> None:
    poll, _ = await filled_and_closed(booth, count, method)
    files = (await records.export(GUILD, poll.id, MODERATOR, MUCH)).files
    assert (poll.root, sha256(b"".join(data for _, data in files)).hexdigest()) == KNOWN[method, count]


@pytest.mark.parametrize("count", [1, 255, 256, 257, 5_000])
async def test_receipts_are_proved_from_what_is_kept_alone(
    booth: Booth, records: PollRecords, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    _, receipts = await filled_and_closed(booth, count)
    forbid(monkeypatch, SCAN, RECOUNT)
    for receipt in receipts[:: max(count // 80, 1)]:
        assert await holds(records, receipt) is True


@pytest.mark.parametrize("count", [1, 3, 4, 5, 6, 7, 8, 15, 16, 17, 63, 64, 65, 150, 256])
@pytest.mark.usefixtures("small")
async def test_every_receipt_is_proved_on_any_number_of_levels_and_pages(
    booth: Booth, records: PollRecords, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    poll, receipts = await filled_and_closed(booth, count)
    forbid(monkeypatch, SCAN, RECOUNT)
    assert [await holds(records, receipt) for receipt in receipts] == [True] * count
    marks, _, pages = await kept(booth.store, poll)
    assert (marks, pages) == (1, -(-count // 7))


async def test_polls_with_the_same_salts_are_not_mixed_up(booth: Booth, records: PollRecords) -> None:
    _, all_of_one = await filled_and_closed(booth, 300)
    other, all_of_other = await filled_and_closed(booth, 40)
    for receipt in (all_of_one[7], all_of_one[299], all_of_other[7]):
        assert await holds(records, receipt) is True
    missing = receipt_text(other.id, parse_receipt(all_of_one[299]).salt)
    with pytest.raises(Refused, match="No ballot"):
        await records.verify(GUILD, missing)


async def test_a_member_s_own_receipt_of_an_open_poll_is_found_without_the_others(
    booth: Booth, records: PollRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, receipts = await filled(booth, 3)
    assert await holds(records, receipts[0], asker_id=2) is None
    forbid(monkeypatch, SCAN)
    assert await holds(records, receipts[0], asker_id=1) is None


# Ballots that are gone, replaced, untied


async def test_withdrawn_and_replaced_ballots_are_not_proved(booth: Booth, records: PollRecords) -> None:
    poll, receipts = await filled(booth, 300)
    await booth.cast(poll.id, 1)
    newer = (await booth.cast(poll.id, 2, 2)).ballot.receipt
    assert newer != receipts[1]
    await service(booth).close(GUILD, poll.id, MODERATOR)
    for receipt in receipts[:2]:
        with pytest.raises(Refused, match="No ballot"):
            await records.verify(GUILD, receipt, asker_id=1)
    assert isinstance(await records.verify(GUILD, receipts[1], asker_id=2), Replaced)
    assert [await holds(records, receipt) for receipt in (newer, *receipts[2:5])] == [True] * 4


async def test_the_receipt_of_a_member_who_was_forgotten_is_still_proved(booth: Booth, records: PollRecords) -> None:
    poll, receipts = await filled_and_closed(booth, 300)
    assert await records.forget(1) == (1, 0)
    assert await holds(records, receipts[0], asker_id=1) is True
    assert (await records.export(GUILD, poll.id, MODERATOR, MUCH)).poll.root == poll.root


@pytest.mark.parametrize("changed", [{"weight": 9}, {"choices": [0, 1, 2]}], ids=["weight", "choices"])
async def test_a_ballot_that_was_changed_after_the_close_is_not_proved(
    booth: Booth, records: PollRecords, changed: dict[str, Any]
) -> None:
    _, receipts = await filled_and_closed(booth, 300)
    await change(booth.store, sa.update(ballots).where(ballots.c.voter_id == 5).values(changed))
    assert await holds(records, receipts[4]) is False
    assert await holds(records, receipts[5]) is True


async def test_a_ballot_that_was_moved_to_another_poll_is_not_shown(booth: Booth, records: PollRecords) -> None:
    _, receipts = await filled_and_closed(booth, 300)
    other, _ = await filled(booth, 0)
    await change(booth.store, sa.update(ballots).where(ballots.c.voter_id == 5).values(poll_id=other.id))
    with pytest.raises(Refused, match="No ballot"):
        await records.verify(GUILD, receipts[4])


async def test_a_ballot_that_was_taken_out_after_the_close_is_missed(booth: Booth, records: PollRecords) -> None:
    _, receipts = await filled_and_closed(booth, 300)
    await change(booth.store, sa.delete(ballots).where(ballots.c.voter_id == 5))
    with pytest.raises(Refused, match="No ballot"):
        await records.verify(GUILD, receipts[4])
    assert await holds(records, receipts[5]) is True


async def test_what_is_kept_cannot_make_a_changed_ballot_hold(booth: Booth, records: PollRecords) -> None:
    """Whoever changes a ballot and the tiles to fit it does not get to the posted root."""
    poll, receipts = await filled_and_closed(booth, 40)
    await change(booth.store, sa.update(ballots).where(ballots.c.voter_id == 5).values(weight=9))
    await drop_tree(booth.store, poll)
    root = poll.root
    async with booth.store.begin() as tx:
        await tx.execute(sa.update(polls).where(polls.c.id == poll.id).values(root=None))
    assert (await service(booth).count(poll.id)).root != root
    async with booth.store.begin() as tx:
        await tx.execute(sa.update(polls).where(polls.c.id == poll.id).values(root=root))
    assert {await holds(records, receipt) for receipt in receipts} == {False}


# Polls that an older version closed


async def test_a_poll_that_was_closed_before_gets_its_tree_with_the_first_receipt(
    booth: Booth, records: PollRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll, receipts = await filled_and_closed(booth, 300)
    before = await kept(booth.store, poll)
    await drop_tree(booth.store, poll)
    await records.forget(1)
    assert await holds(records, receipts[0]) is True
    assert await kept(booth.store, poll) == before
    assert (await booth.read(poll.id)).root == poll.root
    forbid(monkeypatch, SCAN, RECOUNT)
    assert await holds(records, receipts[299]) is True


async def test_a_receipt_without_a_ballot_has_no_tree_made(
    booth: Booth, records: PollRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll, _ = await filled_and_closed(booth, 3)
    await drop_tree(booth.store, poll)
    forbid(monkeypatch, RECOUNT)
    with pytest.raises(Refused, match="No ballot"):
        await records.verify(GUILD, receipt_text(poll.id, b"x" * 16))


async def test_ballots_that_do_not_give_the_posted_root_any_more_get_no_tree(
    booth: Booth, records: PollRecords
) -> None:
    poll, receipts = await filled_and_closed(booth, 300)
    found = await records.verify(GUILD, receipts[4])
    await drop_tree(booth.store, poll)
    fifth = sa.update(ballots).where(ballots.c.voter_id == 5)
    await change(booth.store, fifth.values(weight=9))
    assert await holds(records, receipts[0]) is False
    assert await kept(booth.store, poll) == (0, 0, 0)
    # Put right again, all is as it was.
    await change(booth.store, fifth.values(weight=found.ballot.weight))
    assert await holds(records, receipts[0]) is True


# Crashes and failures


@pytest.mark.parametrize(
    ("at", "well"), [("keep_pages", 0), ("keep_pages", 1), ("keep_tiles", 0), ("keep_tiles", 1), ("keep_tree", 0)]
)
@pytest.mark.usefixtures("small")
async def test_a_close_that_fails_while_it_keeps_posts_nothing_and_ends_when_it_is_tried_again(
    booth: Booth, records: PollRecords, monkeypatch: pytest.MonkeyPatch, at: str, well: int
) -> None:
    poll, receipts = await filled(booth, 150)
    with monkeypatch.context() as patch:
        fail_after(patch, at, well)
        with pytest.raises(RuntimeError, match="no room"):
            await service(booth).close(GUILD, poll.id, MODERATOR)
    broken = await booth.read(poll.id)
    assert (broken.state, broken.root, broken.count) == ("closed", None, None)
    assert (await kept(booth.store, poll))[0] == 0
    assert await holds(records, receipts[0]) is None
    await service(booth).due()
    assert {await holds(records, receipt) for receipt in receipts} == {True}


@pytest.mark.parametrize("at", ["keep_pages", "keep_tiles", "keep_tree"])
@pytest.mark.usefixtures("small")
async def test_a_receipt_whose_tree_cannot_be_kept_is_proved_the_next_time(
    booth: Booth, records: PollRecords, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    poll, receipts = await filled_and_closed(booth, 150)
    await drop_tree(booth.store, poll)
    with monkeypatch.context() as patch:
        fail_after(patch, at, 0)
        with pytest.raises(RuntimeError, match="no room"):
            await records.verify(GUILD, receipts[0])
    assert (await kept(booth.store, poll))[0] == 0
    assert await holds(records, receipts[0]) is True


def fail_after(patch: pytest.MonkeyPatch, name: str, times: int) -> None:
    """Have a write fail after it has been done so many times, though it has written."""
    real, left = getattr(tree_store, name), [times]

    def failing(connection: sa.Connection, poll_id: int, new: Any) -> None:
        real(connection, poll_id, new)
        left[0] -= 1
        if left[0] < 0:
            raise RuntimeError("no room")

    patch.setattr(tree_store, name, failing)


async def test_a_bot_that_stops_between_keeping_and_posting_counts_again(booth: Booth, records: PollRecords) -> None:
    poll, receipts = await filled(booth, 300)
    await booth.box.change(Close(poll.id, booth.clock.now(), MODERATOR))
    closed = await booth.read(poll.id)
    await closing.count_poll(booth.store, closed)
    assert (await booth.read(poll.id)).root is None
    assert await holds(records, receipts[0]) is None
    await service(booth).due()
    assert await holds(records, receipts[0]) is True


# At once


@pytest.fixture
async def second(database_url: str, booth: Booth, clock: FixedClock) -> AsyncIterator[Booth]:
    """Give another bot on the same database."""
    store = Store(database_url)
    await store.open()
    box = BallotBox(store)
    box.start()
    yield Booth(store, clock, box)
    await box.stop()
    await store.close()


@pytest.mark.usefixtures("small")
async def test_receipts_checked_while_the_poll_closes_never_seem_not_to_hold(booth: Booth, second: Booth) -> None:
    poll, receipts = await filled(booth, 100)
    bots = [(each, PollRecords(each.store, each.clock)) for each in (booth, second)]

    async def check(number: int) -> set[bool | None]:
        seen = set()
        for turn in range(4):
            await asyncio.sleep(number / 2_000)
            seen.add(await holds(bots[(number + turn) % 2][1], receipts[number], asker_id=number % 3))
        return seen

    checks = asyncio.gather(*map(check, range(100)))
    closes = asyncio.gather(*(service(each).close(GUILD, poll.id, MODERATOR) for each, _ in bots))
    assert {closed.root for closed in await closes} == {(await booth.read(poll.id)).root}
    assert set().union(*await checks) <= {None, True}
    assert [await check(number) for number in (0, 50, 99)] == [{True}] * 3


@pytest.mark.usefixtures("small")
async def test_a_hundred_receipts_of_an_older_poll_at_once_are_all_proved(booth: Booth, second: Booth) -> None:
    poll, receipts = await filled_and_closed(booth, 100)
    before = await kept(booth.store, poll)
    await drop_tree(booth.store, poll)
    bots = [PollRecords(each.store, each.clock) for each in (booth, second)]
    found = await asyncio.gather(*(holds(bots[number % 2], receipt) for number, receipt in enumerate(receipts)))
    assert found == [True] * 100
    assert await kept(booth.store, poll) == before
