"""Word files become the same blocks as everything else; what nobody sees stays out."""

import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import FileRefusedError
from ingest.loaders import docx
from ingest.loaders.docx import load_docx
from tests.ingest.own_office import (
    build,
    cell,
    list_level,
    numbered,
    paragraph,
    run,
    style,
    table,
)
from tests.ingest.truth import TESTDOCS, found_in, plain, sentences, truth

OFFICE = TESTDOCS / "office"
TRUTH = "w2_zweispaltig"
WORD_FILES = ("w2_zweispaltig", "werkstatt_word")
GERMAN = (
    style("Standard", "Normal")
    + style("berschrift1", "heading 1", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>', "Standard")
    + style("berschrift2", "heading 2", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>', "Standard")
    + style("Kapitel", "Kapitel (Amt)", "", "berschrift1")
    + style("Gliederung", "Ebene B", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>', "Standard")
    + style("Titel", "Title", "", "Standard")
    + style("Verzeichnis1", "toc 1", "", "Standard")
    + style("Beschriftung", "caption", "", "Standard")
    + style("Fett", "Strong", "<w:rPr><w:b/></w:rPr>", kind="character")
)


def load(tmp_path, body, **parts):
    """Build and read a Word file with German styles."""
    return load_docx(build(tmp_path / "bericht.docx", body, **{"styles": GERMAN, **parts}))


def seen(file):
    """Return (kind, text) of all blocks."""
    return [(block.kind, block.text) for block in file.blocks]


@pytest.mark.parametrize("name", WORD_FILES)
def test_ground_truth(name):
    """Every sentence, heading, item, table row, note and box of the test documents is found."""
    file = load_docx(OFFICE / f"{name}.docx")
    has_notes = name == "w2_zweispaltig"
    expected = [b for b in truth(TRUTH) if has_notes or b["type"] != "footnote"]

    missing = [text for text, _ in sentences(expected) if not found_in(file.blocks, text)]
    headings = [(b.text, b.level) for b in file.blocks if b.kind == "heading"]
    items = [b.text for b in file.blocks if b.kind == "item"]
    rows = [row.split("\t") for b in file.blocks if b.kind == "table" for row in b.text.split("\n")]
    boxes = [b.text.split("\n") for b in file.blocks if b.kind == "box"]

    assert missing == []
    assert headings == [(b["text"], int(b["type"][1])) for b in expected if b["type"][0] == "h"]
    assert [i.split(". ", 1)[1] if i[0].isdigit() else i for i in items] == [
        plain(b["text"]) for b in expected if b["type"] == "li"
    ]
    assert all(row in rows for b in expected for row in b.get("rows", ()))
    assert all(b["header"] in rows for b in expected if b["type"] == "table")
    assert [b.text for b in file.blocks if b.kind == "footnote"] == [
        plain(b["text"]) for b in expected if b["type"] == "footnote"
    ]
    assert [box[0] for box in boxes[:2]] == [
        b["text"] for b in expected if b["type"] == "box_title"
    ]
    assert file.metadata == {"titel": "Werkstattreihe Sozialraum gestalten"}
    assert file.extraction.format == "Word"
    assert file.extraction.hidden == ()


def test_footnotes_follow_their_paragraph():
    """A footnote stands in the section that refers to it, not at the document's end."""
    file = load_docx(OFFICE / "w2_zweispaltig.docx")

    at = next(i for i, b in enumerate(file.blocks) if b.text.startswith("Vgl. hierzu"))
    assert file.blocks[at].kind == "footnote"
    assert file.blocks[at - 1].text.startswith("Offen blieb")
    assert file.blocks[at - 1].text.endswith("betrieben werden soll.")


def test_contents_pages_are_no_evidence():
    """Lines of a table of contents are marked as such."""
    file = load_docx(OFFICE / "w2_zweispaltig.docx")

    assert sum(b.kind == "contents" for b in file.blocks) == sum(
        b["type"] in ("toc", "toc_heading") for b in truth(TRUTH)
    )


def test_word_features():
    """Text boxes, the merged cell and the pseudo-headings of chapter 5 are read."""
    file = load_docx(OFFICE / "werkstatt_word.docx")

    assert seen(file)[-1] == (
        "box",
        "Hinweis im Textfeld: Die Anmeldung zur Folgeveranstaltung ist bis 15. Januar 2020 "
        "möglich.",
    )
    assert any(b.text.endswith("\nÄnderungen vorbehalten.\t\t") for b in file.blocks)


def test_headings_by_german_style_names_and_inheritance(tmp_path):
    """A heading is known by its style, what that is based on, or its outline level."""
    file = load(
        tmp_path,
        paragraph("Eins", "berschrift1")
        + paragraph("Zwei", "berschrift2")
        + paragraph("Drei", "Kapitel")
        + paragraph("Vier", "Gliederung")
        + paragraph("Fünf", properties='<w:outlineLvl w:val="2"/>')
        + paragraph("Text."),
    )

    assert [(b.text, b.level) for b in file.blocks if b.kind == "heading"] == [
        ("Eins", 1),
        ("Zwei", 2),
        ("Drei", 1),
        ("Vier", 2),
        ("Fünf", 3),
    ]


def test_numbers_that_word_computes(tmp_path):
    """Headings and list items carry the number that is seen in Word."""
    levels = (
        list_level(0, "decimal", "%1.", style="berschrift1")
        + list_level(1, "decimal", "%1.%2", style="berschrift2")
        + list_level(2, "lowerLetter", "%3)")
    )
    bullets = list_level(0, "bullet", "\uf0b7")
    numbering = (
        f'<w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum>'
        f'<w:abstractNum w:abstractNumId="8">{bullets}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="2">'
        '<w:startOverride w:val="4"/></w:lvlOverride></w:num>'
    )
    in_style = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    styles = style("berschrift1", "heading 1", in_style) + style(
        "berschrift2", "heading 2", in_style
    )
    file = load(
        tmp_path,
        paragraph("Werkstatt: Ankommen", "berschrift1")
        + paragraph("Anlass", "berschrift2")
        + numbered("alpha", rank=2)
        + paragraph("dazwischen")
        + numbered("beta", rank=2)
        + numbered("Punkt", num_id=2)
        + paragraph("Ergebnis", "berschrift2")
        + numbered("gamma", rank=2)
        + numbered("delta", num_id=3, rank=2)
        + paragraph("Werkstatt: Wohnen", "berschrift1")
        + paragraph("Anlass", "berschrift2")
        + numbered("ohne Nummer", num_id=0)
        + numbered(run("Fett und beziffert", "<w:b/>"), rank=2)
        + paragraph("Schluss."),
        styles=styles,
        numbering=numbering,
    )

    assert seen(file) == [
        ("heading", "1. Werkstatt: Ankommen"),
        ("heading", "1.1 Anlass"),
        ("item", "a) alpha"),
        ("paragraph", "dazwischen"),
        ("item", "b) beta"),
        ("item", "Punkt"),
        ("heading", "1.2 Ergebnis"),
        ("item", "a) gamma"),
        ("item", "d) delta"),
        ("heading", "2. Werkstatt: Wohnen"),
        ("heading", "2.1 Anlass"),
        ("paragraph", "ohne Nummer"),
        ("heading", "a) Fett und beziffert"),
        ("paragraph", "Schluss."),
    ]


def test_ranks_of_bold_headings(tmp_path):
    """Without styles, numbers rank the bold lines; many in a row are a title page."""
    bold = [run(text, "<w:b/>") for text in ("Stadt Musterhausen", "Amt 50", "Bericht")]
    by_style = run("3. Werkstatt: Bildung", '<w:rStyle w:val="Fett"/>')
    file = load(
        tmp_path,
        "".join(map(paragraph, bold))
        + paragraph("Vorab.")
        + paragraph(by_style)
        + paragraph(run("3.1 Anlass", "<w:b/>"))
        + paragraph("Text.")
        + paragraph(run("Wer kam", "<w:b/>"))
        + paragraph("Text.")
        + paragraph(run("3.2 Ergebnis", "<w:b/>"))
        + paragraph(run("Fetter Satz mit Punkt.", "<w:b/>"))
        + paragraph(run("am Ende", "<w:b/>")),
    )

    assert [(b.kind, b.level) for b in file.blocks] == [
        *[("paragraph", 0)] * 4,
        ("heading", 1),
        ("heading", 2),
        ("paragraph", 0),
        ("heading", 3),
        ("paragraph", 0),
        ("heading", 2),
        ("paragraph", 0),
        ("paragraph", 0),
    ]


def test_tables(tmp_path):
    """Merged cells keep the columns in place; cells hold neither tabs nor line ends."""
    body = paragraph("Tabelle 1: Plätze", "Beschriftung") + table(
        (cell("Ort"), cell("Plätze", '<w:gridSpan w:val="2"/>')),
        (
            cell("Nord", '<w:vMerge w:val="restart"/>'),
            cell(paragraph("35") + paragraph("frei")),
            cell("48"),
        ),
        (cell("", "<w:vMerge/>"), cell("60"), cell("<w:p><w:r><w:t>1</w:t><w:tab/></w:r></w:p>")),
    )
    file = load(tmp_path, body + table((cell("Allein im Kasten."),)))

    assert seen(file) == [
        ("caption", "Tabelle 1: Plätze"),
        ("table", "Ort\tPlätze\t\nNord\t35 frei\t48\n\t60\t1"),
        ("box", "Allein im Kasten."),
    ]


def test_columns_of_a_layout_are_no_table(tmp_path):
    """Cells as long as a column of text become paragraphs."""
    long = "Ein Satz mit sechs Wörtern hier. " * 30
    file = load(tmp_path, table((cell(long.strip()), cell("Am Rand."))))

    assert seen(file) == [("paragraph", long.strip()), ("paragraph", "Am Rand.")]


def test_text_boxes_notes_fields_and_formulas(tmp_path):
    """What mammoth alone would drop is read, each text once."""
    inner = f"<w:txbxContent>{paragraph('Im Kasten.')}</w:txbxContent>"
    shape = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>"
        f"{inner}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{inner}"
        "</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    headed = (
        "<w:r><w:drawing><wps:txbx><w:txbxContent>"
        f"{paragraph('2. Werkstatt: Wohnen', 'berschrift1')}"
        "</w:txbxContent></wps:txbx></w:drawing></w:r>"
    )
    field = "<w:fldSimple w:instr='SEQ Tabelle'><w:r><w:t>1</w:t></w:r></w:fldSimple>"
    formula = "<m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath>"
    reference = "<w:r><w:footnoteReference w:id='2'/></w:r>"
    lost = "<w:r><w:footnoteReference w:id='99'/></w:r>"
    file = load(
        tmp_path,
        paragraph(run("Anker") + shape)
        + paragraph(headed)
        + paragraph(run("Satz.") + reference + lost)
        + paragraph(run("Tabelle ") + field + run(": Zahlen"))
        + paragraph(run("Summe ") + formula)
        + paragraph(run("12 m") + run("2", '<w:vertAlign w:val="superscript"/>')),
        footnotes=f'<w:footnote w:id="2">{paragraph("Quelle: Amt 61.")}</w:footnote>',
    )

    assert seen(file) == [
        ("paragraph", "Anker"),
        ("box", "Im Kasten."),
        ("heading", "2. Werkstatt: Wohnen"),
        ("paragraph", "Satz."),
        ("footnote", "Quelle: Amt 61."),
        ("caption", "Tabelle 1: Zahlen"),
        ("paragraph", "Summe a+b"),
        ("paragraph", "12 m²"),
    ]


def test_hidden_text_is_left_out_and_listed(tmp_path):
    """Hidden, deleted, white and tiny text and comments are reported; insertions are text."""
    white = '<w:color w:val="FFFFFF"/>'
    dark = '<w:shd w:val="clear" w:fill="1F4E79"/>'
    styles = GERMAN + style("Geheim", "Geheim", "<w:rPr><w:vanish/></w:rPr>", kind="character")
    deletion = "<w:del><w:r><w:delText>gestrichen war das</w:delText></w:r></w:del>"
    file = load(
        tmp_path,
        paragraph(
            run("Sichtbar. ")
            + run("versteckt ", "<w:vanish/>")
            + run("und mehr", '<w:vanish/><w:color w:val="FF0000"/>')
            + run("per Vorlage", '<w:rStyle w:val="Geheim"/>')
            + deletion
            + f"<w:ins>{run('Eingefügt.')}</w:ins>"
            + run(" Nicht versteckt.", '<w:vanish w:val="0"/>')
        )
        + paragraph(run("weiß auf weiß gesetzt", white))
        + paragraph(run("winzig gesetzt", '<w:sz w:val="2"/>'))
        + table((cell(paragraph(run("Kopf", white)), dark), cell("Wert"))),
        styles=styles,
        comments=f'<w:comment w:id="1">{paragraph("Bitte prüfen")}</w:comment>',
    )

    assert seen(file) == [
        ("paragraph", "Sichtbar. Eingefügt. Nicht versteckt."),
        ("table", "Kopf\tWert"),
    ]
    assert [(h.concealment, h.text) for h in file.extraction.hidden] == [
        ("gelöschte Änderung", "gestrichen war das"),
        ("ausgeblendet", "versteckt und mehrper Vorlage"),
        ("weiß auf weiß", "weiß auf weiß gesetzt"),
        ("winzig", "winzig gesetzt"),
        ("Kommentar", "Bitte prüfen"),
    ]


def test_hidden_texts_are_few_and_short(tmp_path):
    """A hundred entries of two hundred characters are enough for a report."""
    hidden = "".join(paragraph(run("x" * 900, "<w:vanish/>")) for _ in range(150))
    file = load(tmp_path, paragraph("Sichtbar.") + hidden)

    assert len(file.extraction.hidden) == 100
    assert {len(h.text) for h in file.extraction.hidden} == {200}


@pytest.mark.parametrize(
    ("core", "body", "expected"),
    [
        ("Dokumentation", paragraph("Ein Titel", "Titel"), "Dokumentation"),
        ("Microsoft Word - Entwurf7.docx", paragraph("Ein Titel", "Titel"), "Ein Titel"),
        ("Titel", paragraph("Ein Titel", "Titel"), "Ein Titel"),
        ("Dokument1", paragraph("Kapitel", "berschrift1"), "Kapitel"),
        ("", paragraph("nur Text"), None),
    ],
)
def test_title(tmp_path, core, body, expected):
    """The title is what the file states, unless it's a placeholder, or what is set so."""
    file = load(tmp_path, body + paragraph("Text."), core=core)

    assert file.metadata.get("titel") == expected


def test_title_that_names_a_workshop_holds_the_chapters(tmp_path):
    """The workshop of a title is found for all chapters below it."""
    body = paragraph("3. Werkstatt: Bildung", "Titel") + paragraph("Anlass", "berschrift1")
    file = load(tmp_path, body + paragraph("Text."))

    assert [(b.text, b.level) for b in file.blocks] == [
        ("3. Werkstatt: Bildung", 1),
        ("Anlass", 2),
        ("Text.", 0),
    ]


def test_main_part_by_content_type(tmp_path):
    """The text is where the package says, as in files of Word in the browser."""
    file = load(tmp_path, paragraph("Text."), main="word/document2.xml")

    assert seen(file) == [("paragraph", "Text.")]


def test_form_without_entries_says_nothing(tmp_path):
    """Prompts in controls nobody filled in aren't text; what was filled in is."""
    empty = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    full = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>"
    body = empty.format(paragraph("Klicken Sie hier.")) + full.format(paragraph("Ort: Bochum"))

    assert seen(load(tmp_path, body)) == [("paragraph", "Ort: Bochum")]


def refusal(path):
    """Return the error with which a file is refused."""
    with pytest.raises(FileRefusedError) as raised:
        load_docx(path)
    assert path.name in str(raised.value)
    return raised.value


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (b"", "ERR_FILE_EMPTY", "leer"),
        (b"%PDF-1.7", "ERR_FILE_DAMAGED", "beschädigt"),
        (b"PK\x03\x04kaputt", "ERR_FILE_DAMAGED", "beschädigt"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + b"alt", "ERR_FILE_TYPE", ".docx"),
        (
            bytes.fromhex("D0CF11E0A1B11AE1") + "EncryptedPackage".encode("utf-16-le"),
            "ERR_FILE_PASSWORD",
            "ohne Kennwort",
        ),
    ],
)
def test_what_is_no_word_file(tmp_path, content, code, said):
    """Each is refused by name, with what can be done."""
    path = tmp_path / "alt.docx"
    path.write_bytes(content)

    error = refusal(path)
    assert error.code == code
    assert said in str(error)


def test_zip_that_is_no_word_file(tmp_path):
    """Another office format under the wrong name is told apart."""
    path = tmp_path / "tabelle.docx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("xl/workbook.xml", "<workbook/>")

    assert refusal(path).code == "ERR_FILE_TYPE"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "ERR_FILE_EMPTY"),
        (paragraph("Nur ein Titel", "berschrift1"), "ERR_FILE_EMPTY"),
        (paragraph("<w:r><w:drawing/></w:r>"), "ERR_FILE_NO_TEXT"),
        (paragraph("Text.") + "<w:altChunk r:id='rId1'/>", "ERR_FILE_DAMAGED"),
        (table((cell("a", '<w:gridSpan w:val="viele"/>'), cell("b"))), "ERR_FILE_DAMAGED"),
        (paragraph("Text.") + "<w:p>", "ERR_FILE_DAMAGED"),
        ("<w:sdt><w:sdtContent>" * 200 + "x", "ERR_FILE_DAMAGED"),
    ],
)
def test_documents_without_text_or_sense(tmp_path, body, code):
    """Nothing is read by half, and no error goes without a name."""
    assert refusal(build(tmp_path / "leer.docx", body)).code == code


def test_deep_nesting_never_crashes(tmp_path):
    """Tables within tables as deep as XML may go are read or refused."""
    for depth in (5, 60):
        inner = paragraph("Text.")
        for _ in range(depth):
            inner = table((f"<w:tc>{inner}{paragraph('')}</w:tc>",))
        path = build(tmp_path / "tief.docx", inner)
        try:
            assert found_in(load_docx(path).blocks, "Text.")
        except FileRefusedError as error:
            assert depth == 60
            assert error.code == "ERR_FILE_DAMAGED"


def test_entities_are_neither_read_nor_unfolded(tmp_path):
    """An external entity reads no file; a billion laughs stay a few bytes."""
    secret = tmp_path / "geheim.txt"
    secret.write_text("GEHEIM", encoding="utf-8")
    laughs = "".join(
        f"<!ENTITY l{n} '{f'&l{n - 1};' * 10 if n else 'ha' * 10}'>" for n in range(12)
    )
    for declared, entity in (
        (f"<!DOCTYPE w:document [<!ENTITY x SYSTEM '{secret.as_uri()}'>]>", "&x;"),
        (f"<!DOCTYPE w:document [{laughs}]>", "&l11;"),
        (f"<!DOCTYPE w:document SYSTEM '{secret.as_uri()}'>", "&x;"),
    ):
        body = paragraph(f"Text {entity}")
        path = build(tmp_path / "bombe.docx", body, declared=declared)
        assert refusal(path).code == "ERR_FILE_DAMAGED"


def test_bombs_are_refused(tmp_path):
    """Too many parts, and a part that unpacks to more than any text is, are refused."""
    many = {f"word/media/{n}": "" for n in range(2_001)}
    path = build(tmp_path / "viele.docx", paragraph("Text."), others=many)
    assert refusal(path).code == "ERR_FILE_TOO_LARGE"

    dense = build(tmp_path / "dicht.docx", paragraph("a" * 70_000_000))
    assert refusal(dense).code == "ERR_FILE_TOO_LARGE"


def test_nothing_outside_of_the_file_is_opened(tmp_path, monkeypatch):
    """Linked pictures, templates and links are no reason to open anything."""
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" TargetMode="External" Target="http://example.org/bild.png" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"/>'
        "</Relationships>"
    )
    given = {}
    original = docx.mammoth.convert_to_html

    def noting(file, **options):
        with zipfile.ZipFile(io.BytesIO(file.getvalue())) as package:
            given.update({name: package.read(name) for name in package.namelist()})
        return original(file, **options)

    monkeypatch.setattr(docx.mammoth, "convert_to_html", noting)
    link = "<w:hyperlink r:id='rId1'><w:r><w:t>Verweis</w:t></w:r></w:hyperlink>"
    picture = "<w:r><w:pict><v:imagedata r:id='rId1'/></w:pict></w:r>"
    path = build(
        tmp_path / "verweis.docx",
        paragraph(run("Ein ") + link + picture),
        others={"word/_rels/document.xml.rels": rels},
    )

    assert seen(load_docx(path)) == [("paragraph", "Ein Verweis")]
    assert list(given) == ["word/document.xml"]
    assert b"rId1" not in given["word/document.xml"]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_mutated_files_are_read_or_refused(tmp_path, data):
    """Whatever happens to a file's bytes or to its XML, the only error is the named one."""
    path = tmp_path / "kaputt.docx"
    source = OFFICE / "w2_zweispaltig.docx"
    if data.draw(st.booleans()):
        content = bytearray(source.read_bytes())
        for at in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=8)):
            content[at] = data.draw(st.integers(0, 255))
        path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    else:
        with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
            for name in old.namelist():
                text = old.read(name).decode("utf-8")
                at = data.draw(st.integers(0, len(text)))
                cut = data.draw(st.integers(0, 40))
                new.writestr(name, text[:at] + text[at + cut :])
    try:
        assert load_docx(path).blocks
    except FileRefusedError as error:
        assert path.name in str(error)
