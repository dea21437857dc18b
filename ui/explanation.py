"""What made a hit's score, in German words: for the command line and for the page."""

from assistant.search.explain import TermShare
from assistant.search.rerank import Reason, Step

MIN_POINTS = 0.0005
"""What brought a hit less isn't listed: it would show as 0,000."""
FIELDS = {"words": "Worte", "grams": "Zeichenfolgen"}
_SOURCES = {
    "words": "Text",
    "parts": "Wortteile im Text",
    "heading": "Überschrift",
    "title": "Titel",
    "text": "Text",
}
_REASONS: dict[Reason, str] = {
    "list": "eine Liste, wie gefragt",
    "front": "der Anfang des Dokuments, vor der ersten Überschrift",
    "model": "das Modell zum Nachordnen",
    "repeats": "sagt fast dasselbe wie",
    "crowded": "weitere Treffer desselben Dokuments stehen schon davor",
}


def points(value: float) -> str:
    """Write points with their sign and a comma."""
    return f"{value:+.3f}".replace(".", ",")


def found(share: TermShare) -> str:
    """Say what of a word the passage has."""
    return share.searched[0] if share.field == "words" else f"{len(share.searched)} davon"


def weight(share: TermShare) -> str:
    """Say what a word counts in the query, and whether it was added to it."""
    added = ", ergänzt" if share.is_added else ""
    return f"Gewicht {share.weight:.2f}".replace(".", ",") + added


def where(share: TermShare) -> str:
    """Say where in the passage it stands, with the points each place brought."""
    places: dict[str, float] = {}
    for source, brought in share.sources:
        places[_SOURCES[source]] = places.get(_SOURCES[source], 0.0) + brought
    told = {place: brought for place, brought in places.items() if brought >= MIN_POINTS}
    return ", ".join(f"{place} {points(brought)}" for place, brought in (told or places).items())


def reason(step: Step, ranks: dict[str, int]) -> str:
    """Say why a hit was moved; ``ranks`` of the shown hits, by passage."""
    rank = ranks.get(step.because)
    other = f" Treffer {rank}" if rank else " ein besserer Treffer" if step.because else ""
    return f"{_REASONS[step.reason]}{other}"
