from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.catalogue.editing import CatalogueEditing
from bot.catalogue.editions import Editions
from bot.catalogue.load import Content, load
from bot.catalogue.proposal import Saved, Shown
from bot.catalogue.service import Catalogue
from bot.catalogue.typed import Typed
from bot.clock import FixedClock
from bot.store.engine import Store

DATA = Path(__file__).parents[2] / "data"
GUILD, OTHER, ANN, BOB = 7, 8, 70, 80
PAGE = "https://example.org/page"


@pytest.fixture(scope="session")
def content() -> Content:
    """Give what ships in data/."""
    return load(DATA)


@pytest.fixture(scope="session")
def catalogue(content: Content) -> Catalogue:
    """Give the catalogue as it ships."""
    return Catalogue(content)


class Lab:
    """A store, a clock, and as many processes as a test starts."""

    def __init__(self, store: Store, clock: FixedClock, shipped: Catalogue) -> None:
        self.store, self.clock, self.shipped = store, clock, shipped
        self.told: list[tuple[int, str]] = []
        self.changed: list[int] = []

    async def start(self) -> CatalogueEditing:
        self.editions = Editions(self.shipped, self.clock)
        editing = CatalogueEditing(self.store, self.clock, self.editions)
        editing.on_change = self.changed.append
        editing.tell = self.tell
        await editing.load()
        return editing

    async def tell(self, guild_id: int, text: str) -> None:
        self.told.append((guild_id, text))

    async def rows(self, table: sa.Table) -> list[sa.RowMapping]:
        async with self.store.read() as tx:
            return list((await tx.execute(sa.select(table))).mappings())


@pytest.fixture
def lab(store: Store, clock: FixedClock, catalogue: Catalogue) -> Lab:
    return Lab(store, clock, catalogue)


@pytest.fixture
async def editing(lab: Lab) -> CatalogueEditing:
    return await lab.start()


async def saved(editing: CatalogueEditing, shown: Shown) -> Saved:
    proposal = shown.proposal
    decided = await editing.confirm(proposal.guild_id, proposal.by, proposal.id)
    assert isinstance(decided, Saved)
    return decided


async def launch(editing: CatalogueEditing, value: str, by: int = ANN, guild: int = GUILD) -> Shown:
    return await editing.edit(guild, by, "starknet", "tge_date", Typed(value, PAGE))


def said(lab: Lab, guild: int = GUILD, key: str = "tge_date") -> Any:
    return lab.editions.of(guild).get("starknet").facts[key].value
