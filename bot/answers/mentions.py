"""When a message speaks to the bot, and what it asks."""

import re

_MENTION = r"<@!?{}>"


def question_to(bot_id: int, content: str, *, direct: bool, pinged: bool) -> str | None:
    """Return what a message asks the bot, empty when it only calls it; None when it does not speak to the bot.

    `direct` is a direct message. `pinged` says that the message names the bot, which a reply to one of its messages
    does too: such a reply counts only when it asks something, since people also reply to boards among themselves.
    """
    mention = re.compile(_MENTION.format(bot_id))
    text = " ".join(mention.sub(" ", content).split())
    if direct or mention.search(content):
        return text
    return text if pinged and "?" in text else None
