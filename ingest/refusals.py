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
    "ERR_FILE_LIMIT",
    "ERR_FILE_CRASH",
    "ERR_URL_SCHEME",
    "ERR_URL_ADDRESS",
    "ERR_URL_UNREACHABLE",
    "ERR_URL_STATUS",
    "ERR_URL_REDIRECT",
    "ERR_URL_TOO_LARGE",
    "ERR_URL_TYPE",
    "ERR_URL_NO_LINK",
]

_AGAIN = "und lesen Sie sie erneut ein."
_BY_HAND = "laden Sie das Dokument im Browser herunter und lesen Sie die Datei ein."

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
        f"Speichern Sie den Text als PDF, Word-Datei (.docx) oder Text {_AGAIN}",
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
    "ERR_FILE_LIMIT": (
        "braucht beim Lesen mehr Speicher oder Zeit, als einer Datei zusteht.",
        f"Speichern Sie die Datei neu, etwa als PDF gedruckt, oder teilen Sie sie, {_AGAIN}",
    ),
    "ERR_FILE_CRASH": (
        "bringt das Leseprogramm zum Absturz.",
        f"Die Datei ist vermutlich beschädigt. Speichern Sie sie neu {_AGAIN}",
    ),
    "ERR_FILE_FRONT_MATTER": (
        "hat fehlerhafte Kopfdaten.",
        "Schreiben Sie die Kopfdaten als „schlüssel: wert“, die Werkstatt als Zahl.",
    ),
    "ERR_URL_SCHEME": (
        "ist keine Adresse, die abgerufen werden kann.",
        "Geben Sie eine vollständige Adresse an, die mit https:// oder http:// beginnt.",
    ),
    "ERR_URL_ADDRESS": (
        "führt zu einem Rechner im eigenen Netz, der nicht abgerufen werden darf.",
        f"Nennen Sie den Rechner in der Einstellung SOZIALRAUM_INTERNAL_HOSTS oder {_BY_HAND}",
    ),
    "ERR_URL_UNREACHABLE": (
        "ist nicht erreichbar.",
        f"Prüfen Sie die Adresse und die Internetverbindung oder {_BY_HAND}",
    ),
    "ERR_URL_STATUS": (
        "liefert kein Dokument.",
        f"Öffnen Sie die Adresse im Browser und prüfen Sie sie, oder {_BY_HAND}",
    ),
    "ERR_URL_REDIRECT": (
        "leitet weiter, wohin nicht gefolgt werden darf.",
        "Öffnen Sie die Adresse im Browser und geben Sie die Adresse an, bei der Sie ankommen.",
    ),
    "ERR_URL_TOO_LARGE": (
        "ist zu groß.",
        "Laden Sie die Datei im Browser herunter, teilen Sie sie und lesen Sie die Teile ein.",
    ),
    "ERR_URL_TYPE": (
        "hat kein Format, das eingelesen werden kann.",
        "Suchen Sie auf der Seite nach einer Fassung als PDF, Word-Datei (.docx) oder Text.",
    ),
    "ERR_URL_NO_LINK": (
        "führt zu mehreren Dokumenten.",
        "Geben Sie die Adresse des gemeinten Dokuments selbst an.",
    ),
}


def refuse(code: RefusalCode, file: str, *, reason: str = "", remedy: str = "") -> FileRefusedError:
    """Return the error to raise, naming the file, the reason and the remedy in German.

    ``reason`` and ``remedy`` replace the usual ones where more is known; the reason
    completes "„file“ …".
    """
    usual, usual_remedy = _MESSAGES[code]
    return FileRefusedError(f"„{file}“ {reason or usual} {remedy or usual_remedy}", code=code)
