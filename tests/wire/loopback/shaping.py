"""What Discord makes of the components and embeds that a bot sends."""

import copy
from collections.abc import Mapping
from typing import Any

from .component_limits import CONTAINER, SEPARATOR, STRING_SELECT
from .errors import Payload

SAID_BY_DISCORD: dict[int, Payload] = {
    CONTAINER: {"accent_color": None, "spoiler": False},
    SEPARATOR: {"spacing": 1, "divider": True},
    STRING_SELECT: {"min_values": 1, "max_values": 1},
}


def resolved(value: Any, urls: Mapping[str, str]) -> Any:
    """Copy a payload with `attachment://` addresses made into those of the stored files."""
    if isinstance(value, dict):
        return {key: resolved(inner, urls) for key, inner in value.items()}
    if isinstance(value, list):
        return [resolved(inner, urls) for inner in value]
    if isinstance(value, str) and value.startswith("attachment://"):
        return urls.get(value, value)
    return copy.copy(value)


def as_stored(components: list[Payload]) -> list[Payload]:
    """Give every component an id, and what Discord adds where the bot said nothing."""
    number = 0

    def walk(items: list[Payload]) -> None:
        nonlocal number
        for item in items:
            number += 1
            item["id"] = item.get("id") or number
            for name, value in SAID_BY_DISCORD.get(item["type"], {}).items():
                item.setdefault(name, value)
            for picture in [item, *(item.get("items") or [])]:
                _add_media(picture)
            walk(item.get("components") or [])
            if item.get("accessory"):
                walk([item["accessory"]])

    walk(components)
    return components


def _add_media(item: Payload) -> None:
    for key in ("media", "file"):
        if isinstance(item.get(key), dict):
            url = item[key]["url"]
            item[key] = {"id": "0", "url": url, "proxy_url": url}
            item.setdefault("spoiler", False)
    if "media" in item:
        item.setdefault("description", None)
    if "file" in item:
        item |= {"name": item["file"]["url"].rpartition("/")[2], "size": 0}
