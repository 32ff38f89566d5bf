import weakref
from typing import Any

import discord
import pytest

from bot.ui.card import Card
from bot.ui.clicks import let_go
from bot.ui.components import ComponentRouter
from bot.ui.reply import answering
from tests.world import World, say, value_of

USER = {"id": "3", "username": "ada", "discriminator": "0", "avatar": None}
CLICK: Any = {
    "id": "1",
    "type": 3,
    "token": "t",
    "version": 1,
    "application_id": "2",
    "attachment_size_limit": 1,
    "user": USER,
}


class Response:
    """An answer that keeps no card."""

    def is_done(self) -> bool:
        return False

    async def edit_message(self, *, view: Card, attachments: list[discord.File]) -> None:
        self.sent = view.to_components()


class Click:
    def __init__(self) -> None:
        self.response = Response()


async def nothing(*_: object) -> None:
    pass


@pytest.mark.parametrize(
    ("custom_id", "left"),
    [
        ("poll:v1:pick:1", True),
        ("poll:v1:pick", True),
        ("rankings:v1:page:1:0", False),
        ("poll:v1:picked:1", False),
        ("", False),
    ],
)
def test_a_message_is_left_where_the_handler_never_looks_at_it(custom_id: str, left: bool) -> None:
    router = ComponentRouter()
    router.route("poll:v1:pick", nothing, message=False)
    router.route("rankings:v1:page", nothing)
    assert router.leaves_message(custom_id) is left


async def test_a_click_that_is_over_does_not_wait_for_the_garbage_collector() -> None:
    client = discord.Client(intents=discord.Intents.none())
    interaction: discord.Interaction[Any] = discord.Interaction(data=CLICK, state=client._connection)
    assert not interaction.response.is_done()
    user = weakref.ref(interaction.user)
    let_go(interaction)
    assert not interaction.response.is_done()
    del interaction
    assert user() is None


async def test_a_vote_brings_no_message_and_leaves_nothing(world: World) -> None:
    seen: list[discord.Interaction[Any]] = []

    async def see(interaction: discord.Interaction[Any]) -> None:
        seen.append(interaction)

    board = await world.open_poll()
    world.app.client.add_listener(see, "on_interaction")
    paper: Any = (await world.alice.click(board, label="Vote")).response
    assert "Vote recorded" in say(await world.alice.select(paper, [value_of(paper, "peaq")]))
    assert len(seen) == 2
    assert all(click.message is None and click.response._parent is None for click in seen)


async def test_a_card_that_is_sent_does_not_wait_for_the_garbage_collector() -> None:
    click, card = Click(), Card("Title").text("Body")
    kept = [weakref.ref(part) for part in (card, *card.walk_children())]
    async with answering(click, update=True) as answer:  # type: ignore[arg-type]
        await answer(card)
    del card
    assert [part() for part in kept] == [None, None, None]
    assert click.response.sent[0]["components"][0]["content"] == "### Title\nBody"
