"""Write, tabulate and recount the export of a big poll; each in a process of its own, with its time and peak memory.

    python -m benchmarks.verify [--ballots 1000000] [--methods single approval ranked]

The ballots are made up at random. Writing includes hashing every ballot, putting the leaves in order and the tree.
"""

import argparse
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bot.polls.proof.export import write_csv
from bot.polls.proof.report import report_text
from bot.polls.proof.tree import root
from bot.polls.proof.verify import verify
from tests.polls.proof.exports import a_poll, add_all, order_of, some_ballots, write_export

CANDIDATES = tuple(f"Candidate {number}" for number in range(1, 11))


def write(path: Path, method: str, ballots: int) -> None:
    """Write the export."""
    poll = a_poll(method, labels=CANDIDATES)
    write_export(path, poll, some_ballots(poll, ballots))


def tabulate(path: Path, method: str, ballots: int) -> None:
    """Write the table for spreadsheets."""
    poll = a_poll(method, labels=CANDIDATES)
    with order_of(poll) as order, path.with_suffix(".csv").open("wb") as out:
        add_all(order, some_ballots(poll, ballots))
        write_csv(out, poll, order)


def make(path: Path, method: str, ballots: int) -> None:  # noqa: ARG001
    """Only make the ballots up: what the two above cost before anything is written."""
    for _ in some_ballots(a_poll(method, labels=CANDIDATES), ballots):
        pass


def recount(path: Path, method: str, ballots: int) -> None:  # noqa: ARG001
    """Verify the export."""
    report = verify(path)
    if not report.holds or report.count is None or report.count.ballots != ballots:
        raise RuntimeError(report_text(report))


def hash_tree(path: Path, method: str, ballots: int) -> None:  # noqa: ARG001
    """Only the tree, over as many leaves."""
    root(number.to_bytes(32, "big") for number in range(ballots))


Work = Callable[[Path, str, int], None]


def measured(work: Work, path: Path, method: str, ballots: int) -> tuple[float, float]:
    """Return the seconds of `work` and the peak memory, in MiB, of the new process that it runs in."""
    context = multiprocessing.get_context("spawn")
    result = context.SimpleQueue()
    process = context.Process(target=_measure, args=(work, path, method, ballots, result))
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError(f"{work.__name__} failed")
    seconds, mebibytes = result.get()
    return seconds, mebibytes


def _measure(work: Work, path: Path, method: str, ballots: int, result: "multiprocessing.SimpleQueue[object]") -> None:
    begun = time.perf_counter()
    work(path, method, ballots)
    seconds = time.perf_counter() - begun
    result.put((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ballots", type=int, default=1_000_000)
    parser.add_argument("--methods", nargs="+", default=["single", "approval", "ranked"])
    options = parser.parse_args()
    print(f"{options.ballots:,} ballots, {len(CANDIDATES)} candidates")
    with tempfile.TemporaryDirectory() as folder:
        for method in options.methods:
            path = Path(folder) / f"{method}.json"
            for name, work in (
                ("ballots made up", make),
                ("export written", write),
                ("table written", tabulate),
                ("verified", recount),
                ("tree alone", hash_tree),
            ):
                seconds, mebibytes = measured(work, path, method, options.ballots)
                print(f"{method:<9} {name:<16} {seconds:6.1f} s  {mebibytes:6.0f} MiB", flush=True)
            print(f"{method:<9} {'size of the file':<16} {path.stat().st_size / 2**20:6.0f} MiB", flush=True)


if __name__ == "__main__":
    main()
