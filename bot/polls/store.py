"""The SQL of polls. Every function works in the caller's transaction."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.polls.model import Ballot, Candidate, Minute, NewPoll, Poll, PollState, Rules, Visibility, board_url
from bot.store.engine import Tx
from bot.store.schema import ballot_minutes, ballots, candidates, polls


@dataclass(frozen=True, slots=True)
class Brief:
    """What lists and autocomplete need to know of a poll."""

    id: int
    guild_id: int
    title: str
    state: PollState
    opens_at: datetime
    closes_at: datetime | None
    closed_at: datetime | None
    board_url: str | None = None


async def insert(tx: Tx, new: NewPoll, created_at: datetime) -> int:
    """Write a new poll with its candidates; return its number."""
    state = PollState.SCHEDULED if new.opens_at > created_at else PollState.OPEN
    row = {
        **{name: getattr(new, name) for name in ("guild_id", "channel_id", "created_by", "title", "method")},
        **{name: getattr(new, name) for name in ("max_choices", "opens_at", "closes_at")},
        "results": str(new.results),
        "rules": asdict(new.rules),
        "state": str(state),
        "created_at": created_at,
    }
    poll_id: int = (await tx.execute(sa.insert(polls).values(row).returning(polls.c.id))).scalar_one()
    await tx.execute(
        sa.insert(candidates),
        [
            {"poll_id": poll_id, "position": c.position, "label": c.label, "project_id": c.project_id}
            for c in new.candidates
        ],
    )
    return poll_id


async def get(tx: Tx, poll_id: int) -> Poll | None:
    """Read one poll with its tally."""
    return (await tx.run_sync(read_many, [poll_id])).get(poll_id)


# Built once: on the path of a vote, putting a statement together costs as much as running it.
_IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
_POLLS = sa.select(polls).where(polls.c.id.in_(_IDS)).order_by(polls.c.id)
_POLLS_LOCKED = _POLLS.with_for_update()
_CANDIDATES = (
    sa.select(candidates).where(candidates.c.poll_id.in_(_IDS)).order_by(candidates.c.poll_id, candidates.c.position)
)
_BALLOTS = sa.select(ballots).where(
    ballots.c.poll_id == sa.bindparam("poll_id"),
    ballots.c.voter_id.in_(sa.bindparam("voter_ids", expanding=True)),
)


def read_many(connection: sa.Connection, poll_ids: Sequence[int], *, lock: bool = False) -> dict[int, Poll]:
    """Read polls with their tallies; `lock` keeps other writers out until the transaction ends."""
    rows = connection.execute(_POLLS_LOCKED if lock else _POLLS, {"ids": poll_ids}).mappings().all()
    lines: dict[int, list[Candidate]] = {row["id"]: [] for row in rows}
    for line in connection.execute(_CANDIDATES, {"ids": list(lines)}):
        lines[line.poll_id].append(Candidate(line.position, line.label, line.project_id, line.votes))
    return {row["id"]: _poll(row, tuple(lines[row["id"]])) for row in rows}


def _poll(row: sa.RowMapping, lines: tuple[Candidate, ...]) -> Poll:
    values: dict[str, Any] = dict(row)
    values["results"] = Visibility(values["results"])
    values["state"] = PollState(values["state"])
    values["rules"] = _rules(values["rules"])
    return Poll(**values, candidates=lines)


def _rules(values: dict[str, Any]) -> Rules:
    # JSON knows neither tuples nor numbers as keys.
    weights = {int(role_id): weight for role_id, weight in values.pop("weights", {}).items()}
    plain: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in values.items()}
    return Rules(**plain, weights=weights)


async def briefs(tx: Tx) -> list[Brief]:
    """Read what lists need of every poll, oldest first."""
    columns = (polls.c.id, polls.c.guild_id, polls.c.title, polls.c.state)
    times = (polls.c.opens_at, polls.c.closes_at, polls.c.closed_at)
    board = (polls.c.channel_id, polls.c.message_id)
    rows = await tx.execute(sa.select(*columns, *times, *board).order_by(polls.c.id))
    return [
        Brief(
            r.id,
            r.guild_id,
            r.title,
            PollState(r.state),
            r.opens_at,
            r.closes_at,
            r.closed_at,
            board_url(r.guild_id, r.channel_id, r.message_id),
        )
        for r in rows
    ]


async def ballot_of(tx: Tx, poll_id: int, voter_id: int) -> Ballot | None:
    """Read a member's ballot."""
    return (await tx.run_sync(read_ballots, poll_id, [voter_id])).get(voter_id)


def read_ballots(connection: sa.Connection, poll_id: int, voter_ids: Iterable[int]) -> dict[int, Ballot]:
    """Read the ballots of these members in one poll."""
    rows = connection.execute(_BALLOTS, {"poll_id": poll_id, "voter_ids": list(voter_ids)})
    return {row.voter_id: _ballot(row) for row in rows}


def _ballot(row: sa.Row[Any]) -> Ballot:
    values = row._mapping
    return Ballot(**{name: values[name] for name in _BALLOT_COLUMNS}, choices=tuple(values["choices"]))


_BALLOT_COLUMNS = ("poll_id", "voter_id", "weight", "salt", "cast_at", "changed_at", "young_account", "joined_late")


async def due_to_open(tx: Tx, now: datetime) -> list[int]:
    """Return the polls whose time to open has come."""
    return await _ids(tx, polls.c.state == PollState.SCHEDULED.value, polls.c.opens_at <= now)


async def due_to_close(tx: Tx, now: datetime) -> list[int]:
    """Return the open polls whose time is over."""
    return await _ids(tx, polls.c.state == PollState.OPEN.value, polls.c.closes_at <= now)


async def next_instant(tx: Tx) -> datetime | None:
    """Return when the next poll opens or closes by time."""
    opens = sa.select(sa.func.min(polls.c.opens_at)).where(polls.c.state == PollState.SCHEDULED.value)
    closes = sa.select(sa.func.min(polls.c.closes_at)).where(polls.c.state == PollState.OPEN.value)
    times = [(await tx.execute(query)).scalar_one() for query in (opens, closes)]
    return min((time for time in times if time is not None), default=None)


async def with_stale_board(tx: Tx) -> list[int]:
    """Return the polls whose board does not show their newest state."""
    return await _ids(
        tx,
        polls.c.state.in_([PollState.OPEN.value, PollState.CLOSED.value, PollState.CANCELLED.value]),
        polls.c.shown_revision != polls.c.revision,
    )


async def without_posted_result(tx: Tx) -> list[int]:
    """Return the closed polls whose result is not posted yet."""
    return await _ids(tx, polls.c.root.is_not(None), polls.c.result_posted_at.is_(None))


async def _ids(tx: Tx, *where: sa.ColumnElement[bool]) -> list[int]:
    return list((await tx.execute(sa.select(polls.c.id).where(*where).order_by(polls.c.id))).scalars())


async def set_state(tx: Tx, poll_id: int, before: PollState, after: PollState, **values: Any) -> bool:
    """Move a poll from one state to another; return whether it was in the first one."""
    result = await tx.execute(
        sa.update(polls)
        .where(polls.c.id == poll_id, polls.c.state == before.value)
        .values(state=after.value, revision=polls.c.revision + 1, **values)
    )
    return bool(result.rowcount == 1)


async def set_result(tx: Tx, poll_id: int, count: dict[str, Any], root: str) -> bool:
    """Write what the close found, once: the root that was posted first stays. Return whether this was it."""
    result = await tx.execute(
        sa.update(polls).where(polls.c.id == poll_id, polls.c.root.is_(None)).values(count=count, root=root)
    )
    return bool(result.rowcount == 1)


async def uncounted(tx: Tx) -> list[int]:
    """Return the closed polls whose result is not counted yet."""
    return await _ids(tx, polls.c.state == PollState.CLOSED.value, polls.c.root.is_(None))


async def ballot_groups(tx: Tx, poll_id: int, size: int) -> AsyncIterator[Sequence[Any]]:
    """Stream a poll's ballots (id, salt, choices as JSON text, weight), `size` at a time, never all in memory."""
    # Rows are made in the event loop, where reading the JSON of a million of them would hold up everybody else.
    choices = sa.cast(ballots.c.choices, sa.Text)
    query = sa.select(ballots.c.id, ballots.c.salt, choices, ballots.c.weight).where(ballots.c.poll_id == poll_id)
    result = await tx.stream(query.execution_options(yield_per=size))
    async for group in result.partitions():
        yield group


async def ballot_with_salt(tx: Tx, poll_id: int, salt: bytes) -> Ballot | None:
    """Find the ballot that a receipt speaks of, in a poll whose receipts are not kept: all ballots are looked at."""
    row = (await tx.execute(sa.select(ballots).where(ballots.c.poll_id == poll_id, ballots.c.salt == salt))).first()
    return _ballot(row) if row else None


async def ballot_in_row(tx: Tx, row_id: int) -> Ballot | None:
    """Read the ballot in a row."""
    row = (await tx.execute(sa.select(ballots).where(ballots.c.id == row_id))).first()
    return _ballot(row) if row else None


async def minutes(tx: Tx, poll_id: int) -> list[Minute]:
    """Read how many ballots came in each minute, oldest first."""
    rows = await tx.execute(
        sa.select(ballot_minutes).where(ballot_minutes.c.poll_id == poll_id).order_by(ballot_minutes.c.minute)
    )
    return [Minute(row.minute, row.cast, row.changed, row.withdrawn) for row in rows]


async def signs(tx: Tx, poll_id: int) -> tuple[int, int]:
    """Count the ballots of young accounts and of members who joined after the opening."""
    found = await tx.execute(
        sa.select(
            sa.func.count().filter(ballots.c.young_account),
            sa.func.count().filter(ballots.c.joined_late),
        ).where(ballots.c.poll_id == poll_id)
    )
    young, late = found.one()
    return young, late


async def ballots_of(tx: Tx, voter_id: int) -> list[Ballot]:
    """Read every ballot of a member, on all servers."""
    # Poll by poll, so that the index serves: without it every ballot there is would be looked at.
    here = ballots.c.poll_id.in_(sa.select(polls.c.id))
    rows = await tx.execute(sa.select(ballots).where(here, ballots.c.voter_id == voter_id).order_by(ballots.c.poll_id))
    return [_ballot(row) for row in rows]


async def running_ballots(tx: Tx, voter_id: int, closed_only: Sequence[str]) -> int:
    """Count a member's ballots in polls that are in none of these states."""
    running = ballots.c.poll_id.in_(sa.select(polls.c.id).where(polls.c.state.not_in(closed_only)))
    found = await tx.execute(sa.select(sa.func.count()).where(running, ballots.c.voter_id == voter_id))
    return int(found.scalar_one())


async def voted_in(tx: Tx, voter_id: int, poll_ids: Sequence[int]) -> set[int]:
    """Return those of these polls in which a member has a ballot."""
    here = ballots.c.poll_id.in_(poll_ids)
    return set((await tx.execute(sa.select(ballots.c.poll_id).where(here, ballots.c.voter_id == voter_id))).scalars())


async def forget_voter(tx: Tx, voter_id: int, closed_only: Sequence[str]) -> int:
    """Untie a member from the ballots of polls in these states; return how many there were."""
    finished = sa.select(polls.c.id).where(polls.c.state.in_(closed_only))
    result = await tx.execute(
        sa.update(ballots).where(ballots.c.voter_id == voter_id, ballots.c.poll_id.in_(finished)).values(voter_id=None)
    )
    return int(result.rowcount)


async def set_board(tx: Tx, poll_id: int, channel_id: int, message_id: int) -> None:
    """Remember the message that is the poll's board."""
    await tx.execute(sa.update(polls).where(polls.c.id == poll_id).values(channel_id=channel_id, message_id=message_id))


async def forget_board(tx: Tx, poll_id: int, message_id: int) -> None:
    """Forget a board that is gone, unless another has taken its place."""
    await tx.execute(
        sa.update(polls).where(polls.c.id == poll_id, polls.c.message_id == message_id).values(message_id=None)
    )


async def set_shown(tx: Tx, poll_id: int, revision: int) -> None:
    """Remember what the board shows."""
    await tx.execute(
        sa.update(polls).where(polls.c.id == poll_id, polls.c.shown_revision < revision).values(shown_revision=revision)
    )


async def set_result_posted(tx: Tx, poll_id: int, at: datetime) -> None:
    """Remember that the result is posted, or that there is nowhere to post it."""
    await tx.execute(sa.update(polls).where(polls.c.id == poll_id).values(result_posted_at=at))
