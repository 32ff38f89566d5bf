"""A poll's rules in words, derived from their values alone.

The words belong to version 1 of the export: a recount derives them anew and compares, so that nobody can put other
words beside the values. Words of a rule that is in use are never changed; a new kind of rule gets new ones.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any


def _days(count: Any) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _roles(ids: Any) -> str:
    return ", ".join(map(str, ids)) if isinstance(ids, list) else str(ids)


def _weights(weights: Any) -> str:
    if not isinstance(weights, Mapping):
        return _as_it_stands("weights", weights)
    each = ", ".join(f"{role} counts {weight}" for role, weight in sorted(weights.items()))
    return f"A ballot counts by the heaviest of the voter's roles ({each}), and 1 without any of them."


_WORDS: dict[str, Callable[[Any], str]] = {
    "min_account_age_days": lambda days: f"The Discord account is at least {_days(days)} old.",
    "min_member_days": lambda days: f"The member has been on the server for at least {_days(days)}.",
    "role_ids": lambda roles: f"The member has one of these roles: {_roles(roles)}.",
    "excluded_role_ids": lambda roles: f"The member has none of these roles: {_roles(roles)}.",
    "weights": _weights,
}


def rule_words(values: Mapping[str, Any]) -> list[str]:
    """Return one sentence for each rule, in the order of their names; roles are known by their ids."""
    return [
        _WORDS[name](value) if name in _WORDS else _as_it_stands(name, value) for name, value in sorted(values.items())
    ]


def _as_it_stands(name: str, value: Any) -> str:
    return f"{name}: {json.dumps(value, ensure_ascii=False, sort_keys=True)}"
