"""The editor's commands: list, look at, judge, correct, remove documents, and undo."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpus.errors import CorrectionError, UnknownItemError
from ui.cli.german_typer import GermanCommand, app
from ui.cli.shared import (
    Json,
    current_settings,
    embedder_model,
    open_store,
    print_json,
    print_report,
    progress_on_stderr,
)

if TYPE_CHECKING:
    from corpus.store import Store
    from corpus.types import Document, Reading

documents = app("Eingelesene Unterlagen ansehen, entfernen, auf den früheren Stand zurückgehen.")


@documents.command("list", cls=GermanCommand)
def list_documents(as_json: Json = False) -> None:
    """Zeigt alle eingelesenen Unterlagen."""
    from ui.contract import document_object

    store = open_store(current_settings())
    found = [
        document_object(d, passages=len(store.library.passages_of(d.key)))
        for d in _current_documents(store)
    ]
    if as_json:
        print_json(found)
        return
    for entry in found:
        workshop = f"Werkstatt {entry['workshop']}, " if entry["workshop"] else ""
        pages = f"{entry['pages']} Seiten, " if entry["pages"] else ""
        print(f"{entry['id']}: {entry['title']}")
        print(f"    {entry['category']}, {workshop}{pages}{entry['passages']} Abschnitte")
    if not found:
        print("Es ist noch nichts eingelesen.")


@documents.command(cls=GermanCommand)
def show(
    id: Annotated[str, typer.Argument(metavar="KENNUNG", help="Kennung des Dokuments.")],
    as_json: Json = False,
) -> None:
    """Zeigt ein Dokument mit seinen Abschnitten."""
    from ui.contract import document_object

    store = open_store(current_settings())
    document = _current_document(store, id)
    passages = store.library.passages_of(document.key)
    if as_json:
        sections = [
            {"path": s.path, "workshop": s.workshop} for s in store.library.sections(document.key)
        ]
        entry = document_object(document, passages=len(passages))
        print_json({**entry, "sections": sections})
        return
    print(f"{document.title} ({document.file}, Fassung {document.version[:12]})")
    if document.origin:
        print(f"Herkunft: {document.origin}")
    for section in store.library.sections(document.key):
        workshop = f"  [Werkstatt {section.workshop}]" if section.workshop else ""
        print(f"{'  ' * len(section.path)}{section.path[-1] if section.path else '–'}{workshop}")


@documents.command("report", cls=GermanCommand)
def report_document(
    id: Annotated[str, typer.Argument(metavar="KENNUNG", help="Kennung des Dokuments.")],
    html: Annotated[
        Path | None,
        typer.Option("--html", help="Datei, in die jede Seite neben ihrem Text geschrieben wird."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Zeigt, wie gut ein Dokument gelesen wurde und was darin fehlt."""
    from ui.report.text import report_object, report_text, write_report_html

    store = open_store(current_settings())
    reading = store.library.reading(_current_document(store, id).key)
    quality = _quality(reading)
    if html is not None:
        with html.open("w", encoding="utf-8") as file:
            write_report_html(file, reading, quality, store.original(reading.document.version))
        print(f"Der Bericht steht in {html}.", file=sys.stderr)
    if as_json:
        print_json(report_object(reading, quality))
    else:
        print(report_text(reading, quality))


@documents.command(cls=GermanCommand)
def correct(
    id: Annotated[str, typer.Argument(metavar="KENNUNG", help="Kennung des Dokuments.")],
    title: Annotated[str | None, typer.Option(help="Titel.")] = None,
    category: Annotated[
        str | None, typer.Option(help="Art: Werkstatt, Themenheft, Protokoll …")
    ] = None,
    workshop: Annotated[
        str | None, typer.Option(help="Nummer der Werkstatt; mit --section nur für den Abschnitt.")
    ] = None,
    section: Annotated[
        str | None, typer.Option(help="Überschrift des Abschnitts, für den --workshop gilt.")
    ] = None,
    chapters: Annotated[
        str | None,
        typer.Option(help="Muster der Kapitel, etwa „Kapitel {nummer}: {thema}“."),
    ] = None,
    origin: Annotated[str | None, typer.Option(help="Hinweis zur Herkunft.")] = None,
    date: Annotated[str | None, typer.Option(help="Stand: JJJJ, JJJJ-MM oder JJJJ-MM-TT.")] = None,
    valid_from: Annotated[str | None, typer.Option(help="Gültig ab, wie --date.")] = None,
    valid_until: Annotated[str | None, typer.Option(help="Gültig bis, wie --date.")] = None,
    replaced_by: Annotated[
        str | None, typer.Option(help="Kennung des Dokuments, das dieses ersetzt.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Berichtigt Angaben zu einem Dokument; „""“ nimmt eine Berichtigung zurück."""
    from ingest.pipeline import correct as run

    if section is not None and workshop is None:
        raise CorrectionError("Zu --section gehört --workshop mit der Nummer der Werkstatt.")
    changes = {
        "titel": title,
        "art": category,
        "werkstatt" if section is None else f"abschnitt:{section}": workshop,
        "kapitel": chapters,
        "herkunft": origin,
        "stand": date,
        "gueltig_ab": valid_from,
        "gueltig_bis": valid_until,
        "ersetzt_durch": replaced_by,
    }
    given = {key: value for key, value in changes.items() if value is not None}
    if not given:
        raise CorrectionError("Es ist keine Berichtigung angegeben. „--help“ zeigt, was geht.")
    settings = current_settings()
    with progress_on_stderr() as progress:
        report = run(id, given, open_store(settings), embedder_model(settings), progress)
    print_report(report, as_json=as_json)


@documents.command(cls=GermanCommand)
def remove(
    ids: Annotated[list[str], typer.Argument(metavar="KENNUNG...", help="Kennungen.")],
    purge: Annotated[
        bool, typer.Option("--purge", help="Endgültig: auch aus dem früheren Stand löschen.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Entfernt Dokumente; „undo“ holt sie zurück, solange nicht endgültig gelöscht wurde."""
    from ingest.pipeline import remove as run

    settings = current_settings()
    with progress_on_stderr() as progress:
        report = run(ids, open_store(settings), embedder_model(settings), progress, purge=purge)
    print_report(report, as_json=as_json)


@documents.command(cls=GermanCommand)
def undo(as_json: Json = False) -> None:
    """Geht auf den Stand vor der letzten Änderung zurück; noch einmal: wieder vor."""
    from corpus.generation import undo as run

    store = open_store(current_settings())
    with store.writing():
        pointer = run(store)
    if as_json:
        print_json({"generation": pointer.current, "previous": pointer.previous})
    else:
        print(f"Es gilt wieder der Stand {pointer.current}.")
        print(f"Noch einmal „undo“ stellt den Stand {pointer.previous} wieder her.")


def _current_documents(store: Store) -> list[Document]:
    pointer = store.pointer()
    return store.library.documents(pointer.current) if pointer else []


def _current_document(store: Store, id: str) -> Document:
    document = next((d for d in _current_documents(store) if d.id == id), None)
    if document is None:
        raise UnknownItemError(
            f"Ein Dokument „{id}“ gibt es nicht. „sozialraum documents list“ zeigt alle Kennungen."
        )
    return document


def _quality(reading: Reading) -> Any:  # noqa: ANN401  # a type of ingest, imported lazily
    from datetime import date

    from ingest.quality import judge

    return judge(reading.document, len(reading.passages), date.today(), reading.sections)
