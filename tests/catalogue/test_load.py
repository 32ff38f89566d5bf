from pathlib import Path

import pytest

from bot.catalogue.load import Content, load
from bot.errors import BrokenData
from tests.catalogue.examples import PROJECT_TOML, SURVEY_TOML


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "projects").mkdir()
    (tmp_path / "surveys").mkdir()
    (tmp_path / "projects" / "alpha.toml").write_text(PROJECT_TOML)
    (tmp_path / "surveys" / "test-2024.toml").write_text(SURVEY_TOML)
    return tmp_path


def broken(folder: Path) -> BrokenData:
    with pytest.raises(BrokenData) as caught:
        load(folder)
    return caught.value


def test_a_whole_folder_loads(folder: Path) -> None:
    content = load(folder)

    assert isinstance(content, Content)
    assert [project.name for project in content.projects] == ["Alpha"]
    assert content.projects[0].facts["tge_date"].value == "2024-02-20"
    assert content.surveys[0].results[0].project == "alpha"


@pytest.mark.parametrize(
    ("old", "new", "field", "reason"),
    [
        ('symbol = "ALP"\n', "", "symbol", "is missing"),
        ('symbol = "ALP"', "symbol = 7", "symbol", "Input should be a valid string"),
        ('symbol = "ALP"', 'symbol = ""', "symbol", "at least 1 character"),
        ('symbol = "ALP"', 'symbol = "ALP"\ncolour = "red"', "colour", "is not a field that is known here"),
        ('category = "layer 2"', 'category = "layer 9"', "category", "'layer 1', 'layer 2'"),
        ('state = "closed"', 'state = "over"', "airdrop.state", "'closed'"),
        ('status = "confirmed"', 'status = "sure"', "facts.tge_date.status", "'confirmed'"),
        ("as_of = 2026-11-22\nsources", "sources", "facts.tge_date.as_of", "is missing"),
        ("as_of = 2026-11-22\nsources", 'as_of = "soon"\nsources', "facts.tge_date.as_of", "valid date"),
        ('{ title = "A page", url = "https://example.org/a" }', "{}", "facts.tge_date.sources.0", "a title or a url"),
        ("https://example.org/a", "javascript:alert(1)", "facts.tge_date.sources.0.url", "is not an http(s) address"),
        ("https://example.org/a", "https://", "facts.tge_date.sources.0.url", "is not an http(s) address"),
        ('[{ title = "A page", url = "https://example.org/a" }]', "[]", "facts.tge_date", "needs a source"),
        ('value = "2024-02-20"\n', "", "facts.tge_date", "needs a value"),
        ('status = "unknown"', 'status = "unknown"\nvalue = "x"', "facts.snapshot", "has neither value nor text"),
        (
            'value = "2024-02-20"',
            'value = { opens = "20 February" }',
            "facts.tge_date.value.opens",
            "is not a day such as 2024",
        ),
        (
            'value = "2024-02-20"',
            'value = [{ round = "Seed", amount_usd = "6M" }]',
            "facts.tge_date.value.0.amount_usd",
            "valid integer",
        ),
        ('value = "2024-02-20"', "value = { total = 5 }", "facts.tge_date", "figures need a text"),
        ('id = "alpha"', 'id = "beta"', "id", "the file is called alpha.toml"),
        ('aliases = ["Alpha Network"]', 'aliases = ["!?"]', "aliases", "no letter or digit"),
    ],
)
def test_a_broken_project_is_named_by_file_field_and_reason(
    folder: Path, old: str, new: str, field: str, reason: str
) -> None:
    assert old in PROJECT_TOML
    path = folder / "projects" / "alpha.toml"
    path.write_text(PROJECT_TOML.replace(old, new, 1))

    error = broken(folder)

    assert error.file == str(path)
    assert error.field == field
    assert reason in error.reason
    assert str(error) == f"{path}: {field}: {error.reason}"


@pytest.mark.parametrize(
    ("old", "new", "field", "reason"),
    [
        ('project = "alpha"', 'project = "beta"', "results.0.project", "'beta' is no known project"),
        ('organiser = "Somebody"', 'organiser = "S"\norganiser_project = "no"', "organiser_project", "'no' is no"),
        ('unnamed_share = "20"', 'unnamed_share = "19.9"', "", "add up to 99.9, not to 100"),
        ('share = "80"', 'share = "eighty"', "results.0.share", "valid decimal"),
        ('share = "80"', 'share = "180"', "results.0.share", "less than or equal to 100"),
        ("place = 1", "place = 2", "", "places must follow the shares"),
        ("[facts]", '[[corrections]]\nprinted="a"\nmeaning="b"\nstatus="c"\nevidence="d"\nproject="beta"\n[facts]',
         "corrections.0.project", "is not among the results"),
        ("[[results]]", '[[results]]\nproject = "alpha"\nplace = 1\nshare = "0"\n[[results]]', "", "largest first"),
        (SURVEY_TOML[SURVEY_TOML.index("[[results]]"):], "", "results", "is missing"),
    ],
)  # fmt: skip
def test_a_broken_survey_is_named_by_file_field_and_reason(
    folder: Path, old: str, new: str, field: str, reason: str
) -> None:
    assert old in SURVEY_TOML
    path = folder / "surveys" / "test-2024.toml"
    path.write_text(SURVEY_TOML.replace(old, new, 1))

    error = broken(folder)

    assert (error.file, error.field) == (str(path), field)
    assert reason in error.reason


def test_a_project_may_stand_only_once_in_a_survey(folder: Path) -> None:
    path = folder / "surveys" / "test-2024.toml"
    halved = SURVEY_TOML.replace('share = "80"', 'share = "40"')
    path.write_text(halved + '\n[[results]]\nproject = "alpha"\nplace = 1\nshare = "40"\n')

    error = broken(folder)

    assert (error.field, error.reason) == ("results.1.project", "'alpha' stands twice")


@pytest.mark.parametrize(
    ("name", "aliases", "field", "reason"),
    [
        ("ALPHA", "[]", "name", "'ALPHA' already means Alpha (alpha.toml)"),
        ("Beta", '["alpha-network"]', "aliases", "'alpha-network' already means Alpha (alpha.toml)"),
    ],
)
def test_two_projects_may_not_go_by_one_name(folder: Path, name: str, aliases: str, field: str, reason: str) -> None:
    twin = PROJECT_TOML.replace('id = "alpha"', 'id = "beta"').replace('name = "Alpha"', f'name = "{name}"')
    path = folder / "projects" / "beta.toml"
    path.write_text(twin.replace('aliases = ["Alpha Network"]', f"aliases = {aliases}"))

    error = broken(folder)

    assert (error.file, error.field, error.reason) == (str(path), field, reason)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"id = \xff", "is not UTF-8 text (byte 5)"),
        (b"id = ", "is not TOML"),
        (b"when = 12:30:00", "holds a value of a kind that is not used here"),
    ],
)
def test_a_file_that_is_no_toml_text_is_named(folder: Path, content: bytes, reason: str) -> None:
    path = folder / "projects" / "alpha.toml"
    path.write_bytes(content)

    error = broken(folder)

    assert (error.file, error.field) == (str(path), "")
    assert reason in error.reason


@pytest.mark.parametrize("kind", ["projects", "surveys"])
def test_an_empty_folder_is_named(folder: Path, kind: str) -> None:
    for path in (folder / kind).iterdir():
        path.unlink()

    assert str(broken(folder)) == f"{folder / kind}: holds no .toml file"


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    error = broken(tmp_path / "nowhere")

    assert error.file == str(tmp_path / "nowhere" / "projects")
    assert "cannot be read" in error.reason


def test_files_of_other_kinds_are_left_alone(folder: Path) -> None:
    (folder / "projects" / "README.md").write_text("not a project")

    assert len(load(folder).projects) == 1
