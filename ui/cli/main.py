"""The command line: each command parses, makes one call, prints.

Results go to stdout, progress to stderr; ``--json`` is for programs. A failure has a named
code, a German message with the remedy, and an exit code that isn't 0. Heavy libraries are
imported only by the command that needs them.
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from typer.exceptions import TyperException

from corpus.errors import QuestionError, SozialraumError, UnknownItemError
from corpus.types import Scope
from ui.cli.documents import documents
from ui.cli.evaluate import GOLDEN, evaluate
from ui.cli.german_typer import GermanCommand, app, usage_message
from ui.cli.model import model
from ui.cli.shared import (
    Json,
    current_settings,
    embedder_model,
    open_store,
    print_json,
    print_report,
    progress_on_stderr,
)
from ui.cli.token import token
from ui.cli.users import require_somebody, users
from ui.evaluation.places import EVALUATIONS
from ui.first_start import read_starter

if TYPE_CHECKING:
    from assistant.pipeline import Assistant
    from assistant.types import Turn
    from corpus.store import Store
    from ingest.report import Report
    from ui.access.tokens import Tokens
    from ui.local import LocalService
    from ui.settings import Settings

EXIT_FAILURE = 1
EXIT_USAGE = 2

cli = app("Sozialraum-Assistent: Fragen an die Sammlung, jede Aussage mit Fundstelle.")
cli.add_typer(documents, name="documents")
cli.add_typer(evaluate, name="evaluate")
cli.add_typer(model, name="model")
cli.add_typer(token, name="token")
cli.add_typer(users, name="users")

Workshop = Annotated[
    int | None, typer.Option("--workshop", help="Nur in dieser Werkstatt suchen (Nummer).")
]
DocumentId = Annotated[
    str | None, typer.Option("--document", help="Nur in diesem Dokument suchen (Kennung).")
]


def main() -> None:
    """Run the command line. Entry point of the console script."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    signal.signal(signal.SIGTERM, _stop)
    wants_json = "--json" in sys.argv
    try:
        sys.exit(cli(standalone_mode=False) or 0)
    except TyperException as fault:
        _fail("ERR_USAGE", usage_message(fault), EXIT_USAGE, as_json=wants_json)
    except SozialraumError as fault:
        _fail(fault.code, str(fault), EXIT_FAILURE, as_json=wants_json)
    except (KeyboardInterrupt, typer.Abort):
        _fail("ERR_STOPPED", "Abgebrochen. Es wurde nichts verändert.", 130, as_json=wants_json)
    except BrokenPipeError:
        sys.exit(EXIT_FAILURE)
    except OSError as fault:
        _fail("ERR_SYSTEM", f"Das Betriebssystem meldet: {fault}.", EXIT_FAILURE, wants_json)


def _stop(number: int, frame: object) -> None:
    """Treat a request to end like Ctrl-C: what was begun is cleaned up, nothing is switched."""
    raise KeyboardInterrupt


@cli.command(cls=GermanCommand)
def serve(
    port: Annotated[int | None, typer.Option(help="Port statt des eingestellten.")] = None,
) -> None:
    """Startet die Anwendung im Browser; liest beim ersten Start die Sammlung ein."""
    settings = current_settings()
    from ui.access.setup import login_for, public_url

    login = login_for(settings)
    require_somebody(settings)
    store = open_store(settings)
    read_starter(settings, store)
    from assistant.evaluation.feedback import FOLDER, Feedback
    from ui.editing import Editing
    from ui.history import FOLDER as TALKS
    from ui.history import History
    from ui.llm import announcement
    from ui.quality import Quality
    from ui.records import FOLDER as ANSWERS
    from ui.records import Records
    from ui.web.server import serve as run

    service = _service(settings, store)
    golden = GOLDEN if GOLDEN.is_dir() else None
    print(announcement(settings), file=sys.stderr)
    feedback = Feedback(settings.data / FOLDER, settings.digest)
    quality = Quality(service, settings.data / EVALUATIONS, golden, feedback)
    editing = Editing(open_store(settings), embedder_model(settings), settings.hosts)
    run(
        *(service, quality, editing),
        *(settings.host, port or settings.port, settings.max_question_chars),
        rateable=settings.feedback == "on",
        records=Records(settings.data / ANSWERS),
        history=History(settings.data / TALKS if settings.history == "on" else None),
        tokens=_tokens(settings),
        login=login,
        public_url=public_url(settings),
    )


@cli.command(cls=GermanCommand)
def ingest(
    targets: Annotated[
        list[str],
        typer.Argument(
            metavar="PFAD_ODER_ADRESSE...", help="Dateien, Ordner, Archive, https-Adressen."
        ),
    ],
    sync: Annotated[
        bool, typer.Option("--sync", help="Was aus dem Ordner verschwunden ist, wird entfernt.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Nur zeigen, was sich ändern würde.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Weiterlaufen und jede Änderung des Ordners einlesen.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Liest Unterlagen ein oder bringt sie auf den neuen Stand."""
    from ingest.fetch import fetch
    from ingest.pipeline import ingest as run

    settings = current_settings()
    store, model = open_store(settings), embedder_model(settings)
    fetcher = partial(fetch, internal_hosts=settings.hosts)

    def once() -> Report:
        with progress_on_stderr() as progress:
            report = run(
                *(targets, store, model, progress),
                sync=sync,
                dry_run=dry_run,
                fetcher=fetcher,
            )
        print_report(report, as_json=as_json)
        return report

    if watch:
        _watch(targets, once)
        return
    report = once()
    if report.refused and not (report.changes or report.unchanged):
        raise typer.Exit(EXIT_FAILURE)


@cli.command(cls=GermanCommand)
def ask(
    question: Annotated[
        str, typer.Argument(metavar="FRAGE", help="Die Frage; „-“ liest JSON-Zeilen von stdin.")
    ],
    workshop: Workshop = None,
    document: DocumentId = None,
    history: Annotated[
        Path | None, typer.Option(help="JSON-Datei mit dem bisherigen Gespräch.")
    ] = None,
    plain: Annotated[
        bool, typer.Option("--einfach", help="Einfache Sätze vorziehen und Kürzel erklären.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Beantwortet eine Frage mit wörtlichen Fundstellen."""
    from ui.cli.output import answer_text
    from ui.contract import answer_object

    settings = current_settings()
    store = open_store(settings)
    read_starter(settings, store)
    service = _service(settings, store)
    if question == "-":
        _ask_lines(service, plain=plain)
        return
    turns = _turns(json.loads(_read(history))) if history else ()
    answer = service.ask(question, turns, _scope(workshop, document), plain=plain)
    if as_json:
        print_json(answer_object(answer), indent=None)
    else:
        print(answer_text(answer))


@cli.command(cls=GermanCommand)
def search(
    query: Annotated[
        str, typer.Argument(metavar="SUCHE", help="Suchworte; „-“ liest JSON-Zeilen von stdin.")
    ],
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="Anzahl der Treffer.")] = 10,
    workshop: Workshop = None,
    document: DocumentId = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Zu jedem Treffer zeigen, was ihn dorthin brachte.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Zeigt die passenden Textabschnitte in ihrer Rangfolge."""
    from ui.cli.output import explained_text, hits_text

    settings = current_settings()
    store = open_store(settings)
    read_starter(settings, store)
    service = _service(settings, store)
    if query == "-":
        _search_lines(service, k, explain=explain)
        return
    scope, assistant = _scope(workshop, document), service.assistant()
    documents = assistant.generation.documents
    if as_json:
        hits = _hit_objects(assistant, query, k, scope, explain=explain)
        print_json({"hits": hits}, indent=None)
    elif explain:
        print(explained_text(assistant.explain(query, k, scope), documents))
    else:
        print(hits_text(assistant.search(query, k, scope), documents))


@cli.command(cls=GermanCommand)
def doctor(as_json: Json = False) -> None:
    """Prüft Installation, Datenordner, Anmeldung, Stand der Sammlung und Sprachmodell."""
    from ui.doctor import examine

    checks = examine(current_settings())
    if as_json:
        print_json({"ok": all(c.ok for c in checks), "checks": [c.as_object() for c in checks]})
    else:
        for check in checks:
            print(f"{'in Ordnung' if check.ok else 'FEHLER    '}  {check.name}: {check.message}")
    if not all(check.ok for check in checks):
        raise typer.Exit(EXIT_FAILURE)


# -- JSON lines ----------------------------------------------------------------------------


def _ask_lines(service: LocalService, *, plain: bool) -> None:
    from ui.contract import answer_object, failed_object

    for line in _json_lines():
        question = str(line.get("question", ""))
        try:
            scope = _scope(line.get("workshop"), line.get("document"))
            turns = _turns(line.get("history") or [])
            wanted = line.get("plain", plain) is True
            answer = service.ask(question, turns, scope, plain=wanted)
            print_json(answer_object(answer, line.get("id")), indent=None)
        except SozialraumError as fault:
            print_json(failed_object(question, fault, line.get("id")), indent=None)


def _search_lines(service: LocalService, k: int, *, explain: bool) -> None:
    for line in _json_lines():
        named = {} if line.get("id") is None else {"id": line["id"]}
        try:
            scope = _scope(line.get("workshop"), line.get("document"))
            query, wanted = str(line.get("query", "")), int(line.get("k") or k)
            hits = _hit_objects(service.assistant(), query, wanted, scope, explain=explain)
            print_json({**named, "hits": hits}, indent=None)
        except SozialraumError as fault:
            error = {"code": fault.code, "message": str(fault)}
            print_json({**named, "hits": [], "error": error}, indent=None)


def _json_lines() -> Iterator[dict[str, Any]]:
    for number, line in enumerate(sys.stdin, start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except ValueError as fault:
            raise QuestionError(f"Zeile {number} der Eingabe ist kein JSON: {fault}.") from fault
        if not isinstance(data, dict):
            raise QuestionError(f"Zeile {number} der Eingabe ist kein JSON-Objekt mit Schlüsseln.")
        yield data


def _turns(history: object) -> tuple[Turn, ...]:
    from assistant.types import Turn

    if not isinstance(history, list):
        raise QuestionError("Der Gesprächsverlauf muss eine JSON-Liste von Beiträgen sein.")
    turns = []
    for entry in history:
        if not isinstance(entry, dict) or entry.get("role") not in ("user", "assistant"):
            raise QuestionError(
                "Jeder Beitrag des Gesprächsverlaufs braucht „role“ (user oder assistant) und "
                "„text“."
            )
        turns.append(Turn(entry["role"], str(entry.get("text", entry.get("content", "")))))
    return tuple(turns)


# -- pieces --------------------------------------------------------------------------------


def _service(settings: Settings, store: Store) -> LocalService:
    from ui.llm import writer
    from ui.local import LocalService

    return LocalService(
        *(store, settings.embedder, settings.threads, settings.reranker), writer(settings)
    )


def _tokens(settings: Settings) -> Tokens | None:
    """Return who may call the interfaces; None where they are switched off."""
    if settings.api == "off":
        return None
    from ui.access.tokens import Tokens

    tokens = Tokens(settings.data)
    print(
        "Für Programme: /api und /v1, mit Zugangsschlüssel."
        if tokens.list()
        else "Für Programme: /api und /v1; noch gibt es keinen Zugangsschlüssel. „sozialraum token "
        "add NAME“ legt einen an.",
        file=sys.stderr,
    )
    return tokens


def _watch(targets: list[str], once: Callable[[], Report]) -> None:
    """Read in again whenever something changed, until the person stops it."""
    import threading

    from ingest.watch import changes

    folders = [Path(target) for target in targets if Path(target).is_dir()]
    if not folders:
        raise UnknownItemError("Mit --watch muss mindestens ein Ordner angegeben werden.")
    stop = threading.Event()

    def stopped(number: int, frame: object) -> None:
        # The event holds even where the exception gets lost, as it does in a finalizer.
        stop.set()
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stopped)
    for changed in changes(folders, stop):
        if changed:
            print(f"Geändert: {', '.join(changed)}", file=sys.stderr)
        else:
            print("Änderungen werden beobachtet; Strg+C beendet das.", file=sys.stderr)
        try:
            once()
        except SozialraumError as fault:
            # Another process reads in, or a catalogue is half written: the next change tries again.
            print(str(fault), file=sys.stderr)
    raise KeyboardInterrupt


def _scope(workshop: object, document: object) -> Scope | None:
    if workshop is None and document is None:
        return None
    try:
        number = None if workshop is None else int(str(workshop))
    except ValueError:
        raise QuestionError(f"„{workshop}“ ist keine Nummer einer Werkstatt.") from None
    return Scope(number, None if document is None else str(document))


def _hit_objects(
    assistant: Assistant, query: str, k: int, scope: Scope | None, *, explain: bool
) -> list[dict[str, Any]]:
    from ui.contract import explained_hit_object, hit_object

    known = assistant.generation.documents
    if explain:
        found = assistant.explain(query, k, scope)
        return [explained_hit_object(e, known[e.hit.passage.document]) for e in found]
    hits = assistant.search(query, k, scope)
    return [hit_object(hit, known[hit.passage.document]) for hit in hits]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as fault:
        raise UnknownItemError(f"Die Datei {path} ist nicht lesbar ({fault}).") from fault


def _fail(code: str, message: str, status: int, as_json: bool) -> NoReturn:
    if as_json:
        print_json({"error": {"code": code, "message": message}})
    print(f"{code}: {message}", file=sys.stderr)
    sys.exit(status)
