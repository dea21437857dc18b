"""The page in a real browser, over a real server with fixed answers."""

import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api")

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
START_S = 60
WIDE, NARROW, NARROWEST = (1280, 800), (390, 844), (320, 640)
FONDS = "Was ist ein Quartiersfonds?"
HOUSING = "Was sagen die Werkstätten zum Wohnen?"

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium")

# What a page was still waiting for when it was left, gradio calls an error.
LEFT = re.compile(r"signal is aborted|^Unexpected error Connection errored out")
# Writes down what live regions say, before anything on the page runs.
LISTEN = """
window.said = [];
document.addEventListener("DOMContentLoaded", () => {
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const element = target.nodeType === 1 ? target : target.parentElement;
      const live = "[role=status],[role=alert],[role=log],[aria-live]";
      const region = element && element.closest(live);
      if (region && region.textContent.trim()) window.said.push(region.textContent.trim());
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
});
"""


@pytest.fixture(scope="module")
def address():
    """The address of a running server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "tests.e2e.serve_fake", str(port)]
    with subprocess.Popen(command, cwd=ROOT) as server:
        try:
            wait_for(f"{url}/gesund", server)
            yield url
        finally:
            server.terminate()


def wait_for(url, server):
    """Return when the server answers."""
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        assert server.poll() is None, "the server has stopped"
        try:
            urllib.request.urlopen(url, timeout=5)  # noqa: S310  # our own server
            return
        except urllib.error.URLError:
            time.sleep(0.2)
    raise AssertionError("the server didn't start")


@pytest.fixture(scope="module")
def browser():
    """One browser for all pages."""
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield opened
        opened.close()


class Visit:
    """A page with a log of what it asked for and complained of."""

    def __init__(self, browser, address, size=WIDE, **options):
        width, height = size
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, locale="en-US", **options
        )
        self.context.set_default_timeout(15_000)
        self.page = self.context.new_page()
        self.address, self.requests, self.failures, self.complaints = address, [], [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("response", self._note)
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.page.add_init_script(LISTEN)
        self.page.goto(address)
        self.page.wait_for_selector("button.ask")

    def _note(self, response):
        if response.status >= 400:
            self.failures.append(f"{response.status} {response.url}")

    def _listen(self, message):
        if message.type in ("error", "warning") and not LEFT.search(message.text):
            self.complaints.append(message.text)

    def ask(self, question, reply=".reply"):
        """Type a question, send it with Enter, and wait for the reply."""
        before = self.page.locator(".reply").count()
        self.page.get_by_label("Ihre Frage").fill(question)
        self.page.keyboard.press("Enter")
        self.wait_for_replies(before + 1)
        return self.page.locator(reply).last

    def wait_for_replies(self, count):
        """Wait until so many questions have been answered."""
        playwright.expect(self.page.locator(".reply")).to_have_count(count)

    def image_source(self):
        """Return the address of the page image once it has been drawn."""
        self.page.wait_for_function(
            "() => { const i = document.querySelector('#panel img');"
            " return i && i.complete && i.naturalWidth > 400; }"
        )
        return self.page.locator("#panel img").get_attribute("src")

    def assert_clean(self):
        """Nothing was asked of another host, nothing failed, nothing complained."""
        assert self.requests
        assert [url for url in self.requests if not url.startswith(self.address)] == []
        assert self.failures == []
        assert self.complaints == []


@pytest.fixture
def visit(browser, address):
    """Open visits; check each for foreign requests and errors at its end."""
    opened = []

    def open_visit(size=WIDE, **options):
        opened.append(Visit(browser, address, size, **options))
        return opened[-1]

    yield open_visit
    for each in opened:
        each.assert_clean()
        each.context.close()


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_ask_and_check_the_marked_page(visit, size):
    """A question is answered, its second citation opens the page with the passage marked."""
    one = visit(size)
    reply = one.ask(HOUSING)

    assert "Nach Auskunft der Wohnungsbaugesellschaft" in reply.inner_text()
    assert "/3.png?passage=gruppen&" in one.image_source()

    reply.locator("a.cite").nth(1).click()
    one.page.wait_for_selector("#panel img[src*='/4.png?passage=gruppen-2&']")

    assert "Quelle 2" in one.page.locator("#panel").inner_text()
    assert "Die Arbeitsgruppe „Bestand“ empfahl" in one.page.locator("#panel mark").inner_text()
    one.image_source()
    playwright.expect(one.page.locator("#panel h2")).to_be_in_viewport()
    playwright.expect(one.page.locator("#panel h2")).to_be_focused()


def test_the_whole_task_by_keyboard(visit):
    """Ask, open a source, turn the page and return, without a pointer."""
    one = visit()
    page = one.page
    reach(page, "textarea")
    page.keyboard.type(FONDS)
    page.keyboard.press("Enter")
    one.wait_for_replies(1)
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    one.image_source()

    reach(page, "a.cite", backwards=True)
    page.keyboard.press("Enter")
    playwright.expect(page.locator("#panel h2")).to_be_focused()

    reach(page, "button.turn:nth-of-type(2)")
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel img[src*='/5.png']")
    assert page.evaluate("document.activeElement.matches('button.turn')")
    assert "Zur zitierten Stelle auf Seite 5" in page.locator("#panel").inner_text()

    reach(page, "a.back")
    page.keyboard.press("Enter")
    playwright.expect(page.locator("a.cite")).to_be_focused()


def reach(page, selector, backwards=False):
    """Press Tab until the element has the focus, and see that it shows."""
    for _ in range(40):
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            assert page.evaluate(
                "() => { for (let e = document.activeElement; e; e = e.parentElement)"
                " if (getComputedStyle(e).outlineStyle === 'solid') return true; return false; }"
            ), f"no visible focus on {selector}"
            return
    raise AssertionError(f"{selector} can't be reached by keyboard")


def test_each_phase_is_announced_once(visit):
    """A screen reader hears that the search runs and how it ended, and no more."""
    one = visit()
    one.ask(HOUSING)
    one.image_source()
    one.ask("Wie backe ich Brot?")

    assert one.page.evaluate("window.said") == [
        "Die Suche läuft.",
        "Antwort mit 2 Quellen liegt vor.",
        "Die Suche läuft.",
        "Dazu gibt es keine Antwort.",
    ]


def test_the_page_is_german_in_an_english_browser(visit):
    """Language, title and every word that can be read or heard."""
    page = visit().page

    assert page.evaluate("document.documentElement.lang") == "de"
    assert page.title() == "Sozialraum-Assistent"
    words = page.evaluate(
        "() => document.body.innerText + [...document.querySelectorAll('*')].map(e => "
        "['aria-label', 'title', 'placeholder', 'alt'].map(a => e.getAttribute(a) || '').join(' ')"
        ").join(' ')"
    )
    assert "2 Unterlagen, 3 von 5 Werkstätten, Stand November 2019" in words
    assert not re.search(r"\b(Submit|Clear|Loading|Error|Settings|Close|Copy|the|with)\b", words)


def test_an_error_keeps_the_question(visit):
    """The message is German, and nothing has to be typed again."""
    one = visit()
    reply = one.ask("Absturz, bitte")

    assert "unerwarteter Fehler" in reply.inner_text()
    assert one.page.get_by_label("Ihre Frage").input_value() == "Absturz, bitte"
    assert one.page.locator("#panel .source").count() == 0


def test_a_lost_connection_is_told_in_german(browser, address):
    """The notice of the page's own library is translated, and the question kept."""
    one = Visit(browser, address)
    one.page.route("**/gradio_api/queue/join*", lambda route: route.abort())
    one.page.get_by_label("Ihre Frage").fill(FONDS)
    one.page.keyboard.press("Enter")
    notice = one.page.locator(".toast-body")
    playwright.expect(notice).to_contain_text("unterbrochen")

    assert "Fehler" in notice.inner_text()
    assert "Connection" not in notice.inner_text()
    assert one.page.get_by_label("Ihre Frage").input_value() == FONDS
    one.context.close()


def test_examples_and_suggestions_ask(visit):
    """A press on an offered question asks it; the focus goes along."""
    one = visit()
    one.page.get_by_role("button", name=FONDS).click()
    one.wait_for_replies(1)
    assert one.page.evaluate("document.activeElement.className") == "question"
    assert one.page.locator(".welcome").count() == 0

    one.ask("Wie backe ich Brot?").get_by_role("button", name=HOUSING).click()
    one.wait_for_replies(3)
    assert one.page.locator(".question").last.inner_text().endswith(HOUSING)


def test_the_search_can_be_limited(visit):
    """The chosen workshop goes along with the question."""
    one = visit()
    one.page.get_by_role("button", name="Suchen in").click()
    one.page.locator("#scope summary", has_text="Werkstatt").first.click()
    one.page.get_by_role("button", name="Werkstatt 2: Wohnen und Nachbarschaft").click()
    playwright.expect(one.page.locator(".chip")).to_contain_text("Werkstatt 2")

    assert "nur in: Werkstatt 2" in one.ask(FONDS).inner_text()


def test_plain_language_stays_chosen_until_the_page_is_closed(visit):
    """The quiet switch is reached by its label, keeps its state, and is off on a fresh page."""
    one = visit()
    switch = one.page.get_by_label("Einfache Sprache")
    assert not switch.is_checked()
    switch.check()
    one.ask(FONDS)

    assert switch.is_checked()
    assert not visit().page.get_by_label("Einfache Sprache").is_checked()


def test_a_new_conversation_begins_empty(visit):
    """Question, answers and source go; the examples come back."""
    one = visit()
    one.ask(FONDS)
    one.image_source()
    one.page.get_by_role("button", name="Neues Gespräch").click()
    one.page.wait_for_selector(".welcome")

    assert one.page.locator(".exchange, #panel .source").count() == 0


def test_a_document_without_pages_shows_its_text(visit):
    """The catalogue has no page; the panel shows the passage."""
    one = visit()
    one.ask("Wann war die dritte Werkstatt?")
    panel = one.page.locator("#panel .source")
    playwright.expect(panel).to_contain_text("Von dieser Unterlage gibt es kein Seitenbild.")

    assert panel.locator("img").count() == 0
    assert panel.locator("mark").inner_text() == "Werkstatt 3 war im Oktober 2018."


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW, NARROWEST])
def test_nothing_runs_over_the_edge(visit, size, scheme):
    """No sideways scrolling, and everything that can be pressed is large enough."""
    one = visit(size, color_scheme=scheme)
    one.ask("Was kosten die Angebote in der Nordstadt pro Jahr?")
    one.image_source()
    one.ask("Wie backe ich Brot?")

    assert one.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    small = one.page.evaluate(
        "() => [...document.querySelectorAll('button, a[href], input, textarea')].filter(e => "
        "{ const r = e.getBoundingClientRect(); return r.width && (r.height < 24 || r.width < 24);"
        " }).map(e => e.outerHTML.slice(0, 80))"
    )
    assert small == []


def test_documents_and_questions_cannot_act(visit):
    """All payloads at once, as question, answer and source: no script, no request, no form."""
    one = visit()
    reply = one.ask("Gift <img src=x onerror=alert(1)><script>alert(2)</script>")
    one.image_source()
    reply.locator("a.cite").first.click()
    playwright.expect(one.page.locator("#panel h2")).to_be_focused()
    one.page.wait_for_timeout(500)

    assert "<script>alert(1)</script>" in reply.inner_text()
    assert one.page.locator("#conversation :is(img, form, input, iframe, style, svg)").count() == 0
    assert one.page.locator("#panel img").count() == 1


def test_two_visitors_never_see_each_other(visit):
    """Questions and sources stay with the visitor who asked."""
    first, second = visit(), visit()
    first.ask(HOUSING)
    second.ask(FONDS)
    first.ask("Wie backe ich Brot?")

    assert first.page.locator(".question").all_inner_texts()[0].endswith(HOUSING)
    assert second.page.locator(".question").count() == 1
    assert HOUSING not in second.page.inner_text("body")
