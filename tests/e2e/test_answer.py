"""From a question to the marked page: the real product in a real browser."""

import io
import os
import socket
import subprocess
import sys

import pytest
from PIL import Image

from tests.e2e.test_page import (  # noqa: F401  # fixtures
    CHROMIUM,
    ROOT,
    browser,
    visit,
    wait_for,
)

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium")

QUESTION = "Welche fünf Prinzipien hat die Sozialraumorientierung?"
SIZE = (1280, 900)


@pytest.fixture(scope="module")
def address(starter):
    """The address of ``sozialraum serve`` over the starter collection."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "SOZIALRAUM_DATA": str(starter), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", "from ui.cli.main import main; main()", "serve"]
    with subprocess.Popen([*command, "--port", str(port)], env=environment, cwd=ROOT) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/gesund", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def marked_share(content):
    """Return which share of a page image is marked yellow."""
    pixels = list(Image.open(io.BytesIO(content)).convert("RGB").get_flattened_data())
    return sum(r > 200 and g > 180 and b < 120 for r, g, b in pixels) / len(pixels)


def test_question_leads_to_the_marked_page(visit):  # noqa: F811
    """Asked, answered, citation clicked: the panel shows the page with the passage marked."""
    one = visit(SIZE)
    reply = one.ask(QUESTION)
    assert "Eigeninitiative und Selbsthilfe werden gestützt" in reply.inner_text()

    reply.locator("a.cite").first.click()
    source = one.image_source()
    panel = one.page.locator("#panel").inner_text()
    assert "Text dieses Projekts, nicht die Originaldokumentation" in panel
    content = one.page.request.get(one.address + source).body()
    assert 0.003 < marked_share(content) < 0.5
    plain = one.page.request.get(one.address + source.split("?")[0]).body()
    assert marked_share(plain) == 0


def test_refusal_says_why(visit):  # noqa: F811
    """What the collection doesn't answer is refused with a reason, and nothing is cited."""
    reply = visit(SIZE).ask("Was wurde in der elften Werkstatt besprochen?")

    assert "Eine 11. Werkstatt gab es nicht" in reply.inner_text()
    assert reply.locator("a.cite").count() == 0


def test_screenshot(visit):  # noqa: F811
    """The README's picture can be taken anew: UPDATE_SCREENSHOT=1."""
    one = visit(SIZE)
    one.ask(QUESTION)
    one.image_source()
    one.page.wait_for_function("document.querySelector('#panel img').naturalWidth > 0")
    one.page.wait_for_function("document.querySelector('#panel img').decode().then(() => true)")
    picture = one.page.screenshot()
    assert Image.open(io.BytesIO(picture)).size == SIZE
    if os.environ.get("UPDATE_SCREENSHOT"):
        (ROOT / "docs" / "screenshot.png").write_bytes(picture)
