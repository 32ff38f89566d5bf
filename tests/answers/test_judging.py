"""The judge of answers can tell right from wrong."""

from decimal import Decimal
from pathlib import Path

import pytest

from bot.answers.load import load_entries
from bot.answers.model import Answer, Kind, Suggestion
from bot.catalogue.load import load
from bot.catalogue.service import Catalogue
from tests.answers.judging import Outcome, invented_numbers, judge, numbers_in
from tests.answers.labelled_set import Labelled
from tests.answers.number_basis import Basis

DATA = Path(__file__).parents[2] / "data"
CLAIM = "fact:starknet:claim_window"
SNAPSHOT = Suggestion("What is a snapshot?", "entry:snapshot")


def labelled(*kinds: Kind, topics: tuple[str, ...] = ("fact:starknet*",), **fields: tuple[str, ...]) -> Labelled:
    empty: dict[str, tuple[str, ...]] = {"says": (), "never": (), "derived": ()}
    return Labelled(question="q 7", group="g", kinds=kinds, topics=topics, polls="none", **(empty | fields))


@pytest.mark.parametrize(
    ("label", "answer", "outcome"),
    [
        (labelled(Kind.ANSWER), Answer(Kind.ANSWER, "It is over.", CLAIM), Outcome.RIGHT),
        (labelled(Kind.ANSWER), Answer(Kind.ANSWER, "It is over.", "fact:zksync:claim_window"), Outcome.WRONG),
        (labelled(Kind.ANSWER, says=("2024-06-20",)), Answer(Kind.ANSWER, "To 20 June 2024.", CLAIM), Outcome.RIGHT),
        (labelled(Kind.ANSWER, says=("2024-06-20",)), Answer(Kind.ANSWER, "To 2 June 2024.", CLAIM), Outcome.WRONG),
        (labelled(Kind.ANSWER, says=("9%",)), Answer(Kind.ANSWER, "It was 9 % of all.", CLAIM), Outcome.RIGHT),
        (labelled(Kind.ANSWER, says=("9%",)), Answer(Kind.ANSWER, "It was 19.8% of all.", CLAIM), Outcome.WRONG),
        (labelled(Kind.ANSWER, says=("a|b",)), Answer(Kind.ANSWER, "I say b.", CLAIM), Outcome.RIGHT),
        (labelled(Kind.ANSWER, never=("peaq",)), Answer(Kind.ANSWER, "Starknet, peaq.", CLAIM), Outcome.WRONG),
        (labelled(Kind.ANSWER), Answer(Kind.UNKNOWN, "", "unknown"), Outcome.MISSED),
        (labelled(Kind.ANSWER), Answer(Kind.REFUSAL, "", "refusal:price"), Outcome.REFUSED),
        (
            labelled(Kind.ANSWER, topics=("entry:snapshot",)),
            Answer(Kind.UNKNOWN, "", "unknown", suggestions=(SNAPSHOT,)),
            Outcome.OFFERED,
        ),
        (
            labelled(Kind.ANSWER, topics=("entry:gas",)),
            Answer(Kind.UNKNOWN, "", "unknown", suggestions=(SNAPSHOT,)),
            Outcome.MISSED,
        ),
        (
            labelled(Kind.REFUSAL, topics=("refusal:price",)),
            Answer(Kind.REFUSAL, "", "refusal:price"),
            Outcome.RIGHT,
        ),
        (
            labelled(Kind.REFUSAL, topics=("refusal:price",)),
            Answer(Kind.REFUSAL, "", "refusal:secrets"),
            Outcome.REFUSED,
        ),
        (labelled(Kind.REFUSAL), Answer(Kind.ANSWER, "Buy.", CLAIM), Outcome.ANSWERED),
        (labelled(Kind.UNKNOWN), Answer(Kind.ANSWER, "Yes.", CLAIM), Outcome.ANSWERED),
        (labelled(Kind.ANSWER, Kind.UNKNOWN), Answer(Kind.UNKNOWN, "", "unknown"), Outcome.RIGHT),
        (labelled(Kind.ANSWER, Kind.UNKNOWN), Answer(Kind.ANSWER, "", "entry:other"), Outcome.WRONG),
    ],
)
def test_judge(label: Labelled, answer: Answer, outcome: Outcome) -> None:
    assert judge(label, answer) is outcome


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1.3M of 10bn", ["1300000", "10000000000"]),
        ("1,297,000 in 3 months", ["1297000", "3"]),
        ("until 2024-06-20T12:30Z", ["2024", "6", "20", "12", "30"]),
        ("the L2 at 0x04ff, M1", []),
        ("44.30%", ["44.3"]),
        ("5 million, 38 m", ["5000000", "38000000"]),
    ],
)
def test_numbers_in(text: str, numbers: list[str]) -> None:
    assert numbers_in(text) == {Decimal(number) for number in numbers}


def test_a_number_from_nowhere_is_invented() -> None:
    answer = Answer(Kind.ANSWER, "7 of 12 had 3.5M, in all 99.", CLAIM)
    basis = ({"value": [12, "3.5M"], "none": None},)
    assert invented_numbers(answer, basis, labelled(Kind.ANSWER)) == {Decimal(99)}
    assert invented_numbers(answer, basis, labelled(Kind.ANSWER, derived=("99",))) == set()


def test_the_basis_of_an_answer_has_the_facts_of_what_it_names_and_no_others() -> None:
    catalogue = Catalogue(load(DATA))
    basis = Basis(catalogue, load_entries(DATA / "answers"))
    supply = Answer(Kind.ANSWER, "Starknet gave away 9% of 10bn, to 695,232 wallets.", "fact:starknet:airdrop_share")
    both = Answer(Kind.ANSWER, f"{supply.text} ZKsync did too.", "compare:starknet:zksync")
    entry = Answer(Kind.ANSWER, "9 of 695,232.", "entry:what-is-a-faucet")
    label = labelled(Kind.ANSWER)
    assert invented_numbers(supply, basis.of(supply, ()), label) == {Decimal(695232)}
    assert invented_numbers(both, basis.of(both, ()), label) == set()
    assert Decimal(695232) in invented_numbers(entry, basis.of(entry, ()), label)
