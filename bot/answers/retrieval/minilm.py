"""The sentence model all-MiniLM-L6-v2, run in numpy."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bot.answers.retrieval.weights import Numbers, read_tensors
from bot.answers.retrieval.wordpieces import WordPieces

Floats = NDArray[np.float32]

LAYERS = 6
HEADS = 12
WIDTH = 384
# What one layer's matrices are for, in the order in which the file has them.
MATRICES = ("query", "key", "value", "joining", "widening", "narrowing")
# A text of more word pieces is read up to here: the time grows with each.
LONGEST = 64
# So many word pieces are computed together: as much as a processor's cache holds. Two short sentences take hardly
# longer than one, since most of the time goes into fetching the matrices.
PIECES_AT_ONCE = 512
# The matrices are kept in blocks of so many columns, and of as many rows as the states are wide. With few word pieces
# BLAS multiplies small blocks as they lie, where it would copy the whole of a large matrix first.
BLOCK = 64
# What a processor fetches from memory at once.
LINE_BYTES = 64
EPSILON = np.float32(1e-12)


class MiniLM:
    """Sentences as vectors of length one: the nearer two are in meaning, the larger their product."""

    def __init__(self, pieces: WordPieces, tensors: Mapping[str, Numbers]) -> None:
        self._pieces = pieces
        start = "inner.embeddings."
        self._words = tensors[f"{start}word_embeddings.weight_q"], tensors[f"{start}word_embeddings.weight_scale"]
        places = _whole(tensors, f"{start}position_embeddings.weight")[:LONGEST]
        # All sentences are of the model's first kind, so that this kind's vector is part of each position's.
        self._places = places + tensors[f"{start}token_type_embeddings.weight"][0]
        self._norm = tensors[f"{start}LayerNorm.weight"], tensors[f"{start}LayerNorm.bias"]
        names = [name.removesuffix("_q") for name in tensors if name.startswith("val_") and name.endswith("_q")]
        matrices = _together([tensors[f"{name}_q"].size for name in names], (_whole(tensors, name) for name in names))
        self._layers = [
            _Layer(tensors, number, dict(zip(MATRICES, matrices[number * 6 : number * 6 + 6], strict=True)))
            for number in range(LAYERS)
        ]

    @classmethod
    def load(cls, weights: Path) -> Self:
        """Read the weights; a tenth of a second."""
        return cls(WordPieces(), read_tensors(weights))

    def vectors(self, texts: Sequence[str]) -> Floats:
        """Return one row of 384 numbers for each text."""
        rows = np.empty((len(texts), WIDTH), np.float32)
        for sentences in self._batches(texts):
            rows[[place for place, _ in sentences]] = self._means([pieces for _, pieces in sentences])
        return rows

    def _batches(self, texts: Sequence[str]) -> Iterator[list[tuple[int, list[int]]]]:
        # By length: those of one length are computed as one.
        sentences = sorted(enumerate(self._pieces.numbers(text, LONGEST) for text in texts), key=lambda it: len(it[1]))
        batch: list[tuple[int, list[int]]] = []
        count = 0
        for sentence in sentences:
            count += len(sentence[1])
            if batch and count > PIECES_AT_ONCE:
                yield batch
                batch, count = [], len(sentence[1])
            batch.append(sentence)
        if batch:
            yield batch

    def _means(self, sentences: Sequence[Sequence[int]]) -> Floats:
        spans = list(_spans([len(pieces) for pieces in sentences]))
        pieces = np.concatenate([np.asarray(each) for each in sentences])
        places = np.concatenate([np.arange(len(each)) for each in sentences])
        numbers, scales = self._words
        states = _normal(numbers[pieces] * scales[pieces] + self._places[places], *self._norm)
        for layer in self._layers:
            states = layer(states, spans)
        means = np.concatenate([span.of(states).mean(axis=1) for span in spans])
        return np.asarray(means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), EPSILON))


@dataclass(frozen=True, slots=True)
class _Span:
    """Sentences of one length among the word pieces of a batch."""

    start: int
    sentences: int
    length: int

    def of(self, states: Floats) -> Floats:
        """Return their states: sentences × length × width."""
        return states[self.start : self.start + self.sentences * self.length].reshape(self.sentences, self.length, -1)


def _spans(lengths: Sequence[int]) -> Iterator[_Span]:
    start = 0
    for length, members in groupby(lengths):
        sentences = len(list(members))
        yield _Span(start, sentences, length)
        start += sentences * length


class _Layer:
    """One layer: what the words take from each other, then a small network, each added to what came in."""

    def __init__(self, tensors: Mapping[str, Numbers], number: int, matrices: Mapping[str, Floats]) -> None:
        start = f"inner.encoder.layer.{number}."
        self._taking = [
            (matrices[name], tensors[f"{start}attention.self.{name}.bias"]) for name in ("query", "key", "value")
        ]
        self._joining = matrices["joining"], tensors[f"{start}attention.output.dense.bias"]
        self._joined = tuple(tensors[f"{start}attention.output.LayerNorm.{part}"] for part in ("weight", "bias"))
        self._widening = matrices["widening"], tensors[f"{start}intermediate.dense.bias"]
        self._narrowing = matrices["narrowing"], tensors[f"{start}output.dense.bias"]
        self._norm = tuple(tensors[f"{start}output.LayerNorm.{part}"] for part in ("weight", "bias"))

    def __call__(self, states: Floats, spans: Sequence[_Span]) -> Floats:
        states = _normal(_linear(self._attention(states, spans), *self._joining) + states, *self._joined)
        return _normal(_linear(_gelu(_linear(states, *self._widening)), *self._narrowing) + states, *self._norm)

    def _attention(self, states: Floats, spans: Sequence[_Span]) -> Floats:
        query, key, value = (_linear(states, *pair) for pair in self._taking)
        return np.concatenate([_attended(span.of(query), span.of(key), span.of(value)) for span in spans])


def _attended(query: Floats, key: Floats, value: Floats) -> Floats:
    """Return what each word piece takes from those of its own sentence, all in one row."""
    query, key, value = (each.reshape(*each.shape[:2], HEADS, -1).transpose(0, 2, 1, 3) for each in (query, key, value))
    scores = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(WIDTH / HEADS))
    scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares = scores / scores.sum(axis=-1, keepdims=True)
    return np.asarray((shares @ value).transpose(0, 2, 1, 3).reshape(-1, WIDTH))


def _whole(tensors: Mapping[str, Numbers], name: str) -> Floats:
    # Kept as bytes with a scale for each column, or for each row of a table of vectors.
    return np.asarray(tensors[f"{name}_q"] * tensors[f"{name}_scale"], np.float32)


def _together(sizes: Sequence[int], matrices: Iterable[Floats]) -> list[Floats]:
    """Return matrices in blocks, all in one piece of memory: one so large is kept in large pages, found far sooner."""
    room = np.empty(sum(sizes) + LINE_BYTES, np.float32)
    start, found = -room.ctypes.data % LINE_BYTES // room.itemsize, []
    for size, matrix in zip(sizes, matrices, strict=True):
        rows, columns = matrix.shape
        blocks = matrix.reshape(rows // WIDTH, WIDTH, columns // BLOCK, BLOCK).swapaxes(1, 2)
        found.append(room[start : start + size].reshape(blocks.shape))
        found[-1][:] = blocks
        start += size
    return found


def _linear(states: Floats, blocks: Floats, bias: Floats) -> Floats:
    slices = states.reshape(len(states), len(blocks), 1, WIDTH).transpose(1, 2, 0, 3)
    products = slices @ blocks
    products = products[0] if len(blocks) == 1 else products.sum(axis=0)
    return np.asarray(products.swapaxes(0, 1).reshape(len(states), -1) + bias)


def _normal(states: Floats, weight: Floats, bias: Floats) -> Floats:
    centred = states - states.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + EPSILON)
    return np.asarray(centred / spread * weight + bias)


def _gelu(states: Floats) -> Floats:
    # The usual approximation by tanh: numpy has no error function.
    inner = np.float32(np.sqrt(2 / np.pi)) * (states + np.float32(0.044715) * states * states * states)
    return np.asarray(np.float32(0.5) * states * (1 + np.tanh(inner)))
