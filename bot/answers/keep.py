"""`python -m bot.answers.keep` writes what is computed from the wordings in data/ anew: to be run after they changed.

It writes data/cloud.npz, data/learned.npz and data/vectors.npz; a few minutes.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from bot.answers.facts import sense
from bot.answers.facts.passages import passages_of
from bot.answers.retrieval import cloud, kept, learned
from bot.answers.retrieval.document import Encoder, Floats
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
    shipped, content = load_shipped(data), load(data)
    documents, known = shipped.documents, _Once(encoder)
    kept.write_kept(data / kept.FILE, encoder, told_of(content.projects))
    cloud.write_cloud(data / cloud.FILE, cloud.cloud_of(documents, cloud.rows_of(known, documents)))
    others = [each for each in documents if each.key != FACTS]
    intents = sense.fitted(known, shipped.intents, others, Catalogue(content))
    learned.write_learned(data / learned.FILE, [learned.fitted(known, documents), intents])


class _Once:
    """Computes each sentence once."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._rows: dict[str, Floats] = {}

    def vectors(self, texts: Sequence[str]) -> Floats:
        """Return one row for each text."""
        new = [text for text in dict.fromkeys(texts) if text not in self._rows]
        self._rows.update(zip(new, self._encoder.vectors(new), strict=True))
        return np.array([self._rows[text] for text in texts], np.float32)


def told_of(projects: Iterable[Project]) -> list[str]:
    """Return what is known of projects, in sentences."""
    return [passage.sentence for project in projects for passage in passages_of(project)]


if __name__ == "__main__":
    keep(Path(__file__).parents[2] / "data")
