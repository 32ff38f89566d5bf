import asyncio
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.answers import library as library_module
from bot.answers import store as sql
from bot.answers.allowance import A_DAY, AT_ONCE, MOMENT
from bot.answers.library import Library
from bot.answers.model import Kind
from bot.answers.service import MAX_QUESTION_CHARS, Asker, TooMany
from bot.clock import FixedClock
from bot.errors import BadInput, Refused, StoreUnavailable
from bot.store.engine import Store
from bot.store.schema import questions, ratings
from tests.answers.bench import ALICE, BOB, ELSEWHERE, GUILD, Bench, bench
from tests.answers.stand_in import SNAPSHOT, stand_in


async def rows(desk: Bench, table: sa.Table) -> list[Any]:
    async with desk.store.read() as tx:
        return list((await tx.execute(sa.select(table).order_by(*table.primary_key))).all())


async def test_a_question_is_answered_and_kept_with_what_became_of_it(desk: Bench) -> None:
    answered = await desk.ask("  What is a snapshot? ")
    assert answered.answer == SNAPSHOT
    (row,) = await rows(desk, questions)
    assert (row.id, row.guild_id, row.member_id) == (answered.number, GUILD, ALICE)
    assert (row.question, row.kind, row.topic) == ("What is a snapshot?", "answer", SNAPSHOT.topic)


async def test_links_may_lead_to_official_domains_and_to_the_sources_and_nowhere_else(desk: Bench) -> None:
    domains = (await desk.ask("What is a snapshot?")).domains
    assert "docs.starknet.io" in domains
    assert "starknet.io" in domains
    assert "docs.starknet.io" not in (await desk.ask("wen 100x")).domains - desk.library.domains(GUILD)


async def test_what_may_hold_a_secret_is_not_kept(desk: Bench) -> None:
    answered = await desk.ask("My seed is abandon abandon about")
    assert answered.answer.kind is Kind.REFUSAL
    assert [row.question for row in await rows(desk, questions)] == [""]


async def test_nobody_is_named_in_what_is_kept(desk: Bench) -> None:
    await desk.ask("why did <@123456789012345678> get more?")
    assert [row.question for row in await rows(desk, questions)] == ["why did @someone get more?"]


@pytest.mark.parametrize("typed", ["", "   ", "\n\t"])
async def test_an_empty_question_is_refused_and_not_kept(desk: Bench, typed: str) -> None:
    with pytest.raises(BadInput, match="no question"):
        await desk.ask(typed)
    assert await rows(desk, questions) == []


async def test_a_long_question_is_refused_with_the_limit(desk: Bench) -> None:
    await desk.ask("x" * MAX_QUESTION_CHARS)
    with pytest.raises(BadInput, match="too long"):
        await desk.ask("x" * (MAX_QUESTION_CHARS + 1))


async def test_a_direct_message_has_no_polls_and_nothing_taught(desk: Bench) -> None:
    await desk.taught()
    assert (await desk.ask("How do I stake?", guild=None)).answer.kind is Kind.UNKNOWN
    assert (await desk.ask("who leads?", guild=None)).answer.text == "0 polls"
    assert [row.guild_id for row in await rows(desk, questions)] == [None, None]


async def test_only_the_asker_alone_sees_polls_as_the_asker_does(store: Store, clock: FixedClock) -> None:
    viewers = []

    async def polls_of(_guild_id: int, viewer_id: int | None) -> tuple[Any, ...]:
        viewers.append(viewer_id)
        return ()

    async with bench(store, clock, polls_of) as desk:
        number = (await desk.ask("who leads?")).number
        await desk.answers.ask(Asker(GUILD, ALICE, public=True), "who leads?")
        await desk.answers.again(Asker(GUILD, ALICE, public=True), number)
    assert viewers == [ALICE, None, None]


# Too many


async def test_a_burst_is_refused_with_the_time_when_it_goes_on(desk: Bench) -> None:
    for _ in range(AT_ONCE):
        await desk.ask("What is a snapshot?")
    with pytest.raises(TooMany) as refused:
        await desk.ask("What is a snapshot?")
    until = int((desk.clock.now() + MOMENT).timestamp())
    assert refused.value.way_out == f"It goes on <t:{until}:R>."
    assert refused.value.first
    assert len(await rows(desk, questions)) == AT_ONCE
    assert (await desk.ask("What is a snapshot?", BOB)).number


async def test_a_hundred_questions_at_once_pass_no_more_than_the_burst(desk: Bench) -> None:
    asked = await asyncio.gather(*(desk.ask("What is a snapshot?") for _ in range(100)), return_exceptions=True)
    assert sum(isinstance(each, TooMany) for each in asked) == 100 - AT_ONCE
    assert len(await rows(desk, questions)) == AT_ONCE


async def test_the_days_questions_are_counted_over_a_restart(store: Store, clock: FixedClock) -> None:
    async with bench(store, clock) as desk:
        for _ in range(A_DAY):
            await desk.ask("What is a snapshot?")
            clock.advance(timedelta(minutes=1))
    async with bench(store, clock) as desk:
        with pytest.raises(TooMany, match="60 questions a day"):
            await desk.ask("What is a snapshot?")


# Did you mean


async def test_what_was_meant_is_answered_and_settles_the_question(desk: Bench) -> None:
    asked = await desk.ask("snap?")
    assert asked.answer.kind is Kind.UNKNOWN
    meant = await desk.answers.pick(Asker(GUILD, BOB), asked.number, 0)
    assert (meant.question, meant.answer) == ("What is a snapshot?", SNAPSHOT)
    first, second = await rows(desk, questions)
    assert first.settled_by == SNAPSHOT.topic
    assert (second.question, second.member_id) == ("What is a snapshot?", BOB)
    assert await desk.teaching.gaps(GUILD) == ()


@pytest.mark.parametrize("place", [1, 2, -1])
async def test_a_choice_whose_answer_is_gone_says_so_and_settles_nothing(desk: Bench, place: int) -> None:
    asked = await desk.ask("snap?")
    with pytest.raises(Refused, match=r"gone|no longer"):
        await desk.answers.pick(Asker(GUILD, ALICE), asked.number, place)
    assert [row.settled_by for row in await rows(desk, questions)] == [None]


async def test_a_question_of_another_server_is_gone(desk: Bench) -> None:
    asked = await desk.ask("snap?")
    for asker in (Asker(ELSEWHERE, ALICE), Asker(None, ALICE)):
        with pytest.raises(Refused, match="gone"):
            await desk.answers.pick(asker, asked.number, 0)
        with pytest.raises(Refused, match="gone"):
            await desk.answers.rate(asker, asked.number, helpful=True)


# Rating


async def test_the_last_rating_of_a_member_counts_and_each_member_has_one(desk: Bench) -> None:
    number = (await desk.ask("What is a snapshot?")).number
    for member, helpful in ((ALICE, True), (ALICE, False), (BOB, True)):
        await desk.answers.rate(Asker(GUILD, member), number, helpful=helpful)
    assert [(row.member_id, row.helpful) for row in await rows(desk, ratings)] == [(ALICE, False), (BOB, True)]


async def test_a_hundred_clicks_of_one_member_are_one_rating(desk: Bench) -> None:
    number = (await desk.ask("What is a snapshot?")).number
    clicks = [desk.answers.rate(Asker(GUILD, ALICE), number, helpful=bool(each % 2)) for each in range(100)]
    await asyncio.gather(*clicks)
    assert len(await rows(desk, ratings)) == 1


# What is kept, and for how long


async def test_after_thirty_days_questions_and_ratings_are_deleted(desk: Bench) -> None:
    old = (await desk.ask("What is a snapshot?")).number
    await desk.answers.rate(Asker(GUILD, BOB), old, helpful=True)
    desk.clock.advance(timedelta(days=29))
    new = (await desk.ask("What is a snapshot?")).number
    desk.clock.advance(timedelta(days=1, seconds=1))
    await desk.answers.sweep()
    assert [row.id for row in await rows(desk, questions)] == [new]
    assert await rows(desk, ratings) == []
    with pytest.raises(Refused, match="30 days"):
        await desk.answers.rate(Asker(GUILD, BOB), old, helpful=True)


async def test_a_member_gets_their_own_questions_and_ratings_and_no_other(desk: Bench) -> None:
    number = (await desk.ask("What is a snapshot?")).number
    await desk.ask("wen 100x", BOB)
    await desk.answers.rate(Asker(GUILD, BOB), number, helpful=False)
    assert await desk.answers.my_data(ALICE) == {
        "questions": [
            {
                "question": "What is a snapshot?",
                "server": str(GUILD),
                "became": "answer",
                "asked_at": desk.clock.now().isoformat(),
            }
        ],
        "ratings": [],
    }
    assert (await desk.answers.my_data(BOB))["ratings"] == [{"question": "What is a snapshot?", "helpful": False}]


async def test_being_forgotten_deletes_ones_own_and_leaves_the_others(desk: Bench) -> None:
    mine = (await desk.ask("What is a snapshot?")).number
    theirs = (await desk.ask("wen 100x", BOB)).number
    await desk.answers.rate(Asker(GUILD, ALICE), theirs, helpful=False)
    await desk.answers.rate(Asker(GUILD, BOB), mine, helpful=True)
    await desk.answers.rate(Asker(GUILD, BOB), theirs, helpful=True)
    assert await desk.answers.forget(ALICE) == 1
    assert [row.id for row in await rows(desk, questions)] == [theirs]
    assert [(row.question_id, row.member_id) for row in await rows(desk, ratings)] == [(theirs, BOB)]


async def test_what_only_one_member_asked_is_not_told(desk: Bench) -> None:
    for member, question in ((ALICE, "wen 100x"), (ALICE, "What is a snapshot?"), (ALICE, "what is a snapshot")):
        await desk.ask(question, member)
    week = timedelta(days=7)
    assert await desk.answers.most_asked(GUILD, week, 3) == []
    await desk.ask("what is a SNAPSHOT?", BOB)
    assert await desk.answers.most_asked(GUILD, week, 3) == [("What is a snapshot?", 2)]
    assert await desk.answers.most_asked(ELSEWHERE, week, 3) == []


async def test_what_many_asked_is_told_in_the_entry_s_words_or_not_at_all(desk: Bench) -> None:
    await desk.taught()
    for member in (ALICE, BOB):
        await desk.ask("How do I stake?", member)
        await desk.ask("who leads?", member)  # is answered, by no entry and no fact
    week = timedelta(days=7)
    assert await desk.answers.most_asked(GUILD, week, 3) == [("How do I stake?", 2)]
    desk.library.keep((), GUILD)  # forgotten meanwhile
    assert await desk.answers.most_asked(GUILD, week, 3) == []


async def test_a_library_that_cannot_be_read_names_no_questions(desk: Bench) -> None:
    for member in (ALICE, BOB):
        await desk.ask("What is a snapshot?", member)

    async def gone(*_: object) -> None:
        raise Refused("I cannot answer questions at the moment.")

    desk.library.questions = gone  # type: ignore[assignment,method-assign]
    assert await desk.answers.most_asked(GUILD, timedelta(days=7), 3) == []


# When something does not work


async def test_while_the_database_is_away_questions_are_answered_all_the_same(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> Any:
        raise StoreUnavailable("locked")

    monkeypatch.setattr(desk.store, "begin", away)
    answered = await desk.ask("What is a snapshot?")
    assert (answered.answer, answered.number) == (SNAPSHOT, None)


async def test_a_failure_half_way_through_picking_settles_nothing(desk: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = await desk.ask("snap?")

    async def fails(*_: Any) -> Any:
        raise StoreUnavailable("the disk is full")

    monkeypatch.setattr(sql, "insert_question", fails)
    assert (await desk.answers.pick(Asker(GUILD, ALICE), asked.number, 0)).number is None
    assert [row.settled_by for row in await rows(desk, questions)] == [None]


async def test_a_failure_half_way_through_forgetting_a_member_deletes_nothing(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = (await desk.ask("What is a snapshot?")).number
    await desk.answers.rate(Asker(GUILD, ALICE), number, helpful=True)

    async def fails(*_: Any) -> Any:
        raise StoreUnavailable("the disk is full")

    monkeypatch.setattr(sql, "_delete_questions", fails)
    with pytest.raises(StoreUnavailable):
        await desk.answers.forget(ALICE)
    assert len(await rows(desk, questions)) == len(await rows(desk, ratings)) == 1


async def test_a_sweep_that_fails_is_logged_and_tried_again(desk: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    await desk.ask("What is a snapshot?")
    desk.clock.advance(timedelta(days=31))

    async def fails(*_: Any) -> Any:
        raise StoreUnavailable("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(sql, "delete_drafts_before", fails)
        await desk.answers.sweep()
    assert len(await rows(desk, questions)) == 1
    await desk.answers.sweep()
    assert await rows(desk, questions) == []


async def test_while_the_engine_is_read_questions_wait_for_it(desk: Bench) -> None:
    reading = threading.Event()

    def slow() -> Any:
        reading.wait(5)
        return stand_in()

    desk.library.read_engine = slow
    desk.library.start()
    asked = asyncio.create_task(desk.ask("What is a snapshot?"))
    await asyncio.sleep(0.05)
    assert not asked.done()
    reading.set()
    assert (await asked).answer == SNAPSHOT


async def test_an_engine_that_takes_too_long_is_said(desk: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library_module, "READ_WITHIN_S", 0.01)
    reading = threading.Event()

    def slow() -> Any:
        reading.wait(5)
        return stand_in()

    desk.library.read_engine = slow
    with pytest.raises(Refused, match="still reading"):
        await desk.ask("What is a snapshot?")
    reading.set()


async def test_an_engine_that_cannot_be_read_is_said_to_each_who_asks(desk: Bench) -> None:
    def broken() -> Any:
        raise OSError("no such file")

    desk.library.read_engine = broken
    for _ in range(2):
        with pytest.raises(Refused, match="cannot answer"):
            await desk.ask("What is a snapshot?")


async def test_a_library_that_was_never_asked_closes(clock: FixedClock) -> None:
    Library(stand_in, Any, clock).close()  # type: ignore[arg-type]


async def test_closing_gives_up_an_engine_that_is_still_read(
    clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    begun, given_up = threading.Event(), threading.Event()

    def slow() -> Any:
        begun.set()
        try:
            for _ in range(3_000):
                time.sleep(0.01)
        except BaseException:
            given_up.set()
            raise

    library = Library(slow, Any, clock)  # type: ignore[arg-type]
    library.start()
    await asyncio.to_thread(begun.wait)
    library.close()
    assert given_up.is_set()
    with pytest.raises(Refused, match="cannot answer"):
        await library.ready()
    assert caplog.records == []


async def test_closing_right_away_reads_nothing(clock: FixedClock) -> None:
    read: list[int] = []
    library = Library(lambda: read.append(1) or stand_in(), Any, clock)  # type: ignore[arg-type, func-returns-value]
    library._closed = True  # as when it is closed while the engine is imported
    with pytest.raises(Refused):
        await library.ready()
    library.close()
    assert read == []
