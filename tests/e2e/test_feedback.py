"""From a reader's rating to a draft in the golden set: the real product in a real browser."""

import json
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.evaluation.golden_files import load_golden
from tests.e2e.test_page import (  # noqa: F401  # fixtures
    CHROMIUM,
    NARROW,
    ROOT,
    browser,
    playwright,
    reach,
    visit,
    wait_for,
)

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium")

FUND = "Wie setze ich einen Verfügungsfonds ein?"
RENT = "Wie hoch ist das Wohngeld in Hamburg?"
KEEP = "Frage und Antwort dürfen gespeichert werden"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where feedback and golden questions lie."""
    made = tmp_path_factory.mktemp("feedback")
    (made / "golden").mkdir()
    return made


@pytest.fixture(scope="module")
def address(starter, folder):
    """The address of a server over the starter collection, with both pages."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tests.e2e.serve_feedback", *map(str, (port, starter, folder))]
    with subprocess.Popen(command, cwd=ROOT) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/gesund", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def stored(folder):
    """Return the entries on disk."""
    path = folder / "feedback" / "inbox.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_from_thumb_down_to_draft(visit, folder):  # noqa: F811
    """Rated with consent, found in the inbox, drafted with evidence, exported, deleted."""
    one = visit()
    page = one.page
    one.ask(RENT)
    page.get_by_role("button", name="Nicht hilfreich").click()
    assert page.locator("#conversation .rating-form label").first.inner_text() == (
        "zu Unrecht abgelehnt"
    )
    assert page.evaluate("document.activeElement.type") == "radio"
    assert not page.get_by_role("checkbox", name=KEEP).is_checked()
    assert not page.locator("#conversation textarea").is_visible()

    page.get_by_role("button", name="Senden").click()
    playwright.expect(page.locator("#conversation .need")).to_contain_text("einen Grund")
    page.get_by_role("radio", name="zu Unrecht abgelehnt").check()
    page.get_by_role("checkbox", name=KEEP).check()
    page.get_by_role("textbox", name="Bemerkung").fill("Es gab dazu <b>einen</b> Vortrag.")
    page.get_by_role("button", name="Senden").click()
    rated = page.locator("#conversation .rating")
    playwright.expect(rated).to_contain_text("Frage und Antwort sind gespeichert.")
    assert page.evaluate("document.activeElement.id") == "rating-0"
    assert "Danke. Frage und Antwort sind gespeichert." in page.evaluate("window.said")

    page.get_by_role("link", name="Qualität").click()
    page.get_by_role("tab", name="Rückmeldungen").click()
    page.locator(".entry", has_text=RENT).click()
    detail = page.locator("#feedback .detail")
    playwright.expect(detail).to_contain_text("Es gab dazu <b>einen</b> Vortrag.")
    playwright.expect(page.locator("#feedback-chosen")).to_be_focused()

    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("CSV")).click()
    assert RENT in Path(download.value.path()).read_text("utf-8-sig")

    page.get_by_role("button", name="Als Prüffrage vormerken").click()
    playwright.expect(page.locator("#feedback .notice")).to_contain_text("Vorgemerkt als")
    (item,) = load_golden(folder / "golden").items
    assert (item.status, item.question, len(item.evidence) >= 2) == ("draft", RENT, True)

    page.get_by_role("button", name="Löschen", exact=True).click()
    page.get_by_role("button", name="Ja, löschen").click()
    playwright.expect(page.locator("#feedback .notice")).to_contain_text("gelöscht")
    assert RENT not in (folder / "feedback" / "inbox.jsonl").read_text("utf-8")


def test_a_rating_by_keyboard_changed_and_taken_back(visit, folder):  # noqa: F811
    """Older answers keep their buttons; without consent only rating, reason and day are stored."""
    one = visit(NARROW)
    page = one.page
    one.ask(FUND)
    one.ask(RENT)
    before = len(stored(folder)) if (folder / "feedback").exists() else 0

    reach(page, "#rate-0-up", backwards=True)
    page.keyboard.press("Enter")
    first = page.locator("#rating-0")
    playwright.expect(first).to_contain_text("gezählt")

    reach(page, "#rate-0-down")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    playwright.expect(page.locator("#rate-0-down")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    reach(page, ".send")
    page.keyboard.press("Enter")
    playwright.expect(page.locator("#rate-0-down")).to_have_attribute("aria-pressed", "true")
    (entry,) = stored(folder)[before:]
    assert (entry["rating"], entry["reason"], entry["kept"]) == ("down", "wrong", None)

    first.get_by_role("button", name="Zurücknehmen").click()
    playwright.expect(first).to_contain_text("War das hilfreich?")
    assert len(stored(folder)) == before
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
