"""Why a file can't be read in: a closed list of codes, each with a reason and a remedy."""

from typing import Literal

from corpus.errors import FileRefusedError

RefusalCode = Literal[
    "ERR_FILE_ACCESS",
    "ERR_FILE_PASSWORD",
    "ERR_FILE_DAMAGED",
    "ERR_FILE_TYPE",
    "ERR_FILE_EMPTY",
    "ERR_FILE_TOO_LARGE",
    "ERR_FILE_NO_TEXT",
    "ERR_FILE_ENCODING",
    "ERR_FILE_FRONT_MATTER",
]

_AGAIN = "und lesen Sie sie erneut ein."

_MESSAGES: dict[RefusalCode, tuple[str, str]] = {
    "ERR_FILE_ACCESS": (
        "lässt sich nicht lesen.",
        f"Prüfen Sie, ob die Datei noch da ist und Sie sie öffnen dürfen, {_AGAIN}",
    ),
    "ERR_FILE_PASSWORD": (
        "ist passwortgeschützt.",
        f"Speichern Sie die Datei ohne Kennwort {_AGAIN}",
    ),
    "ERR_FILE_DAMAGED": (
        "ist beschädigt und lässt sich nicht öffnen.",
        f"Laden Sie die Datei neu herunter oder speichern Sie sie neu, {_AGAIN}",
    ),
    "ERR_FILE_TYPE": (
        "hat kein Format, das eingelesen werden kann.",
        f"Speichern Sie den Text als PDF oder Markdown {_AGAIN}",
    ),
    "ERR_FILE_EMPTY": (
        "ist leer.",
        "Prüfen Sie, ob die Datei vollständig gespeichert oder heruntergeladen wurde.",
    ),
    "ERR_FILE_TOO_LARGE": (
        "ist zu groß.",
        f"Teilen Sie die Datei {_AGAIN}",
    ),
    "ERR_FILE_NO_TEXT": (
        "enthält keinen lesbaren Text.",
        f"Lassen Sie die Datei durch eine Texterkennung laufen {_AGAIN}",
    ),
    "ERR_FILE_ENCODING": (
        "ist nicht in UTF-8 kodiert.",
        f"Speichern Sie die Datei in der Kodierung UTF-8 {_AGAIN}",
    ),
    "ERR_FILE_FRONT_MATTER": (
        "hat fehlerhafte Kopfdaten.",
        "Schreiben Sie die Kopfdaten als „schlüssel: wert“, die Werkstatt als Zahl.",
    ),
}


def refuse(code: RefusalCode, file: str, *, reason: str = "") -> FileRefusedError:
    """Return the error to raise, naming the file, the reason and the remedy in German.

    ``reason`` replaces the usual one where more is known; it completes "„file“ …".
    """
    usual, remedy = _MESSAGES[code]
    return FileRefusedError(f"„{file}“ {reason or usual} {remedy}", code=code)
