import gzip
import json
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.catalogue.editions import Editions
from bot.catalogue.load import load
from bot.catalogue.service import Catalogue
from bot.errors import Refused
from bot.polls.closing import export_to
from bot.polls.model import Poll
from bot.polls.proof.verify import verify
from bot.polls.records import PollRecords
from bot.polls.service import PollService
from bot.store.schema import ballots
from tests.polls.conftest import GUILD, MODERATOR, Booth

VOTERS = 60
MUCH = 1_000_000
DATA = Path(__file__).parents[2] / "data"


@pytest.fixture
async def poll(booth: Booth) -> Poll:
    """Give a closed poll with ballots."""
    service = PollService(booth.store, booth.clock, booth.box, Editions(Catalogue(load(DATA))))
    poll_id = await booth.poll()
    for number in range(VOTERS):
        await booth.cast(poll_id, number + 1, number % 3)
    return await service.close(GUILD, poll_id, MODERATOR)


@pytest.fixture
def records(booth: Booth) -> PollRecords:
    return PollRecords(booth.store, booth.clock)


async def exported(records: PollRecords, poll: Poll, most_bytes: int) -> dict[str, bytes]:
    return dict((await records.export(GUILD, poll.id, MODERATOR, most_bytes)).files)


async def actions(records: PollRecords, poll: Poll) -> list[str]:
    return [entry.new.action for entry in (await records.audit(GUILD, poll.id)).entries]


async def test_an_export_has_every_ballot_and_the_posted_root(records: PollRecords, poll: Poll, tmp_path: Path) -> None:
    files = await exported(records, poll, MUCH)
    assert list(files) == [f"poll-{poll.id}.json", f"poll-{poll.id}.csv"]
    shown = json.loads(files[f"poll-{poll.id}.json"])
    assert len(shown["ballots"]) == VOTERS
    assert shown["count"] == poll.count
    assert shown["root"] == poll.root
    (tmp_path / "poll.json").write_bytes(files[f"poll-{poll.id}.json"])
    assert verify(tmp_path / "poll.json").holds
    assert "exported" in await actions(records, poll)


async def test_ballots_that_are_not_those_whose_root_was_posted_are_not_exported(
    booth: Booth, records: PollRecords, poll: Poll, tmp_path: Path
) -> None:
    async with booth.store.begin() as tx:
        await tx.execute(sa.update(ballots).where(ballots.c.voter_id == 1).values(weight=2))
    with pytest.raises(Refused, match="not those that were counted"):
        await exported(records, poll, MUCH)
    with pytest.raises(Refused, match="not those that were counted"):
        await export_to(booth.store, poll.id, tmp_path / "poll.json")
    assert list(tmp_path.glob("poll*")) == []  # noqa: ASYNC240 - nothing else runs
    assert "exported" not in await actions(records, poll)


async def test_an_export_that_is_too_large_is_packed(records: PollRecords, poll: Poll) -> None:
    plain = await exported(records, poll, MUCH)
    packed = await exported(records, poll, sum(map(len, plain.values())) - 1)
    assert {name: gzip.decompress(data) for name, data in packed.items()} == {
        f"{name}.gz": data for name, data in plain.items()
    }


async def test_an_export_that_packing_does_not_help_is_refused_and_not_in_the_log(
    records: PollRecords, poll: Poll
) -> None:
    plain = await exported(records, poll, MUCH)
    packed = await exported(records, poll, sum(map(len, plain.values())) - 1)
    told = (await actions(records, poll)).count("exported")
    for most_bytes in (sum(map(len, packed.values())) - 1, VOTERS * 64 - 1):
        with pytest.raises(Refused, match="too large"):
            await records.export(GUILD, poll.id, MODERATOR, most_bytes)
    assert (await actions(records, poll)).count("exported") == told


async def test_what_is_refused_before_it_is_written_could_not_have_been_packed(
    records: PollRecords, poll: Poll
) -> None:
    plain = await exported(records, poll, MUCH)
    packed = await exported(records, poll, sum(map(len, plain.values())) - 1)
    assert sum(map(len, packed.values())) > VOTERS * 64


async def test_a_members_own_data_has_the_ballots_of_all_polls(booth: Booth, records: PollRecords) -> None:
    polls = [await booth.poll(), await booth.poll(guild_id=GUILD + 1), await booth.poll()]
    await booth.cast(polls[0], 1, 2)
    await booth.cast(polls[1], 1, 0, guild_id=GUILD + 1)
    await booth.cast(polls[2], 2, 1)
    mine = await records.my_data(1)
    assert [(each["poll"], each["choices"]) for each in mine["ballots"]] == [
        (polls[0], ["peaq"]),
        (polls[1], ["Starknet"]),
    ]
    assert datetime.fromisoformat(mine["ballots"][0]["cast_at"]) == booth.clock.now()
