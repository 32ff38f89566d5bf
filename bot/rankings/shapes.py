"""The shapes that a chart is made of, with smooth edges, which Pillow does not draw by itself."""

from functools import lru_cache

from PIL import Image, ImageDraw

from bot.rankings.lettering import Colour


def fade(colours: tuple[Colour, Colour], length: int, thickness: int) -> Image.Image:
    """Return a bar that runs from the first colour to the second."""
    ends = Image.new("RGB", (2, 1))
    ends.putpixel((0, 0), colours[0])
    ends.putpixel((1, 0), colours[1])
    return ends.resize((length, 1), Image.Resampling.BILINEAR).resize((length, thickness), Image.Resampling.NEAREST)


@lru_cache(maxsize=16)
def disc(size: int) -> Image.Image:
    """Return a round mask; drawn four times as large, since Pillow's circles have steps."""
    large = Image.new("L", (size * 4, size * 4))
    ImageDraw.Draw(large).ellipse((0, 0, size * 4 - 1, size * 4 - 1), fill=255)
    return large.resize((size, size), Image.Resampling.LANCZOS)


def pill(length: int, thickness: int) -> Image.Image:
    """Return the mask of a bar with round ends."""
    end, half = disc(thickness), thickness // 2
    mask = Image.new("L", (length, thickness), 255)
    mask.paste(end.crop((0, 0, half, thickness)), (0, 0))
    mask.paste(end.crop((thickness - half, 0, thickness, thickness)), (length - half, 0))
    return mask


@lru_cache(maxsize=1)
def crescent() -> Image.Image:
    """Return the mask of a crescent, the house's sign, for the corner."""
    large = Image.new("L", (1200, 1200))
    pen = ImageDraw.Draw(large)
    pen.ellipse((0, 0, 1199, 1199), fill=255)
    pen.ellipse((-330, -130, 870, 1070), fill=0)
    return large.resize((228, 228), Image.Resampling.LANCZOS)
