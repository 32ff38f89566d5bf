from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.learning import MOST_WORDINGS, Gap, clusters, masked

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def alike(texts: Sequence[str]) -> list[list[bool]]:
    """Say that texts ask the same which begin with the same letter."""
    return [[one[0].casefold() == other[0].casefold() for other in texts] for one in texts]


def gap(number: int, question: str, minutes: int = 0, marked_down: int = 0) -> Gap:
    return Gap(number, question, "unknown", NOON + timedelta(minutes=minutes), marked_down)


def test_questions_that_ask_the_same_are_gathered_most_asked_first() -> None:
    found = clusters(
        [gap(1, "stake where"), gap(2, "bridge how"), gap(3, "staking?"), gap(4, "Stake where?!"), gap(5, "balance")],
        alike,
    )
    assert [sorted(each.id for each in cluster.gaps) for cluster in found] == [[1, 3, 4], [2, 5]]


def test_the_wording_used_most_stands_for_the_others() -> None:
    found = clusters([gap(1, "staking?", 9), gap(2, "stake where"), gap(3, "Stake where?", 1)], alike)
    assert found[0].lead.question == "Stake where?"
    assert found[0].wordings == ("Stake where?", "staking?")


def test_equally_frequent_ones_come_newest_first() -> None:
    found = clusters([gap(1, "a", 0), gap(2, "b", 5), gap(3, "c", 3)], alike)
    assert [cluster.lead.id for cluster in found] == [2, 3, 1]


def test_a_cluster_adds_up_its_thumbs_down_and_knows_its_last_time() -> None:
    (found,) = clusters([gap(1, "a", 0, 2), gap(2, "aa", 7, 1)], alike)
    assert found.marked_down == 3
    assert found.last_asked_at == NOON + timedelta(minutes=7)


def test_no_gaps_make_no_clusters() -> None:
    assert clusters([], alike) == ()


def test_only_the_newest_wordings_are_compared_but_all_their_times_count() -> None:
    gaps = [gap(number, f"q{number}", number) for number in range(MOST_WORDINGS + 50)]
    gaps.append(gap(999, "Q249", 0))

    def counted(texts: Sequence[str]) -> list[list[bool]]:
        assert len(texts) == MOST_WORDINGS
        return [[one == other for other in texts] for one in texts]

    found = clusters(gaps, counted)
    assert {each.question for cluster in found for each in cluster.gaps} >= {"q249", "Q249"}
    assert "q0" not in {cluster.lead.question for cluster in found}


@given(st.lists(st.tuples(st.text(min_size=1, max_size=5), st.integers(0, 99)), max_size=60))
def test_every_question_with_a_letter_is_in_one_cluster_and_only_there(drawn: list[tuple[str, int]]) -> None:
    gaps = [gap(number, text, minutes) for number, (text, minutes) in enumerate(drawn)]
    found = [each.id for cluster in clusters(gaps, alike) for each in cluster.gaps]
    assert len(found) == len(set(found))
    assert {each.id for each in gaps if any(map(str.isalpha, each.question.casefold()))} <= set(found)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("why did <@123456789012345678> get more", "why did @someone get more"),
        ("<@!12345> <@&777> in <#888>", "@someone @someone in #channel"),
        ("is @bob.eth a mod?", "is @someone a mod?"),
        ("mail me at jo.doe+x@mail.example please", "mail me at @someone please"),
        ("is 0x52908400098527886E0F7030069857D2E4169EE7 eligible", "is 0x… eligible"),
        ("my key 5Kb8kLf9zgWQnogidDA76MzPL6TsZZY36hWXMssSzNydYXYB9KF", "my key …"),
        ("id 123456789012345678", "id …"),
        ("<:moon:123456789012345678> wen", ":moon: wen"),
        ("when was block 58642080 on 2023-02-06?", "when was block 58642080 on 2023-02-06?"),
        ("did it raise $225,000,000 in 2022", "did it raise $225,000,000 in 2022"),
        ("donaudampfschifffahrtsgesellschaft airdrop", "donaudampfschifffahrtsgesellschaft airdrop"),
    ],
)
def test_what_could_name_or_trace_a_person_is_masked_and_nothing_else(typed: str, kept: str) -> None:
    assert masked(typed) == kept
    assert masked(kept) == kept
