"""What the page of the workshops knows and says."""

import pytest

from assistant.themes import ThemeMap, count
from corpus.german import Analyser
from corpus.library import Outline
from corpus.themes import Theme
from corpus.types import Workshop
from tests.factories import make_document
from tests.ui.fake_service import FakeService
from tests.ui.pages import Page
from tests.ui.payloads import HOST, PAYLOADS
from ui.markup import fence, tag
from ui.service import Overview, Series
from ui.web.workshops import board as workshops
from ui.web.workshops import desk as workshops_desk
from ui.web.workshops import themes_view
from ui.web.workshops import view as workshops_view

THEMES = (Theme("wohnen", "Wohnen", ("Wohnung",)), Theme("arbeit", "Arbeit", ("Betrieb",)))
SOURCE = "https://stadt.example/werkstatt?nr=3&x=1"
KNOWN = (
    Workshop(1, "Auftakt", "Essen", "2017-03-15", "angekündigt", SOURCE),
    Workshop(2, "Wohnen", "Bochum", "2017-09-05", "belegt", SOURCE),
    Workshop(3),
    Workshop(4),
)
SERIES = Series("Die Reihe", "Das Netz", "Mitte 2017 bis Anfang 2019", "9", SOURCE)


def made(workshops_=KNOWN, texts=(), documents=None, series=(SERIES,)):
    """Return a board and its counts; ``texts`` are pairs of a workshop and a text."""
    known = documents or {"heft": make_document("heft")}
    outlines = [
        Outline(str(n), "heft", number, n, (), "text", text)
        for n, (number, text) in enumerate(texts)
    ]
    counted = count(THEMES, outlines, known, Analyser())
    overview = Overview(tuple(known.values()), tuple(workshops_), len(texts), "g", ())
    return workshops.board(overview, counted, series), counted


def shown(**given):
    """Return the rendered upper part."""
    return Page(workshops_view.series(made(**given)[0]))


# What is known


def test_the_headline_counts_by_status():
    """Computed from the entries, nothing else."""
    board, _ = made(texts=[(2, "Eine Wohnung."), (None, "Ein Hof.")])

    assert workshops_view.headline(board) == (
        "4 Werkstätten: 1\xa0belegt, 1\xa0angekündigt, 2\xa0unbekannt"
    )
    assert workshops_view.holdings_line(board) == (
        "Eingelesen sind Texte zu 1 von 4 Werkstätten, dazu 1 Unterlage ohne Werkstatt."
    )


def test_a_collection_without_workshops_is_shown():
    """No catalogue, no series: the page says so and keeps its map."""
    board, counted = made(workshops_=(), series=(), texts=[(None, "Eine Wohnung.")])
    page = Page(workshops_view.series(board))

    assert "Diese Sammlung nennt keine Werkstätten" in page.text
    assert not page.find("ol")
    assert [th.text for th in Page(themes_view.theme_map(board, counted)).find("th")[1:2]] == [
        "Ohne WerkstattThemenhefte, Sammelbände u. a.1 Stelle"
    ]


def test_an_empty_collection_is_shown():
    """Nothing read in: nothing to count."""
    board, counted = made(workshops_=(), series=())

    assert workshops_view.holdings_line(board) == "Es ist noch nichts eingelesen."
    assert not Page(themes_view.theme_map(board, counted)).find("table")


def test_a_workshop_that_only_documents_know_is_shown():
    """A number that the catalogue lacks gets an entry from what has been read in."""
    board, _ = made(texts=[(12, "Eine Wohnung.")])

    assert [e.workshop.number for e in board.entries] == [1, 2, 3, 4, 12]
    assert board.entries[-1].workshop == Workshop(12, status="belegt")


def test_neighbours_of_which_nothing_is_known_share_a_card():
    """Every one of them is still named, and what is read in stands for itself."""
    page = shown(texts=[(2, "Eine Wohnung.")])
    cards = page.find("li", class_="shop")

    assert len(cards) == 3
    assert "Werkstätten 3 bis 4" in cards[2].text
    assert "unbekannt" in cards[2].text
    assert {"werkstatt-3", "werkstatt-4"} <= {e.attributes.get("id") for e in page.elements}


def test_a_card_says_status_source_holdings_and_what_is_missing():
    """All in words; the source as link text and address."""
    card = shown(texts=[(2, "Eine Wohnung.")]).find("li", class_="shop")[1]

    assert "belegt" in card.text
    assert "Bochum · 5. September 2017" in card.text
    assert "stadt.example" in card.text
    assert "/werkstatt?nr=3&x=1" in card.text
    assert "1 Textstelle daraus" in card.text
    assert "Es fehltnichts" in card.text


def test_texts_of_this_project_are_no_original():
    """With a note of origin the original documentation is still missing."""
    documents = {"heft": make_document("heft", origin="Text dieses Projekts")}
    card = shown(documents=documents, texts=[(2, "Eine Wohnung.")]).find("li", class_="shop")[1]

    assert "die Originaldokumentation" in card.text


def test_the_strip_has_a_month_for_each_known_date():
    """Years come from the series' own words; what has no date stands apart."""
    board, _ = made()
    found = workshops.calendar(board)

    assert found.years == (2017, 2018, 2019)
    assert {place: e[0].workshop.number for place, e in found.months.items()} == {
        (2017, 3): 1,
        (2017, 9): 2,
    }
    assert [e.workshop.number for e in found.undated] == [3, 4]
    assert shown().text.count("kein Termin bekannt") == 2


@pytest.mark.parametrize(
    "others", [(), (Workshop(1, date="1998-01-01"), Workshop(2, date="2019-01-01"))]
)
def test_no_strip_where_none_can_be_read(others):
    """Without dates, or over too many years."""
    assert workshops.calendar(made(workshops_=others or (Workshop(1),), series=())[0]) is None


def test_how_to_add_names_the_first_workshop_without_a_text():
    """The page for documents is named where there is one."""
    board, _ = made(texts=[(1, "Ein Hof.")])
    page = Page(workshops_view.adding(board, with_page=True))

    assert "werkstatt: 2" in page.text
    assert "sozialraum ingest ORDNER" in page.text
    assert page.find("a", href="/unterlagen")
    assert not Page(workshops_view.adding(board, with_page=False)).find("a", href="/unterlagen")


# The map


def test_the_map_is_a_table_with_figures_in_words():
    """Heads have a scope, cells their share and count, buttons a full name."""
    board, counted = made(texts=[(2, "Eine Wohnung."), (2, "Ein Hof."), (None, "Ein Betrieb.")])
    page = Page(themes_view.theme_map(board, counted))
    button = page.find("button", id="zelle-wohnen-2")[0]

    assert {th.attributes["scope"] for th in page.find("th")} == {"col", "row"}
    assert page.find("caption")[0].text.startswith("Themen nach Werkstätten")
    assert button.text == "Wohnen in Werkstatt 2: 50\xa0% 1 von 2 Textstellen, anzeigen"
    assert page.find("button", id="zelle-arbeit-ohne")
    assert "0 von 2 Textstellen" in page.text


def test_columns_without_texts_are_one_empty_cell():
    """Over all rows, saying that nothing has been read in."""
    board, counted = made(texts=[(2, "Eine Wohnung.")])
    gaps = Page(themes_view.theme_map(board, counted)).find("td", class_="gap")

    assert [(g.attributes["colspan"], g.attributes["rowspan"]) for g in gaps] == [
        ("1", "2"),
        ("2", "2"),
    ]
    assert {gap.text for gap in gaps} == {"Noch nichts eingelesen"}


def test_a_collection_of_other_matters_says_so():
    """No term is found: the cells are empty and the reason is told."""
    board, counted = made(texts=[(2, "Fische im Teich.")])
    page = Page(themes_view.theme_map(board, counted))

    assert "Keiner der Begriffe kommt in dieser Sammlung vor" in page.text
    assert not page.find("button")


def test_every_term_can_be_looked_up():
    """How it is counted stands below, with all terms."""
    board, counted = made(texts=[(2, "Fische im Teich.")])
    method = Page(themes_view.theme_map(board, counted)).find("details")[0]

    assert "Gezählt wird, nicht gedeutet" in method.text
    assert all(term in method.text for theme in THEMES for term in theme.terms)


@pytest.mark.parametrize(
    ("share", "shade", "words"),
    [
        (0.0, 0, "unter 1\xa0%"),
        (0.002, 1, "unter 1\xa0%"),
        (0.0999, 1, "10\xa0%"),
        (0.1, 2, "10\xa0%"),
        (0.25, 3, "25\xa0%"),
        (0.5, 4, "50\xa0%"),
        (1.0, 5, "100\xa0%"),
    ],
)
def test_shares_have_shades(share, shade, words):
    """Bounds belong to the stronger shade; little isn't rounded to nothing."""
    assert themes_view.shade(share) == shade
    assert themes_view.percent(share) == words


# Opening a cell


@pytest.mark.parametrize(
    "name", [None, 5, "", "zelle", "zelle-x-", "zelle-x-ohne-1x", "../x", "zelle-x-1234567"]
)
def test_names_that_say_anything_open_nothing(name):
    """What comes back from the browser only ever selects."""
    assert themes_view.read_target(name) is None
    assert workshops_desk.opened(FakeService(), name) == ""


def test_names_are_read_back():
    """A cell, and a passage of it."""
    assert themes_view.read_target(themes_view.cell_name("wohnen", None)) == ("wohnen", None, 0)
    assert themes_view.read_target("stelle-wohnen-3-12") == ("wohnen", 3, 12)


def test_a_cell_opens_its_passages_with_page_and_mark():
    """Document, section, page, the sentence with its terms, the page's image, and a way to ask."""
    service = FakeService()
    page = Page(workshops_desk.opened(service, "zelle-wohnen-1"))
    cited = service.theme_places("wohnen", 1)[0].citation
    image = f"/seite/{cited.document}/{cited.version}/{cited.page_index}.png"

    assert page.find("h3")[0].text == "Wohnen und Problemimmobilien in Werkstatt 1"
    assert cited.title in page.text
    assert "S.\xa04" in page.text
    assert page.find("mark")
    assert page.find("img")[0].attributes["src"] == image
    assert "Seite ohne genaue Stelle" in page.text
    asks = page.find("a", class_="asks")[0].attributes["href"]
    assert asks.startswith("/?frage=Was%20ist%20zum%20Thema%20Wohnen")
    assert asks.endswith("&werkstatt=1")


def test_what_is_gone_is_told():
    """A cell of an earlier state of the collection, or one that never was."""
    page = Page(workshops_desk.opened(FakeService(), "zelle-gibtesnicht-1"))

    assert "Diese Stellen gibt es nicht mehr" in page.text


def test_a_fault_is_told_instead_of_the_page():
    """The German message of the service, without a map."""

    class Closed(FakeService):
        def themes(self) -> ThemeMap:
            raise RuntimeError("geheim")

    series, themes, adding = workshops_desk.page(Closed(), with_page=False)

    assert "Die Werkstätten lassen sich nicht zeigen" in series
    assert "geheim" not in series
    assert (themes, adding) == ("", "")


def test_the_page_over_the_fake():
    """All parts together are well-formed."""
    for part in workshops_desk.page(FakeService(), with_page=True):
        assert Page(part).elements


# Untrusted text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_are_text(payload):
    """Of catalogue, series and documents: no element and no address of theirs gets through."""
    hostile = Workshop(1, payload, payload, "2017-01-01", "belegt", payload)
    documents = {"heft": make_document("heft", title=payload, origin=payload)}
    board, counted = made(
        workshops_=(hostile,),
        documents=documents,
        series=(Series(payload, payload, payload, payload, payload),),
        texts=[(1, "Eine Wohnung.")],
    )
    for markup in (workshops_view.series(board), themes_view.theme_map(board, counted)):
        page = Page(markup)
        assert not page.find("script") + page.find("img") + page.find("iframe") + page.find("svg")
        for element in page.elements:
            assert not any(name.startswith("on") for name in element.attributes)
            address = element.attributes.get("href", "")
            assert HOST not in address or address == payload  # a source may be any web address
    marked = Page(themes_view.marked(payload, ()))
    assert {e.name for e in marked.elements} <= {"br"}


def test_sources_are_links_only_where_they_are_web_addresses():
    """Anything else is shown and can't be pressed; links tell the other host nothing."""
    for source in ("javascript:alert(1)", "file:///etc/passwd", "//evil.example", "ein Buch"):
        page = shown(workshops_=(Workshop(1, "A", source=source, status="belegt"),), series=())
        assert source in page.text
        assert not [a for a in page.find("a") if not a.attributes["href"].startswith("#")]
    link = next(a for a in shown().find("a") if a.attributes["href"] == SOURCE)
    assert link.attributes["rel"] == "noopener noreferrer"


def test_only_sources_may_lead_elsewhere():
    """Everywhere else the fence takes the address of another host away."""
    link = tag("a", "x", href=SOURCE)

    assert fence(link, sources=True) == link
    assert "href" not in fence(link)
    assert "src" not in fence(tag("img", src=SOURCE), images=True, sources=True)
