"""Questions as people also type them, made by rule from questions as they should be written.

Each rule returns the question changed, or unchanged where it doesn't apply. Chance has a fixed
seed, so that every run asks the same.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import replace

from tests.bench.task import Question

SEED = 20_261_123
MIN_SWAPPED = 5
"""Letters of a word in which two are swapped."""
MIN_PART = 4
"""Letters of each part of a compound that is typed apart."""

_TYPED = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
)
_DROPPED = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "Ä": "A", "Ö": "O", "Ü": "U", "ß": "ss"})
_PEOPLE = (
    "anwohner|arbeitgeber|arbeitnehmer|berater|besitzer|besucher|betreuer|bewohner|bürger"
    "|eigentümer|einwohner|entwickler|händler|helfer|inhaber|kümmerer|lehrer|mieter|migranten"
    "|mitarbeiter|mitbürger|nutzer|partner|rentner|schüler|senioren|sozialarbeiter|teilnehmer"
    "|unternehmer|veranstalter|vermieter|zuwanderer"
)
_PERSON = re.compile(rf"\b(\w*(?:{_PEOPLE}))(?:n\b|(\w*))", re.IGNORECASE)
_PLURAL = ("migranten", "senioren")
_GENDER_FORMS = (":innen", "*innen", "_innen", "Innen", "/-innen")
_LINKS = ("", "s", "es", "n", "en")


def variants(questions: Sequence[Question], words: Set[str]) -> Iterator[Question]:
    """Yield each question in every way that changes it.

    ``words`` are lower-case words of the field; a compound is typed apart where both its parts
    are among them.
    """
    rules: dict[str, Callable[[Question], str]] = {
        "umlauts typed ae, oe, ue": lambda q: q.text.translate(_TYPED),
        "umlauts left out": lambda q: q.text.translate(_DROPPED),
        "two letters swapped": _swapped,
        "compound typed apart": lambda q: _apart(q.text, words),
        "small letters": lambda q: q.text.lower(),
        "gender form": lambda q: _gendered(q, words),
    }
    for name, rule in rules.items():
        for question in questions:
            text = rule(question)
            if text != question.text:
                id = f"{question.id}#{name}"
                yield replace(question, id=id, text=text, variant=name, made_of=question.id)


def _swapped(question: Question) -> str:
    """Swap two unlike neighbours inside the longest word."""
    words = re.findall(r"[^\W\d_]+", question.text)
    longest = max(words, key=len, default="")
    unlike = [
        at
        for at in range(1, len(longest) - 2)
        if longest[at].lower() != longest[at + 1].lower() and len(longest) >= MIN_SWAPPED
    ]
    if not unlike:
        return question.text
    at = random.Random(f"{SEED} {question.id}").choice(unlike)  # noqa: S311  # not for secrets
    slip = longest[:at] + longest[at + 1] + longest[at] + longest[at + 2 :]
    return question.text.replace(longest, slip, 1)


def _apart(text: str, words: Set[str]) -> str:
    """Put a blank between the parts of each compound: "Quartiers management"."""
    return re.sub(r"[^\W\d_]+", lambda match: _opened(match[0], words), text)


def _opened(word: str, words: Set[str]) -> str:
    low = word.lower()
    cuts = [
        at
        for at in range(MIN_PART, len(word) - MIN_PART + 1)
        if low[at:] in words
        and any(low[:at].endswith(link) and _known(low[:at], link, words) for link in _LINKS)
    ]
    if not cuts:
        return word
    middle = min(cuts, key=lambda at: abs(2 * at - len(word)))
    return f"{word[:middle]} {word[middle:]}"


def _known(front: str, link: str, words: Set[str]) -> bool:
    bare = front[: len(front) - len(link)]
    return len(bare) >= MIN_PART and bare in words


def _gendered(question: Question, words: Set[str]) -> str:
    """Write "Bewohner:innen" for "Bewohner", alone or as a compound's first part.

    Each question gets one of the usual signs.
    """
    form = random.Random(f"{SEED} {question.id}").choice(_GENDER_FORMS)  # noqa: S311

    def written(match: re.Match[str]) -> str:
        person, rest = match[1], match[2] or ""
        if rest and (
            len(rest) < MIN_PART or rest.lower() not in words
        ):  # Bürgermeister, Mieterhöhung
            return match[0]
        base = person[:-2] if person.lower().endswith(_PLURAL) else person
        return f"{base}{form}{rest}"

    return _PERSON.sub(written, question.text)
