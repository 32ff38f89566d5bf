from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.tongues import NO_TONGUES, Tongue, Tongues, load_tongues
from bot.errors import BrokenData

GLOSSARY = Path(__file__).parents[2] / "data" / "glossary.toml"
TONGUES = load_tongues(GLOSSARY)


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("¿Qué es una billetera?", "¿ what is a wallet ?"),
        ("Was ist ein Airdrop?", "what is a airdrop?"),
        ("c'est quoi un airdrop", "what is a airdrop"),
        ("come posso pagare le tasse", "how can i pay the taxes"),
        ("apa itu snapshot", "what is snapshot"),
        ("как платить налоги", "how pay taxes"),
        ("什么是空投", "what is airdrop"),
        ("エアドロップとは何", "airdrop what is"),
    ],
)
def test_a_question_in_another_language_is_read_word_by_word(asked: str, read: str) -> None:
    assert TONGUES.english(asked) == read


@pytest.mark.parametrize(
    "asked",
    [
        "what is a snapshot",
        "can i still claim zro",
        "die hard or no",
        "is peaq on sale",
        "come on man, site or page",
        "qwerty uiop",
        "привет",
        "",
    ],
)
def test_english_and_what_is_not_understood_are_left_alone(asked: str) -> None:
    assert TONGUES.english(asked) is None
    assert NO_TONGUES.english(asked) is None


def test_the_longer_wording_wins() -> None:
    tongue = Tongue({"por": "for", "por qué": "why", "qué": "what"})
    assert Tongues([tongue]).english("por qué, por qué") == "why , why"


@given(st.text(max_size=200))
def test_any_text_may_be_read(text: str) -> None:
    TONGUES.english(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("es = 'qué'", "'qué' is not a word=english"),
        ("es = '=what'", "is not a word=english"),
        ("es = 7", "is not a text"),
        ("es =", "is not TOML"),
    ],
)
def test_a_broken_glossary_is_said(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "glossary.toml"
    path.write_text(text)
    with pytest.raises(BrokenData, match=said):
        load_tongues(path)
