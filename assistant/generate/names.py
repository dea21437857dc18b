"""Names in a sentence: towns, states, persons, organisations, short forms.

German writes every noun with a capital, so capitals alone don't tell. A name is what a closed
list has (the states, large towns, and the towns of North Rhine-Westphalia), what a title or
"Stadt", "Kreis", "Programm" introduces, what no word list knows, and short forms in capitals.
"""

import re
from collections.abc import Iterator
from importlib.resources import files

from corpus.word_list import is_known

_TOWNS = frozenset(
    line.strip()
    for line in files(__package__).joinpath("towns.txt").read_text(encoding="utf-8").splitlines()
    if line.strip()
)
_WORD = r"[A-ZÄÖÜ][\w]+(?:-[A-ZÄÖÜ]?\w+)*"
_TITLED = re.compile(
    rf"\b(?:Herrn?|Frau|Dr\.|Prof\.|Professorin|Professor|Stadt|Kreis|Landkreis|Gemeinde|Firma"
    rf"|Stadtteil|Bundesland)\s(?:Dr\.\s|Prof\.\s)*({_WORD}(?:\s{_WORD})?)"
)
_SHORT_FORM = re.compile(r"\b[A-ZÄÖÜ]+\d+\w*\b|\b[A-ZÄÖÜ]{2,}\w*\b|\b\w*[a-zäöü][A-ZÄÖÜ]\w*\b")
_CAPITALISED = re.compile(r"\b[A-ZÄÖÜ]\w{2,}\b")
_PHRASE = re.compile(r"„([^“”]{2,80})[“”]|\"([^\"]{2,80})\"")


def names(text: str) -> tuple[str, ...]:
    """Return the names in a text, each once, in order of kind."""
    return tuple(dict.fromkeys((*_titled(text), *_known_or_unknown(text), *_quoted(text))))


def lacking(stated: str, given: str) -> tuple[str, ...]:
    """Return the names of a sentence that a text doesn't have, in any case of theirs."""
    low = given.casefold().replace("\u00ad", "")
    return tuple(name for name in names(stated) if not _has(low, name))


def _has(low: str, name: str) -> bool:
    """Look for the name itself; "Bochums" and "Bochumer" name Bochum, whichever side has it."""
    form = name.casefold()
    stem = form[:-1] if form.endswith("s") and len(form) > 4 else form
    return re.search(rf"(?<!\w){re.escape(stem)}", low) is not None or (
        len(stem) > 5
        and stem.endswith("er")
        and re.search(rf"\b{re.escape(stem[:-2])}", low) is not None
    )


def _titled(text: str) -> Iterator[str]:
    for match in _TITLED.finditer(text):
        yield from match[1].split()


def _known_or_unknown(text: str) -> Iterator[str]:
    short = {match[0] for match in _SHORT_FORM.finditer(text)}
    yield from short
    for match in _CAPITALISED.finditer(text):
        word = match[0]
        bare = word[:-1] if word.endswith("s") else word
        if {word, bare} & _TOWNS or _inhabitants_of(word):
            yield bare if bare in _TOWNS else word
        elif word not in short and not is_known(word) and not is_known(bare):
            yield word


def _inhabitants_of(word: str) -> bool:
    """Tell whether a word is the adjective of a town: Kölner, Baunataler."""
    return word.endswith("er") and (word[:-2] in _TOWNS or word[:-2] + "en" in _TOWNS)


def _quoted(text: str) -> Iterator[str]:
    for match in _PHRASE.finditer(text):
        yield match[1] or match[2]
