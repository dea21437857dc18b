"""What the command line shows a person."""

import os
import pty

from ingest.report import Receipt, Refused, Report
from ui.cli.output import progress_bars, report_text


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
