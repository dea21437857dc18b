"""Asking in a real browser: steps, stopping, limits in the address, going on from an answer."""

import re
import socket
import subprocess
import sys

import pytest

from tests.e2e.test_page import (  # noqa: F401  # fixtures
    CHROMIUM,
    FONDS,
    HOUSING,
    NARROW,
    NARROWEST,
    ROOT,
    WIDE,
    Visit,
    address,
    browser,
    playwright,
    reach,
    visit,
    wait_for,
)

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium")

SLOW = "Langsam: Welche Punkte erhielten die meiste Zustimmung?"
ENDLESS = "Langsam, ohne Ende: Welche Punkte erhielten die meiste Zustimmung?"


def test_an_answer_grows_and_is_announced_once(visit):  # noqa: F811
    """The steps are seen, sentences come one by one; only the end is said aloud."""
    one = visit()
    page = one.page
    page.evaluate(
        """() => { window.steps = new Set(); new MutationObserver(() => {
        const e = document.querySelector('.waiting'); if (e) window.steps.add(e.textContent);
        const g = document.querySelector('.growing'); if (g) window.steps.add('Sätze'); })
        .observe(document.body, { subtree: true, childList: true }); }"""
    )
    one.ask(SLOW, reply=".reply.answered")
    page.wait_for_selector(".reply.answered")

    steps = page.evaluate("[...window.steps]")
    assert "Suche in 2 Unterlagen …" in steps
    assert "Das Sprachmodell formuliert …" in steps
    assert "Sätze" in steps
    assert page.evaluate("window.said") == [
        "Die Suche läuft.",
        "Antwort mit einer Quelle liegt vor.",
    ]


def test_stopping_ends_the_work_and_keeps_the_question(visit):  # noqa: F811
    """The model is left, what was there stays, and the next question is answered at once."""
    one = visit()
    page = one.page
    one.ask(FONDS)
    page.get_by_label("Ihre Frage").fill(ENDLESS)
    page.keyboard.press("Enter")
    page.wait_for_selector(".waiting")
    assert page.locator("#send").is_hidden()
    page.get_by_role("button", name="Anhalten").click()
    playwright.expect(page.get_by_label("Ihre Frage")).to_have_value(ENDLESS)

    assert page.locator(".waiting").count() == 0
    assert page.locator(".exchange").count() == 1
    assert "Angehalten" in page.locator("#status").inner_text()
    one.ask(HOUSING)
    assert page.request.get(f"{one.address}/gesund").ok
    # Two endless answers would have taken both places of the queue.
    for _ in range(2):
        page.get_by_label("Ihre Frage").fill(ENDLESS)
        page.keyboard.press("Enter")
        page.wait_for_selector(".waiting")
        page.get_by_role("button", name="Anhalten").click()
        playwright.expect(page.locator(".waiting")).to_have_count(0)
    one.ask(FONDS)


def test_a_question_that_waits_says_so(visit):  # noqa: F811
    """While two others are answered a third one waits, can be stopped, and comes to its turn."""
    others, one = [visit(), visit()], visit()
    for other in others:
        other.page.get_by_label("Ihre Frage").fill(ENDLESS)
        other.page.keyboard.press("Enter")
        other.page.wait_for_selector(".reply.growing")
    box, waiting = one.page.get_by_label("Ihre Frage"), one.page.locator(".waiting")
    box.fill(FONDS)
    one.page.keyboard.press("Enter")
    playwright.expect(waiting).to_have_text(
        "Andere Fragen werden gerade beantwortet, Ihre ist die nächste …"
    )
    one.page.get_by_role("button", name="Anhalten").click()
    playwright.expect(box).to_have_value(FONDS)
    playwright.expect(box).to_be_focused()
    playwright.expect(waiting).to_have_count(0)

    one.page.keyboard.press("Enter")
    playwright.expect(waiting).to_contain_text("Ihre ist die nächste")
    others[0].page.get_by_role("button", name="Anhalten").click()
    one.page.wait_for_selector(".reply.answered")
    others[1].page.get_by_role("button", name="Anhalten").click()
    playwright.expect(others[1].page.locator(".waiting")).to_have_count(0)


def test_again_and_edited_replace_the_last_question(visit):  # noqa: F811
    """The conversation keeps its length; taking back an edit leaves it as it was."""
    one = visit()
    page = one.page
    one.ask(FONDS)
    page.get_by_role("button", name="Noch einmal fragen").click()
    playwright.expect(page.locator(".waiting")).to_have_count(0)
    playwright.expect(page.locator(".question")).to_have_count(1)

    page.get_by_role("button", name="Frage bearbeiten").click()
    box = page.get_by_label("Ihre Frage")
    playwright.expect(box).to_have_value(FONDS)
    playwright.expect(box).to_be_focused()
    page.locator("#replacing").get_by_role("button", name="Abbrechen").click()
    playwright.expect(box).to_have_value("")

    page.get_by_role("button", name="Frage bearbeiten").click()
    playwright.expect(box).to_have_value(FONDS)
    box.fill(HOUSING)
    page.keyboard.press("Enter")
    playwright.expect(page.locator(".question p")).to_have_text([HOUSING])
    assert page.locator("#replacing .replacing").count() == 0


def test_an_answer_can_be_copied(visit):  # noqa: F811
    """The clipboard has the sentences with their numbered sources, and it is said so."""
    one = visit(permissions=["clipboard-read", "clipboard-write"])
    one.ask(FONDS)
    one.page.get_by_role("button", name="Kopieren").click()
    said = one.page.locator(".copied")
    playwright.expect(said).to_have_text("Antwort mit Quellen kopiert.")

    copied = one.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{FONDS}\n\nEin Quartiersfonds")
    assert re.search(r" \[1\]\n\nQuellen:\n\[1\] Werkstattreihe Sozialraum gestalten, S. 5", copied)
    assert said.get_attribute("role") == "status"


def test_a_link_brings_limits_and_question_along(visit):  # noqa: F811
    """Opened elsewhere it sets the chips and fills the box; what is unknown is said calmly."""
    one = visit()
    page = one.page
    page.goto(f"{one.address}/?werkstatt=2&art=Unfug&frage=Was+gilt%3F")
    page.wait_for_selector("button.ask")
    playwright.expect(page.locator(".chip")).to_have_count(1)
    playwright.expect(page.get_by_label("Ihre Frage")).to_have_value("Was gilt?")
    assert "„art: Unfug“" in page.locator(".notice").inner_text()
    assert page.locator(".exchange").count() == 0
    page.wait_for_url("**/?werkstatt=2")

    page.get_by_role("button", name="Werkstatt 2 nicht mehr").click()
    playwright.expect(page.locator(".chip")).to_have_count(0)
    page.wait_for_url(f"{one.address}/")


def test_limits_are_chosen_by_keyboard(visit):  # noqa: F811
    """Unfold, choose, and close with Escape; the focus is never lost."""
    one = visit()
    page = one.page
    reach(page, ".scope-open")
    page.keyboard.press("Enter")
    reach(page, "#scope summary")
    page.keyboard.press("Enter")
    reach(page, ".option")
    chosen = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    playwright.expect(page.locator(".chip")).to_have_count(1)
    assert page.evaluate("document.activeElement.textContent") == chosen
    page.keyboard.press("Escape")

    assert page.evaluate("document.activeElement.className") == "scope-open"
    assert page.locator(".choices").is_hidden()
    assert "?" in page.url


def test_a_refusal_leads_to_the_nearest_place(visit):  # noqa: F811
    """The place opens in the panel; whom to ask is quoted."""
    one = visit()
    reply = one.ask("Wie backe ich Brot?")
    assert "Ansprechpartnerin: Frau Muster" in reply.inner_text()
    reply.locator("button.near").first.click()
    panel = one.page.locator("#panel .source")
    playwright.expect(panel).to_contain_text("Stelle in der Nähe")
    playwright.expect(panel.locator("h2")).to_be_focused()
    one.image_source()
    panel.get_by_role("link", name="Zurück zur Antwort").click()

    assert one.page.evaluate("document.activeElement.id") == "near-0-0"


def test_a_citation_tells_where_it_leads(visit):  # noqa: F811
    """On focus and on hover, until Escape; the pointer may rest on it (WCAG 1.4.13)."""
    one = visit()
    page = one.page
    one.ask(FONDS)
    tip = page.get_by_role("tooltip")
    reach(page, "a.cite", backwards=True)
    playwright.expect(tip).to_contain_text("Werkstattreihe Sozialraum gestalten")
    playwright.expect(tip).to_contain_text("2.1 Anlass und Zielsetzung")
    page.keyboard.press("Escape")
    playwright.expect(tip).to_have_count(0)
    assert page.evaluate("document.activeElement.matches('a.cite')")

    page.locator("a.cite").first.hover()
    playwright.expect(tip).to_have_count(1)
    tip.hover()
    page.wait_for_timeout(500)
    playwright.expect(tip).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW, NARROWEST])
def test_every_state_is_accessible(visit, size, scheme):  # noqa: F811
    """Empty, choosing, answered, refused: axe finds nothing, nothing runs over the edge."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    one = visit(size, color_scheme=scheme)
    page = one.page

    def check(state):
        found = axe.run(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found] == [], state
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], state

    check("empty")
    page.locator(".scope-open").click()
    page.locator("#scope summary").first.click()
    page.locator(".option").first.click()
    playwright.expect(page.locator(".chip")).to_have_count(1)
    check("choosing")
    page.keyboard.press("Escape")
    one.ask(FONDS)
    page.locator("a.cite").first.hover()
    check("answered")
    one.ask("Wie backe ich Brot?")
    page.get_by_role("button", name="Frage bearbeiten").click()
    page.wait_for_selector(".replacing")
    check("refused")


def test_a_lost_server_is_said_in_german_and_found_again(browser):  # noqa: F811
    """The page says so, keeps what was typed, and tells when another process answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tests.e2e.serve_fake", str(port)]
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, cwd=ROOT) as server:
        wait_for(f"{url}/gesund", server)
        one = Visit(browser, url)
        one.page.wait_for_timeout(1000)
        one.page.get_by_label("Ihre Frage").fill(FONDS)
        # Open pages would keep it from ending by itself.
        server.kill()
    line = one.page.locator("#connection")
    playwright.expect(line).to_contain_text("Die Verbindung ist unterbrochen", timeout=20_000)
    with subprocess.Popen(command, cwd=ROOT) as server:
        try:
            wait_for(f"{url}/gesund", server)
            playwright.expect(line).to_contain_text("neu gestartet", timeout=20_000)
            assert one.page.get_by_label("Ihre Frage").input_value() == FONDS
            line.get_by_role("button", name="Seite neu laden").click()
            one.page.wait_for_selector("button.ask")
            box = one.page.get_by_label("Ihre Frage")
            playwright.expect(box).to_have_value(FONDS)
            assert "Connection" not in one.page.inner_text("body")
            one.ask(FONDS)
        finally:
            server.kill()
    one.context.close()
