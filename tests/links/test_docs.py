from pathlib import Path

from bot.links.model import Judgement
from tests.links.imitations import KINDS
from tests.links.test_imitations import made_by
from tests.links.test_ordinary import ORDINARY

PAGE = (Path(__file__).parents[2] / "docs" / "links.md").read_text()


def test_the_page_counts_what_the_tests_measure() -> None:
    made = sum(1 for kind in KINDS for _ in made_by(kind))
    assert f"look-alikes of {len(KINDS)} kinds, {made:,} in all" in PAGE
    assert f"{len(ORDINARY):,} ordinary domains" in PAGE


def test_the_page_explains_each_verdict_in_a_row() -> None:
    for judgement in Judgement:
        assert f"| `{judgement.value}` |" in PAGE
