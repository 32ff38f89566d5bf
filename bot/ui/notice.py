"""Short cards: a notice, an error."""

from bot.ui.card import STATE_COLOURS, Card


def notice_card(text: str) -> Card:
    """Return a card of one plain paragraph."""
    return Card(colour=STATE_COLOURS["notice"]).text(text)


def error_card(text: str) -> Card:
    """Return what a member reads when something did not work."""
    return Card(colour=STATE_COLOURS["cancelled"]).text(f"⚠️ {text}")
