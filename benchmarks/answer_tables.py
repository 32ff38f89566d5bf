"""What `benchmarks.answers` prints."""

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from benchmarks.apart import Cost
from bot.answers.model import Answer, Kind
from tests.answers.judging import Outcome
from tests.answers.labelled_set import Labelled

ANSWERS, REFUSALS, UNKNOWNS, OTHER_TONGUES = "answers", "refusals", "unknowns", "languages"


@dataclass(frozen=True, slots=True)
class Judged:
    """A question, its answer, and what that is worth."""

    labelled: Labelled
    answer: Answer
    outcome: Outcome
    invented: frozenset[Decimal]
    ms: float
    cpu_ms: float


@dataclass(frozen=True, slots=True)
class Run:
    """What one method came to."""

    name: str
    load: Cost
    factor: float
    first: float
    in_three: float
    judged: tuple[Judged, ...]


def _wanted(judged: Judged) -> str:
    if judged.labelled.group == OTHER_TONGUES:
        return OTHER_TONGUES
    return {Kind.ANSWER: ANSWERS, Kind.REFUSAL: REFUSALS, Kind.UNKNOWN: UNKNOWNS}[judged.labelled.expects]


def _right(judged: Sequence[Judged], *outcomes: Outcome) -> str:
    return f"{sum(each.outcome in outcomes for each in judged) / max(1, len(judged)):7.1%}"


def _false(judged: Sequence[Judged]) -> int:
    return sum(each.outcome in (Outcome.WRONG, Outcome.ANSWERED) for each in judged)


def summary(run: Run) -> str:
    """Return a line of the table of methods."""
    wanted = {name: [each for each in run.judged if _wanted(each) == name] for name in (ANSWERS, REFUSALS, UNKNOWNS)}
    times = statistics.quantiles((each.ms for each in run.judged), n=20)
    cpu_times = statistics.quantiles((each.cpu_ms for each in run.judged), n=20)
    return (
        f"{run.name:<21}{run.first:7.1%}{run.in_three:7.1%}{run.factor:6.2f}"
        f"{_right(wanted[ANSWERS], Outcome.RIGHT)}{_right(wanted[ANSWERS], Outcome.RIGHT, Outcome.OFFERED)}"
        f"{_right(wanted[REFUSALS], Outcome.RIGHT)}{_right(wanted[UNKNOWNS], Outcome.RIGHT)}"
        f"{_false(run.judged):7}{sum(bool(each.invented) for each in run.judged):9}"
        f"{times[9]:7.1f}{times[18]:7.1f}{cpu_times[18]:7.1f}{run.load.seconds:7.2f}{run.load.cpu_seconds:6.2f}"
        f"{run.load.mebibytes:6.0f}"
    )


HEADINGS = (
    f"{'method':<21}{'first':>7}{'in 3':>7}{'scale':>6}{'answer':>7}{'+offer':>7}{'refuse':>7}{'unkn.':>7}{'false':>7}"
    f"{'invented':>9}{'p50 ms':>7}{'p95 ms':>7}{'of CPU':>7}"
    f"{'load s':>7}{'CPU':>6}{'MiB':>6}"
)


def by_group(run: Run) -> Iterator[str]:
    """Yield a table: what became of the questions of each group."""
    yield f"{'group':<12}{'asked':>7}" + "".join(f"{outcome:>9}" for outcome in Outcome) + f"{'invented':>9}"
    for group in sorted({each.labelled.group for each in run.judged}):
        judged = [each for each in run.judged if each.labelled.group == group]
        counts = Counter(each.outcome for each in judged)
        cells = "".join(f"{counts[outcome]:>9}" for outcome in Outcome)
        yield f"{group:<12}{len(judged):>7}{cells}{sum(bool(each.invented) for each in judged):>9}"


def wrong_ones(run: Run, most: int) -> Iterator[str]:
    """Yield the questions that were not answered right, the worst first."""
    bad = [each for each in run.judged if each.outcome is not Outcome.RIGHT or each.invented]
    worst_first = list(reversed(Outcome))
    for each in sorted(bad, key=lambda it: (worst_first.index(it.outcome), it.labelled.group))[:most]:
        labelled, answer = each.labelled, each.answer
        yield f"{each.outcome:<9}{labelled.group:<12}{labelled.question}"
        yield f"{'':<21}wanted {labelled.expects} {' '.join((*labelled.topics, *labelled.says))}"
        offers = " ".join(suggestion.topic for suggestion in answer.suggestions)
        yield f"{'':<21}got {answer.kind} {answer.topic} {answer.confidence:.2f} [{offers}] {answer.text[:200]}"
        if each.invented:
            yield f"{'':<21}invented {', '.join(map(str, sorted(each.invented)))}"
