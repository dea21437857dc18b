"""Characters as the product keeps them: composed, visible, one kind of space. Pure.

Text is kept in NFC: NFKC would turn "CO₂" and "m²" into "CO2" and "m2" (parsing.md, 3).
"""

import re
import unicodedata

_LIGATURES = {
    **dict(zip("ﬀﬁﬂﬃﬄ", ("ff", "fi", "fl", "ffi", "ffl"), strict=True)),
    "ﬅ": "st",
    "ﬆ": "st",
}
_SOFT_HYPHEN = "\u00ad"
# Signs that show nothing but can carry words or turn them round: zero-width signs, marks of
# direction, tags. Joiners inside emoji are lost as well, which no passage misses.
_CONCEALED = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e007f\U000e0100-\U000e01ef]"
)
_TAGS = re.compile("[\U000e0020-\U000e007e]+")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_SPACES = re.compile(r"[^\S\n\t]")
_REPLACED = str.maketrans(_LIGATURES)
# One letter at a time, four or more: "G e s p e r r t". Single letters in a row are no words.
_SPACED = re.compile(r"(?<![^\W\d_])(?:[^\W\d_] ){3,}[^\W\d_](?![^\W\d_])")


def cleaned(text: str) -> str:
    """Return the text composed, without ligatures, soft hyphens and signs that show nothing.

    Every space becomes a plain one; tabs and line ends stay.
    """
    visible = _CONTROLS.sub("", _CONCEALED.sub("", text.replace(_SOFT_HYPHEN, "")))
    composed = unicodedata.normalize("NFC", visible).translate(_REPLACED)
    return _SPACES.sub(" ", composed)


def concealed(text: str) -> str:
    """Return what is written in tag characters, which no screen shows; empty when nothing is."""
    return "".join(chr(ord(sign) - 0xE0000) for run in _TAGS.findall(text) for sign in run)


def closed_up(text: str) -> str:
    """Join letterspaced words, "G e s p e r r t", to plain ones."""
    return _SPACED.sub(lambda found: found[0].replace(" ", ""), text)
