"""Hand in, look, read in, ask, correct, undo, delete: the real product in a real browser."""

import os
import shutil
import socket
import subprocess
import sys

import pytest

from tests.e2e.test_page import (  # noqa: F401  # fixture
    CHROMIUM,
    NARROW,
    ROOT,
    Visit,
    browser,
    playwright,
    wait_for,
)

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium")

PATIENCE_MS = 120_000
TESTDOCS = ROOT / "tests" / "testdocs"
PDF = TESTDOCS / "w1_einspaltig.pdf"
SCAN = TESTDOCS / "tricky" / "t11_gemischt_text_scan.pdf"
TITLE = "Werkstattreihe Sozialraum gestalten"


class Server:
    """The product as it is started by hand, over one data folder."""

    def __init__(self, data):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "SOZIALRAUM_DATA": str(data),
            "SOZIALRAUM_PORT": str(self.port),
            "PYTHONPATH": str(ROOT),
        }
        self.start()

    def start(self):
        """Start, and return when it answers."""
        command = [sys.executable, "-c", "from ui.cli.main import main; main()", "serve"]
        self.process = subprocess.Popen(command, env=self.environment, cwd=ROOT)
        wait_for(f"{self.address}/gesund", self.process)

    def stop(self, *, kill=False):
        """End the process, gently or not."""
        if kill:
            self.process.kill()
        else:
            self.process.terminate()
        self.process.wait()


@pytest.fixture
def server(starter, tmp_path):
    """The running product over a copy of the starter collection."""
    one = Server(shutil.copytree(starter, tmp_path / "daten"))
    yield one
    one.stop()


class Keeping(Visit):
    """A visit to the page for documents."""

    def __init__(self, browser, address, **options):  # noqa: F811
        super().__init__(browser, address, **options)
        self.context.set_default_timeout(PATIENCE_MS)
        self.open()

    def open(self):
        """Open the page, and wait for the list."""
        self.page.goto(f"{self.address}/unterlagen")
        self.page.wait_for_selector("#documents-listing tbody tr")

    def hand_in(self, *files):
        """Choose files, and wait until they lie in the inbox."""
        with self.page.expect_file_chooser() as chooser:
            self.press("Dateien auswählen")
        chooser.value.set_files([str(file) for file in files])
        self.page.wait_for_selector("#documents-inbox .staged")

    def press(self, name):
        """Press the button of that name."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def shows(self, selector, words):
        """Wait until a part says something."""
        part = self.page.locator(selector).first
        playwright.expect(part).to_contain_text(words, timeout=PATIENCE_MS)
        return part

    def open_document(self, place, *, by_key=False):
        """Open the document in that place of the list, and return its title."""
        title = self.page.locator("#documents-listing button.open").nth(place)
        name = title.inner_text()
        if by_key:
            title.press("Enter")
        else:
            title.click()
        self.shows("#documents-detail h2", name)
        return name

    def find(self, words):
        """Search in the list, and return the names found."""
        self.page.get_by_label("In der Liste suchen").fill(words)
        found = self.page.locator("#documents-listing tbody button")
        self.shows("#documents-count", "von")
        return found


@pytest.fixture
def visit(browser, server):  # noqa: F811
    """A visit that must end without foreign requests, failures and complaints."""
    one = Keeping(browser, server.address)
    yield one
    one.assert_clean()
    one.context.close()


def test_the_life_of_a_document(visit, server):
    """From the upload to the receipt, with a question in between."""
    page = visit.page
    visit.hand_in(PDF)
    visit.shows("#documents-inbox", PDF.name)
    visit.press("Prüfen, was sich ändert")
    visit.shows("#documents-preview", "Neu (1)")
    visit.shows("#documents-preview", TITLE)
    playwright.expect(page.locator("#documents-preview h3")).to_be_focused()
    visit.shows("#documents-count", "17 Unterlagen")

    visit.press("Einlesen")
    visit.shows("#documents-outcome", "1 Unterlage neu")
    visit.shows("#header", "18 Unterlagen")

    page.goto(server.address)
    page.wait_for_selector("button.ask")
    page.get_by_label("Ihre Frage").fill("Was kostet die Hausaufgabenhilfe?")
    page.keyboard.press("Enter")
    visit.shows(".reply", "18.900")

    visit.open()
    visit.find(TITLE).first.click()
    visit.shows("#documents-detail h2", TITLE)
    page.get_by_label("Titel").fill("Werkstattreihe <i>neu</i>")
    page.get_by_label("Gültig bis").fill("2019-12-31")
    visit.press("Änderung prüfen")
    visit.shows("#documents-correction", "31. Dezember 2019")
    visit.press("Speichern")
    visit.shows("#documents-outcome", "gespeichert")
    visit.shows("#documents-detail h2", "Werkstattreihe <i>neu</i>")
    visit.shows("#documents-detail .states", "abgelaufen")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Lesebericht").click()
    images = opened.value.locator("article.page-report img")
    playwright.expect(images).to_have_count(9, timeout=PATIENCE_MS)
    opened.value.close()

    visit.press("Zurück zur Liste")
    visit.press("Letzte Änderung zurücknehmen")
    visit.shows("#documents-undo", "Wird wieder, wie es war: „" + TITLE)
    visit.press("Zurücknehmen")
    visit.shows("#documents-outcome", "Der frühere Stand gilt wieder.")
    visit.find(TITLE).first.click()
    visit.press("Unterlage entfernen …")
    visit.shows("#documents-removal", f"„{TITLE}“ entfernen?")
    visit.press("Endgültig löschen")
    visit.shows("#documents-outcome", "nichts mehr gefunden")
    with page.expect_download() as loaded:
        page.get_by_role("link", name="Beleg herunterladen").click()
    receipt = loaded.value.path().read_text("utf-8")
    assert TITLE in receipt
    assert "Ergebnis: nichts mehr gefunden" in receipt


def test_a_killed_server_goes_on_where_it_was(browser, server):  # noqa: F811
    """kill -9 while a page is recognised: the collection is as it was, and the rest is resumed."""
    visit = Keeping(browser, server.address)
    visit.hand_in(SCAN)
    visit.press("Prüfen, was sich ändert")
    visit.shows("#documents-progress", "Seite")
    server.stop(kill=True)
    server.start()

    visit.open()
    visit.shows("#documents-inbox", "Eine Prüfung wurde unterbrochen")
    visit.shows("#documents-count", "17 Unterlagen")
    visit.press("Fortsetzen")
    visit.shows("#documents-preview", "Neu (1)")
    visit.press("Verwerfen")
    playwright.expect(visit.page.locator("#documents-preview h3")).to_have_count(0)
    visit.context.close()


def test_two_tabs_press_at_once(browser, server):  # noqa: F811
    """The second is told; both see the same run, and it can be stopped from either."""
    first, second = (Keeping(browser, server.address) for _ in range(2))
    first.hand_in(SCAN)
    second.open()
    first.press("Prüfen, was sich ändert")
    first.shows("#documents-progress", "werden gelesen")
    second.press("Prüfen, was sich ändert")
    second.shows("#documents-said", "Es läuft schon ein Vorgang")
    second.press("Abbrechen")
    first.shows("#documents-heard", "Die Prüfung ist abgebrochen.")
    for one in (first, second):
        one.assert_clean()
        one.context.close()


def test_what_was_refused_stays_said(browser, server):  # noqa: F811
    """While another tab saves and after it has: until something else is pressed."""
    first, second = (Keeping(browser, server.address) for _ in range(2))
    first.open_document(0)
    first.page.get_by_label("Herkunft").fill("aus dem Archiv")
    first.press("Änderung prüfen")
    first.shows("#documents-correction", "aus dem Archiv")
    kept = second.open_document(1)
    second.press("Unterlage entfernen …")
    second.shows("#documents-removal", f"„{kept}“ entfernen?")

    first.press("Speichern")
    first.shows("#documents-progress", "werden gespeichert")
    second.press("Entfernen")
    refusal = second.shows("#documents-said p", "Es läuft schon ein Vorgang")
    playwright.expect(refusal).to_be_focused()
    second.shows("#documents-progress", "werden gespeichert")
    second.shows("#documents-outcome", "gespeichert")
    second.shows("#documents-removal", "Unterlage entfernen …")
    playwright.expect(refusal).to_contain_text("Es läuft schon ein Vorgang")
    playwright.expect(refusal).to_be_focused()

    second.press("Unterlage entfernen …")
    second.shows("#documents-removal", f"„{kept}“ entfernen?")
    playwright.expect(second.page.locator("#documents-said")).to_have_text("")
    for one in (first, second):
        one.assert_clean()
        one.context.close()


@pytest.mark.parametrize("by_key", [False, True], ids=["mouse", "Enter"])
def test_the_focus_goes_to_a_document_and_back(visit, by_key):
    """To its heading, and to the title that was pressed; also when it is called otherwise now."""
    page = visit.page
    heading = page.locator("#documents-detail h2")
    for place in (8, 2):
        name = visit.open_document(place, by_key=by_key)
        playwright.expect(heading).to_be_focused()
        visit.press("Zurück zur Liste")
        playwright.expect(page.get_by_role("button", name=name, exact=True)).to_be_focused()

    visit.open_document(2)
    page.get_by_label("Titel").fill("Ein anderer Titel")
    visit.press("Änderung prüfen")
    visit.press("Speichern")
    visit.shows("#documents-outcome", "gespeichert")
    visit.press("Zurück zur Liste")
    renamed = page.get_by_role("button", name="Ein anderer Titel", exact=True)
    playwright.expect(renamed).to_be_focused()


def test_nothing_runs_over_on_a_phone(browser, server):  # noqa: F811
    """The list is cards, and no part is wider than the screen."""
    visit = Keeping(browser, server.address, size=NARROW)
    page = visit.page
    visit.hand_in(PDF)
    page.locator("#documents-listing button.open").first.click()
    page.wait_for_selector("#documents-detail h2")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
    visit.press("Zurück zur Liste")
    page.wait_for_selector("#documents-listing tbody tr")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
    visit.assert_clean()
    visit.context.close()
