"""Who may vote: a poll's frozen rules against what the interaction says of the member."""

from datetime import datetime, timedelta

from bot.errors import Refused
from bot.polls.model import Rules, Voter


def check(rules: Rules, voter: Voter, now: datetime) -> None:
    """Raise `Refused` with the rule, the member's value, what is needed and when it would pass."""
    _old_enough("Your Discord account", voter.account_created_at, rules.min_account_age_days, now)
    if rules.min_member_days:
        if voter.joined_at is None:
            raise Refused("Discord does not say when you joined this server, and this poll asks for it.")
        _old_enough("Your membership of this server", voter.joined_at, rules.min_member_days, now)
    if rules.role_id is not None and rules.role_id not in voter.role_ids:
        raise Refused(
            f"This poll is for members with the role <@&{rules.role_id}>, which you do not have.",
            "Ask a moderator how to get it.",
        )


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
