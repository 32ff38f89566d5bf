"""Examples of what is asked: read, checked, and with names left out."""

from pathlib import Path

import pytest

from bot.answers.facts.fields import FIELDS
from bot.answers.facts.intents import load_intents
from bot.answers.facts.question import SOMEBODY
from bot.catalogue.model import Project
from bot.catalogue.service import Catalogue
from bot.errors import BrokenData
from tests.answers.facts.conftest import DATA

FILES = {
    "facts": 'price = ["what is {project} worth"]',
    "survey": 'winner = ["who won"]',
    "polls": 'share = ["how is {project} doing here"]',
    "lists": 'list = ["{project} or {other}"]',
    "beyond": 'beyond = ["who runs {project}"]',
}


def written(folder: Path, **changed: str) -> Path:
    for name, text in {**FILES, **changed}.items():
        (folder / f"{name}.toml").write_text(text)
    return folder


def test_each_example_is_read_under_its_topic_with_the_names_masked(tmp_path: Path) -> None:
    found = {each.key: each.wordings for each in load_intents(written(tmp_path))}
    assert found == {
        "fact:price": (f"what is {SOMEBODY} worth",),
        "survey:winner": ("who won",),
        "poll:share": (f"how is {SOMEBODY} doing here",),
        "list": (f"{SOMEBODY} or {SOMEBODY}",),
        "beyond": (f"who runs {SOMEBODY}",),
    }


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("facts", 'colour = ["what colour is {project}"]', "is nothing that can be asked"),
        ("survey", 'leader = ["who leads"]', "is nothing that can be asked"),
        ("polls", 'votes = ["who won"]', "asks for survey:winner already"),
        ("beyond", 'beyond = [""]', "at least 1 character"),
    ],
)
def test_a_key_that_is_none_and_a_wording_that_stands_twice_are_told(
    tmp_path: Path, name: str, text: str, reason: str
) -> None:
    with pytest.raises(BrokenData, match=reason):
        load_intents(written(tmp_path, **{name: text}))


def test_what_ships_asks_for_every_usual_field_and_names_nobody(catalogue: Catalogue) -> None:
    intents = load_intents(DATA / "intents")
    usual = {field.key for field in FIELDS if _known_of_several(field.key, catalogue)}
    assert usual <= {each.key.removeprefix("fact:") for each in intents}
    assert not any("{" in wording for each in intents for wording in each.wordings)


def _known_of_several(key: str, catalogue: Catalogue) -> bool:
    def has(project: Project) -> bool:
        return key in project.facts and project.facts[key].known

    return sum(map(has, catalogue.projects)) > 1
