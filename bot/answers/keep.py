"""`python -m bot.answers.keep` writes data/vectors.npz anew: to be run after data/answers or data/refusals changed."""

from pathlib import Path

from bot.answers.retrieval.kept import FILE, write_kept
from bot.answers.retrieval.meaning import sentences_of
from bot.answers.retrieval.mix import read_encoder
from bot.answers.shipped import load_shipped


def keep(data: Path) -> None:
    """Write the vectors of all that ships in `data`."""
    encoder = read_encoder()
    if encoder is None:
        raise SystemExit("Without the sentence model there are no vectors to keep.")
    write_kept(data / FILE, encoder, sentences_of(load_shipped(data).documents))


if __name__ == "__main__":
    keep(Path(__file__).parents[2] / "data")
