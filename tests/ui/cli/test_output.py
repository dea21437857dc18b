"""What the command line shows a person."""

import os
import pty

from assistant.search.explain import Explanation, TermShare
from assistant.search.rerank import Step
from corpus.types import Hit
from ingest.report import Receipt, Refused, Report
from tests.factories import make_document, make_passage
from ui.cli.output import explained_text, progress_bars, report_text


def test_progress_is_drawn_on_a_terminal(monkeypatch):
    """On a terminal each stage has a bar, even where the terminal doesn't know its width."""
    reader, writer = pty.openpty()
    with os.fdopen(writer, "w") as terminal:
        monkeypatch.setattr("sys.stderr", terminal)
        with progress_bars() as show:
            show("Einlesen der Dateien", 0, 3)
            show("Einlesen der Dateien", 3, 3)
    drawn = os.read(reader, 65536).decode()
    os.close(reader)

    assert "Einlesen der Dateien: 100 %" in drawn
    assert "noch 00:00" in drawn


def test_progress_is_silent_in_a_pipe(capsys):
    """Where stderr is no terminal nothing is drawn."""
    with progress_bars() as show:
        show("Einlesen der Dateien", 1, 3)

    assert capsys.readouterr().err == ""


def test_report_names_what_happened():
    """Every change and refusal has its line, and undo is mentioned."""
    text = report_text(
        Report(
            added=("neu-da",),
            removed=("weg",),
            refused=(Refused("x.pdf", "ERR_FILE_EMPTY", "„x.pdf“ ist leer."),),
            passages=7,
            generation="000002-ab",
            seconds=1.25,
        )
    )

    assert "neu: neu-da" in text
    assert "entfernt: weg" in text
    assert "nicht gelesen (ERR_FILE_EMPTY): „x.pdf“ ist leer." in text
    assert "7 Abschnitte" in text
    assert "undo" in text
    assert "1,2 s" in text


def test_names_of_files_cannot_steer_the_terminal():
    """Line ends, escape signs and signs that turn the direction aren't printed."""
    refused = Refused("x", "ERR_FILE_EMPTY", "„a\n\x1b[2Jneu: b\u202efdp.pdf“ ist leer.")
    text = report_text(Report(refused=(refused,)))

    assert "\x1b" not in text
    assert "\u202e" not in text
    assert not any(line.startswith("neu:") for line in text.splitlines())


def test_purge_promises_no_undo_and_claims_no_search_it_did_not_make():
    """After deleting for good there is no undo; without a sentence to search for, that is said."""
    report = Report(removed=("heft",), receipt=Receipt(("heft 1",), "2026-11-23T05:02:00", 9, 9, 0))
    text = report_text(report)

    assert "macht die Änderung rückgängig" not in text
    assert "nichts mehr gefunden" not in text
    assert "einen eigenen Satz" in text


def test_an_explanation_is_told_in_german():
    """Words as typed and as searched, where they stand, and what gave way to what."""
    first, second = (make_passage(f"Text {n}.", ordinal=n) for n in (1, 2))
    shares = (
        TermShare("Parks", "words", ("park",), 1.0, False, (("words", 0.3), ("parts", 0.1))),
        TermShare("Grün", "grams", ("grün", "ngrü"), 0.3, True, (("heading", 0.1234),)),
        TermShare("leer", "grams", ("leer",), 0.6, False, (("text", 0.0001),)),
    )
    told = explained_text(
        [
            Explanation(Hit(first, 0.7, 1), shares, 0.1766, ()),
            Explanation(Hit(second, 0.2, 2), (), 0.25, (Step("repeats", -0.05, first.id),)),
        ],
        {"heft": make_document()},
    )

    assert told == (
        "1. (0.700) Heft › Kapitel\n   Text 1.\n"
        "   Worte: +0,400\n     „Parks“ → park (Gewicht 1,00): Text +0,300, "
        "Wortteile im Text +0,100\n"
        "   Zeichenfolgen: +0,123\n     „Grün“ → 2 davon (Gewicht 0,30, ergänzt): "
        "Überschrift +0,123\n"
        "   Sprachmodell: +0,177\n\n"
        "2. (0.200) Heft › Kapitel\n   Text 2.\n   Worte: +0,000\n   Zeichenfolgen: +0,000\n"
        "   Sprachmodell: +0,250\n   Nachgeordnet: -0,050 – sagt fast dasselbe wie Treffer 1"
    )
    assert explained_text([], {}) == "Nichts gefunden."
