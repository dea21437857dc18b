"""Ruled lines -> tables: merged and open cells, a second opinion, tables without a grid."""

import pdfplumber
import pytest
import typst

from ingest.loaders.pdf import load_pdf
from ingest.pdf.glyphs import opened, read_pages
from ingest.pdf.lines import Line, Word, lines_of
from ingest.pdf.page import Rule
from ingest.pdf.tables import find_tables, joined_rules
from tests.ingest.truth import TESTDOCS


def line(text, x, y):
    """Return a line of one word of 10 points, 8 points a letter."""
    word = Word(text, (x, y - 8, x + 8 * len(text), y + 2))
    return Line(0, (word,), x, word.box[2], y, 10.0, text=text)


def ruled(xs, ys):
    """Return the ruled lines of a full grid."""
    across = [Rule(xs[0], y, xs[-1], y) for y in ys]
    return [*across, *(Rule(x, ys[0], x, ys[-1]) for x in xs)]


def rows(table):
    return [
        [" ".join(w.text for strip in cell for w in strip.words) for cell in row]
        for row in table.cells
    ]


XS, YS = (0, 100, 200), (0, 20, 40, 60)
CELLS = [
    *(line("A", 10, 15), line("B", 110, 15), line("c", 10, 35)),
    *(line("d", 110, 35), line("e", 10, 55), line("f", 110, 55)),
]


def test_words_go_into_the_cell_that_holds_them():
    """A full grid yields its rows, head row first."""
    (table,) = find_tables(ruled(XS, YS), CELLS)

    assert rows(table) == [["A", "B"], ["c", "d"], ["e", "f"]]
    assert table.box == (0, 0, 200, 60)


def test_rules_are_kept_joined():
    """A table drawn cell by cell is kept by its few whole lines, and is the same table."""
    rules = [rule for x in XS[:2] for y in YS[:3] for rule in ruled((x, x + 100), (y, y + 20))]
    joined = joined_rules(rules)

    assert len(rules) == 24
    assert len(joined) == len(XS) + len(YS)
    assert find_tables(joined, CELLS) == find_tables(rules, CELLS)
    assert joined_rules(joined) == joined


def test_of_a_drawing_no_rules_are_kept():
    """A map has thousands of lines and no table."""
    assert joined_rules([Rule(0, 4 * y, 90, 4 * y) for y in range(301)]) == ()


def test_a_missing_line_merges_cells():
    """A cell over two columns stands at its first; the other stays empty."""
    rules = [r for r in ruled(XS, YS) if r != Rule(100, 0, 100, 60)]
    (table,) = find_tables([*rules, Rule(100, 20, 100, 60)], CELLS)

    assert rows(table) == [["A B", ""], ["c", "d"], ["e", "f"]]


def test_a_table_open_at_its_sides_is_closed_by_its_lines_ends():
    """Tables without an outer frame are tables too."""
    rules = [Rule(0, 20, 200, 20), Rule(0, 40, 200, 40), Rule(100, 0, 100, 60)]
    (table,) = find_tables(rules, CELLS)

    assert rows(table) == [["A", "B"], ["c", "d"], ["e", "f"]]


@pytest.mark.parametrize(
    "rules",
    [
        [Rule(0, 0, 200, 0), Rule(0, 60, 200, 60)],  # no columns
        ruled((0, 200), (0, 60)),  # a frame
        ruled(tuple(range(0, 400, 40)), tuple(range(0, 600, 30))),  # an empty grid: a drawing
    ],
)
def test_lines_that_make_no_table(rules):
    """A frame, two rules, or a grid with hardly a word in it are no tables."""
    assert find_tables(rules, CELLS[:1]) == []


@pytest.mark.parametrize(
    "name", ["w2_zweispaltig", "w3_dreispaltig_quer", "w4_fliessend_zweispaltig"]
)
def test_pdfplumber_finds_the_same_rows(name):
    """A second opinion: another library's grids hold the same words in the same cells."""
    path = TESTDOCS / f"{name}.pdf"
    with opened(path) as document:
        pages = list(read_pages(document, path.name))
    ours = [rows(t) for page in pages for t in find_tables(page.rules, lines_of(page))]
    with pdfplumber.open(path) as document:
        theirs = [
            [[" ".join((cell or "").split()) for cell in row] for row in table.extract()]
            for page in document.pages
            for table in page.find_tables()
            if len(table.columns) > 1  # boxes are found as tables of one column
        ]

    assert ours
    assert ours == theirs


BETWEEN_RULES = """#set page(columns: 2)
#set text(lang: "de")
Vor der Tabelle steht ein Absatz, der so lang ist, dass er über zwei Zeilen der Spalte reicht.
#table(columns: 3, stroke: none,
  table.hline(), [Träger], [Plätze], [Kosten], table.hline(),
  [Nachbarschaftsverein am alten Markt], [35], [12.400 €],
  [Stadt], [48], [18.900 €], table.hline())
Nach der Tabelle geht der Text weiter und reicht ebenfalls über mehr als eine Zeile der Spalte.
"""
ALIGNED = """#set text(lang: "de")
Vor der Tabelle.
#grid(columns: (4cm, 3cm, 3cm), row-gutter: 8pt, [Träger], [Plätze], [Kosten],
  [Verein], [35], [12.400 €], [Stadt], [48], [18.900 €])
Nach der Tabelle.
"""


STRIPED = """#set text(lang: "de")
Vor der Tabelle.
#table(columns: 3, stroke: none, fill: (_, y) => if calc.even(y) { luma(220) },
  [Träger], [Plätze], [Kosten], [Verein], [35], [12.400 €], [Stadt], [48], [18.900 €],
  [Kreis], [12], [3.000 €])
Nach der Tabelle.
"""


@pytest.mark.parametrize(
    ("source", "first"),
    [(BETWEEN_RULES, "Nachbarschaftsverein am alten Markt"), (ALIGNED, "Verein")],
)
def test_tables_without_a_grid(tmp_path, source, first):
    """Horizontal rules, or cells that stand aligned, are enough; cells may have two lines."""
    path = tmp_path / "tabelle.pdf"
    path.write_bytes(typst.compile(source.encode()))
    blocks = load_pdf(path).blocks

    assert [block.kind for block in blocks] == ["paragraph", "table", "paragraph"]
    assert blocks[1].text.split("\n") == [
        "Träger\tPlätze\tKosten",
        f"{first}\t35\t12.400 €",
        "Stadt\t48\t18.900 €",
    ]


def test_a_striped_table_keeps_its_last_row(tmp_path):
    """Every second row is painted; the last one isn't, and belongs to the table all the same."""
    path = tmp_path / "streifen.pdf"
    path.write_bytes(typst.compile(STRIPED.encode()))
    blocks = load_pdf(path).blocks

    assert [block.kind for block in blocks] == ["paragraph", "table", "paragraph"]
    assert blocks[1].text.split("\n")[1:] == [
        "Verein\t35\t12.400 €",
        "Stadt\t48\t18.900 €",
        "Kreis\t12\t3.000 €",
    ]


def test_a_table_broken_over_pages_is_one(tmp_path):
    """The head row that is repeated on the next page is left out."""
    cells = ", ".join(f"[Ort {number}], [{number}]" for number in range(70))
    path = tmp_path / "lang.pdf"
    source = f"#table(columns: 2, table.header([Ort], [Zahl]), {cells})"
    path.write_bytes(typst.compile(source.encode()))
    (table,) = [block for block in load_pdf(path).blocks if block.kind == "table"]

    expected = ["Ort\tZahl", *(f"Ort {number}\t{number}" for number in range(70))]
    assert table.text.split("\n") == expected
    assert {box.page for box in table.boxes} == {0, 1}
