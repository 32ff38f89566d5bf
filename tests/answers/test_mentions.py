import pytest

from bot.answers.mentions import question_to

BOT = 42


@pytest.mark.parametrize(
    ("content", "direct", "pinged", "expected"),
    [
        ("<@42> what is a snapshot?", False, True, "what is a snapshot?"),
        ("<@!42>   what is\na snapshot?", False, True, "what is a snapshot?"),
        ("hey <@42> can i still claim zro", False, True, "hey can i still claim zro"),
        ("<@42>", False, True, ""),
        ("<@42> <@42>", False, True, ""),
        ("<@421> what is a snapshot?", False, False, None),
        ("@everyone look at this", False, False, None),
        ("what is a snapshot?", False, False, None),
        ("and when is the next one?", False, True, "and when is the next one?"),
        ("nice, thanks", False, True, None),
        ("", False, True, None),
        ("what is a snapshot", True, False, "what is a snapshot"),
        ("", True, False, ""),
        ("ask <@7> about it <@42>", False, True, "ask <@7> about it"),
    ],
)
def test_a_message_speaks_to_the_bot_or_not(content: str, direct: bool, pinged: bool, expected: str | None) -> None:
    assert question_to(BOT, content, direct=direct, pinged=pinged) == expected
