"""Bytes -> text, whatever a text file of the last thirty years was written in. Pure.

A guess by letter statistics takes German text for Polish or Czech: measured with
charset-normalizer 3.5 on tests/testdocs/office/werkstatt_cp1252.txt and three cuts of it, 5 of
16 files in four one-byte encodings came out wrong (read as cp1250 or cp852). Here the encodings
of German offices are tried, and the one is taken whose special letters stand where German has
them.
"""

import codecs
import re
from collections import Counter
from itertools import islice

from ingest.refusals import refuse

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# In order of preference. The first reads each line as UTF-8 or else as Windows-1252, for files
# that were pasted together of both; what isn't UTF-8 at all it reads as Windows-1252.
_CANDIDATES = ("mixed", "iso8859-15", "cp850", "mac-roman")
_MAX_CONTROLS = 0.05  # share of signs; text has none but line ends, tabs and page breaks
_SAMPLE_BYTES = 64 * 1024
_SAMPLE_SIGNS = 20_000
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\v\f\r\x1a") | {127}
_SPECIAL = re.compile(r"(?<=(.))?([^\x00-\x7f])(?=(.))?", re.DOTALL)
_SIGNS = frozenset("„“”‚‘’»«›‹–—…•·§€°²³½¼¾×±©®™µ¹´\u00a0\u00ad\ufffd†‰")
_LETTERS = re.compile(r"[äöüßÄÖÜẞ]")
_FOREIGN = frozenset("éèêàáâçñóôòîïíúûùëøåæœŠšŽžÉÀÇÅØ")


def decoded(data: bytes, name: str) -> str:
    """Return the text of a file, its line ends as they are.

    Raises FileRefusedError when it isn't text (ERR_FILE_TYPE), is empty, or when no encoding
    fits (ERR_FILE_ENCODING).
    """
    if not data:
        raise refuse("ERR_FILE_EMPTY", name)
    code = next((code for bom, code in _BOMS if data.startswith(bom)), "") or _wide(data)
    try:
        text = data.decode(code or "utf-8")
    except UnicodeDecodeError:
        if code:
            raise refuse("ERR_FILE_ENCODING", name, reason=_UNCLEAR) from None
        text = ""
    if _is_binary(text.encode(errors="replace") if text else data):
        raise refuse("ERR_FILE_TYPE", name, reason="ist keine Textdatei.")
    if text or code:
        return text
    readings = [reading for code in _CANDIDATES if (reading := _read(data, code)) is not None]
    best = max(readings, key=fit, default="")
    if not best or fit(best) < 0:
        raise refuse("ERR_FILE_ENCODING", name, reason=_UNCLEAR)
    return best


_UNCLEAR = "hat eine Kodierung, die sich nicht erkennen lässt."


def fit(text: str) -> int:
    """Rate how well the special letters of a text stand where German text has them."""
    signs = Counter(found.groups("") for found in islice(_SPECIAL.finditer(text), _SAMPLE_SIGNS))
    return sum(count * _rating(*sign) for sign, count in signs.items())


def _rating(before: str, sign: str, after: str) -> int:
    inside = before.isalpha() and after.isalpha()
    if _LETTERS.match(sign):
        if sign.isupper() and before.islower():
            return -3  # "fÄhrt" is another letter, read wrongly
        return 2 if before.isalpha() or after.isalpha() else -1
    if sign in _FOREIGN:
        return 0 if before.isalpha() or after.isalpha() else -2
    if sign in _SIGNS:
        return -3 if inside and sign not in "’\u00ad·" else 1
    return -3


def _wide(data: bytes) -> str:
    """Name UTF-16 without a mark: every other byte of Western text is zero."""
    sample = data[:_SAMPLE_BYTES]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if len(data) % 2 or max(even, odd) < 0.7 * half or min(even, odd) > 0.05 * half:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _is_binary(data: bytes) -> bool:
    counts = Counter(data)
    return bool(counts[0]) or sum(counts[c] for c in _CONTROLS) > _MAX_CONTROLS * len(data)


def _read(data: bytes, code: str) -> str | None:
    try:
        return _by_lines(data) if code == "mixed" else data.decode(code)
    except UnicodeDecodeError:
        return None


def _by_lines(data: bytes) -> str:
    lines = []
    for line in data.split(b"\n"):
        try:
            lines.append(line.decode())
        except UnicodeDecodeError:
            lines.append(line.decode("cp1252"))
    return "\n".join(lines)
