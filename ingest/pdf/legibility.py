"""Is what was read a text at all? Scans have none, broken character maps yield gibberish. Pure."""

import re
from collections.abc import Sequence

from ingest.pdf.lines import Line
from ingest.pdf.page import Page

_LEAST_CHARS = 15  # a page with less and a picture is a picture
# German text has .23-.35 function words, text with a broken character map .00; pages with
# nothing but a table come down to .02 (parsing.md, 3).
_LEAST_FUNCTION_WORDS = 0.05
_LEAST_FUNCTION_WORDS_PAGE = 0.01
# Share of German's most frequent letters: .52-.68 on all pages of text we have, lists of
# addresses and tables among them; .23-.26 with a shifted character map. English has .56.
_FREQUENT_LETTERS = frozenset("enisrat")
_LEAST_FREQUENT_LETTERS = 0.42
_ENOUGH_CHARS = 600
_MOST_UNREADABLE = 0.05
_WORD = re.compile(r"[^\W\d_]+")
# German, and the most frequent of English and French: other languages aren't gibberish.
_FUNCTION_WORDS = frozenset(
    _WORD.findall("""
    aber als am an auch auf aus bei bis das dass dem den der des die durch ein eine einem einen
    einer eines er es für hat im in ist kann mit nach nicht noch nur oder ohne sein sich sie sind
    so über um und unter vom von vor war was wenn werden wie wir wird zu zum zur
    a and are as at be by for from has is it of on that the this to was were which with
    au ce dans du elle en est et il la le les ne par pas pour qui sur un une
    """)
)


def signs_of(page: Page) -> list[str]:
    """Return the page's letters, digits and marks, without the spaces."""
    return [glyph.text for glyph in page.glyphs if not glyph.text.isspace()]


def is_unreadable_page(page: Page, lines: Sequence[Line]) -> bool:
    """Tell a page that shows text or pictures but yields no words."""
    signs = signs_of(page)
    if len(signs) < _LEAST_CHARS:
        return page.is_pictured
    if signs.count("\ufffd") > _MOST_UNREADABLE * len(signs):
        return True
    return is_gibberish(lines, _LEAST_FUNCTION_WORDS_PAGE)


def is_gibberish(lines: Sequence[Line], least: float = _LEAST_FUNCTION_WORDS) -> bool:
    """Tell text without function words and with the wrong letters, as a broken map yields it.

    Tables have no function words either, but the letters of the language; too little text
    is never gibberish.
    """
    words = _WORD.findall(" ".join(line.text for line in lines).lower())
    letters = "".join(words)
    if len(letters) < _ENOUGH_CHARS:
        return False
    known = sum(word in _FUNCTION_WORDS for word in words)
    frequent = sum(letter in _FREQUENT_LETTERS for letter in letters)
    return known < least * len(words) and frequent < _LEAST_FREQUENT_LETTERS * len(letters)
