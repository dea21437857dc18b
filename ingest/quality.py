"""How well a document was read: a light in words, and sentences that say what to do. Pure."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

from corpus.compounds import LINKS
from corpus.dates import german_date
from corpus.german_tokens import RawToken, raw_tokens
from corpus.stopwords import STOP_WORDS
from corpus.types import Document, HiddenText, RecognisedPage, Section
from corpus.word_list import is_known
from ingest.characters import cleaned

Light = Literal["gut", "prüfen", "schlecht"]
Statement = Literal["Titel", "Stand", "Werkstatt"]
LIGHTS: tuple[Light, ...] = ("gut", "prüfen", "schlecht")
"""From best to worst."""

# Unknown words by all words. Measured on 55 clean texts (starter collection, test documents,
# federal laws): median 0.001, highest 0.013. The same texts with faults: every 200th letter
# misread 0.015-0.036, every 100th 0.034-0.058, every 50th 0.066-0.094, every 20th 0.116 and
# more; umlauts lost or garbled 0.011-0.076; letters shifted by one 0.077-0.339. Lost ligatures
# (0.001-0.017) can't be told from clean texts.
UNKNOWN_CHECK, UNKNOWN_BAD = 0.02, 0.07
# In a short text a few names would decide: the leaflet of one page has about 250 words.
MIN_UNKNOWN = 10
# Mean confidence of a page by Tesseract. Measured on t09 and t10, made coarser, blurred and
# noisy: from 86 on 95-100 % of the words are right that are found at best, 75-82 find 73-90 %,
# 66 and less find half or nothing.
CONFIDENCE_GOOD, CONFIDENCE_BAD = 85.0, 70.0
# Share of the pages that are lost before a document is called badly read. A fifth of a brochure
# is a chapter; this is a convention, not a measurement.
BAD_PAGES_SHARE = 0.2
# From this size on a text without any heading can't be found one's way in.
LONG_PAGES, LONG_WORDS = 3, 1000
MAX_SHOWN_HIDDEN = 3
SHOWN_HIDDEN_CHARS = 60

_INSTALL = "apt install tesseract-ocr tesseract-ocr-deu"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is to be known of a reading; "gut" is a mere note."""

    level: Light
    text: str
    """German: what is the case, and what to do."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a document was read. The light is that of the worst finding."""

    light: Light
    findings: tuple[Finding, ...]
    """The worst first."""


def judge(
    document: Document, passages: int, today: date, sections: Sequence[Section] = ()
) -> Quality:
    """Judge a reading by what is known of it; ``passages`` is how many it has.

    Where ``sections`` are given, a compiled document whose chapters have workshops isn't
    said to lack one.
    """
    found = [
        *_emptiness(document, passages),
        *_unreadable(document),
        *_recognised(document),
        *_unknown(document),
        *_hidden(document),
        *_structure(document),
        *_validity(document, today),
        *_statements(document, missing(document, sections)),
    ]
    findings = sorted(found, key=lambda finding: -LIGHTS.index(finding.level))
    return Quality(findings[0].level if findings else "gut", tuple(findings))


def notes(document: Document, *, can_recognise: bool) -> tuple[str, ...]:
    """Return what is to be said of a file right after reading in, in German.

    ``can_recognise`` tells whether character recognition is installed now.
    """
    extraction = document.extraction
    remarks = []
    if extraction.unreadable_pages:
        where = pages_text(extraction.unreadable_pages)
        remedy = _page_remedy(extraction.could_recognise, can_recognise=can_recognise)
        remarks.append(f"Ohne lesbaren Text: {where}. {remedy}")
    if doubtful := _below(extraction.recognised_pages, CONFIDENCE_GOOD):
        remarks.append(
            f"Mit Unsicherheit erkannt: {_confidences(doubtful)}. "
            f"„sozialraum documents report {document.id}“ zeigt den Text neben dem Bild."
        )
    if extraction.hidden:
        remarks.append(f"Verborgener Text ist weggelassen: {_concealments(extraction.hidden)}.")
    return tuple(remarks)


def pages_text(pages: Sequence[int]) -> str:
    """Name pages (indexes from 0) as they are counted: "Seiten 2, 5–7"."""
    runs = groupby(enumerate(sorted(set(pages))), key=lambda pair: pair[1] - pair[0])
    spans = [[page + 1 for _, page in run] for _, run in runs]
    named = [str(s[0]) if len(s) == 1 else f"{s[0]}–{s[-1]}" for s in spans]
    return f"{'Seite' if len(set(pages)) == 1 else 'Seiten'} {', '.join(named)}"


def missing(document: Document, sections: Sequence[Section] = ()) -> tuple[Statement, ...]:
    """Name what a document lacks: title, date, workshop; a catalogue needs only a title."""
    is_catalogue = document.category == "Katalog"
    has_workshop = document.workshop is not None or any(s.workshop is not None for s in sections)
    lacks: dict[Statement, bool] = {
        "Titel": document.title == (document.file.rpartition(".")[0] or document.file),
        "Stand": not document.date and not is_catalogue,
        "Werkstatt": not has_workshop and not is_catalogue,
    }
    return tuple(statement for statement, lacking in lacks.items() if lacking)


def unknown_share(document: Document) -> float:
    """Return how many of a document's words are unknown, 0 to 1."""
    return document.extraction.unknown_words / max(1, document.extraction.words)


# -- the rules -----------------------------------------------------------------------------


def _emptiness(document: Document, passages: int) -> list[Finding]:
    if passages:
        return []
    text = (
        "Aus dem Dokument ist keine Textstelle entstanden, also antwortet nichts daraus. "
        f"Entfernen Sie es mit „sozialraum documents remove {document.id}“ oder lesen Sie eine "
        "Fassung mit Text ein."
    )
    return [Finding("schlecht", text)]


def _unreadable(document: Document) -> list[Finding]:
    extraction = document.extraction
    lost, pages = len(extraction.unreadable_pages), len(document.page_labels)
    if not lost:
        return []
    level: Light = "schlecht" if lost >= BAD_PAGES_SHARE * pages else "prüfen"
    remedy = _page_remedy(extraction.could_recognise, can_recognise=extraction.could_recognise)
    where = pages_text(extraction.unreadable_pages)
    return [Finding(level, f"{lost} von {pages} Seiten ohne lesbaren Text: {where}. {remedy}")]


def _page_remedy(could_recognise: bool, *, can_recognise: bool) -> str:
    if could_recognise:
        return (
            "Auch die Texterkennung fand dort nichts. Zeigen die Seiten nur Bilder, ist nichts zu "
            "tun; steht dort Text, scannen Sie sie mit 300 dpi neu."
        )
    if can_recognise:
        return "Lesen Sie die Datei noch einmal ein, dann werden sie von der Texterkennung gelesen."
    return (
        f"Die Texterkennung fehlt: Der Befehl „{_INSTALL}“ richtet sie ein, danach genügt es, die "
        "Datei noch einmal einzulesen."
    )


def _recognised(document: Document) -> list[Finding]:
    pages = document.extraction.recognised_pages
    doubtful = _below(pages, CONFIDENCE_GOOD)
    if not doubtful:
        return []
    bad = _below(pages, CONFIDENCE_BAD)
    many = len(bad) >= BAD_PAGES_SHARE * len(document.page_labels)
    text = (
        f"Von der Texterkennung unsicher gelesen: {_confidences(doubtful)}. Vergleichen Sie dort "
        "den Text mit dem Bild; weicht er ab, scannen Sie die Seiten mit 300 dpi neu."
    )
    return [Finding("schlecht" if bad and many else "prüfen", text)]


def _below(pages: Sequence[RecognisedPage], bound: float) -> list[RecognisedPage]:
    return [page for page in pages if page.confidence < bound]


def _confidences(pages: Sequence[RecognisedPage]) -> str:
    lowest = min(page.confidence for page in pages)
    sure = f"{lowest:.0f} %" if len(pages) == 1 else f"ab {lowest:.0f} %"
    return f"{pages_text([page.page for page in pages])} (Sicherheit {sure})"


def _unknown(document: Document) -> list[Finding]:
    unknown, share = document.extraction.unknown_words, unknown_share(document)
    if unknown < MIN_UNKNOWN or share < UNKNOWN_CHECK:
        return []
    percent = f"{share * 100:.1f}".replace(".", ",")
    text = (
        f"{percent} % der Wörter stehen in keiner Wortliste; üblich ist weniger als 1 %. Prüfen "
        "Sie im Bericht, ob Umlaute fehlen oder Wörter zerfallen sind. Wenn ja, lesen Sie eine "
        "andere Fassung der Datei ein, zum Beispiel eine neu als PDF gespeicherte."
    )
    return [Finding("schlecht" if share >= UNKNOWN_BAD else "prüfen", text)]


def _hidden(document: Document) -> list[Finding]:
    hidden = document.extraction.hidden
    if not hidden:
        return []
    text = (
        f"Verborgener Text ist weggelassen: {_concealments(hidden)}. Gehört er zum Dokument, "
        "machen Sie ihn in der Datei sichtbar und lesen Sie sie noch einmal ein."
    )
    return [Finding("prüfen", text)]


def _concealments(hidden: Sequence[HiddenText]) -> str:
    """Name the kinds with their number, and show how the first few begin."""
    kinds = Counter(item.concealment for item in hidden)
    counted = ", ".join(f"{kind} ({number}×)" for kind, number in kinds.items())
    shown = [shortened(item.text) for item in hidden[:MAX_SHOWN_HIDDEN]]
    begins = ", ".join(f"„{text}“" for text in shown if text)
    return f"{counted}; Anfang: {begins}" if begins else counted


def shortened(text: str) -> str:
    """Return the beginning of hidden text on one line, without signs that do anything."""
    plain = " ".join(cleaned(text).split())
    return plain if len(plain) <= SHOWN_HIDDEN_CHARS else f"{plain[:SHOWN_HIDDEN_CHARS]} …"


def _structure(document: Document) -> list[Finding]:
    extraction, pages = document.extraction, len(document.page_labels)
    found = []
    long = pages > LONG_PAGES if pages else extraction.words > LONG_WORDS
    if long and not extraction.headings:
        text = (
            "Keine Überschrift ist erkannt, deshalb nennen Fundstellen keinen Abschnitt. Lesen Sie "
            "nach Möglichkeit die Datei ein, aus der diese entstanden ist (Word, OpenDocument), "
            "oder zeichnen Sie dort Überschriften als solche aus."
        )
        found.append(Finding("prüfen", text))
    if not pages:
        text = (
            f"Das Format{_named(extraction.format)} hat keine Seiten; belegt wird mit dem "
            "Abschnitt. Gibt es eine PDF-Fassung, lesen Sie besser diese ein."
        )
        found.append(Finding("gut", text))
    return found


def _named(format: str) -> str:
    return f" {format}" if format else ""


def _validity(document: Document, today: date) -> list[Finding]:
    found = []
    if document.replaced_by:
        text = (
            f"Das Dokument ist durch „{document.replaced_by}“ ersetzt. Prüfen Sie, ob es noch "
            f"antworten soll; „sozialraum documents remove {document.id}“ entfernt es."
        )
        found.append(Finding("prüfen", text))
    until = document.valid_until
    # ISO 8601: a year or month is over when today's has another one behind it.
    if until and until < today.isoformat()[: len(until)]:
        text = (
            f"Das Dokument galt bis {german_date(until) or until}. „sozialraum documents remove "
            f"{document.id}“ entfernt es; „sozialraum documents correct {document.id} "
            f"--valid-until {today.year + 1}“ berichtigt die Angabe."
        )
        found.append(Finding("prüfen", text))
    return found


def _statements(document: Document, lacking: Sequence[Statement]) -> list[Finding]:
    """Say how to add what is missing. Most documents lack date and workshop: a note is enough."""
    correct = f"„sozialraum documents correct {document.id}"
    remedies: dict[Statement, tuple[Light, str]] = {
        "Titel": (
            "prüfen",
            f"Der Titel fehlt, es steht der Dateiname da. Nachtragen: {correct} --title TITEL“.",
        ),
        "Stand": (
            "gut",
            f"Der Stand des Textes ist unbekannt. Nachtragen: {correct} --date 2018-03“.",
        ),
        "Werkstatt": (
            "gut",
            "Das Dokument gehört zu keiner Werkstatt. Gehört es zu einer, tragen Sie sie nach: "
            f"{correct} --workshop 3“.",
        ),
    }
    return [Finding(*remedies[statement]) for statement in lacking]


# -- unknown words -------------------------------------------------------------------------

# A sample is enough for a share, and a file of nothing but noise mustn't take minutes.
MAX_LOOKED_UP = 3000
_UNITS = "%‰€"
_SHORT_FORM_LETTERS = 7
_MIN_LETTERS = 3
_HYPHEN = re.compile("[-\u2010\u2011]")
_ADDRESS = re.compile(
    r"\S*(?:https?://|www\.|@)\S*|\b[\w-]+(?:\.[\w-]+)*\.(?:de|com|org|net|eu|info|nrw)\b\S*"
)
# No word is that long; on such noise the pattern above takes quadratic time.
_NOISE = re.compile(r"\S{200,}")
_CAPITAL_BEFORE = re.compile(r"(?<!\w)([^\W\d_a-zäöüß][\w’'.-]*) (?:(?:von|van|der|de|zu) )*$")
_CAPITAL_AFTER = re.compile(r" [^\W\d_a-zäöüß]")
_NAME_REACH = 30


def unknown_words(text: str) -> tuple[int, int]:
    """Return how many words a text has, and how many are unknown: (words, unknown).

    A word is unknown when no word list has it, nor its parts, and the text has it only once: a
    name or term comes again, a misread word seldom does. Numbers, addresses, short forms and
    names of two words ("Anke Hövelmann") aren't judged. From MAX_LOOKED_UP doubtful words on
    the number is estimated from a sample.
    """
    readable = _ADDRESS.sub(" ", _NOISE.sub(" ", text))
    tokens = (token for token in raw_tokens(readable) if token.kind == "word")
    words = [token for token in tokens if readable[token.start] not in _UNITS]
    seen = Counter(form for word in words for form in word.forms)
    doubtful = [word for word in words if any(seen[form] == 1 for form in word.forms)]
    sample = doubtful[:: -(-len(doubtful) // MAX_LOOKED_UP) or 1]
    unknown = sum(_is_unknown(word, seen, readable) for word in sample)
    return len(words), round(unknown * len(doubtful) / max(1, len(sample)))


def _is_unknown(word: RawToken, seen: Counter[str], text: str) -> bool:
    surface = text[word.start : word.end]
    if any(letter.isdigit() for letter in surface):
        return False
    short = {piece.lower() for piece in _HYPHEN.split(surface) if _is_short_form(piece)}
    new = {form for form in word.forms if seen[form] == 1 and len(form) >= _MIN_LETTERS}
    return not all(_is_form_known(form, word) for form in new - short) and not _is_name(word, text)


def _is_short_form(piece: str) -> bool:
    """Tell whether a piece is written like "AWO", "BauGB" or "MSAGD"."""
    return len(piece) <= _SHORT_FORM_LETTERS and sum(letter.isupper() for letter in piece) >= 2


def _is_form_known(form: str, word: RawToken) -> bool:
    if word.open_end and form == word.forms[-1]:  # "Quartiers-"
        links = (link for link in LINKS if form.endswith(link))
        return any(is_known(form.removesuffix(link)) for link in links)
    return is_known(form)


def _is_name(word: RawToken, text: str) -> bool:
    """Tell whether a word with a capital stands beside another one, as names do."""
    if not text[word.start].isupper():
        return False
    before = _CAPITAL_BEFORE.search(text[max(0, word.start - _NAME_REACH) : word.start])
    if before and before[1].lower() not in STOP_WORDS:  # "Die" begins a sentence
        return True
    return bool(_CAPITAL_AFTER.match(text[word.end : word.end + 2]))
