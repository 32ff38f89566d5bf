"""Teaching, as moderators do it; with the stand-in for an engine."""

from datetime import timedelta
from typing import Any

import pytest

from bot.app import App
from tests.answers.stand_in import stand_in
from tests.world import World, labels, say

FORM = {
    "question": "How do I stake?",
    "answer": "Lock the token.\nThen wait.",
    "source_title": "Starknet docs",
    "source_url": "https://docs.starknet.io/stake",
    "as_of": "2026-02-01",
}


@pytest.fixture(autouse=True)
def with_the_stand_in(app: App) -> None:
    app.library.read_engine = stand_in


async def asks(world: World, question: str = "how do i stake", who: Any = None) -> str:
    return say(await world.slash(who or world.alice, "ask", question=question))


async def form_from_gaps(world: World) -> Any:
    """Click Teach beside the first gap; give the form."""
    shown = await world.slash(world.mod, "answers gaps")
    assert shown.response is not None
    return await world.mod.click(shown.response, label="Teach")


async def teach(world: World, **changed: str) -> Any:
    """Type the form after `/answers teach`; give the preview."""
    form = await world.slash(world.mod, "answers teach", question=FORM["question"])
    return await world.mod.submit_modal(form, FORM | changed)


async def test_a_question_without_an_answer_is_taught_and_answered_at_once_on_that_server_alone(world: World) -> None:
    assert "I do not know" in await asks(world)
    gaps = await world.slash(world.mod, "answers gaps")
    assert gaps.ephemeral
    assert "how do i stake" in say(gaps)
    assert "asked once" in say(gaps)

    preview = await world.mod.submit_modal(await form_from_gaps(world), FORM)
    assert preview.ephemeral
    assert "Lock the token." in say(preview)
    assert "I do not know" in await asks(world)

    assert preview.response is not None
    published = await world.mod.click(preview.response, label="Publish")
    assert "Members of this server get this answer from now on" in say(published)
    answered = await asks(world)
    assert "Lock the token.\nThen wait." in answered
    assert "[Starknet docs](<https://docs.starknet.io/stake>)" in answered
    assert "None in the last 30 days" in say(await world.slash(world.mod, "answers gaps"))

    elsewhere = world.env.create_guild("Elsewhere")
    channel = elsewhere.create_text_channel("general")
    stranger = elsewhere.add_member(world.env.create_user("stranger"))
    assert "I do not know" in say(await stranger.slash(channel, "ask", question="how do i stake"))
    await world.alice.send_dm("how do i stake")
    assert "I do not know" in say(world.last(world.alice.user.dm_channel))


def filled_in(form: Any) -> dict[str, str | None]:
    """Return what stands in the fields of a form."""
    return {part["component"]["custom_id"]: part["component"].get("value") for part in form.modal["components"]}


async def test_the_form_holds_the_members_wording_and_todays_date(world: World) -> None:
    await asks(world, "where to stake zro?")
    values = filled_in(await form_from_gaps(world))
    assert values["question"] == "where to stake zro?"
    assert values["as_of"] == world.clock.now().date().isoformat()


async def test_gaps_name_nobody(world: World) -> None:
    await asks(world, f"why did <@{world.mod.id}> get more?")
    text = say(await world.slash(world.mod, "answers gaps"))
    assert "why did @someone get more?" in text
    for member in (world.alice, world.mod):
        assert str(member.id) not in text
        assert member.name not in text


async def test_many_gaps_come_in_pages(world: World) -> None:
    for number in range(6):
        await asks(world, f"what about {number}?")
        world.clock.advance(timedelta(minutes=1))
    first = await world.slash(world.mod, "answers gaps")
    assert first.response is not None
    assert labels(first.response).count("Teach") == 5
    assert "what about 0?" not in say(first)
    second = await world.mod.click(first.response, label="Next")
    assert "what about 0?" in say(second)
    assert "Page 2 of 2" in say(second)


async def test_an_answer_that_was_marked_down_is_among_the_gaps(world: World) -> None:
    asked = await world.slash(world.alice, "ask", question="what is a snapshot?")
    assert asked.response is not None
    await world.alice.click(asked.response, label="Not helpful")
    assert "👎 1" in say(await world.slash(world.mod, "answers gaps"))


async def test_what_is_wrong_in_the_form_is_said_and_nothing_typed_is_lost(world: World) -> None:
    refused = await teach(world, source_url="http://docs.starknet.io", as_of="yesterday")
    text = say(refused)
    assert "begins with “https”" in text
    assert "the form 2026-03-01" in text
    assert labels(refused.response) == ["Change it", "Discard"]
    form = await world.mod.click(refused.response, label="Change it")
    assert filled_in(form)["answer"] == FORM["answer"]
    better = await world.mod.submit_modal(form, FORM)
    assert labels(better.response) == ["Publish", "Change it", "Discard"]


async def test_a_look_alike_is_refused_as_a_source_and_not_linked(world: World) -> None:
    refused = await teach(world, source_url="https://starknet-claim.io/stake")
    assert "Publish" not in labels(refused.response)
    assert "not to be trusted" in say(refused)
    assert "The real one is starknet.io." in say(refused)
    assert "starknet-claim.io" not in say(refused)
    assert "https://" not in say(refused)


async def test_a_source_that_is_nobodys_official_domain_is_pointed_out(world: World) -> None:
    preview = await teach(world, source_url="https://blog.example.org/stake")
    assert "`blog.example.org` is no project's official domain" in say(preview)
    assert "Publish" in labels(preview.response)
    assert "official domain" not in say(await teach(world))


async def test_what_a_moderator_wrote_is_shown_dead_but_for_its_source(world: World) -> None:
    preview = await teach(world, answer="@everyone go to claim.evil.com **now** <@1>", source_title="[x](y) @here")
    text = say(preview)
    for alive in ("@everyone", "evil.com", "**now**", " <@1>", "](y)", "@here"):
        assert alive not in text


async def test_a_discarded_draft_is_gone(world: World) -> None:
    preview = await teach(world)
    assert "thrown away" in say(await world.mod.click(preview.response, label="Discard"))
    assert "I do not know" in await asks(world)
    assert "There are none yet" in say(await world.slash(world.mod, "answers list"))


async def test_teaching_the_same_question_again_says_that_it_replaces(world: World) -> None:
    await world.mod.click((await teach(world)).response, label="Publish")
    preview = await teach(world, answer="Lock it anew.")
    assert "takes the place" in say(preview)
    await world.mod.click(preview.response, label="Publish")
    assert "Lock it anew." in await asks(world)
    assert "1 answer" in say(await world.slash(world.mod, "answers list"))


async def test_forgetting_asks_first_and_can_be_undone(world: World) -> None:
    await world.mod.click((await teach(world)).response, label="Publish")
    (choice,) = await world.mod.autocomplete(world.general, "answers forget", "entry", "stake")
    assert choice["name"] == "How do I stake?"

    question = await world.slash(world.mod, "answers forget", entry=choice["value"])
    assert labels(question.response) == ["Forget it", "Keep it"]
    assert "Lock the token." in await asks(world)
    assert question.response is not None
    forgotten = await world.mod.click(question.response, label="Forget it")
    assert "I do not know" in await asks(world)
    assert forgotten.response is not None
    assert "is back" in say(await world.mod.click(forgotten.response, label="Undo"))
    assert "Lock the token." in await asks(world)


async def test_keeping_an_answer_changes_nothing(world: World) -> None:
    await world.mod.click((await teach(world)).response, label="Publish")
    question = await world.slash(world.mod, "answers forget", entry="How do I stake?")
    assert question.response is not None
    assert "The answer stays" in say(await world.mod.click(question.response, label="Keep it"))
    assert "Lock the token." in await asks(world)


async def test_an_answer_is_forgotten_from_the_list(world: World) -> None:
    await world.mod.click((await teach(world)).response, label="Publish")
    shown = await world.slash(world.mod, "answers list")
    assert "How do I stake?" in say(shown)
    assert shown.response is not None
    assert "Forget this answer?" in say(await world.mod.click(shown.response, label="Forget"))


async def test_forgetting_what_was_never_taught_says_so(world: World) -> None:
    assert "I know no taught answer called" in say(await world.slash(world.mod, "answers forget", entry="nonsense"))


async def test_members_may_not_teach_nor_see_the_gaps(world: World) -> None:
    for command, options in (
        ("answers gaps", {}),
        ("answers list", {}),
        ("answers teach", {"question": "How?"}),
        ("answers forget", {"entry": "1"}),
    ):
        result = await world.slash(world.alice, command, **options)
        assert result.ephemeral
        assert "is for moderators" in say(result)


async def test_a_member_who_lost_the_role_cannot_publish_an_old_draft(world: World) -> None:
    helper = world.join("helper", world.helpers)
    await world.slash(world.mod, "setup moderator_role", role=world.helpers)
    form = await world.slash(helper, "answers teach", question="How?")
    preview = await helper.submit_modal(form, FORM)
    await world.unset("moderator_role")
    assert preview.response is not None
    assert "is for moderators" in say(await helper.click(preview.response, label="Publish"))
    assert "I do not know" in await asks(world)
