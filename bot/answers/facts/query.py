"""Questions about many projects: which, how many, the most, the least; a value that is also a topic."""

from dataclasses import dataclass, replace
from typing import get_args

from bot.answers.facts.quantities import QUANTITIES
from bot.catalogue.days import is_day
from bot.catalogue.model import STATE_LABELS, AirdropState, Category

MAX_TOPIC_CHARS = 80


@dataclass(frozen=True, slots=True)
class Query:
    """What is wanted of all projects: which ones, ordered how, and how many of them."""

    category: Category | None = None
    state: AirdropState | None = None
    # A quantity with a bound: `>`, `≥`, `<`, `≤`, `=`, `~` for between two, and `@` for days
    # within a year or month.
    quantity: str | None = None
    test: str = ""
    bound: str = ""
    # A quantity to order by, and from which end.
    order: str | None = None
    most: bool = True
    limit: int = 0
    count: bool = False
    survey: bool = False
    # A word of what is said about a project, such as a chain; the name of an investor.
    word: str = ""
    investor: str = ""

    @property
    def topic(self) -> str:
        """Return the query as a topic, from which `parse` makes it again."""
        parts = [
            f"category={self.category.replace(' ', '_')}" if self.category else "",
            f"state={self.state}" if self.state else "",
            f"{self.quantity}{self.test}{self.bound}" if self.quantity else "",
            f"{'most' if self.most else 'least'}={self.order}" if self.order else "",
            f"top={self.limit}" if self.limit else "",
            "count" if self.count else "",
            "survey" if self.survey else "",
            f"on={self.word}" if self.word else "",
            f"investor={self.investor.replace(':', '')}" if self.investor else "",
        ]
        kept = [part for part in parts if part] or ["all"]
        while len(topic := ":".join(["list", *kept])) > MAX_TOPIC_CHARS:
            kept.pop()
        return topic


def parse(topic: str) -> Query | None:
    """Return the query that a topic stands for; None for any other text."""
    head, *parts = topic.split(":")
    if head != "list":
        return None
    query = Query()
    for part in parts:
        changed = _with(query, part)
        if changed is None:
            return None
        query = changed
    return query


def _with(query: Query, part: str) -> Query | None:  # one line for each kind of part
    name, _, value = part.partition("=")
    if part in ("all", "count", "survey"):
        return replace(query, count=query.count or part == "count", survey=query.survey or part == "survey")
    if name == "category" and (found := [each for each in get_args(Category) if each == value.replace("_", " ")]):
        return replace(query, category=found[0])
    if name == "state" and (states := [each for each in STATE_LABELS if each == value]):
        return replace(query, state=states[0])
    if name in ("on", "investor") and value:
        return replace(query, word=value) if name == "on" else replace(query, investor=value)
    if name in ("most", "least") and value in QUANTITIES:
        return replace(query, order=value, most=name == "most")
    if name == "top" and value.isdigit():
        return replace(query, limit=int(value))
    for sign in ("=", "<", ">", "≥", "≤", "@", "~"):
        quantity, found_sign, bound = part.partition(sign)
        if found_sign and quantity in QUANTITIES and _is_bound(quantity, sign, bound):
            return replace(query, quantity=quantity, test=sign, bound=bound)
    return None


def _is_bound(quantity: str, test: str, bound: str) -> bool:
    """Say whether a bound is a day where days are compared, and a figure, or two with `~`, elsewhere."""
    if QUANTITIES[quantity].is_day:
        return test in "@<>" and is_day(bound)
    figures = bound.split("-")
    numbers = all(part.isascii() and part.replace(".", "", 1).isdigit() for part in figures)
    return test != "@" and numbers and len(figures) == (2 if test == "~" else 1)
