"""Word files put together from their XML, small enough to see what a test is about."""

import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": W,
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "v": "urn:schemas-microsoft-com:vml",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    }.items()
)
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title>'
    "</cp:coreProperties>"
)


def run(text, properties=""):
    """Return a run; ``properties`` is XML such as "<w:b/>"."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(content, style="", properties=""):
    """Return a paragraph of text or of runs."""
    inner = content if content.startswith("<") else run(content)
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{styled}{properties}</w:pPr>{inner}</w:p>"


def numbered(content, num_id=1, rank=0, style=""):
    """Return a paragraph of a list."""
    place = f'<w:numPr><w:ilvl w:val="{rank}"/><w:numId w:val="{num_id}"/></w:numPr>'
    return paragraph(content, style, place)


def style(id, name, properties="", based_on="", kind="paragraph"):
    """Return a style; ``properties`` is its pPr and rPr."""
    base = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    named = f'<w:name w:val="{name}"/>'
    return f'<w:style w:type="{kind}" w:styleId="{id}">{named}{base}{properties}</w:style>'


def cell(content, properties=""):
    """Return a table cell."""
    inner = content if content.startswith("<w:p>") else paragraph(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def table(*rows, properties=""):
    """Return a table of rows of cells."""
    lines = "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in rows)
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr>{lines}</w:tbl>"


def list_level(rank, form, text, start=1, style=""):
    """Return one rank of a numbering: "%1." in ``form`` "decimal"."""
    linked = f'<w:pStyle w:val="{style}"/>' if style else ""
    return (
        f'<w:lvl w:ilvl="{rank}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{linked}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def build(path, body, *, main="word/document.xml", core="", declared="", others=None, **parts):
    """Write a .docx: ``body`` and the ``parts`` (styles, numbering, footnotes …) are inner XML.

    ``declared`` goes before the main part's root, ``others`` are further entries.
    """
    roots = {"document": f"<w:body>{body}</w:body>", **parts}
    names = {kind: f"word/{kind}.xml" for kind in roots} | {"document": main}
    types = "".join(
        f'<Override PartName="/{names[kind]}" ContentType="{_TYPE}.'
        f'{"document.main" if kind == "document" else kind}+xml"/>'
        for kind in roots
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for kind, inner in roots.items():
            before = declared if kind == "document" else ""
            package.writestr(names[kind], f"{before}<w:{kind} {_SPACES}>{inner}</w:{kind}>")
        if core:
            package.writestr("docProps/core.xml", _CORE.format(core))
            types += (
                '<Override PartName="/docProps/core.xml" '
                'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
            )
        package.writestr("[Content_Types].xml", f"<Types>{types}</Types>")
        for name, content in (others or {}).items():
            package.writestr(name, content)
    return path
