"""Two runs compared, as HTML for the page „Qualität“."""

from collections.abc import Sequence

from assistant.evaluation.comparison import ChangedQuestion, Comparison, MetricComparison
from assistant.evaluation.golden import Item
from assistant.evaluation.types import Header, Run
from assistant.evaluation.verdict import gate
from ui.evaluation import words
from ui.evaluation.comparison import GATES, LIGHTS, beside, title
from ui.evaluation.page import folded, pairs
from ui.evaluation.places import COMPARISON
from ui.evaluation.plots import table
from ui.markup import Html, fence, items, join, tag

MAX_SHOWN = 40
"""Changed wordings of one direction in the page: some 4 kB each; the report has them all."""
SMALLEST_P = 0.001
_HEADS = (
    *("Hauptwert", "A, alt", "B, neu", "Unterschied und 95-%-Bereich", "p nach Holm"),
    *("Sichtbar ab", "besser / gleich / schlechter", "Urteil"),
)
_HEADINGS = {
    -1: "Was schlechter wurde",
    1: "Was besser wurde",
    0: "Was sonst anders ist",
}
_NOTES = (
    "Punkte sind Prozentpunkte. Der 95-%-Bereich sagt, wie groß der Unterschied bei anderen Fragen "
    "derselben Art sein könnte. p sagt, wie oft der Zufall allein einen so großen Unterschied "
    "brächte, nach Holm für drei Werte zugleich; unter 0,05 gilt als entschieden. „Sichtbar ab“ "
    "ist der kleinste Unterschied, den dieser Fragensatz sehen könnte. Die Zählung rechts nennt "
    "Fragen."
)


def intro() -> Html:
    """Say what is compared."""
    says = "Der alte Stand ist A, der neue B. Verglichen wird jede Frage mit sich selbst."
    return fence(join(tag("h2", "Zwei Messungen vergleichen"), tag("p", says, class_="soft")))


def result(old: str, new: str, compared: Comparison, run: Run) -> Html:
    """Render a comparison; ``run`` is either of the two, for the questions' evidence."""
    known = {item.id: item for item in run.items}
    changed = (_changed(compared.changed, known, direction) for direction in (-1, 1, 0))
    return fence(
        tag(
            "article",
            _verdict(compared),
            _onward(old, new),
            _primary(compared),
            *changed,
            _differing(compared),
            class_="evaluation",
            id="compared",
        ),
        report=True,
    )


def refusal(message: str) -> Html:
    """Say why two runs aren't compared."""
    told = (tag("h3", "Diese beiden lassen sich nicht vergleichen", tabindex="-1"),)
    return fence(tag("div", *told, tag("p", message), class_="refusal", id="compared"))


def _verdict(compared: Comparison) -> Html:
    word = f"{compared.verdict[:1].upper()}{compared.verdict[1:]}"
    allowed = gate(compared)
    reasons = items(allowed.sentences) if allowed.sentences else Html()
    return tag(
        "header",
        tag("h3", word, tabindex="-1"),
        tag("p", f"A: {_state(compared.a)}. B: {_state(compared.b)}.", class_="about"),
        tag("p", compared.sentence, class_=f"light {LIGHTS[compared.verdict]}"),
        tag("p", tag("strong", "Darf B ausgeliefert werden? "), GATES[allowed.state]),
        reasons,
    )


def _state(header: Header) -> str:
    """Name a state by moment and commit."""
    return f"{words.day(header.started)}, {header.commit or header.program or 'ohne Stand'}"


def _onward(old: str, new: str) -> Html:
    return tag(
        "div",
        tag(
            "a",
            "Ganzer Vergleich",
            href=f"/messung/{old}/{new}/{COMPARISON}",
            target="_blank",
            rel="noopener noreferrer",
            aria_label="Ganzer Vergleich, in neuem Tab",
        ),
        class_="onward",
    )


def _primary(compared: Comparison) -> Html:
    rows = [_row(metric) for metric in (*compared.primary, *compared.errors)]
    sentences = items(metric.sentence for metric in compared.primary)
    return tag(
        "section",
        tag("h3", "Die Hauptwerte"),
        tag("div", table(_HEADS, rows), class_="metrics"),
        folded("Was die Spalten sagen", tag("p", _NOTES)),
        sentences,
    )


def _row(metric: MetricComparison) -> tuple[str, ...]:
    """Write one metric; the two halves of a primary one aren't tested themselves."""
    tally = metric.tally
    change = words.points(metric.difference)
    return (
        title(metric.name),
        words.value(metric.name, metric.old),
        words.value(metric.name, metric.new),
        f"{change} ({words.difference_span(metric.interval)})",
        "–" if metric.p_adjusted is None else _p(metric.p_adjusted),
        "–" if metric.visible is None else f"{words.decimal(100 * metric.visible)} Punkten",
        f"{tally.wins} / {tally.ties} / {tally.losses}",
        tag("span", metric.verdict or "nicht geprüft"),
    )


def _p(p: float) -> str:
    """Write a p; it is never zero."""
    if p < SMALLEST_P:
        return f"unter {words.decimal(SMALLEST_P, 3)}"
    return words.decimal(p, 3)


def _changed(found: Sequence[ChangedQuestion], known: dict[str, Item], direction: int) -> Html:
    changed = [c for c in found if c.direction == direction]
    if not changed:
        return tag("p", f"{_HEADINGS[direction]}: nichts.", class_="soft")
    cases = [beside(c, known.get(c.item)) for c in changed[:MAX_SHOWN]]
    left = len(changed) - len(cases)
    rest = f"{left} weitere stehen im ganzen Vergleich."
    return folded(
        f"{_HEADINGS[direction]} ({words.count(len(changed), 'Wortlaut', 'Wortlaute')})",
        *cases,
        tag("p", rest, class_="soft") if left else Html(),
        kind="stage",
    )


def _differing(compared: Comparison) -> Html:
    if not compared.differs:
        return tag("p", "Sonst ist an A und B nichts verschieden, soweit es notiert ist.")
    rows = [(name, f"{old or '–'} → {new or '–'}") for name, old, new in compared.differs]
    return folded("Was an A und B verschieden ist", pairs(rows))
