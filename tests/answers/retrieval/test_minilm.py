from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import BertWordPieceTokenizer

from bot.answers.retrieval.minilm import LONGEST, WIDTH, MiniLM
from bot.answers.retrieval.weights import read_tensors, weights_file
from bot.answers.retrieval.wordpieces import PIECES, WordPieces

THREE = ["what is a snapshot", "when do they record the balances", "how do i bake bread"]


@pytest.fixture(scope="module")
def pieces() -> WordPieces:
    return WordPieces()


@pytest.fixture(scope="module")
def model() -> MiniLM:
    path = weights_file()
    assert path is not None
    return MiniLM.load(path)


def test_the_vectors_are_those_of_the_model_run_by_its_own_runtime(model: MiniLM) -> None:
    # Printed by ONNX Runtime 1.23 from the same file.
    rows = model.vectors(THREE)
    assert np.allclose(rows @ rows.T, [[1, 0.1706, 0.0174], [0.1706, 1, -0.0514], [0.0174, -0.0514, 1]], atol=1e-3)
    assert np.allclose(rows[0][:4], [-0.0730, 0.0430, -0.0424, -0.0339], atol=1e-3)


def test_a_sentence_has_the_same_vector_alone_and_among_others(model: MiniLM) -> None:
    together = model.vectors([*THREE, *THREE[::-1]])
    assert np.allclose(together[:3], [model.vectors([text])[0] for text in THREE], atol=1e-5)
    assert np.allclose(together[3:], together[2::-1], atol=1e-5)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.text(max_size=80), max_size=4))
def test_any_texts_have_vectors_of_length_one(model: MiniLM, texts: list[str]) -> None:
    rows = model.vectors(texts)
    assert rows.shape == (len(texts), WIDTH)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-4)


def test_a_long_text_is_read_up_to_a_limit(model: MiniLM) -> None:
    assert np.allclose(model.vectors(["token " * LONGEST]), model.vectors(["token " * 5_000]), atol=1e-5)


def test_other_weights_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"something else")
    with pytest.raises(ValueError, match="not the file of weights"):
        read_tensors(path)


WORDS = [
    "What's a Snapshot?",
    "Überweisung naïve café",
    "什么是空投 airdrop",
    "0x04718f5a $STRK 100% L2-rollup",
    "a\u200bb\tc\nd \x00 e\u0301",
    "unaffable " + "x" * 150,
    "👀🚀 gm",
    "",
]


@pytest.fixture(scope="module")
def reference() -> BertWordPieceTokenizer:
    # The library's own tokenizer of this kind; the bot does without it.
    return BertWordPieceTokenizer(str(PIECES), lowercase=True)


@pytest.mark.parametrize("text", WORDS)
def test_words_are_cut_as_for_the_model(reference: BertWordPieceTokenizer, text: str) -> None:
    assert WordPieces().numbers(text, 512) == reference.encode(text).ids


# Letters that both sides' tables of Unicode know, however old: Arabic has grown since.
OLD_LETTERS = st.characters(max_codepoint=0x0590, exclude_categories=["Cn", "Co", "Cs"])


@settings(deadline=None)
@given(st.text(OLD_LETTERS, max_size=60))
def test_any_text_is_cut_as_for_the_model(reference: BertWordPieceTokenizer, pieces: WordPieces, text: str) -> None:
    assert pieces.numbers(text, 512) == reference.encode(text).ids
