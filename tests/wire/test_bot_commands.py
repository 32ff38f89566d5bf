"""What is registered is what the design says, and every command is answered in time."""

import time
from typing import Any

import pytest

from .bed import SURVEY, TITLE, Club, line_of, no_violations, text_of
from .one_bot import bot_process, club, loopback

__all__ = ["bot_process", "club", "loopback", "no_violations"]

ACKNOWLEDGED_WITHIN_MS = 1000
STRING, INTEGER, BOOLEAN, CHANNEL, ROLE, ATTACHMENT = 3, 4, 5, 7, 8, 11
MANAGE_GUILD = 1 << 5
MESSAGE_MENU = 3

Option = tuple[str, int, bool]


def _must(name: str, kind: int = STRING) -> Option:
    return (name, kind, True)


def _may(name: str, kind: int = STRING) -> Option:
    return (name, kind, False)


COMMANDS: dict[str, list[Option]] = {
    "rankings": [_may("poll"), _may("share", BOOLEAN)],
    "project show": [_must("name"), _may("share", BOOLEAN)],
    "project compare": [_must("first"), _must("second"), _may("share", BOOLEAN)],
    "project list": [_may("status"), _may("category")],
    "project changes": [_may("days", INTEGER)],
    "project calendar": [],
    "watch add": [_must("name")],
    "watch remove": [_must("name")],
    "watch list": [],
    "catalogue add": [
        _must("name"), _must("symbol"), _must("category"), _must("state"), _must("about"), _must("source"),
        _may("line"), _may("aliases"),
    ],
    "catalogue edit": [
        _must("name"), _must("fact"), _must("value"), _must("source"), _may("status"), _may("as_of"), _may("note"),
    ],
    "catalogue retire": [_must("name")],
    "catalogue restore": [_must("name")],
    "catalogue import": [_must("file", ATTACHMENT)],
    "catalogue export": [],
    "ask": [_must("question"), _may("share", BOOLEAN)],
    "answers gaps": [],
    "answers teach": [_must("question")],
    "answers list": [],
    "answers forget": [_must("entry")],
    "vote cast": [_may("poll"), _may("choice")],
    "vote mine": [_may("poll")],
    "vote verify": [_must("receipt")],
    "vote withdraw": [_may("poll")],
    "poll open": [
        _must("title"), _may("projects"), _may("method"), _may("max_choices", INTEGER), _may("closes_in"),
        _may("opens_in"), _may("channel", CHANNEL), _may("results"), _may("min_account_age_days", INTEGER),
        _may("min_member_days", INTEGER), _may("role", ROLE), _may("or_roles"), _may("excluded_roles"), _may("weights"),
    ],
    "poll extend": [_must("by"), _may("poll")],
    "poll cancel": [_may("poll")],
    "poll export": [_may("poll")],
    "poll audit": [_may("poll")],
    "poll close": [_may("poll")],
    "poll list": [],
    "poll repost": [_may("poll"), _may("channel", CHANNEL)],
    "announce add": [
        _must("kind"), _must("channel", CHANNEL), _may("every"), _may("at"), _may("timezone"), _may("role", ROLE),
        _may("missed"), _may("starts"), _may("ends"), _may("only_news", BOOLEAN), _may("board", BOOLEAN),
        _may("days", INTEGER),
    ],
    "announce edit": [
        _must("schedule"), _may("kind"), _may("channel", CHANNEL), _may("every"), _may("at"), _may("timezone"),
        _may("role", ROLE), _may("no_role", BOOLEAN), _may("missed"), _may("starts"), _may("ends"),
        _may("only_news", BOOLEAN), _may("board", BOOLEAN), _may("days", INTEGER),
    ],
    "announce list": [],
    "announce pause": [_must("schedule")],
    "announce preview": [_must("schedule")],
    "announce resume": [_must("schedule")],
    "announce remove": [_must("schedule")],
    "announce run": [_must("schedule")],
    "setup show": [],
    "setup moderator_role": [_may("role", ROLE)],
    "setup log_channel": [_may("channel", CHANNEL)],
    "setup notices_channel": [_may("channel", CHANNEL)],
    "setup timezone": [_must("name")],
    "privacy export": [],
    "privacy erase": [],
    "link check": [_must("url"), _may("share", BOOLEAN)],
    "help": [],
}  # fmt: skip
# Others are shown to everybody and refuse by themselves: the moderators' role is the server's choice.
ANYWHERE = {"project", "privacy", "link", "ask"}
MENUS = {"Answer this", "Check links"}
DEFAULT_PERMISSIONS = {"setup": MANAGE_GUILD}


async def test_the_registered_commands_are_those_of_the_design(club: Club) -> None:
    everything = await club.discord.ask("GET", "commands")
    assert {each["name"] for each in everything if each["type"] == MESSAGE_MENU} == MENUS
    registered = [each for each in everything if each["type"] != MESSAGE_MENU]
    assert dict(line for command in registered for line in _flat(command["name"], command)) == COMMANDS
    rights = {each["name"]: each["default_member_permissions"] for each in registered}
    assert rights == {name.split()[0]: None for name in COMMANDS} | DEFAULT_PERMISSIONS
    assert {each["name"] for each in registered if each["contexts"] != [0]} == ANYWHERE


def _flat(path: str, command: dict[str, Any]) -> list[tuple[str, list[Option]]]:
    """Give each command that can be typed, with its options in their order."""
    options = command["options"]
    if options and options[0]["type"] in (1, 2):
        return [line for each in options for line in _flat(f"{path} {each['name']}", each)]
    return [(path, [(each["name"], each["type"], bool(each.get("required"))) for each in options])]


async def test_every_command_is_answered_within_a_second(club: Club) -> None:
    await club.open_poll()
    typed: list[tuple[str, str | None, dict[str, Any]]] = [
        ("poll open", None, {"title": "The second"}),
        ("ask", "ada", {"question": "What is a snapshot?"}),
        ("ask", "bob", {"question": "What is a snapshot?", "share": True}),
        ("answers gaps", None, {}),
        ("answers teach", None, {"question": "How do I stake?"}),
        ("answers list", None, {}),
        ("answers forget", None, {"entry": "1"}),
        ("vote cast", "ada", {}),
        ("vote mine", "ada", {}),
        ("vote verify", "ada", {"receipt": "1-AEBAGBAFAYDQQCIKBMGA2DQPCA"}),
        ("vote withdraw", "ada", {}),
        ("rankings", "ada", {}),
        ("rankings", "bob", {"poll": TITLE, "share": True}),
        ("project show", "ada", {"name": "starknet"}),
        ("project compare", "ada", {"first": "peaq", "second": "movement", "share": True}),
        ("project list", "ada", {}),
        ("project changes", "ada", {"days": 365}),
        ("project calendar", "ada", {}),
        ("watch add", "ada", {"name": "starknet"}),
        ("watch list", "ada", {}),
        ("watch remove", "ada", {"name": "starknet"}),
        (
            "catalogue add",
            None,
            {
                "name": "Nimbus",
                "symbol": "NIM",
                "category": "AI",
                "state": "upcoming",
                "about": "A test.",
                "source": "https://example.org/nimbus",
            },
        ),
        (
            "catalogue edit",
            None,
            {
                "name": "peaq",
                "fact": "tge_date",
                "value": "2026-12-01",
                "source": "https://example.org/peaq",
            },
        ),
        ("catalogue retire", None, {"name": "celestia"}),
        ("catalogue restore", None, {"name": "celestia"}),
        ("catalogue export", None, {}),
        ("poll list", None, {}),
        ("poll repost", None, {}),
        ("poll extend", None, {"by": "1h"}),
        ("poll audit", None, {}),
        ("poll export", None, {}),
        ("poll cancel", None, {}),
        ("poll close", None, {}),
        ("announce add", None, {"kind": "rankings", "channel": club.news, "every": "day", "at": "18:00"}),
        ("announce list", None, {}),
        ("announce preview", None, {"schedule": "1"}),
        ("announce edit", None, {"schedule": "1", "at": "19:00"}),
        ("announce pause", None, {"schedule": "1"}),
        ("announce resume", None, {"schedule": "1"}),
        ("announce run", None, {"schedule": "1"}),
        ("announce remove", None, {"schedule": "1"}),
        ("setup show", None, {}),
        ("setup log_channel", None, {"channel": club.log}),
        ("setup moderator_role", None, {}),
        ("setup notices_channel", None, {"channel": club.news}),
        ("setup timezone", None, {"name": "Europe/Berlin"}),
        ("privacy export", "ada", {}),
        ("privacy erase", "ada", {}),
        ("link check", "ada", {"url": "starknet-claim.io"}),
        ("help", "ada", {}),
        ("help", None, {}),
    ]
    # It takes a file, and members of the loopback have none.
    assert {command for command, _, _ in typed} == set(COMMANDS) - {"catalogue import"}
    for command, by, options in typed:
        answer = await club.do(command, member=by, **options)
        assert answer["acknowledged"], command
        assert answer["ms"] < ACKNOWLEDGED_WITHIN_MS, (command, answer["ms"])
        assert not answer["loading"], command
        assert answer["modal"] or answer["ephemeral"] is not options.get("share", False), command
        assert "went wrong" not in text_of(answer["message"]), club.process.log


async def test_suggestions_come_from_memory_at_once(club: Club) -> None:
    board = await club.open_poll()
    ada = club.members["ada"]
    began = time.monotonic()
    names = await club.discord.autocomplete(ada, club.general, "project show", "name", "")
    assert [each["name"].partition(" (")[0] for each in names][: len(SURVEY)] == list(SURVEY)
    polls = await club.discord.autocomplete(ada, club.general, "vote cast", "poll", "which")
    assert [each["value"] for each in polls] == [str(board.poll)]
    zones = await club.discord.autocomplete(club.owner, club.general, "setup timezone", "name", "berl")
    assert [each["value"] for each in zones] == ["Europe/Berlin"]
    lengths = await club.discord.autocomplete(club.owner, club.general, "poll open", "closes_in", "7", title="x")
    assert [each["value"] for each in lengths] == ["7d"]
    assert time.monotonic() - began < 2


async def test_wrong_input_is_one_sentence_that_says_what_to_do(club: Club) -> None:
    for command, by, options, said in [
        ("poll open", "ada", {"title": "Mine"}, "`/poll open` is for moderators"),
        ("poll close", "ada", {}, "`/poll close` is for moderators"),
        ("announce list", "ada", {}, "`/announce list` is for moderators"),
        ("project show", "ada", {"name": "@everyone [x](https://evil.example)"}, "I know no project"),
        ("vote cast", "ada", {}, "There is no such poll here"),
        ("rankings", "ada", {"poll": "nonsense"}, "I know no poll"),
        ("poll close", None, {}, "There is no such poll here"),
        ("catalogue export", "ada", {}, "`/catalogue export` is for moderators"),
        ("catalogue restore", None, {"name": "celestia"}, "is not retired"),
        ("watch remove", "ada", {"name": "starknet"}, "You do not watch Starknet"),
        ("setup timezone", None, {"name": "Mars/Olympus"}, "time zone"),
        ("announce run", None, {"schedule": "7"}, "I know no announcement"),
        ("announce add", None, {"kind": "rankings", "channel": club.news, "every": "blue moon"}, "`0 18 * * *`"),
    ]:
        answer = await club.do(command, member=by, **options)
        assert answer["ms"] < ACKNOWLEDGED_WITHIN_MS, command
        assert answer["ephemeral"], command
        assert said in line_of(answer["message"]), line_of(answer["message"])
        assert "https://" not in text_of(answer["message"])
    hidden = await club.discord.interact(
        "slash", user=club.members["ada"], channel=club.general, command="setup show", options={}, force=True
    )
    assert "Manage" in line_of(hidden["message"])
    assert club.rows("SELECT count(*) FROM polls WHERE guild_id = ?", int(club.id)) == [(0,)]
    assert await club.discord.messages(club.general) == []


async def test_a_poll_that_is_refused_says_why_and_gives_back_what_was_typed(club: Club) -> None:
    for options, said in [
        ({"title": "One", "projects": "Starknet"}, "A poll needs 2 to"),
        ({"title": "Long", "closes_in": "soon"}, "Try `30m`"),
        ({"title": "x" * 121}, "121 characters, and at most 120 fit"),
    ]:
        answer = await club.do("poll open", **options)
        assert answer["ms"] < ACKNOWLEDGED_WITHIN_MS
        assert answer["ephemeral"]
        why, *kept = text_of(answer["message"]).splitlines()
        assert said in why
        assert set(kept) >= {f"{name}: {value}" for name, value in options.items()}
    assert club.rows("SELECT count(*) FROM polls WHERE guild_id = ?", int(club.id)) == [(0,)]


@pytest.mark.parametrize("command", ["help", "vote cast"])
async def test_commands_of_a_server_are_not_shown_in_direct_messages(club: Club, command: str) -> None:
    with pytest.raises(AssertionError, match="not shown in direct messages"):
        await club.discord.slash(club.members["ada"], None, command)
