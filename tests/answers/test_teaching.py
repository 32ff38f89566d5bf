import asyncio
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from bot.answers import store as sql
from bot.answers import teaching as teaching_module
from bot.answers.model import Citation, Kind
from bot.answers.service import KEPT_FOR, Asker
from bot.audit import store as audit
from bot.audit.model import first_break
from bot.clock import FixedClock
from bot.errors import NotFound, Refused, StoreUnavailable
from bot.links.model import Judgement
from bot.store.engine import Store
from bot.store.schema import questions, taught
from tests.answers.bench import ALICE, BOB, ELSEWHERE, GUILD, MOD, STAKE, Bench, bench


async def states(desk: Bench) -> list[str]:
    async with desk.store.read() as tx:
        return list((await tx.execute(sa.select(taught.c.state).order_by(taught.c.id))).scalars())


async def actions(desk: Bench) -> list[str]:
    async with desk.store.read() as tx:
        entries = await audit.of_guild(tx, GUILD)
    assert first_break(entries) is None
    return [entry.new.action for entry in entries]


async def gaps(desk: Bench, guild: int = GUILD) -> list[tuple[str, int]]:
    return [(cluster.lead.question, len(cluster.gaps)) for cluster in await desk.teaching.gaps(guild)]


# Gaps


async def test_gaps_are_what_got_no_answer_here_gathered(desk: Bench) -> None:
    for question in ("how do i stake?", "how do you bridge", "how do i lock it", "What is a snapshot?", "hello"):
        await desk.ask(question)
    await desk.ask("wen 100x", BOB)
    await desk.ask("how do i fly", BOB, ELSEWHERE)
    await desk.ask("how do i swim", BOB, None)
    assert await gaps(desk) == [("how do i lock it", 2), ("how do you bridge", 1)]


async def test_an_answer_that_was_marked_down_is_a_gap_until_more_say_that_it_helped(desk: Bench) -> None:
    number = (await desk.ask("What is a snapshot?")).number
    await desk.answers.rate(Asker(GUILD, ALICE), number, helpful=False)
    (cluster,) = await desk.teaching.gaps(GUILD)
    assert (cluster.marked_down, cluster.lead.kind) == (1, "answer")
    await desk.answers.rate(Asker(GUILD, BOB), number, helpful=True)
    assert await gaps(desk) == []


async def test_a_gap_is_open_for_thirty_days(desk: Bench) -> None:
    await desk.ask("how do i stake?")
    desk.clock.advance(KEPT_FOR)
    assert await gaps(desk) == []


# Teaching


async def test_what_is_taught_is_answered_with_its_source_on_that_server_alone(desk: Bench) -> None:
    await desk.ask("How do I stake?")
    await desk.taught()
    here = (await desk.ask("how do i stake")).answer
    assert (here.kind, here.text) == (Kind.ANSWER, STAKE.answer)
    assert [source.url for source in here.sources] == [STAKE.source_url]
    for guild in (ELSEWHERE, None):
        assert (await desk.ask("how do i stake", guild=guild)).answer.kind is Kind.UNKNOWN


async def test_a_draft_answers_nothing_and_nobody_is_told_of_it(desk: Bench) -> None:
    draft = await desk.teaching.draft(GUILD, STAKE)
    assert draft.found
    assert draft.answer is not None
    assert draft.answer.text == STAKE.answer
    assert (await desk.ask("How do I stake?")).answer.kind is Kind.UNKNOWN
    assert await actions(desk) == []


async def test_teaching_a_gap_takes_its_wordings_along_and_closes_it(desk: Bench) -> None:
    numbers = [(await desk.ask(question)).number for question in ("how do i lock it", "how do i stake zro")]
    await desk.ask("who is satoshi")
    await desk.taught(gap=numbers[0])
    assert await gaps(desk) == [("who is satoshi", 1)]
    assert (await desk.ask("how do i LOCK it?")).answer.text == STAKE.answer


async def test_teaching_a_question_directly_closes_the_gaps_that_ask_the_same(desk: Bench) -> None:
    await desk.ask("how do i lock it")
    await desk.taught()
    assert await gaps(desk) == []


async def test_forgetting_opens_the_gap_again_and_taking_that_back_closes_it(desk: Bench) -> None:
    await desk.ask("how do i stake?")
    number = await desk.taught()
    await desk.teaching.forget(GUILD, number, MOD)
    assert await gaps(desk) == [("how do i stake?", 1)]
    assert (await desk.ask("how do i stake?", BOB)).answer.kind is Kind.UNKNOWN
    await desk.teaching.restore(GUILD, number, MOD)
    assert (await desk.ask("how do i stake?", BOB)).answer.text == STAKE.answer
    assert await actions(desk) == ["answer taught", "answer forgotten", "answer taught"]


async def test_a_new_answer_takes_the_place_of_the_one_to_the_same_question(desk: Bench) -> None:
    first = await desk.taught()
    newer = replace(STAKE, question="how do i stake", answer="Lock it anew.")
    draft = await desk.teaching.draft(GUILD, newer)
    assert draft.replaces is not None
    assert draft.replaces.id == first
    await desk.teaching.publish(GUILD, draft.taught.id, MOD)
    assert (await desk.ask("How do I stake?")).answer.text == "Lock it anew."
    assert await states(desk) == ["forgotten", "live"]
    with pytest.raises(Refused, match="Another answer"):
        await desk.teaching.restore(GUILD, first, MOD)


async def test_what_was_taught_is_there_after_a_restart(store: Store, clock: FixedClock) -> None:
    async with bench(store, clock) as desk:
        await desk.taught()
    async with bench(store, clock) as desk:
        assert (await desk.ask("how do i stake")).answer.text == STAKE.answer


async def test_publishing_twice_is_publishing_once(desk: Bench) -> None:
    number = await desk.taught()
    await desk.teaching.publish(GUILD, number, MOD)
    assert await actions(desk) == ["answer taught"]


async def test_a_draft_that_would_not_be_found_says_so(desk: Bench) -> None:
    class Deaf:
        def __getattr__(self, name: str) -> Any:
            return getattr(engine, name)

        def ask(self, asked: Any) -> Any:
            return engine.ask(replace(asked, taught=engine.passages(())))

    engine = desk.library.read_engine()
    desk.library.read_engine = lambda: Deaf()  # type: ignore[assignment, return-value]
    assert not (await desk.teaching.draft(GUILD, STAKE)).found


# Drafts with problems


async def test_what_was_typed_wrong_is_kept_to_be_changed(desk: Bench) -> None:
    draft = await desk.teaching.draft(GUILD, replace(STAKE, source_url="docs.starknet.io", as_of="today"))
    assert len(draft.problems) == 2
    with pytest.raises(Refused, match="does not work yet"):
        await desk.teaching.publish(GUILD, draft.taught.id, MOD)
    changed = await desk.teaching.change(GUILD, draft.taught.id, STAKE)
    assert changed.problems == ()
    await desk.teaching.publish(GUILD, draft.taught.id, MOD)
    assert await states(desk) == ["live"]


async def test_a_look_alike_of_an_official_domain_is_no_source(desk: Bench) -> None:
    draft = await desk.teaching.draft(GUILD, replace(STAKE, source_url="https://starknet-claim.io/airdrop"))
    assert draft.verdict.judgement is Judgement.LOOKALIKE
    assert len(draft.problems) == 1
    with pytest.raises(Refused):
        await desk.teaching.publish(GUILD, draft.taught.id, MOD)


async def test_a_published_or_discarded_draft_cannot_be_changed(desk: Bench) -> None:
    live = await desk.taught()
    draft = (await desk.teaching.draft(GUILD, STAKE)).taught.id
    await desk.teaching.discard(GUILD, draft)
    for number in (live, draft, 999):
        with pytest.raises(Refused, match="meanwhile"):
            await desk.teaching.change(GUILD, number, STAKE)
    with pytest.raises(Refused, match="meanwhile"):
        await desk.teaching.publish(GUILD, draft, MOD)


async def test_drafts_are_deleted_after_a_day_and_live_answers_are_not(desk: Bench) -> None:
    await desk.taught()
    await desk.teaching.draft(GUILD, replace(STAKE, question="Else?"))
    desk.clock.advance(KEPT_FOR)
    await desk.answers.sweep()
    assert await states(desk) == ["live"]


async def test_no_server_touches_anothers_answers(desk: Bench) -> None:
    number = await desk.taught()
    draft = (await desk.teaching.draft(GUILD, replace(STAKE, question="Else?"))).taught.id
    asked = (await desk.ask("how do i fly")).number
    for act in (
        desk.teaching.forget(ELSEWHERE, number, MOD),
        desk.teaching.restore(ELSEWHERE, number, MOD),
        desk.teaching.publish(ELSEWHERE, draft, MOD),
        desk.teaching.change(ELSEWHERE, draft, STAKE),
        desk.teaching.discard(ELSEWHERE, draft),
        desk.teaching.look(ELSEWHERE, draft),
        desk.teaching.wording(ELSEWHERE, asked),
    ):
        with pytest.raises(Refused):
            await act
    with pytest.raises(NotFound):
        desk.teaching.find(ELSEWHERE, str(number))
    assert await states(desk) == ["live", "draft"]


async def test_no_more_answers_than_a_server_may_have(desk: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teaching_module, "MOST_TAUGHT", 2)
    for number in range(2):
        await desk.taught(replace(STAKE, question=f"Question {number}?"))
    with pytest.raises(Refused, match="limit"):
        await desk.taught(replace(STAKE, question="One more?"))
    await desk.taught(replace(STAKE, question="Question 1?", answer="In its place."))
    assert await states(desk) == ["live", "forgotten", "draft", "live"]


async def test_an_answer_is_found_by_number_and_by_question(desk: Bench) -> None:
    number = await desk.taught()
    assert desk.teaching.find(GUILD, str(number)).id == number
    assert desk.teaching.find(GUILD, " How do I stake? ").id == number
    with pytest.raises(NotFound) as unknown:
        desk.teaching.find(GUILD, "How do I fly?")
    assert unknown.value.suggestions == ("How do I stake?",)


# All or nothing


async def test_a_hundred_clicks_on_publish_teach_once(desk: Bench) -> None:
    draft = (await desk.teaching.draft(GUILD, STAKE)).taught.id
    clicks = [desk.teaching.publish(GUILD, draft, MOD) for _ in range(100)]
    results = await asyncio.gather(*clicks, return_exceptions=True)
    assert all(isinstance(each, Refused) or each.id == draft for each in results)  # type: ignore[union-attr]
    assert await actions(desk) == ["answer taught"]
    assert [each.id for each in desk.teaching.live(GUILD)] == [draft]


async def test_a_hundred_at_once_to_the_same_question_leave_one_live(desk: Bench) -> None:
    typed = [replace(STAKE, answer=f"Answer {number}.") for number in range(100)]
    drafts = [(await desk.teaching.draft(GUILD, each)).taught.id for each in typed]
    await asyncio.gather(*(desk.teaching.publish(GUILD, number, MOD) for number in drafts))
    assert (await states(desk)).count("live") == 1
    async with desk.store.read() as tx:
        assert tuple(await sql.live_answers(tx, GUILD)) == desk.teaching.live(GUILD)
    assert (await actions(desk)).count("answer forgotten") == 99


async def test_forgetting_and_restoring_at_once_end_as_the_database_says(desk: Bench) -> None:
    number = await desk.taught()
    clicks = [(desk.teaching.forget if each % 2 else desk.teaching.restore)(GUILD, number, MOD) for each in range(100)]
    await asyncio.gather(*clicks, return_exceptions=True)
    async with desk.store.read() as tx:
        assert tuple(await sql.live_answers(tx, GUILD)) == desk.teaching.live(GUILD)


@pytest.mark.parametrize("step", ["settle", "live_answers"])
async def test_a_failure_half_way_through_publishing_changes_nothing(
    desk: Bench, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    await desk.ask("how do i stake?")
    old = await desk.taught()
    draft = (await desk.teaching.draft(GUILD, replace(STAKE, answer="Newer."))).taught.id
    before = (await states(desk), await actions(desk))
    real, calls = getattr(sql, step), []

    async def fails(*arguments: Any) -> Any:
        calls.append(arguments)
        if step == "settle" or len(calls) == 2:  # the first reads what is live before the change
            raise StoreUnavailable("the disk is full")
        return await real(*arguments)

    monkeypatch.setattr(sql, step, fails)
    with pytest.raises(StoreUnavailable):
        await desk.teaching.publish(GUILD, draft, MOD)
    assert (await states(desk), await actions(desk)) == before
    assert [each.id for each in desk.teaching.live(GUILD)] == [old]
    assert (await desk.ask("how do i stake?", BOB)).answer.text == STAKE.answer


async def test_a_failure_half_way_through_forgetting_changes_nothing(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = await desk.taught()

    async def fails(*_: Any) -> Any:
        raise StoreUnavailable("the disk is full")

    monkeypatch.setattr(teaching_module, "append_in", fails)
    with pytest.raises(StoreUnavailable):
        await desk.teaching.forget(GUILD, number, MOD)
    assert await states(desk) == ["live"]
    assert (await desk.ask("how do i stake?")).answer.text == STAKE.answer


async def test_the_log_says_what_was_taught_and_from_where(desk: Bench) -> None:
    number = await desk.taught()
    async with desk.store.read() as tx:
        (entry,) = await audit.of_guild(tx, GUILD)
    assert (entry.new.actor_id, entry.new.details) == (
        MOD,
        {"entry": number, "question": STAKE.question, "source": STAKE.source_url},
    )


async def test_a_picked_choice_whose_answer_was_forgotten_is_gone(desk: Bench) -> None:
    number = await desk.taught()
    topic = desk.teaching.find(GUILD, str(number)).topic
    asked = (await desk.ask("snap?")).number
    async with desk.store.begin() as tx:
        await tx.execute(sa.update(questions).values(offered=[["How do I stake?", topic]]))
    found = await desk.answers.pick(Asker(GUILD, ALICE), asked, 0)
    assert found.answer.sources == (Citation(STAKE.source_title, STAKE.source_url, found.answer.as_of),)
    await desk.teaching.forget(GUILD, number, MOD)
    with pytest.raises(Refused, match="gone"):
        await desk.answers.pick(Asker(GUILD, ALICE), asked, 0)
