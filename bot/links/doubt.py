"""What speaks against an address that a moderator gives as a project's own, or as a source."""

from bot.links.model import Judgement
from bot.links.service import Links
from bot.ui.text import escape


def doubt(links: Links, guild_id: int, project: str, address: str) -> str | None:
    """Return why an address is not to be taken; None when nothing is known against it.

    One that looks like `project` itself is taken: a project's second domain does.
    """
    verdict = links.check(address, guild_id)
    imitates = verdict.judgement is Judgement.LOOKALIKE and verdict.project != project
    if verdict.judgement is not Judgement.LISTED and not imitates:
        return None
    shown = (verdict.host or address).replace("`", "'")
    return f"I do not take `{shown}`. {escape(' '.join(verdict.reasons[:1]))}"
