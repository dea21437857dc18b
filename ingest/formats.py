"""Which files are documents, which hold documents, and which nobody can read here."""

from pathlib import PurePosixPath
from typing import Literal

from corpus.catalogue import CATALOGUE_FILE

# Raise it when loaders, sections or passages come to other results: files are read anew.
READER_VERSION = "2"

READABLE = frozenset(
    (".docx", ".eml", ".htm", ".html", ".markdown", ".md", ".odt", ".pdf", ".pptx", ".txt")
)
# What to do with documents nobody can read here: named instead of passed over in silence.
FOREIGN = {
    ".doc": "Öffnen Sie die Datei in Word oder LibreOffice und speichern Sie sie als .docx.",
    ".epub": "Speichern Sie den Text als PDF.",
    ".indd": "Lassen Sie sich vom Büro oder der Druckerei das PDF geben.",
    ".msg": "Speichern Sie die Nachricht in Outlook als .eml oder ihren Text als PDF.",
    ".odp": "Speichern Sie die Folien als .pptx oder PDF.",
    ".ods": "Speichern Sie die Tabelle als PDF.",
    ".ppt": "Öffnen Sie die Datei in PowerPoint oder LibreOffice, speichern Sie sie als .pptx.",
    ".rtf": "Öffnen Sie die Datei in Word oder LibreOffice und speichern Sie sie als .docx.",
    ".xls": "Speichern Sie die Tabelle als PDF.",
    ".xlsx": "Speichern Sie die Tabelle als PDF.",
}
_CONTAINERS: dict[str, Literal["zip", "mail"]] = {".zip": "zip", ".eml": "mail"}


def is_document(name: str) -> bool:
    """Tell whether someone would expect this file of a folder to be read, or named if not."""
    suffix = suffix_of(name)
    return is_readable(name) or suffix in _CONTAINERS or suffix in FOREIGN


def is_readable(name: str) -> bool:
    """Tell whether there is a loader for files of this name."""
    return suffix_of(name) in READABLE or is_catalogue(name)


def is_catalogue(name: str) -> bool:
    """Tell whether this is the name of a collection's catalogue."""
    return PurePosixPath(name).name == CATALOGUE_FILE


def container(name: str) -> Literal["zip", "mail"] | None:
    """Tell whether documents of their own may lie inside a file of this name."""
    return _CONTAINERS.get(suffix_of(name))


def suffix_of(name: str) -> str:
    """Return a name's suffix in lower case, with its dot."""
    return PurePosixPath(name).suffix.lower()
