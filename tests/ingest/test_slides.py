"""Slides become blocks by slide number, in the order people read them."""

import io
import json
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.util import Cm, Pt

from corpus.errors import FileRefusedError
from ingest.loaders.slides import load_slides
from tests.ingest.truth import TESTDOCS

FIXTURE = TESTDOCS / "office" / "werkstatt_folien.pptx"
TRUTH = json.loads(FIXTURE.with_suffix(".truth.json").read_text(encoding="utf-8"))
_TITLE, _TITLE_AND_CONTENT, _BLANK = 0, 1, 6


def text_box(slide, text, left=1, top=1):
    """Add a text box; return its first run."""
    frame = slide.shapes.add_textbox(Cm(left), Cm(top), Cm(5), Cm(1)).text_frame
    frame.text = text
    return frame.paragraphs[0].runs[0]


def blank(deck):
    """Add a slide without placeholders."""
    return deck.slides.add_slide(deck.slide_layouts[_BLANK])


def load(tmp_path, deck):
    """Save and load slides."""
    path = tmp_path / "folien.pptx"
    deck.save(path)
    return load_slides(path)


def seen(file):
    """Return (page, kind, text) of all blocks."""
    return [(block.page, block.kind, block.text) for block in file.blocks]


def rewritten(path, name, change):
    """Change one part of a saved package."""
    with zipfile.ZipFile(path) as package:
        parts = {entry: package.read(entry) for entry in package.namelist()}
    parts[name] = change(parts[name])
    with zipfile.ZipFile(path, "w") as package:
        for entry, data in parts.items():
            package.writestr(entry, data)
    return path


def test_fixture_is_read_whole():
    """Titles, items, table rows and reading order are the truth's, on the right slides."""
    file = load_slides(FIXTURE)

    assert file.page_labels == tuple(f"Folie {slide['slide']}" for slide in TRUTH)
    assert file.metadata == {"titel": "Werkstattreihe Sozialraum gestalten"}
    for slide in TRUTH:
        own = [block for block in file.blocks if block.page == slide["slide"] - 1]
        titles = [block.text for block in own if block.kind == "heading"]
        assert titles == ([slide["title"]] if slide["title"] else [])
        assert [b.text for b in own if b.kind == "item"] == slide.get("items", [])
        rows = ["\t".join(row) for row in slide.get("rows", [])]
        assert [b.text for b in own if b.kind == "table"] == (["\n".join(rows)] if rows else [])
        if "order" in slide:
            starts = zip(own, slide["order"], strict=True)
            assert all(block.text.startswith(start) for block, start in starts)
        notes = [b.text for b in own if b.kind == "box"]
        assert notes == ([f"Notizen: Sprechnotiz: {slide['title']}"] if "items" in slide else [])


def test_shapes_are_read_row_by_row(tmp_path):
    """What stands about as high is read from the left, whatever was drawn first."""
    deck = Presentation()
    slide = blank(deck)
    text_box(slide, "unten", left=1, top=9)
    text_box(slide, "rechts", left=9, top=2)
    text_box(slide, "links", left=1, top=2.2)
    group = slide.shapes.add_group_shape()
    inner = group.shapes.add_textbox(Cm(1), Cm(5), Cm(5), Cm(1))
    inner.text_frame.text = "in der Gruppe"

    assert [text for _, _, text in seen(load(tmp_path, deck))] == [
        *("links", "rechts", "in der Gruppe", "unten")
    ]


def test_footers_dates_and_numbers_are_left_out(tmp_path):
    """Placeholders that every slide repeats are no text; neither is a field that counts."""
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_AND_CONTENT])
    slide.shapes.title.text = "Titel"
    slide.placeholders[1].text = "Punkt"
    for placeholder in deck.slide_layouts[_TITLE_AND_CONTENT].placeholders:
        if placeholder.placeholder_format.idx >= 10:
            copied = etree.fromstring(etree.tostring(placeholder._element))
            slide.shapes._spTree.append(copied)
            for text in copied.iter("{*}t"):
                text.text = "Fußzeile"

    assert seen(load(tmp_path, deck)) == [(0, "heading", "Titel"), (0, "item", "Punkt")]


def test_numbered_items_and_plain_paragraphs(tmp_path):
    """Automatic numbers are counted as PowerPoint shows them; buNone is no item."""
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_AND_CONTENT])
    frame = slide.placeholders[1].text_frame
    frame.text = "Einleitung"
    marks = [
        '<a:buNone xmlns:a="{}"/>',
        '<a:buAutoNum xmlns:a="{}" type="arabicPeriod"/>',
        '<a:buAutoNum xmlns:a="{}" type="arabicPeriod"/>',
        '<a:buAutoNum xmlns:a="{}" type="alphaLcParenR" startAt="3"/>',
    ]
    for text in ("eins", "zwei", "spät"):
        frame.add_paragraph().text = text
    frame.paragraphs[3].level = 1
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/main"
    for paragraph, mark in zip(frame.paragraphs, marks, strict=True):
        paragraph._p.get_or_add_pPr().append(etree.fromstring(mark.format(drawing)))

    assert seen(load(tmp_path, deck)) == [
        (0, "paragraph", "Einleitung"),
        (0, "item", "1. eins"),
        (0, "item", "2. zwei"),
        (0, "item", "c) spät"),
    ]


def test_merged_cells_leave_their_places_empty(tmp_path):
    """A merged cell stands once, and the columns stay where they are."""
    deck = Presentation()
    table = blank(deck).shapes.add_table(2, 3, Cm(1), Cm(1), Cm(9), Cm(3)).table
    table.cell(0, 0).text, table.cell(0, 1).text = "Ort", "2018\nund später"
    table.cell(0, 1).merge(table.cell(0, 2))
    for column, text in enumerate(("Nord", "2", "3")):
        table.cell(1, column).text = text

    assert seen(load(tmp_path, deck)) == [(0, "table", "Ort\t2018 und später\t\nNord\t2\t3")]


def test_slides_that_are_not_shown(tmp_path):
    """A hidden slide is left out and reported; the numbers of the others stay."""
    deck = Presentation()
    text_box(blank(deck), "Gezeigt.")
    concealed = blank(deck)
    text_box(concealed, "Verworfen.")
    concealed._element.set("show", "0")
    text_box(blank(deck), "Auch gezeigt.")
    file = load(tmp_path, deck)

    assert seen(file) == [(0, "paragraph", "Gezeigt."), (2, "paragraph", "Auch gezeigt.")]
    assert file.page_labels == ("Folie 1", "Folie 2", "Folie 3")
    assert [(h.concealment, h.text, h.page) for h in file.extraction.hidden] == [
        ("ausgeblendet", "Verworfen.", 1)
    ]


def test_what_nobody_sees_is_left_out_and_reported(tmp_path):
    """White, tiny, far-off and hidden shapes are named with their slide."""
    deck = Presentation()
    slide = blank(deck)
    text_box(slide, "Offen.")
    text_box(slide, "weiß", top=3).font.color.rgb = RGBColor(255, 255, 255)
    text_box(slide, "klein", top=5).font.size = Pt(1)
    text_box(slide, "draußen", left=-30)
    text_box(slide, "versteckt", top=7)
    slide.shapes[-1]._element.nvSpPr.cNvPr.set("hidden", "1")
    file = load(tmp_path, deck)

    assert seen(file) == [(0, "paragraph", "Offen.")]
    assert sorted((h.concealment, h.text, h.page) for h in file.extraction.hidden) == [
        ("ausgeblendet", "versteckt", 0),
        ("außerhalb der Seite", "draußen", 0),
        ("weiß auf weiß", "weiß", 0),
        ("winzig", "klein", 0),
    ]


@pytest.mark.parametrize("ground", ["shape", "behind", "slide"])
def test_white_text_on_a_dark_ground_is_read(tmp_path, ground):
    """White letters on a filled shape, a surface behind or a dark slide are seen by everyone."""
    deck = Presentation()
    slide = blank(deck)
    if ground == "slide":
        slide.background.fill.solid()
        slide.background.fill.fore_color.rgb = RGBColor(0, 51, 102)
    if ground != "slide":
        box = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Cm(1), Cm(1), Cm(5), Cm(2))
        box.text_frame.text = "Kasten" if ground == "shape" else ""
        for run in box.text_frame.paragraphs[0].runs:
            run.font.color.rgb = RGBColor(255, 255, 255)
    if ground != "shape":
        text_box(slide, "Kasten").font.color.rgb = RGBColor(255, 255, 255)
    file = load(tmp_path, deck)

    assert seen(file) == [(0, "paragraph", "Kasten")]
    assert file.extraction.hidden == ()


def test_newer_features_are_read_by_their_first_choice(tmp_path):
    """A shape that offers alternatives is read once."""
    deck = Presentation()
    slide = blank(deck)
    text_box(slide, "Neu.")
    shape = slide.shapes[-1]._element
    old = etree.tostring(shape).decode().replace("Neu.", "Alt.")
    compatibility = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    offer = etree.fromstring(
        f'<mc:AlternateContent xmlns:mc="{compatibility}"><mc:Choice Requires="p14"/>'
        f"<mc:Fallback>{old}</mc:Fallback></mc:AlternateContent>"
    )
    offer[0].append(shape)
    slide.shapes._spTree.append(offer)

    assert seen(load(tmp_path, deck)) == [(0, "paragraph", "Neu.")]


def test_title_of_the_properties_unless_it_says_nothing(tmp_path):
    """Without a title slide the file's properties name it, if they name anything."""
    deck = Presentation()
    text_box(blank(deck), "Text.")
    deck.core_properties.title = "Leitfaden Wohnen"
    named = load(tmp_path, deck)
    deck.core_properties.title = "PowerPoint-Präsentation"

    assert named.metadata == {"titel": "Leitfaden Wohnen"}
    assert load(tmp_path, deck).metadata == {}


def test_relations_to_missing_parts_are_passed_over(tmp_path):
    """A file that PowerPoint opens although a picture's relation leads nowhere is read."""
    path = tmp_path / "folien.pptx"
    deck = Presentation()
    text_box(blank(deck), "Text.")
    deck.save(path)
    lost = (
        b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships/image" Target="NULL"/></Relationships>'
    )
    name = "ppt/slides/_rels/slide1.xml.rels"
    rewritten(path, name, lambda data: data.replace(b"</Relationships>", lost))

    assert seen(load_slides(path)) == [(0, "paragraph", "Text.")]


def test_entities_are_refused_and_nothing_is_fetched(tmp_path):
    """Billion laughs and external entities end in a refusal by name."""
    secret = tmp_path / "geheim.txt"
    secret.write_text("GEHEIM", encoding="utf-8")
    for entity in (b'"ha"', f'SYSTEM "{secret.as_uri()}"'.encode()):
        path = tmp_path / "folien.pptx"
        path.write_bytes(FIXTURE.read_bytes())

        def declare(data, entity=entity):
            start = data.index(b"<p:sld")
            prolog = b"<!DOCTYPE x [<!ENTITY a " + entity + b">]>"
            return data[:start] + prolog + data[start:].replace(b"Stadtteilbeirat", b"&a;")

        rewritten(path, "ppt/slides/slide8.xml", declare)
        with pytest.raises(FileRefusedError) as raised:
            load_slides(path)
        assert raised.value.code == "ERR_FILE_DAMAGED"
        assert "folien.pptx" in str(raised.value)


def _renamed():
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as out:
        out.writestr("word/document.xml", "<x/>")
    return package.getvalue()


_OLE = bytes.fromhex("d0cf11e0a1b11ae1")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "ERR_FILE_EMPTY"),
        (b"kein ZIP", "ERR_FILE_DAMAGED"),
        (_renamed(), "ERR_FILE_TYPE"),
        (_OLE + bytes(600), "ERR_FILE_TYPE"),
        (_OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "ERR_FILE_PASSWORD"),
        (FIXTURE.read_bytes()[:9_000], "ERR_FILE_DAMAGED"),
    ],
)
def test_unreadable_files_are_refused_by_name(tmp_path, data, code):
    """Old, encrypted, cut and foreign files have their own codes and remedies."""
    path = tmp_path / "folien.pptx"
    path.write_bytes(data)

    with pytest.raises(FileRefusedError) as raised:
        load_slides(path)
    assert raised.value.code == code
    assert "folien.pptx" in str(raised.value)


def test_slides_without_text_are_refused(tmp_path):
    """Pictures alone are no document."""
    deck = Presentation()
    blank(deck)
    with pytest.raises(FileRefusedError) as raised:
        load(tmp_path, deck)
    assert raised.value.code == "ERR_FILE_NO_TEXT"


def test_bombs_are_refused(tmp_path):
    """A slide that unpacks to a thousandfold is stopped."""
    path = tmp_path / "bombe.pptx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("ppt/slides/slide1.xml", b" " * (60 * 2**20))
    with pytest.raises(FileRefusedError) as raised:
        load_slides(path)
    assert raised.value.code == "ERR_FILE_TOO_LARGE"


@given(st.integers(0, 2**32), st.sampled_from(range(40)), st.binary(min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_mutated_parts_are_read_or_refused(tmp_path_factory, place, part, junk):
    """Bytes written over any part raise nothing but a named refusal."""
    path = tmp_path_factory.getbasetemp() / "zufall.pptx"
    path.write_bytes(FIXTURE.read_bytes())
    with zipfile.ZipFile(path) as package:
        names = [name for name in package.namelist() if name.endswith((".xml", ".rels"))]

    def spoil(data):
        at = place % len(data)
        return data[:at] + junk + data[at + len(junk) :]

    rewritten(path, names[part % len(names)], spoil)
    try:
        assert load_slides(path).blocks
    except FileRefusedError as refused:
        assert refused.code.startswith("ERR_FILE_")
