"""Discord's limits on application commands."""

import re
from collections import Counter
from typing import Any

from .errors import Payload
from .problems import Problems

CHAT, USER, MESSAGE = 1, 2, 3
SUBCOMMAND, GROUP = 1, 2
MOST_OF_KIND = {CHAT: 100, USER: 15, MESSAGE: 15}
OPTIONS = 25
TOTAL_CHARS = 8_000
# Letters and numbers of any script, dash, underscore, apostrophe.
NAME = re.compile(r"[\w'-]{1,32}")


def check_commands(commands: list[Payload]) -> Problems:
    """Check a whole set of commands, as one PUT sends them."""
    problems = Problems()
    kinds = Counter(command.get("type") or CHAT for command in commands)
    for kind, most in MOST_OF_KIND.items():
        if kinds[kind] > most:
            problems.add("commands", "APPLICATION_COMMANDS_MAX", f"At most {most} of type {kind}.")
    names: set[tuple[int, Any]] = set()
    for index, command in enumerate(commands):
        kind = command.get("type") or CHAT
        at = str(index)
        if (kind, command.get("name")) in names:
            problems.add(f"{at}.name", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Names must be unique.")
        names.add((kind, command.get("name")))
        _command(at, command, kind, problems)
    return problems


def _command(at: str, command: Payload, kind: int, problems: Problems) -> None:
    if kind == CHAT:
        _named(at, command, problems)
        _options(at, command.get("options") or [], problems, depth=0)
    else:
        problems.between(f"{at}.name", command.get("name"), 1, 32)
        if command.get("description") or command.get("options"):
            problems.add(f"{at}.description", "APPLICATION_COMMAND_INVALID", "A menu command has a name alone.")
    if _chars(command) > TOTAL_CHARS:
        problems.add(at, "APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({TOTAL_CHARS})")


def _named(at: str, item: Payload, problems: Problems) -> None:
    name = item.get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name) or name != name.lower():
        problems.add(f"{at}.name", "APPLICATION_COMMAND_INVALID_NAME", f"Command name {name!r} is invalid")
    problems.between(f"{at}.description", item.get("description"), 1, 100)


def _options(at: str, options: list[Payload], problems: Problems, *, depth: int) -> None:
    problems.most(f"{at}.options", options, OPTIONS)
    if len({option.get("name") for option in options}) != len(options):
        problems.add(f"{at}.options", "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE", "Names must be unique.")
    nested = [option.get("type") in (SUBCOMMAND, GROUP) for option in options]
    if any(nested) and not all(nested):
        problems.add(f"{at}.options", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Subcommands stand alone.")
    optional_seen = False
    for index, option in enumerate(options):
        where = f"{at}.options.{index}"
        _named(where, option, problems)
        if option.get("type") in (SUBCOMMAND, GROUP):
            if depth >= 2 or (depth == 1 and option["type"] == GROUP):
                problems.add(f"{where}.type", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Nested too deep.")
            _options(where, option.get("options") or [], problems, depth=depth + 1)
            continue
        if option.get("required") and optional_seen:
            problems.add(
                where, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed first."
            )
        optional_seen = optional_seen or not option.get("required")
        _choices(where, option, problems)


def _choices(at: str, option: Payload, problems: Problems) -> None:
    choices = option.get("choices") or []
    problems.most(f"{at}.choices", choices, OPTIONS)
    if choices and option.get("autocomplete"):
        problems.add(f"{at}.autocomplete", "APPLICATION_COMMAND_OPTION_AUTOCOMPLETE_INVALID", "It has choices.")
    for index, choice in enumerate(choices):
        problems.between(f"{at}.choices.{index}.name", choice.get("name"), 1, 100)
        problems.longest(f"{at}.choices.{index}.value", choice.get("value"), 100)


def _chars(item: Payload) -> int:
    own = len(item.get("name") or "") + len(item.get("description") or "")
    choices = sum(len(str(c.get("name"))) + len(str(c.get("value"))) for c in item.get("choices") or [])
    return own + choices + sum(_chars(option) for option in item.get("options") or [])
