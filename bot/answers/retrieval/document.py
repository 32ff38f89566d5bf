"""What can be found, and what every way of finding offers."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.answers.words import spoken

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Document:
    """Something that a question may mean: the ways to ask it, words that belong to it, and what is answered."""

    key: str
    wordings: tuple[str, ...]
    keywords: tuple[str, ...] = ()
    text: str = ""

    @cached_property
    def spoken(self) -> tuple[str, ...]:
        """The wordings with the short forms of chats written out, as they are compared."""
        return tuple(map(spoken, self.wordings))


class Index(Protocol):
    """Documents that are ready to be found."""

    def scores(self, question: str) -> Floats:
        """Return for each document how likely the question means it: about 0 for not at all, 1 for surely."""
        ...


class Method(Protocol):
    """A way of finding."""

    def index(self, documents: Sequence[Document]) -> Index:
        """Make documents ready to be found."""
        ...


class Encoder(Protocol):
    """Gives sentences as vectors of length one: the nearer two are in meaning, the larger their product."""

    def vectors(self, texts: Sequence[str]) -> Floats:
        """Return one row for each text."""
        ...
