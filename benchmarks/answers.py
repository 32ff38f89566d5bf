"""How well questions are answered, and how fast, with each method to find what is like a question.

    python -m benchmarks.answers [--all | --methods words minilm …] [--split unseen] [--wrong 40]

The questions and what a right answer is stand in tests/answers/: labelled/, tuning/ and unseen/. Each method runs in a
process of its own: the whole engine, with the bot's thresholds. For methods that are not the bot's own, scores are
first multiplied by the factor (`scale`) that makes the most of them on the split `tune`. What is printed was counted on
`--split`. `first` and `in 3` are for the search alone: how often the right entry comes first, or among the first three.
"""

import argparse
import asyncio
import multiprocessing
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from benchmarks.answer_methods import METHODS, SHIPPED, Scaled, shipped_encoder
from benchmarks.answer_tables import HEADINGS, Judged, Run, by_group, summary, wrong_ones
from benchmarks.apart import costs
from bot.answers.engine import Asked, Engine
from bot.answers.facts.sense import load_sense
from bot.answers.model import Answer
from bot.answers.retrieval.document import Index
from bot.answers.shipped import load_shipped
from bot.catalogue.load import load
from bot.catalogue.service import Catalogue
from tests.answers.judging import Outcome, invented_numbers, is_about, judge
from tests.answers.labelled_polls import NOW, POLLS
from tests.answers.labelled_set import Labelled, Split, load_labelled
from tests.answers.number_basis import Basis

DATA = Path(__file__).parents[1] / "data"
# What a question that expects an answer may be worth losing for one wrong answer less, when thresholds are chosen.
WRONG_COSTS = 2
FACTORS = tuple(step / 20 for step in range(8, 41, 4))


class Bench:
    """The engine with one method, over the shipped data."""

    def __init__(self, name: str) -> None:
        shipped = load_shipped(DATA)
        self.entries = shipped.entries
        self.documents = [each for each in shipped.documents if each.key.startswith("entry:")]
        self.finding = Scaled(METHODS[name](shipped.documents))
        encoder = shipped_encoder() if name == SHIPPED else None
        self.engine = Engine(shipped, self.finding, sense=load_sense(DATA, encoder, shipped))
        self.catalogue = Catalogue(load(DATA))
        self._taught = self.engine.passages(())

    def ask(self, labelled: Labelled) -> Answer:
        """Answer a labelled question."""
        polls = POLLS[labelled.polls]
        return self.engine.ask(Asked(labelled.question, self.catalogue, self._taught, polls, NOW))

    def judged(self, questions: Sequence[Labelled]) -> Iterator[Judged]:
        """Answer and judge, one question after the other."""
        basis = Basis(self.catalogue, self.entries)
        for labelled in questions:
            begun, used = time.perf_counter(), time.process_time()
            answer = self.ask(labelled)
            ms, cpu_ms = (time.perf_counter() - begun) * 1000, (time.process_time() - used) * 1000
            invented = frozenset(invented_numbers(answer, basis.of(answer, POLLS[labelled.polls]), labelled))
            yield Judged(labelled, answer, judge(labelled, answer), invented, ms, cpu_ms)

    def places(self, questions: Sequence[Labelled]) -> tuple[float, float]:
        """Return how often the search alone finds the right entry first, and among the first three."""
        search = self.finding.index(self.documents)
        found = [
            [is_about(self.documents[place].key, labelled.topics) for place in _best_three(search, labelled.question)]
            for labelled in questions
            if labelled.topics and all(topic.startswith("entry:") for topic in labelled.topics)
        ]
        return statistics.mean(each[0] for each in found), statistics.mean(any(each) for each in found)


def _best_three(search: Index, question: str) -> list[int]:
    scores = search.scores(question)
    return sorted(range(len(scores)), key=lambda place: -scores[place])[:3]


def measured(name: str, split: Split | None) -> Run:
    """Run one method in a process of its own."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(_run_here, name, split).result()


def _run_here(name: str, split: Split | None) -> Run:
    return asyncio.run(_run(name, split))


async def _run(name: str, split: Split | None) -> Run:
    with costs() as load_cost:
        bench = Bench(name)
        bench.ask(load_labelled()[0])
    if name != SHIPPED:
        _choose_factor(bench)
    questions = load_labelled(split)
    judged = tuple(bench.judged(questions))
    return Run(name, load_cost, bench.finding.factor, *bench.places(questions), judged)


def _choose_factor(bench: Bench) -> None:
    """Stretch a method's scores to what is best on the split that thresholds may be chosen on."""
    questions = load_labelled("tune")

    def worth(factor: float) -> float:
        bench.finding.factor = factor
        counts = Counter(each.outcome for each in bench.judged(questions))
        return counts[Outcome.RIGHT] - WRONG_COSTS * (counts[Outcome.WRONG] + counts[Outcome.ANSWERED])

    bench.finding.factor = max(FACTORS, key=worth)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=[SHIPPED])
    parser.add_argument("--all", action="store_true", help="all methods")
    parser.add_argument("--split", choices=["tune", "test", "both", "tuning", "unseen"], default="test")
    parser.add_argument("--wrong", type=int, default=0, metavar="MOST", help="list so many that are not right")
    options = parser.parse_args()
    split = None if options.split == "both" else options.split
    print(f"{len(load_labelled(split))} questions ({options.split})\n{HEADINGS}", flush=True)
    runs = []
    for name in METHODS if options.all else options.methods:
        runs.append(measured(name, split))
        print(summary(runs[-1]), flush=True)
    for run in runs[:1]:
        print("", f"{run.name}, by group:", *by_group(run), *wrong_ones(run, options.wrong), sep="\n")


if __name__ == "__main__":
    main()
