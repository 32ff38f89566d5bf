"""`python -m bot.answers.keep` writes what is computed from the wordings in data/ anew: to be run after they changed.

It writes data/vectors.npz and data/learned.npz.
"""

from collections.abc import Iterable
from pathlib import Path

from bot.answers.facts import sense
from bot.answers.facts.passages import passages_of
from bot.answers.retrieval import kept, learned
from bot.answers.retrieval.meaning import sentences_of
from bot.answers.retrieval.mix import read_encoder
from bot.answers.shipped import FACTS, load_shipped
from bot.catalogue.load import load
from bot.catalogue.model import Project
from bot.catalogue.service import Catalogue


def keep(data: Path) -> None:
    """Write the vectors of all that ships in `data`, and what they teach."""
    encoder = read_encoder()
    if encoder is None:
        raise SystemExit("Without the sentence model there are no vectors to keep.")
    shipped = load_shipped(data)
    documents, content = shipped.documents, load(data)
    kept.write_kept(data / kept.FILE, encoder, [*sentences_of(documents), *told_of(content.projects)])
    known = kept.Kept(encoder, kept.read_kept(data / kept.FILE))
    others = [each for each in documents if each.key != FACTS]
    intents = sense.fitted(known, shipped.intents, others, Catalogue(content))
    learned.write_learned(data / learned.FILE, [learned.fitted(known, documents), intents])


def told_of(projects: Iterable[Project]) -> list[str]:
    """Return what is known of projects, in sentences."""
    return [passage.sentence for project in projects for passage in passages_of(project)]


if __name__ == "__main__":
    keep(Path(__file__).parents[2] / "data")
