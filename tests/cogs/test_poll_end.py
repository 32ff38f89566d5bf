from datetime import timedelta

from simcord.results import InteractionResult

from tests.world import World, labels, say


async def cancel(world: World, reason: str, **options: str) -> InteractionResult:
    asked = await world.slash(world.mod, "poll cancel", **options)
    assert asked.modal is not None
    return await world.mod.submit_modal(asked, {"text": reason})


async def test_extending_puts_the_end_off_and_the_board_shows_it(world: World) -> None:
    await world.open_poll(closes_in="1h")
    later = int((world.clock.now() + timedelta(hours=3)).timestamp())
    assert f"<t:{later}:" in say(await world.slash(world.mod, "poll extend", by="2h"))
    await world.settle_boards()
    assert f"<t:{later}:" in say(world.last(world.general))


async def test_an_extended_poll_takes_ballots_after_its_first_end(world: World) -> None:
    board = await world.open_poll(closes_in="1h")
    await world.slash(world.mod, "poll extend", by="2h")
    await world.settle_boards()
    world.clock.advance(timedelta(hours=2))
    await world.due()
    assert "Vote recorded" in say(await world.vote(world.alice, board, "peaq"))


async def test_a_poll_without_an_end_gets_one_counted_from_now_and_closes_by_it(world: World) -> None:
    board = await world.open_poll()
    await world.vote(world.alice, board, "peaq")
    world.clock.advance(timedelta(days=400))
    end = int((world.clock.now() + timedelta(hours=2)).timestamp())
    assert f"<t:{end}:f>" in say(await world.slash(world.mod, "poll extend", by="2h"))
    await world.settle_boards()
    assert f"closes <t:{end}:R>" in say(world.last(world.general))
    world.clock.advance(timedelta(hours=2))
    await world.due()
    assert f"**Closed** <t:{end}:f>" in say(world.general.history()[0])


async def test_a_poll_never_runs_for_more_than_a_year(world: World) -> None:
    await world.open_poll(closes_in="365d")
    assert "too long" in say(await world.slash(world.mod, "poll extend", by="2d"))


async def test_a_poll_whose_time_is_over_is_not_extended(world: World) -> None:
    await world.open_poll(closes_in="1h")
    world.clock.advance(timedelta(hours=1))
    assert "closed <t:" in say(await world.slash(world.mod, "poll extend", by="2h"))


async def test_cancelling_asks_for_the_reason_and_shows_it_on_the_board(world: World) -> None:
    board = await world.open_poll()
    await world.vote(world.alice, board, "peaq")
    answer = say(await cancel(world, "The list was @everyone wrong"))
    assert "1 ballot is kept, uncounted" in answer
    await world.settle_boards()
    text = say(world.last(world.general))
    assert "**Cancelled** without a result: The list was" in text
    assert "This is no result." in text
    assert "• `100.0% 1` **peaq**" in text
    assert "1 ballot" in text
    assert not any(sign in text for sign in ("🥇", "█", "@everyone"))
    assert labels(world.last(world.general)) == ["Results"]


async def test_nobody_votes_in_a_cancelled_poll(world: World) -> None:
    board = await world.open_poll()
    ballot = await world.alice.click(board, label="Vote")
    assert ballot.response is not None
    await cancel(world, "Wrong")
    answer = await world.alice.select(ballot.response, ["0"])
    assert "was cancelled" in say(answer.followups[-1] if answer.followups else answer)


async def test_a_scheduled_poll_can_be_cancelled_and_never_opens(world: World) -> None:
    await world.slash(world.mod, "poll open", title="Later", opens_in="1h")
    await cancel(world, "Not needed")
    world.clock.advance(timedelta(hours=2))
    await world.due()
    assert world.general.last_message is None


async def test_an_empty_reason_is_refused_and_the_poll_stays_open(world: World) -> None:
    await world.open_poll()
    assert "reason is needed" in say(await cancel(world, "   "))
    assert "Choose one" in say(await world.slash(world.alice, "vote cast"))


async def test_a_poll_that_is_over_says_since_when_it_cannot_be_changed(world: World) -> None:
    await world.open_poll("Best rollup", closes_in="1h")
    closed_at = int((world.clock.now() + timedelta(hours=1)).timestamp())
    world.clock.advance(timedelta(hours=2))
    await world.due()
    await world.open_poll("Best bridge")
    cancelled_at = int(world.clock.now().timestamp())
    await cancel(world, "Wrong list")
    world.clock.advance(timedelta(hours=1))
    for command, options in (("close", {}), ("extend", {"by": "1h"}), ("cancel", {}), ("repost", {})):
        text = say(await world.slash(world.mod, f"poll {command}", poll="Best rollup", **options))
        assert f"Voting on **Best rollup** closed <t:{closed_at}:f>, so nothing was changed." in text
        text = say(await world.slash(world.mod, f"poll {command}", poll="bridge", **options))
        assert f"**Best bridge** was cancelled <t:{cancelled_at}:f>, so nothing was changed." in text


async def test_a_poll_that_is_not_open_yet_says_when_it_opens(world: World) -> None:
    await world.slash(world.mod, "poll open", title="Later", opens_in="1h")
    opens_at = int((world.clock.now() + timedelta(hours=1)).timestamp())
    text = say(await world.slash(world.mod, "poll close", poll="Later"))
    assert f"**Later** is not open yet: it opens <t:{opens_at}:f>." in text


async def test_a_cancelled_poll_whose_results_were_hidden_shows_none_and_says_why(world: World) -> None:
    board = await world.open_poll(results="after_close")
    await world.vote(world.alice, board, "peaq")
    await cancel(world, "Wrong list")
    await world.settle_boards()
    text = say(await world.alice.click(world.last(world.general), label="Results"))
    assert "was cancelled while its standings were hidden" in text
    assert "%" not in text


async def test_a_member_may_neither_extend_nor_cancel(world: World) -> None:
    await world.open_poll(closes_in="1h")
    assert "for moderators" in say(await world.slash(world.alice, "poll extend", by="1h"))
    assert "for moderators" in say(await world.slash(world.alice, "poll cancel"))


async def test_results_of_each_method_are_posted_with_the_root(world: World) -> None:
    for method in ("single", "approval", "ranked"):
        board = await world.open_poll(f"By {method}", method=method)
        await world.slash(world.alice, "vote cast", choice="Starknet")
        question = await world.slash(world.mod, "poll close")
        assert question.response is not None
        await world.mod.click(question.response, label="Close it now")
        await world.settle_boards()
        result = say(world.last(world.general))
        assert f"By {method}" in result
        assert "Checksum of all ballots (root): `" in result
        assert board.id != world.last(world.general).id


async def test_a_ranked_result_shows_every_round(world: World) -> None:
    await world.open_poll("Ranked", method="ranked", projects="Ant, Bee, Cat")
    for number, choice in enumerate(("Ant", "Ant", "Bee", "Bee, Cat", "Cat, Bee")):
        member = world.join(f"m{number}")
        await world.slash(member, "vote cast", choice=choice)
    question = await world.slash(world.mod, "poll close")
    assert question.response is not None
    await world.mod.click(question.response, label="Close it now")
    await world.settle_boards()
    result = say(world.last(world.general))
    assert "Round 1: " in result
    assert "out: Cat" in result
    assert "Round 2: Bee 3, Ant 2" in result


async def test_several_choices_need_a_method_that_takes_them(world: World) -> None:
    text = say(await world.slash(world.mod, "poll open", title="x", max_choices=3))
    assert "names one candidate" in text


async def test_weights_are_read_shown_and_counted(world: World) -> None:
    board = await world.open_poll(weights=f"<@&{world.helpers.id}> 3")
    assert f"<@&{world.helpers.id}> × 3" in say(board)
    helper = world.join("helper", world.helpers)
    await world.vote(helper, board, "peaq")
    await world.vote(world.alice, board, "Starknet")
    await world.settle_boards()
    text = say(world.last(world.general))
    assert "75.0% 3` **peaq**" in text
    assert "2 ballots" in text


async def test_weights_that_cannot_be_read_say_how(world: World) -> None:
    assert "Try `@Holder 3" in say(await world.slash(world.mod, "poll open", title="x", weights="Holder three"))
    too_heavy = f"<@&{world.helpers.id}> 11"
    assert "from 1 to 10" in say(await world.slash(world.mod, "poll open", title="x", weights=too_heavy))


async def test_who_has_an_excluded_role_may_not_vote(world: World) -> None:
    await world.open_poll(excluded_roles=f"<@&{world.helpers.id}>")
    helper = world.join("helper", world.helpers)
    text = say(await world.slash(helper, "vote cast", choice="peaq"))
    assert f"not for members with the role <@&{world.helpers.id}>" in text


async def test_a_poll_cancelled_without_ballots_speaks_of_none(world: World) -> None:
    await world.open_poll()
    assert "ballot" not in say(await cancel(world, "Wrong list"))
