import json
import re
from datetime import timedelta
from pathlib import Path

from bot.polls.proof.verify import verify
from tests.world import World, labels, say


async def closed_poll(world: World, **options: str) -> str:
    """Have alice vote for peaq and close; give her receipt."""
    board = await world.open_poll(**options)
    text = say(await world.vote(world.alice, board, "peaq"))
    question = await world.slash(world.mod, "poll close")
    assert question.response is not None
    await world.mod.click(question.response, label="Close it now")
    await world.settle_boards()
    found = re.search(r"Receipt `([^`]+)`", text)
    assert found
    return found[1]


async def test_a_receipt_shows_that_its_ballot_is_counted_as_cast(world: World) -> None:
    receipt = await closed_poll(world)
    text = say(await world.slash(world.alice, "vote verify", receipt=receipt))
    assert "Counted as cast" in text
    assert "**peaq** was counted; there is 1 ballot in all" in text
    assert "does not show" in text
    root = re.search(r"Checksum of all ballots \(root\): `([0-9a-f]{64})`", text)
    assert root
    assert root[1] in say(world.last(world.general))


async def test_a_receipt_is_found_while_the_poll_is_open(world: World) -> None:
    board = await world.open_poll()
    text = say(await world.vote(world.alice, board, "peaq"))
    text = say(await world.slash(world.alice, "vote verify", receipt=receipt_in(text)))
    assert "one checksum is made of all ballots" in text


def receipt_in(text: str) -> str:
    found = re.search(r"Receipt `([^`]+)`", text)
    assert found
    return found[1]


async def test_a_receipt_names_the_command_that_checks_it(world: World) -> None:
    board = await world.open_poll()
    assert "/vote verify" in say(await world.vote(world.alice, board, "peaq"))


async def test_the_receipt_of_a_changed_ballot_calmly_names_the_newer_one(world: World) -> None:
    board = await world.open_poll()
    first = receipt_in(say(await world.vote(world.alice, board, "peaq")))
    world.clock.advance(timedelta(minutes=5))
    newer = receipt_in(say(await world.vote(world.alice, board, "Starknet")))
    text = say(await world.slash(world.alice, "vote verify", receipt=first))
    assert "An older receipt" in text
    assert f"was changed <t:{int(world.clock.now().timestamp())}:f>, and the newer receipt counts" in text
    assert newer in text
    assert "**Starknet**" in text
    assert "⚠️" not in text


async def test_a_replaced_receipt_shows_nobody_else_a_ballot(world: World) -> None:
    board = await world.open_poll()
    first = receipt_in(say(await world.vote(world.alice, board, "peaq")))
    newer = receipt_in(say(await world.vote(world.alice, board, "Starknet")))
    text = say(await world.slash(world.mod, "vote verify", receipt=first))
    assert "you have none there" in text
    assert newer not in text


async def test_the_receipt_of_a_withdrawn_ballot_says_what_may_have_happened(world: World) -> None:
    board = await world.open_poll()
    receipt = receipt_in(say(await world.vote(world.alice, board, "peaq")))
    question = await world.slash(world.alice, "vote withdraw")
    assert question.response is not None
    await world.alice.click(question.response, label="Withdraw it")
    text = say(await world.slash(world.alice, "vote verify", receipt=receipt))
    assert "A ballot that was withdrawn leaves none behind." in text


async def test_cards_of_the_proof_use_plain_words(world: World) -> None:
    board = await world.open_poll()
    receipt = receipt_in(say(await world.vote(world.alice, board, "peaq")))
    texts = [say(await world.slash(world.alice, "vote verify", receipt=receipt))]
    question = await world.slash(world.mod, "poll close")
    assert question.response is not None
    await world.mod.click(question.response, label="Close it now")
    await world.settle_boards()
    texts.append(say(world.last(world.general)))
    texts.append(say(await world.slash(world.alice, "vote verify", receipt=receipt)))
    texts += [say(await world.slash(world.mod, f"poll {command}")) for command in ("export", "audit")]
    assert not any(word in text.lower() for text in texts for word in (" tree", "chain", "merkle", "hash"))


async def test_the_export_says_where_its_recount_comes_from(world: World) -> None:
    await closed_poll(world)
    text = say(await world.slash(world.mod, "poll export"))
    assert "Anybody who has Moonballot" in text
    assert "`python run.py verify poll-1.json`" in text


async def test_what_is_no_receipt_says_so(world: World) -> None:
    short = say(await world.slash(world.alice, "vote verify", receipt="12-ABC"))
    assert "then 30 letters and digits. This is 5 characters in all, without the hyphens." in short


async def test_a_receipt_with_one_wrong_letter_is_said_to_be_mistyped(world: World) -> None:
    receipt = await closed_poll(world)
    wrong = receipt[:-1] + ("A" if receipt[-1] != "A" else "C")
    text = say(await world.slash(world.alice, "vote verify", receipt=wrong))
    assert "**That receipt is mistyped.**" in text
    assert "`/vote mine`" in text


async def test_a_changed_row_in_the_database_is_found(world: World) -> None:
    receipt = await closed_poll(world)
    async with world.app.store.begin() as tx:
        await tx.exec_driver_sql("UPDATE ballots SET choices = '[0]'")
    assert "not as it was counted" in say(await world.slash(world.alice, "vote verify", receipt=receipt)).lower()
    assert "not those that were counted" in say(await world.slash(world.mod, "poll export"))


async def test_a_row_that_was_added_to_the_database_is_found_by_an_export(world: World) -> None:
    receipt = await closed_poll(world)
    async with world.app.store.begin() as tx:
        await tx.exec_driver_sql(
            "INSERT INTO ballots (poll_id, choices, weight, salt, cast_at, changed_at) "
            "SELECT poll_id, choices, weight, randomblob(16), cast_at, changed_at FROM ballots"
        )
    assert "not those that were counted" in say(await world.slash(world.mod, "poll export"))
    # A receipt is about its own ballot, which still counts as it was cast.
    assert "Counted as cast" in say(await world.slash(world.alice, "vote verify", receipt=receipt))


async def test_an_export_can_be_recounted_and_names_nobody(world: World, tmp_path: Path) -> None:
    receipt = await closed_poll(world)
    answer = await world.slash(world.mod, "poll export")
    assert answer.response is not None
    files = {file.filename: await file.read() for file in answer.response.attachments}
    assert sorted(files) == ["poll-1.csv", "poll-1.json"]
    (tmp_path / "poll.json").write_bytes(files["poll-1.json"])
    report = verify(tmp_path / "poll.json", receipt=receipt)
    assert report.holds
    assert str(world.alice.id).encode() not in files["poll-1.json"] + files["poll-1.csv"]


async def test_an_open_poll_is_not_exported(world: World) -> None:
    await world.open_poll("Still open")
    assert "no such poll" in say(await world.slash(world.mod, "poll export"))
    assert "only once the poll is closed" in say(await world.slash(world.mod, "poll export", poll="Still open"))


async def test_the_log_says_who_opened_and_closed_and_that_it_is_whole(world: World) -> None:
    await closed_poll(world)
    text = say(await world.slash(world.mod, "poll audit"))
    for word in (
        "**opened** by <@",
        "**closed** by <@",
        "**counted** by the bot",
        f"<@{world.mod.id}>",
        "log is whole",
        "cast 1, changed 0",
    ):
        assert word in text
    assert "peaq" not in text.replace("Who leads?", "")


async def test_the_log_counts_young_accounts_and_late_joiners(world: World) -> None:
    board = await world.open_poll()
    await world.vote(world.alice, board, "peaq")
    text = say(await world.slash(world.mod, "poll audit"))
    assert "Accounts younger than 30 days: " in text
    assert "Members who joined after the opening: 0 of 1 ballot (0.0%)" in text


async def test_members_see_neither_log_nor_export(world: World) -> None:
    await closed_poll(world)
    assert "for moderators" in say(await world.slash(world.alice, "poll audit"))
    assert "for moderators" in say(await world.slash(world.alice, "poll export"))


async def test_my_data_is_a_file_with_my_ballots(world: World) -> None:
    await closed_poll(world)
    answer = await world.slash(world.alice, "privacy export")
    assert answer.response is not None
    data = json.loads(await answer.response.attachments[0].read())
    assert data["member"] == str(world.alice.id)
    assert [ballot["choices"] for ballot in data["ballots"]] == [["peaq"]]
    mods = await world.slash(world.mod, "privacy export")
    assert mods.response is not None
    assert json.loads(await mods.response.attachments[0].read())["ballots"] == []


async def test_being_forgotten_asks_first_and_keeps_the_ballot_counting(world: World) -> None:
    receipt = await closed_poll(world)
    question = await world.slash(world.alice, "privacy erase")
    assert labels(question.response) == ["Forget me", "Leave it"]
    assert question.response is not None
    assert "still run" not in say(question)
    assert "1 ballot of finished polls" in say(await world.alice.click(question.response, label="Forget me"))
    assert "no ballot" in say(await world.slash(world.alice, "vote mine"))
    assert "Counted as cast" in say(await world.slash(world.alice, "vote verify", receipt=receipt))


async def test_a_ballot_in_an_open_poll_stays_tied_until_its_end(world: World) -> None:
    board = await world.open_poll(closes_in="1h")
    await world.vote(world.alice, board, "peaq")
    question = await world.slash(world.alice, "privacy erase")
    assert question.response is not None
    assert "1 ballot in a poll that still runs stays yours until it ends" in say(question)
    assert "1 ballot in a poll that still runs stays yours until it ends" in say(
        await world.alice.click(question.response, label="Forget me")
    )
    assert "Already recorded" in say(await world.vote(world.alice, board, "peaq"))
    await world.settle_boards()
    world.clock.advance(timedelta(hours=1))
    await world.due()
    again = await world.slash(world.alice, "privacy erase")
    assert again.response is not None
    assert "1 ballot of finished" in say(await world.alice.click(again.response, label="Forget me"))


async def test_several_running_ballots_are_counted_before_one_confirms(world: World) -> None:
    for title in ("First", "Second"):
        await world.vote(world.alice, await world.open_poll(title), "peaq")
    question = say(await world.slash(world.alice, "privacy erase"))
    assert "2 ballots in polls that still run stay yours until these end" in question
    assert "/vote withdraw" in question


async def test_leaving_it_changes_nothing(world: World) -> None:
    await closed_poll(world)
    question = await world.slash(world.alice, "privacy erase")
    assert question.response is not None
    assert "Nothing was changed" in say(await world.alice.click(question.response, label="Leave it"))
    assert "**peaq**" in say(await world.slash(world.alice, "vote mine"))
