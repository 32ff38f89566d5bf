"""The bot's face in the playground: a crescent moon over a ballot box."""

from io import BytesIO

from PIL import Image, ImageDraw

_NIGHT, _MOON, _BOX, _SLOT = "#252a4a", "#f7e7a9", "#8ea2ff", "#1b1f38"
_OVERSAMPLING = 4


def draw_emblem(size: int) -> bytes:
    """Draw the emblem as a square PNG, `size` pixels wide."""
    edge = size * _OVERSAMPLING
    image = Image.new("RGB", (edge, edge), _NIGHT)
    draw = ImageDraw.Draw(image)

    def at(*shares: float) -> list[float]:
        return [share * edge for share in shares]

    draw.ellipse(at(0.31, 0.13, 0.67, 0.49), fill=_MOON)
    draw.ellipse(at(0.42, 0.08, 0.76, 0.42), fill=_NIGHT)
    draw.rounded_rectangle(at(0.22, 0.55, 0.78, 0.84), radius=0.05 * edge, fill=_BOX)
    draw.rounded_rectangle(at(0.36, 0.62, 0.64, 0.67), radius=0.02 * edge, fill=_SLOT)
    out = BytesIO()
    image.resize((size, size), Image.Resampling.LANCZOS).save(out, "PNG")
    return out.getvalue()
