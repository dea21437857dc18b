"""One file -> one reading: which loader reads it, what it is called, whose it is."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from corpus.catalogue import CATALOGUE_FILE, Catalogue
from corpus.errors import FileRefusedError
from corpus.types import Document, Reading
from ingest.blocks import LoadedFile
from ingest.loaders.catalogue import load_catalogue_document
from ingest.loaders.markdown import load_markdown
from ingest.loaders.pdf import load_pdf
from ingest.passages import passages
from ingest.refusals import refuse
from ingest.sections import outline

# Raise it when loaders, sections or passages come to other results: files are read anew.
READER_VERSION = "1"

_LOADERS: dict[str, Callable[[Path], LoadedFile]] = {
    ".md": load_markdown,
    ".markdown": load_markdown,
    ".pdf": load_pdf,
}
# Documents nobody can read yet: named in the report instead of passed over in silence.
_NOT_YET = frozenset(
    (".doc", ".docx", ".eml", ".htm", ".html", ".odt", ".ppt", ".pptx", ".rtf", ".txt", ".zip")
)
_TRANSLITERATION = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to be read in, and the folder whose catalogue applies."""

    path: Path
    collection: Path


def is_readable(path: Path) -> bool:
    """Tell whether there is a loader for files of this name."""
    return path.name == CATALOGUE_FILE or path.suffix.lower() in _LOADERS


def is_document(path: Path) -> bool:
    """Tell whether someone would expect this file of a folder to be read, or named if not."""
    return is_readable(path) or path.suffix.lower() in _NOT_YET


def slug(name: str) -> str:
    """Turn a file's stem into an id: lower case, ASCII letters, digits, hyphens."""
    plain = name.lower().translate(_TRANSLITERATION)
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "dokument"


def reading_key(id: str, version: str, catalogue: Catalogue, file: str) -> str:
    """Name a reading before it is made: equal inputs give equal readings."""
    inputs = (id, version, READER_VERSION, catalogue.attribution_digest(file))
    return hashlib.sha256("\0".join(inputs).encode()).hexdigest()[:24]


def read(
    file: SourceFile, content: Path, id: str, version: str, key: str, catalogue: Catalogue
) -> Reading:
    """Read one file. ``content`` is a copy of its bytes that nobody changes.

    Raises FileRefusedError or CatalogueError in German, naming the file.
    """
    loaded = _load(file, content)
    metadata = {**loaded.metadata, **catalogue.documents.get(file.path.name, {})}
    workshop = _workshop_number(file, metadata, catalogue)
    title = metadata.get("titel") or file.path.stem
    entry = catalogue.workshop(workshop)
    document = Document(
        id=id,
        version=version,
        key=key,
        file=file.path.name,
        source=str(file.path),
        collection=str(file.collection),
        title=title,
        category=metadata.get("art") or ("Werkstatt" if workshop else "Dokument"),
        workshop=workshop,
        origin=metadata.get("herkunft", ""),
        date=metadata.get("stand", ""),
        page_labels=loaded.page_labels,
    )
    theme = (entry.theme if entry else "") or title
    outlined = outline(loaded.blocks, catalogue.workshops, workshop, theme if workshop else "")
    found = passages(id, key, outlined)
    return Reading(document, outlined.text, outlined.sections, found, _notes(metadata))


def _notes(metadata: dict[str, str]) -> tuple[str, ...]:
    """Say what of the file isn't in the reading."""
    pages = metadata.get("seiten_ohne_text", "")
    if not pages:
        return ()
    return (
        f"Ohne lesbaren Text sind die Seiten: {pages} (gezählt ab 1). Alle anderen sind "
        "eingelesen. Eine Texterkennung der Datei macht auch diese Seiten lesbar.",
    )


def _load(file: SourceFile, content: Path) -> LoadedFile:
    if file.path.name == CATALOGUE_FILE:
        return load_catalogue_document(file.path)
    loader = _LOADERS.get(file.path.suffix.lower())
    if loader is None:
        raise refuse("ERR_FILE_TYPE", file.path.name)
    try:
        return loader(content)
    except FileRefusedError as fault:
        # The copy is named by its hash; the person knows the file's own name.
        message = str(fault).replace(content.name, file.path.name)
        raise FileRefusedError(message, code=fault.code) from fault


def _workshop_number(
    file: SourceFile, metadata: dict[str, str], catalogue: Catalogue
) -> int | None:
    stated = metadata.get("werkstatt", "").strip()
    if stated:
        if not stated.isdigit():
            raise refuse("ERR_FILE_FRONT_MATTER", file.path.name)
        return int(stated)
    title = metadata.get("titel", "")
    found = next((w for w in catalogue.workshops if w.theme and w.theme == title), None)
    return found.number if found else None
