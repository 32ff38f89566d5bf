from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import BadInput, Refused
from bot.polls.eligibility import check, parse_roles
from bot.polls.model import Rules, Voter

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def voter(account_days: float = 1000, member_days: float | None = 1000, roles: tuple[int, ...] = ()) -> Voter:
    joined_at = None if member_days is None else NOW - timedelta(days=member_days)
    return Voter(1, NOW - timedelta(days=account_days), joined_at, frozenset(roles))


@pytest.mark.parametrize(
    ("rules", "who"),
    [
        (Rules(), voter(0, None)),
        (Rules(min_account_age_days=30), voter(30)),
        (Rules(min_member_days=7), voter(member_days=7)),
        (Rules(role_ids=(5,)), voter(roles=(4, 5))),
        (Rules(30, 7, (5,)), voter(31, 8, (5,))),
    ],
)
def test_who_fulfils_all_rules_may_vote(rules: Rules, who: Voter) -> None:
    check(rules, who, NOW)


@pytest.mark.parametrize(
    ("rules", "who", "reason", "way_out"),
    [
        (
            Rules(min_account_age_days=30),
            voter(account_days=29.5),
            "Your Discord account is 29 days old; this poll asks for at least 30 days.",
            f"from <t:{int((NOW + timedelta(days=0.5)).timestamp())}:f>",
        ),
        (
            Rules(min_member_days=1),
            voter(member_days=0.25),
            "Your membership of this server is 0 days old; this poll asks for at least 1 day.",
            f"from <t:{int((NOW + timedelta(days=0.75)).timestamp())}:f>",
        ),
        (Rules(min_member_days=1), voter(member_days=None), "does not say when you joined", ""),
        (Rules(role_ids=(5,)), voter(roles=(4,)), "the role <@&5>, and you do not have it.", "how to get it."),
        (
            Rules(role_ids=(5, 6)),
            voter(roles=(4,)),
            "one of the roles <@&5>, <@&6>, and you have none of them.",
            "how to get one.",
        ),
    ],
)
def test_a_refusal_names_rule_value_need_and_when_it_passes(
    rules: Rules, who: Voter, reason: str, way_out: str
) -> None:
    with pytest.raises(Refused) as caught:
        check(rules, who, NOW)
    assert reason in caught.value.reason
    assert way_out in caught.value.way_out


@pytest.mark.parametrize(
    ("typed", "roles"),
    [
        (None, ()),
        ("  ", ()),
        ("<@&5>", (5,)),
        ("<@&5> <@&7>", (5, 7)),
        ("<@&5>,<@&7>, <@&5>", (5, 7)),
    ],
)
def test_several_roles_are_read_each_once(typed: str | None, roles: tuple[int, ...]) -> None:
    assert parse_roles(typed) == roles


@pytest.mark.parametrize("typed", ["@Holder", "<@5>", "<@&5><@&6>", "<@&>", "<@&5> x"])
def test_roles_that_are_not_chosen_from_the_list_cannot_be_read(typed: str) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        parse_roles(typed)
