"""The page of an answer and its files, over the application as it is served."""

import io
import re

import pypdfium2
import pytest
from docx import Document as WordFile
from fastapi import FastAPI
from starlette.testclient import TestClient

from corpus.errors import GenerationError
from tests.ui.answers import make_document
from tests.ui.fake_service import FakeService
from tests.ui.payloads import HOST
from ui.access.person import Person, put_person
from ui.access.roles import Role
from ui.export.memo import NEWER, NEWER_ALONE, REMOVED
from ui.records import Records
from ui.service import Standing
from ui.web.answer.record_routes import FORMS, add_record_routes
from ui.web.routes import create_app

BASE = "http://127.0.0.1:7860"
FONDS = "Was ist ein Quartiersfonds?"


@pytest.fixture(scope="module")
def service():
    """The service behind the application."""
    return FakeService()


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """Where answers are kept."""
    return Records(tmp_path_factory.mktemp("data") / "answers")


@pytest.fixture(scope="module")
def client(service, records):
    """A client that doesn't follow redirects."""
    app = create_app(service, lambda: True, records=records)
    with TestClient(app, base_url=BASE, follow_redirects=False) as opened:
        yield opened


def remembered(service, records, question=FONDS):
    """Ask, and return the address of the answer."""
    return f"/antwort/{records.remember(service.ask(question)).id}"


def test_the_page_shows_answer_quote_page_and_original(client, service, records):
    """All that proves the answer, with addresses that exist."""
    page = client.get(remembered(service, records)).text

    assert f"<h1>{FONDS}</h1>" in page
    assert '<a href="#quelle-1" class="cite">' in page
    assert 'id="quelle-1"' in page
    image = re.search(r'<img src="([^"]+)"', page)[1].replace("&amp;", "&")
    original = re.search(r'href="(/original/[^"]+)"', page)[1]
    assert client.get(image).headers["content-type"] == "image/png"
    assert client.get(image).content != client.get(image.split("?")[0]).content
    assert original.endswith("#page=5")
    assert client.get(original.split("#")[0]).status_code == 200
    assert "Stand der Unterlage" in page


def test_the_page_may_do_nothing_but_its_own(client, service, records):
    """Its policy admits our style, script and images, and no code within the page."""
    response = client.get(remembered(service, records))
    policy = response.headers["content-security-policy"]

    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert "<script>" not in response.text
    assert "<style" not in response.text
    assert response.headers["cache-control"] == "no-store"
    for name in re.findall(r'(?:src|href)="(/ui/[^"]+)"', response.text):
        assert client.get(name).status_code == 200


def test_untrusted_text_stays_text(client, service, records, monkeypatch):
    """What documents and questions say never becomes markup or an address."""
    address = remembered(service, records, "Gift <script>alert(1)</script>")
    page = client.get(address).text
    tags = {tag.casefold() for tag in re.findall(r"<([a-zA-Z!][\w-]*)", page)}

    assert HOST in page
    assert tags <= {
        *("!doctype", "html", "head", "meta", "link", "script", "title", "body", "header", "main"),
        *("p", "a", "h1", "h2", "h3", "div", "span", "section", "article", "form", "button"),
        *("ul", "li", "br", "dl", "dt", "dd", "blockquote", "figure", "img", "figcaption"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
    assert re.findall(r"<script[^>]*>", page) == [
        '<script src="/ui/words.js">',
        '<script src="/ui/record.js" defer>',
    ]
    addresses = re.findall(r'(?:src|href|action)="([^"]*)"', page)
    assert all(re.match(r"/([a-z]|$)|#", each) for each in addresses)


@pytest.mark.parametrize("name", FORMS)
def test_an_answer_can_be_taken_away(client, service, records, name):
    """Each form is a download of its type, named after the day."""
    response = client.get(f"{remembered(service, records)}/{name}")

    assert response.status_code == 200
    assert re.search(
        rf'^attachment; filename="{name.split(".")[0]}-\d{{4}}-\d\d-\d\d\.\w+"$',
        response.headers["content-disposition"],
    )
    assert response.headers["content-type"] == FORMS[name].media_type
    assert len(response.content) > 100


def test_word_and_pdf_hold_the_answer(client, service, records):
    """Read by others than who wrote them."""
    address = remembered(service, records)
    word = WordFile(io.BytesIO(client.get(f"{address}/vermerk.docx").content))
    with pypdfium2.PdfDocument(client.get(f"{address}/vermerk.pdf").content) as document:
        text = document[0].get_textpage().get_text_range()

    assert FONDS in [paragraph.text for paragraph in word.paragraphs]
    assert FONDS in text


@pytest.mark.parametrize("name", FORMS)
def test_poisoned_answers_can_be_taken_away_too(client, service, records, name):
    """Every payload in every place, and a refusal without sources."""
    for question in ("Gift", "Brot"):
        assert client.get(f"{remembered(service, records, question)}/{name}").status_code == 200


def test_a_link_lasts_only_when_asked_for(client, service, records):
    """The page offers it; after that it shows it, and another process finds the answer."""
    address = remembered(service, records)
    before = client.get(address).text
    kept = client.post(f"{address}/behalten", data={})
    after = client.get(address).text

    assert "noch nicht gespeichert" in before
    assert "Endgültig löschen" not in before
    assert (kept.status_code, kept.headers["location"]) == (303, address)
    assert f'<code id="address">{address}</code>' in after.replace("\n", "") or address in after
    assert "Endgültig löschen" in after
    assert records.is_kept(address.rpartition("/")[2])


def test_a_deleted_answer_is_gone(client, service, records):
    """The page says so, and the link says afterwards that there is nothing."""
    address = remembered(service, records)
    client.post(f"{address}/behalten", data={})
    deleted = client.post(f"{address}/loeschen", data={})

    assert "gelöscht" in deleted.text
    for path in (address, f"{address}/vermerk.pdf"):
        gone = client.get(path)
        assert gone.status_code == 404
        assert "Diese Antwort gibt es hier nicht (mehr)" in gone.text
        assert gone.headers["content-type"].startswith("text/html")


def test_strangers_cannot_keep_or_delete(client, service, records):
    """A form on a foreign page is refused, and so is a mere link."""
    address = remembered(service, records)
    foreign = client.post(f"{address}/behalten", data={}, headers={"origin": "https://x.example"})

    assert foreign.status_code == 403
    assert client.get(f"{address}/behalten").status_code in (404, 405)
    assert not records.is_kept(address.rpartition("/")[2])


@pytest.mark.parametrize(
    ("who", "role", "allowed"),
    [
        ("anna", Role.READER, True),
        ("bert", Role.READER, False),
        ("bert", Role.EDITOR, True),
    ],
)
def test_only_who_made_a_link_or_an_editor_deletes_it(service, records, who, role, allowed):
    """Where people log in; others don't even see the button."""
    app = FastAPI()
    add_record_routes(app, service, records)

    @app.middleware("http")
    async def login(request, call_next):
        put_person(request.scope, Person(who, role, who))
        return await call_next(request)

    address = remembered(service, records)
    records.keep(address.rpartition("/")[2], "anna")
    with TestClient(app, base_url=BASE) as client:
        page = client.get(address).text
        client.post(f"{address}/loeschen", data={})

    assert ("Endgültig löschen" in page) is allowed
    assert records.is_kept(address.rpartition("/")[2]) is not allowed


@pytest.mark.parametrize(
    "path",
    [
        "/antwort/",
        f"/antwort/{'0' * 31}",
        f"/antwort/{'0' * 32}",
        f"/antwort/{'0' * 32}/vermerk.doc",
        f"/antwort/{'A' * 32}",
        "/antwort/..%2f..%2fcurrent",
    ],
)
def test_guessed_addresses_lead_nowhere(client, path):
    """404, in German."""
    response = client.get(path)

    assert response.status_code == 404
    assert re.search("gibt es", response.text)


# What has become of the sources


@pytest.mark.parametrize(
    ("state", "document", "said"),
    [("newer", True, NEWER), ("newer", False, NEWER_ALONE), ("removed", False, REMOVED)],
)
def test_the_page_says_what_has_become_of_a_source(
    client, service, records, monkeypatch, state, document, said
):
    """The quote stays; page and original are shown as long as that version is kept."""
    standing = service.standing

    def changed(citation):
        now = standing(citation)
        return (
            Standing(state, citation, now.document, now.passage)
            if document
            else (Standing(state, citation))
        )

    monkeypatch.setattr(service, "standing", changed)
    page = client.get(remembered(service, records)).text

    assert said in page
    assert "<blockquote>" in page
    assert ("<img" in page, "/original/" in page) == (document, document)


def test_a_place_that_is_no_longer_known_is_shown_unmarked(client, service, records, monkeypatch):
    """The page without a mark, and said so: nothing is marked by guessing."""
    monkeypatch.setattr(
        service,
        "standing",
        lambda citation: Standing(
            "current", citation, service.document(citation.document, citation.version)
        ),
    )
    page = client.get(remembered(service, records)).text

    assert "Seite ohne genaue Stelle" in page
    assert "?passage=" not in page


def test_a_document_without_pages_has_no_image(client, service, records, monkeypatch):
    """A web page is downloaded, not leafed through."""
    whole = make_document(page_labels=())
    monkeypatch.setattr(service, "standing", lambda citation: Standing("current", citation, whole))
    page = client.get(remembered(service, records, "Wann?")).text

    assert "<img" not in page
    assert "Original herunterladen" in page


def test_a_broken_collection_does_not_hide_the_answer(client, service, records, monkeypatch):
    """What was answered is read all the same, with the reason why nothing can be looked up."""

    def broken(citation):
        raise GenerationError("Der Stand ist beschädigt.")

    monkeypatch.setattr(service, "standing", broken)
    address = remembered(service, records)
    page = client.get(address).text

    assert "Der Stand ist beschädigt." in page
    assert "<blockquote>" in page
    assert client.get(f"{address}/vermerk.pdf").status_code == 200
