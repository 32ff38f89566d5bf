"""The way of finding that won: by meaning and by words; by words alone without the sentence model."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import structlog
from threadpoolctl import threadpool_limits

from bot.answers.retrieval.cloud import Cloud
from bot.answers.retrieval.document import Document, Encoder, Floats, Index, Method
from bot.answers.retrieval.kept import Kept, read_kept
from bot.answers.retrieval.learned import Learned
from bot.answers.retrieval.meaning import Meaning
from bot.answers.retrieval.minilm import MiniLM
from bot.answers.retrieval.spelling import Spelling
from bot.answers.retrieval.weights import weights_file
from bot.answers.retrieval.words import Words

MEANING, WORDS = 0.85, 0.15

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Mix:
    """Several ways of finding, each with its weight, for questions that are spelt right; the weights add up to one."""

    parts: tuple[tuple[Method, float], ...]
    spelling: Spelling

    def index(self, documents: Sequence[Document]) -> Index:
        """Make documents ready to be found in each way."""
        return _Mixed(tuple((method.index(documents), weight) for method, weight in self.parts), self.spelling)


@dataclass(frozen=True)
class _Mixed:
    parts: tuple[tuple[Index, float], ...]
    spelling: Spelling

    def scores(self, question: str) -> Floats:
        question = self.spelling.mended(question)
        total = sum(index.scores(question) * np.float32(weight) for index, weight in self.parts)
        return np.asarray(total, np.float32)


def read_encoder(kept: Path | None = None) -> Encoder | None:
    """Return the sentence model, with a file of kept vectors; None, which the log says, when it cannot be used."""
    path = weights_file()
    if path is None:
        log.warning("the sentence model is not installed: questions are answered by their words alone")
        return None
    try:
        model = MiniLM.load(path)
    except (OSError, ValueError) as error:
        log.warning("the sentence model cannot be read: questions are answered by their words alone", error=str(error))
        return None
    # A second thread makes one question little faster, and all of them much slower when the processors have other work.
    threadpool_limits(limits=1, user_api="blas")
    return Kept(model, read_kept(kept)) if kept else model


def method(
    encoder: Encoder | None, corpus: Sequence[Document], learned: Learned | None = None, cloud: Cloud | None = None
) -> Method:
    """Return the best way of finding, taught with `corpus`, and with what was learned of it beforehand."""
    spelling = Spelling(text for document in corpus for text in (*document.wordings, *document.keywords, document.text))
    words = Words(corpus)
    if encoder is None:
        return Mix(((words, 1.0),), spelling)
    return Mix(((Meaning(encoder, corpus, learned, cloud), MEANING), (words, WORDS)), spelling)
