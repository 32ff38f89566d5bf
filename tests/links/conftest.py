"""The links as they ship, for a room's tests that only read."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.catalogue.editions import Editions
from bot.catalogue.load import load
from bot.catalogue.model import Project
from bot.catalogue.service import Catalogue
from bot.links.service import Links

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue(load(DATA))


@pytest.fixture(scope="session")
def links(catalogue: Catalogue) -> Links:
    return Links(Editions(catalogue), {"drainer.example.com", "scam.com", "github.io"})


@pytest.fixture(scope="session")
def homeless(catalogue: Catalogue) -> Links:
    """Return the links as they were if no source named the home of any project."""

    def without_home(project: Project) -> Project:
        facts = {key: fact for key, fact in project.facts.items() if key != "official_domains"}
        return project.model_copy(update={"facts": facts})

    projects = tuple(map(without_home, catalogue.projects))
    return Links(Editions(Catalogue(replace(catalogue.content, projects=projects))))
