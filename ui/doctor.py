"""``sozialraum doctor``: is everything there that answering needs?"""

import importlib.metadata
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass

import anyio

from corpus import embedder
from corpus.errors import SozialraumError
from corpus.generation import verify_in_child
from corpus.manifest import read_manifest
from corpus.store import Store
from ingest import ocr
from ingest.isolation import Isolation
from ui import llm
from ui.access.records import AccessError
from ui.access.setup import login_for
from ui.settings import Settings

MIN_FREE_BYTES = 1_000_000_000
_PACKAGES = (
    "chromadb",
    "gradio",
    "langchain-core",
    "pypdfium2",
    "sentence-transformers",
    "tantivy",
)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, and what to do when it isn't right."""

    name: str
    ok: bool
    message: str

    def as_object(self) -> dict[str, object]:
        """Return the check for JSON."""
        return asdict(self)


def examine(settings: Settings) -> tuple[Check, ...]:
    """Run all checks; a failing one never stops the others."""
    checks: tuple[tuple[str, Callable[[Settings], str]], ...] = (
        ("Programm", _installation),
        ("Lesen von Dateien", _reading),
        ("Datenordner", _data_folder),
        ("Anmeldung", _login),
        ("Sprachmodell", _embedder),
        ("Formulieren durch ein Sprachmodell", llm.state),
        ("Stand der Sammlung", _generation),
        ("Eignung des Sprachmodells", _suitability),
    )
    return tuple(_checked(name, check, settings) for name, check in checks)


def _checked(name: str, check: Callable[[Settings], str], settings: Settings) -> Check:
    try:
        return Check(name, True, check(settings))
    except SozialraumError as fault:
        return Check(name, False, f"{fault.code}: {fault}")


def _installation(_: Settings) -> str:
    try:
        versions = [f"{name} {importlib.metadata.version(name)}" for name in _PACKAGES]
    except importlib.metadata.PackageNotFoundError as fault:
        raise SozialraumError(
            f"Das Paket {fault.name} fehlt. Bitte führen Sie „make run“ noch einmal aus.",
            code="ERR_INSTALLATION",
        ) from fault
    return f"Python {sys.version.split()[0]}, " + ", ".join(versions)


def _reading(_: Settings) -> str:
    """Start the process that reads files; scans are an extra that may be missing."""
    with Isolation() as isolation:
        isolation.warm_up()
    if ocr.is_available():
        return "in eigenem Vorgang; Scans mit Tesseract und deutschen Daten"
    return f"in eigenem Vorgang; Scans werden abgelehnt, bis Tesseract da ist: „{ocr.INSTALL}“"


def _data_folder(settings: Settings) -> str:
    store = Store(settings.data)
    with store.writing():
        free = shutil.disk_usage(store.folder).free
    if free < MIN_FREE_BYTES:
        raise SozialraumError(
            f"In {store.folder} ist weniger als 1 GB frei. Bitte schaffen Sie Platz.",
            code="ERR_DISK_FULL",
        )
    return f"{store.folder}, {free // 1_000_000_000} GB frei"


def _login(settings: Settings) -> str:
    """See that somebody can come in where a login is needed."""
    login = login_for(settings)
    if login is None:
        return "nicht nötig: Die Anwendung ist nur von diesem Rechner aus zu erreichen"
    users = len(login.users.list())
    if login.house:
        anyio.run(login.house.check)
        return f"Der Anmeldedienst des Hauses antwortet; daneben {users} Benutzer mit Passwort"
    if not users:
        raise AccessError(
            "Eine Anmeldung ist nötig, aber es gibt noch keine Benutzer. Bitte legen Sie eine "
            "Person an: „sozialraum users add NAME --role maintainer“.",
            code="ERR_NO_USERS",
        )
    return f"{users} Benutzer mit Passwort; kein Anmeldedienst des Hauses eingestellt"


def _embedder(settings: Settings) -> str:
    found = embedder.fingerprint_of(settings.embedder)
    return f"{found.name}, {found.dimension} Dimensionen, Prüfsumme {found.digest[:12]}"


def _generation(settings: Settings) -> str:
    store = Store(settings.data)
    pointer = store.pointer()
    if pointer is None:
        return "Es ist noch nichts eingelesen."
    folder = store.generations / pointer.current
    verify_in_child(folder)
    manifest = read_manifest(folder)
    found = embedder.fingerprint_of(settings.embedder)
    if found != manifest.fingerprint:
        raise SozialraumError(
            "Die Sammlung wurde mit einem anderen Sprachmodell aufgebaut, als eingestellt ist. "
            "Bitte lesen Sie die Unterlagen mit „sozialraum ingest“ neu ein.",
            code="ERR_EMBEDDER_MISMATCH",
        )
    return (
        f"{manifest.id}: {manifest.documents} Unterlagen, {manifest.passages} Abschnitte, "
        f"{len(manifest.canaries)} Probeabfragen richtig"
    )


def _suitability(settings: Settings) -> str:
    """Say how well the model finds the collection's own headings, and what it counts for that."""
    store = Store(settings.data)
    pointer = store.pointer()
    if pointer is None:
        return "Wird beim Einlesen gemessen."
    manifest = read_manifest(store.generations / pointer.current)
    if manifest.complaint:
        raise SozialraumError(manifest.complaint, code="ERR_EMBEDDER_UNFIT")
    found = manifest.weighing
    share = f"Die Vektoren zählen zu {round(100 * found.weight)} %"
    if not found.headings:
        return f"{share}; zum Messen hat die Sammlung zu wenige eigene Überschriften."
    figures = f"Wortsuche {found.lexical:.2f}, Sprachmodell {found.dense:.2f}".replace(".", ",")
    return f"{share}. Bei {found.headings} Überschriften (MRR@10): {figures}."
