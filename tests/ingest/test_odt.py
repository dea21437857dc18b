"""OpenDocument texts become the blocks their reader sees."""

import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import FileRefusedError
from ingest.loaders.numbering import numeral
from ingest.loaders.odt import load_odt
from tests.ingest.truth import TESTDOCS, found_in, plain, sentences, truth

FIXTURE = TESTDOCS / "office" / "w2_zweispaltig.odt"
_URN = "urn:oasis:names:tc:opendocument:xmlns"
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{_URN}:{name}:1.0"'
    for prefix, name in {
        **{name: name for name in ("office", "style", "text", "table", "meta")},
        **{"draw": "drawing", "fo": "xsl-fo-compatible", "svg": "svg-compatible"},
    }.items()
)
_DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
_MIME = "application/vnd.oasis.opendocument.text"


def build(path, body, *, styles="", meta="", prolog="", files=None):
    """Write an OpenDocument text with this body."""
    content = (
        f"{prolog}<office:document-content {_NAMESPACES} {_DC}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>"
    )
    document = f"<office:document-meta {_NAMESPACES} {_DC}><office:meta>{meta}</office:meta>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", _MIME)
        package.writestr("content.xml", content)
        package.writestr("meta.xml", f"{document}</office:document-meta>")
        for name, text in (files or {}).items():
            package.writestr(name, text)
    return path


def load(tmp_path, body, **parts):
    """Write and load an OpenDocument text."""
    return load_odt(build(tmp_path / "bericht.odt", body, **parts))


def seen(file):
    """Return (kind, text) of all blocks."""
    return [(block.kind, block.text) for block in file.blocks]


def hidden(file):
    """Return (concealment, text) of all that was left out."""
    return [(each.concealment, each.text) for each in file.extraction.hidden]


def text_style(name, properties, family="text"):
    """Return the XML of a style."""
    return (
        f'<style:style style:name="{name}" style:family="{family}">'
        f"<style:text-properties {properties}/></style:style>"
    )


def test_fixture_is_read_whole():
    """Sections with columns lose nothing: sentences, headings, lists, tables, notes, boxes."""
    found = load_odt(FIXTURE).blocks
    expected = truth("w2_zweispaltig")

    assert len(sentences(expected)) > 100
    assert [s for s, _ in sentences(expected) if found_in(found, s) is None] == []
    for kind, types in {
        "heading": ("h1", "h2"),
        "footnote": ("footnote",),
        "caption": ("caption",),
    }.items():
        assert [b.text for b in found if b.kind == kind] == [
            plain(b["text"]) for b in expected if b["type"] in types
        ]
    assert [b.level for b in found if b.kind == "heading"] == [
        int(b["type"][1]) for b in expected if b["type"] in ("h1", "h2")
    ]
    items = [b for b in expected if b["type"] == "li"]
    assert [b.text for b in found if b.kind == "item"] == [
        (f"{b['marker']} " if b["marker"][0].isdigit() else "") + plain(b["text"]) for b in items
    ]
    assert [b.text for b in found if b.kind == "table"] == [
        "\n".join("\t".join(row) for row in [b["header"], *b["rows"]])
        for b in expected
        if b["type"] == "table"
    ]
    assert [b.text.split("\n")[0] for b in found if b.kind == "box"] == [
        b["text"] for b in expected if b["type"] == "box_title"
    ]


def test_title_comes_from_the_document():
    """The paragraph in the style of a title names the document and is no chapter."""
    file = load_odt(FIXTURE)

    assert file.metadata == {"titel": "Werkstattreihe Sozialraum gestalten"}
    assert "Werkstattreihe Sozialraum gestalten" not in [b.text for b in file.blocks]


def test_stated_properties(tmp_path):
    """Title and own fields of the properties are metadata; a file's name is no title."""
    own = '<meta:user-defined meta:name="Stand">2019-05</meta:user-defined>'
    meta = f"<dc:title>Leitfaden</dc:title>{own}"
    stated = load(tmp_path, "<text:p>Text.</text:p>", meta=meta)
    unnamed = load(tmp_path, "<text:p>Text.</text:p>", meta="<dc:title>vorlage_neu.odt</dc:title>")

    assert stated.metadata == {"titel": "Leitfaden", "stand": "2019-05"}
    assert unnamed.metadata == {}


def test_lists_count_as_they_are_shown(tmp_path):
    """Numbers, letters and nested numbers are counted; a list that goes on counts on."""
    styles = (
        '<text:list-style style:name="L"><text:list-level-style-number text:level="1" '
        'style:num-format="1" style:num-suffix="."/><text:list-level-style-number text:level="2" '
        'style:num-format="1" style:num-suffix="." text:display-levels="2"/></text:list-style>'
        '<text:list-style style:name="A"><text:list-level-style-number text:level="1" '
        'style:num-format="a" style:num-suffix=")" text:start-value="3"/></text:list-style>'
        '<text:list-style style:name="B"><text:list-level-style-bullet text:level="1" '
        'text:bullet-char="•"/></text:list-style>'
    )

    def item(text, more=""):
        return f"<text:list-item><text:p>{text}</text:p>{more}</text:list-item>"

    nested = f"<text:list>{item('innen')}{item('auch')}</text:list>"
    body = (
        f'<text:list text:style-name="L">{item("eins")}{item("zwei", nested)}</text:list>'
        f'<text:list text:style-name="B">{item("Punkt")}</text:list>'
        f'<text:list text:style-name="L" text:continue-numbering="true">{item("drei")}</text:list>'
        f'<text:list text:style-name="L">{item("neu")}</text:list>'
        f'<text:list text:style-name="A">{item("spät")}</text:list>'
    )

    assert [text for _, text in seen(load(tmp_path, body, styles=styles))] == [
        *("1. eins", "2. zwei", "2.1. innen", "2.2. auch", "Punkt", "3. drei", "1. neu", "c) spät")
    ]


@pytest.mark.parametrize(
    ("count", "form", "expected"),
    [(28, "a", "ab"), (3, "A", "C"), (1994, "I", "MCMXCIV"), (4, "i", "iv"), (0, "a", "0")],
)
def test_numerals(count, form, expected):
    """Letters go on behind z, roman numbers subtract, what has no letter stays a number."""
    assert numeral(count, form) == expected


def test_headings_are_numbered_where_the_outline_says_so(tmp_path):
    """Automatic chapter numbers are part of the heading, as the reader sees it."""
    outline = (
        f"<office:document-styles {_NAMESPACES}><office:styles><text:outline-style>"
        '<text:outline-level-style text:level="1" style:num-format="1" style:num-suffix="."/>'
        '<text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/>'
        "</text:outline-style></office:styles></office:document-styles>"
    )
    body = (
        '<text:h text:outline-level="1">Werkstatt: Wohnen</text:h><text:p>Text.</text:p>'
        '<text:h text:outline-level="2">Anlass</text:h><text:p>Text.</text:p>'
        '<text:h text:outline-level="1" text:is-list-header="true">Anhang</text:h>'
        "<text:p>Text.</text:p>"
    )
    file = load(tmp_path, body, files={"styles.xml": outline})

    assert [(b.level, b.text) for b in file.blocks if b.kind == "heading"] == [
        (1, "1. Werkstatt: Wohnen"),
        (2, "1.1 Anlass"),
        (1, "Anhang"),
    ]


def test_short_bold_paragraph_is_a_heading(tmp_path):
    """A bold line without a full stop heads what follows, one level below the last heading."""
    styles = text_style("B", 'fo:font-weight="bold"', "paragraph")
    body = (
        '<text:h text:outline-level="1">Kapitel</text:h><text:p>Text.</text:p>'
        '<text:p text:style-name="B">Offene Fragen</text:p><text:p>Text.</text:p>'
        '<text:p text:style-name="B">Das ist ein ganzer Satz.</text:p><text:p>Text.</text:p>'
        '<text:h text:outline-level="1">Schluss</text:h><text:p>Text.</text:p>'
    )
    file = load(tmp_path, body, styles=styles)

    assert [(b.level, b.text) for b in file.blocks if b.kind == "heading"] == [
        (1, "Kapitel"),
        (2, "Offene Fragen"),
        (1, "Schluss"),
    ]


def test_tables_keep_their_columns(tmp_path):
    """Merged cells leave their places empty; repeated columns are capped; hidden rows noted."""

    def cell(text, attributes=""):
        return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"

    row = "<table:table-row{}>{}</table:table-row>"
    covered = "<table:covered-table-cell/>"
    empty = '<table:table-cell table:number-columns-repeated="16000"/>'
    body = (
        "<table:table><table:table-header-rows>"
        + row.format("", cell("Ort") + cell("2018", 'table:number-columns-spanned="2"') + covered)
        + "</table:table-header-rows>"
        + row.format(
            "", cell("Nord", 'table:number-rows-spanned="2"') + cell("2") + cell("3") + empty
        )
        + row.format("", covered + cell("4") + cell("5"))
        + row.format(' table:visibility="collapse"', cell("geheim") + cell("6") + cell("7"))
        + "</table:table>"
    )
    file = load(tmp_path, body)

    assert seen(file) == [("table", "Ort\t2018\t\nNord\t2\t3\n\t4\t5")]
    assert hidden(file) == [("ausgeblendet", "geheim 6 7")]


def test_frames_and_single_cells_are_boxes(tmp_path):
    """Text boxes follow the paragraph they hang on; a picture's caption is no box."""
    body = (
        "<text:p>Davor<draw:frame><draw:text-box><text:p>Merke:</text:p><text:p>Wichtig.</text:p>"
        "</draw:text-box></draw:frame> und danach.</text:p>"
        '<text:p><draw:frame><draw:text-box><text:p text:style-name="Figure">'
        "<draw:frame><draw:image/></draw:frame>Abbildung 1: Platz</text:p></draw:text-box>"
        "</draw:frame></text:p><table:table><table:table-row><table:table-cell>"
        "<text:p>Kasten.</text:p></table:table-cell></table:table-row></table:table>"
    )

    assert seen(load(tmp_path, body)) == [
        ("paragraph", "Davor und danach."),
        ("box", "Merke:\nWichtig."),
        ("caption", "Abbildung 1: Platz"),
        ("box", "Kasten."),
    ]


def test_notes_stand_behind_their_paragraph(tmp_path):
    """Footnotes and endnotes leave no digit in the sentence."""
    note = (
        '<text:note text:note-class="{}"><text:note-citation>1</text:note-citation>'
        "<text:note-body><text:p>{}</text:p></text:note-body></text:note>"
    )
    body = (
        f"<text:p>Ein Satz{note.format('footnote', 'Fußnote.')}.</text:p>"
        f"<text:p>Noch einer.{note.format('endnote', 'Endnote.')}</text:p>"
    )

    assert seen(load(tmp_path, body)) == [
        ("paragraph", "Ein Satz."),
        ("footnote", "Fußnote."),
        ("paragraph", "Noch einer."),
        ("footnote", "Endnote."),
    ]


def test_contents_and_spaces(tmp_path):
    """A table of contents is no evidence; counted spaces, tabs and breaks are blanks."""
    body = (
        "<text:table-of-content><text:index-body><text:p>Vorwort<text:tab/>3</text:p>"
        "</text:index-body></text:table-of-content>"
        '<text:p>Ein<text:s text:c="999999999"/>Satz<text:line-break/>mit H<text:span '
        'text:style-name="T">2</text:span>O.</text:p>'
    )
    styles = text_style("T", 'style:text-position="sub 58%"')

    assert seen(load(tmp_path, body, styles=styles)) == [
        ("contents", "Vorwort 3"),
        ("paragraph", "Ein Satz mit H₂O."),
    ]


@pytest.mark.parametrize(
    ("body", "concealment"),
    [
        (
            '<text:p>Offen.<text:span text:style-name="W"> Geheim.</text:span></text:p>',
            "weiß auf weiß",
        ),
        ('<text:p>Offen.<text:span text:style-name="K"> Geheim.</text:span></text:p>', "winzig"),
        (
            '<text:p>Offen.<text:span text:style-name="H"> Geheim.</text:span></text:p>',
            "ausgeblendet",
        ),
        ('<text:p>Offen.</text:p><text:p text:style-name="P">Geheim.</text:p>', "ausgeblendet"),
        (
            '<text:p>Offen.<text:hidden-text text:string-value="Geheim." text:is-hidden="true"/>'
            "</text:p>",
            "ausgeblendet",
        ),
        (
            '<text:p>Offen.</text:p><text:p><text:hidden-paragraph text:is-hidden="true"/>Geheim.'
            "</text:p>",
            "ausgeblendet",
        ),
        (
            '<text:p>Offen.</text:p><text:section text:display="none"><text:p>Geheim.</text:p>'
            "</text:section>",
            "ausgeblendet",
        ),
        (
            "<text:tracked-changes><text:changed-region><text:deletion><text:p>Geheim.</text:p>"
            "</text:deletion></text:changed-region></text:tracked-changes><text:p>Offen.</text:p>",
            "gelöschte Änderung",
        ),
        (
            "<text:p>Offen.<office:annotation><dc:creator>Frau Muster</dc:creator>"
            "<text:p>Geheim.</text:p></office:annotation></text:p>",
            "Kommentar",
        ),
    ],
)
def test_what_nobody_sees_is_left_out_and_reported(tmp_path, body, concealment):
    """Hidden text of every kind is named, with its kind, and in no block."""
    styles = (
        text_style("W", 'fo:color="#FFFFFF"')
        + text_style("K", 'fo:font-size="1pt"')
        + text_style("H", 'text:display="none"')
        + text_style("P", 'text:display="none"', "paragraph")
    )
    file = load(tmp_path, body, styles=styles)

    assert seen(file) == [("paragraph", "Offen.")]
    assert hidden(file) == [(concealment, "Geheim.")]


def test_white_text_on_a_dark_ground_is_read(tmp_path):
    """White letters in a coloured cell are seen by everyone."""
    styles = (
        text_style("W", 'fo:color="#ffffff"')
        + '<style:style style:name="C" style:family="table-cell"><style:table-cell-properties '
        'fo:background-color="#003366"/></style:style>'
    )
    body = (
        '<table:table><table:table-row><table:table-cell table:style-name="C"><text:p><text:span '
        'text:style-name="W">Kopf</text:span></text:p></table:table-cell><table:table-cell>'
        "<text:p>Wert</text:p></table:table-cell></table:table-row></table:table>"
    )
    file = load(tmp_path, body, styles=styles)

    assert seen(file) == [("table", "Kopf\tWert")]
    assert hidden(file) == []


def test_entities_are_refused_and_nothing_is_fetched(tmp_path):
    """Billion laughs and external entities end in a refusal by name, at once."""
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    secret = tmp_path / "geheim.txt"
    secret.write_text("GEHEIM", encoding="utf-8")
    outside = f'<!DOCTYPE x [<!ENTITY a SYSTEM "{secret.as_uri()}">]>'
    for prolog in (laughs, outside):
        with pytest.raises(FileRefusedError) as raised:
            load(tmp_path, "<text:p>&a; Text.</text:p>", prolog=prolog)
        assert raised.value.code == "ERR_FILE_DAMAGED"
        assert "bericht.odt" in str(raised.value)


def test_external_dtd_is_not_loaded(tmp_path):
    """A document type in another file is passed over."""
    dtd = tmp_path / "typ.dtd"
    dtd.write_text('<!ENTITY a "GEHEIM">', encoding="utf-8")
    file = load(tmp_path, "<text:p>Text.</text:p>", prolog=f'<!DOCTYPE x SYSTEM "{dtd.as_uri()}">')

    assert seen(file) == [("paragraph", "Text.")]


def _manifest():
    return "<m xmlns='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'><encryption-data/></m>"


@pytest.mark.parametrize(
    ("body", "files", "code"),
    [
        ("<text:p/>", {}, "ERR_FILE_EMPTY"),
        ('<text:h text:outline-level="1">Nur das</text:h>', {}, "ERR_FILE_EMPTY"),
        ("<text:p><draw:frame><draw:image/></draw:frame></text:p>", {}, "ERR_FILE_NO_TEXT"),
        ("<text:p>x</text:p>", {"META-INF/manifest.xml": _manifest()}, "ERR_FILE_PASSWORD"),
        ("<text:p>x</text:p></text:p>", {}, "ERR_FILE_DAMAGED"),
        ("<text:span>" * 150 + "x" + "</text:span>" * 150, {}, "ERR_FILE_DAMAGED"),
        ("<text:p>x</text:p>", {"styles.xml": "<a" * 9}, "ERR_FILE_DAMAGED"),
    ],
)
def test_unreadable_files_are_refused_by_name(tmp_path, body, files, code):
    """Each refusal has its code and names the file."""
    with pytest.raises(FileRefusedError) as raised:
        load(tmp_path, body, files=files)
    assert raised.value.code == code
    assert "bericht.odt" in str(raised.value)


def test_what_is_no_text_document_is_refused(tmp_path):
    """A spreadsheet, a ZIP of anything else and an old Word file have their own words."""
    path = tmp_path / "x.odt"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    for data, code in (
        (path.read_bytes(), "ERR_FILE_TYPE"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600, "ERR_FILE_TYPE"),
        (b"PK\x05\x06" + bytes(18), "ERR_FILE_TYPE"),
        (b"", "ERR_FILE_EMPTY"),
        (b"%PDF-1.4", "ERR_FILE_DAMAGED"),
    ):
        path.write_bytes(data)
        with pytest.raises(FileRefusedError) as raised:
            load_odt(path)
        assert raised.value.code == code


def test_bombs_are_refused(tmp_path):
    """A part that unpacks to a thousandfold, and a table of a billion cells, are stopped."""
    bomb = tmp_path / "bombe.odt"
    build(bomb, "<text:p>" + " " * (60 * 2**20) + "</text:p>")
    with pytest.raises(FileRefusedError) as raised:
        load_odt(bomb)
    assert raised.value.code == "ERR_FILE_TOO_LARGE"

    repeated = 'table:number-columns-repeated="999999999"'
    cell = f"<table:table-cell {repeated}><text:p>x</text:p></table:table-cell>"
    row = f"<table:table-row>{cell * 50}</table:table-row>"
    with pytest.raises(FileRefusedError) as raised:
        load(tmp_path, f"<table:table>{row * 50}</table:table>")
    assert raised.value.code == "ERR_FILE_TOO_LARGE"


@given(st.integers(0, 2**32), st.binary(min_size=1, max_size=40))
@settings(max_examples=80, deadline=None)
def test_mutated_content_is_read_or_refused(tmp_path_factory, place, junk):
    """Bytes written over the XML raise nothing but a named refusal."""
    with zipfile.ZipFile(FIXTURE) as package:
        content = bytearray(package.read("content.xml"))
        styles = package.read("styles.xml")
    at = place % len(content)
    content[at : at + len(junk)] = junk
    path = tmp_path_factory.getbasetemp() / "zufall.odt"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("content.xml", bytes(content))
        package.writestr("styles.xml", styles)

    try:
        assert load_odt(path).blocks
    except FileRefusedError as refused:
        assert refused.code.startswith("ERR_FILE_")
