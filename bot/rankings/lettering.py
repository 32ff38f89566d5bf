"""Lettering for pictures: any text in one line, each character in a font that has it.

Inter comes along; what it lacks (Arabic, Chinese, emoji, …) is taken from the fonts of the system where it has some.
A character that no font knows shows as a box.
"""

import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]
Font = ImageFont.FreeTypeFont

_OWN = {"medium": "Inter-Medium.ttf", "bold": "Inter-Bold.ttf"}
# Looked for by name, best first, in the folders below: Debian, Fedora, Alpine, macOS and Windows.
_BORROWED = (
    "NotoSansCJK-Medium.ttc", "NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "SourceHanSans-Regular.ttc",
    "NotoSans-Regular.ttf", "NotoSansArabic-Regular.ttf", "NotoNaskhArabic-Regular.ttf", "NotoSansHebrew-Regular.ttf",
    "NotoSansDevanagari-Regular.ttf", "NotoSansBengali-Regular.ttf", "NotoSansTamil-Regular.ttf",
    "NotoSansThai-Regular.ttf", "NotoSansGeorgian-Regular.ttf", "NotoSansArmenian-Regular.ttf",
    "NotoSansSymbols2-Regular.ttf", "NotoSansSymbols-Regular.ttf", "NotoSansMath-Regular.ttf", "DejaVuSans.ttf",
    "wqy-microhei.ttc", "wqy-zenhei.ttc", "DroidSansFallbackFull.ttf", "Arial Unicode.ttf", "PingFang.ttc",
    "msyh.ttc", "malgun.ttf", "YuGothM.ttc", "segoeui.ttf", "seguisym.ttf", "FreeSans.ttf", "unifont.otf",
)  # fmt: skip
_EMOJI = "NotoColorEmoji.ttf"
# The one size in which that font keeps its bitmaps.
_EMOJI_PX = 109
_PROBE_PX = 16
_FOLDERS = {
    "darwin": ("/System/Library/Fonts", "/Library/Fonts", "~/Library/Fonts"),
    "win32": ("C:/Windows/Fonts",),
}.get(sys.platform, ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts"))

_NO_CHARACTER = "\U0010fffe"
_JOINERS = "\u200c\u200d\ufe0e\ufe0f"
_MOST_MARKS = 2
_ELLIPSIS = "…"
_BOX = "□"
_FIRST_PICTOGRAPH = "\U0001f000"


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a text that one font can write."""

    text: str
    font: Font
    is_emoji: bool = False

    def width(self, size: int) -> float:
        """Measure it in pixels."""
        length = _advance(self.text, self.font)
        return length * size / _EMOJI_PX if self.is_emoji else length

    @property
    def backwards(self) -> bool:
        """Say whether it reads from right to left."""
        return any(unicodedata.bidirectional(char) in ("R", "AL") for char in self.text)


def clean(text: str) -> str:
    """Take out what has no shape (controls, direction overrides, half characters) and towers of marks."""
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", text):
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") and char not in _JOINERS else 0
        if char.isspace():
            kept.append(" ")
        elif (category not in ("Cc", "Cf", "Cs", "Co") or char in _JOINERS) and marks <= _MOST_MARKS:
            kept.append(char)
    return " ".join("".join(kept).split())


def width(text: str, size: int, weight: str = "medium") -> float:
    """Measure a line in pixels."""
    return sum(run.width(size) for run in runs(text, size, weight))


def shorten(text: str, size: int, weight: str, room: float) -> str:
    """Cut a line to the room it has, with an ellipsis where something is missing."""
    if width(text, size, weight) <= room:
        return text
    shortest, longest = 0, len(text)
    while shortest < longest:
        half = (shortest + longest + 1) // 2
        fits = width(_cut(text, half), size, weight) <= room
        shortest, longest = (half, longest) if fits else (shortest, half - 1)
    return _cut(text, shortest)


def write(image: Image.Image, at: tuple[float, float], text: str, size: int, weight: str, colour: Colour) -> None:
    """Write a line whose baseline begins at `at`."""
    x, baseline = at
    for run in runs(text, size, weight):
        _stamp(image, (x, baseline), run, size, colour)
        x += run.width(size)


def figures_width(text: str, size: int, weight: str) -> float:
    """Measure a number as `write_figures` sets it."""
    return sum(advance for _, advance in _figures(text, size, weight))


def write_figures(
    image: Image.Image, right: tuple[float, float], text: str, size: int, weight: str, colour: Colour
) -> None:
    """Write a number whose baseline ends at `right`, all digits equally wide, so that numbers align."""
    x, baseline = right[0] - figures_width(text, size, weight), right[1]
    for run, advance in _figures(text, size, weight):
        _stamp(image, (x + (advance - run.width(size)) / 2, baseline), run, size, colour)
        x += advance


@lru_cache(maxsize=1024)
def runs(text: str, size: int, weight: str) -> tuple[Run, ...]:
    """Split a text by the font that each part needs, in the order in which the parts are seen."""
    parts: list[Run] = []
    for cluster in _clusters(text):
        run = _run(cluster, size, weight)
        if parts and cluster == " " and not parts[-1].is_emoji:
            run = Run(" ", parts[-1].font)
        if parts and parts[-1].font is run.font:
            run = Run(parts.pop().text + run.text, run.font, run.is_emoji)
        parts.append(run)
    return tuple(_as_seen(parts))


def _as_seen(parts: list[Run]) -> list[Run]:
    """Turn neighbours that read from right to left around; inside a run, the shaping does it."""
    seen: list[Run] = []
    turned: list[Run] = []
    gap: list[Run] = []
    for part in parts:
        if not part.backwards:
            seen += [*turned, *gap, part]
            turned, gap = [], []
            continue
        bare = part.text.rstrip()
        turned = [Run(bare, part.font), *gap, *turned]
        gap = [Run(" ", part.font)] if bare != part.text else []
    return seen + turned + gap


def _clusters(text: str) -> Iterator[str]:
    """Split a text where it may be cut: marks and joined emoji stay with what they belong to."""
    cluster = ""
    for char in text:
        joined = (
            char in _JOINERS
            or unicodedata.category(char)[0] == "M"
            or _is_skin_tone(char)
            or cluster.endswith("\u200d")
        )
        flag = _is_flag_half(char) and _is_flag_half(cluster)
        if cluster and not joined and not flag:
            yield cluster
            cluster = ""
        cluster += char
    if cluster:
        yield cluster


def _is_skin_tone(char: str) -> bool:
    return "\U0001f3fb" <= char <= "\U0001f3ff"


def _is_flag_half(text: str) -> bool:
    return len(text) == 1 and "\U0001f1e6" <= text <= "\U0001f1ff"


def _cut(text: str, length: int) -> str:
    if length >= len(text):
        return text
    kept = ""
    for cluster in _clusters(text):
        if len(kept) + len(cluster) > length:
            break
        kept += cluster
    return kept.rstrip() + _ELLIPSIS


def _run(cluster: str, size: int, weight: str) -> Run:
    """Give a cluster to the first font that has it; one that no font has becomes a box."""
    own, emoji = _own(weight, size), _emoji()
    base = cluster[0]
    prefers_emoji = "\ufe0f" in cluster or base >= _FIRST_PICTOGRAPH
    if emoji and prefers_emoji and _has(emoji, base):
        return Run(cluster, emoji, is_emoji=True)
    for font in (own, *_borrowed(size)):
        if _has(font, base):
            return Run(base + "".join(mark for mark in cluster[1:] if _has(font, mark)), font)
    if emoji and _has(emoji, base):
        return Run(cluster, emoji, is_emoji=True)
    return Run(_BOX, own)


def _figures(text: str, size: int, weight: str) -> list[tuple[Run, float]]:
    """Return each character with the room that it gets."""
    font = _own(weight, size)
    return [(Run(char, font), _cell(font) if char.isdigit() else _advance(char, font)) for char in text]


@lru_cache(maxsize=32)
def _cell(font: Font) -> float:
    return max(font.getlength(digit) for digit in "0123456789")


@lru_cache(maxsize=4096)
def _advance(text: str, font: Font) -> float:
    return float(font.getlength(text))


@lru_cache(maxsize=32)
def _own(weight: str, size: int) -> Font:
    return ImageFont.truetype(Path(__file__).parent / "fonts" / _OWN[weight], size)


@lru_cache(maxsize=8)
def _borrowed(size: int) -> tuple[Font, ...]:
    found = _found()
    return tuple(font for name in _BORROWED if name in found for font in _opened(found[name], size))


@lru_cache(maxsize=1)
def _emoji() -> Font | None:
    path = _found().get(_EMOJI)
    return next(iter(_opened(path, _EMOJI_PX)), None) if path else None


def _opened(path: Path, size: int) -> tuple[Font, ...]:
    # A font of the system may be broken or in a form that FreeType lacks: then it is as if it were not there.
    try:
        return (ImageFont.truetype(path, size),)
    except OSError:
        return ()


@lru_cache(maxsize=1)
def _found() -> dict[str, Path]:
    """Return the fonts of the system that are worth knowing, by file name."""
    wanted = {*_BORROWED, _EMOJI}
    folders = [Path(folder).expanduser() for folder in _FOLDERS]
    return {path.name: path for folder in folders for path in sorted(folder.rglob("*")) if path.name in wanted}


def _has(font: Font, char: str) -> bool:
    return char.isspace() or char in _JOINERS or _knows(str(font.path), char)


@lru_cache(maxsize=8192)
def _knows(path: str, char: str) -> bool:
    """Say whether a font file has a character: one that it lacks looks like one that does not exist."""
    return _shape(path, char) != _shape(path, _NO_CHARACTER)


def _shape(path: str, char: str) -> tuple[tuple[int, int], bytes]:
    # Without shaping, which would dress a lone mark in a dotted circle.
    size = _EMOJI_PX if path.endswith(_EMOJI) else _PROBE_PX
    mask = ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC).getmask(char, mode="L")
    return mask.size, bytes(mask)


def _stamp(image: Image.Image, at: tuple[float, float], run: Run, size: int, colour: Colour) -> None:
    x, baseline = round(at[0]), round(at[1])
    if run.is_emoji:
        picture = _emoji_picture(run.text, run.font, size)
        image.paste(picture, (x, baseline - round(0.86 * size)), picture)
    else:
        ink, left, top = _ink(run.text, run.font)
        image.paste(colour, (x + left, baseline + top, x + left + ink.width, baseline + top + ink.height), ink)


@lru_cache(maxsize=2048)
def _ink(text: str, font: Font) -> tuple[Image.Image, int, int]:
    """Return the shape of a text and where it lies from the start of its baseline.

    Shaping and drawing glyphs is what a picture spends its time on, and the same names and digits come again and again.
    """
    left, top, right, bottom = (round(edge) for edge in font.getbbox(text, anchor="ls"))
    ink = Image.new("L", (max(1, right - left + 2), max(1, bottom - top + 2)))
    ImageDraw.Draw(ink).text((1 - left, 1 - top), text, font=font, fill=255, anchor="ls")
    return ink, left - 1, top - 1


@lru_cache(maxsize=128)
def _emoji_picture(text: str, font: Font, size: int) -> Image.Image:
    large = Image.new("RGBA", (max(1, round(font.getlength(text))), _EMOJI_PX + 24))
    ImageDraw.Draw(large).text((0, 0), text, font=font, embedded_color=True)
    scale = size / _EMOJI_PX
    wanted = max(1, round(large.width * scale)), max(1, round(large.height * scale))
    return large.resize(wanted, Image.Resampling.LANCZOS)
