"""A memo as a Word file (python-docx): real styles and headings, German, nothing from outside."""

import io
from collections.abc import Sequence
from datetime import UTC

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table
from docx.text.paragraph import Paragraph

from ui.export.memo import Block, Memo, Source, moment

PETROL, SOFT = RGBColor(0x0F, 0x5A, 0x60), RGBColor(0x51, 0x60, 0x5F)
"""Colours of ui/design.css."""
_FONT = "Calibri"
_LANGUAGE = "de-DE"
_SIZES_PT = {"Title": 22, "Heading 1": 14, "Heading 2": 12, "Normal": 11, "Quote": 11}
_PLAIN_TABLE = "Table Grid"
_WIDTH_CM, _MARGIN_CM = 21, 2.5
_NUMBER_CM, _PAGE_CM, _STATE_CM, _VERSION_CM = 1.1, 1.9, 3.0, 2.9


def docx(memo: Memo) -> bytes:
    """Return the memo as DOCX."""
    word = Document()
    _prepare(word, memo)
    word.add_paragraph("Vermerk", style="Title")
    word.add_paragraph(f"Sozialraum-Assistent · {moment(memo.asked)}", style="Subtitle")
    word.add_heading("Frage", 1)
    _lines(word, memo.question, "Normal")
    word.add_heading("Antwort", 1)
    for block in memo.body:
        _add_block(word, block)
    if memo.sources:
        word.add_heading("Wörtliche Zitate", 1)
        for source in memo.sources:
            _add_quote(word, source)
        word.add_heading("Verzeichnis der Quellen", 1)
        _add_sources(word, memo)
    word.add_heading("Angaben zur Abfrage", 1)
    _add_facts(word, memo)
    if memo.notes:
        word.add_heading("Hinweise", 1)
        for note in memo.notes:
            word.add_paragraph(note, style="List Bullet")
    buffer = io.BytesIO()
    word.save(buffer)
    return buffer.getvalue()


# -- the document --------------------------------------------------------------------------


def _prepare(word: WordDocument, memo: Memo) -> None:
    """Set A4, language, styles, properties and page numbers."""
    section = word.sections[0]
    section.page_width, section.page_height = Cm(_WIDTH_CM), Cm(29.7)
    section.left_margin = section.right_margin = Cm(_MARGIN_CM)
    section.top_margin = section.bottom_margin = Cm(2.2)
    for style in word.styles:
        if style.type == WD_STYLE_TYPE.PARAGRAPH and isinstance(style, ParagraphStyle):
            _set_style(style)
    for properties in word.styles.element.iter(qn("w:rPrDefault")):
        for language in properties.iter(qn("w:lang")):
            language.set(qn("w:val"), _LANGUAGE)
    facts = word.core_properties
    facts.title, facts.subject = "Vermerk", _shortened(memo.question)
    facts.author = facts.last_modified_by = "Sozialraum-Assistent"
    facts.language, facts.comments, facts.keywords = _LANGUAGE, "", ""
    facts.created = facts.modified = memo.asked.astimezone(UTC).replace(tzinfo=None)
    _number_pages(section.footer.paragraphs[0])


def _shortened(text: str) -> str:
    """Cut to what properties may hold: 255 characters."""
    return text if len(text) <= 250 else f"{text[:249]}…"


def _set_style(style: ParagraphStyle) -> None:
    font = style.font
    if style.name in _SIZES_PT:
        font.size = Pt(_SIZES_PT[style.name])
    if style.name in ("Title", "Subtitle", "Normal", "Quote") or str(style.name).startswith("Head"):
        font.name = _FONT
        # The fonts of the theme would else win over the name.
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in [name for name in fonts.attrib if name.endswith("Theme")]:
            del fonts.attrib[attribute]
    if style.name == "Title" or str(style.name).startswith("Heading"):
        font.color.rgb = PETROL
    if style.name == "Subtitle":
        font.color.rgb, font.italic, font.size = SOFT, False, Pt(11)
    if style.name == "Quote":
        font.italic = False
        font.color.rgb = RGBColor(0, 0, 0)
        style.paragraph_format.left_indent = Cm(0.8)
    if str(style.name).startswith("Heading"):
        style.paragraph_format.keep_with_next = True


def _number_pages(paragraph: Paragraph) -> None:
    """Write "Seite 1 von 2" as fields that Word fills in."""
    paragraph.style = "Footer"
    for words, field in (("Seite ", "PAGE"), (" von ", "NUMPAGES")):
        paragraph.add_run(words)
        run = paragraph.add_run()._r
        for kind in ("begin", "separate", "end"):
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            if kind == "separate":
                code = OxmlElement("w:instrText")
                code.text = field
                run.append(code)
            run.append(mark)


# -- parts ---------------------------------------------------------------------------------


def _lines(word: WordDocument, text: str, style: str) -> Paragraph:
    """Add a paragraph whose line ends are breaks and whose tabs are tabs."""
    return word.add_paragraph(text.strip(), style=style)


def _add_block(word: WordDocument, block: Block) -> None:
    numbers = "".join(f"[{number}]" for number in block.numbers)
    if block.kind == "heading":
        word.add_heading(block.rows[0][0], 2)
        return
    if block.kind == "table":
        _add_table(word, block.rows, has_head=len(block.rows) > 1)
        word.add_paragraph(numbers)
        return
    style = {"items": "List Bullet", "numbered": "List"}.get(block.kind, "Normal")
    added = [_lines(word, row[0], style) for row in block.rows]
    if numbers:
        added[-1].add_run(f"\u00a0{numbers}").font.color.rgb = PETROL


def _add_quote(word: WordDocument, source: Source) -> None:
    word.add_heading(f"[{source.number}] {source.title}", 2)
    quote = _lines(word, f"„{source.quote.strip()}“", "Quote")
    quote.paragraph_format.keep_with_next = True
    for number, (name, value) in enumerate(source.facts, start=1):
        line = word.add_paragraph()
        line.paragraph_format.space_after = Pt(0 if number < len(source.facts) else 8)
        line.add_run(f"{name}: ").bold = True
        line.add_run(value)


def _add_sources(word: WordDocument, memo: Memo) -> None:
    rows = [("Nr.", "Unterlage", "Seite", "Stand", "Fassung")]
    rows += [(f"[{s.number}]", s.title, s.page or "–", s.state, s.version) for s in memo.sources]
    table = _add_table(word, rows, has_head=True)
    fixed = _NUMBER_CM + _PAGE_CM + _STATE_CM + _VERSION_CM
    rest = _WIDTH_CM - 2 * _MARGIN_CM - fixed
    widths = (_NUMBER_CM, rest, _PAGE_CM, _STATE_CM, _VERSION_CM)
    for row in table.rows:
        for cell, width_cm in zip(row.cells, widths, strict=True):
            cell.width = Cm(width_cm)


def _add_facts(word: WordDocument, memo: Memo) -> None:
    for name, value in memo.facts:
        line = word.add_paragraph()
        line.paragraph_format.space_after = Pt(2)
        line.add_run(f"{name}: ").bold = True
        line.add_run(value)


def _add_table(word: WordDocument, rows: Sequence[Sequence[str]], *, has_head: bool) -> Table:
    table: Table = word.add_table(rows=len(rows), cols=max(map(len, rows)), style=_PLAIN_TABLE)
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    for number, (row, texts) in enumerate(zip(table.rows, rows, strict=True)):
        is_head = has_head and number == 0
        for cell, text in zip(row.cells, texts, strict=True):
            run = cell.paragraphs[0].add_run(text)
            run.bold, run.font.size = is_head, Pt(9.5)
        if is_head:
            # Repeated on every page, and read out as the head.
            mark = OxmlElement("w:tblHeader")
            mark.set(qn("w:val"), "true")
            row._tr.get_or_add_trPr().append(mark)
        keep = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(keep)
    return table
