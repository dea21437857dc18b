"""An editor adds a golden question in a real browser, from the search to the file."""

import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.evaluation import lint
from assistant.evaluation.golden_files import load_golden
from assistant.evaluation.source import GenerationSource
from corpus.generation import open_current
from corpus.store import Store
from tests.e2e.test_page import (  # noqa: F401  # fixtures
    CHROMIUM,
    LISTEN,
    ROOT,
    browser,
    playwright,
    wait_for,
)

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium")

QUESTION = "Was ist ein Verfügungsfonds in einem Satz?"
QUOTE = re.compile("Ein Verfügungsfonds ist ein Budget für ein Stadterneuerungsgebiet")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A copy of a part of the golden set, to be changed."""
    copy = tmp_path_factory.mktemp("fragen") / "golden"
    copy.mkdir()
    for name in ("gesundheit.yaml", "folgefragen.yaml"):
        shutil.copy(ROOT / "tests" / "golden" / name, copy)
    return copy


@pytest.fixture(scope="module")
def address(starter, folder):
    """The address of the pages over the starter collection and the copy."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tests.e2e.serve_quality", str(port), starter, folder]
    with subprocess.Popen(command, cwd=ROOT) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/gesund", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


class Desk:
    """The tab „Prüffragen“, with a log of what went wrong."""

    def __init__(self, browser, address, width=1280):  # noqa: F811
        self.page = browser.new_page(viewport={"width": width, "height": 900}, locale="en-US")
        self.page.set_default_timeout(30_000)
        self.complaints = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._listen)
        self.page.on("request", lambda request: self._asked(request.url, address))
        self.page.add_init_script(LISTEN)
        self.page.goto(f"{address}/qualitaet")
        self.page.get_by_role("tab", name="Prüffragen").click()
        self.page.wait_for_selector("#golden-table button")

    def _listen(self, message):
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _asked(self, url, address):
        if not url.startswith(address):
            self.complaints.append(url)

    def field(self, label):
        """Return the visible field whose name begins with the label."""
        pattern = re.compile(rf"^\s*{label}\b")
        return self.page.get_by_label(pattern).locator("visible=true").first

    def press(self, button):
        """Press a button by its name."""
        self.page.get_by_role("button", name=button, exact=True).click()

    def says(self, text):
        """Wait until the state of the form says so."""
        playwright.expect(self.page.locator("#golden-said")).to_contain_text(text)

    def has_form(self, title):
        """Wait until the form of an item is there, with the focus on its heading."""
        heading = self.page.locator("#golden-editor h2")
        playwright.expect(heading).to_have_text(title)
        playwright.expect(heading).to_be_focused()


@pytest.fixture
def desk(browser, address):  # noqa: F811
    """Open the tab; nothing may have gone wrong in the end."""
    opened = []

    def open_desk(**options):
        opened.append(Desk(browser, address, **options))
        return opened[-1]

    yield open_desk
    for each in opened:
        assert each.complaints == []
        each.page.close()


def test_an_editor_adds_a_question(desk, folder, starter):
    """Asked, evidence found, statement written, checked, saved: and it is a sound item."""
    one = desk()
    one.press("Neue Prüffrage")
    one.has_form("Neue Prüffrage")
    one.press("Prüfen")
    one.says("Es fehlt noch etwas")
    playwright.expect(one.page.locator("#golden-result")).to_contain_text(
        "Frage: darf nicht leer sein."
    )

    one.field("Frage").fill(QUESTION)
    one.field("Suchwörter").fill("Verfügungsfonds Budget Stadterneuerungsgebiet")
    one.press("Suchen")
    passage = one.page.locator(".search label").filter(has_text=QUOTE).first
    passage.click()
    one.page.locator(".search fieldset").nth(1).locator("label").filter(has_text=QUOTE).click()
    one.press("Als Beleg übernehmen")
    playwright.expect(one.field("Zitat")).to_have_value(QUOTE)
    playwright.expect(one.field("Dokument")).to_have_value("quartiersmanagement")

    one.press("Aussage hinzufügen")
    one.field("Aussage").fill("Ein Budget für ein Stadterneuerungsgebiet")
    one.field("Woran man sie erkennt").fill("Budget\nStadterneuerungsgebiet")
    one.field("Musterantwort").fill("Ein Budget für ein Stadterneuerungsgebiet.")
    one.press("Prüfen")
    one.says("Geprüft: Alle Regeln sind eingehalten.")
    result = one.page.locator("#golden-result")
    playwright.expect(result).to_contain_text("✓ ja: Die Frage wird beantwortet")
    playwright.expect(result).to_contain_text("✓ ja: Beleg der Gruppe A gefunden")
    playwright.expect(result.locator("mark").first).to_have_text("e1")
    one.press("Speichern")
    one.says("Gespeichert in entwuerfe.yaml.")

    golden = load_golden(folder)
    item = next(item for item in golden.items if item.question == QUESTION)
    source = GenerationSource(open_current(Store(starter)))
    assert golden.files[item.id] == "entwuerfe.yaml"
    assert item.status == "draft"
    assert item.evidence[0].pages
    assert not [*lint.quotes([item], source), *lint.answer([item])]


def test_an_item_is_found_changed_and_kept_apart(desk, folder):
    """Filtered, opened, one of its parts changed: only its line in the file is another."""
    path = Path(folder / "gesundheit.yaml")
    before = path.read_text(encoding="utf-8")
    one = desk(width=390)
    one.field("Suchen").fill("umweltgerechtigkeit begriffsklärung")
    playwright.expect(one.page.locator("#golden-table button")).to_have_count(1)
    one.page.locator("#pruef-ges-001").click()
    one.has_form("Prüffrage ges-001")
    playwright.expect(one.page.locator("#golden-editor .split")).to_contain_text(
        "nur zur Veröffentlichung"
    )
    one.page.locator(".pick label").filter(has_text="n2: Zugang zu Grün").click()
    playwright.expect(one.field("Aussage")).to_have_value("Zugang zu Grün sichern.")
    one.field("Aussage").fill("Den Zugang zu Grün sichern: für alle.")
    one.press("‹ Zur Liste")
    one.says("nicht gespeichert")
    one.press("Speichern")
    one.says("Gespeichert in gesundheit.yaml.")

    after = path.read_text(encoding="utf-8")
    changed = [
        (old, new)
        for old, new in zip(before.splitlines(), after.splitlines(), strict=True)
        if old != new
    ]
    assert changed == [
        (
            "        text: Zugang zu Grün sichern.",
            "        text: 'Den Zugang zu Grün sichern: für alle.'",
        )
    ]
    one.press("‹ Zur Liste")
    playwright.expect(one.page.locator("#pruef-ges-001")).to_be_visible()
