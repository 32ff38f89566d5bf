"""The part of an export before its ballots: which poll it is, and the fingerprint that is in every leaf."""

from dataclasses import dataclass
from datetime import datetime

from bot.polls.proof.document import FORMAT, VERSION, CandidatePart, FingerprintPart, PollPart, RulesPart
from bot.polls.proof.leaf import Fingerprint, fingerprint_of
from bot.polls.proof.reading import DoesNotHold, Lines, shown
from bot.polls.proof.rules import rule_words


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the ballots, once it is found to hold."""

    poll: PollPart
    rules: tuple[str, ...]
    labels: tuple[str, ...]
    fingerprint: Fingerprint


def read_head(lines: Lines) -> Head:
    """Read all that stands before the ballots; raise `DoesNotHold` where it does not fit together."""
    lines.begin()
    if (found := lines.field("format")) != FORMAT:
        lines.fail(f"The format should be {shown(FORMAT)} and is {shown(str(found))}: this is no Moonballot export.")
    version = lines.field("version")
    if version is True or version != VERSION:
        lines.fail(
            f"This export has version {shown(str(version))}; here only version {VERSION} is known. "
            "Verify it with the Moonballot that wrote it, or a newer one."
        )
    poll = lines.part("poll", PollPart)
    at_poll = lines.number
    if datetime.fromisoformat(poll.closed_at) < datetime.fromisoformat(poll.opened_at):
        lines.fail("The poll closes before it opens.")
    rules = lines.part("rules", RulesPart)
    if rules.text != rule_words(rules.values):
        lines.fail("The rules in words do not say what their values say: one of the two was changed.")
    at_candidates = lines.number + 1
    candidates = _read_candidates(lines)
    stated = lines.part("fingerprint", FingerprintPart)
    values = [candidate.model_dump() for candidate in candidates]
    fingerprint = fingerprint_of(poll.identity(), rules.values, values)
    for name, line, what in (
        ("poll", at_poll, "The poll's number, title, method, most choices or visibility of results"),
        ("rules", at_poll + 1, "The rules"),
        ("candidates", at_candidates, "The candidates"),
    ):
        if getattr(stated, name) != getattr(fingerprint, name):
            raise DoesNotHold(f"{what} changed after the fingerprint was taken, or the fingerprint was changed.", line)
    return Head(poll, tuple(rules.text), tuple(candidate.label for candidate in candidates), fingerprint)


def _read_candidates(lines: Lines) -> list[CandidatePart]:
    candidates: list[CandidatePart] = []
    labels: set[str] = set()
    for raw in lines.items("candidates"):
        candidate = lines.checked(lines.json(lines.decoded(raw)), CandidatePart, "candidate")
        if candidate.position != len(candidates):
            lines.fail(
                f"Candidate {candidate.position} stands where candidate {len(candidates)} should: "
                "one was dropped, added or moved."
            )
        if candidate.label in labels:
            lines.fail(f"The candidate {shown(candidate.label)} stands here a second time.")
        labels.add(candidate.label)
        candidates.append(candidate)
    if not candidates:
        lines.fail("There are no candidates.")
    return candidates
