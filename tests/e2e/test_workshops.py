"""The page one shows to the boss: the real product over the starter collection, in a browser."""

import io
import os

import pytest
from PIL import Image

from corpus.store import Store
from tests.e2e.test_answer import address, marked_share  # noqa: F401  # fixture
from tests.e2e.test_page import (  # noqa: F401  # fixture
    CHROMIUM,
    NARROW,
    NARROWEST,
    ROOT,
    WIDE,
    Visit,
    browser,
    playwright,
    reach,
)
from ui.local import LocalService

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium")

CELL = "zelle-sicherheit-3"


class Looking(Visit):
    """A visit to the page of the workshops."""

    def __init__(self, browser, address, size=WIDE, **options):  # noqa: F811
        super().__init__(browser, address, size, **options)
        self.open()

    def open(self, fragment=""):
        """Open the page, and wait for the map."""
        self.page.goto(f"{self.address}/werkstaetten{fragment}")
        self.page.wait_for_selector("#theme-map button")

    def image_source(self):
        """Return the address of the page image once it has been drawn."""
        self.page.wait_for_function(
            "() => { const i = document.querySelector('#theme-places img');"
            " return i && i.complete && i.naturalWidth > 400; }"
        )
        return self.page.locator("#theme-places img").get_attribute("src")

    def violations(self):
        """Return what axe finds wrong, by rule."""
        axe = pytest.importorskip("axe_playwright_python.sync_playwright")
        return [found["id"] for found in axe.Axe().run(self.page).response["violations"]]


@pytest.fixture
def look(browser, address):  # noqa: F811
    """Open visits that must end without foreign requests, failures and complaints."""
    opened = []

    def open_visit(size=WIDE, **options):
        opened.append(Looking(browser, address, size, **options))
        return opened[-1]

    yield open_visit
    for each in opened:
        each.assert_clean()
        each.context.close()


def test_figures_are_those_of_the_library(look, starter):
    """The headline, every card and every cell of the map say what the collection holds."""
    service = LocalService(Store(starter), None)
    counted, workshops = service.themes(), service.overview().workshops
    page = look().page

    known = [sum(w.status == s for w in workshops) for s in ("belegt", "angekündigt", "unbekannt")]
    proven, announced, unknown = known
    assert page.locator("#workshop-series h2").inner_text() == (
        f"{len(workshops)} Werkstätten: {proven}\xa0belegt, {announced}\xa0angekündigt, "
        f"{unknown}\xa0unbekannt"
    )
    for workshop in workshops:
        card = page.locator(f"#werkstatt-{workshop.number}")
        assert workshop.theme in card.inner_text()
    expected = {
        f"zelle-{theme}-{'ohne' if column is None else column}": len(ids)
        for (theme, column), ids in counted.cells.items()
    }
    shown = page.locator("#theme-map button").evaluate_all(
        "all => Object.fromEntries(all.map(b =>"
        " [b.id, Number(b.querySelector('.count').innerText.split(' ')[0])]))"
    )
    assert shown == expected
    assert len(shown) > 30
    # Of workshop 3: its booklet, and its chapter of the anthology.
    assert counted.documents[3] == {"werkstatt-03": 14, "sammelband": 5}
    assert counted.sizes[3] == 19


def test_a_cell_opens_its_passages_by_keyboard(look):
    """To the map by Tab, over it by arrows, in by Enter, to a page, and back by Escape."""
    one = look()
    page = one.page
    page.locator("#karte").focus()
    reach(page, "button#zelle-sozialraum-1")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "zelle-sozialraum-3"
    while page.evaluate("document.activeElement.id") != CELL:
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    playwright.expect(page.locator("#stellen")).to_be_focused()
    playwright.expect(page.locator("#stellen")).to_be_in_viewport()
    assert (
        page.locator("#stellen").inner_text() == "Sicherheit und Kriminalprävention in Werkstatt 3"
    )
    assert page.locator(f"#{CELL}").get_attribute("aria-pressed") == "true"
    # The address leads back here, not to the first page, which the page's base is.
    assert page.url == f"{one.address}/werkstaetten#{CELL}"
    assert "Sicherheitsgefühl" in page.locator("#theme-places mark").all_inner_texts()
    content = page.request.get(one.address + one.image_source()).body()
    assert 0.001 < marked_share(content) < 0.5

    reach(page, "button.shows:not([aria-pressed=true])")
    page.keyboard.press("Enter")
    playwright.expect(page.locator(".spot.chosen")).to_contain_text("Begriffe zur")
    playwright.expect(page.locator(".spot.chosen button")).to_be_focused()
    one.image_source()

    page.keyboard.press("Escape")
    playwright.expect(page.locator(f"#{CELL}")).to_be_focused()


def test_an_address_opens_its_cell(look):
    """What was opened can be sent as a link; asking takes question and workshop along."""
    one = look()
    one.page.goto("about:blank")
    one.open(f"#{CELL}")

    playwright.expect(one.page.locator("#stellen")).to_contain_text("in Werkstatt 3")
    asks = one.page.get_by_role("link", name="Dazu fragen").get_attribute("href")
    assert asks.startswith("/?frage=Was%20ist%20zum%20Thema%20Sicherheit")
    assert asks.endswith("&werkstatt=3")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW, NARROWEST])
def test_everybody_can_use_it(look, size, scheme):
    """axe finds nothing, nothing runs over, and what can be pressed is large enough."""
    one = look(size, color_scheme=scheme)
    one.page.locator(f"#{CELL}").click()
    one.image_source()
    one.page.locator(".method summary").click()

    assert one.violations() == []
    assert one.page.evaluate("document.documentElement.scrollWidth") == size[0]
    small = one.page.locator("#workshops :is(button, summary, a.disc)").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect())"
        ".filter(r => r.width && (r.width < 24 || r.height < 24)).length"
    )
    assert small == 0


def test_screenshot(look):
    """The README's second picture can be taken anew: UPDATE_SCREENSHOT=1."""
    one = look((1280, 900))
    one.page.locator("#karte").evaluate("e => e.scrollIntoView()")
    picture = one.page.screenshot()
    assert Image.open(io.BytesIO(picture)).size == (1280, 900)
    if os.environ.get("UPDATE_SCREENSHOT"):
        (ROOT / "docs" / "werkstaetten.png").write_bytes(picture)
