"""The operator's list of known scams, read once at the start."""

import json
from pathlib import Path
from typing import Any

from bot.errors import BadSetting
from bot.links.address import read

SETTING = "MOONBALLOT_BLOCK_LIST"


def load_block_list(file: Path | None) -> frozenset[str]:
    """Return the domains in a text with one a line, or in JSON; raise `BadSetting` when there are none to be had."""
    if file is None:
        return frozenset()
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(SETTING, f"{file} cannot be read: {getattr(error, 'strerror', '') or 'no text'}") from None
    hosts = {address.host for entry in _entries(text) if (address := read(entry)) and address.is_name}
    if not hosts:
        raise BadSetting(SETTING, f"{file} names no domain")
    return frozenset(hosts)


def _entries(text: str) -> list[str]:
    try:
        data: Any = json.loads(text)
    except ValueError:
        return [words[-1] for line in text.splitlines() if (words := line.partition("#")[0].split())]
    found = data.get("blacklist", []) if isinstance(data, dict) else data
    return [entry for entry in found if isinstance(entry, str)] if isinstance(found, list) else []
