"""Vectors that were just computed are not computed again."""

from collections.abc import Sequence

import numpy as np

from bot.answers.retrieval.document import Floats
from bot.answers.retrieval.remembered import TEXTS_KEPT, Remembered


class Counting:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def vectors(self, texts: Sequence[str]) -> Floats:
        self.asked += texts
        return np.array([[float(len(text))] for text in texts], np.float32)


def test_a_question_is_computed_once_until_many_others_were_asked() -> None:
    counting = Counting()
    encoder = Remembered(counting)
    assert encoder.vectors(["one"]).tolist() == encoder.vectors(["one"]).tolist() == [[3.0]]
    assert counting.asked == ["one"]
    for number in range(TEXTS_KEPT):
        encoder.vectors([f"text {number}"])
    encoder.vectors(["one"])
    assert counting.asked.count("one") == 2


def test_several_texts_are_passed_on_in_their_order() -> None:
    assert Remembered(Counting()).vectors(["a", "bb"]).tolist() == [[1.0], [2.0]]
