"""What stands under an answer to go on from there: questions, passages to open, its text to take.

Pure; the parts aren't fenced yet, ``render`` puts them into the conversation.
"""

from collections.abc import Sequence
from itertools import groupby

from assistant.types import Answer, Nearby
from corpus.types import SLIDE
from ui.markup import Html, foreign, items, join, lines, tag, text
from ui.web import targets
from ui.wording import place, where

_GENERATED = "Von einem Sprachmodell formuliert und an den Quellen geprüft."


def suggestions(given: Answer, exchange: int) -> Html:
    """Offer questions to press; places are named only where none of them can be opened."""
    asked = [s.rstrip().endswith("?") or given.status == "clarify" for s in given.suggestions]
    shown = [
        tag("button", foreign(words), class_="ask", id=targets.suggestion(exchange, number))
        if press
        else text(foreign(words))
        for number, (words, press) in enumerate(zip(given.suggestions, asked, strict=True))
        if press or not given.nearby
    ]
    if not shown:
        return Html()
    heading = "Das könnten Sie fragen" if any(asked) else "Am nächsten kommen diese Stellen"
    return tag("div", tag("h3", heading), items(shown), class_="suggestions")


def nearby(places: Sequence[Nearby], exchange: int) -> Html:
    """Offer passages to open, and say whom a document names to be asked."""
    numbered = list(enumerate(places))
    near = [(n, one) for n, one in numbered if one.why == "nearest"]
    further = [(n, one) for n, one in numbered if one.why not in ("nearest", "contact")]
    return join(
        _list("Am nächsten kommen diese Stellen", near, exchange),
        _list("Lesen Sie weiter", further, exchange),
        *(_contact(n, one, exchange) for n, one in numbered if one.why == "contact"),
    )


def _list(heading: str, places: Sequence[tuple[int, Nearby]], exchange: int) -> Html:
    if not places:
        return Html()
    shown = [_place(number, one, exchange) for number, one in places]
    return tag("div", tag("h3", heading), items(shown), class_="nearby")


def _place(number: int, near: Nearby, exchange: int) -> Html:
    heading = near.section[-1] if near.section else near.title
    button = tag("button", foreign(heading), class_="near", id=targets.nearby(exchange, number))
    return join(button, tag("span", _where(near), class_="where"))


def _where(near: Nearby) -> Html:
    label = near.page_label
    page = f"S.\u00a0{label}" if label and not label.startswith(SLIDE) else label
    workshop = f"Werkstatt {near.workshop}" if near.workshop is not None else ""
    title = near.title if near.section else ""
    return join(workshop, foreign(title), page, by=" · ")


def _contact(number: int, near: Nearby, exchange: int) -> Html:
    quote = tag("blockquote", tag("p", "„", lines(foreign(near.quote.replace("\t", " · "))), "“"))
    return tag(
        "div",
        tag("h3", "Wen Sie fragen können"),
        quote,
        tag("p", _place(number, near, exchange)),
        class_="nearby contact",
    )


def actions(given: Answer | None, exchange: int, *, last: bool) -> Html:
    """Offer to ask the question anew or otherwise, and to copy the answer.

    Only the last question can be asked otherwise: what followed rests on the earlier ones.
    """
    buttons = []
    if last:
        buttons += [
            _button("Noch einmal fragen", "again", exchange),
            _button("Frage bearbeiten", "edit", exchange),
        ]
    if given is not None and given.segments:
        buttons += [
            tag("button", "Kopieren", class_="copy"),
            tag("span", role="status", class_="copied"),
            tag("div", lines(foreign(plain_text(given))), class_="copy-text"),
        ]
    return tag("div", *buttons, class_="actions") if buttons else Html()


def _button(words: str, name: str, exchange: int) -> Html:
    return tag("button", words, class_="act", id=targets.action(name, exchange))


def _flowing(texts: Sequence[str]) -> str:
    """Put sentences on one line; what isn't one, such as items of a list, keeps its own."""
    return "".join(
        text if number == 0 else f" {text}" if texts[number - 1][-1:] in ".!?" else f"\n{text}"
        for number, text in enumerate(texts)
    )


def plain_text(given: Answer) -> str:
    """Write an answer out with its sources numbered, for a mail or a note."""
    numbers = {citation.key: citation.number for citation in given.citations}
    said = []
    for keys, run in groupby(given.segments, key=lambda segment: segment.citations):
        marks = "".join(f" [{numbers[key]}]" for key in keys if key in numbers)
        said.append(_flowing([segment.text.replace("\t", " · ") for segment in run]) + marks)
    sources = [
        "\n".join(part for part in (f"[{c.number}] {place(c)}", where(c), c.origin) if part)
        for c in sorted(given.citations, key=lambda c: c.number)
    ]
    parts = (
        given.question,
        given.lead,
        "\n".join(said),
        _GENERATED if given.mode == "generative" else "",
        "Quellen:\n" + "\n".join(sources) if sources else "",
    )
    return "\n\n".join(part for part in parts if part).replace("\u00a0", " ")
