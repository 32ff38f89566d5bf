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


def test_what_is_expected_is_computed_along_with_the_next_and_only_what_was_expected_last() -> None:
    counting = Counting()
    encoder = Remembered(counting)
    encoder.expect(["refused before it was read"])
    encoder.expect(["masked"])
    encoder.vectors(["asked"])
    encoder.vectors(["masked"])
    assert counting.asked == ["asked", "masked"]
