"""The readers' pages in English: the real product in a real browser."""

import pytest

from tests.e2e.test_accessibility import ASKED, PATIENCE_MS, address, assert_fit  # noqa: F401
from tests.e2e.test_login import data  # noqa: F401  # fixture
from tests.e2e.test_page import CHROMIUM, browser, playwright  # noqa: F401  # fixtures
from tests.ui.english import GERMAN

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium")

# All that is seen or heard, and isn't marked as German.
HEARD = """() => {
  const said = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (parent.closest("script, style, noscript")) continue;
    if (parent.closest("[lang]").lang === "en") said.push(node.textContent);
  }
  for (const element of document.body.querySelectorAll("[aria-label], [alt], [placeholder]")) {
    if (element.closest("[lang]").lang !== "en") continue;
    for (const name of ["aria-label", "alt", "placeholder"]) {
      said.push((element.getAttribute(name) || "").replace(/“.*?”/g, ""));
    }
  }
  return said.filter((text) => text.trim());
}"""


@pytest.fixture
def page(browser):  # noqa: F811
    """A page of a browser that knows nothing yet."""
    context = browser.new_context(reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


@pytest.fixture
def english(page, address):  # noqa: F811
    """The same, after English was chosen on the first page."""
    page.goto(address)
    page.wait_for_selector("button.ask")
    page.get_by_role("link", name="English").press("Enter")
    page.wait_for_selector("html[lang=en] button.ask")
    return page


def ask(page, label, question):
    """Ask, and wait for the whole answer."""
    page.get_by_label(label).fill(question)
    page.keyboard.press("Enter")
    page.wait_for_selector(".take-away, .refusal, .suggestions")


def sentences(page):
    """Return what the answer says, without the numbers of its sources."""
    runs = page.locator(".reply .run").all_inner_texts()
    return [run.partition("\u00a0[")[0] for run in runs]


def assert_english(page):
    """Nothing that isn't marked German sounds German; and there is something to hear."""
    said = page.evaluate(HEARD)
    assert len(said) > 10
    assert [text for text in said if GERMAN.search(text)] == []


def test_a_reader_goes_over_to_english_and_back(page, address):  # noqa: F811
    """By keyboard, and what the search is limited to stays; the sentences are the same ones."""
    page.goto(f"{address}/?werkstatt=3")
    page.wait_for_selector("button.ask")
    ask(page, "Ihre Frage", "Wo fand die Werkstatt statt?")
    german = sentences(page)
    # It begins anew, so that is asked first; what is typed goes along.
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("link", name="English").press("Enter")
    assert sentences(page) == german
    draft = "Und wann war das genau? " * 100
    page.get_by_label("Ihre Frage").fill(draft)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="English").press("Enter")
    page.wait_for_selector("html[lang=en] button.ask")
    assert page.url == f"{address}/?werkstatt=3"
    playwright.expect(page.get_by_label("Your question")).to_have_value(draft)
    assert_english(page)

    ask(page, "Your question", "Wo fand die Werkstatt statt?")
    assert sentences(page) == german != []
    assert page.locator(".reply .run [lang=de], .reply .run[lang=de]").count() > 0
    page.locator("a.cite").first.press("Enter")
    page.wait_for_selector("#panel img")
    assert page.get_by_role("heading", name="Text of the passage").is_visible()
    assert_english(page)

    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="Deutsch").press("Enter")
    page.wait_for_selector("html[lang=de] button.ask")
    assert page.get_by_label("Ihre Frage").is_visible()


@pytest.mark.parametrize("state", ASKED)
def test_an_answer_is_told_in_english(english, state):
    """Every kind of answer, in every width, without a violation."""
    ask(english, "Your question", ASKED[state])
    assert_english(english)
    assert_fit(english)


def test_the_workshops_are_told_in_english(english, address):  # noqa: F811
    """The overview and its map, with the passages of a cell."""
    english.goto(f"{address}/werkstaetten")
    english.wait_for_selector("#workshops table")
    english.locator("#workshops table button").first.press("Enter")
    english.get_by_role("button", name="Show page").first.wait_for()
    english.get_by_role("link", name="Deutsch").press("Enter")
    english.get_by_role("button", name="Seite zeigen").first.wait_for()
    english.get_by_role("link", name="English").press("Enter")
    english.get_by_role("button", name="Show page").first.wait_for()
    assert_english(english)
    assert_fit(english)


def test_an_answer_by_itself_is_told_in_english(english, address):  # noqa: F811
    """The page that a link to an answer leads to."""
    ask(english, "Your question", ASKED["answered"])
    link = english.locator(".take-away").get_by_role("link", name="Print")
    english.goto(f"{address}{link.get_attribute('href')}")
    english.get_by_role("heading", name="Source").first.wait_for()
    assert english.locator("html").get_attribute("lang") == "en"
    assert_english(english)
    assert_fit(english)


def test_the_editors_pages_say_that_they_are_german(english, address):  # noqa: F811
    """They are German whatever was chosen; nobody wonders why."""
    english.goto(f"{address}/unterlagen")
    english.wait_for_selector("#documents-listing tbody tr")

    assert english.locator("html").get_attribute("lang") == "de"
    assert english.get_by_text("This page is in German only.").is_visible()
    assert_fit(english)
