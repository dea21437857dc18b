"""The lines of a plain text: pages, chunks between blank lines, and lines joined again."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.loaders.hidden import HiddenTexts
from ingest.pdf.hyphens import HYPHENS, join, vocabulary

# Text editors and mail programs wrap at 65 to 100 characters; longer lines are paragraphs.
MAX_WRAPPED_CHARS = 120
MAX_CHUNK_LINES = 500
_USUAL_WIDTH = 72
# A line this much shorter than it could be, and ending a sentence, ends its paragraph.
_SLACK_CHARS = 8
_SHORT_LINE = 0.6  # share of the width: a line below it was ended on purpose
_LINE_ENDS = re.compile("\r\n?|[\x0b\x85\u2028\u2029]")
_SOFT_BREAK = re.compile("\u00ad[ \t]*\n[ \t]*")
_PAGE_NUMBER = re.compile(r"(?:Seite\s+)?[-–\s]*(\d{1,4}|[ivxl]{1,6})[-–\s]*", re.IGNORECASE)
_ENDED = (".", "!", "?", ":", ";")


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line that isn't blank, without white space at its end."""

    text: str
    page: int | None

    @property
    def indent(self) -> int:
        """Number of signs before the first that shows."""
        return len(self.text) - len(self.text.lstrip())


@dataclass(frozen=True, slots=True)
class TextPages:
    """Lines between blank ones, in order, and the pages' labels; none without page breaks."""

    chunks: tuple[tuple[TextLine, ...], ...]
    labels: tuple[str, ...]


def pages_of(text: str, hidden: HiddenTexts) -> TextPages:
    """Cut a text at its page breaks and blank lines; page numbers become labels."""
    raw = _SOFT_BREAK.sub("", _LINE_ENDS.sub("\n", text)).split("\f")
    if len(raw) > 1 and not raw[-1].strip():
        raw.pop()
    pages = [
        [line.rstrip() for line in hidden.visible(page, at if len(raw) > 1 else None).split("\n")]
        for at, page in enumerate(raw)
    ]
    if len(pages) < 2:
        return TextPages(_chunks(pages, paged=False), ())
    numbers = [_page_number(lines) for lines in pages]
    if 2 * sum(bool(number) for number in numbers) <= len(pages):
        return TextPages(_chunks(pages, paged=True), tuple(str(i + 1) for i in range(len(pages))))
    for lines, number in zip(pages, numbers, strict=True):
        if number:
            lines[_last(lines)] = ""
    labels = tuple(number or str(at + 1) for at, number in enumerate(numbers))
    return TextPages(_chunks(pages, paged=True), labels)


class Wrapping:
    """Tells line ends that only wrap a paragraph from those that mean something."""

    def __init__(self, chunks: Sequence[Sequence[TextLine]]) -> None:
        lengths = sorted(len(line.text) for c in chunks if len(c) > 2 for line in c)
        self._width = lengths[int(0.95 * len(lengths))] if lengths else _USUAL_WIDTH
        self._known = vocabulary(line.text.split() for chunk in chunks for line in chunk)
        self.mended = 0
        """Hyphens taken out so far."""

    def ends(self, line: str, following: str) -> bool:
        """Tell whether a line was ended on purpose, as the next word would have fitted in."""
        if self._width > MAX_WRAPPED_CHARS:
            return True
        if len(line) > 1 and line[-1] in HYPHENS and line[-2].isalpha():
            return False
        first = following.split(maxsplit=1)[0]
        room = self._width - len(line) - 1 - len(first)
        if line.endswith(_ENDED):
            return room >= _SLACK_CHARS
        return room >= 0 and len(line) < _SHORT_LINE * self._width

    def joined(self, lines: Sequence[str]) -> str:
        """Join wrapped lines to running text, with the hyphens at their ends mended."""
        parts = [" ".join(lines[0].split())]
        for before, line in pairwise(" ".join(each.split()) for each in lines):
            head = before.rsplit(" ", 1)[-1]
            joint = join(head, line.split(" ", 1)[0], self._known)
            self.mended += len(joint.head) < len(head)
            parts[-1] = parts[-1][: len(parts[-1]) - len(head) + len(joint.head)]
            parts += [joint.separator, line]
        return "".join(parts)


def _chunks(pages: Sequence[Sequence[str]], *, paged: bool) -> tuple[tuple[TextLine, ...], ...]:
    chunks: list[list[TextLine]] = [[]]
    for at, lines in enumerate(pages):
        page = at if paged else None
        begins = not (chunks[-1] and _runs_on(chunks[-1][-1].text, lines))
        for line in lines:
            if not line.strip():
                begins = begins or not chunks[-1] or chunks[-1][-1].page == page
            else:
                if begins or len(chunks[-1]) >= MAX_CHUNK_LINES:
                    chunks.append([])
                begins = False
                chunks[-1].append(TextLine(line, page))
    return tuple(tuple(chunk) for chunk in chunks if chunk)


def _runs_on(line: str, following: Sequence[str]) -> bool:
    """Tell whether a paragraph goes on behind a page break."""
    start = next((each.strip() for each in following if each.strip()), "")
    return not line.endswith(_ENDED) and start[:1].islower()


def _last(lines: Sequence[str]) -> int:
    return max(at for at, line in enumerate(lines) if line.strip())


def _page_number(lines: Sequence[str]) -> str:
    shown = [line for line in lines if line.strip()]
    found = _PAGE_NUMBER.fullmatch(shown[-1].strip()) if len(shown) > 1 else None
    return found[1] if found else ""
