"""Write PDF pages by hand, as no typesetter would: hidden text, scans, layers of text."""

import io
import zlib

import pypdfium2 as pdfium

A4 = (595.0, 842.0)
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding %s >>"


def text(words, x=72, y=700, size=12, set_by="", layer=""):
    """Return the operations that write one line; ``set_by`` are those before it."""
    escaped = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    written = f"q {set_by} BT /F1 {size} Tf {x} {y} Td ({escaped}) Tj ET Q\n"
    return f"/OC /{layer} BDC\n{written}EMC\n" if layer else written


def box(colour, x, y, width, height):
    """Return the operations that fill a rectangle."""
    return f"q {colour} rg {x} {y} {width} {height} re f Q\n"


def image(name, x=0, y=0, width=A4[0], height=A4[1]):
    """Return the operations that draw an image."""
    return f"q {width} 0 0 {height} {x} {y} cm /{name} Do Q\n"


def write_raw(path, content, *, images=(), page="", map_to="", size=A4):
    """Write one page. ``images`` are drawn as Im0, Im1 …; the layer "Aus" is switched off.

    ``map_to`` maps the letter "#" of the font to other characters (UTF-16, hexadecimal).
    """
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        "1 begincodespacerange <00> <FF> endcodespacerange\n"
        f"2 beginbfrange <20> <22> <0020> <24> <FF> <0024> endbfrange\n"
        f"1 beginbfchar <23> <{map_to}> endbfchar endcmap end end"
    ).encode()
    names = " ".join(f"/Im{n} {8 + n} 0 R" for n in range(len(images)))
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R "
        b"/OCProperties << /OCGs [6 0 R] /D << /OFF [6 0 R] /Order [6 0 R] >> >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size[0]} {size[1]}] /Contents 4 0 R "
            f"/Resources << /Font << /F1 5 0 R >> /Properties << /Aus 6 0 R >> /ExtGState "
            f"<< /Klar << /ca 0 >> >> /XObject << {names} >> >> {page} >>"
        ).encode(),
        _stream(content.encode("cp1252")),
        _FONT % (b"/ToUnicode 7 0 R" if map_to else b""),
        b"<< /Type /OCG /Name (Aus) >>",
        _stream(cmap),
        *map(_image, images),
    ]
    out = bytearray(b"%PDF-1.7\n")
    starts = []
    for number, body in enumerate(bodies, start=1):
        starts.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % start for start in starts)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(bodies) + 1,
        table,
    )
    path.write_bytes(out)
    return path


def joined(path, *parts):
    """Write a PDF of several files' pages."""
    document = pdfium.PdfDocument.new()
    for part in parts:
        with pdfium.PdfDocument(part) as source:
            document.import_pages(source)
    document.save(path)
    return path


def rendered(path, page=0, dpi=150):
    """Return a page's picture, as a scanner would deliver it."""
    with pdfium.PdfDocument(path) as document:
        return document[page].render(scale=(dpi - 0.001) / 72, grayscale=True).to_pil().copy()


def _stream(data, entries=""):
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries.encode(), data)


def _image(picture):
    entries = (
        f"/Type /XObject /Subtype /Image /Width {picture.width} /Height {picture.height} "
        f"/BitsPerComponent {1 if picture.mode == '1' else 8} /ColorSpace "
        f"/{'DeviceRGB' if picture.mode == 'RGB' else 'DeviceGray'} /Filter "
    )
    if picture.mode == "1":
        return _stream(zlib.compress(picture.tobytes()), entries + "/FlateDecode")
    buffer = io.BytesIO()
    picture.save(buffer, format="JPEG", quality=85)
    return _stream(buffer.getvalue(), entries + "/DCTDecode")
