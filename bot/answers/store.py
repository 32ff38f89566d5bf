"""The SQL of questions, ratings and taught answers. Every function works in the caller's transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.answers.learning import Gap
from bot.answers.model import Answer, Kind, Suggestion
from bot.answers.taught import State, Taught, Typed
from bot.store.engine import Tx
from bot.store.schema import questions, ratings, taught

# The topic of greetings and the like: nobody needs to teach an answer to them.
NOT_ASKED = "unknown:empty"


def _count(*, helpful: bool) -> sa.Function[int]:
    return sa.func.sum(sa.case((ratings.c.helpful.is_(helpful), 1), else_=0))


_MARKED_UP, _MARKED_DOWN = _count(helpful=True), _count(helpful=False)


@dataclass(frozen=True, slots=True)
class Question:
    """A question that was asked, with what was offered instead of an answer."""

    id: int
    guild_id: int | None
    member_id: int
    question: str
    kind: Kind
    topic: str
    offered: tuple[Suggestion, ...]
    settled_by: str | None
    asked_at: datetime


# Questions


async def insert_question(
    tx: Tx, guild_id: int | None, member_id: int, question: str, answer: Answer, asked_at: datetime
) -> int:
    """Write what was asked and what became of it; return its number."""
    row = {
        "guild_id": guild_id,
        "member_id": member_id,
        "question": question,
        "kind": str(answer.kind),
        "topic": answer.topic,
        "offered": [[suggestion.question, suggestion.topic] for suggestion in answer.suggestions],
        "asked_at": asked_at,
    }
    number: int = (await tx.execute(sa.insert(questions).values(row).returning(questions.c.id))).scalar_one()
    return number


async def question(tx: Tx, question_id: int) -> Question | None:
    """Read one question."""
    rows = await tx.execute(sa.select(questions).where(questions.c.id == question_id))
    return next((_question(row) for row in rows.mappings()), None)


async def settle(tx: Tx, question_ids: Iterable[int], topic: str) -> None:
    """Note which topic answered questions after all."""
    await tx.execute(sa.update(questions).where(questions.c.id.in_(list(question_ids))).values(settled_by=topic))


async def asked_since(tx: Tx, since: datetime) -> list[tuple[int, datetime]]:
    """Return who asked when, oldest first."""
    rows = await tx.execute(
        sa.select(questions.c.member_id, questions.c.asked_at)
        .where(questions.c.asked_at > since)
        .order_by(questions.c.asked_at)
    )
    return [(row.member_id, row.asked_at) for row in rows]


async def gaps(tx: Tx, guild_id: int, since: datetime) -> list[tuple[Gap, str | None]]:
    """Read a server's questions that got no answer or one that was marked down, with what settled them since."""
    rows = await tx.execute(
        sa.select(questions, _MARKED_DOWN.label("down"))
        .outerjoin(ratings, ratings.c.question_id == questions.c.id)
        .where(questions.c.guild_id == guild_id, questions.c.asked_at > since, questions.c.question != "")
        .where(questions.c.topic != NOT_ASKED)
        .group_by(questions.c.id)
        .having(sa.or_(questions.c.kind == str(Kind.UNKNOWN), _MARKED_DOWN > _MARKED_UP))
        .order_by(questions.c.asked_at.desc(), questions.c.id.desc())
    )
    return [(Gap(row.id, row.question, row.kind, row.asked_at, row.down), row.settled_by) for row in rows]


async def most_asked(tx: Tx, guild_id: int, since: datetime, most: int) -> list[tuple[str, int]]:
    """Return topics that several members had answered, with how many asked, the most first."""
    members = sa.func.count(sa.distinct(questions.c.member_id))
    rows = await tx.execute(
        sa.select(questions.c.topic, members.label("members"))
        .where(questions.c.guild_id == guild_id, questions.c.asked_at > since, questions.c.kind == str(Kind.ANSWER))
        .group_by(questions.c.topic)
        .having(members > 1)
        .order_by(members.desc(), sa.func.max(questions.c.id).desc())
        .limit(most)
    )
    return [(row.topic, row.members) for row in rows]


# Ratings


async def rate(tx: Tx, question_id: int, member_id: int, *, helpful: bool) -> None:
    """Write a member's one rating of an answer over the one before."""
    dialect = sqlite if tx.dialect.name == "sqlite" else postgresql
    insert = dialect.insert(ratings).values(question_id=question_id, member_id=member_id, helpful=helpful)
    await tx.execute(
        insert.on_conflict_do_update(index_elements=["question_id", "member_id"], set_={"helpful": helpful})
    )


# A member's own


async def questions_of(tx: Tx, member_id: int) -> list[Question]:
    """Read what a member asked, oldest first."""
    rows = await tx.execute(sa.select(questions).where(questions.c.member_id == member_id).order_by(questions.c.id))
    return [_question(row) for row in rows.mappings()]


async def ratings_of(tx: Tx, member_id: int) -> list[tuple[str, bool]]:
    """Read which questions' answers a member rated, and how."""
    rows = await tx.execute(
        sa.select(questions.c.question, ratings.c.helpful)
        .join(questions, questions.c.id == ratings.c.question_id)
        .where(ratings.c.member_id == member_id)
        .order_by(questions.c.id)
    )
    return [(row.question, row.helpful) for row in rows]


async def forget_member(tx: Tx, member_id: int) -> int:
    """Delete a member's questions and ratings; return how many questions there were."""
    await tx.execute(sa.delete(ratings).where(ratings.c.member_id == member_id))
    return await _delete_questions(tx, questions.c.member_id == member_id)


async def delete_asked_before(tx: Tx, before: datetime) -> int:
    """Delete old questions with their ratings; return how many."""
    return await _delete_questions(tx, questions.c.asked_at < before)


async def _delete_questions(tx: Tx, which: sa.ColumnElement[bool]) -> int:
    await tx.execute(sa.delete(ratings).where(ratings.c.question_id.in_(sa.select(questions.c.id).where(which))))
    return (await tx.execute(sa.delete(questions).where(which))).rowcount


# Taught answers


async def insert_draft(tx: Tx, guild_id: int, typed: Typed, phrasings: Sequence[str], at: datetime) -> int:
    """Write a draft; return its number."""
    row = {"guild_id": guild_id, "state": str(State.DRAFT), "phrasings": list(phrasings), "changed_at": at}
    number: int = (await tx.execute(sa.insert(taught).values(row | asdict(typed)).returning(taught.c.id))).scalar_one()
    return number


async def change_draft(tx: Tx, number: int, typed: Typed, at: datetime) -> bool:
    """Write a draft anew; say whether it still was one."""
    which = (taught.c.id == number) & (taught.c.state == str(State.DRAFT))
    changed = await tx.execute(sa.update(taught).where(which).values(asdict(typed) | {"changed_at": at}))
    return changed.rowcount == 1


async def move(tx: Tx, number: int, before: State, after: State, at: datetime) -> bool:
    """Take an answer from one state to another; say no when it was not in the first."""
    which = (taught.c.id == number) & (taught.c.state == str(before))
    moved = await tx.execute(sa.update(taught).where(which).values(state=str(after), changed_at=at))
    return moved.rowcount == 1


async def taught_answer(tx: Tx, guild_id: int, number: int) -> Taught | None:
    """Read one answer of a server, whatever its state."""
    rows = await tx.execute(sa.select(taught).where(taught.c.id == number, taught.c.guild_id == guild_id))
    return next((_taught(row) for row in rows.mappings()), None)


async def live_answers(tx: Tx, guild_id: int | None = None) -> list[Taught]:
    """Read the answers that are live, on one server or on all, oldest first."""
    live = sa.select(taught).where(taught.c.state == str(State.LIVE)).order_by(taught.c.id)
    if guild_id is not None:
        live = live.where(taught.c.guild_id == guild_id)
    return [_taught(row) for row in (await tx.execute(live)).mappings()]


async def delete_drafts_before(tx: Tx, before: datetime) -> int:
    """Delete drafts that nobody published; return how many."""
    which = (taught.c.state == str(State.DRAFT)) & (taught.c.changed_at < before)
    return (await tx.execute(sa.delete(taught).where(which))).rowcount


def _question(row: sa.RowMapping) -> Question:
    values: dict[str, Any] = dict(row)
    offered = tuple(Suggestion(text, topic) for text, topic in values.pop("offered"))
    return Question(**values | {"kind": Kind(row["kind"]), "offered": offered})


def _taught(row: sa.RowMapping) -> Taught:
    typed = Typed(**{name: row[name] for name in ("question", "answer", "source_title", "source_url", "as_of")})
    return Taught(row["id"], row["guild_id"], State(row["state"]), typed, tuple(row["phrasings"]))
