"""What of a printed page is in no passage."""

from pathlib import Path

import pytest

from ingest.left_out import left_out, printed_page
from ingest.loaders.pdf import load_pdf
from ingest.passages import passages
from ingest.sections import outline

TESTDOCS = Path(__file__).parents[1] / "testdocs"


def lost(file, page, without=None):
    """Return the lines left out of a page as it is read; passages with ``without`` are dropped."""
    path = TESTDOCS / file
    found = [
        passage
        for passage in passages(outline(load_pdf(path).blocks))
        if without is None or without not in passage.text
    ]
    read = [(b.x0, b.y0, b.x1, b.y1) for p in found for b in p.boxes if b.page == page]
    headings = [heading for p in found if page in p.pages for heading in p.section]
    printed = printed_page(path, page)
    return [line.text for line in left_out(printed, read, headings)]


@pytest.mark.parametrize("page", range(2, 9))
@pytest.mark.parametrize("file", ["w1_einspaltig.pdf", "w2_zweispaltig.pdf"])
def test_only_the_running_foot_of_a_well_read_page_is_left_out(file, page):
    """Columns, boxes, tables and notes are covered, headings are known, bullets are nothing."""
    assert lost(file, page) == [f"Werkstattreihe Sozialraum gestalten | Seite {page + 1}"]


@pytest.mark.parametrize("page", range(3))
def test_turned_pages_are_measured_as_they_are_shown(page):
    """The boxes of /Rotate pages fit those of the passages."""
    assert len(lost("tricky/t04_rotate_attribut.pdf", page)) == 1


def test_a_lost_paragraph_is_seen():
    """Whatever no passage holds comes out, in the order of the page."""
    complete = lost("w2_zweispaltig.pdf", 4)
    found = lost("w2_zweispaltig.pdf", 4, without="Quartiersfonds stellt kleinere")

    assert len(found) > len(complete)
    assert "Quartiersfonds stellt kleinere" in " ".join(found)
    assert found[-1:] == complete


def test_contents_are_left_out():
    """A table of contents proves nothing and is shown as left out."""
    found = lost("w2_zweispaltig.pdf", 1)

    assert found[0] == "Inhalt"
    assert "1. Werkstatt: Ankommen im Quartier 4" in found


def test_the_size_is_that_of_the_shown_page():
    """A page turned by a quarter is as wide as the other one is high."""
    path = TESTDOCS / "tricky" / "t04_rotate_attribut.pdf"
    turned, upside_down = printed_page(path, 0), printed_page(path, 1)

    assert (turned.width, turned.height) == pytest.approx((842, 595), abs=1)
    assert (upside_down.width, upside_down.height) == pytest.approx((595, 842), abs=1)


def test_a_file_that_cant_be_read_has_no_printed_page(tmp_path):
    """The report goes on without it."""
    broken = tmp_path / "kaputt.pdf"
    broken.write_bytes(b"%PDF-1.7\nnichts")

    assert printed_page(broken, 0) is None
