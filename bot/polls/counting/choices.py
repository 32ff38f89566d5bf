"""What every ballot that names several candidates must fulfil."""

from collections.abc import Sequence

UNKNOWN_CANDIDATE = "That candidate is not in this poll."


def list_problem(choices: Sequence[int], candidates: int, max_choices: int) -> str | None:
    """Return why this list of candidates' positions cannot be counted, as a whole sentence."""
    if not choices:
        return "A ballot in this poll names at least one candidate."
    if not all(0 <= position < candidates for position in choices):
        return UNKNOWN_CANDIDATE
    if len(set(choices)) != len(choices):
        return "A ballot names each candidate at most once."
    if len(choices) > max_choices:
        most = "one candidate" if max_choices == 1 else f"{max_choices} candidates"
        return f"A ballot in this poll names at most {most}; this one names {len(choices)}."
    return None
