from pathlib import Path

import pytest

from bot.answers.load import load_entries, load_phrasings
from bot.errors import BrokenData

TOPIC_TOML = """
topic = "Claiming"

[[entries]]
id = "first"
question = "How do I claim?"
phrasings = ["how to claim", "claim guide"]
keywords = ["claim"]
answer = "On the project's own page."
as_of = 2026-11-22
good_for_days = 365
basis = "official"
sources = [{ title = "A page", url = "https://example.org/a", as_of = 2026-11-22 }]

[[entries]]
id = "second"
question = "What is gas?"
answer = "The fee."
as_of = 2026-11-22
good_for_days = 365
basis = "secondary"
sources = [{ title = "A text without an address" }]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "claiming.toml").write_text(TOPIC_TOML)
    return tmp_path


def broken(folder: Path) -> BrokenData:
    with pytest.raises(BrokenData) as caught:
        load_entries(folder)
    return caught.value


def test_a_whole_folder_loads_in_the_order_of_its_files(folder: Path) -> None:
    earlier = TOPIC_TOML.replace('"first"', '"third"').replace('"second"', '"fourth"')
    for old, new in [
        ("How do I claim?", "Third?"),
        ("how to claim", "3"),
        ("claim guide", "c"),
        ("What is gas?", "4?"),
    ]:
        earlier = earlier.replace(old, new)
    (folder / "basics.toml").write_text(earlier)

    entries = load_entries(folder)

    assert [entry.id for entry in entries] == ["third", "fourth", "first", "second"]
    assert entries[2].wordings == ("How do I claim?", "how to claim", "claim guide")
    assert entries[2].sources[0].link == "https://example.org/a"
    assert entries[3].phrasings == entries[3].keywords == ()


@pytest.mark.parametrize(
    ("old", "new", "field", "reason"),
    [
        ('topic = "Claiming"', "", "topic", "is missing"),
        ('topic = "Claiming"', 'topic = "Claiming"\ncolour = "red"', "colour", "is not a field that is known here"),
        (TOPIC_TOML[TOPIC_TOML.index("[[entries]]"):], "", "entries", "is missing"),
        (TOPIC_TOML[TOPIC_TOML.index("[[entries]]"):], "entries = []", "entries", "at least 1 item"),
        ('id = "first"', 'id = "First one"', "entries.0.id", "pattern"),
        ('question = "How do I claim?"\n', "", "entries.0.question", "is missing"),
        ("How do I claim?", "How do I claim " + "x" * 66, "entries.0.question", "at most 80 characters"),
        ('"how to claim"', "7", "entries.0.phrasings.0", "valid string"),
        ('"claim guide"', '"' + "x" * 121 + '"', "entries.0.phrasings.1", "at most 120 characters"),
        ('"claim guide"', ", ".join(f'"way {number}"' for number in range(12)), "entries.0.phrasings", "at most 12"),
        ('keywords = ["claim"]', 'keywords = "claim"', "entries.0.keywords", "valid array"),
        ("On the project's own page.", "", "entries.0.answer", "at least 1 character"),
        ("On the project's own page.", "x" * 701, "entries.0.answer", "at most 700 characters"),
        ("as_of = 2026-11-22\ngood", "good", "entries.0.as_of", "is missing"),
        ("as_of = 2026-11-22\ngood", 'as_of = "soon"\ngood', "entries.0.as_of", "valid date"),
        ("good_for_days = 365", "good_for_days = 0", "entries.0.good_for_days", "greater than or equal to 1"),
        ('basis = "official"', 'basis = "rumour"', "entries.0.basis", "'official' or 'secondary'"),
        ('[{ title = "A text without an address" }]', "[]", "entries.1.sources", "at least 1 item"),
        ('{ title = "A text without an address" }', "{}", "entries.1.sources.0", "needs a title or a url"),
        ("https://example.org/a", "javascript:alert(1)", "entries.0.sources.0.url", "is not an http(s) address"),
        ('basis = "secondary"', 'basis = "secondary"\nlink = "x"', "entries.1.link", "is not a field that is"),
    ],
)  # fmt: skip
def test_a_broken_entry_is_named_by_file_field_and_reason(
    folder: Path, old: str, new: str, field: str, reason: str
) -> None:
    assert old in TOPIC_TOML
    path = folder / "claiming.toml"
    path.write_text(TOPIC_TOML.replace(old, new, 1))

    error = broken(folder)

    assert (error.file, error.field) == (str(path), field)
    assert reason in error.reason
    assert str(error) == f"{path}: {field}: {error.reason}"


def test_an_id_stands_for_one_entry_of_all_files(folder: Path) -> None:
    path = folder / "gas.toml"
    path.write_text('topic = "Gas"\n[[entries]]' + TOPIC_TOML.rpartition("[[entries]]")[2])

    error = broken(folder)

    assert (error.file, error.field) == (str(path), "entries.0.id")
    assert error.reason == "'second' stands twice (also in claiming.toml)"


@pytest.mark.parametrize(
    ("question", "phrasings", "field", "reason"),
    [
        ("WHAT IS GAS", "[]", "question", "'WHAT IS GAS' asks for second already (claiming.toml)"),
        ("Fees?", '["how to  claim!"]', "phrasings.0", "'how to  claim!' asks for first already (claiming.toml)"),
        ("Fees?", '["x", "fees"]', "phrasings.1", "'fees' asks for third already (gas.toml)"),
        ("Fees?", '["?!"]', "phrasings.0", "'?!' has no letter or digit to find it by"),
    ],
)
def test_one_wording_asks_for_one_entry_of_all_files(
    folder: Path, question: str, phrasings: str, field: str, reason: str
) -> None:
    third = TOPIC_TOML.rpartition("[[entries]]")[2].replace('"second"', '"third"')
    third = third.replace("What is gas?", question).replace("answer =", f"phrasings = {phrasings}\nanswer =", 1)
    path = folder / "gas.toml"
    path.write_text(f'topic = "Gas"\n[[entries]]{third}')

    error = broken(folder)

    assert (error.file, error.field, error.reason) == (str(path), f"entries.0.{field}", reason)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"topic = \xff", "is not UTF-8 text (byte 8)"), (b"topic = ", "is not TOML")],
)
def test_a_file_that_is_no_toml_text_is_named(folder: Path, content: bytes, reason: str) -> None:
    path = folder / "claiming.toml"
    path.write_bytes(content)

    error = broken(folder)

    assert (error.file, error.field) == (str(path), "")
    assert reason in error.reason


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    assert str(broken(tmp_path)) == f"{tmp_path}: holds no .toml file"


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    assert "cannot be read" in broken(tmp_path / "nowhere").reason


# More ways to ask


@pytest.fixture
def phrasings(tmp_path: Path) -> Path:
    more = tmp_path / "phrasings"
    more.mkdir()
    (more / "claiming.toml").write_text('first = ["where do i press", "get my tokens"]\n')
    (more / "other.toml").write_text('first = ["collect them"]\n')
    return more


def test_more_ways_to_ask_come_from_all_files(folder: Path, phrasings: Path) -> None:
    found = load_phrasings(phrasings, load_entries(folder))
    assert found == {"first": ("where do i press", "get my tokens", "collect them"), "second": ()}


@pytest.mark.parametrize(
    ("text", "field", "reason"),
    [
        ('third = ["x"]', "third", "is the id of no entry"),
        ('second = ["Where do I press?"]', "second", "asks for first already"),
        ('second = ["How do I claim"]', "second", "asks for first already"),
        ('second = ["once", "Once!"]', "second", "asks for second already"),
        ('second = "once"', "second", "valid array"),
        (f'second = ["{"x" * 121}"]', "second.0", "at most 120 characters"),
    ],
)
def test_a_broken_way_to_ask_is_named(folder: Path, phrasings: Path, text: str, field: str, reason: str) -> None:
    path = phrasings / "wrong.toml"
    path.write_text(text)
    with pytest.raises(BrokenData) as caught:
        load_phrasings(phrasings, load_entries(folder))
    assert (caught.value.file, caught.value.field) == (str(path), field)
    assert reason in caught.value.reason
