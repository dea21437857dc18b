"""An answer taken along: files, a lasting link, and paper, in a real browser."""

import io
import re
import socket
import subprocess
import sys

import pypdfium2
import pytest
from docx import Document

from tests.e2e.test_page import (  # noqa: F401  # fixtures
    CHROMIUM,
    FONDS,
    HOUSING,
    NARROWEST,
    ROOT,
    browser,
    playwright,
    visit,
    wait_for,
)

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium")

A4_PT = (595, 842)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The address of a running server whose lasting links lie in a folder of the test's own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("answers")
    command = [sys.executable, "-m", "tests.e2e.serve_take_away", str(port), str(folder)]
    with subprocess.Popen(command, cwd=ROOT) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/gesund", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def taken(one, words):
    """Press a link of the last answer, and return the name and bytes of what is downloaded."""
    with one.page.expect_download() as download:
        one.page.locator(".take-away").last.get_by_role("link", name=words, exact=True).click()
    return download.value.suggested_filename, download.value.path().read_bytes()


def opened_page(one, words):
    """Press a link of the last answer that opens a page of its own, and return that page."""
    with one.context.expect_page() as opening:
        one.page.locator(".take-away").last.get_by_role("link", name=words).click()
    opening.value.wait_for_load_state("networkidle")
    return opening.value


def yellow_share(image):
    """Return which share of a picture is marked."""
    pixels = list(image.convert("RGB").resize((300, 424)).get_flattened_data())
    return sum(r > 200 and g > 180 and b < 140 for r, g, b in pixels) / len(pixels)


def test_files_and_a_link_that_lasts(visit, browser):  # noqa: F811
    """Asked, downloaded as Word and PDF, linked, opened by somebody else, deleted."""
    one = visit()
    one.ask(FONDS)
    name, word = taken(one, "Word")
    assert re.fullmatch(r"vermerk-\d{4}-\d\d-\d\d\.docx", name)
    assert FONDS in [paragraph.text for paragraph in Document(io.BytesIO(word)).paragraphs]
    name, pdf = taken(one, "PDF")
    assert re.fullmatch(r"vermerk-\d{4}-\d\d-\d\d\.pdf", name)
    with pypdfium2.PdfDocument(pdf) as document:
        assert FONDS in document[0].get_textpage().get_text_range()

    page = opened_page(one, "Dauerhafter Link")
    page.get_by_role("button", name="Dauerhaften Link anlegen").click()
    playwright.expect(page.locator("#address")).to_have_text(page.url)

    other = browser.new_context(viewport={"width": 320, "height": 640})
    theirs = other.new_page()
    complaints = []
    theirs.on("console", lambda message: complaints.append(message.text))
    theirs.goto(page.url)
    playwright.expect(theirs.get_by_role("heading", level=1)).to_have_text(FONDS)
    assert theirs.evaluate("document.documentElement.scrollWidth") <= NARROWEST[0]
    assert theirs.locator("figure img").first.evaluate("image => image.decode().then(() => 1)") == 1
    theirs.get_by_text("Link und gespeicherte Antwort löschen").click()
    theirs.get_by_role("button", name="Endgültig löschen").click()
    playwright.expect(theirs.get_by_role("heading", level=1)).to_have_text("Gelöscht")
    assert theirs.goto(page.url).status == 404
    assert complaints[:-1] == []  # the last is Chromium's own, of the 404
    other.close()
    one.assert_clean()


def test_each_source_fills_a_sheet(visit):  # noqa: F811
    """On paper: A4, the answer first, then quote and marked page together, a sheet a source."""
    one = visit()
    one.ask(HOUSING)
    page = opened_page(one, "Drucken")
    assert page.url.endswith("#drucken")
    playwright.expect(page.get_by_role("button", name="Drucken")).to_be_visible()
    sources = page.locator(".sheet").count()
    content = page.pdf(prefer_css_page_size=True)
    with pypdfium2.PdfDocument(content) as document:
        assert len(document) == 1 + sources == 3
        texts = [sheet.get_textpage().get_text_range() for sheet in document]
        pictures = [sheet.render(scale=1).to_pil() for sheet in document]
        sizes = [tuple(round(side) for side in sheet.get_size()) for sheet in document]
    assert all(abs(a - b) <= 1 for size in sizes for a, b in zip(size, A4_PT, strict=True))
    assert HOUSING in texts[0]
    assert "Mitnehmen" not in texts[0]
    for number, (text, picture) in enumerate(zip(texts[1:], pictures[1:], strict=True), start=1):
        assert f"[{number}]" in text
        assert "Die zitierte Stelle ist markiert" in text
        assert yellow_share(picture) > 0.002


def test_the_row_is_reached_by_keyboard(visit):  # noqa: F811
    """All of it are links with a name, in reading order."""
    one = visit()
    one.ask(FONDS)
    row = one.page.get_by_role("group", name="Diese Antwort mitnehmen")
    row.get_by_role("link", name="Word").focus()
    reached = []
    for _ in range(7):
        reached.append(one.page.evaluate("document.activeElement.textContent.trim()"))
        one.page.keyboard.press("Tab")

    assert [words.split(" (")[0] for words in reached] == [
        *("Word", "PDF", "Markdown", "BibTeX", "RIS", "Drucken", "Dauerhafter Link")
    ]


def test_a_conversation_is_taken_up_again(visit):  # noqa: F811
    """Kept, found after reloading, opened, renamed, exported and deleted."""
    one = visit()
    one.ask(FONDS)
    talks = one.page.locator("#talks")
    playwright.expect(talks.locator("summary")).to_contain_text("(")
    one.page.reload()
    one.page.wait_for_selector("button.ask")
    talks.locator("summary").click()
    talks.get_by_role("button", name=FONDS, exact=True).first.click()
    playwright.expect(one.page.locator(".reply")).to_have_count(1)
    assert "[1]" in one.page.locator(".reply").inner_text()

    talks.locator("summary").click()
    talks.get_by_role("button", name="Umbenennen").first.click()
    talks.get_by_label("Neuer Titel").fill("Mein Titel")
    talks.get_by_label("Neuer Titel").press("Enter")
    playwright.expect(talks.locator("button.open").first).to_have_text("Mein Titel")
    with one.page.expect_download() as download:
        talks.get_by_role("link", name="Als Markdown").click()
    assert FONDS in download.value.path().read_text("utf-8")

    before = talks.locator("button.open").count()
    talks.get_by_role("button", name=re.compile("Löschen.*Mein Titel")).click()
    talks.get_by_role("button", name="Ja, löschen").click()
    playwright.expect(talks.locator("button.open")).to_have_count(before - 1)
    playwright.expect(one.page.locator(".reply")).to_have_count(0)
    one.assert_clean()
