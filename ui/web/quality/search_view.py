"""Ranked passages with what made each score, as German HTML."""

from collections.abc import Mapping, Sequence

from assistant.query.question import Query
from assistant.search.explain import Explanation
from corpus.types import Document
from ui.explanation import FIELDS, MIN_POINTS, found, points, reason, weight, where
from ui.markup import Html, fence, items, join, tag

SNIPPET_CHARS = 300


def opening() -> Html:
    """Render what the tab is for."""
    says = (
        "Hier sehen Sie, warum ein Abschnitt gefunden wird: welches Wort wie gesucht wurde, wo es "
        "steht und wie viel es zählt. Die Punkte eines Treffers ergeben zusammen seine Wertung."
    )
    return fence(tag("p", says, class_="lead"))


def failure(message: str) -> Html:
    """Render why nothing could be searched."""
    return fence(tag("p", message, class_="lead", role="status"))


def results(
    query: Query, explanations: Sequence[Explanation], documents: Mapping[str, Document]
) -> Html:
    """Render the hits, best first."""
    ranks = {e.hit.passage.id: e.hit.rank for e in explanations}
    said = f"Gesucht nach: {query.text}"
    if query.expansion:
        said += f" · ergänzt: {query.expansion}"
    count = len(explanations)
    head = tag("p", said, class_="lead")
    status = tag("p", f"{count} Treffer" if count else "Nichts gefunden.", role="status")
    hits = (_hit(e, documents[e.hit.passage.document], ranks) for e in explanations)
    return fence(join(head, status, *hits), report=True)


def _hit(explanation: Explanation, document: Document, ranks: dict[str, int]) -> Html:
    hit = explanation.hit
    way = " › ".join((document.title, *hit.passage.section))
    text = " ".join(hit.passage.text.split())
    more = " …" if len(text) > SNIPPET_CHARS else ""
    score = f"{hit.score:.3f}".replace(".", ",")
    moved = [f"{points(step.points)}: {reason(step, ranks)}" for step in explanation.steps]
    return tag(
        "article",
        tag("h3", f"{hit.rank}. {way}"),
        tag("p", f"Wertung {score}", class_="where"),
        tag("p", f"{text[:SNIPPET_CHARS]}{more}"),
        tag("details", tag("summary", "Warum dieser Treffer?"), _shares(explanation), items(moved))
        if moved
        else tag("details", tag("summary", "Warum dieser Treffer?"), _shares(explanation)),
        class_="found",
    )


def _shares(explanation: Explanation) -> Html:
    """Build the table of points: a row for each word and field, and one for the vectors."""
    names = ("Wort", "Art", "Gesucht als", "Zählt", "Steht in", "Punkte")
    head = tag("tr", *(tag("th", name, scope="col") for name in names))
    rows = [
        (s.typed, FIELDS[s.field], found(s), weight(s), where(s), points(s.points))
        for s in explanation.terms
        if s.points >= MIN_POINTS
    ]
    rows.append(("die ganze Suche", "Sprachmodell", "", "", "", points(explanation.vectors)))
    body = (tag("tr", *(tag("td", cell) for cell in row)) for row in rows)
    table = tag("table", tag("thead", head), tag("tbody", *body))
    return tag("div", table, class_="table", tabindex="0", role="group", aria_label="Punkte")
