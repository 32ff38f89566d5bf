"""What `python run.py link` prints."""

from pathlib import Path

from bot.catalogue.editions import Editions
from bot.catalogue.load import load
from bot.catalogue.service import Catalogue
from bot.links.block_list import load_block_list
from bot.links.model import Verdict
from bot.links.service import Links
from bot.settings import Settings

DATA = Path(__file__).parents[2] / "data"


def verdict_on(url: str, settings: Settings) -> Verdict:
    """Return the verdict on a link by what ships and the operator's block list."""
    links = Links(Editions(Catalogue(load(DATA))), load_block_list(settings.block_list))
    return links.check(url)


def verdict_json(verdict: Verdict) -> dict[str, object]:
    """Return a verdict as JSON has it."""
    return {
        "verdict": verdict.judgement.value,
        "domain": verdict.domain,
        "imitates": verdict.imitates,
        "reasons": list(verdict.reasons),
        "host": verdict.host,
        "official": verdict.official,
    }


def verdict_text(verdict: Verdict) -> str:
    """Return a verdict as lines for people."""
    head = f"{verdict.judgement.value}: {verdict.host or verdict.address}"
    if verdict.imitates:
        head += f" imitates {verdict.imitates}" + (f"; the real one is {verdict.official}" if verdict.official else "")
    return "\n".join((head, *(f"  {reason}" for reason in verdict.reasons)))
