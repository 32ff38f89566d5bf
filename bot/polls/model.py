"""Polls, ballots and receipts as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.polls.proof.receipt import receipt_text


class PollState(StrEnum):
    """Where a poll is in its life; it is never deleted."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Visibility(StrEnum):
    """When results are shown."""

    LIVE = "live"
    AFTER_VOTE = "after_vote"
    AFTER_CLOSE = "after_close"


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may vote, frozen when the poll opens."""

    min_account_age_days: int = 0
    min_member_days: int = 0
    # One of these is needed, none of those is allowed; the heaviest role of a voter is the ballot's weight.
    role_ids: tuple[int, ...] = ()
    excluded_role_ids: tuple[int, ...] = ()
    weights: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One line of the ballot; `position` counts from 0, `votes` is the running tally."""

    position: int
    label: str
    project_id: str | None = None
    votes: int = 0


@dataclass(frozen=True, slots=True)
class NewPoll:
    """What a moderator asked for, before it has a number."""

    guild_id: int
    channel_id: int
    created_by: int
    title: str
    candidates: tuple[Candidate, ...]
    opens_at: datetime
    closes_at: datetime | None
    method: str = "single"
    max_choices: int = 1
    results: Visibility = Visibility.LIVE
    rules: Rules = field(default_factory=Rules)


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll with its tally, as it stood when it was read."""

    id: int
    guild_id: int
    channel_id: int
    message_id: int | None
    created_by: int
    title: str
    method: str
    max_choices: int
    results: Visibility
    rules: Rules
    state: PollState
    created_at: datetime
    opens_at: datetime
    closes_at: datetime | None
    closed_at: datetime | None
    result_posted_at: datetime | None
    cancel_reason: str | None
    count: dict[str, Any] | None
    root: str | None
    ballots: int
    weight: int
    revision: int
    shown_revision: int
    candidates: tuple[Candidate, ...]

    @property
    def board_url(self) -> str | None:
        """The address of the board; none while there is no board."""
        return board_url(self.guild_id, self.channel_id, self.message_id)

    def stopped_at(self, now: datetime) -> datetime | None:
        """Return when voting stopped; None while ballots are taken."""
        if self.closed_at is not None:
            return self.closed_at
        return self.closes_at if self.closes_at is not None and now >= self.closes_at else None


def board_url(guild_id: int, channel_id: int, message_id: int | None) -> str | None:
    """Return where Discord shows a board; nothing without one."""
    return f"https://discord.com/channels/{guild_id}/{channel_id}/{message_id}" if message_id else None


@dataclass(frozen=True, slots=True)
class Electorate:
    """How many could vote: members of the server, or `holders` of a role; `at_most` where some may be counted twice."""

    members: int
    holders: bool = False
    at_most: bool = False


@dataclass(frozen=True, slots=True)
class Voter:
    """What an interaction says about the member who votes."""

    id: int
    account_created_at: datetime
    joined_at: datetime | None
    role_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Ballot:
    """One member's choices in one poll: candidates' positions, in the order picked."""

    poll_id: int
    voter_id: int | None
    choices: tuple[int, ...]
    weight: int
    salt: bytes
    cast_at: datetime
    changed_at: datetime
    young_account: bool = False
    joined_late: bool = False

    @property
    def receipt(self) -> str:
        """The words that let the voter find this ballot again; none for a withdrawn one."""
        return receipt_text(self.poll_id, self.salt)


@dataclass(frozen=True, slots=True)
class Minute:
    """How many ballots came in one minute."""

    start: datetime
    cast: int
    changed: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a ballot: the poll after it, the ballot, and the choices that it replaced."""

    poll: Poll
    ballot: Ballot
    before: tuple[int, ...] | None
    # Whether anything differs from what was recorded before: the choices, or the weight that a role gives.
    changed: bool = True
