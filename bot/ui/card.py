"""What every message is made of: a card with a title, a body, a picture and at most one row of buttons."""

import io
from typing import Any, Self

import discord
from discord import ui

from bot.errors import MoonballotError

# Discord's limits, checked here since a rejected payload is a silent bot.
MAX_COMPONENTS = 40
MAX_TEXT_CHARS = 4_000
MAX_CUSTOM_ID_CHARS = 100
MAX_OPTIONS = 25
MAX_BUTTONS_A_ROW = 5

STATE_COLOURS = {
    "open": discord.Colour(0x3BA55D),
    "closing": discord.Colour(0xF0B132),
    "closed": discord.Colour(0x747F8D),
    "cancelled": discord.Colour(0xD83C3E),
    "published": discord.Colour(0x6E5BE8),
    "notice": discord.Colour(0x5865F2),
}


class CardTooLarge(MoonballotError):
    """A card that Discord would reject."""


class Card(ui.LayoutView):
    """A message of Components V2 in one container, built link by link."""

    def __init__(self, title: str | None = None, *, colour: discord.Colour | None = None) -> None:
        super().__init__(timeout=None)
        self._box: ui.Container[Self] = ui.Container(accent_colour=colour)
        self._files: list[tuple[str, bytes]] = []
        self._chars = 0
        self.add_item(self._box)
        if title:
            self.text(f"### {title}")

    def has_components_v2(self) -> bool:
        """Say yes without looking at each component: there is always the box."""
        return True

    def is_finished(self) -> bool:
        """Say yes, so that discord.py keeps no view in memory: clicks are routed by their custom id."""
        return True

    def _add(self, item: ui.Item[Any]) -> Self:
        try:
            self._box.add_item(item)
        except ValueError as error:
            raise CardTooLarge(str(error)) from error
        return self

    def to_components(self) -> list[dict[str, Any]]:
        """Return what is sent to Discord; raise `CardTooLarge` for what it would reject."""
        if self._chars > MAX_TEXT_CHARS:
            raise CardTooLarge(f"{self._chars} characters of text, at most {MAX_TEXT_CHARS} fit")
        if self.total_children_count > MAX_COMPONENTS:
            raise CardTooLarge(f"{self.total_children_count} components, at most {MAX_COMPONENTS} fit")
        components: list[dict[str, Any]] = super().to_components()  # type: ignore[no-untyped-call]
        return components

    def text(self, markdown: str) -> Self:
        """Add a paragraph; empty ones are left out, since Discord refuses them."""
        if not markdown.strip():
            return self
        self._chars += len(markdown)
        last = self._box.children[-1] if self._box.children else None
        if isinstance(last, ui.TextDisplay):
            # One text with several lines costs Discord, the bot and its readers less than several texts.
            self._chars += 1
            last.content += f"\n{markdown}"
            return self
        return self._add(ui.TextDisplay(markdown))

    def section(self, markdown: str, button: ui.Button[Any]) -> Self:
        """Add a paragraph with a button at its side."""
        self._chars += len(markdown)
        return self._add(ui.Section(ui.TextDisplay(markdown), accessory=button))

    def footer(self, line: str) -> Self:
        """Add a line in small print."""
        return self.text("\n".join(f"-# {part}" for part in line.splitlines() if part.strip()))

    def above(self, line: str) -> Self:
        """Put a line above the box, where a mention pings."""
        parts = self.children
        self._chars += len(line)
        self.clear_items()
        for part in (ui.TextDisplay[Self](line), *parts):
            self.add_item(part)
        return self

    def below(self, other: "Card") -> Self:
        """Put another card's box below this one's."""
        self._chars += other._chars
        self._files += other._files
        for part in other.children:
            self.add_item(part)
        return self

    def rule(self) -> Self:
        """Add a thin line between two parts."""
        return self._add(ui.Separator())

    def picture(self, filename: str, png: bytes, description: str) -> Self:
        """Add a picture that is sent along; `description` is read to those who cannot see it."""
        self._files.append((filename, png))
        item = discord.MediaGalleryItem(f"attachment://{filename}", description=description[:1024])
        return self._add(ui.MediaGallery(item))

    def file(self, filename: str, data: bytes) -> Self:
        """Add a file to download."""
        self._files.append((filename, data))
        return self._add(ui.File(f"attachment://{filename}"))

    def buttons(self, *buttons: ui.Button[Any]) -> Self:
        """Add one row of up to five buttons."""
        if not 1 <= len(buttons) <= MAX_BUTTONS_A_ROW:
            raise CardTooLarge(f"{len(buttons)} buttons in a row, 1 to {MAX_BUTTONS_A_ROW} fit")
        return self._add(ui.ActionRow(*buttons))

    def select(self, select: ui.Select[Any]) -> Self:
        """Add a drop-down list."""
        if not 1 <= len(select.options) <= MAX_OPTIONS:
            raise CardTooLarge(f"{len(select.options)} options, 1 to {MAX_OPTIONS} fit")
        return self._add(ui.ActionRow(select))

    def let_go(self) -> None:
        """Take a card apart that is sent: what refers to one another stays until the garbage collector comes round."""
        self._box.clear_items()
        self.clear_items()

    @property
    def files(self) -> list[discord.File]:
        """The pictures and files, not read yet."""
        return [_Attachment(io.BytesIO(data), filename=name) for name, data in self._files]


class _Attachment(discord.File):
    """A file whose content is let go of as soon as it is sent.

    discord.py closes only what it opened itself, and leaves behind a file that refers to itself: its content would stay
    until the garbage collector comes round, which after a thousand posts is a hundred megabytes.
    """

    def close(self) -> None:
        super().close()
        self.fp.close()


def button(
    label: str,
    custom_id: str,
    *,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    emoji: str | None = None,
    disabled: bool = False,
) -> ui.Button[Any]:
    """Return a button whose custom id carries all that a click needs."""
    return ui.Button(label=label, custom_id=_checked(custom_id), style=style, emoji=emoji, disabled=disabled)


def choices(custom_id: str, placeholder: str, options: list[discord.SelectOption], *, most: int = 1) -> ui.Select[Any]:
    """Return a drop-down list from which 1 to `most` options are picked."""
    return ui.Select(
        custom_id=_checked(custom_id),
        placeholder=placeholder[:150],
        options=options,
        max_values=min(most, len(options)),
    )


def _checked(custom_id: str) -> str:
    if len(custom_id) > MAX_CUSTOM_ID_CHARS:
        raise CardTooLarge(f"custom id of {len(custom_id)} characters, at most {MAX_CUSTOM_ID_CHARS} fit")
    return custom_id
