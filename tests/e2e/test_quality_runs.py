"""Measure, look, compare and remove: the tab „Messungen“ of the real product in a real browser."""

import json
import shutil
import socket
import subprocess
import sys

import pytest

from assistant.evaluation.golden_files import load_golden
from tests.e2e.test_page import (  # noqa: F401  # fixture
    CHROMIUM,
    ROOT,
    Visit,
    browser,
    playwright,
    wait_for,
)
from ui.evaluation.places import EVALUATIONS, LOOKS

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium")

PATIENCE_MS = 90_000
EVERY = 6
"""Every sixth item, with its paraphrases, keeps two cores busy long enough to reload the page."""


@pytest.fixture(scope="module")
def golden(tmp_path_factory):
    """A folder of golden questions of either split."""
    folder = tmp_path_factory.mktemp("fragen")
    items = [i.model_dump(mode="json") for i in load_golden(ROOT / "tests" / "golden").items]
    content = json.dumps({"schema": 1, "items": items[::EVERY]}, ensure_ascii=False)
    (folder / "klein.yaml").write_text(content, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def data(starter, tmp_path_factory):
    """A copy of the starter collection, to write runs into."""
    return shutil.copytree(starter, tmp_path_factory.mktemp("daten") / "d")


@pytest.fixture(scope="module")
def address(data, golden):
    """The address of the running application."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tests.e2e.serve_quality", str(port), str(data), str(golden)]
    with subprocess.Popen(command, cwd=ROOT) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/gesund", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


class Measuring(Visit):
    """A visit to the tab."""

    def __init__(self, browser, address):  # noqa: F811
        super().__init__(browser, address)
        self.context.set_default_timeout(PATIENCE_MS)
        self.open()

    def open(self):
        """Open the page, and wait for the list."""
        self.page.goto(f"{self.address}/qualitaet")
        self.page.wait_for_selector("#listing h2")

    def shows(self, selector, words):
        """Wait until a part says something."""
        part = self.page.locator(selector).first
        playwright.expect(part).to_contain_text(words, timeout=PATIENCE_MS)
        return part


@pytest.fixture
def visit(browser, address):  # noqa: F811
    """A visit that must end without foreign requests, failures and complaints."""
    one = Measuring(browser, address)
    yield one
    one.assert_clean()
    one.context.close()


def runs_in(data):
    """Return the names of all runs on disk."""
    folder = data / EVALUATIONS
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def test_measure_reload_compare_and_remove(visit, data):
    """The whole task; a question is answered while the measurement runs."""
    page = visit.page
    visit.shows("#listing", "Noch keine.")

    page.get_by_role("button", name="Messung starten").click()
    visit.shows("#progress", "von")
    visit.open()
    bar = page.locator("#progress progress")
    playwright.expect(bar).to_have_attribute("aria-label", "Fortschritt: Fragen stellen")
    playwright.expect(page.get_by_role("button", name="Abbrechen")).to_be_visible()

    page.goto(visit.address)
    page.wait_for_selector("button.ask")
    reply = visit.ask("Welche Prinzipien hat die Sozialraumorientierung?")
    assert "Selbsthilfe" in reply.inner_text()
    visit.open()
    visit.shows("#listing tbody", "Zu Recht abgelehnt")

    page.get_by_role("button", name="Messung starten").click()
    rows = page.locator("#listing tbody tr")
    playwright.expect(rows).to_have_count(2, timeout=PATIENCE_MS)
    visit.shows("#said", "Die Messung ist fertig.")
    visit.shows("#detail article", "Die festen Zusagen halten")
    assert len(runs_in(data)) == 2

    page.locator("#listing button.open").last.click()
    playwright.expect(page.locator("#detail h2")).to_be_focused()
    page.wait_for_function(
        "() => { const all = [...document.querySelectorAll('#detail img')];"
        " return all.length === 4 && all.every(i => i.complete && i.naturalWidth > 100); }"
    )
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Ganzer Bericht").click()
    assert opened.value.locator("h1").inner_text() == "Antwortgüte: Prüffragen „dev“"
    opened.value.close()

    page.get_by_role("button", name="Vergleichen").click()
    visit.shows("#compared-runs", "Nicht entschieden")
    visit.shows("#compared-runs", "bei keiner von")

    page.locator("#detail").get_by_role("button", name="Löschen").click()
    playwright.expect(page.locator("#detail .really p")).to_be_focused()
    page.get_by_role("button", name="Endgültig löschen").click()
    playwright.expect(rows).to_have_count(1)
    playwright.expect(page.locator("#listing h2")).to_be_focused()
    assert len(runs_in(data)) == 1


def test_the_test_split_is_asked_for_twice_and_can_be_cancelled(visit, data, golden):
    """Choosing it explains itself; cancelling leaves no run, and the look is counted."""
    page, before = visit.page, runs_in(data)
    page.get_by_label("test: nur zur Veröffentlichung").check()
    visit.shows("#counted", "Bisher: noch nie.")
    page.get_by_role("button", name="Messung starten").click()
    visit.shows("#said", "Bitte bestätigen Sie zuerst")
    assert not (golden / LOOKS).exists()

    page.get_by_label("Diese Messung ist für eine Veröffentlichung").check()
    page.get_by_role("button", name="Messung starten").click()
    visit.shows("#progress", "von")
    page.get_by_role("button", name="Abbrechen").click()
    visit.shows("#said", "Der Blick auf „test“ bleibt gezählt.")

    assert page.get_by_label("dev: zum Verbessern").is_checked()
    assert runs_in(data) == before
    assert len((golden / LOOKS).read_text(encoding="utf-8").splitlines()) == 1
