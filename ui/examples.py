"""Questions to begin with, drawn from what a collection holds. Pure.

Only questions that the collection answers are shown; who asks them to see is the caller.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice, zip_longest

from corpus.types import Document, Workshop

# What the starter collection is asked first; of another one, what it answers of these.
FIRST = (
    "Welche fünf Prinzipien hat die Sozialraumorientierung?",
    "Wann und wo fand die Werkstatt zu Sicherheit und Kriminalprävention statt?",
    "Wie setze ich einen Verfügungsfonds ein?",
    "Woran erkennt man eine Problemimmobilie?",
    "Was bedeutet IHK?",
    "Wie viele Werkstätten gab es und in wie vielen Städten?",
)
MOST = 6
# Each one tried takes a question's time (40 ms on two cores), once for a new generation.
MOST_TRIED = 24
MAX_HEADING_CHARS = 70
_LISTS = ("Glossar", "Katalog")


def drawn(
    documents: Sequence[Document],
    workshops: Sequence[Workshop],
    headings: Mapping[str, Sequence[str]],
    is_answered: Callable[[str], bool],
) -> tuple[str, ...]:
    """Return at most six questions for which ``is_answered`` holds.

    ``headings`` are those of each document, by its id, in order.
    """
    tried = islice(dict.fromkeys(_candidates(documents, workshops, headings)), MOST_TRIED)
    return tuple(islice(filter(is_answered, tried), MOST))


def _candidates(
    documents: Sequence[Document],
    workshops: Sequence[Workshop],
    headings: Mapping[str, Sequence[str]],
) -> Iterator[str]:
    yield from FIRST
    yield from (
        f"Wann und wo fand die {workshop.number}. Werkstatt statt?"
        for workshop in workshops
        if workshop.town and workshop.date
    )
    named = [headings.get(d.id, ()) for d in documents if d.category not in _LISTS]
    # One heading of each document in turn, so that the questions show how much there is.
    for row in zip_longest(*named):
        for heading in row:
            if heading and len(heading) <= MAX_HEADING_CHARS:
                yield heading if heading.endswith("?") else f"Was steht zu „{heading}“ da?"
