import pytest

from bot.errors import NotFound
from bot.polls.proof.receipt import receipt_text
from bot.polls.records import PollRecords
from tests.polls.conftest import GUILD, Booth


@pytest.mark.parametrize("number", [4711, 2**31 - 1, 2**31, 9_999_999_999])
async def test_a_receipt_of_no_poll_is_not_found_whatever_its_number(booth: Booth, number: int) -> None:
    records = PollRecords(booth.store, booth.clock)
    with pytest.raises(NotFound):
        await records.verify(GUILD, receipt_text(number, bytes(16)))


async def test_a_receipt_of_another_server_s_poll_is_not_found(booth: Booth) -> None:
    poll_id = await booth.poll(guild_id=GUILD + 1)
    recorded = await booth.cast(poll_id, 1, 0, guild_id=GUILD + 1)
    with pytest.raises(NotFound):
        await PollRecords(booth.store, booth.clock).verify(GUILD, recorded.ballot.receipt)
