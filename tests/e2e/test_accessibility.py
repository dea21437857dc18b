"""Every view, light and dark, at three widths: axe's rules of WCAG 2.2 AA, and nothing cut off.

640 px is what a screen of 1280 px shows at 200 % zoom, 320 px what it shows at 400 %.
"""

import pytest

from tests.e2e.test_login import data, enter  # noqa: F401  # fixture
from tests.e2e.test_page import (  # noqa: F401  # fixture
    CHROMIUM,
    browser,
    playwright,
)
from tests.ui.access.serving import serving

axe = pytest.importorskip("axe_playwright_python.sync_playwright")

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium")

PATIENCE_MS = 60_000
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDTHS = (1280, 640, 320)
SCHEMES = ("light", "dark")
ASKED = {
    "answered": "Wie setze ich einen Verfügungsfonds ein?",
    "overview": "In welchen Werkstätten ging es um Sicherheit?",
    "compared": "Worin unterscheiden sich die Werkstätten in Bochum und Dortmund?",
    "refused": "Wie hoch ist der Eiffelturm?",
    "clarify": "IHK",
    "partial": "Was sagen Werkstatt 3 und Werkstatt 7 zur Polizei?",
}


@pytest.fixture(scope="module")
def address(data):  # noqa: F811
    """The product at loopback: all pages are open to the one person there."""
    with serving(data, history="on") as url:
        yield url


@pytest.fixture(scope="module", params=SCHEMES)
def page(request, browser):  # noqa: F811
    """A page in one colour scheme."""
    context = browser.new_context(color_scheme=request.param, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def assert_fit(page):
    """At every width axe finds nothing, and nothing is wider than the screen."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        # At the end of the page nothing lies behind the box that sticks to the lower edge.
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        page.wait_for_timeout(300)
        found = axe.Axe().run(page, options=RULES).response["violations"]
        told = [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found]
        assert not told, (width, told)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def ask(page, address, question):
    """Open the page for questions, ask, and wait for the answer."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(address)
    page.wait_for_selector("button.ask")
    page.get_by_label("Ihre Frage").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_selector(".reply:not(.waiting) h2, .reply h3")
    page.wait_for_selector(".take-away, .refusal, .suggestions")


def test_the_page_for_questions_before_any(page, address):
    """Empty, with its choice of documents open."""
    page.goto(address)
    page.wait_for_selector("button.ask")
    assert_fit(page)


@pytest.mark.parametrize("state", ASKED)
def test_an_answer(page, address, state):
    """Every kind of answer, with its source where it has one."""
    ask(page, address, ASKED[state])
    assert_fit(page)


@pytest.mark.parametrize(
    ("path", "ready"),
    [
        ("/werkstaetten", "#workshops table"),
        ("/unterlagen", "#documents-listing tbody tr"),
        ("/qualitaet", "#quality, [role=tablist]"),
        ("/anmelden", "body"),
    ],
)
def test_a_page(page, address, path, ready):
    """The overview, the editors' page, the maintainers' page."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{address}{path}")
    page.wait_for_selector(ready)
    assert_fit(page)


def test_an_answer_by_itself(page, address):
    """The page behind "Drucken" and the lasting link."""
    ask(page, address, ASKED["answered"])
    link = page.locator(".take-away").get_by_role("link", name="Drucken").get_attribute("href")
    page.goto(f"{address}{link}")
    page.wait_for_selector("h1")
    assert_fit(page)


def test_the_login(page, data):  # noqa: F811
    """Where nobody is logged in, and after a wrong password."""
    with serving(data, login="on") as url:
        page.goto(url)
        page.wait_for_selector("#name")
        assert_fit(page)
        page.fill("#name", "rita")
        page.fill("input[type=password]", "falsch geraten")
        page.keyboard.press("Enter")
        page.wait_for_selector("[role=alert], .trouble, .wrong")
        assert_fit(page)


def test_changing_the_password(page, data):  # noqa: F811
    """The form, what is wrong with it, that it is done, and the bar that leads to it."""
    with serving(data, login="on") as url:
        page.goto(f"{url}/anmelden?weiter=/passwort")
        enter(page, "rita")
        page.wait_for_selector("#current")
        assert_fit(page)
        for field in ("#current", "#new", "#again"):
            page.fill(field, field)
        page.keyboard.press("Enter")
        page.wait_for_selector("[aria-invalid] >> nth=1")
        assert_fit(page)
        page.goto(f"{url}/passwort?geaendert=ja")
        assert_fit(page)
        page.goto(url)
        page.wait_for_selector("#ways .own")
        assert_fit(page)
        page.goto(f"{url}/abmelden")
        page.click("button")
