"""No document makes the program open a connection or another file (row D3)."""

import io
import socket
import zipfile

import pytest

from tests.ingest import own_office
from tests.untrusted.bombs import SENTENCE, TEXT, deck, odt, one_page, rewritten, stream
from tests.untrusted.trial import Trial, unnamed

SECRET = "Kellerschluessel4711"  # noqa: S105  # a word to look for
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"


@pytest.fixture(scope="module")
def outside(tmp_path_factory):
    """An address that listens and a file with a secret: what documents try to reach."""
    folder = tmp_path_factory.mktemp("geheim")
    secret = folder / "geheim.txt"
    secret.write_text(f"{SECRET}\n", "utf-8")
    (folder / "geheim.xml").write_text(f"<p>{SECRET}</p>", "utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server, f"http://127.0.0.1:{server.getsockname()[1]}/x", secret.as_uri(), secret


@pytest.fixture(scope="module")
def trial():
    """The real worker."""
    with Trial() as opened:
        yield opened


def _external(target, declaration="SYSTEM"):
    named = f'"-//x" "{target}"' if declaration == "PUBLIC" else f'"{target}"'
    return f"<!DOCTYPE x [<!ENTITY a {declaration} {named}>]>"


def _parameter(target):
    return f'<!DOCTYPE x [<!ENTITY % a SYSTEM "{target}"> %a;]>'


def _foreign_dtd(target):
    return f'<!DOCTYPE x SYSTEM "{target}">'


def _word(body, declared="", relations="", **parts):
    others = {name.replace("__", "/"): content for name, content in parts.items()}
    if relations:
        related = f'<Relationships xmlns="{_RELS}">{relations}</Relationships>'
        others["word/_rels/document.xml.rels"] = related
        others["word/_rels/settings.xml.rels"] = related
    out = io.BytesIO()
    own_office.build(out, body, declared=declared, others=others)
    return out.getvalue()


def _relation(kind, target, id="rId9"):
    return f'<Relationship Id="{id}" Type="{_R}/{kind}" Target="{target}" TargetMode="External"/>'


def _picture(id="rId9"):
    return (
        f'<w:p><w:r><w:t>{SENTENCE}</w:t><w:pict><v:shape><v:imagedata r:id="{id}" r:href="{id}"/>'
        "</v:shape></w:pict></w:r></w:p>"
    )


def _field(instruction):
    text = f'<w:instrText xml:space="preserve">{instruction}</w:instrText>'
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    return own_office.paragraph(own_office.run(SENTENCE) + f"{begin}<w:r>{text}</w:r>{end}")


def _slides(change=None, relations=""):
    def related(xml):
        return xml.replace(b"</Relationships>", relations.encode() + b"</Relationships>")

    def changed(xml):
        return change(xml) if change else xml

    rels = "ppt/slides/_rels/slide1.xml.rels"
    return rewritten(deck(), {"ppt/slides/slide1.xml": changed, rels: related})


def _slide_entity(target):
    def change(xml):
        head, _, rest = xml.partition(b"?>")
        declared = _external(target).encode()
        return head + b"?>" + declared + rest.replace(SENTENCE.encode(), b"&a;")

    return _slides(change)


def _pdf_action(action):
    link = (
        b"<< /Type /Annot /Subtype /Link /Rect [0 0 595 842] /A "
        + action.encode()
        + b" /AA << /PO "
        + action.encode()
        + b" >> >>"
    )
    root = b"/OpenAction " + action.encode()
    return one_page(
        page=b"/Annots [6 0 R] /AA << /O 7 0 R >>",
        root=root,
        others={
            6: link,
            7: action.encode(),
        },
    )


def _pdf_stream_outside(target):
    kept = (
        b"<< /Length 0 /F << /Type /Filespec /FS /URL /F (" + target.encode() + b") >> >>\n"
        b"stream\n\nendstream"
    )
    shown = stream(b"/X1 Do " + TEXT)
    form = kept.replace(b"/Length 0", b"/Length 0 /Type /XObject /Subtype /Form /BBox [0 0 9 9]")
    return one_page(shown, resources=b"/XObject << /X1 6 0 R >>", others={6: form})


def _pdf_embedded(target):
    names = b"/Names << /EmbeddedFiles << /Names [(a) 6 0 R] >> >>"
    return one_page(
        root=names,
        others={
            6: b"<< /Type /Filespec /F ("
            + target.encode()
            + b") /UF ("
            + target.encode()
            + b") >>",
        },
    )


def _pdf_xfa(target):
    xfa = f'{_external(target)}<xdp:xdp xmlns:xdp="x">&a;</xdp:xdp>'.encode()
    return one_page(
        root=b"/AcroForm << /XFA 6 0 R /Fields [] >> /Metadata 7 0 R",
        others={
            6: stream(xfa),
            7: stream(xfa, b"/Type /Metadata /Subtype /XML"),
        },
    )


HTML = {
    "bild": '<img src="{0}" srcset="{0} 2x">',
    "vorlage": '<link rel="stylesheet" href="{0}">'
    '<style>@import url("{0}"); p{{background:url({0})}}</style>',
    "rahmen": '<iframe src="{0}"></iframe><object data="{0}"></object><embed src="{0}">',
    "skript": '<script src="{0}"></script><script>fetch("{0}")</script>',
    "weiter": '<meta http-equiv="refresh" content="0;url={0}"><base href="{0}">',
    "vorladen": '<link rel="preload" href="{0}" as="image"><link rel="dns-prefetch" href="{0}">',
    "svg": '<svg><image href="{0}"/><use xlink:href="{0}#a"/></svg>',
    "xinclude": '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{0}" parse="text"/>',
    "ton": '<video src="{0}" poster="{0}"></video><audio src="{0}"></audio><source src="{0}">',
    "ssi": '<!--#include virtual="{0}" --><!--#include file="{0}" -->',
}
WORD = {
    "fremde-einheit": lambda t: _word(own_office.paragraph(own_office.run("&a;")), _external(t)),
    "oeffentliche-einheit": lambda t: _word(
        own_office.paragraph(own_office.run("&a;")), _external(t, "PUBLIC")
    ),
    "parameter": lambda t: _word(own_office.paragraph(SENTENCE), _parameter(t)),
    "fremde-dtd": lambda t: _word(own_office.paragraph(SENTENCE), _foreign_dtd(t)),
    "utf16": lambda t: _word_in(
        own_office.paragraph(own_office.run("&a;")), _external(t), "utf-16"
    ),
    "utf7": lambda t: _word_in(own_office.paragraph(own_office.run("&a;")), _external(t), "utf-7"),
    "bild": lambda t: _word(_picture(), relations=_relation("image", t)),
    "formatvorlage": lambda t: _word(
        own_office.paragraph(SENTENCE),
        relations=_relation("attachedTemplate", t),
        word__settings_xml=f'<w:settings xmlns:w="{own_office.W}" xmlns:r="{_R}">'
        '<w:attachedTemplate r:id="rId9"/></w:settings>',
    ),
    "ole": lambda t: _word(_picture(), relations=_relation("oleObject", t)),
    "rahmen": lambda t: _word(own_office.paragraph(SENTENCE), relations=_relation("frame", t)),
    "altchunk": lambda t: _word(
        own_office.paragraph(SENTENCE) + '<w:altChunk r:id="rId9"/>',
        relations=_relation("aFChunk", t),
    ),
    "unterdokument": lambda t: _word(
        own_office.paragraph(SENTENCE) + '<w:subDoc r:id="rId9"/>',
        relations=_relation("subDocument", t),
    ),
    "feld-bild": lambda t: _word(_field(f'INCLUDEPICTURE "{t}"')),
    "feld-text": lambda t: _word(_field(f'INCLUDETEXT "{t}"')),
    "feld-dde": lambda t: _word(_field(f'DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "{t}"')),
    "verweis": lambda t: _word(
        f'<w:p><w:hyperlink r:id="rId9">{own_office.run(SENTENCE)}</w:hyperlink></w:p>',
        relations=_relation("hyperlink", t),
    ),
    "xinclude": lambda t: _word(
        own_office.paragraph(SENTENCE)
        + f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{t}" parse="text"/>'
    ),
}


def _word_in(body, declared, encoding):
    head = f'<?xml version="1.0" encoding="{encoding.upper()}"?>'
    plain = _word(body, declared)

    def recoded(xml):
        return (head + xml.decode("utf-8")).encode(encoding)

    return rewritten(plain, {"word/document.xml": recoded})


ODT = {
    "fremde-einheit": lambda t: odt("<text:p>&a;</text:p>", _external(t)),
    "parameter": lambda t: odt(f"<text:p>{SENTENCE}</text:p>", _parameter(t)),
    "fremde-dtd": lambda t: odt(f"<text:p>{SENTENCE}</text:p>", _foreign_dtd(t)),
    "bereich": lambda t: odt(
        f'<text:section text:name="a"><text:section-source xlink:href="{t}"/></text:section>'
        f"<text:p>{SENTENCE}</text:p>"
    ),
    "bild": lambda t: odt(
        f'<text:p>{SENTENCE}<draw:frame><draw:image xlink:href="{t}"/>'
        f'<draw:object xlink:href="{t}"/></draw:frame></text:p>'
    ),
    "dde": lambda t: odt(
        f'<text:p>{SENTENCE}<text:dde-connection text:connection-name="{t}"/></text:p>'
    ),
}
SLIDES = {
    "fremde-einheit": _slide_entity,
    "bild": lambda t: _slides(relations=_relation("image", t)),
    "vorlage": lambda t: _slides(relations=_relation("slideMaster", t)),
    "kommentare": lambda t: _slides(relations=_relation("comments", t)),
    "notizen": lambda t: _slides(relations=_relation("notesSlide", t)),
    "ole": lambda t: _slides(relations=_relation("oleObject", t)),
}
PDF = {
    "adresse": lambda t: _pdf_action(f"<< /S /URI /URI ({t}) >>"),
    "anderes-pdf": lambda t: _pdf_action(f"<< /S /GoToR /F ({t}) /D [0 /Fit] >>"),
    "start": lambda t: _pdf_action(f"<< /S /Launch /F ({t}) /Win << /F ({t}) >> >>"),
    "formular": lambda t: _pdf_action(f"<< /S /SubmitForm /F ({t}) >>"),
    "daten": lambda t: _pdf_action(f"<< /S /ImportData /F ({t}) >>"),
    "skript": lambda t: _pdf_action(f"<< /S /JavaScript /JS (app.launchURL\\('{t}'\\);) >>"),
    "eingebettet": _pdf_embedded,
    "strom": _pdf_stream_outside,
    "xfa": _pdf_xfa,
}
MARKDOWN = {
    "bild": "![Bild]({0}) <img src='{0}'>\n\n[a]: {0}\n\n![b][a] <{0}>",
    "einbindung": "!include {0}\n\n{{% include '{0}' %}}\n\n--8<-- '{0}'",
    "kopfdaten": "titel: !!python/object/apply:urllib.request.urlopen ['{0}']",
}
MAIL = {
    "bild": 'Content-Type: text/html\n\n<p>{1}</p><img src="{0}"><link rel=stylesheet href="{0}">',
    "fremder-teil": 'Content-Type: message/external-body; access-type=URL; URL="{0}"\n\n{1}',
    "fremde-datei": "Content-Type: message/external-body; access-type=local-file; "
    'name="{0}"\n\n{1}',
}


def _attempts(target):
    """Yield (file name, bytes) of each way a document can name another place."""
    for kind, html in HTML.items():
        page = f"{html.format(target)}<p>{SENTENCE}</p>"
        yield f"{kind}.html", page.encode()
    for suffix, makers in (("docx", WORD), ("odt", ODT), ("pptx", SLIDES), ("pdf", PDF)):
        for kind, make in makers.items():
            yield f"{kind}.{suffix}", make(target)
    entity = f'<?xml version="1.0"?>{_external(target)}<html><p>&a; {SENTENCE}</p></html>'
    yield "fremde-einheit.html", entity.encode()
    for kind, text in MARKDOWN.items():
        body = f"---\n{text.format(target)}\n---\n" if kind == "kopfdaten" else text.format(target)
        yield f"{kind}.md", f"{body}\n\n{SENTENCE}\n".encode()
    for kind, text in MAIL.items():
        yield f"{kind}.eml", f"Subject: Post\n{text.format(target, SENTENCE)}\n".encode()
    link = zipfile.ZipInfo("verweis.txt")
    link.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(link, target.removeprefix("file://"))
        archive.writestr("text.txt", SENTENCE)
    yield "verweis.zip", out.getvalue()


def test_nothing_outside_the_file_is_opened(trial, outside):
    """Addresses and other files that a document names are neither fetched nor read."""
    server, address, place, secret = outside
    targets = (address, place, str(secret), place.replace("geheim.txt", "geheim.xml"))
    count = 0
    for target in targets:
        for name, content in _attempts(target):
            count += 1
            outcome = trial.read(name, content)
            said = " ".join((outcome.text, *(hidden.text for hidden in outcome.hidden)))
            assert SECRET not in said + outcome.message, name
            if outcome.code:
                assert unnamed(name, outcome.code, outcome.message) == [], outcome.message
            with pytest.raises(BlockingIOError):
                server.accept()

    assert count >= 200


def test_the_trap_works(outside):
    """A connection would be seen, and the secret is there to be read."""
    server, _, _, secret = outside
    with socket.create_connection(server.getsockname()):
        server.settimeout(5)
        accepted, _ = server.accept()
        accepted.close()
        server.setblocking(False)

    assert SECRET in secret.read_text("utf-8")
