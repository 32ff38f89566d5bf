"""Single choice: each ballot names one candidate."""

from collections.abc import Sequence

NAME = "single"
EXPLAINED = "One choice each. You can change it until the poll closes; the last one counts."


def problem(choices: Sequence[int], candidates: int, max_choices: int) -> str | None:  # noqa: ARG001
    """Return why a ballot cannot be counted; `candidates` is their number, `choices` are positions from 0."""
    if len(choices) != 1:
        return "A ballot in this poll names exactly one candidate."
    if not 0 <= choices[0] < candidates:
        return "That candidate is not in this poll."
    return None


def votes(choices: Sequence[int], weight: int) -> dict[int, int]:
    """Return what a ballot adds to the tally."""
    return {choices[0]: weight}
