"""Who may vote: a poll's frozen rules against what the interaction says of the member."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.errors import BadInput, Refused
from bot.polls.counting import WEIGHT_MAX
from bot.polls.model import Rules, Voter

_ROLE = re.compile(r"<@&(\d{1,20})>")
_WEIGHT = re.compile(r"<@&(\d{1,20})>\s*[x×*=:]?\s*(\d{1,3})")


def check(rules: Rules, voter: Voter, now: datetime) -> None:
    """Raise `Refused` with the rule, the member's value, what is needed and when it would pass."""
    _old_enough("Your Discord account", voter.account_created_at, rules.min_account_age_days, now)
    if rules.min_member_days:
        if voter.joined_at is None:
            raise Refused("Discord does not say when you joined this server, and this poll asks for it.")
        _old_enough("Your membership of this server", voter.joined_at, rules.min_member_days, now)
    if rules.role_ids and not voter.role_ids.intersection(rules.role_ids):
        one = len(rules.role_ids) == 1
        needed = f"{'the role' if one else 'one of the roles'} {mentions(rules.role_ids)}"
        raise Refused(
            f"This poll is for members with {needed}, and you {'do not have it' if one else 'have none of them'}.",
            f"Ask a moderator how to get {'it' if one else 'one'}.",
        )
    if excluded := sorted(voter.role_ids.intersection(rules.excluded_role_ids)):
        raise Refused(f"This poll is not for members with the role {mentions(excluded)}, which you have.")


def weight_of(rules: Rules, voter: Voter) -> int:
    """Return how much a voter's ballot counts: the largest weight among their roles, 1 without any."""
    return max((weight for role_id, weight in rules.weights.items() if role_id in voter.role_ids), default=1)


def mentions(role_ids: Iterable[int]) -> str:
    """Name roles so that Discord shows them by name."""
    return ", ".join(f"<@&{role_id}>" for role_id in role_ids)


def _old_enough(what: str, since: datetime, needed_days: int, now: datetime) -> None:
    passes = since + timedelta(days=needed_days)
    if now < passes:
        have = (now - since).days
        raise Refused(
            f"{what} is {_days(have)} old; this poll asks for at least {_days(needed_days)}.",
            f"You may vote from <t:{int(passes.timestamp())}:f>.",
        )


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"


def parse_roles(typed: str | None) -> tuple[int, ...]:
    """Read `@Holder @Founder`, where Discord puts a role's id in the place of its name; each role once."""
    parts = re.split(r"[\s,]+", (typed or "").strip())
    found = [_ROLE.fullmatch(part) for part in parts if part]
    if not all(found):
        raise BadInput(
            "Those roles cannot be read.",
            "Each is chosen from the list that appears as you type @.",
            "Try `@Holder @Founder`.",
        )
    return tuple(dict.fromkeys(int(role[1]) for role in found if role))


def parse_weights(typed: str | None) -> dict[int, int]:
    """Read `@Holder 3, @Founder 10`, where Discord puts a role's id in the place of its name."""
    if typed is None or not typed.strip():
        return {}
    weights: dict[int, int] = {}
    for part in typed.split(","):
        found = _WEIGHT.fullmatch(part.strip())
        if found is None or not 1 <= int(found[2]) <= WEIGHT_MAX:
            raise BadInput(
                "Those weights cannot be read.",
                f"Each is a role and a whole number from 1 to {WEIGHT_MAX}, with commas between.",
                "Try `@Holder 3, @Founder 10`.",
            )
        weights[int(found[1])] = int(found[2])
    return weights
