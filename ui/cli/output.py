"""What the command line shows a person: answers, hits, reports, progress."""

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from assistant.search.explain import Explanation
from assistant.types import Answer, Citation
from corpus.dates import german_date
from corpus.generation import Progress
from corpus.types import Document, Hit
from ingest.characters import cleaned
from ingest.report import Duplicate, Receipt, Report
from ui.explanation import FIELDS, MIN_POINTS, found, points, reason, weight, where
from ui.report.text import difference_text
from ui.wording import DOUBTS, source_line

SNIPPET_CHARS = 200
MAX_COLUMNS = 100


def answer_text(answer: Answer) -> str:
    """Return an answer as plain German text."""
    lines = []
    if answer.query != answer.question:
        lines += [f"Gesucht wurde: {answer.query}", ""]
    if answer.note:
        lines += [answer.note, ""]
    if answer.refusal:
        lines.append(answer.refusal.hint)
        lines += [f"  – {suggestion}" for suggestion in answer.suggestions]
        if not answer.segments:
            return "\n".join(lines)
        lines.append("")
    if answer.lead:
        lines += [answer.lead, ""]
    lines += _said(answer)
    cited = {citation.key: citation for citation in answer.citations}
    for one, other in answer.differing:
        both = f"{_dated(cited[one])} und {_dated(cited[other])}"
        lines += [
            "",
            f"Die Quellen machen verschiedene Angaben: {both}. Bitte prüfen Sie, welche gilt.",
        ]
    if answer.terms:
        lines += ["", "Begriffe", *(f"  {term}: {meaning}" for term, meaning in answer.terms)]
    lines.append("")
    for citation in answer.citations:
        lines.append(f"[{citation.number}] {source_line(citation)}")
        if citation.origin:
            lines.append(f"    {citation.origin}")
    return "\n".join(lines)


def _said(answer: Answer) -> Iterator[str]:
    """Yield a line for each segment; what an answer compares stands under its headings."""
    numbers = {c.key: c.number for c in answer.citations}
    headings = {key: heading for heading, keys in answer.compared for key in keys}
    above = ""
    for segment in answer.segments:
        heading = headings.get(segment.citations[0], "") if segment.citations else ""
        if heading and heading != above:
            yield from (*([""] if above else []), f"{heading}:")
            above = heading
        marks = "".join(f" [{numbers[key]}]" for key in segment.citations)
        doubt = f" ({DOUBTS[segment.support]})" if segment.support in DOUBTS else ""
        yield segment.text.replace("\t", " | ") + marks + doubt


def _dated(citation: Citation) -> str:
    date = german_date(citation.date)
    return f"[{citation.number}] (Stand {date or 'unbekannt'})"


def hits_text(hits: Sequence[Hit], documents: dict[str, Document]) -> str:
    """Return ranked passages as plain text."""
    lines = [line for hit in hits for line in _hit_lines(hit, documents)]
    return "\n".join(lines) or _NOTHING


def explained_text(explanations: Sequence[Explanation], documents: dict[str, Document]) -> str:
    """Return ranked passages as plain text, each with what made its score."""
    ranks = {e.hit.passage.id: e.hit.rank for e in explanations}
    blocks = [
        "\n".join((*_hit_lines(e.hit, documents), *_reason_lines(e, ranks))) for e in explanations
    ]
    return "\n\n".join(blocks) or _NOTHING


_NOTHING = "Nichts gefunden."


def _hit_lines(hit: Hit, documents: dict[str, Document]) -> tuple[str, str]:
    way = " › ".join((documents[hit.passage.document].title, *hit.passage.section))
    text = " ".join(hit.passage.text.split())
    snippet = f"{text[:SNIPPET_CHARS]}{' …' if len(text) > SNIPPET_CHARS else ''}"
    return f"{hit.rank}. ({hit.score:.3f}) {way}", f"   {snippet}"


def _reason_lines(explanation: Explanation, ranks: dict[str, int]) -> Iterator[str]:
    for field, name in FIELDS.items():
        shares = [share for share in explanation.terms if share.field == field]
        yield f"   {name}: {points(sum(share.points for share in shares))}"
        listed = (share for share in shares if share.points >= MIN_POINTS)
        yield from (f"     „{s.typed}“ → {found(s)} ({weight(s)}): {where(s)}" for s in listed)
    yield f"   Sprachmodell: {points(explanation.vectors)}"
    for step in explanation.steps:
        yield f"   Nachgeordnet: {points(step.points)} – {reason(step, ranks)}"


def report_text(report: Report) -> str:
    """Return what a run did, in German sentences."""
    lines = []
    groups = (("neu", report.added), ("geändert", report.changed), ("entfernt", report.removed))
    for word, ids in groups:
        lines += [f"{word}: {id}" for id in ids]
    files = [
        *(_duplicate_text(duplicate) for duplicate in report.duplicates),
        *(f"nicht gelesen ({r.code}): {r.message}" for r in report.refused),
        *(f"Hinweis zu {note.file}: {note.message}" for note in report.notes),
    ]
    # A file's name may hold line ends and signs that steer a terminal.
    lines += [" ".join(cleaned(line).split()) for line in files]
    if report.unchanged:
        lines.append(f"unverändert: {len(report.unchanged)}")
    for difference in report.differences:
        lines += ["", f"Was sich in {difference.document} ändert:"]
        lines.append(difference_text(difference.changes))
    if report.receipt:
        lines += ["", receipt_text(report.receipt)]
    if report.dry_run:
        lines.append("Das ist eine Vorschau; es wurde nichts verändert.")
    elif report.changes:
        undo = "„sozialraum documents undo“ macht die Änderung rückgängig."
        if report.receipt:
            undo = "Endgültig gelöscht heißt: Ein „undo“ gibt es dazu nicht."
        lines.append(
            f"Die Sammlung hat jetzt {report.passages} Abschnitte (Stand {report.generation}). "
            f"{undo}"
        )
    else:
        lines.append("Es gab nichts zu ändern.")
    lines.append(f"Dauer: {report.seconds:.1f} s".replace(".", ",", 1))
    return "\n".join(lines)


def receipt_text(receipt: Receipt) -> str:
    """Return the receipt of a deletion, to be kept in the file."""
    day, _, clock = receipt.finished.partition("T")
    lines = [f"Löschbeleg vom {day}, {clock[:5]} Uhr (UTC)"]
    lines += [f"  gelöscht: {entry}" for entry in receipt.documents]
    searched = (
        f"  durchsucht: {receipt.searched_files} Dateien des Datenordners nach "
        f"{receipt.probes} Sätzen der gelöschten Dokumente"
    )
    lines.append(searched)
    if receipt.traces:
        lines.append(f"  FEHLER, noch vorhanden in: {', '.join(receipt.traces)}")
        lines.append("  Bitte wiederholen Sie das Löschen und sichern Sie diesen Beleg.")
    elif receipt.probes:
        lines.append("  Ergebnis: nichts mehr gefunden")
    else:
        lines.append(
            "  Ergebnis: kein Original mehr da; einen eigenen Satz, nach dem sich suchen ließe, "
            "hatten die Dokumente nicht"
        )
    return "\n".join(lines)


def _duplicate_text(duplicate: Duplicate) -> str:
    if duplicate.same == "bytes":
        return (
            f"doppelt: {duplicate.file} hat denselben Inhalt wie {duplicate.document} und wird "
            "nicht noch einmal eingelesen."
        )
    return (
        f"Hinweis zu {duplicate.file}: Der Text ist derselbe wie in {duplicate.document}. Er wird "
        "doppelt belegt; „sozialraum documents remove“ entfernt eine der beiden Fassungen."
    )


@contextmanager
def progress_bars() -> Iterator[Progress]:
    """Yield a progress callback that draws one bar a stage on stderr."""
    from tqdm import tqdm

    size = shutil.get_terminal_size()
    bars: dict[str, tqdm] = {}  # type: ignore[type-arg]

    def show(stage: str, done: int, total: int, item: str = "") -> None:
        if not total:
            return
        if stage not in bars:
            bars[stage] = tqdm(
                total=total,
                desc=stage,
                file=sys.stderr,
                disable=None,
                # A terminal that doesn't know its size says 0, and nothing would be seen.
                ncols=min(size.columns, MAX_COLUMNS),
                nrows=size.lines,
                bar_format="{desc}: {percentage:3.0f} % |{bar:12}| noch {remaining}{postfix}",
            )
        bars[stage].set_postfix_str(item, refresh=False)
        bars[stage].update(done - bars[stage].n)
        if done == total:
            bars[stage].close()

    try:
        yield show
    finally:
        for bar in bars.values():
            bar.close()
