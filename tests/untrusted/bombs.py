"""Files made to hurt: small on disk, endless when read. Each is built when it is asked for."""

import base64
import io
import struct
import zipfile
import zlib

from pptx import Presentation
from pptx.util import Inches

from tests.ingest import own_office

BOMBS = {}
MEGA = 10**6
SENTENCE = "Der Platz gehört allen, die hier wohnen. "


def bomb(name):
    """Register a generator under the name of the file it makes."""

    def keep(make):
        assert name not in BOMBS
        BOMBS[name] = make
        return make

    return keep


# -- archives --------------------------------------------------------------------------------


def zipped(entries, compression=zipfile.ZIP_DEFLATED):
    """Return a ZIP file of (name -> bytes)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def listed(entry, count, package=b""):
    """Return a ZIP file whose directory names one entry ``count`` times, behind ``package``."""
    name = entry.encode()
    data = zlib.compress(b"Text", 9)[2:-4]
    check = zlib.crc32(b"Text")
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 0, check, len(data), 4, len(name), 0)
    central = struct.pack(
        *("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 0, check, len(data), 4),
        *(len(name), 0, 0, 0, 0, 0, 0),
    )
    directory = (central + name) * count
    start = len(local) + len(name) + len(data)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, len(directory), start, 0)
    return local + name + data + directory + end


@bomb("geschachtelt.zip")
def nested_zip():
    """Archives in archives, 30 deep."""
    content = zipped({"text.txt": SENTENCE.encode() * 1000})
    for _ in range(30):
        content = zipped({f"{n}.zip": content for n in range(2)})
    return content


@bomb("dicht.zip")
def dense_zip():
    """60 MB of blanks, packed 1:1000."""
    return zipped({"text.txt": b" " * (60 * MEGA)})


@bomb("viele.zip")
def million_entries():
    """A directory of a million entries."""
    return listed("text.txt", MEGA)


@bomb("ueberlappend.zip")
def overlapping_entries():
    """A thousand entries that all unpack the same bytes."""
    return listed("text.txt", 1000)


@bomb("dicht.docx")
def dense_docx():
    """A Word file whose text unpacks 1:1000."""
    return zipped(_docx_parts("<w:p>" + " " * (60 * MEGA) + "</w:p>"))


@bomb("dicht.odt")
def dense_odt():
    """An OpenDocument text that unpacks 1:1000."""
    return odt("<text:p>" + " " * (60 * MEGA) + "</text:p>")


@bomb("dicht.pptx")
def dense_pptx():
    """Slides that unpack 1:1000."""
    return pptx_with(lambda xml: xml.replace(b"</p:sld>", b" " * (60 * MEGA) + b"</p:sld>"))


@bomb("viele.docx")
def docx_of_million_entries():
    """A Word file whose directory has a million entries."""
    return listed("word/document.xml", MEGA)


@bomb("bilder.docx")
def docx_with_huge_picture():
    """A Word file with a picture of 50,000 by 50,000 points."""
    parts = _docx_parts(own_office.paragraph(SENTENCE))
    return zipped({**parts, "word/media/bild.png": png(50_000, 50_000)})


# -- XML in packages -------------------------------------------------------------------------

_LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'Haha'>{}]>".format(
    "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
)
_QUADRATIC = f"<!DOCTYPE x [<!ENTITY a '{'Ha' * 50_000}'>]>"


def _docx_parts(body, declared="", encoding="utf-8"):
    root = f'<w:document xmlns:w="{own_office.W}"><w:body>{body}</w:body></w:document>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    types = f'<Types><Override PartName="/word/document.xml" ContentType="{kind}"/></Types>'
    return {"word/document.xml": (declared + root).encode(encoding), "[Content_Types].xml": types}


def odt(body, declared="", styles="", encoding="utf-8", *, packed=True):
    """Return an OpenDocument text; ``styles`` are automatic ones."""
    names = ("office", "style", "text", "table", "draw", "dc", "meta")
    base = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
    spaces = {name: base.format("drawing" if name == "draw" else name) for name in names}
    spaces |= {
        "dc": "http://purl.org/dc/elements/1.1/",
        "fo": base.format("xsl-fo-compatible"),
        "svg": base.format("svg-compatible"),
        "xlink": "http://www.w3.org/1999/xlink",
    }
    declarations = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in spaces.items())
    content = (
        f"{declared}<office:document-content {declarations}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.text"
    parts = {"mimetype": kind, "content.xml": content.encode(encoding)}
    return zipped(parts, zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED)


def deck(*texts, notes=""):
    """Return slides with one text box each."""
    made = Presentation()
    for text in texts or (SENTENCE,):
        slide = made.slides.add_slide(made.slide_layouts[6])
        box = slide.shapes.add_textbox(Inches(1), Inches(1), Inches(6), Inches(2))
        box.text_frame.text = text
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def rewritten(package, changes, added=None, *, packed=True):
    """Return a package with parts changed: name -> function of its bytes."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, change in changes.items():
        parts[name] = change(parts[name])
    packing = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    return zipped({**parts, **(added or {})}, packing)


def pptx_with(change, *, packed=True):
    """Return slides whose first one's XML was changed."""
    return rewritten(deck(), {"ppt/slides/slide1.xml": change}, packed=packed)


def _declared(xml, declaration, use):
    head, _, rest = xml.partition(b"?>")
    used = rest.replace(SENTENCE.encode(), use.encode())
    return head + b"?>" + declaration.encode() + used


@bomb("lacht.docx")
def laughing_docx():
    """Billion laughs in a Word file."""
    return zipped(_docx_parts(own_office.paragraph("&a11;"), _LAUGHS))


@bomb("lacht-utf16.docx")
def laughing_docx_in_utf16():
    """Billion laughs in another encoding."""
    declared = '<?xml version="1.0" encoding="UTF-16"?>' + _LAUGHS
    return zipped(_docx_parts(own_office.paragraph("&a11;"), declared, "utf-16"))


@bomb("lacht-utf32.odt")
def laughing_odt_in_utf32():
    """Billion laughs in an encoding nobody looks for."""
    declared = '<?xml version="1.0" encoding="UTF-32"?>' + _LAUGHS
    return odt("<text:p>&a11;</text:p>", declared, encoding="utf-32")


@bomb("lacht.odt")
def laughing_odt():
    """Billion laughs in an OpenDocument text."""
    return odt("<text:p>&a11;</text:p>", _LAUGHS)


@bomb("lacht.pptx")
def laughing_pptx():
    """Billion laughs on a slide."""
    return pptx_with(lambda xml: _declared(xml, _LAUGHS, "&a11;"))


@bomb("quadratisch.docx")
def quadratic_docx():
    """One long entity, used 10,000 times."""
    return zipped(_docx_parts(own_office.paragraph("&a;" * 10_000), _QUADRATIC))


@bomb("quadratisch.odt")
def quadratic_odt():
    """One long entity, used 10,000 times."""
    return odt(f"<text:p>{'&a;' * 10_000}</text:p>", _QUADRATIC)


@bomb("tief.docx")
def deep_docx():
    """A table in a table in a table, 20,000 deep."""
    depth = 20_000
    inner = own_office.paragraph(SENTENCE)
    body = "<w:tbl><w:tr><w:tc>" * depth + inner + "</w:tc></w:tr></w:tbl>" * depth
    return zipped(_docx_parts(body))


@bomb("tief-erlaubt.docx")
def deep_docx_below_the_parsers_limit():
    """Nested as deep as the XML parser just lets pass."""
    depth = 80
    inner = own_office.paragraph(SENTENCE)
    body = "<w:tbl><w:tr><w:tc>" * depth + inner + "</w:tc></w:tr></w:tbl>" * depth
    return zipped(_docx_parts(body))


@bomb("tief.odt")
def deep_odt():
    """Spans in spans, 100,000 deep."""
    depth = 100_000
    return odt(
        f"<text:p>{'<text:span>' * depth}{SENTENCE}{'</text:span>' * depth}</text:p>", packed=False
    )


@bomb("tief.pptx")
def deep_pptx():
    """Groups in groups, 50,000 deep."""
    depth = 50_000
    start, end = b"<p:grpSp>" * depth, b"</p:grpSp>" * depth
    return pptx_with(lambda xml: xml.replace(b"</p:spTree>", start + end + b"</p:spTree>"))


@bomb("spalten.odt")
def repeated_columns():
    """Cells that claim to be repeated a million times, in a row that does so as well."""
    cell = f'<table:table-cell table:number-columns-repeated="{MEGA}"><text:p>x</text:p>'
    row = f'<table:table-row table:number-rows-repeated="{MEGA}">{cell}</table:table-cell>'
    return odt(f"<table:table>{row}</table:table-row></table:table>" * 50)


@bomb("zellen.odt")
def many_cells():
    """100,000 cells, each repeated a hundred times."""
    cell = '<table:table-cell table:number-columns-repeated="100"><text:p>x</text:p>'
    row = f"<table:table-row>{cell}</table:table-cell></table:table-row>"
    return odt(f"<table:table>{row * 100_000}</table:table>", packed=False)


@bomb("zellen.pptx")
def many_slide_cells():
    """A table of 200,000 cells on a slide."""
    frame = (
        b'<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="9" name="t"/><p:cNvGraphicFramePr/>'
        b'<p:nvPr/></p:nvGraphicFramePr><p:xfrm><a:off x="0" y="0"/><a:ext cx="9" cy="9"/>'
        b'</p:xfrm><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/'
        b'2006/table"><a:tbl><a:tblGrid/><a:tr h="1">%s</a:tr></a:tbl></a:graphicData></a:graphic>'
        b"</p:graphicFrame>"
    )
    cell = b"<a:tc><a:txBody><a:bodyPr/><a:p><a:r><a:t>x</a:t></a:r></a:p></a:txBody></a:tc>"
    table = frame % (cell * 200_000)
    return pptx_with(lambda xml: xml.replace(b"</p:spTree>", table + b"</p:spTree>"), packed=False)


@bomb("absaetze.docx")
def many_paragraphs():
    """300,000 paragraphs of one letter."""
    body = "<w:p><w:r><w:t>x</w:t></w:r></w:p>" * 300_000
    return zipped(_docx_parts(body), zipfile.ZIP_STORED)


@bomb("breit.docx")
def wide_cells():
    """Cells that claim to span a million columns."""
    cell = own_office.cell("x", f'<w:gridSpan w:val="{MEGA}"/>')
    rows = [[cell] * 50 for _ in range(200)]
    return zipped(_docx_parts(own_office.table(*rows)), zipfile.ZIP_STORED)


@bomb("stile.docx")
def circular_styles():
    """Styles based on each other in a circle, 3,000 of them, each used."""
    count = 3_000
    styles = "".join(
        own_office.style(f"S{n}", f"Stil {n}", based_on=f"S{(n + 1) % count}") for n in range(count)
    )
    body = "".join(own_office.paragraph("Wort.", f"S{n}") for n in range(count))
    out = io.BytesIO()
    own_office.build(out, body, styles=styles)
    return out.getvalue()


# -- web pages, Markdown, mails, text --------------------------------------------------------


@bomb("tief.html")
def deep_html():
    """Blocks in blocks, 100,000 deep."""
    return (b"<html><body>" + b"<div>" * 100_000 + SENTENCE.encode()) + b"</div>" * 100_000


@bomb("tief-zeile.html")
def deep_inline_html():
    """Bold in bold, 100,000 deep, never closed."""
    return b"<p>" + b"<b>" * 100_000 + SENTENCE.encode()


@bomb("tabellen.html")
def deep_tables():
    """Tables in tables, 5,000 deep."""
    return b"<table><tr><td>" * 5_000 + SENTENCE.encode() + b"</td></tr></table>" * 5_000


@bomb("zellen.html")
def wide_html_cells():
    """Cells that claim a million rows and columns."""
    cell = f'<td colspan="{MEGA}" rowspan="{MEGA}">x</td>'
    small = '<td colspan="1000" rowspan="9999">x</td>'
    return f"<table>{f'<tr>{cell * 20}{small * 20}</tr>' * 500}</table>".encode()


@bomb("regeln.html")
def many_rules():
    """50,000 style rules, unfinished comments and braces in a style sheet."""
    rules = "".join(f".a{n}{{color:red}}" for n in range(50_000))
    odd = "/*" * 50_000 + "{" * 50_000 + "}" * 50_000
    text = "".join(f'<p class="a{n}">{SENTENCE}</p>' for n in range(2_000))
    return f"<style>{rules}</style><style>{odd}</style>{text}".encode()


@bomb("bild.html")
def huge_inline_picture():
    """A page with a picture of 60 MB inside."""
    picture = base64.b64encode(b"\0" * (45 * MEGA))
    return b'<p>Text auf der Seite.</p><img src="data:image/png;base64,' + picture + b'">'


@bomb("anker.html")
def many_anchors():
    """8,000 links to 8,000 notes, all of them far below."""
    links = "".join(f'<p>Wort<sup><a href="#fn{n}">{n}</a></sup></p>' for n in range(8_000))
    notes = "".join(f'<li id="fn{n}">Quelle.</li>' for n in range(8_000))
    return f"<main>{links}<ol>{notes}</ol></main>".encode()


@bomb("zitate.md")
def deep_quotes():
    """Quotes in quotes, 10,000 deep."""
    return b"> " * 10_000 + SENTENCE.encode()


@bomb("listen.md")
def deep_lists():
    """A list in a list, 2,000 deep, by indentation."""
    return "".join(f"{'  ' * n}- Punkt\n" for n in range(2_000)).encode()


@bomb("klammern.md")
def open_brackets():
    """100,000 open brackets, which may all begin a link."""
    return b"[" * 100_000 + b" " + b"![a](<b" * 50_000 + SENTENCE.encode()


@bomb("sterne.md")
def stars():
    """Emphasis that opens and never closes."""
    return b"*a_ __b** `c`` " * 50_000 + SENTENCE.encode()


@bomb("kopfdaten.md")
def laughing_front_matter():
    """Billion laughs in YAML, under a key that is read."""
    lines = ["a0: &a0 [Haha, Haha]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    return "\n".join(["---", *lines, "titel: *a11", "---", "", SENTENCE]).encode()


@bomb("kopfdaten-tief.md")
def deep_front_matter():
    """YAML nested 20,000 deep."""
    return f"---\ntitel: {'[' * 20_000}\n---\n\n{SENTENCE}".encode()


@bomb("fussnoten.md")
def many_footnotes():
    """Notes that refer to each other in a circle, and 20,000 of them."""
    notes = "".join(f"[^{n}]: Siehe[^{(n + 1) % 20_000}] dort.\n\n" for n in range(20_000))
    return f"Text[^0].\n\n{notes}".encode()


@bomb("tief.eml")
def deep_mail():
    """Parts in parts, 1,000 deep."""
    depth = 1_000
    head = "".join(
        f'Content-Type: multipart/mixed; boundary="g{n}"\n\n--g{n}\n' for n in range(depth)
    )
    ends = "".join(f"--g{n}--\n" for n in reversed(range(depth)))
    return f"Subject: Tief\n{head}Content-Type: text/plain\n\n{SENTENCE}\n{ends}".encode()


@bomb("weitergeleitet.eml")
def forwarded_mail():
    """A mail in a mail, 1,000 deep."""
    return f"{'Content-Type: message/rfc822' + chr(10) * 2}".encode() * 1_000 + SENTENCE.encode()


@bomb("teile.eml")
def many_parts():
    """A mail of 100,000 parts."""
    part = "--g\nContent-Type: text/plain\n\nWort.\n" * 100_000
    return f'Subject: Viel\nContent-Type: multipart/mixed; boundary="g"\n\n{part}--g--\n'.encode()


@bomb("kopfzeilen.eml")
def long_headers():
    """A subject of encoded words without end, an address list without end."""
    subject = "".join(f" =?utf-8?q?Wort{n}?=\n" for n in range(20_000))
    people = ", ".join(f'"Name, {n}" <a{n}@example.org>' for n in range(20_000))
    return f"Subject:{subject}To: {people}\n\n{SENTENCE}\n".encode()


@bomb("lang.txt")
def long_line():
    """50 MB without an end of line."""
    return SENTENCE.encode() * (50 * MEGA // len(SENTENCE.encode()))


@bomb("lang-erlaubt.txt")
def long_line_within_the_limit():
    """19 MB without an end of line."""
    return SENTENCE.encode() * (19 * MEGA // len(SENTENCE.encode()))


@bomb("zeilen.txt")
def many_lines():
    """Five million lines of one letter."""
    return b"x\n\n" * (5 * MEGA)


# -- PDF -------------------------------------------------------------------------------------


def pdf(objects, trailer=b"/Root 1 0 R"):
    """Return a PDF of (number -> object's bytes), with a cross-reference table."""
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    offsets = {}
    for number, content in objects.items():
        offsets[number] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    size = max(objects) + 1
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
    for number in range(1, size):
        state = b"n" if number in offsets else b"f"
        out.write(b"%010d 00000 %s \n" % (offsets.get(number, 0), state))
    out.write(b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start))
    return out.getvalue()


def stream(content, dictionary=b"", *, pack=False):
    """Return a stream object."""
    if pack:
        content = zlib.compress(content, 9)
        dictionary += b" /Filter /FlateDecode"
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), dictionary, content)


TEXT = b"BT /F1 12 Tf 72 700 Td (Der Platz am Bahnhof wird von allen gern genutzt.) Tj ET "
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def one_page(content=None, *, page=b"", resources=b"", root=b"", others=None, box=b"0 0 595 842"):
    """Return a PDF of one page; ``content`` is its stream object."""
    head = b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> "
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % root,
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: head + b"%s >> /MediaBox [%s] %s >>" % (resources, box, page),
            4: content or stream(TEXT),
            5: FONT,
            **(others or {}),
        }
    )


def png(width, height):
    """Return a PNG picture that is far larger than its file."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    rows = zlib.compress((b"\0" + b"\0" * (width // 8 + 1)) * min(height, 2_000), 9)
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def with_image(dictionary, data):
    """Return a PDF of one page that shows an image all over."""
    image = stream(data, b"/Type /XObject /Subtype /Image " + dictionary)
    shown = stream(b"q 595 0 0 842 0 0 cm /I1 Do Q " + TEXT)
    return one_page(shown, resources=b"/XObject << /I1 6 0 R >>", others={6: image})


@bomb("seiten.pdf")
def many_pages():
    """100,000 pages, which all are one."""
    kids = b"3 0 R " * 100_000
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Count 100000 /Kids [%s] >>" % kids,
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        }
    )


@bomb("blatt.pdf")
def huge_sheet():
    """A sheet of ten million points a side."""
    return one_page(box=b"0 0 9999999 9999999")


@bomb("bild.pdf")
def huge_image():
    """An image that says it has 10^6 by 10^6 points."""
    size = b"/Width 1000000 /Height 1000000 /ColorSpace /DeviceGray /BitsPerComponent 8"
    return with_image(size + b" /Filter /FlateDecode", zlib.compress(b"\0" * MEGA, 9))


@bomb("bild-schmal.pdf")
def narrow_image():
    """An image of one point by 10^6."""
    size = b"/Width 1 /Height 1000000 /ColorSpace /DeviceRGB /BitsPerComponent 8"
    return with_image(size + b" /Filter /FlateDecode", zlib.compress(b"\0" * 3 * MEGA, 9))


@bomb("bild-dicht.pdf")
def dense_image():
    """An image of 20,000 by 20,000 points that is all there: 400 MB unpacked."""
    size = b"/Width 20000 /Height 20000 /ColorSpace /DeviceGray /BitsPerComponent 8"
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(b"\0" * MEGA) for _ in range(400)) + packer.flush()
    return with_image(size + b" /Filter /FlateDecode", data)


@bomb("jbig2.pdf")
def jbig2_image():
    """A JBIG2 image of 2^31 points a side."""
    page = struct.pack(">IBBIIIIIBH", 0, 0x30, 1, 19, 0x7FFFFFFF, 0x7FFFFFFF, 0, 0, 0, 0)
    size = b"/Width 65000 /Height 65000 /ColorSpace /DeviceGray /BitsPerComponent 1"
    return with_image(size + b" /Filter /JBIG2Decode", page + b"\0" * 100)


@bomb("strom.pdf")
def dense_stream():
    """A page whose instructions unpack to 480 MB."""
    packer = zlib.compressobj(9)
    filler = b"0 0 m 1 1 l S " * 70_000
    data = b"".join(packer.compress(filler) for _ in range(490)) + packer.flush()
    return one_page(stream(data, b"/Filter /FlateDecode"))


@bomb("strom-doppelt.pdf")
def doubly_packed_stream():
    """Instructions packed twice: 3 KB that unpack to 600 MB."""
    packer = zlib.compressobj(9)
    once = b"".join(packer.compress(b" " * MEGA) for _ in range(600)) + packer.flush()
    twice = zlib.compress(once, 9)
    return one_page(stream(twice, b"/Filter [/FlateDecode /FlateDecode]"))


@bomb("formular-selbst.pdf")
def self_referencing_form():
    """A form that shows itself, twice."""
    form = stream(
        b"/X1 Do /X1 Do " + TEXT,
        b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X1 6 0 R >> >>",
    )
    shown = stream(b"/X1 Do " + TEXT)
    return one_page(shown, resources=b"/XObject << /X1 6 0 R >>", others={6: form})


@bomb("formular-baum.pdf")
def form_tree():
    """Forms that each show the next one ten times, ten deep."""
    others = {}
    for depth in range(10):
        following = b"/Resources << /XObject << /X1 %d 0 R >> >>" % (depth + 7)
        content = b"/X1 Do " * 10 if depth < 9 else TEXT
        kind = b"/Type /XObject /Subtype /Form /BBox [0 0 999 999] "
        others[depth + 6] = stream(content, kind + (following if depth < 9 else b""))
    resources = b"/XObject << /X1 6 0 R >>"
    return one_page(stream(b"/X1 Do " + TEXT), resources=resources, others=others)


@bomb("prev.pdf")
def looped_prev():
    """Cross-reference tables that name each other as the one before."""
    whole = one_page()
    start = whole.rindex(b"xref\n0 ")
    return whole.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % start)


@bomb("lesezeichen.pdf")
def looped_outline():
    """Bookmarks whose next one is the first."""
    others = {
        6: b"<< /Type /Outlines /First 7 0 R /Last 8 0 R /Count 2 >>",
        7: b"<< /Title (Eins) /Parent 6 0 R /Next 8 0 R /First 8 0 R /Dest [3 0 R /Fit] >>",
        8: b"<< /Title (Zwei) /Parent 6 0 R /Next 7 0 R /First 7 0 R /Dest [3 0 R /Fit] >>",
    }
    return one_page(root=b"/Outlines 6 0 R", others=others)


@bomb("lesezeichen-viele.pdf")
def many_bookmarks():
    """100,000 bookmarks."""
    first, count = 7, 100_000
    others = {6: b"<< /Type /Outlines /First 7 0 R /Last %d 0 R >>" % (first + count - 1)}
    for n in range(first, first + count):
        following = b"/Next %d 0 R" % (n + 1) if n < first + count - 1 else b""
        others[n] = b"<< /Title (Eins) /Parent 6 0 R /Dest [3 0 R /Fit] %s >>" % following
    return one_page(root=b"/Outlines 6 0 R", others=others)


@bomb("seitenbaum.pdf")
def looped_page_tree():
    """A page tree whose branch is the tree itself."""
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [2 0 R 3 0 R 2 0 R] /Count 500 >>",
            3: b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 500 >>",
        }
    )


@bomb("felder.pdf")
def deep_arrays():
    """Arrays in arrays, 200,000 deep."""
    return one_page(page=b"/Tiefe " + b"[" * 200_000 + b"]" * 200_000)


@bomb("objekte.pdf")
def lying_object_stream():
    """A stream that says it holds a thousand million objects."""
    held = stream(b"6 0 " * 10 + b"<< /A 1 >>", b"/Type /ObjStm /N 1000000000 /First 40")
    return one_page(root=b"/AcroForm 7 0 R", others={7: held})


@bomb("zeichen.pdf")
def many_glyphs():
    """A page of a million characters."""
    return one_page(stream(TEXT + b"BT /F1 1 Tf 9 9 Td (abcdefghij) Tj ET " * 100_000, pack=True))


@bomb("linien.pdf")
def many_paths():
    """A page of 300,000 lines."""
    return one_page(stream(TEXT + b"1 1 m 99 99 l S " * 300_000, pack=True))


@bomb("bezeichnungen.pdf")
def looped_labels():
    """Page labels in a tree that is its own branch."""
    others = {6: b"<< /Kids [6 0 R 6 0 R] /Limits [0 1] >>"}
    return one_page(root=b"/PageLabels 6 0 R", others=others)


@bomb("zeichentabelle.pdf")
def huge_character_map():
    """A font whose character map has 100,000 ranges of 65,536 signs each."""
    ranges = b"<0000> <ffff> <0041>\n" * 100
    table = b"1 begincodespacerange <0000> <ffff> endcodespacerange\n"
    table += b"100 beginbfrange\n%sendbfrange\n" % ranges * 1_000
    font = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /ToUnicode 6 0 R "
        b"/DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /DW 500 "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>] >>"
    )
    shown = stream(TEXT + b"BT /F2 12 Tf 72 600 Td <004100420043> Tj ET")
    resources = b"/ColorSpace << >> >> /Resources << /Font << /F1 5 0 R /F2 7 0 R >>"
    return one_page(shown, resources=resources, others={6: stream(table, pack=True), 7: font})


# -- text that is hard on patterns -----------------------------------------------------------

SIZE = 100_000
"""Characters of each; a pattern that takes quadratic time needs hours for it, not seconds."""

HARD_TEXTS = {
    "leerzeichen": "Ende." + " " * SIZE + "x",
    "geschuetzt": "Wort" + "\u00a0" * SIZE + "x",
    "tabs": "Wort" + "\t" * SIZE + "x",
    "zeilenenden": "Wort" + "\n \t" * (SIZE // 3) + "x",
    "punkte": "Wort" + "." * SIZE + "x",
    "punkte-einzeln": "Wort" + " ." * (SIZE // 2) + "x",
    "auslassungen": "…." * (SIZE // 2) + " x",
    "punkte-zeichen": "a." * (SIZE // 2) + " x",
    "saetze-kurz": "A. B! C? " * (SIZE // 9),
    "ziffern": "1" * SIZE,
    "nummern": "1." * (SIZE // 2) + " Text",
    "nummern-zeilen": "1. 1.1.1.1.1.1.1\n" * (SIZE // 17),
    "klammern": "(" * SIZE,
    "klammern-zu": "Ende.)" + ")" * SIZE + " x",
    "anfuehrung": "„" * (SIZE // 2) + "“" * (SIZE // 2),
    "trennstriche": "Wort-\n" * (SIZE // 6),
    "strich-kette": "a-" * (SIZE // 2),
    "striche": "-" * SIZE,
    "unterstriche": "_" * SIZE,
    "gleich": ("=" * 150 + "\n") * (SIZE // 150),
    "kreuze": "# " * (SIZE // 2),
    "gesperrt": "a " * (SIZE // 2),
    "gesperrt-fast": ("a " * 3 + "bc ") * (SIZE // 9),
    "adressen": "www." * (SIZE // 4),
    "adressen-lang": "a" * SIZE + " www.example.org",
    "adressen-punkt": "a." * (SIZE // 2) + "de",
    "adressen-strich": "a-" * (SIZE // 2) + ".de",
    "klammeraffen": "a@" * (SIZE // 2),
    "tabelle": "|" * SIZE,
    "tabelle-linie": "|-" * (SIZE // 2) + "x",
    "tabelle-zeilen": "a|b\n" * (SIZE // 4),
    "tabelle-tab": "a\tb\n" * (SIZE // 4),
    "aufzaehlung": "- x\n" * (SIZE // 4),
    "verzeichnis": ("Kapitel" + " ." * 120 + " 7\n") * (SIZE // 250),
    "namen": "Anna von der " * (SIZE // 13),
    "grossbuchstaben": "A" * SIZE,
    "grosse-woerter": "Ab " * (SIZE // 3),
    "kleinbuchstaben": "a" * SIZE,
    "umlaut-zeichen": "a" + "\u0308" * SIZE,
    "weiche-trennung": "a\u00ad\n" * (SIZE // 3),
    "nullbreite": "a\u200b" * (SIZE // 2),
    "tag-zeichen": "\U000e0041" * (SIZE // 4) + " Text",
    "seiten": "x\f" * (SIZE // 2),
    "kaufmaennisch": "&" * SIZE + "amp;",
    "groesser": "<" * SIZE,
    "kommentar": "<!--" * (SIZE // 4),
    "zitat": ">" * 1000 + "\n" + "On wrote:\n" * (SIZE // 10),
    "datum": "1. 1. " * (SIZE // 6) + "Januar",
    "stand": "Stand: " * (SIZE // 7),
    "roemisch": "IVX. " * (SIZE // 5),
    "fussnoten": "[1] " * (SIZE // 4),
}


def _text(content):
    return lambda: f"Am Anfang steht ein Satz.\n\n{content}\n\nAm Ende steht noch einer.\n".encode()


def _html(content):
    plain = content.replace("&", "&amp;").replace("<", "&lt;")
    return lambda: (
        f"<p>Am Anfang steht ein Satz.</p><p>{plain}</p><h2>{plain[:50_000]}</h2>".encode()
    )


for _name, _content in HARD_TEXTS.items():
    BOMBS[f"muster-{_name}.txt"] = _text(_content)
    BOMBS[f"muster-{_name}.md"] = _text(_content)
    BOMBS[f"muster-{_name}.html"] = _html(_content)
