"""A question with two readings that nothing decides -> the question back, both to press. Pure."""

import re
from collections.abc import Sequence

from assistant.query.follow_up import names_no_subject, points
from assistant.query.question import Query
from assistant.query.search_terms import search_terms
from assistant.types import Refusal
from corpus.german import Analyser
from corpus.types import Workshop

MAX_OFFERED = 3

# "Was war das Ergebnis der Werkstatt?" means one of them; "eine Werkstatt" means any.
_THE_WORKSHOP = re.compile(
    r"\b(?:der|die|dieser|diese|bei der|in der|zur) (?P<it>werkstatt)\b"
    r"(?! (?:zu|zur|zum|über|in|im|vom|von|mit|am|nr|nummer|\d|„))",
    re.IGNORECASE,
)
# "in der letzten Werkstatt", "in welcher Werkstatt", "die Dokumentation jeder Werkstatt" say which.
_SHORT = re.compile(r"^\W*(?P<it>[\w.-]+)\W*$")


def leaves_workshop_open(query: Query) -> bool:
    """Tell whether the question speaks of one workshop and doesn't say which."""
    return not query.scope and bool(_THE_WORKSHOP.search(query.text))


def workshop_meant(
    query: Query, documented: Sequence[Workshop]
) -> tuple[Refusal, tuple[str, ...]] | None:
    """Ask which workshop is meant, where there are two and more to choose from.

    Returns what to ask and the questions to press; None where nothing is open.
    """
    found = _THE_WORKSHOP.search(query.text)
    if not found or query.scope or len(documented) < 2:
        return None
    text = query.text
    offered = tuple(
        f"{text[: found.start('it')]}Werkstatt {workshop.number}{text[found.end('it') :]}"
        for workshop in documented[:MAX_OFFERED]
    )
    listed = "; ".join(f"Werkstatt {w.number}: {w.theme}" for w in documented[:MAX_OFFERED])
    return (
        Refusal("ambiguous", f"Welche Werkstatt meinen Sie? Eingelesen sind: {listed}."),
        tuple(_asking(question) for question in offered),
    )


def reading_meant(query: Query) -> tuple[Refusal, tuple[str, ...]] | None:
    """Ask which reading of a short form is meant where neither question nor collection says.

    A short form that stands alone is asked back about too: its other reading may be meant.
    """
    alone = _SHORT.match(query.text)
    for reading in query.readings:
        if reading.is_sure and not (
            alone and alone["it"].casefold() == reading.short_form.casefold()
        ):
            continue
        forms = tuple(form for form in (reading.taken, *reading.others) if form)
        if len(forms) < 2:
            continue
        either = " oder ".join(f"„{form}“" for form in forms[:MAX_OFFERED])
        pattern = rf"(?<!\w){re.escape(reading.short_form)}(?!\w)"
        questions = tuple(
            _asking(
                f"Was bedeutet {form}"
                if alone
                else re.sub(pattern, form.replace("\\", ""), query.text, count=1)
            )
            for form in forms[:MAX_OFFERED]
        )
        hint = f"„{reading.short_form}“ kann {either} heißen. Was meinen Sie?"
        return Refusal("ambiguous", hint), questions
    return None


def reference_open(query: Query, analyser: Analyser) -> Refusal | None:
    """Ask what "it" is, where a question points to something and no conversation tells to what."""
    if query.context or query.said or not points(query.text):
        return None
    # Nouns have full weight; a question with one of its own says what it is about.
    nouns = any(term.weight == 1 for term in search_terms(query.text, "", analyser))
    if nouns and not names_no_subject(query.text):
        return None
    return Refusal(
        "ambiguous",
        "Worauf bezieht sich die Frage? Bitte nennen Sie das Thema, die Werkstatt oder den Ort.",
    )


def _asking(question: str) -> str:
    return f"{question.rstrip(' ?.!')}?"
