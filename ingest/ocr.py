"""The edge to Tesseract: pictures of text -> lines of words, read with German data only.

Tesseract runs as a process of its own, one thread each; several pages may be read at once.
"""

import io
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from lxml import etree
from PIL import Image

TIME_LIMIT_S = 60  # for one page; 2 s are usual, 25 million pixels take 3 s of computing
INSTALL = "apt install tesseract-ocr tesseract-ocr-deu"
"""The command that would help where it is missing."""

_LANGUAGE = "deu"  # never the English pack: it loses every tenth word (parsing.md, 5)
# Automatic layout. Words found and sentences in one piece on t09/t10: mode 3 99/98 % and
# 36 of 40, mode 4 94/92 % and 10 of 40 (reads across columns), mode 1 as mode 3 but 40 % slower.
_PAGE_MODE = "3"
_ORIENTATION_MODE = "0"
_LEAST_ORIENTATION_CONFIDENCE = 2.0  # 12-29 on t09, t10 and t12, turned all four ways
_LEAST_CONFIDENCE = 30.0  # specks and frames read as punctuation stay below
_SECTION_SIGN = re.compile(r"\${1,2}(?=\d|$)")  # § is read as $; German puts $ behind the sum
_RULE = "|"  # a table's line, read as a letter
_NUMBER = r"(-?[\d.]+)"
_BOX = re.compile(r"bbox (\d+) (\d+) (\d+) (\d+)")
_BASELINE = re.compile(rf"baseline {_NUMBER} {_NUMBER}")
_SIZE = re.compile(rf"x_size {_NUMBER}; x_descenders {_NUMBER}")
_CONFIDENCE = re.compile(rf"x_wconf {_NUMBER}")
_LINE_CLASSES = ("ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat")


@dataclass(frozen=True, slots=True)
class RecognisedWord:
    """A word and its place in pixels of the picture, y downwards."""

    text: str
    x0: int
    y0: int
    x1: int
    y1: int
    confidence: float
    """0 to 100, as Tesseract states it."""


@dataclass(frozen=True, slots=True)
class RecognisedLine:
    """A line of one column, in Tesseract's reading order. Measures are in pixels."""

    words: tuple[RecognisedWord, ...]
    slope: float
    """Of the baseline; negative where the line climbs to the right."""
    baseline: float
    """Where it is in the middle between the line's ends."""
    ascent: float
    """From the baseline to the top of capitals and ascenders."""


@cache
def is_available() -> bool:
    """Tell whether Tesseract and its German data are installed; asked once a process."""
    listed = _run("--list-langs")
    return listed is not None and _LANGUAGE in listed.decode("utf-8", "replace").split()


def recognise(image: Image.Image, dpi: float) -> tuple[RecognisedLine, ...]:
    """Return the lines read in a picture; none where Tesseract fails, is missing or too slow."""
    arguments = ("stdin", "stdout", "--dpi", str(round(dpi)), "-l", _LANGUAGE)
    page = _run(*arguments, "--psm", _PAGE_MODE, "hocr", picture=image)
    return _lines(page) if page else ()


def quarter_turns(image: Image.Image) -> int:
    """Return the clockwise quarter turns that set a picture of text upright; 0 when unsure."""
    found = _run("stdin", "stdout", "-l", "osd", "--psm", _ORIENTATION_MODE, picture=image)
    text = (found or b"").decode("utf-8", "replace")
    turn = re.search(r"Rotate: (\d+)", text)
    sure = re.search(rf"Orientation confidence: {_NUMBER}", text)
    if not turn or not sure or float(sure[1]) < _LEAST_ORIENTATION_CONFIDENCE:
        return 0
    return int(turn[1]) // 90 % 4


def _run(*arguments: str, picture: Image.Image | None = None) -> bytes | None:
    """Return what Tesseract printed, or None where it is missing, failed or took too long."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    buffer = io.BytesIO()
    if picture is not None:
        picture.save(buffer, format="PPM")
    try:
        done = subprocess.run(  # noqa: S603 -- a fixed program, no shell, no text of the file
            [program, *arguments],
            input=buffer.getbuffer(),
            capture_output=True,
            timeout=TIME_LIMIT_S,
            check=True,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def _lines(hocr: bytes) -> tuple[RecognisedLine, ...]:
    """Read hOCR, which unlike TSV tells baselines and sizes."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    root = etree.fromstring(hocr, parser)
    if root is None:  # nothing in it can be mended to a page
        return ()
    lines = (_line(span) for span in root.iter("{*}span") if span.get("class") in _LINE_CLASSES)
    return tuple(line for line in lines if line)


def _line(element: etree._Element) -> RecognisedLine | None:
    """Return a line; None without words and for sideways text, of which no baseline is told."""
    title = element.get("title", "")
    box, base, size = _BOX.search(title), _BASELINE.search(title), _SIZE.search(title)
    words = _with_section_signs([word for child in element if (word := _word(child))])
    if not (box and base and size and words):
        return None
    left, _, right, bottom = map(int, box.groups())
    slope = float(base[1])
    # hOCR states the baseline's height where the line begins, against the box's lower edge.
    baseline = bottom + float(base[2]) + slope * (right - left) / 2
    return RecognisedLine(words, slope, baseline, float(size[1]) - float(size[2]))


def _with_section_signs(words: Sequence[RecognisedWord]) -> tuple[RecognisedWord, ...]:
    """Put § for a dollar sign before a number: "$ 171e BauGB"."""
    texts = [*(word.text for word in words[1:]), ""]
    return tuple(
        replace(word, text="§" * found.end() + word.text[found.end() :])
        if (found := _SECTION_SIGN.match(word.text))
        and (word.text + after + " ")[found.end()].isdigit()
        else word
        for word, after in zip(words, texts, strict=False)  # a line may lack words
    )


def _word(element: etree._Element) -> RecognisedWord | None:
    """Return a word; None for specks: signs nobody is sure of."""
    title = element.get("title", "")
    box, sure = _BOX.search(title), _CONFIDENCE.search(title)
    text = "".join("".join(element.itertext()).split()).strip(_RULE)
    if not (box and sure and text):
        return None
    confidence = float(sure[1])
    if confidence < _LEAST_CONFIDENCE and not any(sign.isalnum() for sign in text):
        return None
    x0, y0, x1, y1 = map(int, box.groups())
    return RecognisedWord(text, x0, y0, x1, y1, confidence)
