from dataclasses import fields

from bot.polls.model import Rules
from bot.polls.proof.leaf import rule_values
from bot.polls.proof.rules import rule_words


def test_every_rule_has_words() -> None:
    rules = Rules(1, 7, role_ids=(5, 2**60), excluded_role_ids=(6,), weights={9: 10, 8: 3})
    assert set(rule_values(rules)) == {each.name for each in fields(Rules)}
    assert rule_words(rule_values(rules)) == [
        "The member has none of these roles: 6.",
        "The Discord account is at least 1 day old.",
        "The member has been on the server for at least 7 days.",
        f"The member has one of these roles: 5, {2**60}.",
        "A ballot counts by the heaviest of the voter's roles (8 counts 3, 9 counts 10), and 1 without any of them.",
    ]


def test_a_rule_without_words_is_shown_as_it_stands() -> None:
    assert rule_words({"moon_phase": ["full"], "weights": 3}) == ['moon_phase: ["full"]', "weights: 3"]


def test_no_rules_are_no_words() -> None:
    assert rule_words(rule_values(Rules())) == []
