"""Make addresses in a text dead, so that nothing turns them into links."""

import re
from collections.abc import Collection

from bot.links.address import read, within

_DOTS = ".。．｡"
# What an address may be made of; brackets, quotes and spaces end it, as they do where links are made of texts.
_PIECE = re.compile(r"[^\s<>()\[\]{}\"'`|«»“”„‘’]+")
_HTTP = re.compile(r"http(s?)(?=:[/\\]{2})", re.IGNORECASE)
_COLON = re.compile(r"(?<!hxxp)(?<!hxxps):(?=[/\\]{2})", re.IGNORECASE)
_NAME = re.compile(rf"[^\W_](?:[\w-]{{0,61}}[^\W_])?(?:[{_DOTS}][^\W_](?:[\w-]{{0,61}}[^\W_])?)+")
_IPV4 = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_INNER_DOT = re.compile(rf"[{_DOTS}](?=\S)")
# A host that every reader, whatever its rules, takes for the same: nothing before it, no sign in it.
_PLAIN = re.compile(r"(?:https?://)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)\.?(?::\d+)?(?=[/?#,;:!]|$)", re.IGNORECASE)


def defang(text: str, allowed: Collection[str]) -> str:
    """Return `text` with each address dead whose domain is neither in `allowed` nor below a domain in it."""
    return _PIECE.sub(lambda piece: _defanged(piece[0], allowed), text)


def _defanged(piece: str, allowed: Collection[str]) -> str:
    plain = _PLAIN.match(piece)
    if plain and "\\" not in piece and "@" not in piece and _is_allowed(plain[1], allowed):
        return piece
    if _COLON.search(piece):
        return _INNER_DOT.sub("[.]", _COLON.sub("[:]", _HTTP.sub(lambda http: f"hxxp{http[1].lower()}", piece)))
    return _NAME.sub(lambda name: _dead_name(name[0], allowed), piece)


def _dead_name(name: str, allowed: Collection[str]) -> str:
    address = read(name)
    # A browser takes 3.5 for the number of a host; people do not.
    if address is None or not (address.is_name or _IPV4.fullmatch(name)) or _is_allowed(name, allowed):
        return name
    return _INNER_DOT.sub("[.]", name)


def _is_allowed(host: str, allowed: Collection[str]) -> bool:
    address = read(host)
    return address is not None and any(within(address.host, domain) for domain in allowed)
