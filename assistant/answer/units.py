"""Citable units of passages and how they belong together: paragraphs, lists, tables. Pure."""

import re
from dataclasses import dataclass

from assistant.answer.terms import Bag
from corpus.types import Passage

# Words that only the sentence before explains.
_PRONOUN = (
    r"(?:dies(?:e[mnrs]?)?|jene\w?|letztere\w?|erstere\w?|solche\w?|derartige\w?|beide\w?"
    r"|ihm|ihn|ihnen|ihr|ihre\w?|seine\w?|deren|dessen)"
)
_PREPOSITION = (
    r"(?:an|auf|aus|bei|durch|für|gegen|in|mit|nach|ohne|trotz|über|unter|von|vor|wegen|zu"
    r"|zwischen|wenn|weil|da|während)"
)
_LEANING = re.compile(
    rf"^(?:{_PRONOUN}|{_PREPOSITION} (?:{_PRONOUN}|(?-i:sie|er))|sie|er|es"
    r"|dabei|dafür|dadurch|damit|dagegen|daher|danach|daneben|daran|daraus|darauf|darin|darüber|darum|davon|davor|dazu|demnach|deshalb"
    r"|deswegen|dementsprechend|dort|dann|so|somit|hier|hierbei|hierfür|hierzu|hiermit|hinzu"
    r"|stattdessen|trotzdem|dennoch|allerdings|jedoch|doch|aber|denn|also|außerdem|zudem|ferner"
    r"|ebenso|ebenfalls|umgekehrt|weiterhin|zugleich|zum einen|zum anderen|auch"
    # "Das" is mostly an article; before a verb it points back.
    r"|das (?:ist|sind|war|wird|hat|heißt|bedeutet|gilt|zeigt|liegt|kann|setzt|führt|macht))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A citable unit of a hit, weighed."""

    passage: Passage
    index: int
    score: float
    cover: float
    """Share of the question's words that it covers, its headings included; 0 to 1."""
    words: Bag
    shares: tuple[float, ...] = ()
    """What it has of each content word of the question; together at most 1."""
    lead_cover: float = 0.0
    """What the line that leads in its list covers, where it is an item of one."""

    @property
    def text(self) -> str:
        """The unit, verbatim."""
        return unit_text(self.passage, self.index)


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive units of one passage, quoted together."""

    passage: Passage
    first: int
    last: int
    score: float

    def __contains__(self, unit: Unit) -> bool:
        """Whether the unit is one of the run's or right beside it."""
        near = self.first - 1 <= unit.index <= self.last + 1
        return unit.passage.id == self.passage.id and near

    @property
    def indexes(self) -> range:
        """Indexes of its units in the passage."""
        return range(self.first, self.last + 1)

    @property
    def is_list(self) -> bool:
        """Whether a whole list was taken."""
        return self.passage.kind == "list" and self.last - self.first > 1


def unit_text(passage: Passage, index: int) -> str:
    """Return a unit of a passage, verbatim."""
    span = passage.sentences[index]
    return passage.text[span.start : span.end]


def leans(text: str) -> bool:
    """Tell whether a sentence can't be understood without the one before it."""
    return bool(_LEANING.match(text))


def gap(passage: Passage, index: int) -> str:
    """Return what stands between a unit and the one before it."""
    before, span = passage.sentences[index - 1], passage.sentences[index]
    return passage.text[before.end : span.start]


def continues(passage: Passage, index: int) -> bool:
    """Tell whether this unit and the one before it stand in one paragraph."""
    return 0 < index < len(passage.sentences) and gap(passage, index) == " "


def list_start(passage: Passage, index: int) -> int | None:
    """Return the index of the first unit of the list this unit is an item of, if it is."""
    first = index
    while first > 0 and gap(passage, first) in ("\n", " "):
        first -= 1
    last = index
    while last + 1 < len(passage.sentences) and gap(passage, last + 1) in ("\n", " "):
        last += 1
    gaps = [gap(passage, i) for i in range(first + 1, last + 1)]
    return first if "\n" in gaps else None


def lead_in(passage: Passage, index: int) -> int | None:
    """Return the index of the line that leads in the list this unit is an item of."""
    if passage.kind != "list":
        return None
    first = list_start(passage, index)
    if first and unit_text(passage, first - 1).endswith(":"):
        return first - 1
    return None
