from datetime import timedelta

import discord

from tests.world import World, labels, say


async def test_opening_posts_the_board_and_confirms_to_the_moderator(world: World) -> None:
    answer = await world.slash(world.mod, "poll open", title="Who leads?", closes_in="2h")
    board = world.last(world.general)
    assert answer.response is not None
    assert answer.response.ephemeral
    assert str(board.id) in say(answer)
    assert labels(board) == ["Vote", "My ballot", "Results"]
    text = say(board)
    for name in ("Who leads?", "Token Metrics", "Starknet", "LayerZero", "Dymension", "peaq", "Movement", "0 ballots"):
        assert name in text


async def test_candidates_may_be_free_text_and_are_shown_as_typed(world: World) -> None:
    board = await world.open_poll(projects="strk, **Bold** one, Something else")
    text = say(board)
    assert "**strk**" in text
    assert "Starknet" not in text
    assert "\\*\\*Bold\\*\\* one" in text


async def test_a_member_may_not_open_a_poll(world: World) -> None:
    answer = await world.slash(world.alice, "poll open", title="Mine")
    assert "for moderators" in say(answer)
    assert answer.response is not None
    assert answer.response.ephemeral
    assert world.general.last_message is None


async def test_the_moderator_role_may_open_polls(world: World) -> None:
    await world.slash(world.mod, "setup moderator_role", role=world.helpers)
    helper = world.join("helper", world.helpers)
    await world.slash(helper, "poll open", title="Ours")
    assert "Ours" in say(world.last(world.general))


async def test_one_candidate_is_too_few_and_101_are_too_many(world: World) -> None:
    assert "That makes 1 candidate." in say(await world.slash(world.mod, "poll open", title="x", projects="peaq"))
    many = ", ".join(f"c{n}" for n in range(101))
    text = say(await world.slash(world.mod, "poll open", title="x", projects=many))
    assert "**That makes 101 candidates.** A poll needs 2 to 100. Leave 1 out." in text


async def test_a_time_that_cannot_be_read_says_which_can(world: World) -> None:
    assert "Try `30m`" in say(await world.slash(world.mod, "poll open", title="x", closes_in="soon"))
    assert world.general.last_message is None


async def test_missing_rights_in_the_channel_are_named_before_anything_is_written(world: World) -> None:
    me = world.env.bot.user
    assert me is not None
    closed = world.guild.create_text_channel(
        "closed",
        overwrites={world.guild.default_role: discord.PermissionOverwrite(send_messages=False)},
    )
    text = say(await world.slash(world.mod, "poll open", title="x", channel=closed))
    assert "**Send Messages**" in text
    assert world.app.polls.listing(world.guild.id) == []


async def test_closing_asks_once_more_and_posts_the_result(world: World) -> None:
    board = await world.open_poll()
    await world.vote(world.alice, board, "Starknet")
    question = await world.slash(world.mod, "poll close")
    assert labels(question.response) == ["Close it now", "Keep it open"]
    assert question.response is not None
    assert "with 1 ballot" in say(await world.mod.click(question.response, label="Close it now"))
    await world.settle_boards()
    first, result = world.general.history()[-2:]
    assert "final result" in say(first)
    assert labels(first) == ["Results"]
    assert "Starknet" in say(result)
    assert result.attachments[0].filename == "rankings.png"


async def test_keeping_a_poll_open_keeps_it_open(world: World) -> None:
    await world.open_poll()
    question = await world.slash(world.mod, "poll close")
    assert question.response is not None
    assert "stays open" in say(await world.mod.click(question.response, label="Keep it open"))
    assert "Choose one" in say(await world.slash(world.alice, "vote cast"))


async def test_a_poll_closes_by_time_with_that_time_also_after_downtime(world: World) -> None:
    await world.open_poll(closes_in="30m")
    due = world.clock.now() + timedelta(minutes=30)
    world.clock.advance(timedelta(hours=5))
    await world.due()
    board, result = world.general.history()
    assert f"**Closed** <t:{int(due.timestamp())}:f>" in say(board)
    assert "Who leads?" in say(result)


async def test_a_scheduled_poll_opens_at_its_time(world: World) -> None:
    answer = await world.slash(world.mod, "poll open", title="Later", opens_in="1h", closes_in="1h")
    assert "**Scheduled** · opens <t:" in say(answer)
    assert world.general.last_message is None
    world.clock.advance(timedelta(hours=1))
    await world.due()
    board = world.last(world.general)
    assert "**Open**" in say(board)
    assert "Vote recorded" in say(await world.vote(world.alice, board, "peaq"))


async def test_a_deleted_board_does_not_stop_the_vote(world: World) -> None:
    board = await world.open_poll()
    await world.mod.delete(board)
    ballot = await world.slash(world.alice, "vote cast")
    assert ballot.response is not None
    await world.alice.select(ballot.response, ["0"])
    await world.settle_boards()
    await world.slash(world.mod, "poll repost", channel=world.news)
    assert "1 ballot" in say(world.last(world.news))


async def test_reposting_moves_the_board(world: World) -> None:
    await world.open_poll()
    await world.slash(world.mod, "poll repost", channel=world.news)
    await world.vote(world.alice, world.last(world.news), "peaq")
    await world.settle_boards()
    assert "1 ballot" in say(world.last(world.news))


async def test_the_list_shows_polls_newest_first_in_pages(world: World) -> None:
    for number in range(12):
        await world.open_poll(f"Poll number {number}")
    first = await world.slash(world.mod, "poll list")
    assert first.response is not None
    assert "Poll number 11" in say(first)
    assert "Poll number 0" not in say(first)
    assert "Poll number 0" in say(await world.mod.click(first.response, label="Next"))


async def test_the_list_leads_to_each_board_there_is(world: World) -> None:
    board = await world.open_poll("Here")
    await world.slash(world.mod, "poll open", title="Later", opens_in="1h")
    later, here = say(await world.slash(world.mod, "poll list")).splitlines()[1:]
    assert here.endswith(f" · [board]({board.jump_url})")
    assert "board" not in later
    await world.slash(world.mod, "poll repost", poll="Here")
    assert world.last(world.general).jump_url in say(await world.slash(world.mod, "poll list"))
    await world.app.polls.forget_board(1, world.last(world.general).id)
    assert "[board]" not in say(await world.slash(world.mod, "poll list"))
    await world.app.polls.load()
    assert "[board]" not in say(await world.slash(world.mod, "poll list"))


async def test_an_empty_list_says_how_to_open_a_poll(world: World) -> None:
    assert "/poll open" in say(await world.slash(world.mod, "poll list"))


async def test_lengths_and_projects_are_suggested(world: World) -> None:
    offered = await world.mod.autocomplete(world.general, "poll open", "closes_in", "1", title="x")
    assert [choice["value"] for choice in offered] == ["1h", "12h", "1d"]
    offered = await world.mod.autocomplete(world.general, "poll open", "projects", "Starknet, pea", title="x")
    assert [choice["value"] for choice in offered][:2] == ["Starknet, pea", "Starknet, peaq (project)"]


async def test_a_board_that_discord_refuses_for_a_while_ends_with_the_newest_state(world: World) -> None:
    board = await world.open_poll()
    world.env.inject_error("PATCH", f"/channels/*/messages/{board.id}", status=503, times=1)
    await world.vote(world.alice, board, "peaq")
    await world.settle_boards()
    await world.env.advance_time(100)
    assert "1 ballot" in say(world.last(world.general))


async def test_moderators_are_told_once_that_a_board_is_gone(world: World) -> None:
    await world.slash(world.mod, "setup log_channel", channel=world.log)
    board = await world.open_poll()
    await world.mod.delete(board)
    for member in (world.alice, world.mod):
        ballot = await world.slash(member, "vote cast")
        assert ballot.response is not None
        await member.select(ballot.response, ["0"])
        await world.settle_boards()
    told = [say(message) for message in world.log.history()]
    assert len(told) == 1
    assert "/poll repost" in told[0]


async def test_a_board_that_is_posted_anew_is_another_message(world: World) -> None:
    board = await world.open_poll()
    await world.slash(world.mod, "poll repost")
    assert world.last(world.general).id != board.id


async def test_the_board_shows_the_turnout(world: World) -> None:
    board = await world.open_poll()
    await world.vote(world.alice, board, "peaq")
    await world.settle_boards()
    members = world.app.client.guilds[0].member_count
    assert members
    assert f"1 ballot · {100 / members:.0f}% of {members} members" in say(world.last(world.general))


async def test_where_a_role_is_needed_the_turnout_is_that_of_its_holders(world: World) -> None:
    await world.open_poll(role=world.helpers, or_roles=f"<@&{world.manage.id}>")
    assert "0 ballots · at least 0% of at most 1 role holder" in say(world.last(world.general))
