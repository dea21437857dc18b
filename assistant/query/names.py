"""Places that a question names: what is known of one place answers nothing about another. Pure."""

import re

from corpus.german import Analyser
from corpus.word_list import is_known

# Towns of more than 100,000 people, without those that no German sentence names by one word:
# the word list has them as words, so that their capitals alone tell nothing.
_TOWNS = frozenset(
    [
        "aachen",
        "augsburg",
        "berlin",
        "bielefeld",
        "bochum",
        "bonn",
        "bottrop",
        "braunschweig",
        "bremen",
        "bremerhaven",
        "chemnitz",
        "cottbus",
        "darmstadt",
        "dortmund",
        "dresden",
        "duisburg",
        "düsseldorf",
        "duesseldorf",
        "erfurt",
        "erlangen",
        "essen",
        "frankfurt",
        "freiburg",
        "fürth",
        "gelsenkirchen",
        "göttingen",
        "gütersloh",
        "hagen",
        "halle",
        "hamburg",
        "hamm",
        "hannover",
        "heidelberg",
        "heilbronn",
        "herne",
        "hildesheim",
        "ingolstadt",
        "iserlohn",
        "jena",
        "kaiserslautern",
        "karlsruhe",
        "kassel",
        "kiel",
        "koblenz",
        "köln",
        "koeln",
        "krefeld",
        "leipzig",
        "leverkusen",
        "lübeck",
        "ludwigshafen",
        "magdeburg",
        "mainz",
        "mannheim",
        "moers",
        "mönchengladbach",
        "moenchengladbach",
        "mülheim",
        "muelheim",
        "münchen",
        "muenchen",
        "münster",
        "muenster",
        "neuss",
        "nürnberg",
        "oberhausen",
        "offenbach",
        "oldenburg",
        "osnabrück",
        "paderborn",
        "pforzheim",
        "potsdam",
        "recklinghausen",
        "regensburg",
        "remscheid",
        "reutlingen",
        "rostock",
        "saarbrücken",
        "salzgitter",
        "siegen",
        "solingen",
        "stuttgart",
        "trier",
        "ulm",
        "wiesbaden",
        "witten",
        "wolfsburg",
        "wuppertal",
        "würzburg",
        "zwickau",
    ]
)
# "Was essen Kinder", "in der Halle": towns only as names.
_ALSO_WORDS = frozenset(("essen", "halle", "hagen", "hamm", "witten", "siegen", "kiel"))
# Letters; shorter ones are abbreviations or slips rather than places.
MIN_PLACE = 4

_WORD = re.compile(r"\w[\w-]*\w")
_LOCATES = re.compile(r"\b(?:in|aus|bei|nach|stadt|stadtteil|ortsteil|kreis|gemeinde) $", re.I)


def places(question: str, analyser: Analyser) -> tuple[str, ...]:
    """Return the places that a question names, as typed: towns, their parts, unknown names.

    A capitalised word after "in", "aus", "bei" or "nach" that is no German word is a place;
    "Essen-Altenessen" is one, "Soziale-Stadt-Gebiet" is none.
    """
    return tuple(
        match[0]
        for match in _WORD.finditer(question)
        if is_town(match[0]) or _is_unknown_place(match[0], question[: match.start()], analyser)
    )


def is_place(word: str) -> bool:
    """Tell whether a word of a text is a town, or a name that no word list has."""
    return is_town(word) or (
        len(word) >= MIN_PLACE and word[:1].isupper() and word[1:].islower() and not is_known(word)
    )


def is_town(word: str) -> bool:
    """Tell whether a word is one of the towns known here, or a part of one."""
    first = word.split("-")[0]
    name = first.casefold()
    return name in _TOWNS and (name not in _ALSO_WORDS or first[:1].isupper())


def _is_unknown_place(word: str, before: str, analyser: Analyser) -> bool:
    if len(word) < MIN_PLACE or not word[:1].isupper() or not word[1:].islower():
        return False
    if not _LOCATES.search(before) or is_known(word):
        return False
    return not any(len(token.parts) > 1 for token in analyser.tokens(word))
