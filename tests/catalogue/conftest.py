from pathlib import Path

import pytest

from bot.catalogue.load import Content, load
from bot.catalogue.service import Catalogue

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="session")
def content() -> Content:
    """Give what ships in data/."""
    return load(DATA)


@pytest.fixture(scope="session")
def catalogue(content: Content) -> Catalogue:
    """Give the catalogue as it ships."""
    return Catalogue(content)
