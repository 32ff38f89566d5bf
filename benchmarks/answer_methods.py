"""Ways to find what a question means, for comparison: the bot's own, what it is mixed from, and others."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from bot.answers.retrieval import cloud, kept, learned
from bot.answers.retrieval.cloud import read_cloud
from bot.answers.retrieval.document import Document, Encoder, Floats, Index, Method
from bot.answers.retrieval.learned import fitted, read_learned
from bot.answers.retrieval.meaning import Meaning
from bot.answers.retrieval.mix import MEANING, WORDS, Mix, method, read_encoder
from bot.answers.retrieval.remembered import Remembered
from bot.answers.retrieval.spelling import Spelling
from bot.answers.retrieval.words import Words
from bot.answers.words import spoken, terms

SHIPPED = "shipped"
DATA = Path(__file__).parents[1] / "data"
VECTORS, LEARNED, CLOUD = DATA / kept.FILE, DATA / learned.FILE, DATA / cloud.FILE
Making = Callable[[Sequence[Document]], Method]
# BM25's scores have no upper end: this one becomes a half.
HALF = 8


class Bm25:
    """Okapi BM25, by bm25s."""

    def index(self, documents: Sequence[Document]) -> Index:
        """Make documents ready to be found."""
        import bm25s

        ranker = bm25s.BM25()
        ranker.index([_terms(_whole(document)) for document in documents], show_progress=False)
        return _Scored(lambda question: _levelled(ranker.get_scores(_terms(question))))


class Fts5:
    """BM25 by SQLite's full-text search."""

    def index(self, documents: Sequence[Document]) -> Index:
        """Make documents ready to be found."""
        database = sqlite3.connect(":memory:")
        database.execute("CREATE VIRTUAL TABLE texts USING fts5(text, tokenize = 'porter unicode61')")
        database.executemany("INSERT INTO texts VALUES (?)", [(spoken(_whole(each)),) for each in documents])

        def scores(question: str) -> Floats:
            found = np.zeros(len(documents), np.float32)
            words = " OR ".join(f'"{word}"' for word in _terms(question))
            for row, score in database.execute("SELECT rowid, -rank FROM texts WHERE texts MATCH ?", (words,)):
                found[row - 1] = score
            return _levelled(found)

        return _Scored(scores)


@dataclass(frozen=True)
class Nearest:
    """The nearest wording, as vectors, and nothing else."""

    encoder: Encoder

    def index(self, documents: Sequence[Document]) -> Index:
        """Make documents ready to be found."""
        owners = np.array([place for place, document in enumerate(documents) for _ in document.wordings])
        rows = self.encoder.vectors([spoken(text) for document in documents for text in document.wordings])

        def scores(question: str) -> Floats:
            best = np.zeros(len(documents), np.float32)
            np.maximum.at(best, owners, rows @ self.encoder.vectors([spoken(question)])[0])
            return best

        return _Scored(scores)


class WordLlama:
    """Static vectors of word pieces, averaged: the encoder that wordllama ships."""

    def __init__(self) -> None:
        import wordllama

        folder = Path(wordllama.__file__).parent
        self._model = wordllama.WordLlama.load(cache_dir=folder, disable_download=True)

    def vectors(self, texts: Sequence[str]) -> Floats:
        """Return one row for each text."""
        return np.asarray(self._model.embed(list(texts), norm=True), np.float32)


@dataclass
class Scaled:
    """A method whose scores are stretched, so that the bot's thresholds fit them."""

    method: Method
    factor: float = 1.0

    def index(self, documents: Sequence[Document]) -> Index:
        """Make documents ready to be found."""
        index = self.method.index(documents)
        return _Scored(lambda question: index.scores(question) * np.float32(self.factor))


@dataclass(frozen=True)
class _Scored:
    scores: Callable[[str], Floats]


def _whole(document: Document) -> str:
    return " ".join((*document.wordings, *document.keywords, document.text))


def _terms(text: str) -> list[str]:
    return list(terms(spoken(text))) or ["-"]


def _levelled(scores: Any) -> Floats:
    found = np.asarray(scores, np.float32)
    return np.asarray(found / (found + HALF), np.float32)


def _minilm() -> Encoder:
    if (encoder := read_encoder(VECTORS)) is None:
        raise SystemExit("the sentence model is not installed")
    return encoder


@cache
def shipped_encoder() -> Remembered | None:
    """Return the bot's own, which is read once."""
    encoder = read_encoder(VECTORS)
    return Remembered(encoder) if encoder else None


def _spelling(corpus: Sequence[Document]) -> Spelling:
    return Spelling(text for document in corpus for text in (*document.wordings, *document.keywords, document.text))


def _alone(make: Making) -> Making:
    return lambda corpus: Mix(((make(corpus), 1.0),), _spelling(corpus))


def _mixed(meaning: Making, words: Making) -> Making:
    return lambda corpus: Mix(((meaning(corpus), MEANING), (words(corpus), WORDS)), _spelling(corpus))


# Each is made with all the documents that it may learn from; each mends spelling as the bot does.
def _learned(encoder: Encoder, corpus: Sequence[Document]) -> Meaning:
    return Meaning(encoder, corpus, fitted(encoder, corpus))


METHODS: Mapping[str, Making] = {
    SHIPPED: lambda corpus: method(shipped_encoder(), corpus, read_learned(LEARNED, corpus), read_cloud(CLOUD, corpus)),
    "bm25s": _alone(lambda _: Bm25()),
    "fts5": _alone(lambda _: Fts5()),
    "words": _alone(Words),
    "wordllama": _alone(lambda _: Nearest(WordLlama())),
    "minilm": _alone(lambda _: Nearest(_minilm())),
    "wordllama-learned": _alone(lambda corpus: _learned(WordLlama(), corpus)),
    "minilm-learned": _alone(lambda corpus: _learned(_minilm(), corpus)),
    "wordllama+words": _mixed(lambda corpus: _learned(WordLlama(), corpus), Words),
    "minilm+words": _mixed(lambda _: Nearest(_minilm()), Words),
    "minilm-learned+bm25s": _mixed(lambda corpus: _learned(_minilm(), corpus), lambda _: Bm25()),
}
