"""German words and numbers of an evaluation: one name and one meaning for each figure."""

import html
import re
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from assistant.evaluation.comparison import DECIDED, LABELS
from assistant.evaluation.metrics import (
    COUNTS,
    EVIDENCE_RECALL,
    FALSE_REFUSAL,
    LOWER_IS_BETTER,
    REFUSAL_RECALL,
    STRICT_VITAL,
)
from assistant.evaluation.statistics import Interval
from assistant.evaluation.types import Failure


@dataclass(frozen=True, slots=True)
class Metric:
    """What a figure is called and what it says."""

    label: str
    meaning: str
    aim: float | None = None
    """Aims of evaluation.md, 5.4; an upper bound where less is better."""


METRICS = {
    EVIDENCE_RECALL: Metric(
        "Gefundene Belege",
        "So viel von dem, was eine Frage belegt, steht unter den ersten zehn Fundstellen.",
        0.90,
    ),
    STRICT_VITAL: Metric(
        "Genannte Kernaussagen",
        "So viele der Aussagen, die eine gute Antwort enthalten muss, stehen in der Antwort. Eine "
        "Ablehnung zählt als 0.",
        0.70,
    ),
    FALSE_REFUSAL: Metric(
        "Zu Unrecht abgelehnt",
        "Anteil der beantwortbaren Fragen, auf die keine Antwort kam. Weniger ist besser.",
        0.05,
    ),
    REFUSAL_RECALL: Metric(
        "Zu Recht abgelehnt",
        "Anteil der Fragen ohne Antwort in der Sammlung, die abgelehnt wurden. Der Rest bekam "
        "wörtliche Sätze aus der Nähe der Frage.",
        0.90,
    ),
    DECIDED: Metric(
        "Richtig entschieden",
        "Anteil der Fragen, die zu Recht beantwortet oder zu Recht abgelehnt wurden.",
    ),
    "evidence_recall@3": Metric("Gefundene Belege, erste 3", "Wie oben, nur die ersten drei."),
    "evidence_recall@5": Metric("Gefundene Belege, erste 5", "Wie oben, nur die ersten fünf."),
    "evidence_recall@20": Metric("Gefundene Belege, erste 20", "Wie oben, die ersten zwanzig."),
    "ndcg@10": Metric(
        "Güte der Rangfolge (nDCG@10)",
        "100 %, wenn die besten Stellen ganz vorn stehen; weniger, je weiter hinten sie kommen.",
    ),
    "rr@10": Metric(
        "Rang der ersten guten Stelle (RR@10)",
        "100 % auf Rang 1, 50 % auf Rang 2, 33 % auf Rang 3 und so fort.",
    ),
    "success@5": Metric(
        "Etwas Brauchbares unter den ersten 5",
        "Anteil der Fragen, bei denen mindestens eine belegende Stelle so weit vorn steht.",
    ),
    "document_recall@10": Metric(
        "Richtiges Dokument gefunden", "Unter den ersten zehn ist eine Stelle aus dem Dokument."
    ),
    "workshop_recall@10": Metric(
        "Richtige Werkstatt gefunden", "Unter den ersten zehn ist eine Stelle der Werkstatt."
    ),
    "strict_all": Metric("Genannte Aussagen, alle", "Auch die, die fehlen dürften."),
    "weighted_nuggets": Metric(
        "Genannte Aussagen, gewichtet", "Was fehlen dürfte, zählt dabei halb."
    ),
    "forbidden": Metric(
        "Verbotene Aussagen", "Anteil der Antworten, die sagen, was sie nicht dürfen."
    ),
    "citation_precision": Metric(
        "Treffende Belege",
        "Anteil der genannten Belege, die wirklich belegen, wonach gefragt ist.",
        0.90,
    ),
    "passage_precision": Metric(
        "Treffende Abschnitte", "Wie „Treffende Belege“, aber der ganze Abschnitt zählt."
    ),
    "citation_recall": Metric(
        "Vollständige Belege", "So viel von dem, was belegt, wird in der Antwort belegt."
    ),
    "gold_section": Metric(
        "Abschnitt wie im Fragensatz", "Gegenprobe: Die Überschrift stimmt mit der Prüffrage."
    ),
    "gold_page": Metric("Seite wie im Fragensatz", "Gegenprobe: Die Seite stimmt überein."),
    "must_not_cite": Metric(
        "Unerwünschte Quellen", "Anteil der Antworten, die sich auf eine solche stützen."
    ),
    "reason_right": Metric(
        "Ablehnung mit dem richtigen Grund", "Anteil der richtigen Ablehnungen, deren Grund stimmt."
    ),
    "support_recall": Metric(
        "Getragene Sätze", "Anteil der frei geschriebenen Sätze, die ihre Belege tragen."
    ),
    "support_precision": Metric(
        "Tragende Belege", "Anteil der Belege, die ihren Satz auch allein tragen."
    ),
    "words": Metric("Wörter je Antwort", "Mittel über alle gegebenen Antworten."),
    "segments": Metric("Sätze je Antwort", "Mittel über alle gegebenen Antworten."),
    "citations": Metric("Belege je Antwort", "Mittel über alle gegebenen Antworten."),
    "vital_per_100_words": Metric(
        "Kernaussagen je 100 Wörter", "Wie dicht die Antworten sind: mehr ist knapper gefasst."
    ),
    "within_max_words": Metric("Kurz genug", "Anteil der Antworten innerhalb der Höchstlänge."),
    "verbatim": Metric("Wörtliche Sätze", "Anteil der Sätze, die wörtlich in ihrem Beleg stehen."),
    "citation_resolvability": Metric("Auflösbare Belege", "Anteil der Belege, die es gibt."),
    "citation_coverage": Metric("Belegte Sätze", "Anteil der Sätze, die einen Beleg haben."),
    "locator_page": Metric("Richtige Seite", "Anteil der Belege mit der richtigen Seite."),
    "locator_label": Metric("Richtige Seitenzahl", "Anteil mit der gedruckten Seitenzahl."),
    "locator_section": Metric("Richtiger Abschnitt", "Anteil mit dem richtigen Abschnitt."),
    "locator_workshop": Metric("Richtige Werkstatt", "Anteil mit der richtigen Werkstatt."),
}

FAILURES: dict[Failure, tuple[str, str]] = {
    "not_in_index": (
        "nicht in der Sammlung",
        "Kein Abschnitt der Sammlung enthält den Beleg. Zu prüfen ist das Einlesen.",
    ),
    "not_retrieved": (
        "nicht gefunden",
        "Der Beleg ist da, steht aber nicht unter den ersten zwanzig Fundstellen. Zu prüfen ist "
        "die Suche.",
    ),
    "cut": (
        "gefunden, aber zu weit hinten",
        "Der Beleg wurde gefunden, aber nicht mehr gelesen. Zu prüfen ist die Rangfolge.",
    ),
    "unused": (
        "gelesen, aber nicht genannt",
        "Der Beleg lag vor, in der Antwort steht anderes. Zu prüfen ist die Auswahl der Sätze.",
    ),
    "uncited": (
        "genannt, aber anders belegt",
        "Die Aussage steht da, belegt durch eine Stelle, die die Prüffrage nicht kennt. Manchmal "
        "fehlt dann der Prüffrage ein Beleg.",
    ),
    "refused": (
        "abgelehnt, obwohl der Beleg vorlag",
        "Die Suche war gut, das Tor zu streng. Zu prüfen ist die Schwelle.",
    ),
    "answered": (
        "geantwortet, obwohl es keine Antwort gibt",
        "Die Sammlung sagt dazu nichts. Zu prüfen ist die Schwelle.",
    ),
}

TYPES = {
    "fact": "Tatsache",
    "numeric": "Zahl",
    "definition": "Begriff",
    "list": "Aufzählung",
    "procedure": "Vorgehen",
    "comparison": "Vergleich",
    "multi_source": "mehrere Quellen",
    "follow_up": "Folgefrage",
    "unanswerable": "ohne Antwort",
    "false_premise": "falsche Annahme",
    "ambiguous": "mehrdeutig",
    "outdated": "überholt",
    "injection": "untergeschobene Anweisung",
}

STATUSES = {
    "answered": "beantwortet",
    "partial": "teilweise beantwortet",
    "refused": "abgelehnt",
    "clarify": "Rückfrage",
    "error": "Fehler",
}

_MARKDOWN = re.compile(r"([\\`*_\[\]|~])")


def label(name: str) -> str:
    """Return a figure's German name."""
    known = METRICS.get(name)
    return known.label if known else LABELS.get(name, name)


def lower_is_better(name: str) -> bool:
    """Tell whether less of a figure is better."""
    return name in LOWER_IS_BETTER


def value(name: str, number: float) -> str:
    """Write a figure in its unit."""
    return decimal(number) if name in COUNTS else percent(number)


def percent(share: float, digits: int = 1) -> str:
    """Write a share in hundredths."""
    return f"{decimal(100 * share, digits)}\N{NO-BREAK SPACE}%"


def points(share: float, digits: int = 1) -> str:
    """Write a difference of shares, its sign before it, in hundredths."""
    text = decimal(100 * share, digits)
    return text if text.startswith("−") or text == decimal(0, digits) else f"+{text}"


def span(interval: Interval | None) -> str:
    """Write an interval of shares."""
    if interval is None:
        return "–"
    low, high = (decimal(100 * end) for end in (max(0.0, interval.low), min(1.0, interval.high)))
    return f"{low} bis {high}\N{NO-BREAK SPACE}%"


def difference_span(interval: Interval | None) -> str:
    """Write an interval of differences in hundredths."""
    return f"{points(interval.low)} bis {points(interval.high)}" if interval else "–"


def decimal(number: float, digits: int = 1) -> str:
    """Write a number the German way; no minus before zero."""
    text = f"{round(number, digits) + 0.0:.{digits}f}"
    return text.replace("-", "−").replace(".", ",")


def threshold(number: float) -> str:
    """Write a threshold with the digits it has."""
    return f"{number:g}".replace(".", ",")


def milliseconds(number: float) -> str:
    """Write a duration as people say it."""
    return f"{decimal(number / 1000)} s" if number >= 1000 else f"{decimal(number, 0)} ms"


def count(number: int, one: str, many: str) -> str:
    """Write a count with its noun."""
    thousands = f"{number:,}".replace(",", ".")
    return f"{thousands} {one if number == 1 else many}"


def day(started: str) -> str:
    """Write the moment of a run, ISO 8601 in UTC."""
    try:
        when = datetime.fromisoformat(started)
    except ValueError:
        return started
    return f"{when:%d.%m.%Y, %H:%M} Uhr (UTC)"


def markdown(text: str) -> str:
    """Make foreign text harmless in Markdown: one line, no markup, no HTML."""
    return _MARKDOWN.sub(r"\\\1", html.escape(" ".join(text.split()), quote=False))


def stages() -> tuple[Failure, ...]:
    """Return the stages at which an answer is lost, in order."""
    found: tuple[Failure, ...] = get_args(Failure)
    return found
