"""A list of what is wrong with a payload, in Discord's words and shape."""

from collections.abc import Collection
from typing import Any

from .errors import ApiError, Payload


class Problems:
    """Collects where a payload breaks a limit."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str, str]] = []

    def add(self, where: str, code: str, message: str) -> None:
        """Note one problem at a dotted path."""
        self.found.append((where, code, message))

    def longest(self, where: str, text: Any, most: int) -> None:
        """Note a text that is too long."""
        if text is not None and len(str(text)) > most:
            self.add(where, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")

    def between(self, where: str, text: Any, least: int, most: int) -> None:
        """Note a text that is missing, too short or too long."""
        if not isinstance(text, str):
            self.add(where, "BASE_TYPE_REQUIRED", "This field is required")
        elif not least <= len(text) <= most:
            self.add(where, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")

    def most(self, where: str, items: Collection[Any], most: int) -> None:
        """Note a list with too many items."""
        if len(items) > most:
            self.add(where, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")

    def media(self, where: str, url: Any, filenames: Collection[str], *, required: bool = True) -> None:
        """Note a media address that points nowhere."""
        if not url:
            if required:
                self.add(where, "BASE_TYPE_REQUIRED", "This field is required")
        elif str(url).startswith("attachment://"):
            if str(url).removeprefix("attachment://") not in filenames:
                self.add(where, "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", f"No file is {url}.")
        elif not str(url).startswith(("http://", "https://")):
            self.add(where, "URL_TYPE_INVALID_SCHEME", f"Scheme of {url!r} must be http or https.")

    def refuse(self) -> None:
        """Raise 50035 if anything was noted."""
        if self.found:
            raise ApiError(400, 50035, "Invalid Form Body", self.tree())

    def tree(self) -> Payload:
        """Give the problems nested by path, as Discord does."""
        root: Payload = {}
        for where, code, message in self.found:
            node = root
            for part in where.split("."):
                node = node.setdefault(part, {})
            node.setdefault("_errors", []).append({"code": code, "message": message})
        return root
