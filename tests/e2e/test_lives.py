"""A practitioner's whole task, by keyboard alone, at a server that wants a login.

An editor's life with a document is in test_documents.py, a maintainer's with measurements and
golden questions in test_quality_runs.py and test_quality_golden.py.
"""

import io

import pytest
from docx import Document

from tests.e2e.test_login import browser, data, enter, visit  # noqa: F401  # fixtures
from tests.e2e.test_page import CHROMIUM, playwright
from tests.ui.access.serving import serving

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium")

PATIENCE_MS = 60_000
QUESTION = "Wie setze ich einen Verfügungsfonds ein?"
FOLLOW_UP = "Und wer entscheidet darüber?"
MOST_TABS = 120


def tab_to(page, selector):
    """Press Tab until that has the focus, and return it: what can't be reached so fails."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return page.locator(":focus")
    raise AssertionError(f"the Tab key never reaches {selector}")


def outline(page):
    """Return how wide the focused part's outline is drawn, in px; 0 for none."""
    return page.evaluate(
        "() => { const s = getComputedStyle(document.activeElement);"
        " return s.outlineStyle === 'none' ? 0 : parseFloat(s.outlineWidth); }"
    )


def test_ask_read_check_rate_and_take_along(data, visit):  # noqa: F811
    """Without a mouse, from the login to the file, and every stop can be seen."""
    with serving(data, host="0.0.0.0") as url:  # noqa: S104  # with a login
        page = visit(f"{url}/")
        page.set_default_timeout(PATIENCE_MS)
        enter(page, "rita")
        page.wait_for_selector("button.ask")

        tab_to(page, "#question textarea")
        page.keyboard.type(QUESTION)
        page.keyboard.press("Enter")
        page.wait_for_selector(".reply.answered")
        assert "Stadtteilgremium" in page.locator(".reply").inner_text()

        tab_to(page, "a.cite")
        assert outline(page) >= 2
        playwright.expect(page.get_by_role("tooltip")).to_contain_text("S.")
        page.keyboard.press("Enter")
        playwright.expect(page.locator("#source-title")).to_be_focused()
        image = page.locator("#panel .page img")
        playwright.expect(image).to_have_js_property("complete", value=True)
        assert image.evaluate("i => i.naturalWidth") > 500

        tab_to(page, "#rate-0-up")
        page.keyboard.press("Enter")
        playwright.expect(page.locator(".exchange")).to_contain_text("Danke")

        link = tab_to(page, ".take-away a[href$='.docx']")
        assert outline(page) >= 2
        with page.expect_download() as loaded:
            link.press("Enter")
        memo = Document(io.BytesIO(loaded.value.path().read_bytes()))
        assert QUESTION in [paragraph.text for paragraph in memo.paragraphs]

        tab_to(page, "#question textarea")
        page.keyboard.type(FOLLOW_UP)
        page.keyboard.press("Enter")
        playwright.expect(page.locator(".reply")).to_have_count(2)
        playwright.expect(page.locator(".reply").last).to_contain_text("Gremium")
