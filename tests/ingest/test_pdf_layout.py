"""The steps from glyphs to blocks, each on values made by hand or a page typeset for it."""

import pypdfium2 as pdfium
import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from ingest.loaders.pdf import load_pdf
from ingest.pdf.headings import Outline, opens_sources, ranks
from ingest.pdf.layout import continuity, reading_order
from ingest.pdf.legibility import is_gibberish
from ingest.pdf.lines import Line, Word, Words, lines_of
from ingest.pdf.page import Glyph, OutlineEntry, Page
from ingest.pdf.paragraphs import Paragraph, paragraphs
from ingest.pdf.running import strip_running
from tests.ingest.truth import TESTDOCS, loaded

BODY = 10.0


def glyphs(text, x=50.0, baseline=100.0, size=BODY, **fields):
    """Return glyphs half as wide as their size."""
    made = []
    for char in text:
        made.append(Glyph(char, x, x + size / 2, baseline, size, **fields))
        x += size / 2
    return made


def line(text, x=50.0, y=100.0, width=None, size=BODY, order=0, page=0, **fields):
    """Return a line whose words share its width evenly."""
    texts = text.split()
    width = width or 5.0 * len(text)
    step = width / max(1, len(texts))
    words = tuple(
        Word(word, (x + step * at, y - 8, x + step * (at + 1) - 2, y + 2))
        for at, word in enumerate(texts)
    )
    return Line(page, words, x, x + width, y, size, order=order, text=text, **fields)


def texts(lines):
    return [one.text for one in lines]


def typeset(tmp_path, source):
    path = tmp_path / "heft.pdf"
    path.write_bytes(typst.compile(source.encode()))
    return path


# ---- glyphs to lines


def test_reference_numbers_are_dropped_and_powers_kept():
    """A raised number goes, one behind a unit is part of the text."""
    page = Page(
        0,
        600,
        800,
        glyphs=(
            *(*glyphs("Text."), *glyphs("12", x=75, baseline=96, size=6), Glyph("\n")),
            *(*glyphs("20 m", baseline=120), *glyphs("2", x=70, baseline=116, size=6)),
        ),
    )

    assert texts(lines_of(page)) == ["Text.", "20 m²"]


def test_a_notes_number_is_its_mark():
    """Raised or glued to the first word, it is no part of the note's text."""
    page = Page(
        0,
        600,
        800,
        glyphs=(
            *(*glyphs("3", baseline=96, size=6), *glyphs("Vgl. hierzu", x=53), Glyph("\n")),
            *glyphs("4Ebenda", baseline=140),
        ),
    )
    first, second = sorted(lines_of(page), key=lambda one: one.baseline)

    assert (first.mark, first.text) == ("3", "Vgl. hierzu")
    assert (second.mark, second.text) == ("4", "Ebenda")


def test_columns_on_one_height_are_two_lines_and_pieces_are_joined():
    """A wide gap parts lines; text that the stream holds apart is one."""
    page = Page(
        0,
        600,
        800,
        glyphs=(
            *(*glyphs("linke"), *glyphs("rechte", x=300), Glyph("\n")),
            *glyphs("Spalte", x=78),
        ),
    )

    assert sorted(texts(lines_of(page))) == ["linke Spalte", "rechte"]


def test_dots_lead_to_the_page_number_but_are_no_text():
    """A contents entry keeps its number."""
    (entry,) = lines_of(Page(0, 900, 800, glyphs=tuple(glyphs("Vorwort ........... 3"))))

    assert (entry.text, entry.has_leader) == ("Vorwort 3", True)


def test_words_of_a_stretched_line_are_joined_and_columns_are_not():
    """Spaces as wide as a gutter are told by being even and filling the column."""
    full = glyphs("Hier steht eine ganze Zeile der Spalte", x=50)  # 50 to 240
    stretched = [*glyphs("Und", x=50, baseline=112), *glyphs("eine", x=127.5, baseline=112)]
    last = glyphs("weite.", x=210, baseline=112)
    rows = [[*full, Glyph("\n")], [*stretched, *last, Glyph("\n")]]
    for number, row in enumerate(rows):  # a second column beside, as far away
        row += [*glyphs("Die andere Spalte hat auch Zeilen.", x=300, baseline=100 + 12 * number)]
        row += [Glyph("\n")]
    flat = [glyph._replace(order=at) for at, glyph in enumerate(g for row in rows for g in row)]

    assert sorted(texts(lines_of(Page(0, 600, 800, glyphs=tuple(flat))))) == [
        *["Die andere Spalte hat auch Zeilen."] * 2,
        "Hier steht eine ganze Zeile der Spalte",
        "Und eine weite.",
    ]


@given(st.lists(st.tuples(st.text(min_size=1), st.tuples(*[st.floats(0, 900)] * 4))))
def test_kept_words_are_the_words(pairs):
    """What is kept of words to save memory gives them back, one by one and in slices."""
    words = tuple(Word(text, box) for text, box in pairs)
    kept = Words(words)

    assert tuple(kept) == words == kept
    assert [kept[at] for at in range(-len(words), len(words))] == [*words, *words]
    assert kept[1:] == words[1:]
    assert kept[::-2] == words[::-2]
    with pytest.raises(IndexError):
        kept[len(words)]


def test_a_line_knows_which_notes_its_words_refer_to():
    """Raised numbers behind words are no part of them, but remembered; powers are no notes."""
    page = Page(
        *(0, 600, 800),
        glyphs=(
            *(*glyphs("Text."), *glyphs("12", x=75, baseline=96, size=6), Glyph(" ")),
            *(*glyphs("20 m", x=95), *glyphs("2", x=115, baseline=96, size=6)),
        ),
    )
    (one,) = lines_of(page)

    assert (one.text, one.references) == ("Text. 20 m²", ("12",))


# ---- reading order


LEFT = [
    "Die Werkstatt begann mit einem Rund-",
    "gang durch das Quartier. Die Gruppe",
    "sah viele Höfe. Danach stellte der",
]
RIGHT = [
    "Rat seine Fragen. Er ließ sie spä-",
    "ter in drei Gruppen besprechen und",
    "festgehalten.",
]


def two_columns(orders):
    """Return two columns of three lines; ``orders`` are their places in the stream."""
    left = [line(t, 50, 100 + 12 * at, 190) for at, t in enumerate(LEFT)]
    right = [line(t, 260, 100 + 12 * at, 190) for at, t in enumerate(RIGHT)]
    return [
        line(one.text, one.x0, one.baseline, 190, order=order)
        for one, order in zip([*left, *right], orders, strict=True)
    ]


@pytest.mark.parametrize("orders", [range(6), (0, 2, 4, 1, 3, 5), (5, 0, 3, 1, 4, 2)])
def test_two_columns_are_read_one_after_the_other(orders):
    """In whatever order the stream holds the lines: in order, row by row, at random."""
    read = [one for run in reading_order(two_columns(orders), 600, 800) for one in run]

    assert texts(read) == LEFT + RIGHT


def test_a_full_width_line_above_columns_doesnt_hide_them():
    """Contents, titles and tables across the page cut it into bands."""
    title = [line("Ein Titel über beide Spalten hinweg", 50, 60, 400, order=9)]
    read = reading_order([*title, *two_columns((5, 0, 3, 1, 4, 2))], 600, 800)

    assert texts(one for run in read for one in run) == [title[0].text, *LEFT, *RIGHT]


def test_continuity_prefers_lines_that_read_on():
    """Broken words that find their other half count most."""
    in_order = [line(t) for t in LEFT + RIGHT]
    across = [line(t) for pair in zip(LEFT, RIGHT, strict=True) for t in pair]

    assert continuity(in_order) > continuity(across)


# ---- headers and footers


def page_of(index, *lines):
    return Page(index, 600, 800), list(lines)


def stripped(*pages_and_lines):
    pages, lines = zip(*pages_and_lines, strict=True)
    return strip_running(pages, lines)


def body_lines(page):
    return [
        line(f"Satz {n} auf Seite {page} des Textes.", y=120 + 12 * n, page=page) for n in range(40)
    ]


def test_repeated_lines_and_page_numbers_go_and_give_the_labels():
    """The numbers printed in them become the labels, one for the unnumbered cover too."""
    result = stripped(
        *(
            page_of(
                index,
                *body_lines(index),
                line("Kopf der Broschüre", y=30, size=8),
                *([line(str(index + 5), y=780, size=8)] if index else []),
            )
            for index in range(4)
        )
    )

    assert all("Kopf" not in one.text for lines in result.lines for one in lines)
    assert [len(lines) for lines in result.lines] == [40] * 4
    assert result.labels == ("5", "6", "7", "8")


def test_a_first_body_line_is_no_header():
    """Position alone is no reason, even if every page begins at the same height."""
    pages = [
        page_of(i, line(f"Anfang {'abcd'[i]} der Seite", y=60), *body_lines(i)) for i in range(4)
    ]

    assert all(len(lines) == 41 for lines in stripped(*pages).lines)


def test_a_number_in_the_last_row_of_a_table_stays():
    """Only the outermost number that stands apart is a page number."""
    pages = [
        page_of(i, *body_lines(i), line("2021", y=745, size=8), line(str(i), y=780, size=8))
        for i in range(4)
    ]

    assert all("2021" in texts(lines) for lines in stripped(*pages).lines)


# ---- paragraphs, headings


def test_items_continue_with_a_hanging_indent_and_end_at_the_margin():
    """The bullet goes, the number stays, and what follows the list is a paragraph."""
    run = [
        line("Vier Punkte sind wichtig:", y=100, width=120),
        line("• Der erste Punkt geht über", y=112, width=200),
        line("zwei Zeilen.", x=60, y=124, width=60),
        line("• Der zweite nicht.", y=136, width=100),
        line("Danach folgt ein Absatz ohne Punkt.", y=148, width=200),
    ]
    found = paragraphs(run, 1.2, BODY)

    assert [(p.marker, p.text) for p in found] == [
        ("", "Vier Punkte sind wichtig:"),
        ("•", "Der erste Punkt geht über zwei Zeilen."),
        ("•", "Der zweite nicht."),
        ("", "Danach folgt ein Absatz ohne Punkt."),
    ]


@pytest.mark.parametrize(
    "start", ["3. Quartal des Jahres wird", "12. März 2018 im Rathaus der", "– so die Idee – auf"]
)
def test_a_line_inside_a_paragraph_is_no_item(start):
    """An ordinal, a date or a dash at the beginning of a line makes no list."""
    run = [
        line("Die Werkstatt tagte zuletzt und im", y=100, width=200),
        line(start, y=112, width=200),
    ]

    assert len(paragraphs(run, 1.2, BODY)) == 1


def heading(text, size=BODY, bold=True, page=0):
    return Paragraph((line(text, size=size, bold=bold, page=page),))


def test_ranks_come_from_size_weight_and_numbering():
    """Larger ranks above smaller, 1 above 1.1 where both look alike."""
    headings = [
        heading("Teil A", 20),
        heading("1 Anlass", 12),
        heading("1.1 Ziel", 12),
        heading("Fazit", 12),
    ]

    assert ranks(headings, Outline([])) == [1, 2, 3, 2]


def test_bookmarks_outrank_looks():
    """A bookmarked heading has its level, and others of its look have it too."""
    outline = Outline([OutlineEntry(2, "Kapitel Eins", 0)])

    assert ranks([heading("Kapitel  Eins", 20), heading("Kapitel Zwei", 20)], outline) == [2, 2]


@pytest.mark.parametrize(
    "title", ["Quellen", "Literaturverzeichnis", "7 Anmerkungen", "Quellen und Literatur"]
)
def test_sources_are_known_by_their_heading(title):
    """What stands below such headings are notes."""
    assert opens_sources(title)
    assert not opens_sources(f"{title} der Finanzierung im Quartier")


def test_gibberish_has_no_function_words():
    """Enough text without any of them has a broken character map; a short one may be a table."""
    shifted = "Ejf Tubeu Nvtufsibvtfo ibu tjfcfo Xfsltuåuufo wfsbotubmufu. "

    assert is_gibberish([line(shifted * 20)])
    assert not is_gibberish([line(shifted)])
    assert not is_gibberish([line("Die Stadt hat sieben Werkstätten in den Quartieren. " * 20)])
    assert not is_gibberish([line("The town held seven workshops in the quarters of it. " * 20)])


# ---- whole files


def test_metadata_labels_notes_and_sources(tmp_path):
    """Keywords with commas in them, roman labels, footnotes and the sources' addresses."""
    source = """
    #set document(title: "Probeheft", keywords: ("art=Themenheft", "werkstatt=3",
      "herkunft=Text dieses Projekts, nicht die Originaldokumentation", "stand=2026-11"))
    #set page(numbering: "i", height: 12cm, width: 10cm)
    #set text(lang: "de", hyphenate: true)
    #text(20pt, weight: "bold")[Probeheft]

    Herkunft: Text dieses Projekts, nicht die Originaldokumentation

    Der erste Absatz sagt, worum es geht, und bekommt eine Fußnote.#footnote[Beleg der Fußnote.]
    = Kapitel
    Der Text des Kapitels steht hier.
    #pagebreak()
    = Quellen
    + https://www.beispiel.example/seite/mit-einem-sehr-langen-pfad/der-umbrochen-wird.html
    + Ein Buch
    = Anhang
    Hier geht es weiter.
    """
    file = load_pdf(typeset(tmp_path, source))

    assert file.metadata == {
        "titel": "Probeheft",
        "art": "Themenheft",
        "werkstatt": "3",
        "herkunft": "Text dieses Projekts, nicht die Originaldokumentation",
        "stand": "2026-11",
    }
    assert file.page_labels == ("i", "ii")
    assert [(block.kind, block.text) for block in file.blocks] == [
        ("contents", "Herkunft: Text dieses Projekts, nicht die Originaldokumentation"),
        ("paragraph", "Der erste Absatz sagt, worum es geht, und bekommt eine Fußnote."),
        ("footnote", "Beleg der Fußnote."),
        ("heading", "Kapitel"),
        ("paragraph", "Der Text des Kapitels steht hier."),
        ("heading", "Quellen"),
        (
            "footnote",
            "1. https://www.beispiel.example/seite/mit-einem-sehr-langen-pfad/der-umbrochen-wird.html",
        ),
        ("footnote", "2. Ein Buch"),
        ("heading", "Anhang"),
        ("paragraph", "Hier geht es weiter."),
    ]


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Stand: 12. März 2018", "2018-03-12"),
        ("Stand: März 2018", "2018-03"),
        ("Stand 03/2018", "2018-03"),
        ("Stand: 12.03.2018", "2018-03-12"),
        ("Stand: 2018", "2018"),
        ("Stand: 31.02.2018", None),
        ("Stand der Dinge im März 2018", None),
    ],
)
def test_the_cover_states_the_date(tmp_path, line, date):
    """A line of its own on the first page says of when the text is."""
    source = f"""
    #set page(height: 12cm, width: 10cm)
    #text(20pt, weight: "bold")[Probeheft]

    {line}
    = Kapitel
    Der Text des Kapitels steht hier.
    """
    assert load_pdf(typeset(tmp_path, source)).metadata.get("stand") == date


def test_bullets_boxes_and_borders_that_are_drawn(tmp_path):
    """A circle before a line is a bullet; a box's border may be four single lines."""
    side = "line(length: 6cm)"
    source = f"""
    #set page(height: 14cm, width: 12cm)
    #set list(marker: circle(radius: 1.6pt, fill: black))
    Der Text beginnt mit einem Absatz über das Quartier und die Stadt. Er ist länger als der Kasten.
    Er soll zeigen, dass Kästen mitten im Text stehen können und trotzdem erkannt werden.
    - Erster Punkt
    - Zweiter Punkt
    #box(width: 6cm, height: 2.4cm)[
      #place({side}) #place(bottom, {side})
      #place(line(angle: 90deg, length: 2.4cm))
      #place(right, line(angle: 90deg, length: 2.4cm))
      #pad(6pt)[*Im Kasten* \\ Hier steht, was hervorgehoben ist, mit einem zweiten Satz dahinter.]
    ]

    Danach geht es weiter.
    """
    blocks = load_pdf(typeset(tmp_path, source)).blocks

    assert [(block.kind, block.text) for block in blocks[1:]] == [
        ("item", "Erster Punkt"),
        ("item", "Zweiter Punkt"),
        (
            "box",
            "Im Kasten\nHier steht, was hervorgehoben ist, mit einem zweiten Satz dahinter.",
        ),
        ("paragraph", "Danach geht es weiter."),
    ]


def test_a_paragraph_over_two_pages_is_one_block(tmp_path):
    """It begins on the first page; the boxes tell which words stand on the second."""
    words = " ".join(f"Die {n}te Frage betrifft das Quartier und die Stadt" for n in range(60))
    source = f'#set page(height: 12cm, width: 10cm, numbering: "1")\n{words} bis zum Schluss.'
    (block,) = load_pdf(typeset(tmp_path, source)).blocks

    assert block.text == f"{words} bis zum Schluss."
    assert block.page == 0
    assert sorted({box.page for box in block.boxes}) == list(range(block.boxes[-1].page + 1))
    assert block.boxes[-1].page > 0


def test_crop_box_and_rotation_move_the_boxes(tmp_path):
    """Coordinates are those of the page as it is displayed; what is cropped away is no text."""
    whole = loaded("w1_einspaltig")
    document = pdfium.PdfDocument(TESTDOCS / "w1_einspaltig.pdf")
    left, bottom, right, top = 40, 300, 560, 820
    document[3].set_cropbox(left, bottom, right, top)
    document[3].set_rotation(90)
    path = tmp_path / "beschnitten.pdf"
    document.save(path)

    cropped = load_pdf(path)
    word = next(b for b in cropped.blocks if b.page == 3 and b.kind == "heading")
    same = next(b for b in whole.blocks if b.text == word.text)
    before, after = same.boxes[0], word.boxes[0]
    height = 841.89

    assert after.x1 == pytest.approx(top - bottom - (before.y0 - (height - top)), abs=0.1)
    assert after.y0 == pytest.approx(before.x0 - left, abs=0.1)
    assert not any("Trägerschaft betrieben" in b.text for b in cropped.blocks if b.page == 3)
