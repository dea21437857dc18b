"""Logging in, as people of each role see it: the real server in a real browser."""

import os
import shutil

import pytest

from tests.e2e.test_page import CHROMIUM, FLAGS, playwright
from tests.ui.access.people import GOOD
from tests.ui.access.provider import running
from tests.ui.access.serving import command, serving

axe = pytest.importorskip("axe_playwright_python.sync_playwright")

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium")

WAYS = {
    "rita": ["Fragen", "Werkstätten"],
    "edi": ["Fragen", "Werkstätten", "Unterlagen"],
    "mara": ["Fragen", "Werkstätten", "Unterlagen", "Qualität"],
}
ROLES = {"rita": "reader", "edi": "editor", "mara": "maintainer"}
OTHER = "Regen malt grüne Treppen"
QUESTION = "Welche fünf Prinzipien hat die Sozialraumorientierung?"


@pytest.fixture(scope="module")
def data(starter, tmp_path_factory):
    """A data folder with a person of each role."""
    folder = tmp_path_factory.mktemp("login") / "data"
    shutil.copytree(starter, folder)
    for name, role in ROLES.items():
        added = command(
            folder, "users", "add", name, "--role", role, "--password-stdin", stdin=GOOD
        )
        assert added.returncode == 0, added.stderr
    return folder


@pytest.fixture(scope="module")
def browser():
    """A headless Chromium."""
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture
def visit(browser):
    """Open a page as a visitor of their own; every request to another host fails the test.

    But for what the pages at ``beside`` ask for, which aren't ours; they get nothing either.
    """
    contexts, foreign = [], []

    def opened(address, beside=None, **options):
        context = browser.new_context(viewport={"width": 1280, "height": 800}, **options)
        contexts.append(context)
        page = context.new_page()

        def refuse(route):
            if not beside or not page.url.startswith(beside):
                foreign.append(route.request.url)
            route.abort()

        context.route(lambda url: "//127.0.0.1:" not in url, refuse)
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not foreign


def enter(page, name):
    """Type name and password, and press Enter: all by keyboard, from where the page begins."""
    page.wait_for_function("document.activeElement.id === 'name'")
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(GOOD)
    page.keyboard.press("Enter")


def assert_accessible(page):
    """axe finds nothing."""
    found = axe.Axe().run(page).response["violations"]
    assert not found, [(v["id"], [n["target"] for n in v["nodes"]]) for v in found]


def test_each_role_sees_its_pages_and_the_way_out(data, visit):
    """Log in by keyboard, ask, see one's ways, log out by one press; then the page is closed."""
    with serving(data, host="0.0.0.0") as url:  # noqa: S104  # with a login
        for name, ways in WAYS.items():
            page = visit(f"{url}/")
            assert page.url.endswith("/anmelden?weiter=%2F")
            assert_accessible(page)
            enter(page, name)
            page.wait_for_selector("#ways .account")
            shown = page.locator("#ways nav a:not(.language)")
            assert shown.all_inner_texts() == ways
            assert name in page.locator("#ways .account").inner_text()
            page.click("a.leave")
            page.wait_for_selector("text=Sie sind abgemeldet.")
            page.goto(f"{url}/")
            assert "/anmelden" in page.url


def test_a_login_that_ends_while_the_page_is_open_is_said(data, visit):
    """The next question says so, with the way back to where one was."""
    with serving(data, login="on") as url:
        page = visit(f"{url}/")
        enter(page, "rita")
        page.wait_for_selector("#ways .account")
        other = page.context.new_page()
        other.goto(f"{url}/abmelden")
        other.click("button")
        other.wait_for_selector("text=Sie sind abgemeldet.")

        page.fill("#question textarea", QUESTION)
        page.click("#send")
        page.wait_for_selector("text=Ihre Anmeldung ist abgelaufen.")
        assert page.evaluate("document.activeElement.textContent") == "Neu anmelden"
        assert page.locator(".toast-wrap").all() == [] or not page.is_visible(".toast-wrap")
        assert_accessible(page)
        page.keyboard.press("Enter")
        page.wait_for_selector("#password")
        enter(page, "rita")
        page.wait_for_selector("#ways .account")


def test_without_javascript_one_can_log_in_and_out(data, visit):
    """The forms are plain; wrong words are said, and the name stays typed."""
    with serving(data, login="on") as url:
        page = visit(f"{url}/anmelden", java_script_enabled=False)
        page.fill("#name", "mara")
        page.fill("#password", "falsch")
        page.click("button")
        assert "passen nicht zusammen" in page.inner_text("#problem")
        assert page.input_value("#name") == "mara"
        page.fill("#password", GOOD)
        page.click("button")
        page.goto(f"{url}/abmelden")
        assert "Angemeldet ist mara, Betreuung." in page.inner_text("main")
        page.click("button")
        assert "Sie sind abgemeldet." in page.inner_text("main")


def test_one_changes_ones_password(data, visit):
    """By keyboard, from one's name in the bar; who is in elsewhere is out there, but not here."""
    added = command(data, "users", "add", "kim", "--password-stdin", stdin=GOOD)
    assert added.returncode == 0, added.stderr
    with serving(data, login="on") as url:
        page, other = visit(f"{url}/"), visit(f"{url}/")
        for opened in (page, other):
            enter(opened, "kim")
            opened.wait_for_selector("#ways .account")
        page.get_by_role("link", name="kim Passwort ändern").press("Enter")
        page.wait_for_function("document.activeElement.id === 'current'")
        fill_in(page, GOOD, OTHER, "verschrieben")
        page.wait_for_selector("#again-said")
        page.wait_for_function("document.activeElement.id === 'again'")
        assert_accessible(page)
        page.focus("#current")
        fill_in(page, GOOD, OTHER, OTHER)
        page.wait_for_selector("text=Ihr neues Passwort gilt ab jetzt.")
        assert_accessible(page)
        page.click("text=Zurück zur Anwendung")
        page.wait_for_selector("#ways .account")
        other.goto(f"{url}/")
        assert "/anmelden" in other.url


def fill_in(page, *words):
    """Type into one field after the other, and press Enter."""
    for number, word in enumerate(words):
        if number:
            page.keyboard.press("Tab")
        page.keyboard.type(word)
    page.keyboard.press("Enter")


def test_through_the_house(data, visit):
    """Away to the provider, back, and in with the role of one's group; others are told why not."""
    with running() as issuer:
        house = {
            "oidc_issuer": issuer,
            "oidc_client_id": "sozialraum",
            "oidc_client_secret": "geheim",
            "oidc_roles": "Redaktion=editor",
        }
        with serving(data, **house) as url:
            page = visit(f"{url}/", beside=issuer)
            page.click("text=Anmelden über das Haus")
            page.wait_for_url(f"{issuer}/**")
            page.click("button:has-text('erna')")
            page.wait_for_selector("#ways .account")
            assert "erna.e" in page.locator("#ways .account").inner_text()
            assert page.locator("#ways nav a:not(.language)").all_inner_texts() == WAYS["edi"]

            page = visit(f"{url}/", beside=issuer)
            assert_accessible(page)
            if picture := os.environ.get("LOGIN_SCREENSHOT"):
                page.screenshot(path=picture)
            page.click("text=Anmelden über das Haus")
            page.wait_for_url(f"{issuer}/**")
            page.click("button:has-text('paul')")
            page.wait_for_selector("#problem")
            assert "haben hier aber noch keinen Zugang" in page.inner_text("#problem")
            assert_accessible(page)
