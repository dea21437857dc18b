"""Pictures of PDF pages with the cited words marked."""

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw

from corpus.errors import UnknownItemError
from ingest.pdf.glyphs import opened
from ingest.pdf.page import Rect

_YELLOW = (255, 235, 59)
_PADDING = 1.0  # points around marked words
_SAME_LINE = 0.5  # of a word's height: less difference is the same line
_WORD_GAP = 1.5  # of a word's height: wider gaps separate columns
_TALLEST = 4.0  # height by width; a longer page is cut off below, to bound the memory


def render(path: Path, page: int, marks: Sequence[Rect], width_px: int = 900) -> bytes:
    """Return a page as PNG, ``width_px`` wide, marked with a yellow that text shows through.

    ``page`` counts from 0; ``marks`` are boxes of words in points from the top left of the
    displayed page, as in WordBox; those of one line become one mark. Raises FileRefusedError
    when the file can't be opened, UnknownItemError when it has no such page.
    """
    with opened(path) as document:
        if not 0 <= page < len(document):
            message = f"„{path.name}“ hat keine Seite {page + 1}, nur {len(document)}."
            raise UnknownItemError(message)
        shown = document[page]
        width, height = shown.get_size()
        scale = (width_px - 0.01) / width  # PDFium rounds up
        kept_height = min(height, _TALLEST * width)
        bitmap = shown.render(scale=scale, crop=(0, height - kept_height, 0, 0))
        picture = bitmap.to_pil().convert("RGB")
        bitmap.close()
        shown.close()
    return _png(_marked(picture, merged(marks), scale))


def merged(marks: Sequence[Rect]) -> list[Rect]:
    """Join the boxes of neighbouring words on a line to one, in the order given."""
    joined: list[Rect] = []
    for box in marks:
        if joined and _is_next(joined[-1], box):
            a = joined[-1]
            joined[-1] = (
                *(min(a[0], box[0]), min(a[1], box[1])),
                *(max(a[2], box[2]), max(a[3], box[3])),
            )
        else:
            joined.append(box)
    return joined


def _is_next(a: Rect, b: Rect) -> bool:
    height = max(a[3] - a[1], b[3] - b[1])
    beside = max(b[0] - a[2], a[0] - b[2]) < _WORD_GAP * height
    below = max(b[1] - a[3], a[1] - b[3]) < 0
    level = abs((a[1] + a[3]) - (b[1] + b[3])) / 2 < _SAME_LINE * height
    return beside and below and level


def _marked(picture: Image.Image, marks: Sequence[Rect], scale: float) -> Image.Image:
    layer = Image.new("RGB", picture.size, "white")
    draw = ImageDraw.Draw(layer)
    for x0, y0, x1, y1 in marks:
        corners = (x0 - _PADDING, y0 - _PADDING, x1 + _PADDING, y1 + _PADDING)
        draw.rectangle([corner * scale for corner in corners], fill=_YELLOW)
    return ImageChops.multiply(picture, layer)


def _png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG")
    return buffer.getvalue()
