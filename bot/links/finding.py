"""Find the addresses in a text, also those that were written so that they are not found."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from bot.links.address import NO_PLACE, read

MAX_TEXT_CHARS = 20_000

# Names of files, far more often than names of hosts, unless https:// stands before them.
_FILES = frozenset({"py", "md", "rs", "sh", "pl", "ps"})

_MASKED = re.compile(
    r"\[([^\[\]]{0,400})\]\(\s*<?([^\s<>()]{1,2000}(?:\([^\s<>()]{0,200}\)[^\s<>()]{0,200})?)>?[^()]{0,200}\)"
)
_DEFANGED = (
    (re.compile(r"\bh(?:xx|tx|xt|\*\*|__)ps?(?=\s*\[?:)", re.IGNORECASE), "https"),
    (re.compile(r"\[\s*(?::|://|:/+)\s*\](?://)?"), "://"),
    (re.compile(r"\s?[\[({<]\s*(?:\.|dot|punkt|punto|point)\s*[\])}>]\s?", re.IGNORECASE), "."),
    (re.compile(r"(?<=[a-z0-9])\s+(?:dot|\[dot\])\s+(?=[a-z]{2,}\b)", re.IGNORECASE), "."),
    (re.compile(r"\[\s*(?:@|at)\s*\]", re.IGNORECASE), "@"),
    (re.compile(r"\[\s*/\s*\]"), "/"),
)
# What markdown takes away when it is shown: signs that make letters bold, and backslashes before signs.
_MARKDOWN = re.compile(r"\*+|~~|\|\||`|\\(?=[._*~|:/>-])")
_PIECE = re.compile(r"https?://\[[0-9a-f:.]+\]\S*|[^\s<>()\[\]{}\"'«»“”„‘’]{3,}")
_LIVE = re.compile(r"[a-z][a-z0-9+-]{0,20}:[/\\]{1,}", re.IGNORECASE)
_NO_PLACE = re.compile(rf"\b(?:{'|'.join(sorted(NO_PLACE))}):\S", re.IGNORECASE)
_BARE = re.compile(r"[^\W_][\w%-]{0,70}(?:[.。．｡][\w%-]{1,70})+")
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}(?![\w.])")
_TAIL = ".,;:!?…*_~'\"。"


@dataclass(frozen=True, slots=True)
class Found:
    """An address, and the text that stands in its place when it is hidden behind one."""

    address: str
    shown: str | None = None


def found_in(text: str, most: int) -> list[Found]:
    """Return up to `most` different addresses of a text in their order, those behind texts first."""
    found: dict[Found, None] = {}
    for each in _walk(text[:MAX_TEXT_CHARS]):
        found.setdefault(each)
        if len(found) >= most:
            break
    return list(found)


def _walk(text: str) -> Iterator[Found]:
    text = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    for masked in _MASKED.finditer(text):
        label, target = _refanged(masked[1]).strip(), _refanged(masked[2])
        for address in _addresses(target):
            yield Found(address, label or None)
    text = _refanged(_MASKED.sub(" ", text))
    for piece in _PIECE.findall(text):
        for address in _addresses(piece):
            yield Found(address)


def _refanged(text: str) -> str:
    for pattern, replacement in _DEFANGED:
        text = pattern.sub(replacement, text)
    return _MARKDOWN.sub("", text)


def _addresses(piece: str) -> Iterator[str]:
    start = _LIVE.search(piece) or _NO_PLACE.search(piece)
    bare = _BARE.search(piece)
    if start and not (bare and bare.end() <= start.start()):
        yield piece[start.start() :].rstrip(_TAIL)
        return
    for part in re.split(r"[,;|]+", piece):
        if bare := _BARE.search(part):
            address = part.rstrip(_TAIL) if "@" in part[: bare.start()] + part else part[bare.start() :].rstrip(_TAIL)
            if _is_address(address, bare[0]):
                yield address


def _is_address(address: str, name: str) -> bool:
    if _NUMBER.match(name):
        return True
    place = read(address)
    if place is None or not place.is_name:
        return False
    ending = name.rpartition(".")[2]
    # A sentence that begins without a space, such as done.It was
    joined = ending[:1].isupper() and ending[1:].islower() and name[:1].islower()
    return not joined and (place.suffix not in _FILES or "/" in address)
