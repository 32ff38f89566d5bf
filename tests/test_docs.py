"""The documentation, held to the code: every command, option, setting, field and picture, and no other."""

import importlib.util
import re
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args
from unittest.mock import Mock

import discord
import pytest
import typer
from discord import app_commands
from pydantic import BaseModel

from bot.announcements.recurrence import describe, parse
from bot.answers.entry import Entry
from bot.answers.load import load_entries
from bot.catalogue import model
from bot.catalogue.load import Content, load
from bot.catalogue.reading import KEY_FACTS
from bot.cli import DEFAULT_PORT, cli
from bot.errors import BrokenData
from bot.settings import Settings
from bot.ui.channels import missing_permissions
from cogs.help import MEMBERS
from tests.world import World

ROOT = Path(__file__).parents[1]
README, CONTRIBUTING = ROOT / "README.md", ROOT / "CONTRIBUTING.md"
PAGES = sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").glob("*.md"))
PICTURES = ROOT / "docs" / "pictures"


def prose(page: Path) -> str:
    """Return a page without its blocks of code."""
    return re.sub(r"^ *```.*?^ *```", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)


def blocks(page: Path, language: str) -> list[str]:
    """Return a page's blocks of code in a language."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", page.read_text(), flags=re.DOTALL | re.MULTILINE)
    return [textwrap.dedent(code) for _, code in found]


def sections(page: Path) -> dict[str, str]:
    """Return what stands below each heading, up to the next one of any level."""
    parts = re.split(r"^#+ (.+)$", prose(page), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def rows(text: str) -> list[list[str]]:
    """Return the cells of all tables in a text, without their head lines."""
    tables = re.findall(r"^\|.*\n\|[-|]+\|\n((?:\|.*(?:\n|\Z))*)", text, flags=re.MULTILINE)
    return [[cell.strip() for cell in line.strip("|").split("|")] for table in tables for line in table.splitlines()]


def code(text: str) -> list[str]:
    """Return what stands in backticks."""
    return re.findall(r"`([^`\n]+)`", text)


def first_code(text: str) -> list[str]:
    """Return what stands in backticks in the first column of the tables."""
    return [row[0].strip("`") for row in rows(text)]


# Slash commands


def commands_of(world: World) -> dict[str, app_commands.Command[Any, Any, Any]]:
    tree = world.app.client.tree
    tops = tree.get_commands(type=discord.AppCommandType.chat_input)
    found = (c for top in tops for c in (top.walk_commands() if isinstance(top, app_commands.Group) else [top]))
    return {command.qualified_name: command for command in found if isinstance(command, app_commands.Command)}


def usage(command: app_commands.Command[Any, Any, Any]) -> str:
    """Return a command as the README has to show it."""
    options = [option.name if option.required else f"[{option.name}]" for option in command.parameters]
    return " ".join((f"/{command.qualified_name}", *options))


def short_usage(command: app_commands.Command[Any, Any, Any]) -> str:
    """Return a command whose options have a table of their own: only the needed ones, and an ellipsis."""
    needed = [option.name for option in command.parameters if option.required]
    return " ".join((f"/{command.qualified_name}", *needed, "…"))


def test_every_slash_command_stands_in_the_readme_with_its_options_and_no_other(world: World) -> None:
    parts = sections(README)
    shown = set(first_code(parts["For everybody"]) + first_code(parts["For moderators"]))
    expected = {
        short_usage(command) if f"Options of `/{name}`" in parts else usage(command)
        for name, command in commands_of(world).items()
    }
    assert shown == expected


def test_each_table_of_options_names_those_of_its_command(world: World) -> None:
    commands = commands_of(world)
    tables = {heading[12:].strip("`/"): text for heading, text in sections(README).items() if "Options of" in heading}
    assert tables
    for name, text in tables.items():
        assert first_code(text) == [option.name for option in commands[name].parameters], f"/{name}"


def test_choices_of_an_option_are_explained_in_its_row(world: World) -> None:
    commands, parts = commands_of(world), sections(README)
    looked_at = 0
    for heading, text in parts.items():
        if not heading.startswith("Options of"):
            continue
        told = {row[0].strip("`"): code(row[1]) for row in rows(text)}
        for option in commands[heading[12:].strip("`/")].parameters:
            missing = {str(choice.value) for choice in option.choices} - set(told[option.name])
            assert not missing, f"{heading}, {option.name}"
            looked_at += bool(option.choices)
    assert looked_at


def test_the_readme_says_right_for_whom_a_command_is(world: World) -> None:
    everybody = first_code(sections(README)["For everybody"])
    assert {line.strip("/").split()[0] for line in everybody} == {
        name.split()[0] for name in commands_of(world) if name.split()[0] in MEMBERS
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_names_a_slash_command_that_does_not_exist(world: World, page: Path) -> None:
    commands = commands_of(world)
    groups = {name.split()[0] for name in commands}
    for text in code(prose(page)):
        if not (words := re.match(r"/([a-z_]+)(?: ([a-z_]+))?(?![a-z_/])", text)):
            continue
        top, sub = words.groups()
        assert top in groups, f"{page.name}: {text}"
        assert top in commands or sub is None or f"{top} {sub}" in commands, f"{page.name}: {text}"


# The terminal


def terminal_commands() -> Iterator[tuple[str, set[str], set[str]]]:
    """Give each command's name, options and arguments; the name of what runs without one is empty."""
    group: Any = typer.main.get_command(cli)
    for name, command in [("", group), *group.commands.items()]:
        options = {opt for it in command.params if it.param_type_name == "option" for opt in it.opts if opt[:2] == "--"}
        arguments = {it.name.upper() for it in command.params if it.param_type_name == "argument"}
        yield name, options, arguments


def test_every_terminal_command_stands_in_the_readme_with_its_options_and_no_other() -> None:
    shown = [line.removeprefix("python run.py").split() for line in first_code(sections(README)["In the terminal"])]
    found = {
        next((word for word in words if word.islower() and word[0] not in "[-"), ""): (
            {word.strip("[]") for word in words if "--" in word},
            {word.strip('[]"…') for word in words if word.strip('[]"…').isupper()},
        )
        for words in shown
    }
    assert found == {name: (options, arguments) for name, options, arguments in terminal_commands()}


def test_the_readme_names_the_playgrounds_port() -> None:
    assert f"http://127.0.0.1:{DEFAULT_PORT}" in README.read_text()
    assert f"instead of {DEFAULT_PORT}" in README.read_text()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_shown_in_a_page_exist(page: Path) -> None:
    known = {name for name, _, _ in terminal_commands()}
    text = page.read_text()
    for name in re.findall(r"run\.py ([a-z]+)", text):
        assert name in known, name
    for module in re.findall(r"python3? -m ([a-z_.]+)", text):
        assert importlib.util.find_spec(module), module
    for tool in re.findall(r"\.venv/bin/([a-z-]+)", text):
        assert tool in ("python", "pip") or importlib.util.find_spec(tool.replace("lint-imports", "importlinter")), tool
    for path in re.findall(r"(?:requirements|docs|tests|\.ci)/[\w./-]*\w", " ".join(blocks(page, "sh"))):
        assert (ROOT / path).exists(), path


def test_ci_finds_the_readmes_test_command() -> None:
    after = README.read_text().partition("<!-- test command -->")[2].lstrip()
    assert after.startswith("```sh\n")
    command = after.splitlines()[1]
    assert "-m pytest" in command
    assert command in CONTRIBUTING.read_text()


# Settings


def settings() -> dict[str, object]:
    """Return the settings by the names that the operator types, with their defaults."""
    return {
        str(field.validation_alias or f"MOONBALLOT_{name.upper()}"): field.default
        for name, field in Settings.model_fields.items()
    }


def test_every_setting_stands_in_the_readme_with_its_default_and_no_other() -> None:
    shown = {row[0].strip("`"): row[2] for row in rows(sections(README)["Settings"])}
    assert list(shown) == list(settings())
    for name, default in settings().items():
        if default is not None:
            assert shown[name].strip("`") == str(default), name


def test_the_example_of_the_env_file_names_exactly_the_settings() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    assert [found[1] for line in lines if (found := re.match(r"#? ?([A-Z_]+)=", line))] == list(settings())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_names_a_setting_that_does_not_exist(page: Path) -> None:
    named = set(re.findall(r"\b(?:MOONBALLOT|DISCORD)_[A-Z_]+\b", page.read_text()))
    assert named <= set(settings())


def test_the_invitation_asks_for_exactly_the_permissions_that_the_bot_looks_for() -> None:
    names: set[str] = set()
    for kind in (discord.TextChannel, discord.Thread):
        channel = Mock(spec=kind)
        channel.permissions_for.return_value = discord.Permissions.none()
        names |= set(missing_permissions(channel))
    [asked] = re.findall(r"permissions=(\d+)", README.read_text())
    names.add("Read Message History")  # it posts without, but cannot look after a crash whether it did
    rights = {name.lower().replace(" ", "_"): True for name in names}
    assert discord.Permissions(int(asked)) == discord.Permissions(**rights)
    # For a whole server Discord says View Channels, for one channel View Channel.
    bold = re.findall(r"\*\*([^*]+)\*\*", sections(README)["Run it on your server"])
    assert names <= {name.replace("Channels", "Channel") for name in bold}


# Links and pictures


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", prose(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_tree_lead_somewhere(page: Path) -> None:
    text = prose(page)
    for target in re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|href)="([^"]+)"', text):
        if target.startswith(("http://", "https://")):
            continue
        path, _, anchor = target.partition("#")
        there = page.parent / path if path else page
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), target


def test_every_page_can_be_reached_from_the_readme() -> None:
    linked = {(ROOT / target).resolve() for target in re.findall(r"\]\(([^)#\s]+)\)", README.read_text())}
    assert set(PAGES) - {README} <= linked


def test_the_readme_shows_every_picture_that_is_made_and_says_what_is_on_it() -> None:
    shown = re.findall(r'<img src="docs/pictures/([a-z]+)\.png"[^>]* alt="([^"]{20,})">', README.read_text())
    made = re.findall(r'save\("([a-z]+)"', (ROOT / "docs" / "make_pictures.py").read_text())
    assert sorted(name for name, _ in shown) == sorted(made) == sorted(path.stem for path in PICTURES.glob("*"))


# The house


def test_the_house_in_contributing_is_the_one_that_stands() -> None:
    named = set(first_code(sections(CONTRIBUTING)["The house"]))
    rooms = {
        f"bot/{path.name}/" if path.is_dir() else f"bot/{path.name}"
        for path in (ROOT / "bot").iterdir()
        if not path.name.startswith("__")
    }
    assert rooms == {place for place in named if place.startswith("bot/")}
    assert [place for place in named if not (ROOT / place).exists()] == []


async def test_the_example_of_a_test_in_contributing_passes(world: World) -> None:
    [example] = blocks(CONTRIBUTING, "python")
    names: dict[str, Any] = {}
    exec(compile(example, str(CONTRIBUTING), "exec"), names)
    [test] = [value for name, value in names.items() if name.startswith("test_")]
    await test(world)


# Announcements


def test_the_recurrences_in_the_page_on_announcements_mean_what_it_says() -> None:
    table = rows(sections(ROOT / "docs" / "announcements.md")["When"])
    assert table
    for every, at, meaning in table:
        said = describe(parse(every.strip("`"), at.strip("`") or None, "Europe/Berlin"))
        assert said.removesuffix(" (Europe/Berlin)") == meaning


# Data

DATA_PAGE = ROOT / "docs" / "data.md"
FIELDS: Mapping[str, type[BaseModel]] = {
    "Fields of a project": model.Project,
    "Fields of airdrop": model.Airdrop,
    "Fields of a fact": model.Fact,
    "Fields of a source": model.Source,
    "Fields of a window": model.Window,
    "Fields of a funding round": model.FundingRound,
    "Fields of a survey": model.Survey,
    "Fields of a result": model.SurveyResult,
    "Fields of a correction": model.Correction,
    "Fields of an answer": Entry,
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Give a folder with the page's three examples in it."""
    project, survey, answers = blocks(DATA_PAGE, "toml")
    files = (("projects", "example", project), ("surveys", "example-2025", survey), ("answers", "example", answers))
    for kind, name, text in files:
        (tmp_path / kind).mkdir()
        (tmp_path / kind / f"{name}.toml").write_text(text)
    return tmp_path


def test_the_examples_of_data_load(data: Path) -> None:
    content = load(data)
    assert [project.id for project in content.projects] == ["example"]
    assert [survey.id for survey in content.surveys] == ["example-2025"]
    assert [entry.id for entry in load_entries(data / "answers")] == ["example-gas-for-a-claim"]


def test_the_example_of_a_project_has_every_status_of_a_fact(data: Path) -> None:
    [project] = load(data).projects
    assert {fact.status for fact in project.facts.values()} == set(get_args(model.FactStatus))


def test_the_error_in_the_page_on_data_is_the_one_that_comes(data: Path) -> None:
    file = data / "projects" / "example.toml"
    file.write_text(file.read_text().replace('symbol = "EXM"\n', ""))
    with pytest.raises(BrokenData) as caught:
        load(data)
    shown = str(caught.value).replace(str(data), "data")
    assert f"    moonballot: {shown}\n" in DATA_PAGE.read_text()


@pytest.mark.parametrize("heading", FIELDS)
def test_every_field_of_data_is_explained_in_the_order_of_the_model(heading: str) -> None:
    names = [name for name in first_code(sections(DATA_PAGE)[heading]) if name not in get_args(model.FactStatus)]
    assert names == list(FIELDS[heading].model_fields)


def test_the_page_on_data_names_every_state_category_status_and_key_fact() -> None:
    parts = sections(DATA_PAGE)
    states = next(row[1] for row in rows(parts["Fields of airdrop"]) if row[0] == "`state`")
    assert code(states) == list(get_args(model.AirdropState))
    assert code(parts["Fields of airdrop"].partition("Categories:")[2]) == list(get_args(model.Category))
    statuses = [name for name in first_code(parts["Fields of a fact"]) if name in get_args(model.FactStatus)]
    assert statuses == list(get_args(model.FactStatus))
    assert code(parts["Fields of a fact"].partition("in this order:")[2])[: len(KEY_FACTS)] == list(KEY_FACTS)


def test_the_numbers_of_projects_in_the_pages_are_right() -> None:
    content: Content = load(ROOT / "data")
    survey = content.surveys[-1]
    others = len(content.projects) - len(survey.results)
    assert f"{others} other airdrops" in README.read_text()
