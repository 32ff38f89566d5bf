"""The parts of an export, as values; `data/export.schema.json` is made from them."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.polls.counting import CANDIDATES_MAX, WEIGHT_MAX

FORMAT = "moonballot-export"
VERSION = 1

# The top-level fields in the order in which they stand in the file.
FIELDS = ("format", "version", "poll", "rules", "candidates", "fingerprint", "ballots", "count", "root", "checksum")

_MOST = 2**53 - 1


def _moment(text: str) -> str:
    datetime.fromisoformat(text)
    return text


Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Position = Annotated[int, Field(ge=0, lt=CANDIDATES_MAX)]
Positions = Annotated[list[Position], Field(max_length=CANDIDATES_MAX)]
Number = Annotated[int, Field(ge=0, le=_MOST)]
Moment = Annotated[
    str,
    Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$", json_schema_extra={"format": "date-time"}),
    AfterValidator(_moment),
]


class Part(BaseModel):
    """A part of the file; nothing may stand in it that is not named here."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PollPart(Part):
    """Which poll this is, and from when to when it took ballots."""

    id: Annotated[int, Field(ge=1, le=_MOST)]
    title: Annotated[str, Field(min_length=1)]
    method: Literal["single", "approval", "ranked"]
    max_choices: Annotated[int, Field(ge=1, le=CANDIDATES_MAX)]
    results: Literal["live", "after_vote", "after_close"]
    opened_at: Moment
    closed_at: Moment

    def identity(self) -> dict[str, Any]:
        """Return what the fingerprint covers: all but the times."""
        return self.model_dump(exclude={"opened_at", "closed_at"})


class RulesPart(Part):
    """Who could vote and with what weight, frozen at the opening; ids of roles are texts."""

    values: dict[str, Any]
    text: list[str]


class CandidatePart(Part):
    """One line of the ballot."""

    position: Position
    label: Annotated[str, Field(min_length=1)]
    project_id: str | None


class FingerprintPart(Part):
    """SHA-256 over the canonical JSON of the poll without its times, of the rules' values, and of the candidates."""

    poll: Hash
    rules: Hash
    candidates: Hash


class BallotPart(Part):
    """One ballot; the file has them in ascending order of `leaf`."""

    leaf: Hash
    salt: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    choices: Annotated[list[Position], Field(min_length=1, max_length=CANDIDATES_MAX)]
    weight: Annotated[int, Field(ge=1, le=WEIGHT_MAX)]


Reason = Literal["no_votes", "fewest", "earlier_round", "together", "lot"]


class RoundPart(Part):
    """One round of counting."""

    votes: Annotated[
        list[Number | None],
        Field(max_length=CANDIDATES_MAX, description="By position; null for a candidate who is out"),
    ]
    exhausted: Annotated[Number, Field(description="Weight of ballots that name nobody who is still in")]
    eliminated: Annotated[list[Position], Field(max_length=CANDIDATES_MAX, description="Who is out after this round")]
    reason: Annotated[Reason | None, Field(description="The rule by which they are out")]


class TiePart(Part):
    """Candidates who stood level where the count had to choose."""

    round: Number
    candidates: Positions
    votes: Number
    rule: Annotated[Reason | None, Field(description="What settled it; null where the tie is the result")]
    eliminated: Positions
    earlier_round: Annotated[Number | None, Field(description="The round that the rule looked back to")]


class CountPart(Part):
    """The result, as the ballots give it. Candidates are positions; docs/methods.md describes the counting."""

    ballots: Annotated[Number, Field(description="Turnout: how many ballots were cast")]
    weight: Annotated[Number, Field(description="The sum of their weights")]
    tally: Annotated[
        list[Number],
        Field(max_length=CANDIDATES_MAX, description="Votes by position; first preferences where ballots are ranked"),
    ]
    rounds: Annotated[list[RoundPart], Field(max_length=CANDIDATES_MAX)]
    ties: Annotated[list[TiePart], Field(max_length=CANDIDATES_MAX)]
    lot: Annotated[
        list[Position], Field(max_length=CANDIDATES_MAX, description="The drawn order, where a lot was needed")
    ]
    places: Annotated[
        list[Number | None], Field(max_length=CANDIDATES_MAX, description="By position; null while no place is won")
    ]
    winners: Annotated[
        list[Position],
        Field(max_length=CANDIDATES_MAX, description="Several when they are tied, none without a ballot"),
    ]


class Export(Part):
    """A closed poll with every ballot, enough to recount it; see docs/export.md."""

    format: Literal["moonballot-export"]
    version: Literal[1]
    poll: PollPart
    rules: RulesPart
    candidates: Annotated[list[CandidatePart], Field(min_length=1, max_length=CANDIDATES_MAX)]
    fingerprint: FingerprintPart
    ballots: list[BallotPart]
    count: CountPart
    root: Annotated[Hash, Field(description="RFC 6962 Merkle tree hash over the leaves in their order")]
    checksum: Annotated[Hash, Field(description="SHA-256 of every byte of the file before this line")]


def schema() -> dict[str, Any]:
    """Return the JSON Schema of an export."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Moonballot export, version 1"}
    return {**Export.model_json_schema(), **head}


def moment_text(moment: datetime) -> str:
    """Write a time as an export holds it."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
