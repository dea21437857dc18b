"""How well a document was read, in words an editor can act on."""

import random
import re
from datetime import date
from pathlib import Path

import pytest

from corpus.types import Extraction, HiddenText, RecognisedPage, Section
from ingest.quality import (
    UNKNOWN_BAD,
    UNKNOWN_CHECK,
    judge,
    notes,
    pages_text,
    unknown_words,
)
from tests.factories import make_document

SOURCES = sorted((Path(__file__).parents[2] / "corpus" / "sources").glob("*.md"))
TODAY = date(2026, 11, 23)
GOOD = Extraction(format="PDF", could_recognise=True, words=4000, unknown_words=4, headings=9)
MISREAD = str.maketrans("ecnultfhba", "ceun1ftbho")


def complete(**fields):
    """Return a document of ten pages that lacks nothing."""
    given = {
        "title": "Wohnen im Quartier",
        "date": "2018-03",
        "workshop": 3,
        "page_labels": (*"123456789", "10"),
        "extraction": GOOD,
    }
    return make_document("heft", **{**given, **fields})


def read(**fields):
    """Return a document of which this is known, else nothing bad."""
    values = {name: getattr(GOOD, name) for name in GOOD.__slots__}
    return complete(extraction=Extraction(**{**values, **fields}))


def findings(document, passages=12, sections=(), today=TODAY):
    """Return the light and the texts of all findings."""
    quality = judge(document, passages, today, sections)
    return quality.light, " ".join(finding.text for finding in quality.findings)


# -- unknown words -------------------------------------------------------------------------


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_clean_texts_raise_no_alarm_and_misread_ones_do(source):
    """One letter in 100 misread is noticed, one in 20 is bad; the text as it is, is neither."""

    def share(text):
        words, unknown = unknown_words(text)
        return unknown / words

    def misread(text, rate):
        dice = random.Random(1)  # noqa: S311  # the same faults on every run
        return "".join(c.translate(MISREAD) if dice.random() < rate else c for c in text)

    text = source.read_text("utf-8").partition("\n---\n")[2]

    assert share(text) < UNKNOWN_CHECK / 2
    assert share(misread(text, 1 / 100)) > UNKNOWN_CHECK
    assert share(misread(text, 1 / 20)) > UNKNOWN_BAD


def test_only_words_are_counted():
    """Numbers, percentages and addresses are no words."""
    text = "Seit 2016 tragen 12,5 % der Ämter (www.beispiel.de, post@stadt.de) § 171e BauGB mit."

    assert unknown_words(text) == (6, 0)


@pytest.mark.parametrize(
    "text",
    [
        "Es sprachen Anke Hövelmann und Mehmet Yıldırım von der AWO.",
        "Das BMFSFJ und die PrävG-Stelle fördern Bewohner:innen.",
        "Die Stadt- und Quartiersentwicklung braucht Gemeinwesenarbeit vor Ort.",
        "Wirx kamen wieder, und wirx blieben.",
    ],
    ids=["names", "short forms", "open compounds", "what comes again"],
)
def test_names_short_forms_and_terms_are_no_faults(text):
    """They are in no word list, but nothing is wrong with them."""
    assert unknown_words(text)[1] == 0


def test_faults_are_counted():
    """Misread words count one each, also a half of a hyphened one."""
    words, unknown = unknown_words("Die Qnartiere und die Werkstatt-Dokumentatlon lagen vcrn.")

    assert (words, unknown) == (7, 3)


def test_of_a_long_text_a_sample_is_enough():
    """The number of unknown words is estimated within a tenth when there are very many."""
    dice = random.Random(1)  # noqa: S311
    words = ["".join(dice.choices("bcdfghjkmpqvwxz", k=9)) for _ in range(20_000)]
    counted, unknown = unknown_words(" ".join(words))

    assert counted == 20_000
    assert 18_000 < unknown <= 20_000


def test_an_empty_text_has_no_words():
    """Nothing is divided by nothing."""
    assert unknown_words("") == (0, 0)
    assert findings(read(words=0, unknown_words=0))[0] == "gut"


# -- the light -----------------------------------------------------------------------------


def test_a_good_document_has_no_findings():
    """Nothing to say about a document that was read well and has all it needs."""
    assert findings(complete()) == ("gut", "")


@pytest.mark.parametrize(
    ("fields", "light", "words"),
    [
        ({"unreadable_pages": (1,)}, "prüfen", "1 von 10 Seiten ohne lesbaren Text: Seite 2."),
        ({"unreadable_pages": (1, 4, 5, 6)}, "schlecht", "Seiten 2, 5–7"),
        ({"recognised_pages": (RecognisedPage(3, 95.0),)}, "gut", ""),
        ({"recognised_pages": (RecognisedPage(3, 84.9),)}, "prüfen", "Seite 4 (Sicherheit 85 %)"),
        ({"recognised_pages": (RecognisedPage(3, 30.0),)}, "prüfen", "300 dpi"),
        (
            {"recognised_pages": (RecognisedPage(3, 50.0), RecognisedPage(7, 69.0))},
            "schlecht",
            "Seiten 4, 8 (Sicherheit ab 50 %)",
        ),
        ({"unknown_words": 79}, "gut", ""),
        ({"unknown_words": 80}, "prüfen", "2,0 % der Wörter"),
        ({"unknown_words": 280}, "schlecht", "7,0 % der Wörter"),
        ({"words": 100, "unknown_words": 9}, "gut", ""),
        ({"headings": 0}, "prüfen", "Keine Überschrift"),
    ],
)
def test_the_light_follows_the_measured_bounds(fields, light, words):
    """Each rule has its bound; the finding names what is the case."""
    found, text = findings(read(**fields))

    assert found == light
    assert words in text


def test_hidden_text_is_shown_and_to_be_checked():
    """Kinds are counted and beginnings shown; signs that steer a terminal are not."""
    hidden = (
        HiddenText("weiß auf weiß", "Ignoriere alle\x1b[2J " + "sehr " * 30, 2),
        HiddenText("Kommentar", "Bitte kürzen", 3),
        HiddenText("Kommentar", "Stimmt das?", 3),
        HiddenText("Kommentar", "Vierte Stelle", 3),
    )
    light, text = findings(read(hidden=hidden))

    assert light == "prüfen"
    assert "weiß auf weiß (1×), Kommentar (3×)" in text
    assert "„Ignoriere alle[2J sehr" in text
    assert "Vierte" not in text
    assert "\x1b" not in text


def test_missing_date_and_workshop_are_only_notes():
    """Most documents lack them; the light stays, the command is named."""
    light, text = findings(complete(date="", workshop=None))

    assert light == "gut"
    assert "documents correct heft --date 2018-03" in text
    assert "documents correct heft --workshop 3" in text


def test_chapters_with_workshops_are_enough():
    """A compiled document isn't said to belong to no workshop."""
    section = Section(0, ("1. Werkstatt: Wohnen",), 0, 10, 1, "Wohnen")

    assert findings(complete(workshop=None), sections=(section,)) == ("gut", "")


def test_a_file_name_is_no_title():
    """A title that only repeats the file's name is to be replaced."""
    light, text = findings(complete(title="heft"))

    assert light == "prüfen"
    assert "documents correct heft --title" in text


@pytest.mark.parametrize(
    ("until", "light"),
    [
        *(("2025", "prüfen"), ("2026", "gut"), ("2026-10", "prüfen"), ("2026-11", "gut")),
        *(("2026-11-22", "prüfen"), ("2026-11-23", "gut"), ("", "gut")),
    ],
)
def test_validity_ends_with_its_last_day(until, light):
    """A year, month or day stated as the end still counts as valid."""
    assert findings(complete(valid_until=until))[0] == light


def test_a_replaced_document_is_to_be_checked():
    """The successor and the way to remove it are named."""
    light, text = findings(complete(replaced_by="heft-2"))

    assert light == "prüfen"
    assert "„heft-2“" in text
    assert "documents remove heft" in text


def test_formats_without_pages_are_judged_by_their_words():
    """No page numbers is a note; no heading counts from about three pages of words on."""
    light, text = findings(complete(page_labels=(), extraction=Extraction(format="Word", words=50)))
    long, _ = findings(complete(page_labels=(), extraction=Extraction(format="Word", words=1500)))

    assert light == "gut"
    assert "Word hat keine Seiten" in text
    assert long == "prüfen"


def test_a_document_without_passages_is_bad():
    """It would be silently empty."""
    light, text = findings(complete(), passages=0)

    assert light == "schlecht"
    assert "documents remove heft" in text


def test_the_worst_finding_comes_first():
    """It decides the light."""
    document = read(unreadable_pages=tuple(range(9)), headings=0)
    quality = judge(document, 1, TODAY)

    assert [finding.level for finding in quality.findings] == ["schlecht", "prüfen"]


# -- notes after reading in ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("could", "can", "words"),
    [
        (False, False, "apt install tesseract-ocr tesseract-ocr-deu"),
        (False, True, "Lesen Sie die Datei noch einmal ein"),
        (True, True, "Zeigen die Seiten nur Bilder"),
    ],
)
def test_pages_without_text_come_with_what_helps(could, can, words):
    """It depends on whether recognition was there, and whether it is now."""
    (note,) = notes(read(unreadable_pages=(0, 2), could_recognise=could), can_recognise=can)

    assert note.startswith("Ohne lesbaren Text: Seiten 1, 3.")
    assert words in note
    assert ("apt install" in note) == (not could and not can)


def test_notes_name_doubtful_pages_and_hidden_text():
    """Each in a remark of its own; a well-read document has none."""
    recognised = (RecognisedPage(0, 93.0), RecognisedPage(4, 71.0))
    hidden = (HiddenText("ausgeblendet", "Entwurf", None),)
    doubtful, left_out = notes(read(recognised_pages=recognised, hidden=hidden), can_recognise=True)

    assert "Seite 5 (Sicherheit 71 %)" in doubtful
    assert "documents report heft" in doubtful
    assert "ausgeblendet (1×); Anfang: „Entwurf“" in left_out
    assert notes(complete(), can_recognise=True) == ()


@pytest.mark.parametrize(
    ("pages", "text"),
    [((0,), "Seite 1"), ((1, 0, 0), "Seiten 1–2"), ((7, 2, 3, 4, 10), "Seiten 3–5, 8, 11")],
)
def test_pages_are_named_as_they_are_counted(pages, text):
    """From 1, runs drawn together."""
    assert pages_text(pages) == text


def test_commands_are_in_quotation_marks():
    """Every command a finding names can be told from the sentence around it."""
    _, text = findings(complete(date="", workshop=None, title="heft", replaced_by="x"), passages=0)

    for found in re.finditer(r"sozialraum documents", text):
        assert text[found.start() - 1] == "„"
