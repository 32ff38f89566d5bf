"""What a question was read as: which projects, which field, which shape, and how surely."""

from dataclasses import dataclass
from enum import StrEnum

from bot.answers.facts.names import Mention
from bot.answers.facts.passages import Passage
from bot.catalogue.search import Kind


class Shape(StrEnum):
    """What kind of question it is."""

    NOTHING = "nothing"  # nothing here that the catalogue, the survey or a poll could answer
    FIELD = "field"  # one thing about one project
    OVERVIEW = "overview"  # all about one project
    COMPARE = "compare"  # two or three projects
    UNCLEAR = "unclear"  # a name that several projects have
    OTHER = "other"  # a project is named, and what is asked about it is none of its fields
    UNLISTED = "unlisted"  # a project that is not in the catalogue, or what looks like one
    SET = "set"  # which, how many, the most, the least, over many projects
    SURVEY = "survey"  # the newest survey
    POLL = "poll"  # this server's polls
    WINNER = "winner"  # who won: a poll here, else the survey


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as the catalogue understands it.

    `sureness`, 0 to 1, says how sure it is that this is what was asked, for weighing it against general entries:

    - 0.9 and more: a project by its name or symbol and a field by its own words, or a full question about a set, the
      survey or a poll. Nothing general can be meant.
    - 0.7 to 0.9: the same with a misspelt name, a field by one weak word, or words left over that were not understood.
    - 0.6 to 0.7: a project is named and the rest is vague. A general entry that is near should win.
    - below 0.6: a guess, such as what looks like a name and is not in the catalogue. Only when nothing else is near.
    - 0: `shape` is NOTHING.

    `mentions` holds how each project was named (`Mention.kind`), `field` the key that was asked for, `field_score` how
    much of its vocabulary was there (2 is the least, 4 is its own name), `left_over` the words with a meaning that were
    not understood. `topic` is what `answer` will answer, before polls are looked at.
    """

    question: str
    shape: Shape = Shape.NOTHING
    topic: str = ""
    sureness: float = 0.0
    mentions: tuple[Mention, ...] = ()
    field: str | None = None
    field_score: float = 0.0
    left_over: tuple[str, ...] = ()
    # Whether yes or no is expected: "can I still claim".
    yes_or_no: bool = False
    # How likely something else is asked, as learned from examples with all names masked; None without them.
    elsewhere: float | None = None
    # Whether a poll on this server, or a project known by name alone, is meant and nothing else: that there is none, or
    # nothing known about it, is the answer.
    firm: bool = False
    # The sentence of the field that says it.
    says: Passage | None = None

    @property
    def guessed(self) -> bool:
        """Say whether some project is meant only by a misspelling or a part of its name."""
        return any(mention.kind in (Kind.FUZZY, Kind.PIECE) for mention in self.mentions)
