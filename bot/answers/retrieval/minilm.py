"""The sentence model all-MiniLM-L6-v2, run in numpy."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
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
# Sentences of one length are computed together, so many word pieces at a time: as much as a processor's cache holds.
PIECES_AT_ONCE = 512
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
        matrices = [_whole(tensors, name) for name in names]
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
        for places, pieces in self._batches(texts):
            rows[places] = self._means(pieces)
        return rows

    def _batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], NDArray[np.int64]]]:
        # Same length, same batch: nothing has to be padded or masked.
        lengths: dict[int, list[tuple[int, list[int]]]] = defaultdict(list)
        for place, text in enumerate(texts):
            pieces = self._pieces.numbers(text, LONGEST)
            lengths[len(pieces)].append((place, pieces))
        for length, members in lengths.items():
            size = max(1, PIECES_AT_ONCE // length)
            for start in range(0, len(members), size):
                part = members[start : start + size]
                yield [place for place, _ in part], np.array([pieces for _, pieces in part])

    def _means(self, pieces: NDArray[np.int64]) -> Floats:
        numbers, scales = self._words
        states = _normal(numbers[pieces] * scales[pieces] + self._places[: pieces.shape[1]], *self._norm)
        for layer in self._layers:
            states = layer(states)
        means = states.mean(axis=1)
        return np.asarray(means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), EPSILON))


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

    def __call__(self, states: Floats) -> Floats:
        states = _normal(_linear(self._attention(states), *self._joining) + states, *self._joined)
        return _normal(_linear(_gelu(_linear(states, *self._widening)), *self._narrowing) + states, *self._norm)

    def _attention(self, states: Floats) -> Floats:
        sentences, length, _ = states.shape
        query, key, value = (
            _linear(states, *pair).reshape(sentences, length, HEADS, -1).transpose(0, 2, 1, 3) for pair in self._taking
        )
        scores = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(WIDTH / HEADS))
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares = scores / scores.sum(axis=-1, keepdims=True)
        return np.asarray((shares @ value).transpose(0, 2, 1, 3).reshape(states.shape))


def _whole(tensors: Mapping[str, Numbers], name: str) -> Floats:
    # Kept as bytes with a scale for each column, or for each row of a table of vectors.
    return np.asarray(tensors[f"{name}_q"] * tensors[f"{name}_scale"], np.float32)


def _linear(states: Floats, matrix: Floats, bias: Floats) -> Floats:
    # As one flat product: numpy would otherwise multiply sentence by sentence.
    flat = states.reshape(-1, states.shape[-1]) @ matrix
    flat += bias
    return flat.reshape(*states.shape[:-1], -1)


def _normal(states: Floats, weight: Floats, bias: Floats) -> Floats:
    centred = states - states.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + EPSILON)
    return np.asarray(centred / spread * weight + bias)


def _gelu(states: Floats) -> Floats:
    # The usual approximation by tanh: numpy has no error function.
    inner = np.float32(np.sqrt(2 / np.pi)) * (states + np.float32(0.044715) * states * states * states)
    return np.asarray(np.float32(0.5) * states * (1 + np.tanh(inner)))
